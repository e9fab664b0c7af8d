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

    #[test]
    fn what_reads_the_same_is_the_same() {
        for (raw, form) in [
            ("怎麼查話費", "怎么查话费"),
            ("流量不夠用怎麼辦", "流量不够用怎么办"),
            ("手機", "手机"),
            ("手\u{200b}机", "手机"),
            ("\u{2066}手\u{2060}机\u{2069}\u{feff}", "手机"),
            ("e\u{ad}SIM", "esim"),
            ("Ｗｉ－Ｆｉ　密码", "wi-fi 密码"),
            ("Wi\u{2011}Fi", "wi-fi"),
            ("I’ve", "i've"),
            ("a\u{2028}b\tc\u{3164}d\u{2800}e\u{a0}f", "a b c d e f"),
            ("繳費帳單", "缴费账单"),
            ("甚麼時候回覆我", "什么时候回复我"),
            ("甚至可以覆盖", "甚至可以覆盖"),
            ("看著螢幕想瞭解", "看着萤幕想了解"),
            ("著名的瞭望塔，效果显著", "著名的瞭望塔,效果显著"),
            ("妳的裡面", "你的里面"),
            ("Ⅳ㎡①", "ivm21"),
        ] {
            let found = folded(raw);
            assert_eq!(found, form, "{raw:?}");
            assert_eq!(folded(&found), found, "{raw:?}");
        }
    }

    #[test]
    fn simplified_text_stays_as_it_is() {
        for text in ["怎么查话费？余额不足，覆盖范围、慰藉、著作权、乾坤、神祇、彷徨", "云享59有5.5gb流量，几点开始？只要一后天里面干台发面"]
        {
            assert_eq!(folded(text), text.replace('？', "?").replace('，', ","));
        }
    }

    #[test]
    fn words_and_bare_texts_leave_punctuation_out() {
        assert_eq!((words(" 「手機」，X9\u{200b} Pro！ ").as_str(), bare("手機 X9-Pro？").as_str()), ("手机 x9 pro", "手机x9pro"));
        assert!(is_blank(" \u{200b}\u{3000}\u{2066}\n") && is_blank("") && !is_blank("\u{200b}。"));
        assert_eq!((words("？！").as_str(), bare(" ").as_str(), name("  VIP　餘額 ").as_str()), ("", "", "vip 余额"));
    }
}
