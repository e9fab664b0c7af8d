//! English short answers. The words that pick are ordinals, also with a slip of the keyboard, and numbers where they name one thing and do not count several.

use super::words::{COUNTED_EN, EN, MENDED_EN, NAMES_ONE_EN, ORDINALS_EN, THINGS_EN};
use super::{Seat, Sign, digit};
use crate::edits::edits;
use crate::text::list;

/// The most words of a phrase.
const MOST_WORDS: usize = 6;
/// Shorter words are mended only where two neighbours are swapped: every other slip makes another word of them.
const LONG: usize = 5;

/// What the words of a clause say; `None` if one of them says anything else.
pub(super) fn signs(words: &[&str]) -> Option<Vec<Sign>> {
    let mended: Vec<&str> = words.iter().map(|word| mend(word)).collect();
    let words = mended.as_slice();
    let mut found: Vec<Sign> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some((seat, length)) = digit_ordinal(&words[at..]) {
            found.push(Sign::Seat(seat));
            at += length;
            continue;
        }
        let longest = (1..=MOST_WORDS.min(words.len() - at)).rev().find_map(|length| Some((phrase(&words[at..at + length])?, length)));
        let (sign, length) = longest.or_else(|| letter(words, at).map(|sign| (sign, 1)))?;
        let before = at.checked_sub(1).map(|before| words[before]);
        let is = |words: &'static str, word: Option<&str>| word.is_some_and(|word| list(words).any(|known| known == word));
        let sign = match sign {
            // "those three options" counts them, and "the second one" points at it
            Sign::Seat(_) if length == 1 && is_number(words[at]) && counts(words, at) => Sign::Set,
            Sign::Seat(_) if length == 1 && words[at] == "one" && before.is_some_and(|word| !is(NAMES_ONE_EN, Some(word))) => Sign::Filler,
            // "will it last"
            Sign::Seat(Seat::FromEnd(0)) if words[at] == "last" && is("it|they|this|that|does|do|will|to|doesn't", before) => return None,
            // "no 2" is a number
            Sign::No if words[at] == "no" && words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit())) => Sign::Filler,
            sign => sign,
        };
        found.push(sign);
        at += length;
    }
    Some(in_direction(found, words))
}

/// "second from the bottom", and "the third from the end", count backwards.
fn in_direction(mut found: Vec<Sign>, words: &[&str]) -> Vec<Sign> {
    let has = |three: [&str; 3]| words.windows(3).any(|window| window == three);
    let (backwards, forwards) = (has(["from", "the", "bottom"]) || has(["from", "the", "end"]), has(["from", "the", "top"]));
    if let Some(at) = found.iter().position(|sign| matches!(sign, Sign::Seat(Seat::At(_)))).filter(|_| backwards || forwards) {
        let first = found[at];
        found.retain(|sign| !matches!(sign, Sign::Seat(_)));
        found.push(match first {
            Sign::Seat(Seat::At(place)) if backwards => Sign::Seat(Seat::FromEnd(place)),
            sign => sign,
        });
    }
    found
}

/// What an English phrase, or a number, says.
pub(super) fn phrase(words: &[&str]) -> Option<Sign> {
    if let [number] = words
        && let Some(number) = single_digit(number)
    {
        return Some(Sign::Seat(Seat::At(number - 1)));
    }
    let text = words.join(" ");
    EN.iter().find(|(_, phrases)| list(phrases).any(|known| known == text)).map(|(sign, _)| *sign)
}

/// The place that a line names while it says more than that, and whether what stands there can only be a question: "how does the second one work" may be about
/// something else, "the third question down there, how does it work" is not.
pub(super) fn within(words: &[&str]) -> Option<(Seat, bool)> {
    let mended: Vec<&str> = words.iter().map(|word| mend(word)).collect();
    let is = |words: &'static str, word: &str| list(words).any(|known| known == word);
    let found = mended.windows(2).enumerate().find_map(|(at, pair)| {
        let negated = mended[at.saturating_sub(2)..at].iter().any(|word| matches!(*word, "not" | "don't" | "dont" | "isn't" | "isnt"));
        if negated {
            return None;
        }
        if is(ORDINALS_EN, pair[0]) && (pair[1] == "one" || is(THINGS_EN, pair[1])) {
            return Some((phrase(&pair[..1])?, pair[1] != "one"));
        }
        let is_numbered =
            is(THINGS_EN, pair[0]) || pair[0] == "number" && mended.get(at + 2).is_none_or(|next| matches!(*next, "of" | "on" | "in" | "from" | "please"));
        (is_numbered && is_number(pair[1])).then(|| Some((phrase(&pair[1..])?, true))).flatten()
    });
    match found? {
        (Sign::Seat(seat), sure) => Some((seat, sure)),
        _ => None,
    }
}

/// A word without a slip of the keyboard, if it is one of those by which things are picked.
fn mend(word: &str) -> &str {
    let is_known = |word: &str| EN.iter().any(|(_, phrases)| list(phrases).any(|known| known == word));
    if word.len() < 3 || !word.is_ascii() || is_known(word) {
        return word;
    }
    // "ummm", "pleaseee"
    let drawn_out = |known: &&str| !known.contains(' ') && is_drawn_out(word, known);
    if let Some(known) = EN.iter().flat_map(|(_, phrases)| list(phrases)).find(drawn_out) {
        return known;
    }
    let is_slip = |known: &&str| {
        let is_swap = || known.len() == word.len() && letters_in_order(known) == letters_in_order(word);
        let is_near = || known.len() >= LONG && word.len() >= LONG - 1 && !word.ends_with('s') && known.as_bytes().first() == word.as_bytes().first();
        edits(word, known, 1) == 1 && (is_swap() || is_near())
    };
    list(MENDED_EN).find(is_slip).unwrap_or(word)
}

/// Whether a word is a known one in which a letter is repeated.
fn is_drawn_out(word: &str, known: &str) -> bool {
    let mut letters = word.bytes().peekable();
    for letter in known.bytes() {
        if letters.next() != Some(letter) {
            return false;
        }
        // the known word may have the letter twice
        let goes_on = known.len() < word.len() && letters.peek() == Some(&letter);
        if goes_on && !known.contains(&format!("{0}{0}", char::from(letter))) {
            while letters.next_if_eq(&letter).is_some() {}
        }
    }
    letters.next().is_none()
}

fn letters_in_order(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

/// "3 rd", whatever the ending: "2st".
fn digit_ordinal(words: &[&str]) -> Option<(Seat, usize)> {
    let [number, ending, ..] = words else { return None };
    let number = single_digit(number)?;
    matches!(*ending, "st" | "nd" | "rd" | "th").then_some((Seat::At(number - 1), 2))
}

/// The place of an option that is named by a letter: "option b".
fn letter(words: &[&str], at: usize) -> Option<Sign> {
    let place = "abcdefgh".find(words[at]).filter(|_| words[at].len() == 1)?;
    let is_named = words.len() == 1 || at > 0 && matches!(words[at - 1], "option" | "choice" | "answer" | "number" | "pick" | "choose" | "select");
    is_named.then_some(Sign::Seat(Seat::At(place)))
}

fn single_digit(word: &str) -> Option<usize> {
    let mut letters = word.chars();
    let number = letters.next().and_then(digit)?;
    letters.next().is_none().then_some(number)
}

fn is_number(word: &str) -> bool {
    single_digit(word).is_some() || matches!(word, "two" | "three" | "four" | "five" | "six" | "seven" | "eight")
}

/// Whether the number at this place counts things: "those three", "of the two", "3 options".
fn counts(words: &[&str], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |before| words[before]);
    let is_counted = words.get(at + 1).is_some_and(|next| list(COUNTED_EN).any(|known| known == *next));
    matches!(before(1), "these" | "those" | "all") || before(1) == "the" && matches!(before(2), "of" | "from" | "all") || is_counted
}
