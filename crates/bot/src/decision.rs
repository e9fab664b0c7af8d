//! What the bot decides about a line, and by which rule.

use serde::Serialize;

use crate::answer::Answer;
use crate::ranking::Ranking;

/// Which rule decided about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It holds no words.
    NothingSaid,
    /// It asks for a person.
    AsksForPerson,
    /// It is a wording of the knowledge, letter for letter.
    WordForWord,
    /// It is small talk.
    SmallTalk,
    /// It asks for a property of a product or plan.
    Catalogue,
    /// The best entry is sure enough, and well before the second.
    Sure,
    /// The best entry would be sure enough, but the second is too near: the bot asks back.
    Close,
    /// The best entry is likely, and not sure: the bot asks back.
    Likely,
    /// No entry is likely.
    Unknown,
}

impl Rule {
    /// All of them.
    pub const EACH: [Self; 9] =
        [Self::NothingSaid, Self::AsksForPerson, Self::WordForWord, Self::SmallTalk, Self::Catalogue, Self::Sure, Self::Close, Self::Likely, Self::Unknown];
    /// The name on the wire, such as `word_for_word`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NothingSaid => "nothing_said",
            Self::AsksForPerson => "asks_for_person",
            Self::WordForWord => "word_for_word",
            Self::SmallTalk => "small_talk",
            Self::Catalogue => "catalogue",
            Self::Sure => "sure",
            Self::Close => "close",
            Self::Likely => "likely",
            Self::Unknown => "unknown",
        }
    }
}

/// An answer, the rule that led to it, and the ranking it rests on, if there was one.
pub(crate) struct Decision {
    pub answer: Answer,
    pub rule: Rule,
    pub ranking: Option<Ranking>,
}
