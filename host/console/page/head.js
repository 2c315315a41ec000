// The head line: which bot, which generation, what is wrong, and whether we are live.

import { byId, fill, h } from "/page/dom.js";
import { enter } from "/page/house.js";
import { errors, update, watch } from "/page/store.js";
import { atSecond, tally } from "/page/words.js";
import { showProblems } from "/page/problems.js";

const connections = {
  opening: "connecting",
  live: "live",
  lost: "connection lost, trying again",
  refused: "refused: load the page again",
};

export function startHead() {
  byId("problem-count").addEventListener("click", () => {
    enter("desk");
    update({ room: "script" });
    showProblems();
  });
  watch(["bot", "problems"], drawName);
  watch(["generation"], drawGeneration);
  watch(["problems", "generation"], drawCount);
  watch(["connection"], ({ connection }) => {
    const node = byId("connection");
    node.dataset.connection = connection;
    fill(node, h("span", { class: "dot" }), h("span", { class: "dot-text" }, connections[connection]));
  });
}

function drawName(state) {
  byId("bot").textContent = state.bot;
  const n = errors(state).length;
  document.title = (n > 0 ? `(${n}) ` : "") + (state.bot ? `${state.bot} · Footlight` : "Footlight");
  byId("icon").href = n > 0 ? "/page/icon-broken.svg" : "/page/icon.svg";
}

function drawGeneration({ generation }) {
  const node = byId("generation");
  if (!generation || generation.number === 0) {
    fill(node);
    return;
  }
  fill(node,
    h("span", { class: "head-word" }, "generation "), h("b", {}, String(generation.number)),
    h("time", { datetime: generation.savedAt, title: "when its files were saved" }, atSecond(generation.savedAt)));
}

function drawCount(state) {
  const node = byId("problem-count");
  const worst = errors(state).length > 0 ? "error" : state.problems.length > 0 ? "warning" : "none";
  node.dataset.worst = worst;
  node.hidden = !state.generation;
  fill(node, h("span", { class: "dot" }),
    h("span", { class: "dot-text" }, tally(state.problems) || "no problems"),
    h("span", { class: "dot-count", "aria-hidden": "true" }, String(state.problems.length)));
}
