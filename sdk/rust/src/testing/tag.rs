//! Tags as a script writes them, and what a server would refuse in them or in a manifest.

use super::host::host_of;
use crate::abi::{can, form, kind};
use crate::plugin::{Attribute, Direction, Plugin};
use crate::text::{quote, Object};
use std::collections::BTreeMap;

/// Makes the input of a call out of a tag.
pub(super) fn call(plugin: &Plugin, person: &str, tag: &str) -> Result<String, String> {
    let no_tag = || format!("{} is no tag", tag);
    let rest = tag.strip_prefix('<').ok_or_else(no_tag)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).ok_or_else(no_tag)?;
    let (name, mut rest) = rest.split_at(end);
    let direction = plugin.named(name).ok_or_else(|| format!("the plug-in has no direction {}", name))?;

    let mut written = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('>') {
            rest = behind;
            break;
        }
        let (key, value, behind) = attribute(rest).ok_or_else(no_tag)?;
        written.insert(key, value);
        rest = behind;
    }
    let block = if direction.form == form::BLOCK {
        let end = format!("</{}>", name);
        rest.strip_suffix(&*end).ok_or_else(|| format!("{} is missing", end))?
    } else if rest.is_empty() {
        ""
    } else {
        return Err(format!("something stands behind <{}>", name));
    };

    let mut o = Object::new();
    o.text("name", name);
    o.raw("attributes", &values(direction, written)?);
    o.text_unless_empty("block", block);
    if plugin.wants.iter().any(|want| want.capability == can::PERSON) {
        o.text("person", person);
    }
    Ok(o.end())
}

/// Reads one attribute: its name, its value, and what stands behind it.
fn attribute(source: &str) -> Option<(String, String, &str)> {
    let end = source.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))?;
    if end == 0 {
        return None;
    }
    let (name, rest) = source.split_at(end);
    let name = name.to_ascii_lowercase();
    let rest = match rest.strip_prefix('=') {
        Some(rest) => rest,
        None => return Some((name, "true".into(), rest)),
    };
    for mark in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(mark) {
            let end = quoted.find(mark)?;
            return Some((name, quoted[..end].into(), &quoted[end + 1..]));
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '>')?;
    Some((name, rest[..end].into(), &rest[end..]))
}

/// Checks the attributes of a tag, and writes them in the JSON of their kinds.
fn values(direction: &Direction, mut written: BTreeMap<String, String>) -> Result<String, String> {
    written.remove("fallback");
    let mut o = Object::new();
    for a in direction.attributes {
        let value = match written.remove(a.name) {
            Some(value) => value,
            None if a.required => return Err(format!("attribute {} is missing", a.name)),
            None if a.default.is_empty() => continue,
            None => a.default.into(),
        };
        let json = typed(a, &value).map_err(|why| format!("attribute {}: {}", a.name, why))?;
        o.raw(a.name, &json);
    }
    match written.keys().next() {
        Some(name) => Err(format!("<{}> has no attribute {}", direction.name, name)),
        None => Ok(o.end()),
    }
}

/// The value in the JSON type of its kind.
fn typed(a: &Attribute, value: &str) -> Result<String, String> {
    match a.kind {
        kind::NUMBER | kind::INTEGER => numeric(a, value),
        kind::BOOLEAN if value == "true" || value == "false" => Ok(value.into()),
        kind::BOOLEAN => Err(format!("{} is neither true nor false", value)),
        kind::CHOICE => match a.choices.iter().find(|choice| **choice == value) {
            Some(choice) => Ok(quote(choice)),
            None => Err(format!("{} is none of {}", value, a.choices.join(", "))),
        },
        kind::URL if host_of(value).is_none() => Err(format!("{} is no http address", value)),
        _ => Ok(quote(value)),
    }
}

/// A number as a tag writes it: an optional sign, digits, optionally a point and digits.
fn decimal(value: &str) -> Option<f64> {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    if digits(whole.strip_prefix(|c| c == '+' || c == '-').unwrap_or(whole)) && digits(fraction) {
        return value.parse().ok();
    }
    None
}

fn numeric(a: &Attribute, value: &str) -> Result<String, String> {
    let n = decimal(value).ok_or_else(|| format!("{} is no number", value))?;
    if a.kind == kind::INTEGER && n.fract() != 0.0 {
        return Err(format!("{} is no integer", value));
    }
    if decimal(a.min).map_or(false, |min| n < min) {
        return Err(format!("{} is below {}", value, a.min));
    }
    if decimal(a.max).map_or(false, |max| n > max) {
        return Err(format!("{} is above {}", value, a.max));
    }
    Ok(n.to_string())
}

/// Says whether a name is small letters, digits, `_` and `-`, beginning with a letter.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

impl Plugin {
    /// What a server would refuse in the manifest, one sentence a fault.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.version.is_empty() {
            faults.push("the version is missing".into());
        }
        if self.directions.is_empty() {
            faults.push("there is no direction".into());
        }
        for (i, d) in self.directions.iter().enumerate() {
            if !is_name(d.name) {
                faults.push(format!("{:?} is no name of a direction", d.name));
            }
            if self.directions[..i].iter().any(|other| other.name == d.name) {
                faults.push(format!("direction {} is declared twice", d.name));
            }
            for (i, a) in d.attributes.iter().enumerate() {
                let twice = d.attributes[..i].iter().any(|other| other.name == a.name);
                if let Some(fault) = fault_of(a, twice) {
                    faults.push(format!("direction {}: attribute {}: {}", d.name, a.name, fault));
                }
            }
        }
        for want in self.wants {
            let listed = matches!(want.capability, can::CONFIG | can::SECRET | can::HTTP | can::READ | can::WRITE);
            if want.reason.is_empty() {
                faults.push(format!("want {}: the reason is missing", want.capability));
            }
            if listed == want.items.is_empty() {
                faults.push(format!(
                    "want {}: items are for config, secret, http, read and write, and needed there",
                    want.capability
                ));
            }
        }
        faults
    }
}

fn fault_of(a: &Attribute, twice: bool) -> Option<String> {
    if !is_name(a.name) {
        return Some("this is no name".into());
    }
    if a.name == "fallback" {
        return Some("it is the host's".into());
    }
    if twice {
        return Some("it is declared twice".into());
    }
    for bound in [a.min, a.max] {
        if !bound.is_empty() && decimal(bound).is_none() {
            return Some(format!("the bound {} is no number", bound));
        }
    }
    if a.kind == kind::CHOICE && a.choices.is_empty() {
        return Some("it has no choices".into());
    }
    if a.default.is_empty() {
        return None;
    }
    typed(a, a.default).err()
}
