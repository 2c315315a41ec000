//! What the functions of the host do on a stage.

use super::{Outcome, Service, Stage};
use crate::abi::*;
use crate::json::{parse_json, Json};
use crate::text::Object;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A stage during one call.
pub(super) struct Host {
    stage: Stage,
    outcome: Outcome,
    /// State of the random numbers.
    draw: u64,
    requests: usize,
    said: usize,
    /// The last answer of a web service.
    pub(super) answer: String,
}

thread_local! {
    static CURRENT: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Runs a call on a stage, and returns the stage, what the call did, and what it answered.
pub(super) fn with(stage: Stage, call: impl FnOnce() -> String) -> (Stage, Outcome, String) {
    let draw = stage.seed;
    let host = Host { stage, outcome: Outcome::default(), draw, requests: 0, said: 0, answer: String::new() };
    CURRENT.with(|current| *current.borrow_mut() = Some(host));
    let json = call();
    let host = CURRENT.with(|current| current.borrow_mut().take()).expect("the call has a stage");
    (host.stage, host.outcome, json)
}

/// The stage that the call runs on.
pub(super) fn current<T>(does: impl FnOnce(&mut Host) -> T) -> T {
    CURRENT.with(|current| {
        does(current.borrow_mut().as_mut().expect("directions ask the host only while a stage runs them"))
    })
}

/// Says whether a granted host, which may begin with `*.`, is the one of an address.
fn covers(granted: &str, host: &str) -> bool {
    granted == host || granted.strip_prefix('*').map_or(false, |under| host.ends_with(under))
}

impl Host {
    /// Panics unless the plug-in wants the capability, with the item if there is one.
    fn need(&self, capability: &str, item: &str) {
        let wanted = self.stage.plugin.wants.iter().any(|want| {
            let all = matches!(capability, can::READ | can::WRITE) && !item.starts_with('_');
            let fits = |i: &&str| *i == item || all && *i == "*" || capability == can::HTTP && covers(i, item);
            want.capability == capability && (item.is_empty() || want.items.iter().any(fits))
        });
        assert!(wanted, "the plug-in uses {} {}, but its wants do not ask for it", capability, item);
    }

    fn did(&mut self, effect: String) {
        self.outcome.effects.push(effect);
        assert!(self.outcome.effects.len() <= MAX_EFFECTS, "a call may do {} things", MAX_EFFECTS);
    }

    pub fn log(&mut self, level: i32, text: &str) {
        self.need(can::LOG, "");
        if self.outcome.log.len() < MAX_LOG_LINES {
            let level = ["debug", "info", "warn", "error"][level as usize];
            self.outcome.log.push(format!("{}: {}", level, text));
        }
    }

    pub fn now(&self) -> i64 {
        self.need(can::CLOCK, "");
        self.stage.now
    }

    /// One byte of splitmix64.
    pub fn random(&mut self) -> u8 {
        self.need(can::RANDOM, "");
        self.draw = self.draw.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = self.draw;
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) as u8
    }

    /// The values that a key belongs to.
    fn space<'k>(&mut self, key: &'k str) -> Option<(&mut BTreeMap<String, String>, &'k str, bool)> {
        let (space, name) = key.split_once(':')?;
        match space {
            space::CONFIG => self.need(can::CONFIG, name),
            space::SECRET => self.need(can::SECRET, name),
            space::STATE => self.need(can::STATE, ""),
            space::PERSON => self.need(can::PERSON, ""),
            _ => return None,
        }
        let stage = &mut self.stage;
        Some(match space {
            space::CONFIG => (&mut stage.config, name, false),
            space::SECRET => (&mut stage.secrets, name, false),
            space::STATE => (&mut stage.state, name, true),
            _ => (&mut stage.person, name, true),
        })
    }

    pub fn get(&mut self, key: &str) -> Result<String, i32> {
        let (values, name, _) = self.space(key).ok_or(status::INVALID)?;
        Ok(values.get(name).cloned().unwrap_or_default())
    }

    pub fn put(&mut self, key: &str, value: &str) -> i32 {
        let (values, name) = match self.space(key) {
            Some((values, name, true)) if !name.is_empty() && key.len() <= MAX_KEY => (values, name),
            _ => return status::INVALID,
        };
        if value.is_empty() {
            values.remove(name);
        } else if value.len() > MAX_VALUE || values.len() >= MAX_KEYS && !values.contains_key(name) {
            return status::FULL;
        } else {
            values.insert(name.into(), value.into());
        }
        status::OK
    }

    pub fn swap(&mut self, key: &str, old: &str, value: &str) -> i32 {
        match self.get(key) {
            Ok(now) if now == old => self.put(key, value),
            Ok(_) => status::CHANGED,
            Err(status) => status,
        }
    }

    pub fn http(&mut self, request: &str) {
        let request = parse_json(request).expect("a request is JSON");
        let url = request.get("url").text();
        let mut o = Object::new();
        match host_of(url) {
            None => o.text("error", "this is no http address"),
            Some(host) => {
                self.need(can::HTTP, host);
                self.requests += 1;
                assert!(self.requests <= MAX_REQUESTS, "a call may make {} requests", MAX_REQUESTS);
                let found = self.stage.services.iter().rev().find(|s| s.serves(url));
                match found.map(|s| &s.answer) {
                    None => panic!("no answer for {}: add stage.answer({:?}, 200, \"…\")", url, url),
                    Some(Err(why)) => o.text("error", why),
                    Some(Ok((status, body))) => {
                        o.number("status", status);
                        match std::str::from_utf8(body) {
                            Ok(text) => o.text("body", text),
                            Err(_) => o.text("base64", &encode_base64(body)),
                        }
                    }
                }
            }
        }
        self.answer = o.end();
    }

    pub fn emit(&mut self, text: &str) {
        self.need(can::EMIT, "");
        self.said += text.len();
        assert!(self.said <= MAX_OUTPUT, "a call may say {} bytes", MAX_OUTPUT);
        self.did(format!("emit {}", text));
    }

    pub fn cut(&mut self) {
        self.need(can::CUT, "");
        self.did("cut".into());
    }

    pub fn delay(&mut self, millis: i32, keep: bool) {
        self.need(can::DELAY, "");
        self.did(format!("delay {}s{}", f64::from(millis) / 1000.0, if keep { " keep" } else { "" }));
    }

    pub fn attach(&mut self, element: &str) -> i32 {
        self.need(can::ATTACH, "");
        let element = parse_json(element).expect("an element is JSON");
        let mut words = vec![element.get("name").text().to_string()];
        for i in 0..element.get("args").len() {
            words.push(match element.get("args").at(i) {
                Json::Text(text) => text.clone(),
                other => other.to_string(),
            });
        }
        self.did(words.join(" "));
        status::OK
    }

    pub fn quick(&mut self, labels: &str) -> i32 {
        self.need(can::QUICK, "");
        let list = parse_json(labels).expect("labels are JSON");
        if list.is_empty() || list.len() > 13 {
            return status::INVALID;
        }
        let labels: Vec<&str> = (0..list.len()).map(|i| list.at(i).text()).collect();
        self.did(format!("quick {}", labels.join(" | ")));
        status::OK
    }

    pub fn read(&self, name: &str) -> Option<String> {
        self.need(can::READ, name);
        self.stage.vars.get(name).cloned()
    }

    pub fn write(&mut self, name: &str, value: &str) -> i32 {
        self.need(can::WRITE, name);
        if name.is_empty() || name.starts_with('_') {
            return status::INVALID;
        }
        self.stage.vars.insert(name.into(), value.into());
        self.did(format!("write {}={}", name, value));
        status::OK
    }

    pub fn clear(&mut self, name: &str) -> i32 {
        self.need(can::WRITE, name);
        if name.is_empty() || name.starts_with('_') {
            return status::INVALID;
        }
        self.stage.vars.remove(name);
        self.did(format!("clear {}", name));
        status::OK
    }

    pub fn topic(&mut self, name: &str) {
        self.need(can::TOPIC, "");
        self.stage.topic = name.into();
        self.did(format!("topic {}", name));
    }

    pub fn remind(&mut self, reminder: &str) -> i32 {
        self.need(can::REMIND, "");
        let r = parse_json(reminder).expect("a reminder is JSON");
        let (name, cancel) = (r.get("name").text(), r.get("cancel").boolean());
        if name.is_empty() || !cancel && r.get("time").text().is_empty() {
            return status::INVALID;
        }
        self.did(if cancel {
            format!("cancel {}", name)
        } else {
            format!("remind {}, {}: {}", name, r.get("time").text(), r.get("text").text())
        });
        status::OK
    }

    pub fn silence(&mut self) {
        self.need(can::SILENCE, "");
        self.did("silence".into());
    }
}

impl Service {
    fn serves(&self, url: &str) -> bool {
        self.url == url || self.url.strip_suffix('*').map_or(false, |head| url.starts_with(head))
    }
}

/// The host of an http address.
pub(super) fn host_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

fn encode_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let bits = part.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - part.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= part.len() { digit as char } else { '=' });
        }
    }
    out
}
