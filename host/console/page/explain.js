// What a code of ours or of Meta's means: as footlight explain says it, in a window.

import { byId, fill, h } from "/page/dom.js";
import { notify } from "/page/notice.js";
import { fetchExplanation } from "/page/wire.js";

/** A button that explains a code. */
export function explainButton(code) {
  return h("button", { type: "button", class: "explain-button", title: `What ${code} means`, onclick: () => explain(code) }, `Explain ${code}`);
}

export async function explain(code) {
  const list = await fetchExplanation(code);
  if (list === null) {
    notify(`Nothing is known of ${code}.`);
    return;
  }
  const dialog = byId("explain");
  fill(dialog,
    list.map(({ title, text, notes }, i) => h("section", {},
      h("h2", { id: i === 0 ? "explain-title" : null }, title),
      text && h("pre", { tabindex: "0" }, text),
      notes && h("dl", { class: "notes" }, notes.map(({ label, text: said }) => h("div", {}, h("dt", {}, label), h("dd", {}, said)))))),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, "Close")));
  dialog.showModal();
}
