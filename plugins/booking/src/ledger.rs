//! Who has booked what on a day.
//!
//! A day is one value of the space `state`, so that one swap settles who gets the last place. It says who has booked, not how
//! many places are left: a turn that is taken again books nothing twice. Days share keys in turns of 64, longer than anyone
//! can book ahead, so that old days make room by themselves.

use crate::day::Day;
use direction::{Call, Result};

const KEYS: i64 = 64;

/// The bookings of a day.
pub struct Ledger {
    day: Day,
    key: String,
    /// The value as it was read.
    old: String,
    bookings: Vec<Booking>,
}

struct Booking {
    slot: String,
    places: u32,
    person: String,
}

impl Ledger {
    /// Reads the bookings of a day.
    pub fn read(call: &Call, day: Day) -> Result<Ledger> {
        let key = format!("day{}", day.0.rem_euclid(KEYS));
        let old = call.state().get(&key)?;
        let mut lines = old.lines();
        let mut bookings = Vec::new();
        if lines.next() == Some(&day.to_string()) {
            bookings.extend(lines.filter_map(Booking::parse));
        }
        Ok(Ledger { day, key, old, bookings })
    }

    /// Writes the bookings, unless somebody else has written since they were read, and says whether it did.
    pub fn write(&self, call: &Call) -> Result<bool> {
        let mut new = self.day.to_string();
        for b in &self.bookings {
            new += &format!("\n{} {} {}", b.slot, b.places, b.person);
        }
        if self.bookings.is_empty() {
            new.clear();
        }
        call.state().swap(&self.key, &self.old, &new)
    }

    /// How many places of a slot others have.
    pub fn taken(&self, slot: &str, but: &str) -> u32 {
        self.bookings.iter().filter(|b| b.slot == slot && b.person != but).map(|b| b.places).sum()
    }

    /// What a person has booked: `10:00 (2)`.
    pub fn of(&self, person: &str) -> Vec<String> {
        let mine = self.bookings.iter().filter(|b| b.person == person);
        mine.map(|b| format!("{} ({})", b.slot, b.places)).collect()
    }

    /// Gives a person so many places of a slot, in place of what the person had.
    pub fn set(&mut self, slot: &str, person: &str, places: u32) {
        self.bookings.retain(|b| b.slot != slot || b.person != person);
        if places > 0 {
            self.bookings.push(Booking { slot: slot.into(), places, person: person.into() });
        }
    }
}

impl Booking {
    fn parse(line: &str) -> Option<Booking> {
        let mut parts = line.splitn(3, ' ');
        let (slot, places, person) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Booking { slot: slot.into(), places: places.parse().ok()?, person: person.into() })
    }
}
