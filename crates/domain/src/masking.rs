//! Hides what could identify a person: telephone and card numbers, e-mail addresses, other long numbers.

/// A number with at least this many digits is hidden; single spaces and dashes between the digits are ignored. Prices, years and speeds are shorter.
const LONG_NUMBER: usize = 7;
/// The text that replaces what was hidden.
pub const HIDDEN: &str = "•••";

/// The text with long numbers and e-mail addresses replaced by [`HIDDEN`].
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // No match begins inside a word; checking a long word at each of its letters would take quadratic time.
        let hidden = if out.ends_with(is_word) { None } else { mail(rest).or_else(|| number(rest)) };
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

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// The length of the e-mail address that the text begins with; `None` if it does not begin with one.
fn mail(text: &str) -> Option<usize> {
    let local = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b)).count();
    let domain = text[local..].strip_prefix('@')?;
    let length = domain.bytes().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
    let length = domain[..length].trim_end_matches(['.', '-']).len();
    (local > 0 && domain[..length].contains('.')).then_some(local + 1 + length)
}

/// The length of the long number that the text begins with, including letters directly before or after its digits.
fn number(text: &str) -> Option<usize> {
    let (mut digits, mut end, mut gap) = (0, 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => {
                digits += 1;
                end = at + 1;
                gap = false;
            }
            c if c.is_ascii_alphabetic() && !gap => end = at + 1,
            ' ' | '-' if !gap && digits > 0 => gap = true,
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
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in ["云享59有5.5GB流量", "2026年11月20日 100元", "300 Mbps 12 months", "a@b", "x9 pro", ""] {
            assert_eq!(masked(text), text);
        }
    }
}
