import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "./direction/testing/index.mjs";

const stage = await Stage.load("newdirection.wasm");

test("newdirection says hello", () => {
  for (const [tag, text] of [
    ["<newdirection>", "Hello, you!"],
    ['<newdirection to="Ann Bo">', "Hello, Ann Bo!"],
    ["<newdirection to=Ann times=3>", "Hello, hello, hello, Ann!"],
  ]) {
    const got = stage.run(tag);
    assert.deepEqual([got.text, got.error], [text, ""], tag);
  }
});

test("newdirection is short", () => {
  assert.equal(stage.run("<newdirection times=6>").error, "attribute times: 6 is above 5");
});
