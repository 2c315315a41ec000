// Why the bot answered so: the steps of one turn, each with its place.

import { byId, fill, h, icon, icons } from "/page/dom.js";
import { explainButton } from "/page/explain.js";
import { chosenTrace, state, update, watch } from "/page/store.js";
import { placeButton } from "/page/place.js";

export function startTrace() {
  for (const [id, picture, by] of [["earlier", icons.before, -1], ["later", icons.after, 1]]) {
    fill(byId(id), icon(picture));
    byId(id).addEventListener("click", () => stepTurn(by));
  }
  watch(["traces", "turn"], draw);
}

function draw(state) {
  const { traces } = state;
  const trace = chosenTrace(state);
  const last = traces.length - 1;
  const at = traces.indexOf(trace);
  byId("trace-title").textContent = trace ? `Turn ${at + 1}` : "Trace";
  byId("trace-of").textContent = !trace ? "" : at === last ? "latest" : `of ${traces.length}`;
  // Not disabled: that would throw out the cursor.
  byId("earlier").setAttribute("aria-disabled", String(at <= 0));
  byId("later").setAttribute("aria-disabled", String(at === last));
  fill(byId("trace"), trace
    ? [h("p", { class: "trace-input" }, h("q", {}, trace.input)), h("ol", { class: "steps" }, (trace.lines ?? []).map(step))]
    : h("p", { class: "empty" }, "Each turn explains itself here: what was heard, which trigger won, which way the reply took."));
}

/** Looks at an earlier (-1) or later (1) turn. */
export function stepTurn(by) {
  const { traces } = state;
  const next = traces[traces.indexOf(chosenTrace(state)) + by];
  if (next) update({ turn: next === traces.at(-1) ? null : next.turn, place: null });
}

function step({ kind, text, file, line, indent, code }) {
  const node = h("li", { class: "step", "data-kind": kind, "data-inner": indent > 0 },
    h("span", { class: "step-text" }, text, code && explainButton(code)),
    file && placeButton(file, line));
  node.style.setProperty("--indent", Math.min(indent ?? 0, deepest));
  return node;
}

const deepest = 8; // steps of indentation that fit
