// Moments in words.

import { Locale } from "./locale";
import { DAY, HOUR, MINUTE, Moment } from "./moment";

/** Fills a pattern of a locale with the parts of a moment. */
export function fill(pattern: string, l: Locale, m: Moment): string {
  let out = "";
  let from = 0;
  while (true) {
    const open = pattern.indexOf("{", from);
    if (open < 0) return out + pattern.slice(from);
    const close = pattern.indexOf("}", open);
    out += pattern.slice(from, open) + part(pattern.slice(open + 1, close), l, m);
    from = close + 1;
  }
}

function part(name: string, l: Locale, m: Moment): string {
  if (name == "weekday") return l.weekdays[m.weekday];
  if (name == "day") return m.day.toString();
  if (name == "dd") return two(m.day);
  if (name == "month") return l.months[m.month - 1];
  if (name == "mon") return l.shortMonths[m.month - 1];
  if (name == "m") return m.month.toString();
  if (name == "mm") return two(m.month);
  if (name == "year") return m.year.toString();
  if (name == "yy") return two(m.year % 100);
  if (name == "hour") return (((m.hour + 11) % 12) + 1).toString();
  if (name == "h24") return m.hour.toString();
  if (name == "hh") return two(m.hour);
  if (name == "minute") return two(m.minute);
  return m.hour < 12 ? "AM" : "PM";
}

/** A number in two digits. */
export function two(n: i32): string {
  return n.toString().padStart(2, "0");
}

/** Says how far a moment is from now, both as the same clock shows them. */
export function distance(l: Locale, to: Moment, now: Moment): string {
  const millis = to.millis - now.millis;
  const far = abs(millis);
  if (far < MINUTE) return l.now;
  if (far < HOUR) return counted(l, 0, <i32>(millis / MINUTE));
  if (far < DAY && to.day == now.day) return counted(l, 1, <i32>(millis / HOUR));
  const days = <i32>((midnightOf(to) - midnightOf(now)) / DAY);
  if (days >= -2 && days <= 2 && l.days[days + 2].length) return l.days[days + 2];
  const months = monthsBetween(now, to);
  if (months == 0) return counted(l, 2, days);
  return abs(months) < 12 ? counted(l, 3, months) : counted(l, 4, months / 12);
}

function midnightOf(m: Moment): i64 {
  return m.millis - m.hour * HOUR - m.minute * MINUTE - (m.millis % MINUTE);
}

/** How many whole months lie between two moments; less than 0 backwards. */
function monthsBetween(from: Moment, to: Moment): i32 {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  if (months > 0 && from.months(months).millis > to.millis) return months - 1;
  if (months < 0 && from.months(months).millis < to.millis) return months + 1;
  return months;
}

function counted(l: Locale, unit: i32, n: i32): string {
  const count = abs(n);
  const forms = l.units[unit].split("|");
  const pattern = n < 0 ? l.past : l.future;
  return pattern.replace("{n}", count.toString()).replace("{unit}", forms[min(plural(count), forms.length - 1)]);
}

/** 0 for one, 1 for a few, 2 for many. Languages with two forms take the second one for both of these. */
function plural(n: i32): i32 {
  if (n == 1) return 0;
  const last = n % 10;
  return last >= 2 && last <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2;
}
