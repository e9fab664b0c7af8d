//! How a workbook shows a number by the format of its cell, where that is more than its value: a day by a format that shows a dash for zero, a weekday, or an
//! identifier with its leading zeros.

/// What a number is shown as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A day, or a time of day.
    Time,
    /// How long something takes.
    Duration,
    /// These digits, and what stands between them.
    Digits(String),
}

/// From this number on, a double has no digit for the ones.
const MOST_WHOLE: f64 = 1e15;

/// Whether cells of a format have to be looked at one by one: some number is shown as more than its value, and the library that reads workbooks, which looks at the
/// first section alone and takes a weekday for half of a clock, does not see it.
pub(crate) fn is_telling(code: &str) -> bool {
    let sections = sections(code);
    let kinds = sections.iter().map(kind);
    let is_seen = sections.first().is_some_and(|first| matches!(kind(first), Kind::Time | Kind::Duration) && !first.letters.contains("aaa"));
    !is_seen && kinds.into_iter().any(|kind| kind != Kind::Number)
}

/// What a number is shown as by a format; `None` if as a number.
pub(crate) fn shown(code: &str, value: f64) -> Option<Shown> {
    let sections = sections(code);
    let section = section_for(&sections, value)?;
    match kind(section) {
        Kind::Number => None,
        Kind::Time => Some(Shown::Time),
        Kind::Duration => Some(Shown::Duration),
        Kind::Digits => digits(section, value).map(Shown::Digits),
    }
}

/// A part of a format, for some numbers.
#[derive(Debug, Default)]
struct Section {
    /// The comparison and the number of a condition such as `[<100]`.
    condition: Option<(String, f64)>,
    /// What stands outside quotation marks and brackets, in lower case.
    letters: String,
    /// Whether it counts hours, minutes or seconds on: `[h]`.
    counts_on: bool,
    /// The places for digits, and what is written between them, in their order.
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Zero,
    Written(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Time,
    Duration,
    Digits,
}

fn sections(code: &str) -> Vec<Section> {
    let mut all = vec![Section::default()];
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        let Some(section) = all.last_mut() else { break };
        match c {
            '"' => section.pieces.extend(chars.by_ref().take_while(|c| *c != '"').map(Piece::Written)),
            '\\' => section.pieces.extend(chars.next().map(Piece::Written)),
            // `_` leaves the width of the next character free, `*` fills with it
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let lower = inner.to_ascii_lowercase();
                let sign = inner.find(|c: char| !matches!(c, '<' | '>' | '=')).unwrap_or(inner.len());
                if sign > 0 {
                    section.condition = inner[sign..].trim().parse().ok().map(|number| (inner[..sign].to_owned(), number));
                }
                section.counts_on |= !lower.is_empty() && ["h", "m", "s"].iter().any(|unit| lower.trim_matches(|c| unit.starts_with(c)).is_empty());
            }
            ';' => all.push(Section::default()),
            '0' => {
                section.letters.push(c);
                section.pieces.push(Piece::Zero);
            }
            c => {
                section.letters.extend(c.to_lowercase());
                section.pieces.push(Piece::Written(c));
            }
        }
    }
    // the fourth is for text
    all.truncate(3);
    all
}

/// The section that a number is shown by: the first whose condition it meets, or else the one for its sign.
fn section_for(sections: &[Section], value: f64) -> Option<&Section> {
    let meets = |(sign, number): &(String, f64)| match sign.as_str() {
        "<" => value < *number,
        "<=" => value <= *number,
        ">" => value > *number,
        ">=" => value >= *number,
        "=" => (value - number).abs() < f64::EPSILON,
        "<>" => (value - number).abs() >= f64::EPSILON,
        _ => false,
    };
    if sections.iter().any(|section| section.condition.is_some()) {
        let met = sections.iter().find(|section| section.condition.as_ref().is_some_and(meets));
        return met.or_else(|| sections.iter().rev().find(|section| section.condition.is_none()));
    }
    match sections {
        [_, negative, ..] if value < 0.0 => Some(negative),
        [_, _, zero] if value == 0.0 => Some(zero),
        [positive, ..] => Some(positive),
        [] => None,
    }
}

fn kind(section: &Section) -> Kind {
    if section.counts_on {
        return Kind::Duration;
    }
    let letters = section.letters.replace("general", "").replace("am/pm", "").replace("a/p", "");
    let of_clock = letters.len() < section.letters.replace("general", "").len();
    if of_clock || letters.contains(['y', 'd', 'h', 's', 'm']) || letters.contains("aaa") || is_era(&letters) {
        return Kind::Time;
    }
    let zeros = section.pieces.iter().filter(|piece| **piece == Piece::Zero).count();
    let counts = letters.contains(['#', '?', '.', ',', '%', '/', '@', 'e']);
    if zeros > 1 && !counts { Kind::Digits } else { Kind::Number }
}

/// Whether a year is shown by its place in an era, and not a number by its power of ten: `e"年"`, but `0.00E+00`.
fn is_era(letters: &str) -> bool {
    letters.contains('e') && !letters.contains("e+") && !letters.contains("e-")
}

/// A whole number in the places of a section, from the right.
fn digits(section: &Section, value: f64) -> Option<String> {
    if value < 0.0 || value.fract() != 0.0 || value >= MOST_WHOLE {
        return None;
    }
    let places = section.pieces.iter().filter(|piece| **piece == Piece::Zero).count();
    let written = format!("{value:0places$}");
    // digits beyond the places stand before the first
    let (beyond, mut rest) = (written.len() - places, written.chars());
    let mut out = String::new();
    let mut is_first = true;
    for piece in &section.pieces {
        match piece {
            Piece::Written(c) => out.push(*c),
            Piece::Zero => {
                let count = if is_first { beyond + 1 } else { 1 };
                is_first = false;
                out.extend(rest.by_ref().take(count));
            }
        }
    }
    Some(out.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_by_the_section_for_it() {
        let digits = |text: &str| Some(Shown::Digits(text.to_owned()));
        for (code, value, expected) in [
            ("General", 46355.0, None),
            ("0", 12.0, None),
            ("0.00", 12.0, None),
            ("#,##0", 1200.0, None),
            ("0.00E+00", 1200.0, None),
            ("0%", 0.5, None),
            ("@", 12.0, None),
            ("[$-804]aaaa;@", 46355.0, Some(Shown::Time)),
            ("[=0]\"-\";yyyy/m/d", 46355.0, Some(Shown::Time)),
            ("[=0]\"-\";yyyy/m/d", 0.0, None),
            ("[<1]h:mm;yyyy-mm-dd", 46355.0, Some(Shown::Time)),
            ("0;[h]:mm", -1.5, Some(Shown::Duration)),
            ("e\"年\"m\"月\"", 46355.0, Some(Shown::Time)),
            ("000000", 123.0, digits("000123")),
            ("000000", 12_345_678.0, digits("12345678")),
            ("000-0000", 5_551_234.0, digits("555-1234")),
            ("\"SKU-\"000", 7.0, digits("SKU-007")),
            ("000000", 1.5, None),
            ("000000", -3.0, None),
            ("00000_);[Red](00000)", 42.0, digits("00042")),
        ] {
            assert_eq!(shown(code, value), expected, "{code} {value}");
        }
    }

    #[test]
    fn only_formats_that_tell_more_are_looked_at() {
        for code in ["[$-804]aaaa;@", "[=0]\"-\";yyyy/m/d", "000000"] {
            assert!(is_telling(code), "{code}");
        }
        for code in ["General", "yyyy-mm-dd", "[h]:mm", "0.00", "#,##0;[Red]-#,##0", "¥#,##0.00", "h:mm AM/PM", "@", ""] {
            assert!(!is_telling(code), "{code}");
        }
    }
}
