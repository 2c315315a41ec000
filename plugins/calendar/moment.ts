// Days, months and years, as a clock without a zone counts them.

export const MINUTE: i64 = 60000;
export const HOUR: i64 = 60 * MINUTE;
export const DAY: i64 = 24 * HOUR;

/** The first and the last year that dates are read and written of. */
export const FIRST_YEAR: i32 = 1583;
export const LAST_YEAR: i32 = 9999;

/** What a clock and a calendar show, so many milliseconds after 1970 began there. */
export class Moment {
  year: i32;
  /** From 1. */
  month: i32;
  day: i32;
  /** From 0, which is Sunday. */
  weekday: i32;
  hour: i32;
  minute: i32;

  constructor(public millis: i64) {
    const days = floor(millis, DAY);
    const minutes = <i32>((millis - days * DAY) / MINUTE);
    this.hour = minutes / 60;
    this.minute = minutes % 60;
    this.weekday = <i32>((((days + 4) % 7) + 7) % 7);
    // Years begin in March, so that the leap day is their last, and go in rounds of 400.
    const since = days + 719468;
    const round = floor(since, 146097);
    const ofRound = <i32>(since - round * 146097);
    const year = (ofRound - ofRound / 1460 + ofRound / 36524 - ofRound / 146096) / 365;
    const ofYear = ofRound - (365 * year + year / 4 - year / 100);
    const m = (5 * ofYear + 2) / 153;
    this.day = ofYear - (153 * m + 2) / 5 + 1;
    this.month = m < 10 ? m + 3 : m - 9;
    this.year = year + <i32>round * 400 + (this.month <= 2 ? 1 : 0);
  }

  /** The same time of day so many months later, or the last day of the month if it has no such day. */
  months(more: i32): Moment {
    const months = this.year * 12 + this.month - 1 + more;
    const year = months / 12;
    const month = (months % 12) + 1;
    const next = midnight(months % 12 == 11 ? year + 1 : year, (month % 12) + 1, 1);
    const length = <i32>((next - midnight(year, month, 1)) / DAY);
    return new Moment(midnight(year, month, min(this.day, length)) + this.millis - floor(this.millis, DAY) * DAY);
  }
}

/** When a day begins. */
export function midnight(year: i32, month: i32, day: i32): i64 {
  const y = month <= 2 ? year - 1 : year;
  const ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return <i64>(y * 365 + y / 4 - y / 100 + y / 400 + ofYear - 719468) * DAY;
}

function floor(n: i64, by: i64): i64 {
  return n >= 0 ? n / by : -((by - 1 - n) / by);
}

/** A number of nothing but digits, at most so many; -1 if it is none. */
export function digits(text: string, most: i32): i32 {
  if (!text.length || text.length > most) return -1;
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i) - 0x30;
    if (c < 0 || c > 9) return -1;
    n = n * 10 + c;
  }
  return n;
}

/** The minutes of a time such as 18:30; -1 if it is none. Seconds may follow. */
export function parseClock(text: string): i32 {
  const parts = text.split(":");
  if (parts.length < 2 || parts.length > 3) return -1;
  const hour = digits(parts[0], 2);
  const minute = digits(parts[1], 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return -1;
  if (parts.length == 3 && digits(parts[2].split(".")[0], 2) < 0) return -1;
  return hour * 60 + minute;
}

/** The midnight of a date such as 2026-11-26; i64.MIN_VALUE if it is none. */
export function parseDate(text: string): i64 {
  const parts = text.split("-");
  if (parts.length != 3) return i64.MIN_VALUE;
  const year = digits(parts[0], 4);
  const month = digits(parts[1], 2);
  const day = digits(parts[2], 2);
  if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1) return i64.MIN_VALUE;
  const millis = midnight(year, month, day);
  return new Moment(millis).month == month ? millis : i64.MIN_VALUE;
}
