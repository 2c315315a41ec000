// The keys, and the list of them.

import { byId, fill, h } from "/page/dom.js";
import { state, update } from "/page/store.js";
import { hideProblems } from "/page/banner.js";
import { focusInput } from "/page/composer.js";
import { enter } from "/page/house.js";
import { dismiss } from "/page/notice.js";
import { openPublished } from "/page/published.js";
import { reset, skip } from "/page/phone.js";
import { stepTurn } from "/page/trace.js";

const keys = [
  { key: "/", does: "go to the input", run: focusInput },
  { key: "r", does: "reset: forget the person and start over", run: reset },
  { key: "s", does: "skip: deliver the next waiting message now", run: skip },
  { key: "[", does: "look at the turn before", run: () => stepTurn(-1) },
  { key: "]", does: "look at the turn after", run: () => stepTurn(1) },
  { key: "+", does: "send an event", run: openEvents },
  { key: "f", does: "find a trigger", run: findTrigger },
  { key: "p", does: "compare the desk with what is published", run: openPublished, anywhere: true },
  { key: "1", does: "go to the desk", run: () => enter("desk"), anywhere: true },
  { key: "2", does: "put the bot on its Page", run: () => enter("deploy"), anywhere: true },
  { key: "3", does: "ask why it does not answer there", run: () => enter("doctor"), anywhere: true },
  { key: "?", does: "show these keys", run: () => byId("keys").showModal(), anywhere: true },
];

const elsewhere = [
  { key: "Enter", does: "send (Shift-Enter begins a new line)" },
  { key: "↑ ↓", does: "recall what you said before" },
  { key: "Esc", does: "close what lies on top, leave the input" },
];

/** Where the browser keeps that keys of one character are off: who dictates, or types with a switch, presses them by chance (WCAG 2.1.4). */
const offName = "footlight-keys-off";

export function startKeys() {
  const dialog = byId("keys");
  fill(dialog,
    h("h2", { id: "keys-title" }, "Keys"),
    h("dl", {}, [...keys, ...elsewhere].map(({ key, does }) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)))),
    h("label", { class: "tick" }, toggle(), "Keys of one character"),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, "Close")));
  byId("help").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      escape();
      return;
    }
    if (isTyping(event.target) || localStorage.getItem(offName)) return;
    const found = keys.find(({ key }) => key === event.key);
    if (state.house !== "desk" && !found?.anywhere) return;
    if (!found || event.repeat) return;
    event.preventDefault();
    found.run();
  });
}

/** The box that turns the keys of one character off and on. */
function toggle() {
  const box = h("input", { type: "checkbox", id: "keys-on" });
  box.checked = !localStorage.getItem(offName);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(offName) : localStorage.setItem(offName, "1")));
  return box;
}

/** Closes what lies on top: the menu, a notice, the frames, the banner. */
function escape() {
  const menu = byId("events");
  if (menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (dismiss() || hideProblems()) return;
  document.activeElement?.blur();
}

const isTyping = (node) => node.matches("input:not([type=radio]), textarea, select");

function openEvents() {
  update({ room: "chat" });
  byId("events").open = true;
}

function findTrigger() {
  update({ room: "script" });
  byId("tab-topics").click();
  byId("filter").focus();
}
