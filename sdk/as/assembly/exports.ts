// What the host calls. The file of a plug-in exports it again: export * from ".../exports".

import { OP_DESCRIBE, OP_RUN } from "./abi";
import { Writer } from "./bytes";
import { Call } from "./call";
import { NOTHING_FREES, Plugin } from "./plugin";
import { served } from "./serve";

// What a call finds free, at least: a host has to replace an instance whose memory has grown, which costs more than a call.
// A collector makes do with little. Without one nothing is used twice, so there is more: pages of memory that no call has
// written to cost a host nothing.

/** Bytes that a call finds free where a collector frees. */
const ROOM: usize = 24 << 10;
/** Pages of 64 KiB that a call finds free where nothing does, unless that is more than is granted. */
const ROOM_PAGES: i32 = 3;

// What every call uses again, so that calls do not use up memory: the call itself, and the buffers that host and module hand each
// other.
const call = new Call();
let input: usize = 0;
let room: i32 = 0;
const output = new Writer();

export function dir_abi_v1(): void {}

export function dir_alloc(size: i32): usize {
  if (size > room) {
    if (input) heap.free(input);
    input = heap.alloc(size);
    room = size;
  }
  return input;
}

export function dir_call(op: i32, ptr: usize, len: i32): u64 {
  output.reset();
  const p = served();
  if (p === null) {
    fail("the module serves no plug-in");
  } else if (op == OP_DESCRIBE) {
    p.describe(output);
    makeRoom();
  } else if (op == OP_RUN) {
    run(p, ptr, ptr + len);
  } else {
    fail("the direction does not know this operation");
  }
  return ((<u64>output.ptr) << 32) | output.len;
}

/** Tidies the memory of which the host then takes an image, from which every call begins. */
function makeRoom(): void {
  if (NOTHING_FREES) {
    memory.grow(ROOM_PAGES);
  } else {
    __collect();
    heap.free(heap.alloc(ROOM));
  }
}

function run(plugin: Plugin, start: usize, end: usize): void {
  const unreadable = call.begin(plugin, start, end);
  if (unreadable.length) {
    fail(unreadable);
    return;
  }
  const text = call.run();
  if (call.reason.length) {
    fail(call.reason);
    return;
  }
  output.open(0x7b);
  output.optional("text", text);
  output.close(0x7d);
}

function fail(reason: string): void {
  output.open(0x7b);
  output.text("error", reason);
  output.close(0x7d);
}
