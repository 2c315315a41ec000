// The bot's way to its Page: the steps, each with its state, what one of them asks, and
// what to do where only people can help.

import { byId, fill, h } from "/page/dom.js";
import { askForm } from "/page/ask.js";
import { checkRow } from "/page/finding.js";
import { readOrder, startOrder } from "/page/order.js";
import { state, watch } from "/page/store.js";
import { act } from "/page/wire.js";
import { onDay, atMinute } from "/page/words.js";

const rows = new Map(); // by check: {key, node}; a row is drawn anew only when it has changed

export function startDeploy() {
  startOrder();
  byId("walk-go").addEventListener("click", () => begin({}));
  byId("walk-look").addEventListener("click", () => begin({ dryRun: true }));
  byId("walk-off").addEventListener("click", () => act("walk/off"));
  watch(["walk", "bot"], draw);
}

const busy = ({ stand }) => stand === "walking" || stand === "asking" || stand === "waiting";

function begin(order) {
  document.querySelector(".settings").open = false;
  return act("walk", { ...readOrder(), ...order });
}

function draw({ walk, bot }) {
  if (walk === null) return;
  byId("deploy-title").textContent = walk.stand === "done" ? `${bot || "The bot"} is on its Page` : `Put ${bot || "the bot"} on its Page`;
  fill(byId("walk-says"), said(walk));
  byId("walk-says").dataset.stand = walk.stand;
  const walking = busy(walk);
  byId("walk-off").hidden = !walking;
  byId("walk-order").hidden = walking;
  byId("walk-go").textContent = { idle: walk.earlier ? "Go on" : "Begin", done: "Walk again", looked: "Begin" }[walk.stand] ?? "Go on";
  fill(byId("walk-cautions"), walk.cautions.map((text) => h("li", {}, text)));
  drawSteps(walk);
}

/** One sentence on how it stands. */
function said(walk) {
  const { stand, steps, findings, now, earlier, fault } = walk;
  const title = (id) => steps.find(({ check }) => check === id)?.title ?? id;
  const last = findings.at(-1);
  switch (stand) {
    case "idle":
      return earlier
        ? `Last time it stopped at “${title(earlier.check)}”, on ${onDay(earlier.at)} at ${atMinute(earlier.at)}. Whatever is done already is only looked at.`
        : "Each step looks before it acts, shows what it is going to change, and asks. Where only you can help it stops and says how.";
    case "walking":
      return `Step ${Math.min(findings.length + 1, steps.length)} of ${steps.length}: ${title(now || steps[findings.length]?.check)} …`;
    case "asking":
      return `Step ${findings.length + 1} of ${steps.length}, ${title(walk.ask?.check)}: your answer is needed.`;
    case "waiting":
      return "Waiting for somebody who writes to the Page, and for the bot's answer.";
    case "stopped":
      return last?.plan?.length
        ? `Stopped at “${title(last.check)}”: you have not agreed to the change.`
        : `Stopped at “${title(last?.check)}”. After the cure, go on: what is done stays done.`;
    case "off":
      return "Called off. Go on whenever you like: what is done stays done.";
    case "failed":
      return `It cannot begin, or go on: ${fault}`;
    case "looked":
      return "That was a look: nothing was changed, and nobody was asked.";
    case "done":
      return `The bot is on the Page “${walk.pageName}”.`;
  }
  return "";
}

function drawSteps(walk) {
  const list = byId("walk-steps");
  const nodes = walk.steps.map((step) => {
    const finding = walk.findings.find(({ check }) => check === step.check);
    const ask = walk.ask?.check === step.check ? walk.ask : null;
    const stopped = walk.stand === "stopped" && finding !== undefined && finding === walk.findings.at(-1);
    const now = walk.now === step.check;
    const key = JSON.stringify([finding, ask?.id, stopped, now, walk.dryRun, stopped && walk.serving]);
    const old = rows.get(step.check);
    if (old?.key === key) return old.node;
    const node = checkRow(finding?.state ?? (ask ? "ask" : now ? "now" : "next"), step, finding, ask && askForm(ask), stopped && wayOn(walk, finding));
    if (now) node.setAttribute("aria-current", "step");
    rows.set(step.check, { key, node });
    return node;
  });
  // What has not changed stays in its place, with the cursor in it.
  nodes.forEach((node, i) => {
    if (list.children[i] === node) return;
    if (list.children[i]) list.children[i].replaceWith(node);
    else list.append(node);
  });
  show(walk, list);
}

/** What can be done at the step at which it stopped. */
function wayOn(walk, { check }) {
  return h("div", { class: "ask-choices" },
    h("button", { type: "button", class: "primary", onclick: () => begin({}) }, "I have done that: go on"),
    check === "callback" && !walk.serving && h("button", { type: "button", class: "quiet", onclick: () => begin({ serve: true }) }, "Start the host here, and go on"));
}

let shown = ""; // what was brought into view last

/** Brings what needs somebody into view, once, and puts the cursor there. */
function show(walk, list) {
  const id = walk.ask?.id ?? (walk.stand === "stopped" ? `stopped ${walk.findings.length} ${walk.findings.at(-1)?.found}` : "");
  if (id === shown) return;
  shown = id;
  if (id === "" || state.house !== "deploy") return;
  const node = list.querySelector(".ask, .check[data-state=broken] .ask-choices");
  node?.closest(".check").scrollIntoView({ block: "nearest" });
  node?.querySelector("input, .primary")?.focus({ preventScroll: true });
}
