//! Finds what somebody typed in a text: one rule for every search that goes through texts.
//!
//! What is written without blanks is one word, also where punctuation stands within: `Wi-Fi` is found in `WiFi` and `wi fi`, and not wherever a `wi` and a `fi` are.

use crate::text::{bare, folded};

/// So many Latin letters or digits are a word only if they stand alone: `5G` is not found in `15GB`, nor `fi` in `find`.
const SHORT: usize = 2;

/// A text in which is searched.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// Its letters, digits and Chinese characters, folded.
    text: String,
    /// For each byte of `text` and its end: whether a blank or punctuation stands before it.
    gaps: Vec<bool>,
}

/// What a character is of, as far as words are made of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Digit,
    Latin,
    Other,
}

fn sort(c: char) -> Sort {
    match c {
        '0'..='9' => Sort::Digit,
        c if c.is_ascii_alphabetic() => Sort::Latin,
        _ => Sort::Other,
    }
}

impl Searched {
    /// Reads a text.
    pub fn of(text: &str) -> Searched {
        let (mut found, mut gap) = (Searched::default(), true);
        for c in folded(text).chars() {
            if c.is_alphanumeric() {
                found.text.push(c);
                found.gaps.resize(found.text.len(), false);
                let at = found.text.len() - c.len_utf8();
                found.gaps[at] = gap;
                gap = false;
            } else {
                gap = true;
            }
        }
        found.gaps.push(true);
        found
    }

    /// Whether a word begins or ends at this byte: at a blank, or where letters, digits and Chinese characters meet.
    fn is_edge(&self, at: usize) -> bool {
        let (before, behind) = (self.text[..at].chars().next_back(), self.text[at..].chars().next());
        self.gaps[at] || before.zip(behind).is_none_or(|(before, behind)| sort(before) != sort(behind))
    }

    /// Whether a word, without blanks and punctuation, is in the text. It goes across a gap only from the beginning of a word on, and cuts no number, except that
    /// a code may be the beginning of another: kb-01 of kb-010.
    pub fn holds(&self, word: &str) -> bool {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_short = word.len() <= SHORT && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        word.is_empty()
            || self.text.match_indices(word).any(|(at, _)| {
                let end = at + word.len();
                let is_cut = |place: usize| !self.gaps[place] && digit(self.text[..place].chars().next_back()) && digit(self.text[place..].chars().next());
                !(is_cut(at) || is_number && is_cut(end))
                    && (!is_short || self.is_edge(at) && self.is_edge(end))
                    && (self.is_edge(at) || !self.gaps[at + 1..end].contains(&true))
            })
    }
}

/// What somebody searches for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The words as they are written, without punctuation.
    words: Vec<String>,
}

impl Sought {
    /// Reads what was typed.
    pub fn of(typed: &str) -> Sought {
        Sought { words: folded(typed).split_whitespace().map(bare).filter(|word| !word.is_empty()).collect() }
    }

    /// Whether nothing is sought.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The same with each number that stands alone behind a word joined to it: of `Wi-Fi 6`, the 6 belongs to the Wi-Fi, where anything has it so. `None` if there is
    /// no such number.
    pub fn joined(&self) -> Option<Sought> {
        let mut words: Vec<String> = Vec::new();
        for word in &self.words {
            match words.last_mut() {
                Some(last) if word.bytes().all(|byte| byte.is_ascii_digit()) => last.push_str(word),
                _ => words.push(word.clone()),
            }
        }
        (words.len() < self.words.len()).then_some(Sought { words })
    }

    /// Whether each of the words is in a text.
    pub fn is_in(&self, text: &Searched) -> bool {
        self.words.iter().all(|word| text.holds(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_word_is_found_in_one_piece_and_a_short_one_alone() {
        for (typed, text, expected) in [
            ("Wi-Fi", "WiFi 路由器", true),
            ("wifi", "a Wi-Fi router", true),
            ("wi fi", "a wifi router", false),
            ("Wi-Fi", "kiwi fig", false),
            ("fi", "find it", false),
            ("5G", "5 G 手机", true),
            ("5G", "支持5G网络", true),
            ("5G", "15GB", false),
            ("5 G", "5G", true),
            ("6", "65 W", false),
            ("kb-01", "kb-010", true),
            ("100", "1000", false),
            ("6", "Wi-Fi 6", true),
            ("100M", "100 M 宽带", true),
            ("100M", "1100M", false),
            ("65W", "a 65 W charger", true),
            ("type-c", "Type C cable", true),
            ("Type C", "USB Type-C", true),
            ("澈岚x9", "澈岚 X9 Pro", true),
            ("x9pr", "澈岚 X9 Pro", true),
            ("手机", "老人手机壳", true),
            ("phone pink", "A pink phone", true),
            ("？", "anything", true),
        ] {
            assert_eq!(Sought::of(typed).is_in(&Searched::of(text)), expected, "{typed} in {text}");
        }
        assert_eq!(Sought::of("Wi-Fi 6").joined(), Some(Sought::of("wifi6")));
        assert_eq!((Sought::of("Wi-Fi").joined(), Sought::of("6").joined()), (None, None));
    }
}
