// Answers <when> and <until>: dates and times in the words of the person's language, on the clock of the person's zone.

import { Attribute, Call, Can, Direction, Plugin, serve } from "../../sdk/as/assembly";
import { Locale, locale, names } from "./locale";
import { DAY, digits, FIRST_YEAR, HOUR, LAST_YEAR, MINUTE, Moment, parseClock, parseDate } from "./moment";
import { distance, fill, two } from "./words";
import { offset, offsetOfLocal, UNKNOWN } from "./zone";

export * from "../../sdk/as/assembly/exports";

serve(
  new Plugin("1.0.0")
    .description("Says dates and times in the words of the person's language")
    .direction(
      moment(Direction.inline("when", when))
        .description("a date or a time in words")
        .attribute(
          Attribute.choice("style", ["full", "long", "medium", "short", "weekday", "month", "year", "time", "iso"])
            .default("long")
            .description("how it is written"),
        ),
    )
    .direction(moment(Direction.inline("until", until)).description("how far away a moment is: tomorrow, 3 days ago"))
    .want(Can.Clock, "to know what time it is")
    .wantOf(Can.Config, ["locale", "zone"], "to know the language and the zone that you use most"),
);

function moment(direction: Direction): Direction {
  return direction
    .attribute(
      Attribute.text("at").default("now").description("now, 2026-11-26, 2026-11-26T18:00, with Z or +01:00, or milliseconds"),
    )
    .attribute(Attribute.text("add").description("moves it: 3 days, -2 hours"))
    .attribute(Attribute.choice("locale", names()).description("language; the setting locale, or en, if left out"))
    .attribute(Attribute.text("zone").description("Europe/Oslo, UTC, +05:30; the setting zone, or UTC, if left out"));
}

/** What a tag is about: a moment on the clock of a zone, and the language to say it in. */
class Matter {
  error: string = "";
  locale: Locale;
  /** The zone's clock at that moment. */
  local: Moment = new Moment(0);
  /** The zone's clock now. */
  now: Moment = new Moment(0);
  minutes: i32 = 0;

  constructor(call: Call) {
    let name = call.has("locale") ? call.text("locale") : call.config("locale");
    if (!name.length) name = "en";
    let zone = call.has("zone") ? call.text("zone") : call.config("zone");
    if (!zone.length) zone = "UTC";
    const known = names().includes(name);
    this.locale = locale(known ? name : "en");

    const now = call.now();
    const minutes = offset(zone, now);
    if (!known) this.error = "there is no locale " + name;
    else if (minutes == UNKNOWN) this.error = "there is no zone " + zone;
    else {
      this.now = new Moment(now + minutes * MINUTE);
      this.read(call.text("at"), call.text("add"), zone, now);
    }
  }

  private read(at: string, add: string, zone: string, now: i64): void {
    const time = at == "now" ? now : parse(at, zone);
    if (time == i64.MIN_VALUE) {
      this.error = "this is no date or time: " + at;
      return;
    }
    let local = new Moment(time + offset(zone, time) * MINUTE);
    if (add.length) {
      const moved = move(local, add);
      if (moved === null) {
        this.error = "this is no time span: " + add;
        return;
      }
      local = moved;
    }
    if (local.year < FIRST_YEAR || local.year > LAST_YEAR) this.error = "this is too far away";
    this.local = local;
    this.minutes = offsetOfLocal(zone, local.millis);
  }
}

/** Reads a moment: milliseconds since 1970, or a date with or without a time, with or without an offset. */
function parse(at: string, zone: string): i64 {
  if (at.length > 4 && at.length < 16 && isDigits(at)) return I64.parseInt(at);
  const date = parseDate(at.slice(0, 10));
  if (date == i64.MIN_VALUE || at.length == 10) return date == i64.MIN_VALUE ? date : date - offsetOfLocal(zone, date) * MINUTE;
  if (at.charAt(10) != "T" && at.charAt(10) != " ") return i64.MIN_VALUE;

  let clock = at.slice(11);
  let shift = "";
  if (clock.endsWith("Z")) {
    shift = "+00:00";
    clock = clock.slice(0, -1);
  } else {
    const sign = max(clock.lastIndexOf("+"), clock.lastIndexOf("-"));
    if (sign > 0) {
      shift = clock.slice(sign);
      clock = clock.slice(0, sign);
    }
  }
  const minutes = parseClock(clock);
  if (minutes < 0) return i64.MIN_VALUE;
  const local = date + minutes * MINUTE;
  const ahead = shift.length ? offset(shift, local) : offsetOfLocal(zone, local);
  return ahead == UNKNOWN ? i64.MIN_VALUE : local - ahead * MINUTE;
}

function isDigits(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x30 || c > 0x39) return false;
  }
  return true;
}

/** Moves a moment by a span such as 3 days; null if it is none. Days and longer are those of the calendar. */
function move(m: Moment, span: string): Moment | null {
  const words = span.trim().split(" ");
  if (words.length != 2) return null;
  const back = words[0].startsWith("-");
  const count = digits(back || words[0].startsWith("+") ? words[0].slice(1) : words[0], 6);
  if (count < 0) return null;
  const n = back ? -count : count;
  const unit = words[1].endsWith("s") ? words[1].slice(0, -1) : words[1];
  if (unit == "minute") return new Moment(m.millis + n * MINUTE);
  if (unit == "hour") return new Moment(m.millis + n * HOUR);
  if (unit == "day") return new Moment(m.millis + n * DAY);
  if (unit == "week") return new Moment(m.millis + 7 * n * DAY);
  if (unit == "month") return m.months(n);
  if (unit == "year") return m.months(12 * n);
  return null;
}

function when(call: Call): string {
  const it = new Matter(call);
  if (it.error.length) return call.fail(it.error);
  const style = call.text("style");
  if (style == "iso") return iso(it);
  const l = it.locale;
  let pattern = l.long;
  if (style == "full") pattern = l.full;
  else if (style == "medium") pattern = l.medium;
  else if (style == "short") pattern = l.short;
  else if (style == "time") pattern = l.time;
  else if (style != "long") pattern = "{" + style + "}";
  return fill(pattern, l, it.local);
}

/** ISO 8601, with the offset. */
function iso(it: Matter): string {
  const ahead = abs(it.minutes);
  const sign = it.minutes < 0 ? "-" : "+";
  return fill("{year}-{mm}-{dd}T{hh}:{minute}", it.locale, it.local) + sign + two(ahead / 60) + ":" + two(ahead % 60);
}

function until(call: Call): string {
  const it = new Matter(call);
  return it.error.length ? call.fail(it.error) : distance(it.locale, it.local, it.now);
}
