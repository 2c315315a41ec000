// Zones of time: how far clocks are ahead of UTC, and when they change.

import { DAY, HOUR, midnight, MINUTE, Moment, parseClock } from "./moment";

/** When summer time is. */
enum Rule {
  None,
  /** From the last Sunday of March to the last one of October, at one o'clock UTC. */
  Europe,
  /** From the second Sunday of March to the first one of November, at two o'clock local time. */
  America,
}

class Zone {
  constructor(public minutes: i32, public rule: Rule) {}
}

/** The zones that are known by name. Others are written as offsets: +05:30. */
const zones = new Map<string, Zone>();

function add(minutes: i32, rule: Rule, names: string[]): void {
  for (let i = 0; i < names.length; i++) zones.set(names[i], new Zone(minutes, rule));
}

add(0, Rule.None, ["UTC", "Africa/Abidjan", "Atlantic/Reykjavik"]);
add(0, Rule.Europe, ["Europe/London", "Europe/Dublin", "Europe/Lisbon"]);
add(60, Rule.Europe, [
  "Europe/Amsterdam",
  "Europe/Berlin",
  "Europe/Brussels",
  "Europe/Copenhagen",
  "Europe/Madrid",
  "Europe/Oslo",
  "Europe/Paris",
  "Europe/Prague",
  "Europe/Rome",
  "Europe/Stockholm",
  "Europe/Vienna",
  "Europe/Warsaw",
  "Europe/Zurich",
]);
add(120, Rule.Europe, ["Europe/Athens", "Europe/Helsinki", "Europe/Kyiv"]);
add(120, Rule.None, ["Africa/Johannesburg"]);
add(180, Rule.None, ["Europe/Istanbul", "Africa/Nairobi"]);
add(240, Rule.None, ["Asia/Dubai"]);
add(330, Rule.None, ["Asia/Kolkata"]);
add(420, Rule.None, ["Asia/Bangkok", "Asia/Jakarta"]);
add(480, Rule.None, ["Asia/Shanghai", "Asia/Singapore", "Australia/Perth"]);
add(540, Rule.None, ["Asia/Tokyo", "Asia/Seoul"]);
add(-180, Rule.None, ["America/Sao_Paulo", "America/Argentina/Buenos_Aires"]);
add(-300, Rule.America, ["America/New_York", "America/Toronto"]);
add(-300, Rule.None, ["America/Bogota", "America/Lima"]);
add(-360, Rule.America, ["America/Chicago"]);
add(-360, Rule.None, ["America/Mexico_City"]);
add(-420, Rule.America, ["America/Denver"]);
add(-420, Rule.None, ["America/Phoenix"]);
add(-480, Rule.America, ["America/Los_Angeles", "America/Vancouver"]);

/** What offset returns for a zone that is not known. */
export const UNKNOWN: i32 = i32.MAX_VALUE;

/** How many minutes clocks are ahead of UTC at a time, which is in milliseconds since 1970 UTC. */
export function offset(name: string, millis: i64): i32 {
  if (!zones.has(name)) {
    const sign = name.charAt(0);
    if (sign != "+" && sign != "-") return UNKNOWN;
    const minutes = parseClock(name.slice(1));
    return minutes < 0 ? UNKNOWN : sign == "-" ? -minutes : minutes;
  }
  const zone = zones.get(name);
  return zone.minutes + (summer(zone, millis) ? 60 : 0);
}

/** How many minutes clocks that show a time are ahead of UTC. In the hour that comes twice the first one is meant. */
export function offsetOfLocal(name: string, local: i64): i32 {
  const before = offset(name, local - DAY);
  if (before == UNKNOWN) return UNKNOWN;
  const after = offset(name, local + DAY);
  return offset(name, local - <i64>before * MINUTE) == before ? before : after;
}

function summer(zone: Zone, millis: i64): bool {
  if (zone.rule == Rule.None) return false;
  const standard = millis + <i64>zone.minutes * MINUTE;
  const year = new Moment(standard).year;
  if (zone.rule == Rule.Europe) return millis >= sunday(year, 3, 25) + HOUR && millis < sunday(year, 10, 25) + HOUR;
  // What is two o'clock in summer is one o'clock of standard time.
  return standard >= sunday(year, 3, 8) + 2 * HOUR && standard < sunday(year, 11, 1) + HOUR;
}

/** The midnight before the first Sunday from a date on. */
function sunday(year: i32, month: i32, day: i32): i64 {
  const from = new Moment(midnight(year, month, day));
  return from.millis + ((7 - from.weekday) % 7) * DAY;
}
