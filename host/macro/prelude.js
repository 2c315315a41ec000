// What macros find in their world, and how the host starts them: see ground.js. The host
// evaluates this once for each set of macros, before them.
(function (ground) {
  'use strict';
  const { parse, stringify, apply, ask, shown, run, finish } = ground;
  const { defineProperty } = Object;
  const evaluate = eval;
  const macros = new Map();

  // value is what can be stored; undefined counts as null, which clears.
  function storable(value) {
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new TypeError('a ' + typeof value + ' cannot be stored in a variable');
    }
    return value === undefined ? null : value;
  }

  const name = (value) => String(value);
  const rs = {
    currentUser: () => ask('currentUser'),
    getUservar: (user, variable) => ask('getUservar', name(user), name(variable)),
    setUservar(user, variable, value) { ask('setUservar', name(user), name(variable), storable(value)); },
    getUservars: (user) => ask('getUservars', name(user)),
    setUservars(user, values) {
      for (const variable of Object.keys(values)) rs.setUservar(user, variable, values[variable]);
    },
    clearUservars(user) { ask('clearUservars', name(user)); },
    getBotvar: (variable) => ask('getBotvar', name(variable)),
    setBotvar(variable, value) { ask('setBotvar', name(variable), value == null ? '' : text(value)); },
    getBotvars: () => ask('getBotvars'),
    reply: (user, message) => ask('reply', name(user), name(message)),
    lastMatch: (user) => ask('lastMatch', name(user)),
    initialMatch: (user) => ask('initialMatch', name(user)),
    lastTriggers: (user) => ask('lastTriggers', name(user)),
    freezeUservars(user) { ask('freezeUservars', name(user)); },
    thawUservars(user, action) { ask('thawUservars', name(user), action === undefined ? 'thaw' : name(action)); },
    escape: (value) => String(value).replace(/[\\<^]/g, '\\$&'),
  };
  rs.getVariable = rs.getBotvar;
  rs.setVariable = rs.setBotvar;

  // text is a result as the person will read it.
  function text(value) {
    if (value === undefined || value === null) return '';
    if (typeof value === 'object') {
      const json = stringify(value);
      return json === undefined ? '' : json;
    }
    return typeof value === 'function' ? '' : String(value);
  }

  const log = (...values) => { ask('log', values.map(shown).join(' ')); };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  Math.random = () => ask('random');

  // A library is read when it is first asked for.
  function library(global) {
    const place = (value) => defineProperty(globalThis, global, { value, configurable: true, enumerable: true, writable: true });
    defineProperty(globalThis, global, {
      configurable: true,
      get() {
        place(undefined);
        evaluate(ask('library', global));
        return globalThis[global];
      },
      set: place,
    });
  }
  library('_');
  library('moment');

  // start runs a macro as far as it goes without waiting.
  function start(level, macro, args) {
    const self = {
      get httpData() {
        const value = ask('httpData');
        defineProperty(self, 'httpData', { value, configurable: true, enumerable: true, writable: true });
        return value;
      },
    };
    run(level, apply(macros.get(macro), self, [rs, parse(args)]));
  }

  return {
    start,
    finish: (level, most) => finish(level, text, most),
    define(macro, body) { macros.set(macro, body); },
    read(global) { return String(typeof globalThis[global]); },
  };
})
