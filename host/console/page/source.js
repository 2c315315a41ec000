// The source pane: one script, the line in question lit.

import { byId, fill, h } from "/page/dom.js";
import { shownPlace, state, watch } from "/page/store.js";
import { fetchSource } from "/page/wire.js";
import { words } from "/page/language.js";

let shown = { key: "", path: "" }; // what the pane holds
let asked = 0; // number of the latest wish: the answer to an earlier one that comes after it is dropped

export function startSource() {
  watch(["place", "turn", "traces", "thread", "generation", "problems"], draw);
  // A pane that has become small, or was not to be seen, may have lost the line from view.
  new ResizeObserver(() => {
    const place = shownPlace(state);
    if (place?.file === shown.path) light(place.line, true);
  }).observe(byId("source"));
}

async function draw(state) {
  const mine = ++asked;
  const place = shownPlace(state);
  if (!place) {
    shown = { key: "", path: "" };
    byId("source-name").textContent = "Source";
    fill(byId("source"), h("p", { class: "empty" }, "Choose a trigger, or the place beside a reply, to read its lines."));
    return;
  }
  // Files are read again when they may have changed: with a new generation or new problems.
  const key = JSON.stringify([place.file, state.generation, state.problems]);
  if (key === shown.key) {
    light(place.line);
    return;
  }
  const text = await fetchSource(place.file);
  if (mine !== asked) return;
  byId("source-name").textContent = place.file;
  if (text === null) {
    shown = { key: "", path: "" };
    fill(byId("source"), h("p", { class: "empty" }, `${place.file} cannot be read.`));
    return;
  }
  const keep = shown.path === place.file;
  shown = { key, path: place.file };
  fill(byId("source"), h("ol", { class: "lines" }, text.replace(/\n$/, "").split("\n").map(line)));
  light(shownPlace(state)?.line, keep);
}

function line(text) {
  return h("li", { class: "line" }, h("code", {}, words(text).map(([kind, part]) => (kind ? h("span", { class: `w-${kind}` }, part) : part))));
}

/** Marks a line and brings it into view; with keep, only if it was out of view. */
function light(number, keep = false) {
  const pane = byId("source");
  pane.querySelector(".line[aria-current]")?.removeAttribute("aria-current");
  const node = pane.querySelectorAll(".line")[number - 1];
  if (!node) return;
  node.setAttribute("aria-current", "true");
  const top = node.offsetTop; // from the top of the pane
  const inView = top >= pane.scrollTop && top + node.offsetHeight <= pane.scrollTop + pane.clientHeight;
  if (!keep || !inView) pane.scrollTop = top - pane.clientHeight / 3;
}
