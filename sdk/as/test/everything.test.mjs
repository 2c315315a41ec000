import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { Refusal, Stage } from "../testing/index.mjs";

const near = (path) => new URL(path, import.meta.url);
const module = await WebAssembly.compile(readFileSync(near("../build/everything.wasm")));
const stage = () => new Stage(module);
const run = (tag) => stage().run(tag);

test("the manifest", () => {
  const { version, minor, directions, wants, time, memory } = stage().manifest;
  assert.deepEqual({ version, minor, time, memory }, { version: "1.0", minor: 0, time: 1500, memory: 1 << 20 });
  assert.deepEqual(directions[0].attributes[1], { name: "number", kind: "number", min: -1, max: 1.5 });
  assert.equal(directions[1].form, "block");
  assert.deepEqual(wants[7].items, ["api.example.org", "*.example.net"]);
});

test("attributes and blocks", () => {
  for (const [tag, text] of [
    ["<echo>", "nothing false  "],
    [
      `<echo text="a > b" number=-0.5 integer=7 boolean choice=Blue url=https://x.org/>`,
      "a > b -0.5 7 true Blue https://x.org/",
    ],
    [`<echo text='&quot; \\ \u{1f600}' number=1.50>`, "&quot; \\ \u{1f600} 1.5 false  "],
    ["<shout>straße <b></shout>", "STRASSE <B>"],
  ]) {
    const got = run(tag);
    assert.deepEqual([got.text, got.error], [text, ""], tag);
  }
});

test("tags that are refused", () => {
  for (const [tag, error] of [
    ["echo", "echo is no tag"],
    ["<echo text=>b", "something stands behind <echo>"],
    ["<nothing>", "the plug-in has no direction nothing"],
    ["<echo word=1>", "<echo> has no attribute word"],
    ["<echo number=2>", "attribute number: 2 is above 1.5"],
    ["<echo number=1e0>", "attribute number: 1e0 is no number"],
    ["<echo integer=1.5>", "attribute integer: 1.5 is no integer"],
    ["<echo boolean=yes>", "attribute boolean: yes is neither true nor false"],
    ["<echo choice=blue>", "attribute choice: blue is none of red, Blue"],
    ["<echo url=ftp://x>", "attribute url: ftp://x is no http address"],
    ["<act>", "attribute what is missing"],
    ["<shout>a", "</shout> is missing"],
  ]) {
    assert.equal(run(tag).error, error, tag);
  }
});

test("effects", () => {
  for (const [what, effects] of [
    ["emit", ['emit <b>"Hello"\n\u0001', "cut", "delay 1.5s", "delay 2s keep"]],
    ["clear", ["clear name"]],
    [
      "attach",
      [
        "image https://example.org/a.png",
        "link https://example.org More",
        'template {"template_type":"button","text":"é"}',
        "card Title   Yes=yes",
        "typing",
        "quick Yes | No",
      ],
    ],
    ["remind", ["remind tea, 5 minutes: pour", "remind late, 1767603601000: now", "cancel tea"]],
    ["silence", ["silence"]],
  ]) {
    assert.deepEqual(run(`<act what=${what}>`).effects, effects, what);
  }
  assert.equal(run("<act what=refused>").error, "the host refused the argument");
});

test("variables and topic", () => {
  const s = stage();
  s.vars.name = "Änn";
  assert.deepEqual(s.run("<act what=vars>").effects, ["write name=Änn!", "topic other"]);
  assert.deepEqual([s.vars.name, s.topic], ["Änn!", "other"]);
});

test("questions to the host", () => {
  const s = stage();
  s.config.city = "Oslo";
  s.secrets.KEY = "s3cret";
  s.answer("https://api.example.org/*", 201, '{"list":[0,{"n":1.50}]}');
  s.answer("https://b.example.net/", 200, Buffer.from([0xff, 0, 1]));
  s.fail("https://c.example.net/", "timeout");
  for (const [what, text] of [
    ["clock", "1767603600000"],
    ["bytes", "70000"],
    ["settings", "Oslo s3cret ann"],
    ["count", "10"],
    ["count", "20"],
    ["seat", "true false"],
    ["seat", "false false"],
    ["post", "201 1.50"],
    ["https://b.example.net/", "255,0,1"],
  ]) {
    const got = s.run(`<ask what=${what}>`);
    assert.deepEqual([got.text, got.error], [text, ""], what);
  }
  assert.deepEqual(s.run("<ask what=log>").log, ["debug: d", "info: i", "warn: w", "error: e"]);
  assert.equal(s.run("<ask what=full>").error, "the space is full");
  assert.equal(s.run("<ask what=https://c.example.net/>").error, "timeout");
});

test("values longer than the first look", () => {
  const s = stage();
  s.person.long = "x".repeat(5000);
  assert.equal(s.run("<ask what=count>").text, "5010");
});

test("dice follow the seed", () => {
  const s = stage();
  const first = s.run("<ask what=random>").text;
  assert.match(first, /^[0-5]{5}$/);
  assert.equal(s.run("<ask what=random>").text, first);
  s.seed = 2;
  assert.notEqual(s.run("<ask what=random>").text, first);
});

test("errors, traps and refusals are told apart", () => {
  const s = stage();
  assert.equal(s.run("<trip how=error>").error, "it did not want to");
  assert.throws(() => s.run("<trip how=panic>"), /it fell over at test\/everything.ts:\d+/);
  assert.throws(() => s.run("<trip how=undeclared>"), /declares no attribute where/);
  assert.throws(() => s.run("<trip how=unwanted>"), Refusal);
});

test("what a host has to wipe away", () => {
  const s = stage();
  assert.equal(s.run("<remember word=Rosebud>").text, "");
  assert.notEqual(s.run("<dig word=Sptfcve>").text, "0");
  assert.equal(s.run("<remember>").text, "Rosebud");
  assert.equal(run("<dig word=Sptfcve>").text, "0");
});

/** Compiles a plug-in with options beside those of asconfig.json. */
async function compile(source, ...options) {
  const folder = mkdtempSync(join(tmpdir(), "footlight-as-"));
  try {
    const file = join(folder, "made.wasm");
    const base = fileURLToPath(near(".."));
    const { error, stderr } = await asc.main([source, "--baseDir", base, "--config", "asconfig.json", "-o", file, ...options]);
    return { wrong: error && stderr.toString(), wasm: error ? null : readFileSync(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("garbage is collected where the runtime does it", async () => {
  const { wrong, wasm } = await compile("test/everything.ts", "--runtime", "incremental", "-O0");
  assert.equal(wrong, null);
  const s = new Stage(await WebAssembly.compile(wasm));
  for (let i = 0; i < 200; i++) assert.equal(s.run("<trip how=garbage>").text, "10890");
  assert.ok(s.pages <= 4, `${s.pages} pages`);
});

test("a plug-in that is stateless needs a runtime that frees", async () => {
  assert.match((await compile("test/stateless.ts")).wrong, /stateless: nothing frees .* make the runtime incremental/);
  assert.equal((await compile("test/stateless.ts", "--runtime", "incremental", "-O0")).wrong, null);
});

test("a call finds memory free", () => {
  const s = stage();
  assert.equal(s.run("<trip how=garbage>").text, "10890");
  const { pages } = s;
  assert.equal(s.run("<trip how=garbage>").text, "10890");
  assert.equal(s.pages, pages);
});

test("JSON", () => {
  const s = stage();
  const json = (source) => s.run(`<trip how=json json='${source}'>`);
  for (const [source, text] of [
    ['"\\"\\\\\\n\\u00e9\\/"', '"\\\né/'],
    ['"\\ud83d\\ude00\\ud83d\\u0041"', "\u{1f600}\ufffdA"],
    [" -0.5e+7 ", "-0.5e+7"],
    ["true", "true"],
    ['{"a":[1,{"b":[]}],"c":null}', ""],
  ]) {
    assert.deepEqual([json(source).text, json(source).error], [text, ""], source);
  }
  for (const [source, fault] of [
    ["", "a value is missing at byte 0"],
    ["[1", "it ends too early at byte 2"],
    ["[1 2]", "a comma is missing at byte 3"],
    ["[1,]", "a comma too many at byte 3"],
    ["{1:2}", "a key is missing at byte 1"],
    ['{"a" 2}', "a colon is missing at byte 5"],
    ["01", "this is no number at byte 2"],
    ["1.", "a digit is missing at byte 2"],
    ['"a', "a text has no end at byte 2"],
    ['"\\x"', "no such escape at byte 2"],
    ['"\\u00g0"', "four hex digits are missing at byte 5"],
    ["nul", "no value begins like this at byte 0"],
    ["1 1", "more after the value at byte 2"],
    ["[".repeat(100), "too deep at byte 65"],
  ]) {
    assert.equal(json(source).error, "json: " + fault, source);
  }
});

test("the stage keeps to the contract", { skip: !existsSync(near("../../abi/abi.json")) }, () => {
  const abi = JSON.parse(readFileSync(near("../../abi/abi.json")));
  const source = readFileSync(near("../testing/host.mjs"), "utf8");
  for (const { name, code } of abi.statuses) {
    const found = new RegExp(`^const ${name.toUpperCase()} = (-?\\d+);`, "m").exec(source);
    if (found) assert.equal(Number(found[1]), code, name);
  }
  for (const { name, value } of abi.limits) {
    const found = new RegExp(`^const ${name.toUpperCase()} = (\\d+);`, "m").exec(source);
    if (found) assert.equal(Number(found[1]), value, name);
  }
  for (const { name } of abi.functions) assert.match(source, new RegExp(`^ {8}${name}: \\(`, "m"), name);
});
