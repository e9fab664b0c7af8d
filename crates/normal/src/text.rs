//! The normal form of what people say, of what is found by it, and of what counts as said twice.

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    hidden::{Seen, look_of},
    simplified::{in_context, simplified},
};

/// A text in lower case, half width and simplified characters (NFKC), without invisible characters, with each blank as a space, and with hyphens and apostrophes
/// as keyboards have them. Punctuation stays.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c.to_ascii_lowercase() }).collect();
    }
    let mut out = String::with_capacity(text.len());
    // NFKC would make this blank invisible.
    for c in text.chars().map(|c| if c == '\u{3164}' { ' ' } else { c }).nfkc() {
        match look_of(c) {
            Seen::Blank => out.push(' '),
            Seen::Not => {}
            Seen::As('\u{2018}' | '\u{2019}' | '\u{02bc}') => out.push('\''),
            Seen::As('\u{2010}' | '\u{2212}') => out.push('-'),
            Seen::As(c) => out.extend(simplified(c).to_lowercase()),
        }
    }
    in_context(out)
}

/// The words of a text: [`folded`], with single spaces and without punctuation.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in folded(text).chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Only the letters, digits and Chinese characters of a text, [`folded`]: two texts that differ in spaces and punctuation alone are equal in this form.
pub fn bare(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A text [`folded`], with single spaces and none at its ends: a word or a name as it is compared with others.
pub fn name(text: &str) -> String {
    folded(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a reader sees nothing of a text: it consists of blanks and of characters that are drawn as nothing.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| !matches!(look_of(c), Seen::As(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages of the console read the same cases.
    #[test]
    fn what_reads_the_same_is_the_same() {
        let cases: Vec<(String, String)> = serde_json::from_str(include_str!("../tests/folded.json")).unwrap();
        assert!(cases.len() > 20);
        for (raw, form) in cases {
            let found = folded(&raw);
            assert_eq!(found, form, "{raw:?}");
            assert_eq!(folded(&found), found, "{raw:?}");
        }
    }

    #[test]
    fn words_and_bare_texts_leave_punctuation_out() {
        assert_eq!((words(" 「手機」，X9\u{200b} Pro！ ").as_str(), bare("手機 X9-Pro？").as_str()), ("手机 x9 pro", "手机x9pro"));
        assert!(is_blank(" \u{200b}\u{3000}\u{2066}\n") && is_blank("") && !is_blank("\u{200b}。"));
        assert_eq!((words("？！").as_str(), bare(" ").as_str(), name("  VIP　餘額 ").as_str()), ("", "", "vip 余额"));
    }
}
