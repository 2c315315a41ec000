use super::{day, day::Day, PLUGIN};
use direction::{Outcome, Stage};

/// A house with three places at ten and at two, on Monday, 5 January 2026, at nine.
fn house() -> Stage {
    let mut stage = Stage::new(&PLUGIN);
    stage.config.insert("slots".into(), "10:00, 14:00".into());
    stage.config.insert("places".into(), "3".into());
    stage
}

fn run(stage: &mut Stage, person: &str, tag: &str) -> Outcome {
    stage.id = person.into();
    stage.run(tag)
}

#[track_caller]
fn says(stage: &mut Stage, person: &str, tag: &str, text: &str) {
    let got = run(stage, person, tag);
    assert_eq!((got.text.as_str(), got.error.as_str()), (text, ""), "{}", tag);
}

#[track_caller]
fn fails(stage: &mut Stage, person: &str, tag: &str, error: &str) {
    assert_eq!(run(stage, person, tag).error, error, "{}", tag);
}

#[test]
fn the_last_place() {
    let mut s = house();
    says(&mut s, "ann", "<slots places=3>", "10:00, 14:00");
    says(&mut s, "ann", "<book slot=10:00 places=2>", "10:00");
    says(&mut s, "bo", "<slots places=2>", "14:00");
    fails(&mut s, "bo", "<book slot=10:00 places=2>", "only 1 left at 10:00");
    says(&mut s, "bo", "<book slot=10:00>", "10:00");
    says(&mut s, "ann", "<booked>", "10:00 (2)");
    fails(&mut s, "cy", "<booked>", "nothing is booked");
    fails(&mut s, "cy", "<book slot=10:00>", "only 0 left at 10:00");
    assert_eq!(run(&mut s, "ann", "<unbook slot=10:00>").error, "");
    says(&mut s, "cy", "<book slot=10:00 places=2>", "10:00");
}

#[test]
fn a_turn_that_is_taken_again_books_nothing_twice() {
    let mut s = house();
    says(&mut s, "ann", "<book slot=10:00 places=3>", "10:00");
    says(&mut s, "ann", "<book slot=10:00 places=3>", "10:00");
    says(&mut s, "ann", "<booked>", "10:00 (3)");
}

#[test]
fn everything_is_taken() {
    let mut s = house();
    says(&mut s, "ann", "<book slot=10:00 places=3>", "10:00");
    says(&mut s, "ann", "<book slot=14:00 places=3>", "14:00");
    says(&mut s, "ann", "<slots>", "10:00, 14:00");
    fails(&mut s, "bo", "<slots>", "everything is taken");
    says(&mut s, "bo", "<slots day=tomorrow>", "10:00, 14:00");
}

#[test]
fn quick_replies_and_reminders() {
    let mut s = house();
    assert_eq!(run(&mut s, "ann", "<slots quick>").effects, ["quick 10:00 | 14:00"]);
    let ten = 1_767_607_200_000i64;
    let tag = "<book slot=10:00 reminder='See you!' before=15>";
    let remind = format!("remind booking 2026-01-05 10:00, {}: See you!", ten - 15 * 60_000);
    assert_eq!(run(&mut s, "ann", tag).effects, [remind]);
}

#[test]
fn days_and_slots() {
    let mut s = house();
    for (tag, error) in [
        ("<book slot=11:00>", "there is no such slot"),
        ("<book slot=10:00 day=yesterday>", "this is no day"),
        ("<book slot=10:00 day=2026-02-29>", "this is no day"),
        ("<book slot=10:00 day=2026-01-04>", "this day is over"),
        ("<book slot=10:00 day=2026-03-07>", "this day is too far away"),
        ("<book slot=10:00 places=0>", "attribute places: 0 is below 1"),
        ("<book>", "attribute slot is missing"),
    ] {
        fails(&mut s, "ann", tag, error);
    }
    s.now += 2 * 3_600_000;
    fails(&mut s, "ann", "<book slot=10:00>", "this slot is over");
    says(&mut s, "ann", "<slots>", "14:00");
    says(&mut s, "ann", "<slots day=tomorrow>", "10:00, 14:00");
    s.now += 6 * 3_600_000;
    fails(&mut s, "ann", "<slots>", "all slots of this day are over");
    s.now -= 6 * 3_600_000;
    s.config.insert("zone".into(), "-05:00".into());
    says(&mut s, "ann", "<book slot=10:00>", "10:00");
    s.now -= 17 * 3_600_000; // it is one o'clock of the day before there
    says(&mut s, "ann", "<book slot=14:00 day=2026-01-04>", "14:00");
}

#[test]
fn old_days_make_room() {
    let mut s = house();
    for _ in 0..200 {
        says(&mut s, "ann", "<book slot=14:00 day=tomorrow places=3>", "14:00");
        s.now += 86_400_000;
    }
    assert_eq!(s.state.len(), 64);
    says(&mut s, "ann", "<booked>", "14:00 (3)");
    run(&mut s, "ann", "<unbook slot=14:00>");
    assert_eq!(s.state.len(), 63);
}

#[test]
fn dates() {
    for (date, day) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-26", 20_783), ("9999-12-31", 2_932_896)] {
        assert_eq!(Day::parse(date), Some(Day(day)), "{}", date);
        assert_eq!(Day(day).to_string(), date);
    }
    for n in 0..100_000 {
        assert_eq!(Day::parse(&Day(n).to_string()), Some(Day(n)));
    }
    for bad in ["", "2026", "2026-1", "2026-13-01", "2026-04-31", "1900-01-01", "2026-01-01-01", "2026-+1-01"] {
        assert_eq!(Day::parse(bad), None, "{}", bad);
    }
    for (text, minutes) in [("10:05", Some(605)), ("-05:30", Some(-330)), ("24:00", None), ("1o:00", None), ("", None)]
    {
        assert_eq!(day::minutes(text), minutes, "{}", text);
    }
}
