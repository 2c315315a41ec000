// The talk. Bubbles are kept from one drawing to the next, so that a screen reader
// hears only what is new and the eye keeps its place.

import { byId } from "/page/dom.js";
import { chosenTrace, watch } from "/page/store.js";
import { bubbleRow } from "/page/bubble.js";
import { atMinute, onDay } from "/page/words.js";

const kept = new Map(); // bubble id → {key, node}
const nearEnd = 80; // pixels from the end within which the thread follows the talk
const pause = 5 * 60 * 1000; // milliseconds of silence after which a time is shown

export function startThread() {
  watch(["thread", "bot"], draw);
  watch(["turn", "traces"], mark);
  watch(["thread", "typing", "pending", "room"], follow);
  // The talk ends where the footlights begin, also when the window changes.
  new ResizeObserver(() => follow()).observe(byId("thread"));
  byId("thread").addEventListener("scroll", () => { atEnd = isAtEnd(); }, { passive: true });
}

let atEnd = true;

function isAtEnd() {
  const { scrollTop, clientHeight, scrollHeight } = byId("thread");
  return scrollHeight - clientHeight - scrollTop < nearEnd;
}

function follow() {
  const thread = byId("thread");
  if (atEnd) thread.scrollTop = thread.scrollHeight;
}

function draw(state) {
  const log = byId("log");
  const { thread } = state;
  if (thread.at(-1)?.from === "person") atEnd = true; // who speaks wants to see the answer
  const wanted = thread.map((bubble, i) => row(bubble, thread[i - 1], thread[i + 1], state));
  const ids = new Set(thread.map((bubble) => bubble.id));
  for (const [id, { node }] of kept) {
    if (ids.has(id)) continue;
    node.remove();
    kept.delete(id);
  }
  wanted.forEach((node, i) => {
    if (log.children[i] !== node) log.insertBefore(node, log.children[i] ?? null);
  });
  mark(state);
}

/** The row of a bubble: the one that is there if nothing about it has changed. */
function row(bubble, before, after, { bot }) {
  const opens = !joined(before, bubble);
  const closes = !joined(bubble, after);
  const heading = timeHeading(before, bubble);
  const speaker = opens ? bubble.persona : null;
  const key = JSON.stringify([speaker, bubble.text, bubble.buttons, bubble.attachment, bubble.cards, bubble.why, heading, bot]);
  const old = kept.get(bubble.id);
  if (old?.key === key) {
    // New corners are no news to a screen reader.
    old.node.toggleAttribute("data-opens", opens);
    old.node.toggleAttribute("data-closes", closes);
    return old.node;
  }
  const node = bubbleRow(bubble, { opens, closes, heading, bot });
  if (old) old.node.replaceWith(node);
  kept.set(bubble.id, { key, node });
  return node;
}

/** Whether two bubbles belong to one run of the same speaker. */
function joined(a, b) {
  return a !== undefined && b !== undefined && a.from === b.from && a.persona === b.persona && new Date(b.at) - new Date(a.at) < pause;
}

/** The time above a bubble that begins the talk or ends a silence. */
function timeHeading(before, bubble) {
  if (!before) return `${onDay(bubble.at)}, ${atMinute(bubble.at)}`;
  if (new Date(bubble.at) - new Date(before.at) < pause) return null;
  const sameDay = onDay(before.at) === onDay(bubble.at);
  return sameDay ? atMinute(bubble.at) : `${onDay(bubble.at)}, ${atMinute(bubble.at)}`;
}

/** Lights the bubbles of the turn that is looked at. */
function mark(state) {
  const turn = chosenTrace(state)?.turn;
  for (const bubble of state.thread) {
    kept.get(bubble.id)?.node.toggleAttribute("data-chosen", turn !== undefined && bubble.why?.turn === turn);
  }
}
