//! Hides what could identify a person: telephone and card numbers, e-mail addresses, other long numbers; [`anonymous`] also hides what people tell in words.

mod anonymous;

pub use anonymous::anonymous;
pub use normal::secret_numbers;

use normal::hidden::{is_hidden, is_joiner};

/// A number with at least this many digits is hidden, in whatever way its digits are grouped. Prices, years and speeds are shorter.
const LONG_NUMBER: usize = 7;
/// So many spaces and dashes may stand between two digits of a number.
const MOST_BETWEEN: usize = 3;
/// The fewest digits of a group of digits.
const GROUP: usize = 3;
/// The text that replaces what was hidden.
pub const HIDDEN: &str = "•••";

/// The text with long numbers and e-mail addresses replaced by [`HIDDEN`].
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // No match begins inside a word; checking a long word at each of its letters would take quadratic time.
        let hidden = match out.chars().next_back() {
            Some(before) if is_word(before) => None,
            Some(before) if MARKS.contains(before) => number(rest),
            _ => mail(rest).or_else(|| number(rest)),
        };
        match hidden {
            Some(length) => {
                out.push_str(HIDDEN);
                rest = &rest[length..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// What may stand in the first part of an e-mail address beside letters and digits.
const MARKS: &str = "._%+-";

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether it is a digit: also a wide one, an Arabic one, or one in Chinese words.
const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
        || matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '幺')
}

/// The length of the e-mail address that the text begins with; `None` if it does not begin with one.
fn mail(text: &str) -> Option<usize> {
    let local = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || MARKS.as_bytes().contains(b)).count();
    let domain = text[local..].strip_prefix('@')?;
    // Chinese words follow an address without a space.
    let is_of_host = |c: &char| c.is_alphanumeric() && !matches!(c, '\u{2e80}'..='\u{9fff}') || matches!(c, '.' | '-');
    let length: usize = domain.chars().take_while(is_of_host).map(char::len_utf8).sum();
    let length = domain[..length].trim_end_matches(['.', '-']).len();
    (local > 0 && domain[..length].contains('.')).then_some(local + 1 + length)
}

/// The length of the long number that the text begins with, including letters directly before or after its digits.
fn number(text: &str) -> Option<usize> {
    let (mut digits, mut end, mut gap) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            c if is_digit(c) => {
                digits += 1;
                end = at + c.len_utf8();
                gap = 0;
            }
            c if c.is_ascii_alphabetic() && gap == 0 => end = at + 1,
            c if digits > 0 && (is_hidden(c) || is_joiner(c)) => {}
            ' ' | '-' | '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\u{2010}'..='\u{2013}' | '－' if gap < MOST_BETWEEN && digits > 0 => gap += 1,
            // a full stop or a slash also stands in prices and fractions: it groups digits only if a group follows
            '.' | '/' | '·' | '_' | '(' | ')' if gap == 0 && digits > 0 && text[at..].chars().skip(1).take(GROUP).filter(|c| is_digit(*c)).count() == GROUP => {
                gap += 1
            }
            // Commas stand between thousands in amounts: only what is longer is no amount.
            ',' if gap == 0 && digits > 0 && text[at..].chars().skip(1).take(GROUP + 1).filter(|c| is_digit(*c)).count() > GROUP => gap += 1,
            _ => break,
        }
    }
    (digits >= LONG_NUMBER).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_who_somebody_is_is_hidden() {
        for (text, expected) in [
            ("我的号码13800138000怎么没到账", "我的号码•••怎么没到账"),
            ("call 138-0013-8000 please", "call ••• please"),
            ("身份证340123199001011234X，谢谢", "身份证•••，谢谢"),
            ("mail me at a.b+c@shop.example.com.", "mail me at •••."),
            ("订单LK20261120001查一下", "订单•••查一下"),
            ("我的号码是１３８００１３８０００", "我的号码是•••"),
            ("138.0013.8000, 138 - 0013 - 8000", "•••, •••"),
            ("0551/6288/8888", "•••"),
            ("138,0013,8000, 138_0013_8000, 138(0013)8000", "•••, •••, •••"),
            ("一三八零零一三八零零零，١٣٨٠٠١٣٨٠٠٠", "•••，•••"),
            ("写到bob@bücher.example的邮箱", "写到•••的邮箱"),
            ("138\u{200b}0013\u{2060}8000, 138\u{2011}0013\u{2011}8000", "•••, •••"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn a_long_run_of_marks_takes_no_longer_than_its_length() {
        let marks = "._%+-".repeat(50_000);
        assert_eq!(masked(&marks), marks);
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in
            ["云享59有5.5GB流量", "2026年11月20日 100元", "300 Mbps 12 months", "12999.00 yuan, 1.5/3.5, 12,999,000", "二零二六年一月", "a@b", "x9 pro", ""]
        {
            assert_eq!(masked(text), text);
        }
    }
}
