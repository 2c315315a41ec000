// The parts of the house: the desk, the way to the Page, the doctor. The address names
// the one that is shown, so the browser's own ways back and forth lead through them.

import { byId } from "/page/dom.js";
import { state, update, watch } from "/page/store.js";

const houses = ["desk", "deploy", "doctor"];

export function startHouse() {
  addEventListener("hashchange", follow);
  watch(["walk"], ({ walk }) => {
    document.body.classList.toggle("has-office", walk !== null);
    follow();
  });
  watch(["house"], ({ house }) => {
    document.body.dataset.house = house;
    for (const link of document.querySelectorAll("[data-house-link]")) {
      if (link.dataset.houseLink === house) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  });
}

function follow() {
  const named = location.hash.slice(1);
  const house = state.walk !== null && houses.includes(named) ? named : "desk";
  if (house !== state.house) update({ house });
}

/** Goes to a part of the house, where there is one. */
export function enter(house) {
  if (state.walk === null) return;
  location.hash = house;
  follow(); // the event comes later, and a hidden title takes no cursor
  if (house !== "desk") byId(`${house}-title`).focus();
}
