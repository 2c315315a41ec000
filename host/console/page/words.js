// Small words: times and counts as people write them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const atMinute = (time) => clock.format(new Date(time));
export const atSecond = (time) => clockSeconds.format(new Date(time));
export const onDay = (time) => day.format(new Date(time));

/** "1 error", "2 errors". */
export const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** "a, b and c". */
export const andList = (items) => items.length < 2 ? items.join() : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** "2 errors, 1 warning"; empty without problems. */
export function tally(problems) {
  const parts = [];
  for (const severity of ["error", "warning"]) {
    const n = problems.filter((problem) => problem.severity === severity).length;
    if (n > 0) parts.push(count(n, severity));
  }
  return parts.join(", ");
}
