//! What a panic leaves behind: a line on standard error, which the host shows beside the turn.

use alloc::string::ToString;
use core::fmt::Display;

#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    fn fd_write(fd: i32, parts: *const Part, count: usize, written: *mut usize) -> i32;
}

#[repr(C)]
struct Part {
    text: *const u8,
    len: usize,
}

/// Writes down why the module is about to end. Unlike `log` it needs no capability: without one nothing is shown.
pub fn report(info: &dyn Display) {
    let line = info.to_string();
    let part = Part { text: line.as_ptr(), len: line.len() };
    let mut written = 0;
    unsafe { fd_write(2, &part, 1, &mut written) };
}
