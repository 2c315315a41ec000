// One bubble: what was said, what can be tapped, and the place in the script it came from.

import { h, icon, icons, webAddress } from "/page/dom.js";
import { fileName, openTurn } from "/page/place.js";
import { update } from "/page/store.js";
import { act } from "/page/wire.js";
import { atSecond } from "/page/words.js";

/** A row of the thread. opens and closes tell where it stands in a run of one speaker. */
export function bubbleRow(bubble, { opens, closes, heading, bot }) {
  const person = bubble.from === "person";
  return h("li", { class: "row", "data-from": person ? "person" : "bot", "data-opens": opens, "data-closes": closes },
    heading && h("p", { class: "moment" }, heading),
    opens && bubble.persona && h("p", { class: "speaker", "aria-hidden": "true" }, bubble.persona),
    h("div", { class: "row-line" },
      h("div", { class: "said", title: atSecond(bubble.at) },
        h("span", { class: "unseen" }, person ? "You: " : `${bubble.persona ?? bot}: `),
        parts(bubble)),
      chip(bubble.why, person)));
}

function parts(bubble) {
  const out = [];
  if (bubble.text) out.push(h("div", { class: "bubble" }, h("p", { dir: "auto" }, bubble.text), buttons(bubble.buttons)));
  if (bubble.attachment) out.push(attachment(bubble.attachment));
  if (bubble.cards?.length) out.push(h("div", { class: "cards", role: "group", "aria-label": "Cards", tabindex: "0" }, bubble.cards.map(card)));
  if (!bubble.text && bubble.buttons?.length) out.push(h("div", { class: "bubble" }, buttons(bubble.buttons)));
  return out;
}

function buttons(list) {
  return list?.length ? h("div", { class: "buttons" }, list.map(button)) : null;
}

/** A button that opens an address is a link; any other is tapped. */
export function button({ title, url }) {
  const address = url && webAddress(url);
  if (address) return h("a", { class: "button", href: address, target: "_blank", rel: "noreferrer noopener" }, title);
  return h("button", { type: "button", class: "button", onclick: () => tap(title) }, title);
}

function tap(title) {
  update({ turn: null, place: null });
  act("tap", { title });
}

/** Attachments are named, not loaded: the page asks nobody but its host. */
function attachment({ kind, url }) {
  const address = url && webAddress(url);
  const body = [
    icon(icons[kind] ?? icons.file),
    h("span", { class: "attachment-text" },
      h("b", {}, kind),
      url && h("span", { class: "attachment-url" }, address ? shortAddress(address) : url)),
  ];
  return address
    ? h("a", { class: "attachment", href: address, target: "_blank", rel: "noreferrer noopener", title: url }, body)
    : h("div", { class: "attachment" }, body);
}

function shortAddress(address) {
  const { host, pathname } = new URL(address);
  const name = fileName(pathname);
  return name ? `${name} · ${host}` : host;
}

function card({ title, subtitle, image, buttons: list }) {
  return h("div", { class: "card" },
    image && h("div", { class: "card-image" }, attachment({ kind: "image", url: image })),
    h("div", { class: "card-text" }, h("b", {}, title), subtitle && h("p", {}, subtitle)),
    buttons(list));
}

/** The note in the margin: which trigger answered. It opens the trace and the line. */
function chip(why, person) {
  if (!why) return null;
  const { turn, trigger, file, line } = why;
  const label = file ? `${fileName(file)}:${line}` : person ? "trace" : "no trigger";
  // A long name is cut; the line never.
  const shown = file ? [h("span", { class: "chip-file" }, fileName(file)), h("span", {}, `:${line}`)] : label;
  const title = trigger ? `+ ${trigger}\n${file}:${line}` : "Show the trace of this turn";
  return h("button", { type: "button", class: "chip", title, "aria-label": file ? `Why: ${trigger}, ${label}` : "Why: trace of this turn", onclick: () => openTurn(turn, file, line) }, shown);
}
