//! Turns a line of text into the features that retrieval works on.
//!
//! There are two sets per language (the split was measured on held-out wordings):
//! - `plain`: for Chinese, single characters and pairs; for English, stems without function words; for both, concept tokens.
//! - `fine`: for Chinese, toneless syllables and pairs, which survive homophone typos; for English, stems and pairs of stems, character 3- to 5-grams of words,
//!   and concept tokens.

use std::collections::HashSet;

use pinyin::ToPinyin;
use utterance::stem::stem;

use crate::concepts::Concepts;
use crate::spelling::Spelling;
use crate::text::{Lang, is_han, normalise, tokens};

/// A feature, as a 64-bit hash of its kind and text.
pub(crate) type Gram = u64;

/// The features of one line; features that occur several times are repeated.
#[derive(Debug, Default, Clone)]
pub(crate) struct Grams {
    /// The coarse set of features.
    pub plain: Vec<Gram>,
    /// The fine set of features.
    pub fine: Vec<Gram>,
    /// Concept tokens alone; the other sets contain them too if their recipe includes them.
    pub concepts: Vec<Gram>,
    /// Single tokens of the coarse set, Chinese only.
    pub singles: Vec<Gram>,
    /// The number of tokens.
    pub length: usize,
}

/// English words that mean little alone; they count within pairs.
const FUNCTION_WORDS: [&str; 93] = [
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "doing", "for", "from", "get",
    "got", "had", "has", "have", "having", "he", "hello", "her", "hi", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "it", "it's",
    "its", "just", "let", "me", "my", "need", "of", "on", "or", "our", "please", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "us", "want", "was", "we", "were", "what", "when", "where", "which", "who", "will", "with",
    "would", "you", "your", "yours", "thanks", "thank", "also", "still", "too",
];

/// Turns lines of one language into features.
#[derive(Debug)]
pub(crate) struct Grammar {
    lang: Lang,
    concepts: Concepts,
    spelling: Spelling,
    function_words: HashSet<&'static str>,
}

impl Grammar {
    /// A grammar that knows the concept groups and, for English, the words of `texts` and of the groups.
    pub(crate) fn new<'a>(lang: Lang, groups: &[Vec<String>], texts: impl Iterator<Item = &'a str>) -> Self {
        let mut spelling = Spelling::default();
        if lang == Lang::En {
            for text in texts {
                for word in tokens(&normalise(text)) {
                    spelling.learn(word);
                }
            }
        }
        let mut grammar = Grammar { lang, concepts: Concepts::new(), spelling, function_words: FUNCTION_WORDS.into_iter().collect() };
        for (group, phrases) in groups.iter().enumerate() {
            for phrase in phrases {
                let phrase = normalise(phrase);
                let words = tokens(&phrase);
                if lang == Lang::En {
                    words.iter().for_each(|word| grammar.spelling.learn(word));
                    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
                    grammar.concepts.add(&stems, group as u32);
                } else {
                    grammar.concepts.add(&words, group as u32);
                }
            }
        }
        grammar
    }

    /// The features of a line of the knowledge, taken as it is written.
    pub(crate) fn of_knowledge(&self, text: &str) -> Grams {
        let Grams { mut plain, mut fine, concepts, singles: _, length } = self.grams(text, false);
        // There are very many of them.
        plain.shrink_to_fit();
        fine.shrink_to_fit();
        Grams { plain, fine, concepts, singles: Vec::new(), length }
    }

    /// The features of a customer's line; misspelt English words are corrected first.
    pub(crate) fn of_query(&self, text: &str) -> Grams {
        self.grams(text, true)
    }

    /// The concept groups that a line is about, by their number in the thesaurus.
    pub(crate) fn groups(&self, text: &str) -> Vec<u32> {
        let normal = normalise(text);
        let words = tokens(&normal);
        match self.lang {
            Lang::Zh => self.concepts.find(&words),
            Lang::En => self.concepts.find(&words.iter().map(|word| stem(self.spelling.mend(word).unwrap_or(word))).collect::<Vec<_>>()),
        }
    }

    /// The phrases of the thesaurus in a line, in their order, each with the numbers of its groups; misspelt English words are corrected first.
    pub(crate) fn phrases(&self, text: &str) -> Vec<(String, Vec<u32>)> {
        let normal = normalise(text);
        let words = tokens(&normal);
        let (heard, between): (Vec<&str>, _) = match self.lang {
            Lang::Zh => (words, ""),
            Lang::En => (words.iter().map(|word| self.spelling.mend(word).unwrap_or(word)).collect(), " "),
        };
        let keys: Vec<String> = match self.lang {
            Lang::Zh => heard.iter().map(|word| (*word).to_owned()).collect(),
            Lang::En => heard.iter().map(|word| stem(word)).collect(),
        };
        self.concepts.spans(&keys).into_iter().map(|span| (heard[span.start..span.end].join(between), span.groups.to_vec())).collect()
    }

    fn grams(&self, text: &str, mend: bool) -> Grams {
        let normal = normalise(text);
        let words = tokens(&normal);
        match self.lang {
            Lang::Zh => self.chinese(&words),
            Lang::En if mend => {
                let mended: Vec<&str> = words.iter().map(|word| self.spelling.mend(word).unwrap_or(word)).collect();
                self.english(&mended)
            }
            Lang::En => self.english(&words),
        }
    }

    fn chinese(&self, words: &[&str]) -> Grams {
        let mut grams = Grams { length: words.len(), ..Grams::default() };
        let syllables: Vec<&str> = words.iter().map(|word| syllable(word)).collect();
        for (i, word) in words.iter().enumerate() {
            grams.singles.push(hash(b'w', &[word]));
            grams.fine.push(hash(b'y', &[syllables[i]]));
            if i > 0 {
                grams.plain.push(hash(b'p', &[words[i - 1], word]));
                grams.fine.push(hash(b'z', &[syllables[i - 1], syllables[i]]));
            }
        }
        grams.plain.extend_from_slice(&grams.singles);
        grams.concepts = concept_grams(&self.concepts.find(words));
        grams.plain.extend_from_slice(&grams.concepts);
        grams
    }

    fn english(&self, words: &[&str]) -> Grams {
        let mut grams = Grams { length: words.len(), ..Grams::default() };
        let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
        for (i, word) in words.iter().enumerate() {
            let empty = self.function_words.contains(word);
            if !empty {
                grams.plain.push(hash(b'w', &[&stems[i]]));
                grams.fine.push(hash(b'w', &[&stems[i]]));
                character_grams(word, 3..=5, |piece| grams.fine.push(hash(b'c', &[piece])));
            }
            if i > 0 {
                grams.fine.push(hash(b'p', &[&stems[i - 1], &stems[i]]));
            }
        }
        grams.concepts = concept_grams(&self.concepts.find(&stems));
        grams.plain.extend_from_slice(&grams.concepts);
        grams.fine.extend_from_slice(&grams.concepts);
        grams
    }

    /// Whether a word means little alone.
    pub(crate) fn is_function_word(&self, word: &str) -> bool {
        self.lang == Lang::En && self.function_words.contains(word)
    }

    /// The word with its spelling corrected, if it is unknown and close to a known word; otherwise the word itself.
    pub(crate) fn mend<'a>(&'a self, word: &'a str) -> &'a str {
        self.spelling.mend(word).unwrap_or(word)
    }
}

fn concept_grams(groups: &[u32]) -> Vec<Gram> {
    groups.iter().map(|group| hash(b'#', &[&group.to_string()])).collect()
}

/// The toneless syllable of a Chinese character; any other token unchanged.
pub(crate) fn syllable(word: &str) -> &str {
    match word.chars().next().and_then(|c| c.to_pinyin()) {
        Some(syllable) => syllable.plain(),
        None => word,
    }
}

/// Turns 套餐 into " tao can": a space before each syllable, other characters unchanged.
pub fn sounds(text: &str) -> String {
    let mut out = String::new();
    let mut buffer = [0; 4];
    for c in text.chars() {
        if is_han(c) {
            out.push(' ');
            out.push_str(syllable(c.encode_utf8(&mut buffer)));
        } else {
            out.push(c);
        }
    }
    out
}

/// How a name or a title sounds, to find it by: a syllable for each Chinese character, without tones, and other words as they are, all in small letters with
/// spaces between.
pub fn sound_of(text: &str) -> String {
    sounds(text).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Calls `each` with the character n-grams of a word enclosed in spaces; sizes longer than the enclosed word are skipped.
pub(crate) fn character_grams(word: &str, sizes: std::ops::RangeInclusive<usize>, each: impl FnMut(&str)) {
    pieces(&format!(" {word} "), sizes, each);
}

/// Calls `each` with all pieces of these sizes, in characters.
pub(crate) fn pieces<'a>(text: &'a str, sizes: std::ops::RangeInclusive<usize>, mut each: impl FnMut(&'a str)) {
    for size in sizes.filter(|size| *size > 0) {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).skip(size - 1);
        for ((start, _), end) in text.char_indices().zip(ends) {
            each(&text[start..end]);
        }
    }
}

/// FNV-1a over the kind and the parts, followed by a multiply and shift so that the low bits are well mixed too.
pub fn hash(kind: u8, parts: &[&str]) -> Gram {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(kind);
    state = state.wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        for byte in part.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        state = (state ^ 0x1f).wrapping_mul(0x0100_0000_01b3);
    }
    state ^= state >> 32;
    state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homophones_share_their_fine_features() {
        let grammar = Grammar::new(Lang::Zh, &[], std::iter::empty());
        let right = grammar.of_query("套餐生效");
        let wrong = grammar.of_query("桃餐声效");
        assert_eq!(right.fine, wrong.fine);
        assert_ne!(right.plain, wrong.plain);
    }

    #[test]
    fn a_synonym_brings_its_concept() {
        let groups = vec![vec!["price plan".to_owned(), "tariffs".to_owned()]];
        let grammar = Grammar::new(Lang::En, &groups, std::iter::empty());
        let query = grammar.of_query("Which tariff?");
        assert_eq!(query.concepts, grammar.of_query("my price plans").concepts);
        assert_eq!(query.concepts.len(), 1);
    }
}
