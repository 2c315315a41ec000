use super::{number, PLUGIN};
use direction::Stage;

#[test]
fn numbers_are_those_of_the_language() {
    for (text, value) in [("5", 5.0), (" -2.5 ", -2.5), ("+0", 0.0), ("007", 7.0)] {
        assert_eq!(number::read(text), Some(value), "{}", text);
    }
    for text in ["", ".5", "5.", "1e3", "--1", "+-1", "0x1", "1 2", "٣", "undefined", "-", "inf", "NaN", &"9".repeat(400)] {
        assert_eq!(number::read(text), None, "{}", text);
    }
}

#[test]
fn results_are_rounded_to_fifteen_digits() {
    for (n, text) in [
        (10.0 / 3.0, "3.33333333333333"),
        (0.1 + 0.2, "0.3"),
        (-3.5, "-3.5"),
        (-0.0, "0"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e-20, "0.00000000000000000001"),
    ] {
        assert_eq!(number::write(n).as_deref(), Some(text));
    }
    for n in [1e15, -1e15, f64::INFINITY, f64::NAN] {
        assert_eq!(number::write(n), None);
    }
}

#[test]
fn delays_are_clamped() {
    for (seconds, millis) in [(2.0, 2000), (0.5, 500), (0.0004, 0), (0.0005, 1), (500.0, 120_000), (-1.0, 0)] {
        assert_eq!(number::millis(seconds), millis, "{}", seconds);
    }
}

#[test]
fn variables_are_set_cleared_and_read() {
    let mut stage = Stage::new(&PLUGIN);
    assert_eq!(stage.run("<get name=x>").text, "undefined");
    stage.run("<set name=\" x \" value=\" one \">");
    assert_eq!(stage.run("<get name=x>").text, "one");
    stage.run("<set name=x value=\"\">");
    assert_eq!(stage.run("<get name=x>").text, "");
    stage.run("<set name=x>");
    assert_eq!(stage.run("<get name=x>").text, "undefined");
    assert_eq!(stage.run("<set name=topic value=quiz>").effects, ["topic quiz"]);
}

#[test]
fn sums_check_the_operand_first() {
    let mut stage = Stage::new(&PLUGIN);
    stage.run("<set name=x value=seven>");
    for (tag, error) in [
        ("<add name=x value=abc>", "[ERR: Math can't 'add' non-numeric value 'abc']"),
        ("<sub name=x value=1>", "[ERR: Math can't 'sub' non-numeric user variable 'x']"),
        ("<div name=y value=0>", "[ERR: Can't Divide By Zero]"),
        ("<add name=y value=999999999999999.9>", ""),
        ("<mult name=y value=10>", "[ERR: Math result out of range]"),
    ] {
        assert_eq!(stage.run(tag).error, error, "{}", tag);
    }
}
