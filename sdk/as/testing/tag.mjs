// Tags as a script writes them.

const HEAD =
  /^<([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w-]*(?:=(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?)*)\s*>/;
const ATTRIBUTE = /([A-Za-z][\w-]*)(=(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g;
export const DECIMAL = /^[+-]?[0-9]+(\.[0-9]+)?$/;

/** Makes the input of a call out of a tag, or an error of a tag that a server would not call the plug-in for. */
export function read(manifest, person, tag) {
  const head = HEAD.exec(tag);
  if (!head) return { error: `${tag} is no tag` };
  const direction = manifest.directions.find((d) => d.name === head[1]);
  if (!direction) return { error: `the plug-in has no direction ${head[1]}` };
  const input = { name: direction.name };
  let rest = tag.slice(head[0].length);
  if (direction.form === "block") {
    const end = `</${direction.name}>`;
    if (!rest.endsWith(end)) return { error: `${end} is missing` };
    input.block = rest.slice(0, -end.length);
  } else if (rest) {
    return { error: `something stands behind <${direction.name}>` };
  }
  const { error, values } = attributes(direction, head[2]);
  if (error) return { error };
  input.attributes = values;
  if (manifest.wants?.some((w) => w.capability === "person")) input.person = person;
  return { input };
}

function attributes(direction, source) {
  const written = {};
  for (const [, name, given, ...value] of source.matchAll(ATTRIBUTE)) {
    written[name.toLowerCase()] = given ? value.join("") : "true";
  }
  delete written.fallback;
  const values = {};
  for (const a of direction.attributes ?? []) {
    const text = written[a.name] ?? a.default;
    delete written[a.name];
    if (text === undefined) {
      if (a.required) return { error: `attribute ${a.name} is missing` };
      continue;
    }
    const { fault, value } = typed(a, text);
    if (fault) return { error: `attribute ${a.name}: ${fault}` };
    values[a.name] = value;
  }
  for (const name in written) return { error: `<${direction.name}> has no attribute ${name}` };
  return { values };
}

/** The value in the JSON type of its kind. */
export function typed(attribute, text) {
  switch (attribute.kind) {
    case "number":
    case "integer":
      return numeric(attribute, text);
    case "boolean":
      if (text !== "true" && text !== "false") return { fault: `${text} is neither true nor false` };
      return { value: text === "true" };
    case "choice":
      return attribute.choices.includes(text) ? { value: text } : { fault: `${text} is none of ${attribute.choices.join(", ")}` };
    case "url":
      return hostOf(text) ? { value: text } : { fault: `${text} is no http address` };
  }
  return { value: text };
}

function numeric({ kind, min, max }, text) {
  if (!DECIMAL.test(text)) return { fault: `${text} is no number` };
  const value = Number(text);
  if (kind === "integer" && !Number.isInteger(value)) return { fault: `${text} is no integer` };
  if (value < min) return { fault: `${text} is below ${min}` };
  if (value > max) return { fault: `${text} is above ${max}` };
  return { value };
}

/** The host of an http address. */
export function hostOf(url) {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return "";
  return new URL(url).host;
}
