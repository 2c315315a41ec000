// The "+" menu: what a person can do besides speaking.

import { h } from "/page/dom.js";
import { act } from "/page/wire.js";

// What each event is called, and what its payload means.
const events = [
  { kind: "get_started", name: "Get Started" },
  { kind: "postback", name: "Postback", payload: "payload" },
  { kind: "referral", name: "Referral link", payload: "ref" },
  { kind: "optin", name: "Opt-in", payload: "ref" },
  { kind: "image", name: "Picture", payload: "https://…" },
  { kind: "audio", name: "Sound", payload: "https://…" },
  { kind: "video", name: "Film", payload: "https://…" },
  { kind: "file", name: "File", payload: "https://…" },
];

export function startEvents(menu) {
  const payload = h("input", { id: "event-payload", type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Payload" });
  const choices = events.map(({ kind, name }, i) =>
    h("label", { class: "choice" },
      h("input", { type: "radio", name: "event-kind", value: kind, checked: i === 0, onchange: choose }), name));
  const go = h("button", { type: "button", class: "primary", onclick: send }, "Send event");
  menu.append(h("div", { class: "events-panel", role: "group", "aria-label": "Send an event" },
    h("div", { class: "choices", role: "radiogroup", "aria-label": "Kind of event" }, choices), payload, go));
  payload.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would send the chat's form
    send();
  });
  menu.addEventListener("toggle", () => {
    if (menu.open) menu.querySelector("input:checked").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  choose();

  function chosen() {
    const value = menu.querySelector("input:checked")?.value ?? events[0].kind;
    return events.find(({ kind }) => kind === value);
  }

  function choose() {
    const { payload: hint } = chosen();
    payload.hidden = hint === undefined;
    payload.placeholder = hint ?? "";
  }

  async function send() {
    if (await act("event", { kind: chosen().kind, payload: payload.hidden ? "" : payload.value })) {
      menu.open = false;
      menu.querySelector("summary").focus();
      payload.value = "";
    }
  }
}
