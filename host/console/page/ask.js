// What a walk wants to know: a consent with the difference, a setting, or whether to wait.
// A secret leaves this page once, in the body of one request; it is not kept in it.

import { h } from "/page/dom.js";
import { difference } from "/page/finding.js";
import { act } from "/page/wire.js";

/** The form of an ask. Its fields have no names: nothing could end up in an address. */
export function askForm(ask) {
  const makers = { consent: consentForm, detail: detailForm, wait: waitForm };
  return makers[ask.kind](ask);
}

const answer = (ask, fields) => act("walk/answer", { id: ask.id, agree: false, all: false, text: "", ...fields });

function choices(ask, ...buttons) {
  return h("div", { class: "ask-choices" }, buttons.map(([label, primary, fields]) =>
    h("button", { type: "button", class: primary ? "primary" : "quiet", onclick: () => answer(ask, fields) }, label)));
}

function consentForm(ask) {
  return h("div", { class: "ask", role: "group", "aria-label": "Shall this be done?" },
    h("p", { class: "ask-found" }, ask.found),
    difference(ask.plan ?? []),
    choices(ask,
      ["Do it", true, { agree: true }],
      ["Do this and all that follows", false, { agree: true, all: true }],
      ["Not now", false, { agree: false }]));
}

function waitForm(ask) {
  return h("div", { class: "ask", role: "group", "aria-label": "Wait for an answer?" },
    h("p", { class: "ask-found" }, "Open the Page's link with your telephone, or scan the code, and write \"hi\". Shall the walk wait for the bot's answer?"),
    choices(ask, ["Wait, ten minutes at most", true, { agree: true }], ["End here", false, { agree: false }]));
}

function detailForm(ask) {
  const exposed = ask.secret && !isSecureContext;
  const id = `ask-${ask.id}`;
  const field = h("input", {
    id, type: ask.secret ? "password" : "text", autocomplete: ask.secret ? "new-password" : "off", spellcheck: "false",
    autocapitalize: "off", required: true, maxlength: "4096", "aria-describedby": `${id}-where`, disabled: exposed, "data-1p-ignore": true,
  });
  const send = async (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === "") return;
    field.value = "";
    if (!await answer(ask, { text }) && !ask.secret) field.value = text;
  };
  return h("form", { class: "ask", onsubmit: send },
    h("label", { for: id }, `Needed: ${ask.what}`),
    h("p", { id: `${id}-where`, class: "ask-where" }, h("b", {}, "It is at "), ask.where, ask.secret && h("span", { class: "ask-kept" },
      ` It goes into a file below .footlight that only you can read, and is never shown again. Or call the walk off, set ${ask.name} in the environment, or ${ask.name}_FILE to a file that holds it, and begin again.`)),
    exposed && h("p", { class: "ask-exposed", role: "alert" }, "This page came over a connection that others can read on the way, so it takes no secret. Open it on the machine itself, through an SSH tunnel, or over https."),
    h("div", { class: "ask-line" }, field, h("button", { type: "submit", class: "primary", disabled: exposed }, "Go on")));
}
