// On a narrow window one part of the desk is shown at a time.

import { update, watch } from "/page/store.js";

export function startRooms() {
  const buttons = document.querySelectorAll("[data-room]");
  for (const button of buttons) {
    button.addEventListener("click", () => update({ room: button.dataset.room }));
  }
  watch(["room"], ({ room }) => {
    document.body.dataset.tab = room;
    for (const button of buttons) {
      button.setAttribute("aria-current", String(button.dataset.room === room));
    }
  });
}
