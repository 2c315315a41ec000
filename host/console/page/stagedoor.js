// The way into the talk: the Page's link, its QR code with a ref of one's own, the host
// that runs here, and what to do next.

import { byId, fill, h } from "/page/dom.js";
import { watch } from "/page/store.js";
import { act } from "/page/wire.js";

const refForm = /^[a-zA-Z0-9\-_=]*$/;

export function startStageDoor() {
  byId("ref").addEventListener("input", drawCode);
  byId("host-stop").addEventListener("click", () => act("walk/dismiss"));
  watch(["walk"], draw);
}

function draw({ walk }) {
  byId("stage-door").hidden = !walk?.link;
  byId("host").hidden = !walk?.serving;
  byId("next").hidden = !walk?.notes?.length;
  if (!walk) return;
  byId("stage-door-title").textContent = walk.pageName || "The Page";
  if (byId("link").dataset.base !== walk.link) {
    byId("link").dataset.base = walk.link;
    drawCode();
  }
  byId("host-addr").textContent = walk.serving ?? "";
  fill(byId("next-notes"), (walk.notes ?? []).map(({ label, text }) => h("div", {}, h("dt", {}, label), h("dd", {}, text))));
}

function drawCode() {
  const base = byId("link").dataset.base;
  if (!base) return;
  const ref = byId("ref").value.trim();
  const right = refForm.test(ref);
  byId("ref").setAttribute("aria-invalid", String(!right));
  byId("ref-wrong").hidden = right;
  if (!right) return;
  const address = ref ? `${base}?ref=${ref}` : base;
  byId("link").href = address;
  byId("link").textContent = address.replace("https://", "");
  const query = ref ? `?ref=${encodeURIComponent(ref)}` : "";
  byId("code").src = `/api/code.svg${query}`;
  for (const kind of ["png", "svg"]) {
    byId(`code-${kind}`).href = `/api/code.${kind}${query}`;
    byId(`code-${kind}`).download = `m.me${ref ? `-${ref}` : ""}.${kind}`;
  }
}
