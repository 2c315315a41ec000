// What a server would refuse in a manifest.

import { typed } from "./tag.mjs";

const NAME = /^[a-z][a-z0-9_-]*$/;
const KINDS = ["text", "number", "integer", "boolean", "choice", "url"];
const LISTED = ["config", "secret", "http", "read", "write"];

/** The faults of a manifest, one sentence each. */
export function faults(manifest) {
  const found = [];
  if (!manifest.version) found.push("the version is missing");
  if (!manifest.directions?.length) found.push("there is no direction");
  const seen = new Set();
  for (const d of manifest.directions ?? []) {
    if (!NAME.test(d.name)) found.push(`"${d.name}" is no name of a direction`);
    if (seen.has(d.name)) found.push(`direction ${d.name} is declared twice`);
    seen.add(d.name);
    const names = new Set(["fallback"]);
    for (const a of d.attributes ?? []) {
      const fault = names.has(a.name) ? "it is declared twice, or the host's" : faultOf(a);
      if (fault) found.push(`direction ${d.name}: attribute ${a.name}: ${fault}`);
      names.add(a.name);
    }
  }
  for (const { capability, items, reason } of manifest.wants ?? []) {
    if (!reason) found.push(`want ${capability}: the reason is missing`);
    if (LISTED.includes(capability) !== Boolean(items?.length)) {
      found.push(`want ${capability}: items are for ${LISTED.join(", ")}, and needed there`);
    }
  }
  return found;
}

function faultOf(attribute) {
  if (!NAME.test(attribute.name)) return "this is no name";
  if (!KINDS.includes(attribute.kind ?? "text")) return `there is no kind ${attribute.kind}`;
  if (attribute.kind === "choice" && !attribute.choices?.length) return "it has no choices";
  return attribute.default === undefined ? "" : typed(attribute, attribute.default).fault;
}
