//! One use of a tag.

use crate::json::Json;
use crate::plugin::{Attribute, Direction};
use alloc::string::{String, ToString};

/// One use of a tag, such as `<hello to=Ann>`: what was written in it, and the way to the host.
///
/// The host has checked the attributes and filled in defaults, so a value that is there is of its kind. To ask for an
/// attribute that the direction does not declare is a mistake that no run can live with: it panics.
pub struct Call<'a> {
    direction: &'a Direction,
    attributes: &'a Json,
    block: &'a str,
    person: &'a str,
}

impl<'a> Call<'a> {
    pub(crate) fn new(direction: &'a Direction, json: &'a Json) -> Call<'a> {
        Call {
            direction,
            attributes: json.get("attributes"),
            block: json.get("block").text(),
            person: json.get("person").text(),
        }
    }

    /// The name of the direction.
    pub fn name(&self) -> &str {
        self.direction.name
    }

    /// Whether an attribute has a value: from the tag, or its default.
    pub fn has(&self, attribute: &str) -> bool {
        self.attribute(attribute).exists()
    }

    /// The value of an attribute of any kind; empty when it has none.
    pub fn text(&self, attribute: &str) -> &str {
        self.attribute(attribute).text()
    }

    /// The value of a number or an integer; 0 when it has none.
    pub fn number(&self, attribute: &str) -> f64 {
        self.attribute(attribute).number().unwrap_or(0.0)
    }

    /// The value of an integer; 0 when it has none.
    pub fn integer(&self, attribute: &str) -> i64 {
        self.attribute(attribute).integer().unwrap_or(0)
    }

    /// The value of a boolean; false when it has none.
    pub fn boolean(&self, attribute: &str) -> bool {
        self.attribute(attribute).boolean()
    }

    /// The text between the tags of a block.
    pub fn block(&self) -> &str {
        self.block
    }

    /// The id of the person, if the plug-in has the capability `person`, else empty.
    pub fn person_id(&self) -> &str {
        self.person
    }

    fn attribute(&self, name: &str) -> &Json {
        let declared = |a: &Attribute| a.name == name;
        if !self.direction.attributes.iter().any(declared) {
            panic!("direction {} declares no attribute {}", self.direction.name, name);
        }
        self.attributes.get(name)
    }
}

/// Why a direction failed: a reason in a few words, such as `no such place`. The tag's `fallback` stands in its place, and
/// the author of the script sees the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

/// What a direction and most functions of the host return.
pub type Result<T> = core::result::Result<T, Error>;

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Error {
    fn from(reason: &str) -> Error {
        Error(reason.to_string())
    }
}

impl From<String> for Error {
    fn from(reason: String) -> Error {
        Error(reason)
    }
}

impl From<Error> for String {
    fn from(error: Error) -> String {
        error.0
    }
}
