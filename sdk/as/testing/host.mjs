// What the functions of the host do on a stage. Names, codes and limits are those of sdk/abi.

import { hostOf } from "./tag.mjs";

const OK = 0;
const CHANGED = 1;
const INVALID = -1;
const UNSET = -1; // of a variable
const FULL = -2;

const MAX_OUTPUT = 65536;
const MAX_KEY = 256;
const MAX_VALUE = 16384;
const MAX_KEYS = 1000;
const MAX_LOG_LINES = 50;
const MAX_EFFECTS = 100;
const MAX_REQUESTS = 5;

const LEVELS = ["debug", "info", "warn", "error"];

/** What a call may not do: it ends there, and a server uses the tag's fallback. */
export class Refusal extends Error {}

/** A stage during one call. */
export class Host {
  effects = [];
  log = [];
  stderr = "";
  #stage;
  #wants;
  #draw;
  #requests = 0;
  #said = 0;
  #answer = "";

  constructor(stage, wants) {
    this.#stage = stage;
    this.#wants = wants;
    this.#draw = BigInt(stage.seed);
  }

  /** Throws unless the plug-in wants the capability, with the item if there is one. */
  #need(capability, item = "") {
    const covers = (i) => i === item || (capability === "http" && i.startsWith("*.") && item.endsWith(i.slice(1)));
    const wanted = this.#wants.some((w) => w.capability === capability && (!item || w.items?.some(covers)));
    if (!wanted) throw new Refusal(`the plug-in uses ${capability} ${item}`.trim() + ", but its wants do not ask for it");
  }

  #did(effect) {
    this.effects.push(effect);
    if (this.effects.length > MAX_EFFECTS) throw new Refusal(`a call may do ${MAX_EFFECTS} things`);
  }

  write(level, text) {
    this.#need("log");
    if (this.log.length < MAX_LOG_LINES) this.log.push(`${LEVELS[level]}: ${text}`);
  }

  now() {
    this.#need("clock");
    return this.#stage.now;
  }

  /** One byte of splitmix64. */
  random() {
    this.#need("random");
    const word = (n) => BigInt.asUintN(64, n);
    this.#draw = word(this.#draw + 0x9e3779b97f4a7c15n);
    let z = this.#draw;
    z = word((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = word((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return Number((z ^ (z >> 31n)) & 0xffn);
  }

  /** The values that a key belongs to. */
  #space(key) {
    const colon = key.indexOf(":");
    const name = key.slice(colon + 1);
    switch (key.slice(0, Math.max(colon, 0))) {
      case "config":
        this.#need("config", name);
        return { values: this.#stage.config, name };
      case "secret":
        this.#need("secret", name);
        return { values: this.#stage.secrets, name };
      case "state":
        this.#need("state");
        return { values: this.#stage.state, name, writable: true };
      case "person":
        this.#need("person");
        return { values: this.#stage.person, name, writable: true };
    }
    return undefined;
  }

  get(key) {
    const space = this.#space(key);
    return space ? (space.values[space.name] ?? "") : INVALID;
  }

  put(key, value) {
    const { values, name, writable } = this.#space(key) ?? {};
    if (!writable || !name || Buffer.byteLength(key) > MAX_KEY) return INVALID;
    if (!value) {
      delete values[name];
    } else if (Buffer.byteLength(value) > MAX_VALUE || (!(name in values) && Object.keys(values).length >= MAX_KEYS)) {
      return FULL;
    } else {
      values[name] = value;
    }
    return OK;
  }

  swap(key, old, value) {
    const now = this.get(key);
    if (typeof now === "number") return now;
    return now === old ? this.put(key, value) : CHANGED;
  }

  http(request) {
    if (request) this.#answer = JSON.stringify(this.#ask(JSON.parse(request)));
    return this.#answer;
  }

  #ask({ url }) {
    const host = hostOf(url);
    if (!host) return { error: "this is no http address" };
    this.#need("http", host);
    if (++this.#requests > MAX_REQUESTS) throw new Refusal(`a call may make ${MAX_REQUESTS} requests`);
    const service = this.#stage.service(url);
    if (!service) throw new Refusal(`no answer for ${url}: add stage.answer("${url}", 200, "…")`);
    if (service.why) return { error: service.why };
    const { status, body } = service;
    const text = body.toString();
    return Buffer.from(text).equals(body) ? { status, body: text } : { status, base64: body.toString("base64") };
  }

  emit(text) {
    this.#need("emit");
    this.#said += Buffer.byteLength(text);
    if (this.#said > MAX_OUTPUT) throw new Refusal(`a call may say ${MAX_OUTPUT} bytes`);
    this.#did("emit " + text);
  }

  cut() {
    this.#need("cut");
    this.#did("cut");
  }

  delay(millis, keep) {
    this.#need("delay");
    this.#did(`delay ${millis / 1000}s${keep ? " keep" : ""}`);
  }

  attach(element) {
    this.#need("attach");
    const { name, args = [] } = JSON.parse(element);
    this.#did([name, ...args.map((a) => (typeof a === "string" ? a : JSON.stringify(a)))].join(" "));
    return OK;
  }

  quick(labels) {
    this.#need("quick");
    const list = JSON.parse(labels);
    if (!list.length || list.length > 13) return INVALID;
    this.#did("quick " + list.join(" | "));
    return OK;
  }

  read(name) {
    this.#need("read", name);
    return this.#stage.vars[name] ?? UNSET;
  }

  set(name, value) {
    this.#need("write", name);
    if (!name || name.startsWith("_")) return INVALID;
    this.#stage.vars[name] = value;
    this.#did(`write ${name}=${value}`);
    return OK;
  }

  clear(name) {
    this.#need("write", name);
    if (!name || name.startsWith("_")) return INVALID;
    delete this.#stage.vars[name];
    this.#did("clear " + name);
    return OK;
  }

  topic(name) {
    this.#need("topic");
    this.#stage.topic = name;
    this.#did("topic " + name);
  }

  remind(reminder) {
    this.#need("remind");
    const { name, text, time, cancel } = JSON.parse(reminder);
    if (!name || (!cancel && !time)) return INVALID;
    this.#did(cancel ? `cancel ${name}` : `remind ${name}, ${time}: ${text}`);
    return OK;
  }

  silence() {
    this.#need("silence");
    this.#did("silence");
  }

  /** What a module imports. Calls go to the host of the moment. */
  static imports(host, memory) {
    const view = (at, length) => Buffer.from(memory().buffer, at >>> 0, length >>> 0);
    const text = (at, length) => view(at, length).toString();
    /** Writes a value when it fits, and returns its length. A number is a status. */
    const fill = (value, at, room) => {
      if (typeof value === "number") return value;
      const bytes = Buffer.from(value);
      if (bytes.length <= room) view(at, bytes.length).set(bytes);
      return bytes.length;
    };
    return {
      "dir:host/v1": {
        log: (level, at, n) => host().write(level, text(at, n)),
        now: () => BigInt(host().now()),
        random: (at, n) => view(at, n).forEach((_, i, out) => (out[i] = host().random())),
        get: (key, n, out, room) => fill(host().get(text(key, n)), out, room),
        put: (key, n, value, m) => host().put(text(key, n), text(value, m)),
        swap: (key, n, old, m, value, l) => host().swap(text(key, n), text(old, m), text(value, l)),
        http: (at, n, out, room) => BigInt(fill(host().http(text(at, n)), out, room)),
        emit: (at, n) => host().emit(text(at, n)),
        cut: () => host().cut(),
        delay: (millis, keep) => host().delay(millis, keep !== 0),
        attach: (at, n) => host().attach(text(at, n)),
        quick: (at, n) => host().quick(text(at, n)),
        read: (at, n, out, room) => fill(host().read(text(at, n)), out, room),
        write: (at, n, value, m) => host().set(text(at, n), text(value, m)),
        clear: (at, n) => host().clear(text(at, n)),
        topic: (at, n) => host().topic(text(at, n)),
        remind: (at, n) => host().remind(text(at, n)),
        silence: () => host().silence(),
      },
      wasi_snapshot_preview1: {
        // What a module writes when it gives up.
        fd_write: (fd, parts, count, written) => {
          let total = 0;
          for (let i = 0; i < count; i++) {
            const part = view(parts + 8 * i, 8);
            const line = text(part.readUInt32LE(0), part.readUInt32LE(4));
            if (fd === 2) host().stderr += line;
            total += Buffer.byteLength(line);
          }
          view(written, 4).writeUInt32LE(total);
          return 0;
        },
      },
    };
  }
}
