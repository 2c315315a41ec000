//! Days and times of day, without time zones that change.

use core::fmt;

const MILLIS: i64 = 86_400_000;

/// A day, counted from 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The day it is, so many minutes ahead of UTC.
    pub fn of(millis: i64, zone: i64) -> Day {
        Day((millis + zone * 60_000).div_euclid(MILLIS))
    }

    /// When the day begins, in milliseconds since 1970 UTC.
    pub fn millis(self, zone: i64) -> i64 {
        self.0 * MILLIS - zone * 60_000
    }

    /// Reads a date such as 2026-11-26.
    pub fn parse(date: &str) -> Option<Day> {
        let mut parts = date.split('-').map(number);
        let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || !(1970..=9999).contains(&y) || !(1..=12).contains(&m) {
            return None;
        }
        let day = Day::from_civil(y, m, d);
        (day.civil() == (y, m, d)).then(|| day)
    }

    /// Years begin in March, so that the leap day is their last.
    fn from_civil(year: i64, month: i64, day: i64) -> Day {
        let y = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Day(y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719_468)
    }

    fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let m = (5 * of_year + 2) / 153;
        let month = if m < 10 { m + 3 } else { m - 9 };
        (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * m + 2) / 5 + 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (y, m, d) = self.civil();
        write!(f, "{:04}-{:02}-{:02}", y, m, d)
    }
}

/// Reads a time of day or an offset: 10:00, +02:00, -05:30.
pub fn minutes(text: &str) -> Option<i64> {
    let (sign, text) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then(|| sign * (hours * 60 + minutes))
}

fn number(digits: &str) -> Option<i64> {
    (digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}
