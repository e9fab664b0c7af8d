//! Which synonyms the bot hears in a line, for editors of the thesaurus.

use crate::bot::{Bot, shorten};
use crate::text::{Lang, normalise};

/// A phrase of a line that is in the thesaurus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The phrase as the bot reads it: in lower case, with misspelt English words corrected.
    pub phrase: String,
    /// The words of the groups that it belongs to.
    pub groups: Vec<Vec<String>>,
}

impl Bot {
    /// The language of a line and the phrases in it that have synonyms, in their order; a phrase within a longer one does not count.
    pub fn meanings(&self, text: &str, hint: Lang) -> (Lang, Vec<Meaning>) {
        let line = shorten(text);
        let lang = self.language(&normalise(&line), hint);
        let groups = self.knowledge.thesaurus.side(lang);
        let meaning = |(phrase, of): (String, Vec<u32>)| Meaning { phrase, groups: of.iter().filter_map(|&at| groups.get(at as usize).cloned()).collect() };
        (lang, self.indexes[lang as usize].grammar.phrases(&line).into_iter().map(meaning).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Bilingual, Entry, Knowledge, Thesaurus};

    #[test]
    fn phrases_with_synonyms_are_heard_in_the_language_of_the_line() {
        let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        let entry = |id: &str, zh: &str, en: &str| Entry { id: id.to_owned(), question: both(zh, en), answer: both("好", "fine"), ..Entry::default() };
        let bot = Bot::train(Knowledge {
            entries: vec![entry("a", "怎么换套餐", "how do I change my plan"), entry("b", "话费余额", "what is my balance")],
            thesaurus: Thesaurus {
                zh: vec![group(&["套餐", "资费"]), group(&["换套餐", "改资费"]), group(&["话费", "余额"])],
                en: vec![group(&["plan", "tariff"])],
            },
            ..Knowledge::default()
        });
        let heard = |text: &str| {
            let (lang, meanings) = bot.meanings(text, Lang::Zh);
            (lang, meanings.into_iter().map(|meaning| (meaning.phrase, meaning.groups)).collect::<Vec<_>>())
        };
        let changing = ("改资费".to_owned(), vec![group(&["换套餐", "改资费"])]);
        assert_eq!(heard("我要改资费，看余额"), (Lang::Zh, vec![changing, ("余额".to_owned(), vec![group(&["话费", "余额"])])]));
        assert_eq!(heard("change my TARIF please"), (Lang::En, vec![("tariff".to_owned(), vec![group(&["plan", "tariff"])])]));
        assert_eq!(heard("hello").1, []);
    }
}
