// The topics and their triggers; the person's topic is lit and open.

import { byId, fill, h } from "/page/dom.js";
import { shownPlace, state, watch } from "/page/store.js";
import { openPlace } from "/page/place.js";
import { count } from "/page/words.js";

const chosen = new Map(); // topic name → open or closed, as the author has set it

export function startTopics() {
  byId("filter").addEventListener("input", () => draw(state));
  watch(["topics", "topic", "place", "turn", "traces"], draw);
}

function draw(state) {
  const { topics, topic } = state;
  const place = shownPlace(state);
  const wanted = byId("filter").value.trim().toLowerCase();
  const items = topics.map((each) => {
    const triggers = each.triggers ?? [];
    const found = wanted ? triggers.filter((trigger) => trigger.text.toLowerCase().includes(wanted)) : triggers;
    if (wanted && found.length === 0) return null;
    return topicItem(each, found, triggers.length, each.name === topic, wanted !== "", place);
  });
  const nothing = h("li", { class: "empty" }, wanted ? "No trigger has this in its text." : "No topics yet.");
  fill(byId("topics"), items.some(Boolean) ? items : nothing);
}

function topicItem(topic, triggers, total, here, searching, place) {
  const open = searching || (chosen.get(topic.name) ?? here);
  return h("li", {},
    h("details", { class: "topic", open, "data-here": here },
      h("summary", {
        onclick: () => chosen.set(topic.name, !open),
      },
      h("span", { class: "topic-name" }, topic.name),
      here && h("span", { class: "topic-here", title: "The person stands here" },
        h("span", { class: "unseen" }, "the person stands here")),
      h("span", { class: "topic-count", title: count(total, "trigger") }, String(total))),
      open && h("ul", {}, triggers.map((trigger) => triggerItem(trigger, place)))));
}

function triggerItem({ text, file, line }, place) {
  const shown = place?.file === file && place?.line === line;
  return h("li", {},
    h("button", {
      type: "button", class: "trigger", "aria-current": shown ? "true" : null, title: `${file}:${line}`,
      onclick: () => openPlace(file, line),
    }, h("span", { class: "trigger-sign", "aria-hidden": "true" }, "+"), text));
}
