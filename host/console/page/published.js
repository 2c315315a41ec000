// How the desk stands to what is published: a badge in the head line, and a window that says what is different.

import { byId, fill, h } from "/page/dom.js";
import { enter } from "/page/house.js";
import { openPlace } from "/page/place.js";
import { state, watch } from "/page/store.js";
import { andList, atMinute, count, onDay } from "/page/words.js";

const kinds = [
  { kind: "topic", noun: "topic", title: "Topics" },
  { kind: "script", noun: "script", title: "Definitions, macros, begin blocks", says: "in this script they are others" },
  { kind: "plug-in", noun: "plug-in", title: "Plug-ins" },
  { kind: "setting", noun: "setting", title: "Settings of bot.toml" },
  { kind: "file", noun: "file", title: "Pictures and other files" },
  { kind: "backstage", noun: "file", title: "What nobody notices", says: "tests, comments, sources of plug-ins" },
];
const states = { added: ["+", "new"], changed: ["~", "changed"], removed: ["−", "gone"] };

export function startPublished() {
  byId("published").addEventListener("click", openPublished);
  watch(["published"], drawBadge);
  watch(["published", "topics", "generation"], () => byId("published-window").open && drawWindow());
}

/** Opens the window; does nothing where nobody looks at what is published. */
export function openPublished() {
  const dialog = byId("published-window");
  if (state.published === null || dialog.open) return;
  drawWindow();
  dialog.showModal();
}

function drawBadge({ published }) {
  const node = byId("published");
  node.hidden = published === null;
  if (published === null) return;
  const { text, short } = badge(published);
  node.dataset.stand = tried(published) ? "tried" : published.stand;
  fill(node, h("span", { class: "dot" }), h("span", { class: "published-long" }, text), h("span", { class: "published-short", "aria-hidden": "true" }, short));
  if (byId("published-says").textContent !== text) byId("published-says").textContent = text;
}

const tried = ({ stand, canary, draft }) => stand === "differs" && draft !== null && draft.number === canary?.number;

/** The badge in words, and in a word for a narrow window. */
function badge(published) {
  const { stand, stage, percent, changes } = published;
  if (tried(published)) return { text: `${percent}% of the people get this`, short: `for ${percent}%` };
  switch (stand) {
    case "unpublished": return { text: "not published", short: "unpublished" };
    case "same":
    case "alike": return { text: `published as version ${stage.number}`, short: "published" };
    case "differs": return { text: `${differs(changes)} from published`, short: "differs" };
    default: return { text: "published or not: unknown", short: "unknown" };
  }
}

/** "2 topics and 1 setting differ", or of more kinds "2 topics and 5 others differ". */
function differs(changes) {
  const seen = changes.filter(({ kind }) => kind !== "backstage");
  const parts = kinds.map(({ kind, noun }) => [noun, seen.filter((each) => each.kind === kind).length]).filter(([, n]) => n > 0);
  const rest = seen.length - (parts[0]?.[1] ?? 0);
  const named = parts.length > 2 ? [parts[0], ["other", rest]] : parts;
  return `${andList(named.map(([noun, n]) => count(n, noun)))} ${seen.length === 1 ? "differs" : "differ"}`;
}

function drawWindow() {
  const dialog = byId("published-window");
  const { published } = state;
  const inside = dialog.contains(document.activeElement);
  fill(dialog,
    h("h2", { id: "published-title", tabindex: "-1", autofocus: true }, title(published)),
    sentences(published).map((text) => h("p", { class: "published-says" }, text)),
    published.fault && h("p", { class: "published-fault" }, published.fault),
    kinds.map((each) => group(each, (published.changes ?? []).filter(({ kind }) => kind === each.kind))),
    followers(published),
    how(published),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, "Close")));
  if (inside && !dialog.contains(document.activeElement)) byId("published-title").focus();
}

function title({ stand, stage }) {
  switch (stand) {
    case "unpublished": return "Nothing is published yet";
    case "same":
    case "alike": return "People get what is on your desk";
    case "differs": return "What people get is different";
    default: return stage ? "It is not known what people get now" : "It is not known what people get";
  }
}

function sentences(published) {
  const { stand, stage, canary, percent, draft, why } = published;
  const out = [];
  if (stand === "unpublished") {
    out.push("The bot answers you here, on your desk. Nobody else hears of what you save until you publish it: then every host that plays what is published in this store takes it over, and no message is lost.");
  }
  if (stage) {
    out.push(`${why === "rollback" ? "Back on stage" : "On stage"}: version ${stage.number}, of ${moment(stage.at)}${stage.note ? ` (“${stage.note}”)` : ""}.`);
  }
  if (canary) out.push(`${percent}% of the people get version ${canary.number} instead${canary.number === draft?.number ? ", which is what is on your desk" : ""}.`);
  else if (stand !== "same" && draft) out.push(`What is on your desk is version ${draft.number}, which is not on stage.`);
  if (stand === "alike") out.push("Only files are different of which nobody notices anything who talks to the bot.");
  if (stand === "differs") out.push("This is what would change for people if you published your desk:");
  return out;
}

const moment = (time) => `${onDay(time)}, ${atMinute(time)}`;

function group({ title: name, says }, list) {
  if (list.length === 0) return null;
  return h("section", { class: "published-group" },
    h("h3", {}, name, says && h("span", {}, says)),
    h("ul", {}, list.map((each) => h("li", { "data-state": each.state }, ...change(each)))));
}

function change({ kind, state: became, name, detail, triggers, more }) {
  const [sign, word] = states[became];
  const topic = kind === "topic" ? state.topics.find((each) => each.name === name) : undefined;
  return [
    h("span", { class: "change-sign", "aria-hidden": "true" }, sign),
    h("span", { class: "change-name" }, topic?.file ? link(name, topic) : name, detail && ` ${detail}`),
    h("span", { class: "change-word" }, word),
    triggers && h("ul", { class: "change-triggers" },
      triggers.map((each) => h("li", { "data-state": each.state },
        h("span", { class: "change-sign", "aria-hidden": "true" }, states[each.state][0]),
        trigger(each, topic), h("span", { class: "unseen" }, `, ${states[each.state][1]}`))),
      more > 0 && h("li", {}, h("span", { class: "change-sign" }), h("span", {}, `and ${more} more`))),
  ];
}

function trigger({ state: became, text }, topic) {
  const place = became !== "removed" && topic?.triggers?.find((each) => each.text === text);
  return place ? link(text, place) : h("span", { class: "change-name" }, text);
}

/** A name that leads to its line in the script. */
function link(text, { file, line }) {
  return h("button", { type: "button", class: "change-name", title: `Open ${file}, line ${line}`, onclick: () => {
    byId("published-window").close();
    enter("desk");
    openPlace(file, line);
  } }, text);
}

function followers({ hosts }) {
  const list = hosts ?? [];
  if (list.length === 0) return null;
  const failing = list.filter(({ fault }) => fault);
  const behind = list.filter(({ behind: late, fault }) => late && !fault).length;
  const says = failing.length + behind === 0
    ? `${count(list.length, "host")} ${list.length === 1 ? "plays" : "play"} what is ordered.`
    : `Of ${count(list.length, "host")}, ${andList([failing.length > 0 && `${failing.length} cannot play it`, behind > 0 && `${behind} has not followed yet`].filter(Boolean))}.`;
  return h("section", { class: "published-group" },
    h("h3", {}, "Hosts"),
    h("p", {}, says),
    failing.length > 0 && h("ul", {}, failing.map(({ name, fault }) => h("li", { "data-state": "removed" },
      h("span", { class: "change-sign", "aria-hidden": "true" }, "!"), h("span", { class: "change-name" }, name), h("p", { class: "change-fault" }, fault)))));
}

/** How to publish, where there is something to publish. */
function how({ stand, command }) {
  if (!command || stand === "same" || stand === "unknown") return null;
  return h("section", { class: "published-group" },
    h("h3", {}, "Publish it"),
    state.generation?.ok === false
      ? h("p", {}, "The files have errors. Mend them first: a version with errors is not published.")
      : h("p", {}, "In a terminal, in the folder where this desk was started. The conversation tests are run first, and what is on stage can be put back at any time."),
    h("div", { class: "command" },
      h("pre", { tabindex: "0", "aria-label": "Command" }, command),
      h("button", { type: "button", class: "quiet", "aria-live": "polite", onclick: copy }, "Copy")));
}

/** Copies the command before the button, or selects it where the browser does not let a page copy. */
async function copy({ currentTarget: button }) {
  const command = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(command);
    button.textContent = "Selected";
  }
}
