//! JSON without a library: what an answer of a web service or a stored value is read with.

use crate::text::push_json;
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// How deep lists and objects may stand in each other; it keeps a hostile answer from using up the stack.
const MAX_DEPTH: u32 = 64;

/// A value read by [`parse_json`], or made to be written with `to_string`.
///
/// Asking a value for what it does not have gives [`Json::Absent`] or something empty, so a path into an answer needs no
/// checks on its way: `answer.get("list").at(0).get("temp").number()`.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// What is not there.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The digits as they were written, so that no precision is lost.
    Number(String),
    /// A text, without its escapes.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Keys and values in the order of the source.
    Object(Vec<(String, Json)>),
}

static ABSENT: Json = Json::Absent;

impl Json {
    /// The value of a key; of equal keys the last one.
    pub fn get(&self, key: &str) -> &Json {
        match self {
            Json::Object(fields) => fields.iter().rev().find(|f| f.0 == key).map_or(&ABSENT, |f| &f.1),
            _ => &ABSENT,
        }
    }

    /// The element of a list at a position, counted from 0.
    pub fn at(&self, i: usize) -> &Json {
        match self {
            Json::List(list) => list.get(i).unwrap_or(&ABSENT),
            _ => &ABSENT,
        }
    }

    /// How many elements a list or an object has; 0 for all others.
    pub fn len(&self) -> usize {
        match self {
            Json::List(list) => list.len(),
            Json::Object(fields) => fields.len(),
            _ => 0,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value is there; null is.
    pub fn exists(&self) -> bool {
        *self != Json::Absent
    }

    /// A text as it is, a number as it was written, `true` or `false`, and empty for everything else.
    pub fn text(&self) -> &str {
        match self {
            Json::Text(s) | Json::Number(s) => s,
            Json::Bool(true) => "true",
            Json::Bool(false) => "false",
            _ => "",
        }
    }

    /// A number, or a text that is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Json::Text(s) | Json::Number(s) => number(s),
            _ => None,
        }
    }

    /// A whole number, or a text that is one.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Json::Text(s) | Json::Number(s) => s.parse().ok(),
            _ => None,
        }
    }

    /// Whether the value is `true`.
    pub fn boolean(&self) -> bool {
        *self == Json::Bool(true)
    }
}

impl From<&str> for Json {
    fn from(s: &str) -> Json {
        Json::Text(s.to_string())
    }
}

impl From<i64> for Json {
    fn from(n: i64) -> Json {
        Json::Number(n.to_string())
    }
}

impl From<bool> for Json {
    fn from(b: bool) -> Json {
        Json::Bool(b)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut out = String::new();
        self.push(&mut out);
        f.write_str(&out)
    }
}

impl Json {
    fn push(&self, out: &mut String) {
        match self {
            Json::Absent | Json::Null => out.push_str("null"),
            Json::Bool(_) | Json::Number(_) => out.push_str(self.text()),
            Json::Text(s) => push_json(out, s),
            Json::List(list) => {
                out.push('[');
                for (i, value) in list.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    value.push(out);
                }
                out.push(']');
            }
            Json::Object(fields) => {
                out.push('{');
                for (i, (key, value)) in fields.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    push_json(out, key);
                    out.push(':');
                    value.push(out);
                }
                out.push('}');
            }
        }
    }
}

/// A text that is a number.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|n: &f64| n.is_finite())
}

/// Reads one JSON value. The error says what is wrong, and at which byte.
pub fn parse_json(text: &str) -> Result<Json, String> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.fault("more after the value"));
    }
    Ok(value)
}

/// Goes over JSON, value by value.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    #[cold]
    fn fault(&self, what: &str) -> String {
        let mut s = String::from("json: ");
        s.push_str(what);
        s.push_str(" at byte ");
        s.push_str(&self.at.to_string());
        s
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    pub fn value(&mut self, depth: u32) -> Result<Json, String> {
        self.blanks();
        if depth > MAX_DEPTH {
            return Err(self.fault("too deep"));
        }
        match self.peek() {
            b'"' => self.string().map(|s| Json::Text(s.into_owned())),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            b'-' | b'0'..=b'9' => Ok(Json::Number(self.number()?.to_string())),
            _ => {
                for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.fault(if self.at == self.text.len() {
                    "a value is missing"
                } else {
                    "no value begins like this"
                }))
            }
        }
    }

    /// Goes to the next element of a list or an object, or past its end.
    fn next(&mut self, end: u8, first: bool) -> Result<bool, String> {
        self.blanks();
        if self.peek() == end {
            self.at += 1;
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if self.peek() != b',' {
            return Err(self.fault(if self.at == self.text.len() {
                "it ends too early"
            } else {
                "a comma is missing"
            }));
        }
        self.at += 1;
        self.blanks();
        if self.peek() == end {
            return Err(self.fault("a comma too many"));
        }
        Ok(true)
    }

    fn list(&mut self, depth: u32) -> Result<Json, String> {
        let mut list = Vec::new();
        self.at += 1;
        while self.next(b']', list.is_empty())? {
            list.push(self.value(depth + 1)?);
        }
        Ok(Json::List(list))
    }

    fn object(&mut self, depth: u32) -> Result<Json, String> {
        let mut fields = Vec::new();
        self.fields(|reader, key| {
            fields.push((key.into_owned(), reader.value(depth + 1)?));
            Ok(())
        })?;
        Ok(Json::Object(fields))
    }

    /// Goes over an object. The function is given each key, and reads its value.
    pub fn fields(
        &mut self,
        mut field: impl FnMut(&mut Reader<'a>, Cow<'a, str>) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut first = true;
        self.at += 1;
        while self.next(b'}', first)? {
            first = false;
            if self.peek() != b'"' {
                return Err(self.fault("a key is missing"));
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != b':' {
                return Err(self.fault("a colon is missing"));
            }
            self.at += 1;
            self.blanks();
            field(self, key)?;
        }
        Ok(())
    }

    /// The next byte; 0 at the end. After it was seen that a value of its kind begins there, `string`, `fields` and `number`
    /// read it.
    pub fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Reads a text, or what a value is written as; nothing of lists and objects.
    pub fn word(&mut self) -> Result<Cow<'a, str>, String> {
        match self.peek() {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number().map(Cow::Borrowed),
            _ => match self.value(0)? {
                Json::Bool(true) => Ok(Cow::Borrowed("true")),
                Json::Bool(false) => Ok(Cow::Borrowed("false")),
                _ => Ok(Cow::Borrowed("")),
            },
        }
    }

    /// Reads a text, which mostly is a part of what is read.
    pub fn string(&mut self) -> Result<Cow<'a, str>, String> {
        self.at += 1;
        let mut out = String::new();
        let mut from = self.at;
        loop {
            match self.text.as_bytes().get(self.at) {
                None => return Err(self.fault("a text has no end")),
                Some(b'"') => {
                    let rest = &self.text[from..self.at];
                    self.at += 1;
                    if out.is_empty() {
                        return Ok(Cow::Borrowed(rest));
                    }
                    out.push_str(rest);
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    out.push_str(&self.text[from..self.at]);
                    self.at += 1;
                    out.push(self.escape()?);
                    from = self.at;
                }
                Some(0..=31) => return Err(self.fault("a control character in a text")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - from
    }

    pub fn number(&mut self) -> Result<&'a str, String> {
        let from = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        let zero = self.peek() == b'0';
        let n = self.digits();
        if n == 0 || zero && n > 1 {
            return Err(self.fault("this is no number"));
        }
        if self.peek() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.fault("a digit is missing"));
            }
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.fault("a digit is missing"));
            }
        }
        Ok(&self.text[from..self.at])
    }

    /// Reads what stands after a backslash. Half of a surrogate pair becomes U+FFFD.
    fn escape(&mut self) -> Result<char, String> {
        let c = self.peek();
        self.at += 1;
        Ok(match c {
            b'"' | b'\\' | b'/' => c as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                if (0xd800..0xdc00).contains(&high) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    let back = self.at;
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xdc00..0xe000).contains(&low) {
                        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    self.at = back;
                }
                char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => {
                self.at -= 1;
                return Err(self.fault("no such escape"));
            }
        })
    }

    fn hex(&mut self) -> Result<u32, String> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).unwrap_or(b"");
        let mut code = 0;
        for &d in digits {
            match (d as char).to_digit(16) {
                Some(v) => code = code << 4 | v,
                None => return Err(self.fault("four hex digits are missing")),
            }
        }
        if digits.is_empty() {
            return Err(self.fault("four hex digits are missing"));
        }
        self.at += 4;
        Ok(code)
    }
}
