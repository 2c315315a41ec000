// A place in a script, as a button that opens it.

import { h } from "/page/dom.js";
import { state, update } from "/page/store.js";

/** The last part of a path: what tells files of one bot apart, mostly. */
export const fileName = (path) => path.slice(path.lastIndexOf("/") + 1);

/** Shows a line in the source pane; on a narrow window, goes there. */
export function openPlace(file, line) {
  update(narrow() ? { place: { file, line }, room: "script" } : { place: { file, line } });
}

/** A button "quiz.topic:12" that opens the line. */
export function placeButton(file, line) {
  return h("button", {
    type: "button", class: "place", title: `Open ${file}, line ${line}`,
    onclick: () => openPlace(file, line),
  }, `${fileName(file)}:${line}`);
}

/** Looks at a turn: its trace, and the line that answered. */
export function openTurn(turn, file, line) {
  const fields = { turn: turn === state.traces.at(-1)?.turn ? null : turn };
  if (file) fields.place = { file, line };
  if (narrow()) fields.room = "trace";
  update(fields);
}

const narrow = () => matchMedia("(max-width: 60rem)").matches;
