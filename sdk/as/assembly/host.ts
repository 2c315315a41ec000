// What a direction may ask the host for. Each needs a capability, which the plug-in has to want and the owner to grant: a call
// that uses one without ends at once, and the tag's fallback stands in its place.

import {
  host_get,
  host_http,
  host_log,
  host_now,
  host_put,
  host_random,
  host_swap,
  Level,
  MAX_RANDOM,
  Space as Spaces,
  Status,
} from "./abi";
import { encode, Writer } from "./bytes";
import { Json, parseBytes } from "./json";

/** What a first look at a value of the host takes, in bytes; longer ones take a second look. */
const FIRST_LOOK: i32 = 512;

/** What a status means, in words for call.fail. */
export function explain(status: Status): string {
  switch (status) {
    case Status.OK:
      return "it is done";
    case Status.Changed:
      return "another value stands there";
    case Status.Full:
      return "the space is full";
    case Status.Failed:
      return "the store does not answer";
    default:
      return "the host refused the argument";
  }
}

/** What every call can ask; see Call. */
export abstract class Host {
  /** Writes a line for yourself beside the turn. Lines are cut at 1,024 bytes, and a call has 50. It needs Can.Log, like the other three. */
  debug(text: string): void {
    log(Level.Debug, text);
  }

  /** Writes a line that says what happened. */
  info(text: string): void {
    log(Level.Info, text);
  }

  /** Writes a line that says that it went on, but not as wished. */
  warn(text: string): void {
    log(Level.Warn, text);
  }

  /** Writes a line that says that it did not go on. */
  error(text: string): void {
    log(Level.Error, text);
  }

  /** The time of the turn, in milliseconds since 1970 UTC; in tests it stands where the test put it. It needs Can.Clock. */
  now(): i64 {
    return host_now();
  }

  /** Random bytes, which a test with the same seed sees again. It needs Can.Random. */
  random(length: i32): Uint8Array {
    const out = new Uint8Array(length);
    for (let from = 0; from < length; from += MAX_RANDOM) {
      host_random(out.dataStart + from, min(length - from, MAX_RANDOM));
    }
    return out;
  }

  /** Draws a number from 0 to n - 1, each as likely as the others, and 0 if n is not above 0. It needs Can.Random. */
  dice(n: i32): i32 {
    if (n <= 1) return 0;
    // The last, incomplete run of n numbers would make some of them likelier: draws from it are drawn again.
    const whole = u32.MAX_VALUE - (u32.MAX_VALUE % <u32>n);
    const at = memory.data(4);
    while (true) {
      host_random(at, 4);
      const draw = load<u32>(at);
      if (draw < whole) return <i32>(draw % <u32>n);
    }
  }

  /** A setting that the owner of the bot has written for the plug-in; empty if there is none. It needs Can.Config with that name. */
  config(name: string): string {
    return given(Spaces.Config, name);
  }

  /** A key or password; empty if there is none. It needs Can.Secret with that name. Do not say or log it. */
  secret(name: string): string {
    return given(Spaces.Secret, name);
  }

  /**
   * The space of values that all people of the bot share, at most 1,000. It needs Can.State.
   *
   * A turn is taken again when a host dies in the middle of it: keep what a repetition does not spoil, for instance who has
   * booked and not how many.
   */
  state(): Space {
    return new Space(Spaces.State);
  }

  /** The space of values about the person, at most 100. It needs Can.Person. */
  person(): Space {
    return new Space(Spaces.Person);
  }

  /** Makes a request and waits for its answer; a call has 5. It needs Can.HTTP with the host of the address. */
  http(request: Request): Answer {
    const w = new Writer();
    request.write(w);
    let buffer = heap.alloc(FIRST_LOOK);
    const n = <i32>host_http(w.ptr, w.len, buffer, FIRST_LOOK);
    if (n > FIRST_LOOK) {
      buffer = heap.realloc(buffer, n);
      host_http(0, 0, buffer, n); // reads the last answer again
    }
    const answer = parseBytes(buffer, n);
    heap.free(buffer);
    w.free();
    return new Answer(answer);
  }

  /** Makes a GET request. See http. */
  get(url: string): Answer {
    return this.http(new Request(url));
  }
}

/** @internal */
export type Look = (key: usize, key_len: u32, out: usize, out_cap: u32) => i32;

/**
 * Takes a text from the host, with a second look when it is longer than expected; null if it cannot be had.
 * @internal
 */
export function look(at: Look, key: string): string | null {
  const k = encode(key);
  let buffer = heap.alloc(FIRST_LOOK);
  let n = at(changetype<usize>(k), k.byteLength, buffer, FIRST_LOOK);
  if (n > FIRST_LOOK) {
    buffer = heap.realloc(buffer, n);
    n = at(changetype<usize>(k), k.byteLength, buffer, n);
  }
  let value: string | null = null;
  if (n >= 0) value = String.UTF8.decodeUnsafe(buffer, n);
  heap.free(buffer);
  return value;
}

function log(level: Level, text: string): void {
  const w = spoken(text);
  host_log(level, w.ptr, w.len);
}

const speech = new Writer();

/**
 * The UTF-8 of a text, until the next one is spoken.
 * @internal
 */
export function spoken(text: string): Writer {
  speech.reset();
  speech.plain(text);
  return speech;
}

function given(space: string, name: string): string {
  const value = new Space(space).get(name);
  return value === null ? "" : value;
}

/** Keeps values of the plug-in beyond a call. A key has up to 256 bytes, the name of the space among them, a value up to 16 KiB. */
export class Space {
  /** @internal */
  constructor(private name: string) {}

  /** The value of a key; empty if there is none, null if the store does not answer. */
  get(key: string): string | null {
    return look(host_get, this.name + ":" + key);
  }

  /** Writes the value of a key; an empty value removes it. */
  put(key: string, value: string): Status {
    const k = encode(this.name + ":" + key);
    const v = encode(value);
    return host_put(changetype<usize>(k), k.byteLength, changetype<usize>(v), v.byteLength);
  }

  /**
   * Writes a value if the key still has the value old (empty: none), otherwise the status is Status.Changed. Of several
   * people who try at the same time one succeeds.
   */
  swap(key: string, old: string, value: string): Status {
    const k = encode(this.name + ":" + key);
    const o = encode(old);
    const v = encode(value);
    return host_swap(
      changetype<usize>(k),
      k.byteLength,
      changetype<usize>(o),
      o.byteLength,
      changetype<usize>(v),
      v.byteLength,
    );
  }
}

/** A request to a web service. */
export class Request {
  method: string = "GET";
  /** Names and values. */
  headers: Map<string, string> = new Map();
  body: string = "";

  /** The address is http or https, of a host that is granted. */
  constructor(public url: string) {}

  /** @internal */
  write(w: Writer): void {
    w.open(0x7b);
    w.text("method", this.method);
    w.text("url", this.url);
    if (this.headers.size) {
      w.key("headers").open(0x7b);
      const names = this.headers.keys();
      for (let i = 0; i < names.length; i++) w.text(names[i], this.headers.get(names[i]));
      w.close(0x7d);
    }
    w.optional("body", this.body);
    w.close(0x7d);
  }
}

/** What a web service answered. Any status is an answer. */
export class Answer {
  /** Why there is no answer; empty if there is one. */
  error: string = "";
  /** The status of HTTP: 200, 404 and so on. */
  status: i32 = 0;
  private content: string = "";
  private coded: string = "";

  /** @internal */
  constructor(json: Json) {
    this.error = json.error.length ? json.error : json.get("error").text();
    if (!this.error.length) {
      this.status = <i32>json.get("status").number();
      this.content = json.get("body").text();
      this.coded = json.get("base64").text();
    }
  }

  /** The body as text; what is not UTF-8 in it becomes U+FFFD. */
  text(): string {
    if (!this.coded.length) return this.content;
    const bytes = this.bytes();
    return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
  }

  /** The body as it came. */
  bytes(): Uint8Array {
    if (this.coded.length) return decodeBase64(this.coded);
    return Uint8Array.wrap(encode(this.content));
  }

  /** The body as JSON; its error says why it is none. */
  json(): Json {
    const bytes = this.bytes();
    return parseBytes(bytes.dataStart, bytes.length);
  }
}

/** Decodes standard base64, in which bodies come that are no text; what does not belong there is passed over. */
function decodeBase64(text: string): Uint8Array {
  const out = new Uint8Array((text.length / 4) * 3 + 3);
  let bits: u32 = 0;
  let count = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    let value = 63;
    if (c >= 0x41 && c <= 0x5a) value = c - 0x41;
    else if (c >= 0x61 && c <= 0x7a) value = c - 0x47;
    else if (c >= 0x30 && c <= 0x39) value = c + 4;
    else if (c == 0x2b) value = 62;
    else if (c != 0x2f) continue;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[length++] = <u8>(bits >> count);
    }
  }
  return out.subarray(0, length);
}
