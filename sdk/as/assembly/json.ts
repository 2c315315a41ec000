// JSON without a library. A reader goes over bytes where they lie, so that a call costs no more than what it looks at.

import { Writer } from "./bytes";

/** How deep lists and objects may stand in each other; it keeps a hostile answer from using up the stack. */
const MAX_DEPTH: i32 = 64;

enum Shape {
  Absent,
  Null,
  False,
  True,
  Number,
  Text,
  List,
  Object,
}

/**
 * A value read by parseJSON. What is not there is a value too: all its methods may be called, and give empty answers, so
 * that a path into an answer needs no checks on its way: `answer.get("list").at(0).get("temp").number()`.
 */
export class Json {
  /** Why the input is no JSON, and at which byte; empty if it is. */
  error: string = "";
  private words: string = "";
  private names: string[] | null = null;
  private values: Json[] | null = null;

  constructor(private shape: Shape = Shape.Absent) {}

  /** The value of a key; of equal keys the last one. */
  get(key: string): Json {
    const names = this.names;
    const values = this.values;
    if (names !== null && values !== null) {
      for (let i = names.length - 1; i >= 0; i--) {
        if (names[i] == key) return values[i];
      }
    }
    return new Json();
  }

  /** The element of a list at a position, counted from 0. */
  at(i: i32): Json {
    const values = this.values;
    if (this.shape != Shape.List || values === null || i < 0 || i >= values.length) return new Json();
    return values[i];
  }

  /** How many elements a list or an object has; 0 of others. */
  get length(): i32 {
    const values = this.values;
    return values === null ? 0 : values.length;
  }

  /** The keys of an object, in the order of the source. */
  keys(): string[] {
    const names = this.names;
    return names === null ? [] : names;
  }

  /** Whether the value is there; null is. */
  exists(): bool {
    return this.shape != Shape.Absent;
  }

  /** A text as it is, a number as it was written, true or false, and empty for everything else. */
  text(): string {
    return this.words;
  }

  /** A number, or a text that is one; NaN otherwise. */
  number(): f64 {
    if (this.shape != Shape.Number && this.shape != Shape.Text) return NaN;
    const n = parseFloat(this.words);
    return isFinite(n) ? n : NaN;
  }

  /** Whether the value is true. */
  boolean(): bool {
    return this.shape == Shape.True;
  }

  /** @internal */
  static read(r: Reader, depth: i32): Json {
    const c = r.peek();
    if (depth > MAX_DEPTH) {
      r.fail("too deep");
    } else if (c == 0x22) {
      const json = new Json(Shape.Text);
      json.words = r.string();
      return json;
    } else if (c == 0x7b) {
      const json = new Json(Shape.Object);
      const names: string[] = [];
      const values: Json[] = [];
      json.names = names;
      json.values = values;
      for (let more = r.enter(0x7d); more; more = r.next(0x7d)) {
        names.push(r.key());
        values.push(Json.read(r, depth + 1));
      }
      return json;
    } else if (c == 0x5b) {
      const json = new Json(Shape.List);
      const values: Json[] = [];
      json.values = values;
      for (let more = r.enter(0x5d); more; more = r.next(0x5d)) values.push(Json.read(r, depth + 1));
      return json;
    } else if (c == 0x2d || isDigit(c)) {
      const json = new Json(Shape.Number);
      json.words = r.number();
      return json;
    } else if (r.word("true")) {
      const json = new Json(Shape.True);
      json.words = "true";
      return json;
    } else if (r.word("false")) {
      const json = new Json(Shape.False);
      json.words = "false";
      return json;
    } else if (r.word("null")) {
      return new Json(Shape.Null);
    } else {
      r.fail(c < 0 ? "a value is missing" : "no value begins like this");
    }
    return new Json();
  }
}

/** Reads one JSON value. Lists and objects may be nested 64 deep. */
export function parseJSON(text: string): Json {
  const bytes = String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
  return parseBytes(changetype<usize>(bytes), bytes.byteLength);
}

/** @internal */
export function parseBytes(ptr: usize, len: i32): Json {
  const r = new Reader();
  r.begin(ptr, ptr + len);
  let json = Json.read(r, 0);
  if (r.peek() >= 0) r.fail("more after the value");
  const error = r.error();
  heap.free(changetype<usize>(r));
  if (error.length) {
    json = new Json();
    json.error = error;
  }
  return json;
}

/** Writes a text as JSON, quotes included, for JSON that you put together yourself. */
export function quote(text: string): string {
  const w = new Writer();
  w.quote(text);
  const json = String.UTF8.decodeUnsafe(w.ptr, w.len);
  w.free();
  return json;
}

function isDigit(c: i32): bool {
  return c >= 0x30 && c <= 0x39;
}

/** Where in a text the next byte stands that is not as it seems: a quote, a backslash, a control character, or the end. */
function plain(at: usize, end: usize): usize {
  while (at < end) {
    const c = load<u8>(at);
    if (c == 0x22 || c == 0x5c || c < 0x20) break;
    at++;
  }
  return at;
}

/**
 * Goes over JSON. After a fault it stands at the end, so that every loop comes to its own.
 *
 * It is not the collector's, which makes it twice as fast: what refers to something that is, has to be put where the collector
 * looks at every use. Who makes one frees it.
 * @internal
 */
// @ts-ignore: the decorator is AssemblyScript's
@unmanaged
export class Reader {
  at: usize = 0;
  private start: usize = 0;
  private end: usize = 0;
  private broken: bool = false;
  private what: string = ""; // always one that is part of the module
  private where: usize = 0;

  /** Begins to read these bytes. */
  begin(start: usize, end: usize): void {
    this.broken = false;
    this.at = this.start = start;
    this.end = end;
  }

  /** What is wrong, and at which byte; empty if nothing is. */
  error(): string {
    return this.broken ? "json: " + this.what + " at byte " + (this.where - this.start).toString() : "";
  }

  fail(what: string): void {
    if (!this.broken) {
      this.broken = true;
      this.what = what;
      this.where = this.at;
    }
    this.at = this.end;
  }

  /** The next byte that is no blank; -1 at the end. */
  // @ts-ignore: the decorator is AssemblyScript's
  @inline
  peek(): i32 {
    const c = this.byte();
    return c > 0x20 ? c : this.behindBlanks();
  }

  private behindBlanks(): i32 {
    let at = this.at;
    while (at < this.end) {
      const c = load<u8>(at);
      if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) break;
      at++;
    }
    this.at = at;
    return this.byte();
  }

  // @ts-ignore: the decorator is AssemblyScript's
  @inline
  private byte(): i32 {
    return this.at < this.end ? load<u8>(this.at) : -1;
  }

  /** Enters a list or an object that stands here, and says whether there is something in it. */
  enter(end: i32): bool {
    this.at++;
    if (this.peek() != end) return !this.broken;
    this.at++;
    return false;
  }

  /** Goes to the next element, or past the end. */
  next(end: i32): bool {
    const c = this.peek();
    if (c == end) {
      this.at++;
      return false;
    }
    if (c != 0x2c) {
      this.fail(c < 0 ? "it ends too early" : "a comma is missing");
      return false;
    }
    this.at++;
    if (this.peek() == end) this.fail("a comma too many");
    return !this.broken;
  }

  /** The key of a field, the colon behind it included. */
  key(): string {
    if (this.peek() != 0x22) {
      this.fail("a key is missing");
      return "";
    }
    const key = this.string();
    this.colon();
    return key;
  }

  private colon(): void {
    if (this.peek() != 0x3a) this.fail("a colon is missing");
    else this.at++;
  }

  word(word: string): bool {
    return this.begins(changetype<usize>(word));
  }

  /** Passes over the characters of a string, given by its address, if they stand here. They are ASCII. */
  private begins(word: usize): bool {
    const at = this.at;
    const n = <usize>load<u32>(word - 4) >> 1; // before a string stands how many bytes it has
    if (this.end - at < n) return false;
    for (let i = at; i < at + n; i++, word += 2) {
      if (<u16>load<u8>(i) != load<u16>(word)) return false;
    }
    this.at = at + n;
    return true;
  }

  private digits(): i32 {
    const from = this.at;
    let at = from;
    while (at < this.end && isDigit(load<u8>(at))) at++;
    this.at = at;
    return <i32>(at - from);
  }

  number(): string {
    const from = this.at;
    if (this.byte() == 0x2d) this.at++;
    const zero = this.byte() == 0x30;
    const n = this.digits();
    if (n == 0 || (zero && n > 1)) {
      this.fail("this is no number");
      return "";
    }
    if (this.byte() == 0x2e) {
      this.at++;
      if (!this.digits()) this.fail("a digit is missing");
    }
    if ((this.byte() | 0x20) == 0x65) {
      this.at++;
      if (this.byte() == 0x2b || this.byte() == 0x2d) this.at++;
      if (!this.digits()) this.fail("a digit is missing");
    }
    return String.UTF8.decodeUnsafe(from, this.at - from);
  }

  /** A whole number, or what is left of another number without its fraction. */
  integer(): i64 {
    const from = this.at;
    const negative = this.byte() == 0x2d;
    if (negative) this.at++;
    let n: i64 = 0;
    while (isDigit(this.byte())) n = n * 10 + (load<u8>(this.at++) - 0x30);
    const c = this.byte();
    if (this.at - from > 18 || c == 0x2e || (c | 0x20) == 0x65) {
      this.at = from;
      return <i64>parseFloat(this.number());
    }
    return negative ? -n : n;
  }

  /** A text that stands here. */
  string(): string {
    let out = "";
    let at = ++this.at;
    while (true) {
      const from = at;
      at = plain(at, this.end);
      const part = String.UTF8.decodeUnsafe(from, at - from);
      out = out.length ? out + part : part;
      this.at = at;
      const c = this.byte();
      if (c == 0x22) {
        this.at++;
        return out;
      }
      if (c != 0x5c) break;
      this.at++;
      out += this.escape();
      at = this.at;
    }
    this.fail(this.at < this.end ? "a control character in a text" : "a text has no end");
    return "";
  }

  /** What stands after a backslash. Half of a surrogate pair becomes U+FFFD. */
  private escape(): string {
    const c = this.byte();
    this.at++;
    switch (c) {
      case 0x22:
      case 0x5c:
      case 0x2f:
        return String.fromCharCode(c);
      case 0x62:
        return "\b";
      case 0x66:
        return "\f";
      case 0x6e:
        return "\n";
      case 0x72:
        return "\r";
      case 0x74:
        return "\t";
      case 0x75: {
        const high = this.hex();
        if ((high & 0xf800) != 0xd800) return String.fromCharCode(high);
        const back = this.at;
        if (high < 0xdc00 && this.word("\\u")) {
          const low = this.hex();
          if ((low & 0xfc00) == 0xdc00) return String.fromCharCode(high, low);
          if (!this.broken) this.at = back;
        }
        return "\uFFFD";
      }
    }
    this.at--;
    this.fail("no such escape");
    return "";
  }

  private hex(): i32 {
    let code = 0;
    for (let i = 0; i < 4; i++) {
      const c = this.byte();
      const low = c | 0x20;
      if (isDigit(c)) code = (code << 4) | (c - 0x30);
      else if (low >= 0x61 && low <= 0x66) code = (code << 4) | (low - 0x57);
      else {
        this.fail("four hex digits are missing");
        return 0;
      }
      this.at++;
    }
    return code;
  }

  /** Passes over the value that stands here. */
  skip(): void {
    const c = this.peek();
    if (c == 0x22) {
      let at = plain(this.at + 1, this.end);
      while (at < this.end && load<u8>(at) != 0x22) at = plain(at + 2, this.end);
      this.at = at + 1;
      if (at >= this.end) this.fail("a text has no end");
    } else if (c == 0x7b || c == 0x5b) {
      const end = c + 2;
      for (let more = this.enter(end); more; more = this.next(end)) {
        if (end == 0x7d) {
          if (this.peek() != 0x22) this.fail("a key is missing");
          this.skip();
          this.colon();
        }
        this.skip();
      }
    } else {
      let at = this.at;
      while (at < this.end) {
        const c = load<u8>(at);
        if (c == 0x2c || c == 0x7d || c == 0x5d) break;
        at++;
      }
      this.at = at;
    }
  }

  /** Passes over the object that stands here, and notes where the values of these keys begin: 0 where there is none. */
  note(keys: string[], places: usize[]): void {
    for (let i = 0, n = keys.length; i < n; i++) unchecked((places[i] = 0));
    if (this.peek() != 0x7b) return;
    for (let more = this.enter(0x7d); more; more = this.next(0x7d)) {
      const i = this.keyOf(keys);
      this.peek();
      if (i >= 0) unchecked((places[i] = this.at));
      this.skip();
    }
  }

  /** Passes over a key, and says which one of these it is; -1: none. */
  private keyOf(keys: string[]): i32 {
    if (this.peek() != 0x22) return keys.indexOf(this.key()); // which is a fault
    const all = keys.dataStart;
    for (let i = 0, n = keys.length; i < n; i++) {
      if (!this.isText(load<usize>(all + ((<usize>i) << alignof<usize>())))) continue;
      this.colon();
      return i;
    }
    return keys.indexOf(this.key());
  }

  /** Passes over a text if it is this one, written without escapes. */
  is(text: string): bool {
    return this.peek() == 0x22 && this.isText(changetype<usize>(text));
  }

  /** The same for the address of a string, where a quote stands. */
  private isText(text: usize): bool {
    const from = this.at++;
    if (this.begins(text) && this.byte() == 0x22) {
      this.at++;
      return true;
    }
    this.at = from;
    return false;
  }
}
