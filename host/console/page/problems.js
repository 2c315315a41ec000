// The diagnostics, as frames: the same text that the terminal prints.

import { byId, fill, h } from "/page/dom.js";
import { watch } from "/page/store.js";
import { placeButton } from "/page/place.js";

const tabs = { topics: "topics-panel", problems: "problems-panel" };

export function startProblems() {
  for (const name of Object.keys(tabs)) {
    byId(`tab-${name}`).addEventListener("click", () => choose(name));
    byId(`tab-${name}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = name === "topics" ? "problems" : "topics";
      choose(other);
      byId(`tab-${other}`).focus();
    });
  }
  choose("topics");
  watch(["problems"], ({ problems }) => {
    fill(byId("tab-problems"), "Problems", problems.length > 0 && h("span", { class: "tab-count" }, String(problems.length)));
    fill(byId("problems-panel"), problems.length > 0
      ? problems.map(frame)
      : h("p", { class: "empty" }, "The files are in order."));
  });
}

function choose(name) {
  for (const [tab, panel] of Object.entries(tabs)) {
    const on = tab === name;
    byId(`tab-${tab}`).setAttribute("aria-selected", String(on));
    byId(`tab-${tab}`).tabIndex = on ? 0 : -1;
    byId(panel).hidden = !on;
  }
}

/** Opens the list of problems. */
export const showProblems = () => choose("problems");

/** One diagnostic with its frame and a way to the line. */
export function frame({ severity, code, message, file, range, label, frame: text, help }) {
  const lines = (text || `${severity}[${code}]: ${message}\n  ${file}:${range.start.line}:${range.start.column}${help ? `\n  help: ${help}` : ""}`).replace(/\n$/, "").split("\n");
  // The cure is running text: it wraps below the frame instead of running out of it.
  const cure = help ? lines.findIndex((line) => /^\s*help:/.test(line)) : -1;
  const drawn = cure < 0 ? lines : lines.slice(0, cure);
  return h("article", { class: "frame", "data-severity": severity, "aria-label": `${severity} ${code}` },
    h("div", { class: "frame-head" }, h("h3", {}, lines[0]), range.start.line > 0 && placeButton(file, range.start.line)),
    label && h("p", { class: "frame-label" }, label),
    h("pre", { tabindex: "0" }, drawn.slice(1).flatMap(frameLine)),
    cure >= 0 && h("p", { class: "frame-help" }, help));
}

/** A line of a frame: the marker and its label stand out, edges and help step back. */
function frameLine(line) {
  const [, edge, rest] = /^(\s*\d*\s*[│╭╰├]?─*)(.*)$/u.exec(line);
  const kind = /^\s*~/.test(rest) ? "frame-marker" : /^\s*help:/.test(line) || /[╭╰├]/.test(edge) ? "frame-aside" : "frame-code";
  return [h("span", { class: "frame-aside" }, edge), h("span", { class: kind }, `${rest}\n`)];
}
