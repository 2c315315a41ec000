//! Numbers as scripts write them.

/// Reads a number (L-COND-5): an optional sign, digits, optionally a point and digits; white space around does not matter.
pub fn read(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let well_formed = match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    };
    if !well_formed {
        return None;
    }
    text.parse().ok().filter(|n: &f64| n.is_finite())
}

/// Writes a result (L-MATH-2): at most 15 significant digits, no exponent, no zeros at the end, no minus in front of zero.
/// There is none for a result of 10^15 or more in size.
pub fn write(n: f64) -> Option<String> {
    if !(-1e15 < n && n < 1e15) {
        return None;
    }
    let rounded: f64 = format!("{:.14e}", n).parse().unwrap_or(0.0);
    Some(if rounded == 0.0 { "0".into() } else { format!("{}", rounded) })
}

/// Seconds in milliseconds, from 0 to 120,000, rounded to the nearest (L-DELAY-2).
pub fn millis(seconds: f64) -> i32 {
    let exact = (seconds * 1000.0).clamp(0.0, 120_000.0);
    let whole = exact as i32;
    whole + i32::from(exact - f64::from(whole) >= 0.5)
}
