// The wire to the host: events come down one stream, acts go up as requests.

import { update } from "/page/store.js";
import { notify } from "/page/notice.js";

const meta = (name) => document.querySelector(`meta[name="footlight-${name}"]`).content;

const retryRefused = 5000; // milliseconds

/** Follows the desk for as long as the page is open. */
export function connect() {
  const stream = new EventSource("/api/events");
  stream.addEventListener("open", () => update({ connection: "live" }));
  stream.addEventListener("state", (event) => {
    if (event.lastEventId.split("-")[0] !== meta("start")) {
      location.reload(); // the host was started again: our forgery token is stale
      return;
    }
    update(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) {
      update({ connection: "lost" }); // the browser tries again by itself
      return;
    }
    update({ connection: "refused" });
    setTimeout(connect, retryRefused);
  });
}

/** Does something at the desk. Tells whether it was done; if not, says why. */
export async function act(name, body = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Footlight-Forgery": meta("forgery") },
      body: JSON.stringify(body),
    });
  } catch {
    notify("The host does not answer. Is it still running?");
    return false;
  }
  if (answer.ok) return true;
  notify(await complaint(answer));
  return false;
}

/** The text of a script, or null when it cannot be had. */
export async function fetchSource(path) {
  try {
    const answer = await fetch(`/api/source?path=${encodeURIComponent(path)}`);
    return answer.ok ? (await answer.json()).text : null;
  } catch {
    return null;
  }
}

/** What is known of a code, or null when nothing is. */
export async function fetchExplanation(code) {
  try {
    const answer = await fetch(`/api/explain?code=${encodeURIComponent(code)}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function complaint(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return `The host answered ${answer.status}.`;
  }
}
