// Makes calls with a client of other people's and tells what came of each.
//
// Reads one JSON object from the standard input: how the client is made (config), and the calls in
// order, each with a name, a method and arguments. An argument {"file": "name"} is the contents of a
// file as a stream; a text "$call.key" is what an earlier call of that name brought. Writes
// {"name": …, "value": …} or {"name": …, "error": …} for each call, one to a line.
'use strict';

const fs = require('fs');
const { MessengerClient } = require('messaging-api-messenger');

const { config, calls } = JSON.parse(fs.readFileSync(0, 'utf8'));
const client = new MessengerClient(config);
const brought = {};

function filled(argument) {
  if (typeof argument === 'string' && argument.startsWith('$')) {
    return argument.slice(1).split('.').reduce((at, key) => at[key], brought);
  }
  if (Array.isArray(argument)) return argument.map(filled);
  if (argument === null || typeof argument !== 'object') return argument;
  if (typeof argument.file === 'string') return fs.createReadStream(argument.file);
  return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, filled(value)]));
}

// reason is the error of the Graph API where it is one of its, else what went wrong.
function reason(error) {
  const answer = error.response && error.response.data && error.response.data.error;
  return answer ? { code: answer.code, subcode: answer.errorSubcode, message: answer.message } : { message: String(error) };
}

(async () => {
  for (const { name, method, args } of calls) {
    let line;
    try {
      brought[name] = await client[method](...filled(args));
      line = { name, value: brought[name] };
    } catch (error) {
      line = { name, error: reason(error) };
    }
    console.log(JSON.stringify(line));
  }
})();
