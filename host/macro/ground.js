// What all JavaScript of a bot stands on: macros and plug-ins. The host evaluates this
// first, and hands what it returns to prelude.js or direction.js. Everything goes through
// one function of the host: a name and its arguments as JSON in, an answer as JSON out.
// What is needed later is taken here, so that nobody can take it away.
(function (host) {
  'use strict';
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const running = {};

  function ask(name, ...args) {
    const answer = parse(host(name, stringify(args)));
    if (answer.problem !== undefined) throw new Error(answer.problem);
    return answer.value;
  }

  // shown is a value as the log has it.
  function shown(value) {
    if (typeof value !== 'object' || value === null || value instanceof Error) return String(value);
    try { return stringify(value) ?? ''; } catch { return String(value); }
  }

  function failure(error) {
    try {
      if (error instanceof Error) return { problem: String(error.message), kind: String(error.name), stack: String(error.stack) };
      return { problem: shown(error) };
    } catch {
      return { problem: 'an exception that has no text' };
    }
  }

  // follow notes what comes of a promise.
  const follow = (promise, kept, broken) => apply(then, promise, [kept, broken]);

  // run is what a call has begun; finish asks for it.
  function run(level, promise) {
    const call = { settled: false };
    running[level] = call;
    follow(promise,
      (value) => { call.settled = true; call.value = value; },
      (error) => { call.settled = call.failed = true; call.value = error; });
  }

  // finish tells what came of a call, in the words of tell. What is longer than most is not worth its way to the host.
  function finish(level, tell, most) {
    const call = running[level];
    delete running[level];
    if (!call) return stringify({ problem: 'it could not be started' });
    if (!call.settled) return stringify({ problem: 'it waits for a promise that nothing will settle' });
    if (call.failed) return stringify(failure(call.value));
    try {
      const value = tell(call.value);
      return stringify(value?.length > most ? { long: true } : { value });
    } catch (error) {
      return stringify(failure(error));
    }
  }

  return { parse, stringify, apply, ask, shown, failure, follow, run, finish };
})
