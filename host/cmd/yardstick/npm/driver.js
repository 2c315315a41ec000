// Says messages to a brain in npm rivescript and tells how long the replies took.
// Usage: node driver.js FILE, where FILE is what npm.go writes; the answer is JSON.
"use strict";
const fs = require("fs");
const RiveScript = require("rivescript");

const user = "somebody";
const since = (began) => Number(process.hrtime.bigint() - began) / 1e3; // in microseconds

async function say(rs, task, message) {
  rs.clearUservars(user);
  rs.setUservars(user, task.vars);
  const reply = [message.last || "undefined"];
  rs.setUservar(user, "__history__", { input: [], reply });
  const began = process.hrtime.bigint();
  const text = await rs.reply(user, message.text);
  return { text, took: since(began) };
}

async function main() {
  const task = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const rs = new RiveScript({ utf8: false });
  const began = process.hrtime.bigint();
  if (!rs.stream(task.script, (error) => { throw new Error(error); })) {
    throw new Error("the brain cannot be read");
  }
  rs.sortReplies();
  const out = { load: since(began), classes: [] };
  for (const c of task.classes) {
    const times = [];
    const replies = [];
    const end = Date.now() + task.millis;
    for (let n = 0; n === 0 || (n < task.most && Date.now() < end); n++) {
      const message = c.messages[n % c.messages.length];
      const { text, took } = await say(rs, task, message);
      times.push(took);
      if (n < c.messages.length) {
        replies.push(text);
      }
    }
    times.sort((a, b) => a - b);
    out.classes.push({ name: c.name, p50: times[Math.floor(times.length / 2)], turns: times.length, replies });
  }
  process.stdout.write(JSON.stringify(out));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
