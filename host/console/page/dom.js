// Making elements. Text only ever becomes text nodes: nothing here reads markup.

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Properties beginning with "on" are listeners, true and false set
 * and leave out an attribute, null leaves it out, everything else is an attribute.
 */
export function h(tag, props, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...kids.flat().filter((kid) => kid != null && kid !== false));
  return node;
}

/** Puts these nodes and texts in place of what a node holds. */
export function fill(node, ...kids) {
  node.replaceChildren(...kids.flat().filter((kid) => kid != null && kid !== false));
}

/** A picture of one stroke, drawn in a square of 24. */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

export const icons = {
  send: "M4 12 20 4l-4.5 16-4-6.5z M11.5 13.5 20 4",
  reset: "M4.5 9A8 8 0 1 1 4 13 M4 4v5h5",
  skip: "M5 6l7 6-7 6z M13 6l7 6-7 6z",
  before: "M15 5l-7 7 7 7",
  after: "M9 5l7 7-7 7",
  image: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9.500h.01",
  audio: "M9 18V6l10-2v12 M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z M19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  video: "M3 6h12v12H3z M15 11l6-4v10l-6-4z",
  tick: "M5 12.5l4.5 4.5L19 7.500",
  cross: "M6.500 6.500l11 11 M17.500 6.500l-11 11",
  caution: "M12 5v9 M12 18.500h.01",
  dash: "M7 12h10",
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
};

/** The address if a browser may open it, else null. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
