// The words and the clocks are compared with those of Node.js, which has the whole of the Unicode CLDR and all zones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "../../sdk/as/testing/index.mjs";

const stage = await Stage.load(new URL("calendar.wasm", import.meta.url));
const attributes = Object.fromEntries(stage.manifest.directions[0].attributes.map((a) => [a.name, a]));
const locales = attributes.locale.choices;

/** Hours all over the years, each day at another one. */
function* moments(from, to) {
  for (let t = Date.UTC(from, 0, 1); t < Date.UTC(to, 0, 1); t += 3.37 * 86400000) yield Math.floor(t / 60000) * 60000;
}

/** Editions of the CLDR differ in blanks that do not break and in commas. */
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ").replace(/,/g, "");

function says(tag, text) {
  const got = stage.run(tag);
  assert.deepEqual([got.text, got.error], [text, ""], `${tag} at ${new Date(stage.now).toISOString()}`);
}

test("every style in every locale", () => {
  for (const locale of locales) {
    for (const style of attributes.style.choices.filter((s) => s !== "iso")) {
      const options = { timeZone: "UTC" };
      if (style === "time") options.timeStyle = "short";
      else if (style === "weekday") options.weekday = "long";
      else if (style === "year") options.year = "numeric";
      else options.dateStyle = style === "month" ? "long" : style;
      const format = new Intl.DateTimeFormat(locale, options);
      for (const at of moments(2026, 2027)) {
        const parts = format.formatToParts(at);
        const text = style === "month" ? parts.find((p) => p.type === "month").value : parts.map((p) => p.value).join("");
        const got = stage.run(`<when at=${at} locale=${locale} style=${style}>`);
        assert.equal(plain(got.text), plain(text), `${locale} ${style} ${got.error}`);
      }
    }
  }
});

test("every zone, through the years", () => {
  const zones = `Europe/London Europe/Berlin Europe/Athens Europe/Istanbul America/New_York America/Chicago America/Denver
    America/Phoenix America/Los_Angeles America/Sao_Paulo America/Bogota America/Mexico_City Asia/Kolkata Asia/Tokyo
    Asia/Dubai Asia/Singapore Africa/Nairobi Africa/Johannesburg UTC`;
  for (const timeZone of zones.split(/\s+/)) {
    const format = new Intl.DateTimeFormat("sv", {
      timeZone,
      dateStyle: "short",
      timeStyle: "short",
    });
    for (const at of moments(2024, 2040)) {
      const got = stage.run(`<when at=${at} zone=${timeZone} style=iso>`).text;
      assert.equal(got.slice(0, 16).replace("T", " "), format.format(at), `${timeZone} ${new Date(at).toISOString()}`);
      assert.equal(Date.parse(got), at, got);
      // What was written comes back, whatever clock it is read on.
      says(`<when at=${got} zone=${timeZone} style=iso>`, got);
    }
  }
});

test("distances", () => {
  const units = { minute: 60000, hour: 3600000, day: 86400000 };
  for (const locale of locales) {
    const exact = new Intl.RelativeTimeFormat(locale);
    const named = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    says(`<until locale=${locale}>`, named.format(0, "second"));
    for (const n of [1, 2, 3, 5, 11, 12, 22, 25]) {
      for (const sign of [1, -1]) {
        for (const unit of ["minute", "hour", "day", "month", "year"]) {
          if ((unit === "hour" && n > 11) || (unit === "month" && n > 11)) continue;
          stage.now = Date.UTC(2026, 6, 15, 12);
          const format = unit === "day" && n <= 2 ? named : exact;
          says(`<until locale=${locale} add="${sign * n} ${unit}s">`, format.format(sign * n, unit));
          if (unit in units) {
            says(`<until locale=${locale} at=${stage.now + sign * n * units[unit]}>`, format.format(sign * n, unit));
          }
        }
      }
    }
  }
});

test("distances by the calendar", () => {
  for (const [now, at, text] of [
    ["2026-01-31T23:50", "2026-02-01T00:10", "in 20 minutes"],
    ["2026-01-31T20:00", "2026-02-01T02:00", "tomorrow"],
    ["2026-01-31T01:00", "2026-01-31T23:00", "in 22 hours"],
    ["2026-01-31T12:00", "2026-02-27T12:00", "in 27 days"],
    ["2026-02-28T12:00", "2026-03-28T12:00", "in 1 month"],
    ["2026-02-28T12:00", "2026-03-28T11:00", "in 28 days"],
    ["2024-02-29T12:00", "2023-02-28T12:00", "1 year ago"],
    ["2026-06-01T12:00", "2025-07-02T12:00", "10 months ago"],
  ]) {
    stage.now = Date.parse(now + "Z");
    says(`<until at=${at}>`, text);
  }
});

test("moments as people write them", () => {
  stage.now = Date.UTC(2026, 10, 26, 17, 5);
  stage.config = { zone: "Europe/Oslo", locale: "de" };
  for (const [tag, text] of [
    ["<when>", "26. November 2026"],
    ["<when style=time>", "18:05"],
    ["<when style=iso>", "2026-11-26T18:05+01:00"],
    ["<when at=2026-07-01 style=iso>", "2026-07-01T00:00+02:00"],
    ["<when at=2026-07-01T12:30:15.5 style=iso>", "2026-07-01T12:30+02:00"],
    ["<when at='2026-07-01 12:30Z' style=iso>", "2026-07-01T14:30+02:00"],
    ["<when at=2026-07-01T12:30-05:30 style=iso zone=UTC>", "2026-07-01T18:00+00:00"],
    ["<when at=0 style=iso fallback=x>", undefined],
    ["<when at=1782909000000 style=iso>", "2026-07-01T14:30+02:00"],
    ["<when add='1 month' at=2024-01-31 style=short locale=en>", "2/29/24"],
    ["<when add='-2 weeks' style=weekday locale=en-gb>", "Thursday"],
    ["<when add='1 day' at=2026-03-28T12:00 style=iso>", "2026-03-29T12:00+02:00"],
    ["<when at=2026-10-25T02:30 style=iso>", "2026-10-25T02:30+02:00"],
  ]) {
    if (text) says(tag, text);
    else assert.match(stage.run(tag).error, /this is no date or time/, tag);
  }
});

test("what is no moment", () => {
  stage.config = {};
  for (const [tag, error] of [
    ["<when at=2026-02-29>", "this is no date or time: 2026-02-29"],
    ["<when at=2026-13-01>", "this is no date or time: 2026-13-01"],
    ["<when at=2026-01-01T24:00>", "this is no date or time: 2026-01-01T24:00"],
    ["<when at=2026-01-01T10:00+99:00>", "this is no date or time: 2026-01-01T10:00+99:00"],
    ["<when at=soon>", "this is no date or time: soon"],
    ["<when add='3 moons'>", "this is no time span: 3 moons"],
    ["<when add='999999 years'>", "this is too far away"],
    ["<when at=999999999999999>", "this is too far away"],
    ["<when zone=Mars/Olympus>", "there is no zone Mars/Olympus"],
    ["<when locale=tlh>", `attribute locale: tlh is none of ${locales.join(", ")}`],
  ]) {
    assert.equal(stage.run(tag).error, error, tag);
  }
  stage.config = { locale: "tlh" };
  assert.equal(stage.run("<until>").error, "there is no locale tlh");
});
