//! Recognises numbers that nobody has to read in order to help: card numbers, identity numbers and codes.
//!
//! A number is recognised by what it is, not by its length alone: cards by their issuer and check digit, identity numbers by their region, date and check digit,
//! codes by the words beside them or because one is awaited. Telephone numbers, amounts, order numbers, bar codes and the numbers of devices stay.

mod identity;

use std::ops::Range;

use crate::hidden::{SELECTOR, is_hidden, is_joiner};

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretNumber {
    /// The number of a bank or credit card.
    Card,
    /// The number by which a state knows a person.
    Identity,
    /// A code that proves who somebody is, or that somebody holds a card.
    Code,
}

/// Which numbers are codes, beside those that words name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// None: no code is awaited.
    Nothing,
    /// One is awaited of this person: any six digits are one.
    Code,
}

/// A text in which numbers are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortened {
    /// The text, with each number shortened.
    pub text: String,
    /// What was hidden, in the order of the text; at least one.
    pub hidden: Vec<SecretNumber>,
}

/// The fewest digits of a text in which something can be hidden.
const FEWEST: usize = 3;
/// The digits of a code that is awaited.
const CODE: usize = 6;
/// So many characters may stand between two groups of digits of one number.
const MOST_BETWEEN: usize = 3;
/// So far before a number, in characters of the same sentence, may the word stand that names it.
const NEAR: usize = 16;
/// The same for short words and for numbers of which there are many.
const VERY_NEAR: usize = 6;
/// How far beside a number an identifier is looked for, in characters: two parts of a UUID.
const BESIDE: usize = 18;
/// The lengths of card numbers.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// What stands for digits that are not shown.
const DOTS: &str = "••••";
/// What stands for a code.
const HIDDEN_CODE: &str = "••••••";

/// Words that name a code, in lower case.
const CODE_WORDS: [&str; 21] = [
    "验证码",
    "校验码",
    "动态码",
    "动态密码",
    "短信密码",
    "取款密码",
    "支付密码",
    "驗證碼",
    "verification code",
    "security code",
    "one-time code",
    "one-time password",
    "one time code",
    "one time password",
    "login code",
    "sign-in code",
    "passcode",
    "confirmation code",
    "authentication code",
    "pin",
    "otp",
];
/// Words that name the three or four digits on the back of a card.
const CARD_CODE_WORDS: [&str; 6] = ["cvv", "cvc", "cvn", "cvv2", "cvc2", "安全码"];
/// Words after which a long number is not that of a card.
const ORDER_WORDS: [&str; 14] = ["订单", "单号", "运单", "快递", "流水", "訂單", "單號", "order", "tracking", "parcel", "invoice", "imei", "iccid", "serial"];
/// What may stand between such a word and its number.
const LABELS: [&str; 12] = ["number", "号码", "号", "碼", "码", "no", "id", "is", "是", "为", "#", "："];
/// What may begin the words between a code and the word that names it, if the code comes first.
const LINKS: [&str; 5] = ["是", "就是", "为", "is ", "as "];

/// Whether something may be hidden in a text: one look at its bytes, which most texts do not pass.
pub fn may_hold(text: &str) -> bool {
    // An ASCII digit, or the first byte of a character that may be a digit elsewhere. Without a way out of it, the loop takes many bytes at once. Punctuation of
    // full width and emoji begin like that, too, so those that pass are counted exactly.
    let may_be_digit = |byte: &u8| byte.is_ascii_digit() || matches!(byte, 0xd9 | 0xdb | 0xe0 | 0xef | 0xf0);
    text.bytes().filter(may_be_digit).count() >= FEWEST && text.chars().filter_map(digit).count() >= FEWEST
}

/// Whether a text has six digits that may be a code, if one is awaited.
pub fn may_hold_code(text: &str) -> bool {
    may_hold(text) && Digits::of(text).codes().next().is_some()
}

/// The text with its numbers shortened; `None` if there is nothing to hide. It takes time in proportion to its length.
pub fn shorten(text: &str, awaited: Awaited) -> Option<Shortened> {
    if may_hold(text) { shorten_digits(&Digits::of(text), awaited) } else { None }
}

/// The same as [`shorten`] while no code is awaited, with whether what is left [has six digits that may be one](may_hold_code): the text is read once.
pub fn shorten_or_code(text: &str) -> (Option<Shortened>, bool) {
    if !may_hold(text) {
        return (None, false);
    }
    let digits = Digits::of(text);
    match shorten_digits(&digits, Awaited::Nothing) {
        Some(short) => {
            let may_hold_code = may_hold_code(&short.text);
            (Some(short), may_hold_code)
        }
        None => (None, digits.codes().next().is_some()),
    }
}

fn shorten_digits(digits: &Digits<'_>, awaited: Awaited) -> Option<Shortened> {
    let (text, found) = (digits.text, find(digits, awaited));
    if found.is_empty() {
        return None;
    }
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for Found { at, shown, .. } in &found {
        out.push_str(&text[end..at.start]);
        out.push_str(shown);
        end = at.end;
    }
    out.push_str(&text[end..]);
    Some(Shortened { text: out, hidden: found.iter().map(|one| one.is).collect() })
}

/// A number that is to be hidden.
#[derive(Debug)]
struct Found {
    is: SecretNumber,
    at: Range<usize>,
    shown: String,
}

fn find(digits: &Digits<'_>, awaited: Awaited) -> Vec<Found> {
    let text = digits.text;
    let mut found = Vec::new();
    let mut next = 0;
    while next < digits.groups.len() {
        let whole = |(last, one): (usize, Found)| (!is_in_identifier(text, &one.at)).then_some((last, one));
        let one = digits.identity(next).or_else(|| digits.card(next)).and_then(whole).or_else(|| digits.code(next, awaited));
        match one {
            Some((last, one)) => {
                found.push(one);
                next = last + 1;
            }
            None => next += 1,
        }
    }
    found
}

/// Whether digits are a part of an identifier in hexadecimal digits, such as a UUID: on one side it goes on, also after hyphens, in such digits with a letter among
/// them. Words beside a number, as in `VISA-4111…`, and other numbers, such as until when a card is valid, do not make it one.
fn is_in_identifier(text: &str, at: &Range<usize>) -> bool {
    let is_link = |c: char| matches!(c, '-' | '_');
    let goes_on = |beside: &mut dyn Iterator<Item = char>| {
        let (mut has_letter, mut is_hex) = (false, true);
        for c in beside.take(BESIDE).take_while(|c| c.is_ascii_alphanumeric() || is_link(*c)) {
            has_letter |= c.is_ascii_alphabetic();
            is_hex &= c.is_ascii_hexdigit() || is_link(c);
        }
        has_letter && is_hex
    };
    goes_on(&mut text[..at.start].chars().rev()) || goes_on(&mut text[at.end..].chars())
}

/// What stands between two groups of digits that may be one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Spaces,
    Sign(char),
}

/// Digits that follow each other directly.
#[derive(Debug)]
struct Group {
    /// Where it stands in the text.
    at: Range<usize>,
    /// Which digits it has.
    of: Range<usize>,
    /// What keeps it apart from the group before, if both may be one number.
    after: Option<Between>,
}

/// The digits of a text.
#[derive(Debug)]
struct Digits<'a> {
    text: &'a str,
    values: Vec<u8>,
    groups: Vec<Group>,
}

impl<'a> Digits<'a> {
    fn of(text: &'a str) -> Self {
        let mut digits = Self { text, values: Vec::new(), groups: Vec::new() };
        let mut gap = Gap::Joined;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            match digit(c) {
                Some(value) => {
                    let index = digits.values.len();
                    digits.values.push(value);
                    match (&gap, digits.groups.last_mut()) {
                        (Gap::Joined, Some(group)) => {
                            group.at.end = end;
                            group.of.end = index + 1;
                        }
                        (before, _) => {
                            let after = before.between();
                            digits.groups.push(Group { at: at..end, of: index..index + 1, after });
                        }
                    }
                    gap = Gap::Joined;
                }
                // Nothing joins what follows to what was before.
                None if matches!(gap, Gap::Wide) => {}
                // Also the frame of a key around a digit.
                None if is_hidden(c) || is_joiner(c) || matches!(c, SELECTOR | '\u{20e3}') => {}
                None => gap = gap.with(c),
            }
        }
        digits
    }

    fn len(&self, group: usize) -> usize {
        self.groups[group].of.len()
    }

    /// The number that begins with a group and satisfies a rule: with as many of the following groups as possible, all kept apart by the same sign.
    fn longest(&self, first: usize, most: usize, is_one: impl Fn(&[u8]) -> bool) -> Option<usize> {
        let (mut best, mut between) = (None, None);
        for (n, group) in self.groups.iter().enumerate().skip(first) {
            if n > first {
                match (between, group.after) {
                    (None, Some(_)) => between = group.after,
                    (Some(before), Some(after)) if before == after => {}
                    _ => break,
                }
            }
            let run = self.groups[first].of.start..group.of.end;
            if run.len() > most {
                break;
            }
            if is_one(&self.values[run]) {
                best = Some(n);
            }
        }
        best
    }

    fn card(&self, first: usize) -> Option<(usize, Found)> {
        let last = self.longest(first, *CARD.end(), |digits| CARD.contains(&digits.len()) && is_card(digits))?;
        let at = self.groups[first].at.start..self.groups[last].at.end;
        if first == last && self.is_named_otherwise(at.start) {
            return None;
        }
        let ends: String = self.values[..self.groups[last].of.end].iter().rev().take(4).rev().map(|value| char::from(b'0' + value)).collect();
        Some((last, Found { is: SecretNumber::Card, at, shown: format!("{DOTS} {ends}") }))
    }

    /// Whether the word directly before a number says that it is not that of a card.
    fn is_named_otherwise(&self, at: usize) -> bool {
        let near = self.text[..at].char_indices().rev().take(NEAR + WORD).last().map_or(at, |(from, _)| from);
        let before = self.text[near..at].to_lowercase();
        let is_label = |mut rest: &str| {
            while !rest.is_empty() {
                let cut = rest.trim_start_matches([' ', ':', '.', '\u{a0}', '\u{3000}']);
                let next = LABELS.iter().find_map(|label| cut.strip_prefix(label)).unwrap_or(cut);
                if next.len() == rest.len() {
                    return false;
                }
                rest = next;
            }
            true
        };
        ORDER_WORDS.iter().any(|word| last_word(&before, word).is_some_and(|found| is_label(&before[found + word.len()..])))
    }

    /// Groups that may be a code of six digits: in one, or in two halves.
    fn codes(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.groups.len()).filter(|group| self.code_end(*group, CODE..=CODE).is_some())
    }

    /// The last group of the code that begins with a group, if its digits are so many and stand by themselves: what is part of a longer number, of an amount or a
    /// date is no code.
    fn code_end(&self, first: usize, lengths: std::ops::RangeInclusive<usize>) -> Option<usize> {
        // A comma in an amount has two or three digits behind it.
        let is_apart = |group: usize| {
            self.groups.get(group).is_none_or(|group| match group.after {
                Some(Between::Sign(',')) => !matches!(group.of.len(), 2 | 3),
                Some(Between::Sign(_)) => false,
                Some(Between::Spaces) | None => true,
            })
        };
        if !is_apart(first) {
            return None;
        }
        if lengths.contains(&self.len(first)) && is_apart(first + 1) {
            return Some(first);
        }
        let (second, has_halves) = (first + 1, lengths.contains(&CODE) && self.len(first) == CODE / 2);
        let after = self.groups.get(second).filter(|half| has_halves && half.of.len() == CODE / 2)?.after?;
        (matches!(after, Between::Spaces | Between::Sign('-')) && is_apart(second + 1)).then_some(second)
    }

    fn code(&self, first: usize, awaited: Awaited) -> Option<(usize, Found)> {
        self.code_end(first, 3..=8)?;
        let around = |last: usize| Around { before: self.before(self.groups[first].at.start, NEAR + WORD), after: self.after(self.groups[last].at.end) };
        let named = |lengths, words: &[&str], near| self.code_end(first, lengths).filter(|last| around(*last).names(words, near));
        let last = named(CODE..=CODE, &CODE_WORDS, NEAR).or_else(|| named(4..=8, &CODE_WORDS, VERY_NEAR));
        if let Some(last) = last {
            return Some((last, self.hide_code(first, last, HIDDEN_CODE)));
        }
        if let Some(last) = named(3..=4, &CARD_CODE_WORDS, VERY_NEAR) {
            return Some((last, self.hide_code(first, last, DOTS)));
        }
        let last = self.code_end(first, CODE..=CODE)?;
        (awaited == Awaited::Code).then(|| (last, self.hide_code(first, last, HIDDEN_CODE)))
    }

    fn hide_code(&self, first: usize, last: usize, shown: &str) -> Found {
        Found { is: SecretNumber::Code, at: self.groups[first].at.start..self.groups[last].at.end, shown: shown.to_owned() }
    }

    /// The characters directly before a place in the same sentence, at most so many, in lower case; numbers end it, too.
    fn before(&self, at: usize, most: usize) -> String {
        let near = self.text[..at].char_indices().rev().take(most).take_while(|(_, c)| !is_end(*c)).last().map_or(at, |(from, _)| from);
        self.text[near..at].to_lowercase()
    }

    /// The characters directly after a place in the same sentence, in lower case.
    fn after(&self, at: usize) -> String {
        self.text[at..].chars().take(WORD + NEAR).take_while(|c| !is_end(*c)).flat_map(char::to_lowercase).collect()
    }
}

/// The words around a number.
struct Around {
    before: String,
    after: String,
}

impl Around {
    /// Whether one of these words names the number: it stands so near before it, or directly after it.
    fn names(&self, words: &[&str], near: usize) -> bool {
        let is_before = |word: &str| last_word(&self.before, word).is_some_and(|at| self.before[at + word.len()..].chars().count() <= near);
        let is_link =
            |between: &str| between.chars().count() <= NEAR && (between.trim().is_empty() || LINKS.iter().any(|link| between.trim_start().starts_with(link)));
        let is_after = |word: &str| self.after.find(word).is_some_and(|at| is_link(&self.after[..at]));
        words.iter().any(|word| is_before(word) || is_after(word))
    }
}

/// The length of the longest word that names a code.
const WORD: usize = 18;

/// Whether a character ends what belongs to a number: a sentence, or a part of it, or another number.
const fn is_end(c: char) -> bool {
    digit(c).is_some() || matches!(c, ',' | '，' | '.' | '。' | ';' | '；' | '!' | '！' | '?' | '？' | '\n')
}

/// What was read since the last digit.
#[derive(Debug, Clone, Copy)]
enum Gap {
    /// Nothing.
    Joined,
    /// So many characters that may stand inside a number, and what they are.
    Narrow(usize, Between),
    /// Something else: what follows is another number.
    Wide,
}

impl Gap {
    fn with(self, c: char) -> Self {
        let Some(one) = between(c) else { return Self::Wide };
        match self {
            Self::Joined => Self::Narrow(1, one),
            Self::Narrow(n, _) if n >= MOST_BETWEEN => Self::Wide,
            // The end of a sentence or of one of its parts.
            Self::Narrow(_, Between::Sign(',' | '.')) => Self::Wide,
            Self::Narrow(n, Between::Spaces) => Self::Narrow(n + 1, one),
            Self::Narrow(n, sign) if one == Between::Spaces || one == sign => Self::Narrow(n + 1, sign),
            Self::Narrow(..) | Self::Wide => Self::Wide,
        }
    }
    const fn between(&self) -> Option<Between> {
        match self {
            Self::Narrow(_, between) => Some(*between),
            Self::Joined | Self::Wide => None,
        }
    }
}

/// What may stand between the groups of one number.
const fn between(c: char) -> Option<Between> {
    Some(match c {
        ' ' | '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Between::Spaces,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => Between::Sign('-'),
        '.' | '·' | '．' => Between::Sign('.'),
        ',' => Between::Sign(','),
        '/' | '／' => Between::Sign('/'),
        '_' | '＿' => Between::Sign('_'),
        '|' | '+' | ':' => Between::Sign(c),
        _ => return None,
    })
}

/// The value of a digit: also of a wide one, and of those of other scripts.
const fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{1d7ce}'..='\u{1d7ff}' => return Some(((c as u32 - 0x1d7ce) % 10) as u8),
        _ => return None,
    };
    Some((c as u32 - zero as u32) as u8)
}

/// Where a word stands last in a text. One of letters stands by itself, so that "otp" is not found in "hotplate".
fn last_word(text: &str, word: &str) -> Option<usize> {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let is_whole = |at: usize| !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next());
    text.rmatch_indices(word).map(|(at, _)| at).find(|at| !word.is_ascii() || is_whole(*at))
}

/// Whether digits are the number of a card: one that an issuer gives, with its check digit, and no bar code.
fn is_card(digits: &[u8]) -> bool {
    is_issued(digits) && has_check_digit(digits) && !is_bar_code(digits)
}

/// Whether an issuer of cards gives numbers that begin so and are so long. Numbers of devices (35… with 15 digits) and of SIM cards (89…) are not among them.
fn is_issued(digits: &[u8]) -> bool {
    let head = digits.iter().take(4).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    matches!(
        (head, digits.len()),
        (4000..=4999, 13 | 16 | 18 | 19)
            | (5100..=5599 | 2221..=2720, 16)
            | (3400..=3499 | 3700..=3799, 15)
            | (3000..=3059 | 3600..=3699 | 3800..=3999, 14 | 16..=19)
            | (3528..=3589 | 2200..=2204 | 6000..=6099 | 6200..=6299 | 6440..=6599 | 8100..=8299, 16..=19)
            | (5000..=5099 | 5600..=5899 | 6300..=6399 | 6700..=6799, 13 | 16..=19)
            | (9558, 19)
    )
}

/// Whether the last digit is the check digit of the others (ISO/IEC 7812).
fn has_check_digit(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 = digits.iter().rev().enumerate().map(|(n, digit)| u32::from(if n % 2 == 1 { doubled(*digit) } else { *digit })).sum();
    sum.is_multiple_of(10)
}

/// Whether thirteen digits are a bar code (EAN-13).
fn is_bar_code(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().map(|(n, digit)| u32::from(*digit) * if n % 2 == 1 { 3 } else { 1 }).sum();
    digits.len() == 13 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
