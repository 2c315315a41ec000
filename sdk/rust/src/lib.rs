//! Directions for Footlight in Rust: tags such as `<hello to="Ann">` that a WebAssembly module answers.
//!
//! ```
//! use direction::{Attribute, Call, Direction, Plugin, Result};
//!
//! static PLUGIN: Plugin = Plugin::new("1.0").directions(&[
//!     Direction::inline("hello", hello).attributes(&[Attribute::text("to").default("you")]),
//! ]);
//!
//! fn hello(call: &Call) -> Result<String> {
//!     Ok(format!("Hello, {}!", call.text("to")))
//! }
//!
//! direction::plugin!(PLUGIN);
//! # fn main() {}
//! ```
//!
//! The crate needs `alloc` and nothing else. Outside of WebAssembly it comes with a [`Stage`] for tests.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![warn(missing_docs)]

extern crate alloc;

#[rustfmt::skip]
pub mod abi;
mod call;
#[doc(hidden)]
pub mod entry;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod heap;
mod host;
mod http;
mod json;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod panic;
mod plugin;
mod stage;
#[cfg(not(target_arch = "wasm32"))]
mod testing;
mod text;

pub use abi::{can, Level};
pub use call::{Call, Error, Result};
pub use host::Space;
pub use http::{Answer, Request};
pub use json::{parse_json, Json};
pub use plugin::{Attribute, Direction, Plugin, Run, Want};
pub use stage::at;
#[cfg(not(target_arch = "wasm32"))]
pub use testing::{Outcome, Stage};
pub use text::{escape, quote};

/// Makes the module answer for a plug-in: `direction::plugin!(PLUGIN);` once, in the crate that is compiled to WebAssembly.
///
/// `direction::plugin!(PLUGIN, no_std)` is for a crate that says `#![no_std]`; it needs Rust 1.68 or later.
#[macro_export]
macro_rules! plugin {
    ($plugin:expr) => {
        $crate::plugin!(@exports $plugin);

        /// Runs once, before the first call.
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn _initialize() {
            std::panic::set_hook(Box::new(|info| $crate::panic::report(info)));
        }
    };
    ($plugin:expr, no_std) => {
        $crate::plugin!(@exports $plugin);

        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn panicked(info: &core::panic::PanicInfo) -> ! {
            $crate::panic::report(info);
            core::arch::wasm32::unreachable()
        }
    };
    (@exports $plugin:expr) => {
        #[cfg(target_arch = "wasm32")]
        mod direction_exports {
            use super::*;

            #[global_allocator]
            static HEAP: $crate::heap::Heap = $crate::heap::Heap::new();

            static ENTRY: $crate::entry::Entry = $crate::entry::Entry::new();

            #[no_mangle]
            pub extern "C" fn dir_abi_v1() {}

            #[no_mangle]
            pub extern "C" fn dir_alloc(size: usize) -> *mut u8 {
                ENTRY.alloc(size)
            }

            #[no_mangle]
            pub unsafe extern "C" fn dir_call(op: u32, ptr: *const u8, len: usize) -> u64 {
                ENTRY.call(&$plugin, op, ptr, len)
            }
        }
    };
}
