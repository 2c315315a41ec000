//! Texts as the host wants them: JSON, written by hand.

use alloc::string::{String, ToString};

/// Appends a text in quotes.
pub(crate) fn push_json(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut from = 0;
    for (i, b) in text.bytes().enumerate() {
        let short = match b {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=31 => "\\u00",
            _ => continue,
        };
        out.push_str(&text[from..i]);
        out.push_str(short);
        if short.len() == 4 {
            out.push(if b < 16 { '0' } else { '1' });
            out.push(b"0123456789abcdef"[(b & 15) as usize] as char);
        }
        from = i + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Makes a text safe inside an address: in its path or behind a `=` of its query.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(b as char);
            continue;
        }
        out.push('%');
        for half in [b >> 4, b & 15] {
            out.push(b"0123456789ABCDEF"[half as usize] as char);
        }
    }
    out
}

/// Appends a list of texts.
pub(crate) fn push_list(out: &mut String, list: &[&str]) {
    out.push('[');
    for (i, text) in list.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_json(out, text);
    }
    out.push(']');
}

/// Writes a text as JSON, quotes included, for JSON that you put together yourself.
pub fn quote(text: &str) -> String {
    let mut out = String::new();
    push_json(&mut out, text);
    out
}

/// An object that is being written.
pub(crate) struct Object(String);

impl Object {
    pub fn new() -> Object {
        let mut out = String::with_capacity(64);
        out.push('{');
        Object(out)
    }

    pub fn key(&mut self, key: &str) -> &mut String {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_json(&mut self.0, key);
        self.0.push(':');
        &mut self.0
    }

    pub fn text(&mut self, key: &str, value: &str) {
        push_json(self.key(key), value);
    }

    pub fn text_unless_empty(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }

    pub fn raw(&mut self, key: &str, value: &str) {
        self.key(key).push_str(value);
    }

    pub fn raw_unless_empty(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.raw(key, value);
        }
    }

    pub fn number(&mut self, key: &str, value: impl ToString) {
        self.raw(key, &value.to_string());
    }

    /// A list of texts, unless it is empty.
    pub fn texts(&mut self, key: &str, list: &[&str]) {
        if !list.is_empty() {
            push_list(self.key(key), list);
        }
    }

    /// A list, unless it is empty.
    pub fn list<T>(&mut self, key: &str, list: &[T], json: fn(&T) -> String) {
        if list.is_empty() {
            return;
        }
        let out = self.key(key);
        for (i, element) in list.iter().enumerate() {
            out.push(if i == 0 { '[' } else { ',' });
            out.push_str(&json(element));
        }
        out.push(']');
    }

    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
