// The colours of a script line. It only tells apart what the eye needs: commands,
// comments, tags and directions. What a line means is the compiler's to say.

const kinds = { "+": "trigger", "-": "reply", "^": "reply", "%": "command", "*": "command", "@": "command", "$": "command", "!": "command", ">": "block", "<": "block" };
const inner = /<[^<>\s][^<>]*>|\{[^{}]+\}|\^[a-zA-Z]+\([^()]*\)/g;

/** Cuts a line into [kind, text] pairs; an empty kind is plain text. */
export function words(line) {
  const [, indent, sign, rest] = /^(\s*)(\S?)(.*)$/su.exec(line);
  if (sign === "/" && rest.startsWith("/")) return [["comment", line]];
  // "<" opens both the end of a block and a direction.
  if (!(sign in kinds) || (sign === "<" && !rest.startsWith(" "))) return [["", indent], ...tags(sign + rest, "")];
  const kind = kinds[sign];
  return [["", indent], [`sign-${kind}`, sign], ...tags(rest, kind === "trigger" || kind === "block" ? kind : "")];
}

function tags(text, plain) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(inner)) {
    if (found.index > from) parts.push([plain, text.slice(from, found.index)]);
    parts.push(["tag", found[0]]);
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push([plain, text.slice(from)]);
  return parts;
}
