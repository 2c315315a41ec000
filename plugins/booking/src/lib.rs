//! Answers `<slots>`, `<book>`, `<booked>` and `<unbook>`: places at fixed times of a day, such as tables or seats.

mod day;
mod ledger;

use day::Day;
use direction::{at, can, Attribute, Call, Direction, Plugin, Result, Want};
use ledger::Ledger;

/// How many days ahead one can book.
const AHEAD: i64 = 60;
/// How often a booking is tried again when others book on the same day at the same time.
const TRIES: u32 = 10;
/// What the owner has not set: places of a slot, and the slots of a day.
const PLACES: u32 = 8;
const SLOTS: &str = "10:00 12:00 14:00 16:00";

const DAY: Attribute =
    Attribute::text("day").default("today").description("today, tomorrow, or a date such as 2026-11-26");
const SLOT: Attribute = Attribute::text("slot").required().description("when on that day, such as 10:00");
const PLACES_WANTED: Attribute =
    Attribute::integer("places").min("1").max("100").default("1").description("for how many");

static PLUGIN: Plugin = Plugin::new("1.0.0")
    .description("Books places at fixed times of a day: tables, seats, appointments")
    .directions(&[
        Direction::inline("slots", slots).description("the slots of a day that still have room").attributes(&[
            DAY,
            PLACES_WANTED,
            Attribute::boolean("quick").description("offers them as quick replies, too"),
        ]),
        Direction::inline("book", book)
            .description("books, or changes what the person has booked, and says the slot")
            .attributes(&[
                DAY,
                SLOT,
                PLACES_WANTED,
                Attribute::text("reminder").description("what to say to the person before"),
                Attribute::integer("before").min("5").max("1440").default("60").description("how many minutes before"),
            ]),
        Direction::inline("booked", booked).description("what the person has booked on a day").attributes(&[DAY]),
        Direction::effect("unbook", unbook)
            .description("gives back what the person has booked")
            .attributes(&[DAY, SLOT]),
    ])
    .wants(&[
        Want::new(can::STATE, "to keep who has booked what"),
        Want::new(can::PERSON, "to tell the bookings of one person from those of another"),
        Want::new(can::CLOCK, "to know which day it is"),
        Want::of(can::CONFIG, &["slots", "places", "zone"], "to know when there are how many places"),
        Want::new(can::QUICK, "to offer free slots as quick replies, if the script asks for it"),
        Want::new(can::REMIND, "to remind the person before, if the script asks for it"),
    ]);

direction::plugin!(PLUGIN);

/// What the owner has set up.
struct House {
    slots: Vec<String>,
    places: u32,
    /// Minutes that the clock of the house is ahead of UTC.
    zone: i64,
}

impl House {
    fn new(call: &Call) -> House {
        let or = |name: &str, otherwise: &str| {
            let set = call.config(name);
            if set.is_empty() {
                otherwise.to_string()
            } else {
                set
            }
        };
        let slots = or("slots", SLOTS);
        House {
            slots: slots
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|s| !s.is_empty())
                .map(Into::into)
                .collect(),
            places: or("places", "").parse().unwrap_or(PLACES),
            zone: day::minutes(&or("zone", "+00:00")).unwrap_or(0),
        }
    }

    /// The day that the tag means, which lies between today and the end of the calendar.
    fn day(&self, call: &Call) -> Result<Day> {
        let today = Day::of(call.now(), self.zone);
        let day = match call.text("day") {
            "today" => today,
            "tomorrow" => Day(today.0 + 1),
            date => Day::parse(date).ok_or("this is no day")?,
        };
        if day < today {
            return Err("this day is over".into());
        }
        if day.0 > today.0 + AHEAD {
            return Err("this day is too far away".into());
        }
        Ok(day)
    }

    /// When a slot begins that many minutes after midnight, in milliseconds since 1970 UTC.
    fn start(&self, day: Day, minutes: i64) -> i64 {
        day.millis(self.zone) + minutes * 60_000
    }

    /// The slot that the tag means, and how many minutes after midnight it begins.
    fn slot(&self, call: &Call) -> Result<(&str, i64)> {
        let wanted = call.text("slot");
        match (self.slots.iter().find(|s| *s == wanted), day::minutes(wanted)) {
            (Some(slot), Some(minutes)) => Ok((slot, minutes)),
            _ => Err("there is no such slot".into()),
        }
    }
}

fn slots(call: &Call) -> Result<String> {
    let house = House::new(call);
    let day = house.day(call)?;
    let ledger = Ledger::read(call, day)?;
    let wanted = call.integer("places") as u32;
    let ahead = |slot: &&String| day::minutes(slot).map_or(false, |m| house.start(day, m) >= call.now());
    let free = |slot: &&String| ledger.taken(slot, call.person_id()) + wanted <= house.places;
    let ahead: Vec<&String> = house.slots.iter().filter(ahead).collect();
    if ahead.is_empty() {
        return Err("all slots of this day are over".into());
    }
    let free: Vec<&str> = ahead.into_iter().filter(|slot| free(slot)).map(String::as_str).collect();
    if free.is_empty() {
        return Err("everything is taken".into());
    }
    if call.boolean("quick") {
        call.quick(&free[..free.len().min(13)])?;
    }
    Ok(free.join(", "))
}

fn book(call: &Call) -> Result<String> {
    let house = House::new(call);
    let day = house.day(call)?;
    let (slot, minutes) = house.slot(call)?;
    let start = house.start(day, minutes);
    if start < call.now() {
        return Err("this slot is over".into());
    }
    let wanted = call.integer("places") as u32;
    change(call, day, |ledger| {
        let left = house.places.saturating_sub(ledger.taken(slot, call.person_id()));
        if wanted > left {
            return Err(format!("only {} left at {}", left, slot).into());
        }
        ledger.set(slot, call.person_id(), wanted);
        Ok(())
    })?;
    let reminder = call.text("reminder");
    if !reminder.is_empty() {
        call.remind(&name(day, slot), &at(start - call.integer("before") * 60_000), reminder)?;
    }
    Ok(slot.to_string())
}

fn booked(call: &Call) -> Result<String> {
    let house = House::new(call);
    let ledger = Ledger::read(call, house.day(call)?)?;
    let mine = ledger.of(call.person_id());
    if mine.is_empty() {
        return Err("nothing is booked".into());
    }
    Ok(mine.join(", "))
}

fn unbook(call: &Call) -> Result<String> {
    let house = House::new(call);
    let day = house.day(call)?;
    let (slot, _) = house.slot(call)?;
    change(call, day, |ledger| {
        ledger.set(slot, call.person_id(), 0);
        Ok(())
    })?;
    Ok(String::new())
}

/// Changes the ledger of a day. Who comes second on the same day starts again from what the first one wrote.
fn change(call: &Call, day: Day, with: impl Fn(&mut Ledger) -> Result<()>) -> Result<()> {
    for _ in 0..TRIES {
        let mut ledger = Ledger::read(call, day)?;
        with(&mut ledger)?;
        if ledger.write(call)? {
            return Ok(());
        }
    }
    Err("too many people are booking".into())
}

/// The name of the reminder of a booking.
fn name(day: Day, slot: &str) -> String {
    format!("booking {} {}", day, slot)
}

#[cfg(test)]
mod tests;
