//! One use of a tag.

use crate::json::{number, Reader};
use crate::plugin::{Attribute, Direction};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What the host says about a call: the parts of a text, without being copied where that can be.
pub(crate) struct Input<'a> {
    pub name: Cow<'a, str>,
    attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    block: Cow<'a, str>,
    person: Cow<'a, str>,
}

impl<'a> Input<'a> {
    pub fn read(text: &'a str) -> core::result::Result<Input<'a>, String> {
        let nothing = Cow::Borrowed("");
        let mut input =
            Input { name: nothing.clone(), attributes: Vec::with_capacity(8), block: nothing.clone(), person: nothing };
        let mut reader = Reader::new(text);
        if reader.peek() != b'{' {
            return Err(String::from("a call is missing"));
        }
        reader.fields(|r, key| {
            match &*key {
                "name" => input.name = r.word()?,
                "block" => input.block = r.word()?,
                "person" => input.person = r.word()?,
                "attributes" if r.peek() == b'{' => {
                    let attributes = &mut input.attributes;
                    r.fields(|r, key| {
                        attributes.push((key, r.word()?));
                        Ok(())
                    })?
                }
                _ => drop(r.value(0)?),
            }
            Ok(())
        })?;
        Ok(input)
    }
}

/// One use of a tag, such as `<hello to=Ann>`: what was written in it, and the way to the host.
///
/// The host has checked the attributes and filled in defaults, so a value that is there is of its kind. To ask for an
/// attribute that the direction does not declare is a mistake that no run can live with: it panics.
pub struct Call<'a> {
    direction: &'a Direction,
    input: &'a Input<'a>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(direction: &'a Direction, input: &'a Input<'a>) -> Call<'a> {
        Call { direction, input }
    }

    /// The name of the direction.
    pub fn name(&self) -> &str {
        self.direction.name
    }

    /// Whether an attribute has a value: from the tag, or its default.
    pub fn has(&self, attribute: &str) -> bool {
        self.attribute(attribute).is_some()
    }

    /// The value of an attribute of any kind; empty when it has none.
    pub fn text(&self, attribute: &str) -> &str {
        self.attribute(attribute).unwrap_or("")
    }

    /// The value of a number or an integer; 0 when it has none.
    pub fn number(&self, attribute: &str) -> f64 {
        self.attribute(attribute).and_then(number).unwrap_or(0.0)
    }

    /// The value of an integer; 0 when it has none.
    pub fn integer(&self, attribute: &str) -> i64 {
        self.attribute(attribute).and_then(|s| s.parse().ok()).unwrap_or(0)
    }

    /// The value of a boolean; false when it has none.
    pub fn boolean(&self, attribute: &str) -> bool {
        self.attribute(attribute) == Some("true")
    }

    /// The text between the tags of a block.
    pub fn block(&self) -> &str {
        &self.input.block
    }

    /// The id of the person, if the plug-in has the capability `person`, else empty.
    pub fn person_id(&self) -> &str {
        &self.input.person
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let declared = |a: &Attribute| a.name == name;
        if !self.direction.attributes.iter().any(declared) {
            panic!("direction {} declares no attribute {}", self.direction.name, name);
        }
        self.input.attributes.iter().rev().find(|a| a.0 == name).map(|a| &*a.1)
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
