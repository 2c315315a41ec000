// The frame of the phone: who talks, starting over, and what still waits.

import { byId, fill, h, icon, icons } from "/page/dom.js";
import { watch } from "/page/store.js";
import { act } from "/page/wire.js";
import { atSecond, count } from "/page/words.js";

export function startPhone() {
  watch(["bot", "person"], drawHead);
  watch(["pending"], drawPending);
  watch(["typing", "typingAs", "bot"], ({ typing, typingAs, bot }) => {
    byId("phone").dataset.typing = String(typing);
    fill(byId("typing"), typing && [
      typingAs && h("span", { class: "speaker", "aria-hidden": "true" }, typingAs),
      h("span", { class: "unseen" }, `${typingAs || bot} is typing`),
      h("span", { class: "dots", "aria-hidden": "true" }, h("i", {}), h("i", {}), h("i", {})),
    ]);
  });
}

function drawHead({ bot, person }) {
  fill(byId("phone-head"),
    h("span", { class: "avatar", "aria-hidden": "true" }, [...(bot || "?")][0].toUpperCase()),
    h("div", { class: "phone-names" },
      h("h2", { class: "phone-bot" }, bot),
      h("p", { class: "phone-person" }, person ? `talks with ${person}` : "Messenger")),
    h("button", { type: "button", class: "quiet", id: "reset", title: "Forget the person and start over (r)", onclick: reset },
      icon(icons.reset), "Reset"));
}

function drawPending({ pending }) {
  fill(byId("pending"), pending && [
    h("span", {}, `${count(pending.count, "message")} waiting, next at `,
      h("time", { datetime: pending.due }, atSecond(pending.due))),
    h("button", { type: "button", class: "quiet", title: "Deliver the next message now (s)", onclick: skip },
      icon(icons.skip), "Skip"),
  ]);
}

export const reset = () => act("reset");
export const skip = () => act("skip");
