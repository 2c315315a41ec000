// What the bot knows of the person. A value that has just changed glows once.

import { byId, fill, h } from "/page/dom.js";
import { watch } from "/page/store.js";

let before = null; // name → value at the last drawing; null: nothing was drawn yet

export function startVariables() {
  watch(["variables"], draw);
}

function draw({ variables }) {
  if (variables.length === 0) {
    fill(byId("variables"), h("p", { class: "empty" }, "Nothing is known of the person yet."));
  } else {
    fill(byId("variables"), h("dl", { class: "values" }, variables.map(({ name, value }) =>
      h("div", { "data-changed": before !== null && before.get(name) !== value, "data-platform": name.startsWith("_") },
        h("dt", {}, name), h("dd", {}, value === "" ? h("i", {}, "empty") : value)))));
  }
  before = variables.length === 0 && before === null ? null : new Map(variables.map(({ name, value }) => [name, value]));
}
