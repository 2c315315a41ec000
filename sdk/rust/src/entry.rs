//! What the host calls. `plugin!` exports it.

use crate::abi::op;
use crate::call::{Call, Input};
use crate::plugin::Plugin;
use crate::text::Object;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

/// The buffers that host and module hand each other. They are kept, so that calls do not use up memory.
pub struct Entry {
    input: UnsafeCell<Vec<u8>>,
    output: UnsafeCell<String>,
}

// The host never enters an instance twice, and there are no threads.
unsafe impl Sync for Entry {}

impl Entry {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Entry {
        Entry { input: UnsafeCell::new(Vec::new()), output: UnsafeCell::new(String::new()) }
    }

    /// A buffer for the host to write to before the next call.
    pub fn alloc(&self, size: usize) -> *mut u8 {
        let input = unsafe { &mut *self.input.get() };
        input.clear();
        input.reserve(size);
        input.as_mut_ptr()
    }

    /// Does what `op` says, and returns address << 32 | length of the result.
    ///
    /// # Safety
    /// The `len` bytes at `ptr` have been written.
    pub unsafe fn call(&self, plugin: &Plugin, op: u32, ptr: *const u8, len: usize) -> u64 {
        let input = if len == 0 { &[] } else { core::slice::from_raw_parts(ptr, len) };
        let output = &mut *self.output.get();
        *output = answer(plugin, op, input);
        (output.as_ptr() as usize as u64) << 32 | output.len() as u64
    }
}

/// What the plug-in answers to an operation: a manifest or an outcome.
pub(crate) fn answer(plugin: &Plugin, op: u32, input: &[u8]) -> String {
    if op == op::DESCRIBE {
        return plugin.manifest();
    }
    let mut o = Object::new();
    match run(plugin, op, input) {
        Ok(text) => o.text_unless_empty("text", &text),
        Err(reason) => o.text("error", &reason),
    }
    o.end()
}

fn run(plugin: &Plugin, op: u32, input: &[u8]) -> Result<String, String> {
    if op != op::RUN {
        return Err(String::from("the direction does not know this operation"));
    }
    let text = core::str::from_utf8(input).map_err(|_| String::from("the call is no UTF-8"))?;
    let input = Input::read(text)?;
    match plugin.named(&input.name) {
        Some(direction) => (direction.run)(&Call::new(direction, &input)).map_err(String::from),
        None => Err(["this plug-in has no direction ", &input.name].concat()),
    }
}
