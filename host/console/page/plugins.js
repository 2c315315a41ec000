// The plug-ins of the bot: what each of them wants and why, and whether it is granted.

import { byId, fill, h } from "/page/dom.js";
import { watch } from "/page/store.js";

export function startPlugins() {
  watch(["plugins"], draw);
}

function draw({ plugins }) {
  const list = plugins ?? [];
  const node = byId("plugins");
  node.hidden = list.length === 0;
  fill(node, h("h2", { class: "pane-title" }, "Plug-ins"), list.map(plugin));
}

function plugin({ name, version, description, tags, wants, notes }) {
  const open = wants.some(({ state }) => state === "not granted");
  return h("details", { class: "plugin", open },
    h("summary", { title: description ?? "" },
      h("span", { class: "plugin-name" }, name), h("span", { class: "topic-count" }, version)),
    h("p", {}, tags.map((tag) => `<${tag}>`).join(" ")),
    h("ul", {}, wants.map((each) => want(name, each)), (notes ?? []).map((note) => h("li", { class: "want" }, note))));
}

/** A capability with its reason; what is not granted comes with the line that grants it. */
function want(plugin, { what, state, reason, cure }) {
  return h("li", { class: "want", "data-state": state },
    h("p", { class: "want-head" }, h("b", {}, what), " ", h("span", { class: "want-state" }, state)),
    h("p", {}, reason),
    cure && [h("p", {}, "Under ", h("code", {}, `[plugins.${plugin}]`), " in bot.toml this line gives it:"), h("pre", { tabindex: "0" }, cure)]);
}
