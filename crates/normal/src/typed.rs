//! The normal form of what people type or paste to identify somebody or something: addresses, numbers, codes, amounts.

use unicode_normalization::UnicodeNormalization as _;

use crate::hidden::{Seen, look_of};

/// Zero of each script whose digits are in use (category Nd); the other nine follow it.
const ZEROS: [char; 35] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}',
    '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}', '\u{1c40}',
    '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}', '\u{abf0}',
];

/// A digit of any script as an ASCII digit; any other character stays.
fn digit(c: char) -> char {
    if c.is_ascii() || !c.is_numeric() {
        return c;
    }
    let of = |zero: &char| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10).and_then(|value| char::from_digit(value, 10));
    ZEROS.iter().find_map(of).unwrap_or(c)
}

/// What was typed or pasted: in half width (NFKC), without invisible characters and surrounding white space, with digits as ASCII, each blank as a space, and
/// hyphens, dashes, apostrophes and full stops as keyboards have them. Upper and lower case stay.
pub fn typed(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfkc() {
        match look_of(c) {
            Seen::Blank => out.push(' '),
            Seen::Not => {}
            Seen::As('\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}') => out.push('-'),
            Seen::As('\u{2018}' | '\u{2019}' | '\u{2bc}') => out.push('\''),
            Seen::As('\u{3002}') => out.push('.'),
            Seen::As(c) => out.push(digit(c)),
        }
    }
    out.trim().to_owned()
}

/// A single line that is kept as it was written: without invisible characters at its ends, and with each blank as a space.
pub fn line(raw: &str) -> String {
    let blanks: String = raw.chars().map(|c| if look_of(c) == Seen::Blank { ' ' } else { c }).collect();
    blanks.trim_matches(|c| c == ' ' || look_of(c) == Seen::Not).to_owned()
}

/// The digits of a code that was typed, whatever stands between them.
pub fn digits(raw: &str) -> String {
    typed(raw).chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_makes_no_difference() {
        for raw in [
            "138 0013 8002",
            "\u{202d}138 0013 8002\u{202c}",
            "138\u{a0}0013\u{2007}8002",
            "138 0013 8002\u{200b}",
            "\u{feff}138 0013 8002\u{200e}",
            "１３８ ００１３ ８００２",
            "138\u{3000}0013\u{3000}8002",
            "١٣٨ ٠٠١٣ ٨٠٠٢",
            "𝟏𝟑𝟖 𝟎𝟎𝟏𝟑 𝟖𝟎𝟎𝟐",
            "1\u{ad}38 00\u{2060}13 8002\n",
        ] {
            assert_eq!(typed(raw), "138 0013 8002", "{raw:?}");
        }
        for dash in ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}', '\u{ff0d}', '\u{fe63}'] {
            assert_eq!(typed(&format!("138{dash}0013")), "138-0013", "{dash:?}");
        }
        assert_eq!((typed("＋86"), typed("O’Neil＠Example。com")), ("+86".to_owned(), "O'Neil@Example.com".to_owned()));
        assert_eq!(digits("１２ ３-4\u{200b}56"), "123456");
    }

    #[test]
    fn a_line_keeps_its_words() {
        assert_eq!(line(" \u{202d}微信：ＡＢ\t12\u{202c}\u{200b}\n"), "微信：ＡＢ 12");
        assert_eq!((line("\u{200b}\u{feff} "), line("👩\u{200d}💻")), (String::new(), "👩\u{200d}💻".to_owned()));
    }
}
