// Generated from sdk/abi/abi.json; do not edit.

/** The version of the contract that this library speaks. */
export const ABI_MAJOR: i32 = 1;
export const ABI_MINOR: i32 = 0;

// The operations of dir_call.
/** Nothing in, a manifest out. Called once, before anything is granted: host functions refuse. */
export const OP_DESCRIBE: i32 = 0;
/** A call in, an outcome out. */
export const OP_RUN: i32 = 1;

/** How much a line of the log matters. */
export enum Level {
  /** for the author of the direction */
  Debug = 0,
  /** what happened */
  Info = 1,
  /** it went on, but not as wished */
  Warn = 2,
  /** it did not go on */
  Error = 3,
}

/** What host functions return that return a status. */
export enum Status {
  /** it is done */
  OK = 0,
  /** swap: another value stands there; nothing was written */
  Changed = 1,
  /** an argument is not what it has to be: a space that cannot be written, a name the host keeps, JSON of another shape; nothing was done */
  Invalid = -1,
  /** a limit of the space is reached; nothing was written */
  Full = -2,
  /** the place where values are kept does not answer; nothing is known */
  Failed = -3,
}

/** The spaces of keys. */
export namespace Space {
  /** Values of the plug-in, shared by all people of the bot. */
  export const State: string = "state";
  /** Values of the plug-in about the person it runs for. */
  export const Person: string = "person";
  /** What the owner of the bot has written for the plug-in. */
  export const Config: string = "config";
  /** Keys and passwords, granted one by one. */
  export const Secret: string = "secret";
}

/** What a plug-in asks the owner of a bot for. */
export namespace Can {
  /** to write lines that are shown beside the turn */
  export const Log: string = "log";
  /** to know the time */
  export const Clock: string = "clock";
  /** to draw random numbers */
  export const Random: string = "random";
  /** to read settings that the owner writes for it */
  export const Config: string = "config";
  /** to read secrets by name */
  export const Secret: string = "secret";
  /** to keep values for all people of the bot */
  export const State: string = "state";
  /** to know the person's id and keep values about the person */
  export const Person: string = "person";
  /** to ask hosts on the internet */
  export const HTTP: string = "http";
  /** to say texts between other things it does */
  export const Emit: string = "emit";
  /** to end a message and begin another one */
  export const Cut: string = "cut";
  /** to let what follows wait */
  export const Delay: string = "delay";
  /** to send images, files, cards and templates */
  export const Attach: string = "attach";
  /** to offer quick replies */
  export const Quick: string = "quick";
  /** to read variables of the person */
  export const Read: string = "read";
  /** to set variables of the person */
  export const Write: string = "write";
  /** to switch the topic of the person */
  export const Topic: string = "topic";
  /** to schedule reminders */
  export const Remind: string = "remind";
  /** to keep a whole reply back */
  export const Silence: string = "silence";
}

/** The kinds of attributes. */
export namespace Kind {
  /** any text */
  export const Text: string = "text";
  /** an optional sign, digits, optionally a point and digits */
  export const Number: string = "number";
  /** a number without a fraction */
  export const Integer: string = "integer";
  /** true or false; a flag without value is true */
  export const Boolean: string = "boolean";
  /** one of the choices, in the case of the manifest */
  export const Choice: string = "choice";
  /** an http or https address */
  export const URL: string = "url";
}

/** The forms of tags. */
export namespace Form {
  /** <name …>: the text that run returns stands in its place */
  export const Inline: string = "inline";
  /** <name …>…</name>: run also gets the text between the two */
  export const Block: string = "block";
  /** <name …>: it does something and says nothing; a text that run returns is dropped */
  export const Effect: string = "effect";
}

// Limits.
/** bytes: a manifest */
export const MAX_MANIFEST: i32 = 65536;
/** bytes: an outcome, and all that a call says together */
export const MAX_OUTPUT: i32 = 65536;
/** bytes: a key, its space included */
export const MAX_KEY: i32 = 256;
/** bytes: a value of a space */
export const MAX_VALUE: i32 = 16384;
/** keys: in the space state of one bot; in the space person of one person it is a tenth */
export const MAX_KEYS: i32 = 1000;
/** bytes: keys and values of the space person of one person, all together */
export const MAX_PERSON: i32 = 65536;
/** bytes: a line of the log; what is longer is cut off */
export const MAX_LOG_LINE: i32 = 1024;
/** lines: of the log in one call; the others are counted */
export const MAX_LOG_LINES: i32 = 50;
/** effects: what one call may do: texts, cuts, delays, elements, variables, topics, reminders */
export const MAX_EFFECTS: i32 = 100;
/** requests: in one call */
export const MAX_REQUESTS: i32 = 5;
/** bytes: in one call of random */
export const MAX_RANDOM: i32 = 65536;

// The functions of the host.

/** Shows a line beside the turn. */
@external("dir:host/v1", "log")
export declare function host_log(level: i32, text: usize, text_len: u32): void;

/** The time of the turn in milliseconds since 1970 UTC; virtual in tests. */
@external("dir:host/v1", "now")
export declare function host_now(): i64;

/** Fills the buffer with random bytes, drawn from the seed of the turn: a test that names a seed sees the same bytes again. */
@external("dir:host/v1", "random")
export declare function host_random(out: usize, out_cap: u32): void;

/** Reads the value of a key, which begins with a space and a colon, such as state:seats. Returns the length of the value, 0 when there is none; the value is written only when it fits. */
@external("dir:host/v1", "get")
export declare function host_get(key: usize, key_len: u32, out: usize, out_cap: u32): i32;

/** Writes the value of a key; an empty value removes the key. Returns a status. */
@external("dir:host/v1", "put")
export declare function host_put(key: usize, key_len: u32, value: usize, value_len: u32): i32;

/** Writes like put, but only if the value is still old (empty: if there is none). Returns the status changed when another value stands there. */
@external("dir:host/v1", "swap")
export declare function host_swap(key: usize, key_len: u32, old: usize, old_len: u32, value: usize, value_len: u32): i32;

/** Makes a request and returns the length of the answer, which is written only when it fits. An empty request makes none: it reads the last answer again. */
@external("dir:host/v1", "http")
export declare function host_http(request: usize, request_len: u32, out: usize, out_cap: u32): i64;

/** Says a text, before the text that run returns. It is data: no tag in it has a meaning. */
@external("dir:host/v1", "emit")
export declare function host_emit(text: usize, text_len: u32): void;

/** Ends the message; what follows is a new one. */
@external("dir:host/v1", "cut")
export declare function host_cut(): void;

/** What follows goes out that much later, 0 to 120,000 ms; when keep is not 0 it comes even if the person writes in between. */
@external("dir:host/v1", "delay")
export declare function host_delay(millis: i32, keep: i32): void;

/** Adds an element to the message: an image, a template, a card. Returns a status. */
@external("dir:host/v1", "attach")
export declare function host_attach(element: usize, element_len: u32): i32;

/** Adds quick replies to the message: a JSON list of 1 to 13 texts. Returns a status. */
@external("dir:host/v1", "quick")
export declare function host_quick(labels: usize, labels_len: u32): i32;

/** Reads a variable of the person. Returns the length of its value, -1 when it is not set; the value is written only when it fits. */
@external("dir:host/v1", "read")
export declare function host_read(name: usize, name_len: u32, out: usize, out_cap: u32): i32;

/** Sets a variable of the person. Names with _ in front belong to the host. Returns a status. */
@external("dir:host/v1", "write")
export declare function host_write(name: usize, name_len: u32, value: usize, value_len: u32): i32;

/** Clears a variable of the person: it is not set any more. Returns a status. */
@external("dir:host/v1", "clear")
export declare function host_clear(name: usize, name_len: u32): i32;

/** Switches the topic of the person. */
@external("dir:host/v1", "topic")
export declare function host_topic(name: usize, name_len: u32): void;

/** Schedules a reminder or cancels one. Returns a status. */
@external("dir:host/v1", "remind")
export declare function host_remind(reminder: usize, reminder_len: u32): i32;

/** Nothing is sent in this turn, whatever else is said. */
@external("dir:host/v1", "silence")
export declare function host_silence(): void;

