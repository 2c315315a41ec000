// A host for tests of directions on the machine of their author: it runs the module itself in Node.js. It reads tags as a script
// writes them, grants a plug-in what its manifest wants and nothing else, and records what a call does.
//
//   import { Stage } from "./direction/testing/index.mjs";
//
//   const stage = await Stage.load("hello.wasm");
//   assert.equal(stage.run("<hello to=Ann>").text, "Hello, Ann!");
//
// Limits of the server are not in it: footlight direction test runs the module on the host's own code.

import { readFile } from "node:fs/promises";
import { Host, Refusal } from "./host.mjs";
import { faults } from "./manifest.mjs";
import { read } from "./tag.mjs";

const DESCRIBE = 0;
const RUN = 1;

/** A host with one person and one plug-in. Its fields may be set before a call and looked at after it. */
export class Stage {
  /** Settings of the owner. */
  config = {};
  /** Keys and passwords. */
  secrets = {};
  /** Variables of the person. */
  vars = {};
  /** The plug-in's values for all. */
  state = {};
  /** The plug-in's values about the person. */
  person = {};
  /** Id of the person. */
  id = "ann";
  /** The topic that the person is in. */
  topic = "default";
  /** The time, in milliseconds since 1970 UTC. It stands. */
  now = Date.UTC(2026, 0, 5, 9);
  /** What random numbers come from. */
  seed = 1;
  /** What the module says about itself. */
  manifest;

  #module;
  #instance;
  #host;
  #services = [];

  /** Makes a stage for the module in a file. A manifest that a server would refuse throws. */
  static async load(file) {
    return new Stage(await WebAssembly.compile(await readFile(file)));
  }

  /** Makes a stage for a compiled module. */
  constructor(module) {
    this.#module = module;
    this.manifest = JSON.parse(this.#perform(new Host(this, []), DESCRIBE, ""));
    const found = faults(this.manifest);
    if (found.length) throw new Error("manifest: " + found.join("; "));
  }

  /**
   * Lets a web service answer, with a text or a Buffer. A * at the end of the address stands for anything; of several
   * services that fit, the one named last answers.
   */
  answer(url, status, body) {
    this.#services.push({ url, status, body: Buffer.from(body) });
  }

  /** Lets a web service not answer, for a reason such as timeout. */
  fail(url, why) {
    this.#services.push({ url, why });
  }

  /** @internal */
  service(url) {
    const serves = (s) => (s.url.endsWith("*") ? url.startsWith(s.url.slice(0, -1)) : s.url === url);
    return this.#services.findLast(serves);
  }

  /**
   * Calls a direction with a tag, written as in a script:
   *
   *     <weather city="New York" days=3>
   *     <shout>hello</shout>
   *
   * What it came to is an object: text stands in the place of the tag; error says why it failed, and is empty if it did not;
   * effects are what it did, in order (`emit Hello`, `cut`, `delay 2s`, `write name=Ann`); log are its lines (`info: asked
   * the service`). A tag that a server would not call the plug-in for has an error. A call that does what its wants do not
   * ask for throws, and so does a trap.
   */
  run(tag) {
    const { error, input } = read(this.manifest, this.id, tag);
    if (error) return { text: "", error, effects: [], log: [] };
    const host = new Host(this, this.manifest.wants ?? []);
    const outcome = JSON.parse(this.#perform(host, RUN, JSON.stringify(input)));
    return { text: outcome.text ?? "", error: outcome.error ?? "", effects: host.effects, log: host.log };
  }

  /** How many pages of memory, of 64 KiB each, the module uses. */
  get pages() {
    return this.#instance.exports.memory.buffer.byteLength / 65536;
  }

  #perform(host, operation, input) {
    this.#host = host;
    try {
      const { memory, dir_alloc, dir_call } = this.#started();
      const bytes = Buffer.from(input);
      const at = bytes.length ? dir_alloc(bytes.length) >>> 0 : 0;
      Buffer.from(memory.buffer).set(bytes, at);
      const result = BigInt.asUintN(64, dir_call(operation, at, bytes.length));
      return Buffer.from(memory.buffer, Number(result >> 32n), Number(result & 0xffffffffn)).toString();
    } catch (fault) {
      this.#instance = undefined; // a server does not call an instance again that has trapped
      if (fault instanceof WebAssembly.RuntimeError) fault.message += host.stderr && ": " + host.stderr;
      throw fault;
    }
  }

  /** The exports of an instance that has been started. */
  #started() {
    if (!this.#instance) {
      const memory = () => this.#instance.exports.memory;
      const functions = Host.imports(() => this.#host, memory);
      this.#instance = new WebAssembly.Instance(this.#module, functions);
      if (!this.#instance.exports.dir_abi_v1) throw new Error("this module speaks no ABI v1: dir_abi_v1 is missing");
      this.#instance.exports._initialize?.();
    }
    return this.#instance.exports;
  }
}

export { Refusal };
