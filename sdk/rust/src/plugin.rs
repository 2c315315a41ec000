//! What a plug-in is: its directions, their attributes, and what it asks the owner of a bot for.
//!
//! Everything is `const`, so a plug-in is data of the module and costs nothing when it is called.

use crate::abi::{form, kind, ABI_MINOR};
use crate::text::Object;
use crate::{Call, Result};
use alloc::string::String;

/// What a direction does: it gets the call, and returns the text that stands in the place of the tag, or why it failed.
pub type Run = fn(&Call) -> Result<String>;

/// A plug-in. It is described once, when the host admits the module.
pub struct Plugin {
    pub(crate) version: &'static str,
    description: &'static str,
    stateless: bool,
    pub(crate) directions: &'static [Direction],
    pub(crate) wants: &'static [Want],
    time: u32,
    memory: u32,
}

impl Plugin {
    /// A plug-in of a version, which is written as it likes.
    pub const fn new(version: &'static str) -> Plugin {
        Plugin { version, description: "", stateless: false, directions: &[], wants: &[], time: 0, memory: 0 }
    }

    /// What it is for, in a sentence.
    pub const fn description(mut self, sentence: &'static str) -> Plugin {
        self.description = sentence;
        self
    }

    /// Its tags; at least one.
    pub const fn directions(mut self, directions: &'static [Direction]) -> Plugin {
        self.directions = directions;
        self
    }

    /// What it asks for.
    pub const fn wants(mut self, wants: &'static [Want]) -> Plugin {
        self.wants = wants;
        self
    }

    /// Says that no call leaves anything behind in memory. Then the owner may save the cleaning between two people.
    pub const fn stateless(mut self) -> Plugin {
        self.stateless = true;
        self
    }

    /// How many milliseconds a call may take, at most 2,000.
    pub const fn time(mut self, millis: u32) -> Plugin {
        self.time = millis;
        self
    }

    /// How many bytes of memory it needs, at most 16 MiB.
    pub const fn memory(mut self, bytes: u32) -> Plugin {
        self.memory = bytes;
        self
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Direction> {
        self.directions.iter().find(|d| d.name == name)
    }

    /// The manifest as the host reads it.
    pub fn manifest(&self) -> String {
        let mut o = Object::new();
        o.text("version", self.version);
        o.number("minor", ABI_MINOR);
        o.text_unless_empty("description", self.description);
        if self.stateless {
            o.raw("stateless", "true");
        }
        o.list("directions", self.directions, Direction::json);
        o.list("wants", self.wants, Want::json);
        if self.time > 0 {
            o.number("time", self.time);
        }
        if self.memory > 0 {
            o.number("memory", self.memory);
        }
        o.end()
    }
}

/// A tag.
pub struct Direction {
    pub(crate) name: &'static str,
    pub(crate) form: &'static str,
    description: &'static str,
    pub(crate) attributes: &'static [Attribute],
    pub(crate) run: Run,
}

impl Direction {
    const fn new(name: &'static str, form: &'static str, run: Run) -> Direction {
        Direction { name, form, description: "", attributes: &[], run }
    }

    /// `<name …>`: the text that `run` returns stands in its place.
    pub const fn inline(name: &'static str, run: Run) -> Direction {
        Direction::new(name, form::INLINE, run)
    }

    /// `<name …>…</name>`: `run` also gets the text between the two.
    pub const fn block(name: &'static str, run: Run) -> Direction {
        Direction::new(name, form::BLOCK, run)
    }

    /// `<name …>`: it does something and says nothing.
    pub const fn effect(name: &'static str, run: Run) -> Direction {
        Direction::new(name, form::EFFECT, run)
    }

    /// What it does, in a sentence for authors of scripts.
    pub const fn description(mut self, sentence: &'static str) -> Direction {
        self.description = sentence;
        self
    }

    /// What it takes. Every direction takes `fallback` as well, which is the host's.
    pub const fn attributes(mut self, attributes: &'static [Attribute]) -> Direction {
        self.attributes = attributes;
        self
    }

    fn json(&self) -> String {
        let mut o = Object::new();
        o.text("name", self.name);
        o.text("form", self.form);
        o.text_unless_empty("description", self.description);
        o.list("attributes", self.attributes, Attribute::json);
        o.end()
    }
}

/// An attribute of a tag. The host checks it: a call only ever has values of the kind and in the range.
pub struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    description: &'static str,
    pub(crate) required: bool,
    pub(crate) default: &'static str,
    pub(crate) min: &'static str,
    pub(crate) max: &'static str,
    pub(crate) choices: &'static [&'static str],
}

impl Attribute {
    const fn new(name: &'static str, kind: &'static str) -> Attribute {
        Attribute { name, kind, description: "", required: false, default: "", min: "", max: "", choices: &[] }
    }

    /// Any text.
    pub const fn text(name: &'static str) -> Attribute {
        Attribute::new(name, kind::TEXT)
    }

    /// A number, with a fraction or without.
    pub const fn number(name: &'static str) -> Attribute {
        Attribute::new(name, kind::NUMBER)
    }

    /// A whole number.
    pub const fn integer(name: &'static str) -> Attribute {
        Attribute::new(name, kind::INTEGER)
    }

    /// True or false; a flag without a value is true.
    pub const fn boolean(name: &'static str) -> Attribute {
        Attribute::new(name, kind::BOOLEAN)
    }

    /// One of the choices.
    pub const fn choice(name: &'static str, choices: &'static [&'static str]) -> Attribute {
        let mut a = Attribute::new(name, kind::CHOICE);
        a.choices = choices;
        a
    }

    /// An http or https address.
    pub const fn url(name: &'static str) -> Attribute {
        Attribute::new(name, kind::URL)
    }

    /// The tag is an error without it.
    pub const fn required(mut self) -> Attribute {
        self.required = true;
        self
    }

    /// What it is when it is left out, written as in a tag.
    pub const fn default(mut self, value: &'static str) -> Attribute {
        self.default = value;
        self
    }

    /// Least value of a number or an integer, written as in a tag.
    pub const fn min(mut self, value: &'static str) -> Attribute {
        self.min = value;
        self
    }

    /// Greatest value of a number or an integer, written as in a tag.
    pub const fn max(mut self, value: &'static str) -> Attribute {
        self.max = value;
        self
    }

    /// What it means, in a sentence for authors of scripts.
    pub const fn description(mut self, sentence: &'static str) -> Attribute {
        self.description = sentence;
        self
    }

    fn json(&self) -> String {
        let mut o = Object::new();
        o.text("name", self.name);
        o.text("kind", self.kind);
        o.text_unless_empty("description", self.description);
        if self.required {
            o.raw("required", "true");
        }
        o.text_unless_empty("default", self.default);
        o.raw_unless_empty("min", self.min);
        o.raw_unless_empty("max", self.max);
        o.texts("choices", self.choices);
        o.end()
    }
}

/// A wish, which the owner of a bot grants or not.
pub struct Want {
    pub(crate) capability: &'static str,
    pub(crate) items: &'static [&'static str],
    pub(crate) reason: &'static str,
}

impl Want {
    /// A capability of [`crate::can`], and why, in a sentence the owner understands.
    pub const fn new(capability: &'static str, reason: &'static str) -> Want {
        Want { capability, items: &[], reason }
    }

    /// A capability that is granted piece by piece: hosts, names of settings, of secrets or of variables.
    pub const fn of(capability: &'static str, items: &'static [&'static str], reason: &'static str) -> Want {
        Want { capability, items, reason }
    }

    fn json(&self) -> String {
        let mut o = Object::new();
        o.text("capability", self.capability);
        o.texts("items", self.items);
        o.text("reason", self.reason);
        o.end()
    }
}
