// One line that says why something was not done. It leaves by itself.

import { byId } from "/page/dom.js";

const stays = 8000; // milliseconds
let timer;

export function notify(text) {
  const notice = byId("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(dismiss, stays);
}

/** Takes the notice away; tells whether there was one. */
export function dismiss() {
  const notice = byId("notice");
  const shown = !notice.hidden;
  notice.hidden = true;
  return shown;
}
