// The topics and their triggers; the person's topic is lit and open.

import { byId, fill, h } from "/page/dom.js";
import { shownPlace, state, watch } from "/page/store.js";
import { openPlace } from "/page/place.js";
import { count } from "/page/words.js";

const chosen = new Map(); // topic name → open or closed, as the author has set it

export function startTopics() {
  byId("filter").addEventListener("input", () => draw(state));
  watch(["topics", "topic"], draw);
  watch(["place", "turn", "traces", "thread"], mark);
}

function draw(state) {
  const { topics, topic } = state;
  const wanted = byId("filter").value.trim().toLowerCase();
  const items = topics.map((each) => {
    const triggers = each.triggers ?? [];
    const found = wanted ? triggers.filter((trigger) => trigger.text.toLowerCase().includes(wanted)) : triggers;
    if (wanted && found.length === 0) return null;
    return topicItem(each, found, triggers.length, each.name === topic, wanted !== "");
  });
  const nothing = h("li", { class: "empty" }, wanted ? "No trigger has this in its text." : "No topics yet.");
  fill(byId("topics"), items.some(Boolean) ? items : nothing);
  mark(state);
}

function topicItem(topic, triggers, total, here, searching) {
  const open = searching || (chosen.get(topic.name) ?? here);
  const list = () => h("ul", {}, triggers.map(triggerItem));
  const details = h("details", { class: "topic", open, "data-here": here, ontoggle: () => {
    if (!details.open || details.querySelector("ul")) return;
    details.append(list()); // a large bot has many triggers: they are made when they are looked at
    mark(state);
  } },
  h("summary", { onclick: () => chosen.set(topic.name, !details.open) },
    h("span", { class: "topic-name" }, topic.name),
    here && h("span", { class: "topic-here", title: "The person stands here" },
      h("span", { class: "unseen" }, "the person stands here")),
    h("span", { class: "topic-count", title: count(total, "trigger") }, String(total))),
  open && list());
  return h("li", {}, details);
}

function triggerItem({ text, file, line }) {
  return h("li", {},
    h("button", { type: "button", class: "trigger", "data-place": `${file}:${line}`, title: `${file}:${line}`, onclick: () => openPlace(file, line) },
      h("span", { class: "trigger-sign", "aria-hidden": "true" }, "+"), text));
}

/** Lights the trigger whose lines are shown. The list stays, so that the cursor keeps its place. */
function mark(state) {
  const place = shownPlace(state);
  const shown = place && `${place.file}:${place.line}`;
  for (const node of byId("topics").querySelectorAll(".trigger")) {
    if (node.dataset.place === shown) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}
