// What a plug-in in one file of JavaScript finds in its world, and how the host starts
// it: see ground.js. The host evaluates this before the file.
(function (ground) {
  'use strict';
  const { parse, stringify, ask, shown, failure, follow, run, finish } = ground;
  const resolve = Promise.resolve.bind(Promise);
  let exported = {};
  let fault = 'it waits for a promise at its top level that nothing will settle';

  const text = (value) => String(value);
  const statuses = { '-1': 'the host refused the argument', '-2': 'the space is full', '-3': 'the store does not answer' };
  function done(status) {
    if (status < 0) throw new Error(statuses[status]);
    return status === 0;
  }

  const logger = (level) => (...values) => { ask('log', level, values.map(shown).join(' ')); };
  const [debug, info, warn, error] = [0, 1, 2, 3].map(logger);
  globalThis.console = { log: info, debug, info, warn, error };
  Math.random = () => ask('random');

  const space = (name) => ({
    get: (key) => ask('get', name + ':' + key),
    put: (key, value) => { done(ask('put', name + ':' + key, text(value))); },
    swap: (key, old, value) => done(ask('swap', name + ':' + key, text(old), text(value))),
  });

  class Answer {
    constructor({ status = 0, body, base64, error }) { Object.assign(this, { status, body, base64, error }); }
    get ok() { return this.status >= 200 && this.status < 300; }
    json() { return parse(this.body); }
  }

  // stage is what a plug-in may ask of its host.
  const stage = Object.freeze({
    log: info, debug, info, warn, error,
    now: () => new Date(ask('now')),
    random: () => ask('random'),
    config: (name) => ask('get', 'config:' + name),
    secret: (name) => ask('get', 'secret:' + name),
    state: Object.freeze(space('state')),
    person: Object.freeze(space('person')),
    http: (request) => new Answer(ask('http', stringify(typeof request === 'string' ? { url: request } : request))),
    emit(value) { ask('emit', text(value)); },
    cut() { ask('cut'); },
    delay(seconds, { keep = false } = {}) { ask('delay', Math.round(seconds * 1000), Boolean(keep)); },
    attach(name, ...args) { done(ask('attach', stringify({ name: text(name), args }))); },
    quick(...labels) { done(ask('quick', stringify(labels.map(text)))); },
    read: (name) => ask('read', text(name)) ?? undefined,
    write(name, value) { done(ask('write', text(name), text(value))); },
    clear(name) { done(ask('clear', text(name))); },
    topic(name) { ask('topic', text(name)); },
    remind(name, time, words) { done(ask('remind', stringify({ name: text(name), time: text(time), text: text(words) }))); },
    cancel(name) { done(ask('remind', stringify({ name: text(name), cancel: true }))); },
    silence() { ask('silence'); },
  });

  // The last line of the file, which the host adds, hands over what it exports.
  globalThis.__direction = (all) => {
    delete globalThis.__direction;
    exported = all;
    fault = undefined;
  };

  // define waits for the file to have been evaluated.
  function define(evaluated) {
    follow(resolve(evaluated), () => {}, (error) => { fault = failure(error); });
  }

  // read is the manifest, or what keeps the file from being a plug-in.
  function read() {
    if (fault !== undefined) return stringify(fault);
    if (typeof exported.run !== 'function') return stringify({ problem: 'it exports no function run: write export function run(call, host) { … }' });
    try {
      const manifest = typeof exported.describe === 'function' ? exported.describe() : exported.manifest;
      if (manifest === undefined) return stringify({ problem: 'it exports no manifest: write export const manifest = { directions: [{ name: "…" }] }' });
      return stringify({ value: stringify(manifest) });
    } catch (error) {
      return stringify(failure(error));
    }
  }

  // start runs a call as far as it goes without waiting.
  function start(level, name, input) {
    run(level, (async () => exported.run(parse(input), stage))());
  }

  // outcome is what a call has come to, in the form of the contract.
  function outcome(value) {
    if (value === undefined || value === null) return '';
    if (typeof value === 'object') return stringify(value);
    return stringify({ text: String(value) });
  }

  return { start, finish: (level, most) => finish(level, outcome, most), define, read };
})
