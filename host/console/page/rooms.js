// On a narrow window one part of the desk is shown at a time.

import { enter } from "/page/house.js";
import { update, watch } from "/page/store.js";

export function startRooms() {
  const buttons = document.querySelectorAll("[data-room]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      enter("desk");
      update({ room: button.dataset.room });
    });
  }
  watch(["room", "house"], ({ room, house }) => {
    document.body.dataset.tab = room;
    for (const button of buttons) {
      button.setAttribute("aria-current", String(house === "desk" && button.dataset.room === room));
    }
  });
}
