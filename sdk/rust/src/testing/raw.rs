//! The functions of the host as a module imports them, on the stage of the thread. That they have the same shape as the real
//! ones lets tests go through the same code as calls do.
//!
//! # Safety
//! As with the real ones, pointers and lengths name memory of the caller.

#![allow(clippy::missing_safety_doc)]

use super::host::current;
use std::slice::{from_raw_parts, from_raw_parts_mut};
use std::str;

unsafe fn text<'a>(ptr: *const u8, len: usize) -> &'a str {
    str::from_utf8(from_raw_parts(ptr, len)).expect("texts are UTF-8")
}

/// What `read` returns for a variable that is not set.
const UNSET: i32 = -1;

/// Writes a value when it fits, and returns its length.
unsafe fn fill(value: &str, out: *mut u8, cap: usize) -> i32 {
    if value.len() <= cap {
        out.copy_from_nonoverlapping(value.as_ptr(), value.len());
    }
    value.len() as i32
}

pub unsafe fn host_log(level: i32, line: *const u8, len: usize) {
    current(|h| h.log(level, text(line, len)))
}

pub unsafe fn host_now() -> i64 {
    current(|h| h.now())
}

pub unsafe fn host_random(out: *mut u8, cap: usize) {
    current(|h| from_raw_parts_mut(out, cap).iter_mut().for_each(|b| *b = h.random()))
}

pub unsafe fn host_get(key: *const u8, key_len: usize, out: *mut u8, cap: usize) -> i32 {
    match current(|h| h.get(text(key, key_len))) {
        Ok(value) => fill(&value, out, cap),
        Err(status) => status,
    }
}

pub unsafe fn host_put(key: *const u8, key_len: usize, value: *const u8, len: usize) -> i32 {
    current(|h| h.put(text(key, key_len), text(value, len)))
}

pub unsafe fn host_swap(
    key: *const u8,
    key_len: usize,
    old: *const u8,
    old_len: usize,
    value: *const u8,
    len: usize,
) -> i32 {
    current(|h| h.swap(text(key, key_len), text(old, old_len), text(value, len)))
}

pub unsafe fn host_http(request: *const u8, len: usize, out: *mut u8, cap: usize) -> i64 {
    current(|h| {
        if len > 0 {
            h.http(text(request, len));
        }
        i64::from(fill(&h.answer, out, cap))
    })
}

pub unsafe fn host_emit(said: *const u8, len: usize) {
    current(|h| h.emit(text(said, len)))
}

pub unsafe fn host_cut() {
    current(|h| h.cut())
}

pub unsafe fn host_delay(millis: i32, keep: i32) {
    current(|h| h.delay(millis, keep != 0))
}

pub unsafe fn host_attach(element: *const u8, len: usize) -> i32 {
    current(|h| h.attach(text(element, len)))
}

pub unsafe fn host_quick(labels: *const u8, len: usize) -> i32 {
    current(|h| h.quick(text(labels, len)))
}

pub unsafe fn host_read(name: *const u8, name_len: usize, out: *mut u8, cap: usize) -> i32 {
    current(|h| h.read(text(name, name_len))).map_or(UNSET, |value| fill(&value, out, cap))
}

pub unsafe fn host_write(name: *const u8, name_len: usize, value: *const u8, len: usize) -> i32 {
    current(|h| h.write(text(name, name_len), text(value, len)))
}

pub unsafe fn host_clear(name: *const u8, len: usize) -> i32 {
    current(|h| h.clear(text(name, len)))
}

pub unsafe fn host_topic(name: *const u8, len: usize) {
    current(|h| h.topic(text(name, len)))
}

pub unsafe fn host_remind(reminder: *const u8, len: usize) -> i32 {
    current(|h| h.remind(text(reminder, len)))
}

pub unsafe fn host_silence() {
    current(|h| h.silence())
}
