//! What a direction may ask the host for. Each needs a capability, which the plug-in has to want and the owner to grant: a
//! call that uses one without ends at once, and the tag's `fallback` stands in its place.

#[cfg(target_arch = "wasm32")]
use crate::abi as raw;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::raw;

use crate::abi::{space, status, Level, MAX_RANDOM};
use crate::{Call, Error, Result};
use alloc::string::String;
use alloc::vec::Vec;

/// What a first look at a value of the host takes, in bytes; longer ones take a second look.
const FIRST_LOOK: usize = 512;

impl Call<'_> {
    /// Writes a line for yourself beside the turn. Lines are cut at 1,024 bytes, and a call has 50. It needs the capability
    /// `log`, like the other three.
    pub fn debug(&self, text: &str) {
        log(Level::Debug, text)
    }

    /// Writes a line that says what happened.
    pub fn info(&self, text: &str) {
        log(Level::Info, text)
    }

    /// Writes a line that says that it went on, but not as wished.
    pub fn warn(&self, text: &str) {
        log(Level::Warn, text)
    }

    /// Writes a line that says that it did not go on.
    pub fn error(&self, text: &str) {
        log(Level::Error, text)
    }

    /// The time of the turn, in milliseconds since 1970 UTC; in tests it stands where the test put it. It needs `clock`.
    pub fn now(&self) -> i64 {
        unsafe { raw::host_now() }
    }

    /// Fills the buffer with random bytes, which a test with the same seed sees again. It needs `random`.
    pub fn random(&self, out: &mut [u8]) {
        for part in out.chunks_mut(MAX_RANDOM) {
            unsafe { raw::host_random(part.as_mut_ptr(), part.len()) }
        }
    }

    /// Draws a number from 0 to n - 1, each as likely as the others, and 0 if n is 0. It needs `random`.
    pub fn dice(&self, n: u32) -> u32 {
        if n <= 1 {
            return 0;
        }
        // The last, incomplete run of n numbers would make some of them likelier: draws from it are drawn again.
        let whole = u32::MAX - u32::MAX % n;
        loop {
            let mut bytes = [0; 4];
            self.random(&mut bytes);
            let draw = u32::from_le_bytes(bytes);
            if draw < whole {
                return draw % n;
            }
        }
    }

    /// A setting that the owner of the bot has written for the plug-in; empty if there is none. It needs `config` with that
    /// name.
    pub fn config(&self, name: &str) -> String {
        get(space::CONFIG, name).unwrap_or_default()
    }

    /// A key or password; empty if there is none. It needs `secret` with that name. Do not say or log it.
    pub fn secret(&self, name: &str) -> String {
        get(space::SECRET, name).unwrap_or_default()
    }

    /// The space of values that all people of the bot share, at most 1,000. It needs `state`.
    ///
    /// A turn may be taken again when a host dies in the middle of it: write so that a repetition does no harm, for example
    /// who has booked rather than how many.
    pub fn state(&self) -> Space {
        Space(space::STATE)
    }

    /// The space of values about the person, at most 100. It needs `person`.
    pub fn person(&self) -> Space {
        Space(space::PERSON)
    }
}

fn log(level: Level, text: &str) {
    unsafe { raw::host_log(level as i32, text.as_ptr(), text.len()) }
}

/// Keeps values of the plug-in beyond a call. A key has up to 256 bytes, the name of the space among them, a value up to
/// 16 KiB.
pub struct Space(&'static str);

impl Space {
    /// The value of a key; empty if there is none. After an error nothing is known about it.
    pub fn get(&self, key: &str) -> Result<String> {
        get(self.0, key)
    }

    /// Writes the value of a key; an empty value removes it.
    pub fn put(&self, key: &str, value: &str) -> Result<()> {
        let key = full(self.0, key);
        done(unsafe { raw::host_put(key.as_ptr(), key.len(), value.as_ptr(), value.len()) })
    }

    /// Writes a value if the key still has the value `old` (empty: none), and says whether it did. Of several people who
    /// try at the same time one succeeds.
    pub fn swap(&self, key: &str, old: &str, value: &str) -> Result<bool> {
        let key = full(self.0, key);
        let status =
            unsafe { raw::host_swap(key.as_ptr(), key.len(), old.as_ptr(), old.len(), value.as_ptr(), value.len()) };
        if status == status::CHANGED {
            return Ok(false);
        }
        done(status).map(|_| true)
    }
}

fn full(space: &str, key: &str) -> String {
    [space, ":", key].concat()
}

fn get(space: &str, key: &str) -> Result<String> {
    let key = full(space, key);
    fetch(|out, cap| i64::from(unsafe { raw::host_get(key.as_ptr(), key.len(), out, cap) }))
}

/// Takes a text from the host, with a second look when it is longer than expected.
pub(crate) fn fetch(mut look: impl FnMut(*mut u8, usize) -> i64) -> Result<String> {
    let mut out: Vec<u8> = Vec::with_capacity(FIRST_LOOK);
    loop {
        let n = look(out.as_mut_ptr(), out.capacity());
        if n < 0 {
            return Err(refused(n as i32));
        }
        let n = n as usize;
        if n <= out.capacity() {
            // The host has written the first n bytes.
            unsafe { out.set_len(n) };
            return Ok(match String::from_utf8(out) {
                Ok(text) => text,
                Err(fault) => String::from_utf8_lossy(fault.as_bytes()).into_owned(),
            });
        }
        out.reserve(n);
    }
}

/// Makes an error of a status that is not ok.
pub(crate) fn done(status: i32) -> Result<()> {
    if status == status::OK {
        return Ok(());
    }
    Err(refused(status))
}

#[cold]
fn refused(status: i32) -> Error {
    Error::from(match status {
        status::FULL => "the space is full",
        status::FAILED => "the store does not answer",
        _ => "the host refused the argument",
    })
}
