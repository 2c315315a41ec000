// How a walk is to be made: the settings it starts with. What somebody has written here is
// not overwritten by what the host tells.

import { byId } from "/page/dom.js";
import { watch } from "/page/store.js";

const fields = ["public", "page", "app", "addr"];
const told = {}; // what the host has said last, by field

export function startOrder() {
  watch(["walk"], ({ walk }) => {
    if (walk === null) return;
    for (const name of fields) {
      const field = byId(`order-${name}`);
      if (field.value === (told[name] ?? "")) field.value = walk.settings[name];
      told[name] = walk.settings[name];
    }
  });
}

/** What the walk is told. */
export function readOrder() {
  const order = { serve: byId("order-serve").checked, testMessage: byId("order-test").checked, dryRun: false, all: false };
  for (const name of fields) order[name] = byId(`order-${name}`).value.trim();
  return order;
}
