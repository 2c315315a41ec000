// What the page knows: the sections of the desk as they were last sent, and beside
// them what this browser has chosen to look at.

export const state = {
  // the desk (see State in state.go)
  bot: "", generation: null, problems: [], topics: [], plugins: [], topic: "", person: "",
  thread: [], typing: false, typingAs: "", pending: null, traces: [], variables: [],
  published: null, // null: nobody looks at what is published
  walk: null, checkup: null, // null: nobody puts the bot on a Page
  // this page
  house: "desk", // the part that is shown: desk, deploy, doctor
  connection: "opening", // opening, live, lost, refused
  turn: null, // the turn that is looked at; null: the latest
  place: null, // {file, line} that the source pane was asked to show; null: the line that answered
  room: "chat", // the part that a narrow window shows
};

const watchers = [];

/** Calls draw now and whenever one of the named fields has changed. */
export function watch(names, draw) {
  watchers.push({ names, draw });
  draw(state);
}

/** Takes over the given fields and draws what depends on them. */
export function update(fields) {
  // An empty list comes as null.
  for (const [name, value] of Object.entries(fields)) {
    state[name] = value ?? (Array.isArray(state[name]) ? [] : null);
  }
  for (const { names, draw } of watchers) {
    if (names.some((name) => name in fields)) draw(state);
  }
}

/** The trace that is looked at, or undefined when nothing was said yet. */
export function chosenTrace({ turn, traces }) {
  return traces.find((trace) => trace.turn === turn) ?? traces.at(-1);
}

/** The place that the source pane shows: the one asked for, else that of the trigger that answered. */
export function shownPlace(state) {
  if (state.place) return state.place;
  const trace = chosenTrace(state);
  if (!trace) return null;
  return state.thread.findLast(({ why }) => why?.turn === trace.turn && why.file)?.why
    ?? trace.lines?.find((line) => line.kind === "matched" && line.file) ?? null;
}

/** The problems that keep the current files from being served. */
export const errors = ({ problems }) => problems.filter((problem) => problem.severity === "error");
