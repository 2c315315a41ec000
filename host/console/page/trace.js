// Why the bot answered so: the steps of one turn, each with its place.

import { byId, fill, h, icon, icons } from "/page/dom.js";
import { chosenTrace, state, update, watch } from "/page/store.js";
import { placeButton } from "/page/place.js";

export function startTrace() {
  watch(["traces", "turn"], draw);
}

function draw(state) {
  const { traces } = state;
  const trace = chosenTrace(state);
  if (!trace) {
    fill(byId("trace-head"), h("h2", {}, "Trace"));
    fill(byId("trace"), h("p", { class: "empty" }, "Each turn explains itself here: what was heard, which trigger won, which way the reply took."));
    return;
  }
  const at = traces.indexOf(trace);
  fill(byId("trace-head"),
    h("h2", {}, `Turn ${trace.turn}`),
    h("span", { class: "trace-of" }, at === traces.length - 1 ? "latest" : `${traces.length - 1 - at} ago`),
    stepButton("Earlier turn ([)", icons.before, -1, at === 0),
    stepButton("Later turn (])", icons.after, 1, at === traces.length - 1));
  fill(byId("trace"),
    h("p", { class: "trace-input" }, h("q", {}, trace.input)),
    h("ol", { class: "steps" }, (trace.lines ?? []).map(step)));
}

function stepButton(title, picture, by, disabled) {
  return h("button", { type: "button", class: "icon-button", "aria-label": title, title, disabled, onclick: () => stepTurn(by) }, icon(picture));
}

/** Looks at an earlier (-1) or later (1) turn. */
export function stepTurn(by) {
  const { traces } = state;
  const next = traces[traces.indexOf(chosenTrace(state)) + by];
  if (next) update({ turn: next === traces.at(-1) ? null : next.turn, place: null });
}

function step({ kind, text, file, line, indent }) {
  const node = h("li", { class: "step", "data-kind": kind, "data-inner": indent > 0 },
    h("span", { class: "step-kind" }, kind),
    h("span", { class: "step-text" }, text),
    file && placeButton(file, line));
  node.style.setProperty("--indent", Math.min(indent ?? 0, 8));
  return node;
}
