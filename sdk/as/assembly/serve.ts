// What the module is, and what it leaves behind when it gives up.

import { Plugin } from "./plugin";

let current: Plugin | null = null;

/** Makes a plug-in what the module is. */
export function serve(plugin: Plugin): void {
  current = plugin;
}

/** @internal */
export function served(): Plugin | null {
  return current;
}

// @ts-ignore: the decorator is AssemblyScript's
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: i32, parts: usize, count: i32, written: usize): i32;

/**
 * What the language calls before it gives up. The reason goes to standard error, which unlike the log needs no capability:
 * without one nothing is shown.
 * @internal
 */
// @ts-ignore: the decorator is AssemblyScript's
@global
export function direction_abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const words = message === null ? "it gave up" : message;
  const where = file === null ? "" : " at " + file + ":" + line.toString() + ":" + column.toString();
  const bytes = String.UTF8.encode(words + where);
  const parts = memory.data(12);
  store<u32>(parts, <u32>changetype<usize>(bytes));
  store<u32>(parts, bytes.byteLength, 4);
  fd_write(2, parts, 1, parts + 8);
  unreachable();
}
