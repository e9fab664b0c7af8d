//! The normal form of a computed number. Spreadsheets compute in binary fractions: 1999 times 0.85 is stored as 1699.1499999999999 and shown as 1699.15.

use std::borrow::Cow;

/// The significant digits of a decimal number that a binary fraction (IEEE 754, 64 bits) keeps; spreadsheets show no more.
const SIGNIFICANT: usize = 15;

/// A number as spreadsheets show it: rounded to 15 significant digits.
pub fn of_number(number: f64) -> String {
    let rounded: f64 = format!("{number:.*e}", SIGNIFICANT - 1).parse().unwrap_or(number);
    // The shortest text of the number: 2999.9 is not 2999.900000000001.
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A decimal fraction with more than 15 significant digits, rounded to them; any other text stays as it is.
pub fn settled(text: &str) -> Cow<'_, str> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((whole, decimals)) = unsigned.split_once('.') else { return Cow::Borrowed(text) };
    let is_number = [whole, decimals].into_iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let significant = whole.bytes().chain(decimals.bytes()).skip_while(|byte| *byte == b'0').count();
    match text.parse() {
        Ok(number) if is_number && significant > SIGNIFICANT => Cow::Owned(of_number(number)),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computed_number_is_what_the_spreadsheet_shows() {
        for (number, text) in [
            (1999.0 * 0.85, "1699.15"),
            (1_699.149_999_999_999_9, "1699.15"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 3.0, "3.3"),
            (0.07 * 100.0, "7"),
            (1.0 - 0.9, "0.1"),
            (19.99, "19.99"),
            (12.0, "12"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (123_456_789_012_345.6, "123456789012346"),
        ] {
            assert_eq!(of_number(number), text, "{number:e}");
        }
    }

    #[test]
    fn only_fractions_with_too_many_digits_are_rounded() {
        for (text, settled_text) in [
            ("1699.1499999999999", "1699.15"),
            ("-1699.1499999999999", "-1699.15"),
            ("12.000000000000002", "12"),
            ("0.30000000000000004", "0.3"),
            ("1699.149", "1699.149"),
            ("19.990", "19.990"),
            ("99999999999999999999", "99999999999999999999"),
            ("1.2.3", "1.2.3"),
            ("1e300", "1e300"),
            ("12345678901234567 个.", "12345678901234567 个."),
        ] {
            assert_eq!(settled(text), settled_text, "{text}");
        }
    }
}
