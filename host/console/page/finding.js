// What a check found, in words: a sign, the title, what it means, and the cure.

import { h, icon, icons } from "/page/dom.js";
import { explainButton } from "/page/explain.js";

const signs = {
  fine: icons.tick, changed: icons.tick, planned: icons.after, warning: icons.caution,
  broken: icons.cross, skipped: icons.dash,
};

/** What a state is called. */
export const stateNames = {
  fine: "fine", changed: "done", planned: "to be done", warning: "needs care",
  broken: "broken", skipped: "not looked at", now: "looking", ask: "your turn", next: "still to come",
};

/** A row of the list: step is {title, about}, finding may be missing; kids stand below. */
export function checkRow(state, { title, about }, finding, ...kids) {
  return h("li", { class: "check", "data-state": state },
    h("span", { class: "check-sign", "aria-hidden": "true" }, signs[state] && icon(signs[state])),
    h("div", { class: "check-text" },
      h("p", { class: "check-head" }, h("b", {}, title), h("span", { class: "check-state" }, stateNames[state] ?? state)),
      h("p", { class: "check-found" }, finding ? finding.found : about),
      finding && cure(finding),
      kids));
}

function cure({ state, means, cure, code, plan }) {
  const out = [];
  if (state === "planned" && plan?.length) out.push(difference(plan));
  if (state !== "broken" && state !== "warning") return out;
  if (means) out.push(h("div", { class: "advice" }, h("b", {}, "It means"), h("p", {}, means)));
  if (cure) out.push(h("div", { class: "advice advice-cure" }, h("b", {}, "The cure"), h("p", {}, cure)));
  if (code) out.push(explainButton(code));
  return out;
}

/** What is going to be changed, a line each; what comes and what goes is coloured. */
export function difference(plan) {
  return h("ul", { class: "difference", "aria-label": "What will be done" }, plan.map((line) => {
    const [, indent, text] = /^(\s*)(.*)$/su.exec(line);
    const sign = text.startsWith("+ ") ? "more" : text.startsWith("- ") ? "less" : "";
    const node = h("li", { "data-sign": sign }, text);
    node.style.setProperty("--indent", Math.min(indent.length, deepest));
    return node;
  }));
}

const deepest = 8; // blanks of indentation that fit
