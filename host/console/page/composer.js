// Where the author speaks: the input with its memory, quick replies, and events.

import { byId, fill, h, icon, icons } from "/page/dom.js";
import { state, update, watch } from "/page/store.js";
import { act } from "/page/wire.js";
import { button } from "/page/bubble.js";
import { startEvents } from "/page/events.js";

const memorySize = 50; // inputs that can be recalled
const memoryName = "footlight-inputs";
const memory = JSON.parse(sessionStorage.getItem(memoryName) ?? "[]");
let recalled = memory.length; // index in memory; its length: nothing is recalled
let draft = ""; // what was being written before something was recalled

export function startComposer() {
  const input = byId("say");
  fill(document.querySelector(".send"), icon(icons.send));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send(input);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the key belongs to the input method
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send(input);
    } else if (event.key === "ArrowUp" && onFirstLine(input)) {
      if (recall(input, -1)) event.preventDefault();
    } else if (event.key === "ArrowDown" && recalled < memory.length && onLastLine(input)) {
      if (recall(input, 1)) event.preventDefault();
    }
  });
  watch(["thread"], drawQuickReplies);
  startEvents(byId("events"));
}

async function send(input) {
  const text = input.value;
  if (text.trim() === "") return;
  input.value = "";
  remember(text);
  update({ turn: null, place: null }); // what is said now is what one wants to look at
  if (!(await act("say", { text })) && input.value === "") input.value = text;
}

function remember(text) {
  if (memory.at(-1) !== text) memory.push(text);
  if (memory.length > memorySize) memory.shift();
  recalled = memory.length;
  sessionStorage.setItem(memoryName, JSON.stringify(memory));
}

function recall(input, step) {
  const next = recalled + step;
  if (next < 0 || next > memory.length) return false;
  if (recalled === memory.length) draft = input.value;
  recalled = next;
  input.value = next === memory.length ? draft : memory[next];
  input.setSelectionRange(input.value.length, input.value.length);
  return true;
}

const onFirstLine = (input) => !input.value.slice(0, input.selectionStart).includes("\n");
const onLastLine = (input) => !input.value.slice(input.selectionEnd).includes("\n");

function drawQuickReplies({ thread }) {
  const bubble = thread.findLast((each) => each.quickReplies?.length);
  const node = byId("quick");
  const hadFocus = node.contains(document.activeElement);
  fill(node, (bubble?.quickReplies ?? []).map(button));
  if (hadFocus) byId("say").focus(); // the tapped one is gone
}

/** Moves the cursor to the input, where the thread can be seen. */
export function focusInput() {
  if (state.room !== "chat") update({ room: "chat" });
  byId("say").focus();
}
