// What is loud: the banner and the frames while the current files do not compile,
// and the waiting page when no version ever has. Esc hides them until the problems
// change; they leave by themselves when the files are right.

import { byId, fill, h } from "/page/dom.js";
import { errors, state, watch } from "/page/store.js";
import { frame } from "/page/problems.js";
import { atMinute, count } from "/page/words.js";

let seen = ""; // the problems that the author was shown
let hidden = 0; // how much of it was put away: 1 the frames, 2 the banner as well

export function startBanner() {
  watch(["problems", "generation", "walk"], draw);
}

function draw() {
  const { generation, problems } = state;
  const broken = generation !== null && !generation.ok;
  const waiting = broken && generation.number === 0;
  const now = broken ? JSON.stringify(problems) : "";
  if (now !== seen) hidden = 0;
  seen = now;
  byId("desk").hidden = waiting;
  document.querySelector(".rooms").hidden = waiting && state.walk === null;
  byId("waiting").hidden = !waiting;
  byId("banner").hidden = !broken || waiting || hidden > 1;
  byId("overlay").hidden = !broken || waiting || hidden > 0;
  if (waiting) drawWaiting();
  else if (broken) drawBanner(generation);
}

function drawBanner({ number, savedAt }) {
  const open = hidden === 0;
  fill(byId("banner"),
    h("p", {}, `serving generation ${number} (saved ${atMinute(savedAt)}), ${count(errors(state).length, "error")} in current files`),
    h("button", { type: "button", class: "quiet", "aria-expanded": String(open), "aria-controls": "overlay", onclick: toggle }, open ? "Hide" : "Show"));
  fill(byId("overlay"),
    errors(state).map(frame),
    h("p", { class: "overlay-hint" }, "The bot goes on answering from the last version that compiled.", h("span", { class: "key-hint" }, " ", h("kbd", {}, "Esc"), " hides this.")));
}

function drawWaiting() {
  fill(byId("waiting"),
    h("div", { class: "waiting-card" },
      h("h2", {}, "Waiting for a version that compiles"),
      h("p", {}, "The curtain rises as soon as the files are right. Messages that arrive meanwhile are kept and answered then."),
      errors(state).map(frame),
      h("div", { class: "footlights", "aria-hidden": "true" })));
}

function toggle() {
  hidden = hidden === 0 ? 1 : 0;
  draw();
  byId("banner").querySelector("button").focus(); // it was drawn anew
}

/** Puts the frames away, then the banner; tells whether there was anything to put away. */
export function hideProblems() {
  const shown = !byId("overlay").hidden || !byId("banner").hidden;
  if (shown) {
    hidden = byId("overlay").hidden ? 2 : 1;
    draw();
  }
  return shown;
}
