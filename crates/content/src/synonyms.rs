//! Synonyms: groups of words and phrases that mean the same to a company's customers.

use std::collections::{BTreeMap, BTreeSet};

use domain::{graphemes, id::SynonymsId, text::Lang, time::Ts};

/// The most groups of a company.
pub const MAX_GROUPS: usize = 2_000;
/// The most words of a group.
pub const MAX_WORDS: usize = 50;
/// The longest word or phrase, in characters.
pub const MAX_WORD_CHARS: usize = 40;

/// A group of words that mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonyms {
    /// The id of the group.
    pub id: SynonymsId,
    /// The language of its words.
    pub lang: Lang,
    /// The words, the most usual one first.
    pub words: Vec<String>,
    /// Its place among the groups, which are read in this order.
    pub position: i64,
    /// When it was last changed; an editor sends it back, so that two people do not overwrite each other's changes.
    pub updated_at: Ts,
}

/// Why a group was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SynonymsError {
    /// It has fewer than two words.
    #[error("a group needs at least two different words")]
    TooFew,
    /// It has too many words.
    #[error("a group can have at most {MAX_WORDS} words")]
    TooMany,
    /// A word is too long.
    #[error("{0:?} is longer than {MAX_WORD_CHARS} characters")]
    TooLong(String),
    /// A word has neither letters nor digits, or a character that cannot be stored.
    #[error("{0:?} is not a word")]
    NoWord(String),
    /// A word of an English group has Chinese characters, so that it would never be read: a sentence with one is Chinese.
    #[error("{0:?} is Chinese, but the group is English")]
    Language(String),
}

impl SynonymsError {
    /// The code in the report about a file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
            Self::TooLong(_) => "too_long",
            Self::NoWord(_) => "no_word",
            Self::Language(_) => "language",
        }
    }
}

/// A word in the normal form in which it is compared with others.
pub use normal::text::name as key;

/// The words with single spaces, without empty and repeated ones.
#[must_use]
pub fn tidied(words: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let words = words.into_iter().map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|word| !word.is_empty() && seen.insert(key(word))).collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Checks tidied words.
pub fn check(lang: Lang, words: &[String]) -> Result<(), SynonymsError> {
    for word in words {
        if word.chars().count() > MAX_WORD_CHARS {
            return Err(SynonymsError::TooLong(graphemes::within(word, MAX_WORD_CHARS).to_owned()));
        }
        if !word.chars().any(char::is_alphanumeric) || word.contains(char::is_control) {
            return Err(SynonymsError::NoWord(word.clone()));
        }
        if lang == Lang::En && word.contains(is_han) {
            return Err(SynonymsError::Language(word.clone()));
        }
    }
    match words.len() {
        0 | 1 => Err(SynonymsError::TooFew),
        2..=MAX_WORDS => Ok(()),
        _ => Err(SynonymsError::TooMany),
    }
}

/// How many groups of each language have each word.
#[derive(Debug, Clone, Default)]
pub struct Uses(BTreeMap<(&'static str, String), usize>);

impl Uses {
    /// Counts the words of these groups.
    pub fn of<'a>(groups: impl IntoIterator<Item = &'a Synonyms>) -> Self {
        let mut uses = Self::default();
        for group in groups {
            uses.add(group.lang, &group.words);
        }
        uses
    }
    /// Counts the words of one more group.
    pub fn add(&mut self, lang: Lang, words: &[String]) {
        for word in words {
            *self.0.entry((lang.tag(), key(word))).or_default() += 1;
        }
    }
    /// The words that more than `own` groups have: with 1, those that a group shares with another; with 0, those that any group has.
    pub fn beyond(&self, own: usize, lang: Lang, words: &[String]) -> Vec<String> {
        let is_elsewhere = |word: &&String| self.0.get(&(lang.tag(), key(word))).is_some_and(|count| *count > own);
        words.iter().filter(is_elsewhere).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_group_has_two_to_fifty_short_words_of_its_language() {
        let long = "长".repeat(MAX_WORD_CHARS + 1);
        for (lang, given, wanted) in [
            (Lang::Zh, words(&["话费", "VIP 余额"]), None),
            (Lang::Zh, words(&["话费"]), Some("too_few")),
            (Lang::Zh, (0..=MAX_WORDS).map(|n| format!("词{n}")).collect(), Some("too_many")),
            (Lang::Zh, words(&["话费", &long]), Some("too_long")),
            (Lang::Zh, words(&["话费", "？！"]), Some("no_word")),
            (Lang::En, words(&["bill", "a\u{0}b"]), Some("no_word")),
            (Lang::En, words(&["bill", "账单"]), Some("language")),
        ] {
            assert_eq!(check(lang, &given).err().map(|error| error.code()), wanted, "{given:?}");
        }
    }

    #[test]
    fn a_word_is_kept_once_whatever_its_case_and_spaces() {
        assert_eq!(tidied(words(&[" Phone  plan", "phone plan", "", "tariff"])), words(&["Phone plan", "tariff"]));
        // Words are compared as the bot reads them.
        assert_eq!(tidied(words(&["手机", "手機", "手\u{200b}机", "ＶＩＰ", "vip"])), words(&["手机", "ＶＩＰ"]));
    }

    #[test]
    fn words_of_other_groups_are_found_in_the_same_language_only() {
        let group = |lang, all: &[&str]| Synonyms { id: SynonymsId::new(uuid::Uuid::nil()), lang, words: words(all), position: 0, updated_at: Ts(0) };
        let uses = Uses::of(&[group(Lang::Zh, &["便宜", "VIP"]), group(Lang::Zh, &["降档", "便宜"]), group(Lang::En, &["vip", "member"])]);
        assert_eq!(uses.beyond(1, Lang::Zh, &words(&["便宜", "VIP", "降档"])), words(&["便宜"]));
        assert_eq!(uses.beyond(0, Lang::Zh, &words(&["新", "vip"])), words(&["vip"]));
        assert_eq!(uses.beyond(0, Lang::En, &words(&["便宜"])), words(&[]));
        assert_eq!(uses.beyond(0, Lang::Zh, &words(&["降檔", "便\u{200d}宜", "ｖｉｐ"])), words(&["降檔", "便\u{200d}宜", "ｖｉｐ"]));
    }
}
