// Generated from sdk/abi/abi.json; do not edit.

//! The contract as constants, and the functions of the host.

/// Major version of the contract that this library speaks.
pub const ABI_MAJOR: u32 = 1;
/// Minor version of the contract that this library speaks.
pub const ABI_MINOR: u32 = 0;

/// The operations of dir_call.
pub mod op {
    /// Nothing in, a manifest out. Called once, before anything is granted: host functions refuse.
    pub const DESCRIBE: u32 = 0;
    /// A call in, an outcome out.
    pub const RUN: u32 = 1;
}

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    /// for the author of the direction
    Debug = 0,
    /// what happened
    Info = 1,
    /// it went on, but not as wished
    Warn = 2,
    /// it did not go on
    Error = 3,
}

/// What host functions return that return a status.
pub mod status {
    /// it is done
    pub const OK: i32 = 0;
    /// swap: another value stands there; nothing was written
    pub const CHANGED: i32 = 1;
    /// an argument is not what it has to be: a space that cannot be written, a name the host keeps, JSON of another shape; nothing was done
    pub const INVALID: i32 = -1;
    /// a limit of the space is reached; nothing was written
    pub const FULL: i32 = -2;
    /// the place where values are kept does not answer; nothing is known
    pub const FAILED: i32 = -3;
}

/// The spaces of keys.
pub mod space {
    /// Values of the plug-in, shared by all people of the bot.
    pub const STATE: &str = "state";
    /// Values of the plug-in about the person it runs for.
    pub const PERSON: &str = "person";
    /// What the owner of the bot has written for the plug-in.
    pub const CONFIG: &str = "config";
    /// Keys and passwords, granted one by one.
    pub const SECRET: &str = "secret";
}

/// What a plug-in asks the owner of a bot for.
pub mod can {
    /// to write lines that are shown beside the turn
    pub const LOG: &str = "log";
    /// to know the time
    pub const CLOCK: &str = "clock";
    /// to draw random numbers
    pub const RANDOM: &str = "random";
    /// to read settings that the owner writes for it
    pub const CONFIG: &str = "config";
    /// to read secrets by name
    pub const SECRET: &str = "secret";
    /// to keep values for all people of the bot
    pub const STATE: &str = "state";
    /// to know the person's id and keep values about the person
    pub const PERSON: &str = "person";
    /// to ask hosts on the internet
    pub const HTTP: &str = "http";
    /// to say texts between other things it does
    pub const EMIT: &str = "emit";
    /// to end a message and begin another one
    pub const CUT: &str = "cut";
    /// to let what follows wait
    pub const DELAY: &str = "delay";
    /// to send images, files, cards and templates
    pub const ATTACH: &str = "attach";
    /// to offer quick replies
    pub const QUICK: &str = "quick";
    /// to read variables of the person
    pub const READ: &str = "read";
    /// to set variables of the person
    pub const WRITE: &str = "write";
    /// to switch the topic of the person
    pub const TOPIC: &str = "topic";
    /// to schedule reminders
    pub const REMIND: &str = "remind";
    /// to keep a whole reply back
    pub const SILENCE: &str = "silence";
}

/// The kinds of attributes.
pub mod kind {
    /// any text
    pub const TEXT: &str = "text";
    /// an optional sign, digits, optionally a point and digits
    pub const NUMBER: &str = "number";
    /// a number without a fraction
    pub const INTEGER: &str = "integer";
    /// true or false; a flag without value is true
    pub const BOOLEAN: &str = "boolean";
    /// one of the choices, in the case of the manifest
    pub const CHOICE: &str = "choice";
    /// an http or https address
    pub const URL: &str = "url";
}

/// The forms of tags.
pub mod form {
    /// <name …>: the text that run returns stands in its place
    pub const INLINE: &str = "inline";
    /// <name …>…</name>: run also gets the text between the two
    pub const BLOCK: &str = "block";
    /// <name …>: it does something and says nothing; a text that run returns is dropped
    pub const EFFECT: &str = "effect";
}

/// bytes: a manifest
pub const MAX_MANIFEST: usize = 65536;
/// bytes: an outcome, and all that a call says together
pub const MAX_OUTPUT: usize = 65536;
/// bytes: a key, its space included
pub const MAX_KEY: usize = 256;
/// bytes: a value of a space
pub const MAX_VALUE: usize = 16384;
/// keys: in the space state of one bot; in the space person of one person it is a tenth
pub const MAX_KEYS: usize = 1000;
/// bytes: keys and values of the space person of one person, all together
pub const MAX_PERSON: usize = 65536;
/// bytes: a line of the log; what is longer is cut off
pub const MAX_LOG_LINE: usize = 1024;
/// lines: of the log in one call; the others are counted
pub const MAX_LOG_LINES: usize = 50;
/// effects: what one call may do: texts, cuts, delays, elements, variables, topics, reminders
pub const MAX_EFFECTS: usize = 100;
/// requests: in one call
pub const MAX_REQUESTS: usize = 5;
/// bytes: in one call of random
pub const MAX_RANDOM: usize = 65536;

#[cfg(target_arch = "wasm32")]
#[link(wasm_import_module = "dir:host/v1")]
extern "C" {
    /// Shows a line beside the turn.
    #[link_name = "log"]
    pub fn host_log(level: i32, text: *const u8, text_len: usize);
    /// The time of the turn in milliseconds since 1970 UTC; virtual in tests.
    #[link_name = "now"]
    pub fn host_now() -> i64;
    /// Fills the buffer with random bytes, drawn from the seed of the turn: a test that names a seed sees the same bytes again.
    #[link_name = "random"]
    pub fn host_random(out: *mut u8, out_cap: usize);
    /// Reads the value of a key, which begins with a space and a colon, such as state:seats. Returns the length of the value, 0 when there is none; the value is written only when it fits.
    #[link_name = "get"]
    pub fn host_get(key: *const u8, key_len: usize, out: *mut u8, out_cap: usize) -> i32;
    /// Writes the value of a key; an empty value removes the key. Returns a status.
    #[link_name = "put"]
    pub fn host_put(key: *const u8, key_len: usize, value: *const u8, value_len: usize) -> i32;
    /// Writes like put, but only if the value is still old (empty: if there is none). Returns the status changed when another value stands there.
    #[link_name = "swap"]
    pub fn host_swap(key: *const u8, key_len: usize, old: *const u8, old_len: usize, value: *const u8, value_len: usize) -> i32;
    /// Makes a request and returns the length of the answer, which is written only when it fits. An empty request makes none: it reads the last answer again.
    #[link_name = "http"]
    pub fn host_http(request: *const u8, request_len: usize, out: *mut u8, out_cap: usize) -> i64;
    /// Says a text, before the text that run returns. It is data: no tag in it has a meaning.
    #[link_name = "emit"]
    pub fn host_emit(text: *const u8, text_len: usize);
    /// Ends the message; what follows is a new one.
    #[link_name = "cut"]
    pub fn host_cut();
    /// What follows goes out that much later, 0 to 120,000 ms; when keep is not 0 it comes even if the person writes in between.
    #[link_name = "delay"]
    pub fn host_delay(millis: i32, keep: i32);
    /// Adds an element to the message: an image, a template, a card. Returns a status.
    #[link_name = "attach"]
    pub fn host_attach(element: *const u8, element_len: usize) -> i32;
    /// Adds quick replies to the message: a JSON list of 1 to 13 texts. Returns a status.
    #[link_name = "quick"]
    pub fn host_quick(labels: *const u8, labels_len: usize) -> i32;
    /// Reads a variable of the person. Returns the length of its value, -1 when it is not set; the value is written only when it fits.
    #[link_name = "read"]
    pub fn host_read(name: *const u8, name_len: usize, out: *mut u8, out_cap: usize) -> i32;
    /// Sets a variable of the person. Names with _ in front belong to the host. Returns a status.
    #[link_name = "write"]
    pub fn host_write(name: *const u8, name_len: usize, value: *const u8, value_len: usize) -> i32;
    /// Clears a variable of the person: it is not set any more. Returns a status.
    #[link_name = "clear"]
    pub fn host_clear(name: *const u8, name_len: usize) -> i32;
    /// Switches the topic of the person.
    #[link_name = "topic"]
    pub fn host_topic(name: *const u8, name_len: usize);
    /// Schedules a reminder or cancels one. Returns a status.
    #[link_name = "remind"]
    pub fn host_remind(reminder: *const u8, reminder_len: usize) -> i32;
    /// Nothing is sent in this turn, whatever else is said.
    #[link_name = "silence"]
    pub fn host_silence();
}
