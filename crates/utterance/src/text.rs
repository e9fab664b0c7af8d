//! Text as the bot processes it: one normal form, the language of a line, and its tokens.

use std::borrow::Cow;

use normal::text::folded;
use serde::{Deserialize, Serialize};

/// Only the first and last parts of longer lines are read, so that a turn stays fast.
const HEAD_CHARS: usize = 300;
const TAIL_CHARS: usize = 100;

/// A language in which the bot answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, `zh-CN`.
    #[serde(rename = "zh-CN", alias = "zh")]
    Zh,
    /// English, `en`.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The language tag, as in HTML's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of a tag: everything that starts with `zh` is Chinese, all else English.
    pub fn from_tag(tag: &str) -> Lang {
        let is_zh = tag.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("zh"));
        if is_zh { Lang::Zh } else { Lang::En }
    }
}

/// Whether a character is a Chinese character.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The language of a line by its script; `None` if neither script occurs. One Chinese character is enough: product names in Latin letters occur in Chinese
/// sentences, but hardly ever the other way round.
pub fn detect(text: &str) -> Option<Lang> {
    if text.chars().any(is_han) {
        Some(Lang::Zh)
    } else if text.chars().any(|c| c.is_alphabetic()) {
        Some(Lang::En)
    } else {
        None
    }
}

/// The normal form of texts (`normal::text`), in which variant spellings of a few technical words are unified as well.
pub fn normalise(text: &str) -> String {
    let mut out = folded(text);
    const JOINED: [(&str, &str); 8] = [
        ("wi-fi", "wifi"),
        ("wi fi", "wifi"),
        ("e-mail", "email"),
        ("e-sim", "esim"),
        ("top-up", "topup"),
        ("top up", "topup"),
        ("topped up", "topup"),
        ("topping up", "topup"),
    ];
    // They all have a letter of these.
    if out.bytes().any(|byte| matches!(byte, b'e' | b'i' | b'o')) {
        for (from, to) in JOINED {
            if out.contains(from) {
                out = out.replace(from, to);
            }
        }
    }
    out
}

/// From so many characters on, digits, or digits with letters that spell no word, are a code: the number of an order, a phone, a device.
const CODE: usize = 6;
/// Fewer letters in a row, or only those that hexadecimal numbers have, are taken for no word in a code.
const WORD: usize = 3;

/// Normalised text without its codes, which a model of words would take for words it was never shown.
pub fn without_codes(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#');
    let is_word = |letters: &str| letters.len() >= WORD && letters.contains(|c: char| !c.is_ascii_hexdigit());
    let has_word = |run: &str| run.split(|c: char| !c.is_ascii_alphabetic()).any(is_word);
    let is_code = |run: &str| run.len() >= CODE && run.contains(|c: char| c.is_ascii_digit()) && !has_word(run);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_inner) {
        let (before, from) = rest.split_at(at);
        let (run, after) = from.split_at(from.find(|c| !is_inner(c)).unwrap_or(from.len()));
        kept.push_str(before);
        kept.push_str(if is_code(run) { " " } else { run });
        rest = after;
    }
    Cow::Owned(kept + rest)
}

/// Splits normalised text: each Chinese character, each run of letters, each run of digits (with one inner point).
/// `don't` stays one token, without its apostrophe.
pub fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Letters,
        Digits,
    }
    let mut out = Vec::new();
    let mut run: Option<(usize, Kind)> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let kind = if is_han(c) {
            None
        } else if c.is_ascii_digit() {
            Some(Kind::Digits)
        } else if c.is_alphabetic() {
            Some(Kind::Letters)
        } else {
            let next = chars.peek().map(|&(_, next)| next);
            match run {
                Some((_, Kind::Letters)) if c == '\'' && next.is_some_and(char::is_alphabetic) => {
                    continue;
                }
                Some((_, Kind::Digits)) if c == '.' && next.is_some_and(|n| n.is_ascii_digit()) => {
                    continue;
                }
                _ => None,
            }
        };
        if let Some((start, running)) = run
            && kind != Some(running)
        {
            out.push(&text[start..at]);
            run = None;
        }
        match kind {
            Some(kind) if run.is_none() => run = Some((at, kind)),
            None if is_han(c) => out.push(&text[at..at + c.len_utf8()]),
            _ => {}
        }
    }
    if let Some((start, _)) = run {
        out.push(&text[start..]);
    }
    out
}

/// Only the letters, digits and Chinese characters of a line: two lines that differ only in spaces and punctuation are equal in this form.
pub fn skeleton(text: &str) -> String {
    normalise(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The members of a word list written as one text, separated by bars.
pub fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('|')
}

/// Whether a normalised line holds one of the phrases of a list; in English, as whole words.
pub fn says(line: &str, lang: Lang, phrases: &'static str) -> bool {
    match lang {
        Lang::Zh => list(phrases).any(|phrase| line.contains(phrase)),
        Lang::En => {
            let spaced = |text: &str| format!(" {} ", tokens(text).join(" "));
            let line = spaced(line);
            list(phrases).any(|phrase| line.contains(&spaced(phrase)))
        }
    }
}

/// A line as it is read: its beginning and end if it is long, normalised. However a character is decomposed, what comes out is short.
pub fn normal_of(text: &str) -> String {
    let normal = normalise(&shorten(text));
    match shorten(&normal) {
        Cow::Borrowed(_) => normal,
        Cow::Owned(shorter) => shorter,
    }
}

/// The beginning and the end of a long text.
pub fn shorten(text: &str) -> Cow<'_, str> {
    // No character is shorter than a byte.
    let length = if text.len() <= HEAD_CHARS + TAIL_CHARS { 0 } else { text.chars().count() };
    if length <= HEAD_CHARS + TAIL_CHARS {
        return Cow::Borrowed(text);
    }
    let head = text.chars().take(HEAD_CHARS);
    let tail = text.chars().skip(length - TAIL_CHARS);
    Cow::Owned(head.chain(std::iter::once(' ')).chain(tail).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_capitals_and_curly_quotes_reach_one_form() {
        assert_eq!(normalise("Ｗｉ－Ｆｉ　密码"), "wifi 密码");
        assert_eq!(normalise("I’ve Topped Up"), "i've topup");
        assert_eq!(normalise("Wi\u{2011}Fi\u{200b} 怎麼\u{2060}連"), "wifi 怎么连");
    }

    #[test]
    fn tokens_part_at_changes_of_script() {
        assert_eq!(tokens("云享59有5.5gb流量"), ["云", "享", "59", "有", "5.5", "gb", "流", "量"]);
        assert_eq!(tokens("i don't, ok."), ["i", "don't", "ok"]);
        assert_eq!(tokens("x9 pro"), ["x", "9", "pro"]);
    }

    #[test]
    fn codes_are_no_words() {
        assert_eq!(without_codes("订单 lk-2026-0091 到哪了, 打 13812345678"), "订单   到哪了, 打  ");
        assert_eq!(without_codes("x9 pro with 5.5gb, i called 120 and 911. self-harm"), "x9 pro with 5.5gb, i called 120 and 911. self-harm");
        assert_eq!(without_codes("he has a gun.911 call-911-now, took pills.20"), "he has a gun.911 call-911-now, took pills.20");
    }

    #[test]
    fn one_chinese_character_makes_a_line_chinese() {
        assert_eq!(detect("Trelan X9 价格"), Some(Lang::Zh));
        assert_eq!(detect("price of X9"), Some(Lang::En));
        assert_eq!(detect("199 ?!"), None);
    }

    #[test]
    fn lines_that_differ_in_punctuation_share_a_skeleton() {
        assert_eq!(skeleton("怎么 充话费？"), skeleton("怎么充话费"));
    }
}
