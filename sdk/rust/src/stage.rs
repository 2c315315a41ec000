//! The stage: what people see of a direction beside its text.

#[cfg(target_arch = "wasm32")]
use crate::abi as raw;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::raw;

use crate::host::{done, fetch};
use crate::json::parse_json;
use crate::text::{push_list, Object};
use crate::{Call, Result};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Call<'_> {
    /// Says a text before the one that the direction returns. Like that one it is text, whatever is in it. It needs `emit`.
    pub fn emit(&self, text: &str) {
        unsafe { raw::host_emit(text.as_ptr(), text.len()) }
    }

    /// Ends the message; what follows is a new one. It needs `cut`.
    pub fn cut(&self) {
        unsafe { raw::host_cut() }
    }

    /// Lets what follows go out later, by 0 to 120,000 milliseconds. If the person writes in between, it does not come,
    /// except when it is to be kept. It needs `delay`.
    pub fn delay(&self, millis: i32, keep: bool) {
        unsafe { raw::host_delay(millis, i32::from(keep)) }
    }

    /// Keeps the whole reply of this turn back. It needs `silence`.
    pub fn silence(&self) {
        unsafe { raw::host_silence() }
    }

    /// Adds 1 to 13 quick replies to the message. It needs `quick`.
    pub fn quick(&self, labels: &[&str]) -> Result<()> {
        let mut list = String::new();
        push_list(&mut list, labels);
        done(unsafe { raw::host_quick(list.as_ptr(), list.len()) })
    }

    /// Adds an image by its address. It needs `attach`, like all that follow.
    pub fn image(&self, url: &str) -> Result<()> {
        attach("image", &[url])
    }

    /// Adds a recording by its address.
    pub fn audio(&self, url: &str) -> Result<()> {
        attach("audio", &[url])
    }

    /// Adds a film by its address.
    pub fn video(&self, url: &str) -> Result<()> {
        attach("video", &[url])
    }

    /// Adds a file by its address.
    pub fn file(&self, url: &str) -> Result<()> {
        attach("file", &[url])
    }

    /// Adds a button that opens an address.
    pub fn link(&self, url: &str, title: &str) -> Result<()> {
        attach("link", &[url, title])
    }

    /// Adds a Messenger template: the JSON of its payload.
    pub fn template(&self, payload: &str) -> Result<()> {
        attach_json("template", payload)
    }

    /// Adds a card. Image and buttons may be left out; a button is a label, `=`, and an address or a text that counts as
    /// typed.
    pub fn card(&self, title: &str, subtitle: &str, image: &str, buttons: &[&str]) -> Result<()> {
        let args: Vec<&str> = [title, subtitle, image].iter().chain(buttons).copied().collect();
        attach("card", &args)
    }

    /// Adds cards to leaf through: the JSON list of the elements of a template.
    pub fn cards(&self, elements: &str) -> Result<()> {
        attach_json("cards", elements)
    }

    /// Shows the typing indicator before the message.
    pub fn typing(&self) -> Result<()> {
        attach("typing", &[])
    }

    /// Adds JSON for a web page that hosts the bot.
    pub fn metadata(&self, json: &str) -> Result<()> {
        attach_json("metadata", json)
    }

    /// A variable of the person; empty if it is not set. It needs `read` with that name.
    pub fn read(&self, name: &str) -> String {
        self.lookup(name).unwrap_or_default()
    }

    /// A variable of the person, if it is set; it may be set and empty. It needs `read` with that name.
    pub fn lookup(&self, name: &str) -> Option<String> {
        fetch(|out, cap| i64::from(unsafe { raw::host_read(name.as_ptr(), name.len(), out, cap) })).ok()
    }

    /// Sets a variable of the person. It needs `write` with that name.
    pub fn write(&self, name: &str, value: &str) -> Result<()> {
        done(unsafe { raw::host_write(name.as_ptr(), name.len(), value.as_ptr(), value.len()) })
    }

    /// Clears a variable of the person. It needs `write` with that name.
    pub fn clear(&self, name: &str) -> Result<()> {
        done(unsafe { raw::host_clear(name.as_ptr(), name.len()) })
    }

    /// Switches the topic of the person. It needs `topic`.
    pub fn topic(&self, name: &str) {
        unsafe { raw::host_topic(name.as_ptr(), name.len()) }
    }

    /// Says a text later, in place of a reminder of the same name. The time is a number and a unit, such as `30 minutes`, or
    /// what [`at`] makes of a time. It needs `remind`.
    pub fn remind(&self, name: &str, when: &str, text: &str) -> Result<()> {
        let mut o = Object::new();
        o.text("name", name);
        o.text("text", text);
        o.text("time", when);
        remind(&o.end())
    }

    /// Cancels a reminder. It needs `remind`.
    pub fn cancel(&self, name: &str) -> Result<()> {
        let mut o = Object::new();
        o.text("name", name);
        o.raw("cancel", "true");
        remind(&o.end())
    }
}

/// Writes a time, in milliseconds since 1970 UTC, for [`Call::remind`].
pub fn at(millis: i64) -> String {
    millis.to_string()
}

fn remind(json: &str) -> Result<()> {
    done(unsafe { raw::host_remind(json.as_ptr(), json.len()) })
}

fn attach(name: &str, args: &[&str]) -> Result<()> {
    let mut list = String::new();
    push_list(&mut list, args);
    element(name, &list)
}

/// Adds an element whose one argument is JSON.
fn attach_json(name: &str, json: &str) -> Result<()> {
    parse_json(json)?;
    element(name, &["[", json, "]"].concat())
}

fn element(name: &str, args: &str) -> Result<()> {
    let mut o = Object::new();
    o.text("name", name);
    o.raw("args", args);
    let json = o.end();
    done(unsafe { raw::host_attach(json.as_ptr(), json.len()) })
}
