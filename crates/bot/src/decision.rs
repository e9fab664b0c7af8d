//! The bot's decision about a line, and the rule that led to it.

use serde::Serialize;

use crate::answer::Answer;
use crate::ranking::Ranking;

/// The rule that decided about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The line contains no words.
    NothingSaid,
    /// Somebody is in despair or danger.
    Danger,
    /// The line asks for a person.
    AsksForPerson,
    /// The line may be a wish for a person, and nothing else is sure.
    OffersPerson,
    /// The line may say that somebody is in danger, and nothing else is sure.
    OffersHelp,
    /// The line is a wording of the knowledge, letter for letter.
    WordForWord,
    /// The line is small talk.
    SmallTalk,
    /// The line asks for goods or plans, or what they are like.
    Catalogue,
    /// The line follows up on what was said before.
    FollowUp,
    /// What was said before was of no use.
    InVain,
    /// The line asks several questions.
    Several,
    /// The confidence in the best entry is high enough, and it is well ahead of the second.
    Sure,
    /// The confidence in the best entry would be high enough, but the second is too close: the bot asks back.
    Close,
    /// The best entry is likely, but not sure: the bot asks back.
    Likely,
    /// No entry is likely.
    Unknown,
}

impl Rule {
    /// All rules.
    pub const EACH: [Self; 15] = [
        Self::NothingSaid,
        Self::Danger,
        Self::AsksForPerson,
        Self::OffersPerson,
        Self::OffersHelp,
        Self::WordForWord,
        Self::SmallTalk,
        Self::Catalogue,
        Self::FollowUp,
        Self::InVain,
        Self::Several,
        Self::Sure,
        Self::Close,
        Self::Likely,
        Self::Unknown,
    ];
    /// The name in the API, such as `word_for_word`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NothingSaid => "nothing_said",
            Self::Danger => "danger",
            Self::AsksForPerson => "asks_for_person",
            Self::OffersPerson => "offers_person",
            Self::OffersHelp => "offers_help",
            Self::WordForWord => "word_for_word",
            Self::SmallTalk => "small_talk",
            Self::Catalogue => "catalogue",
            Self::FollowUp => "follow_up",
            Self::InVain => "in_vain",
            Self::Several => "several",
            Self::Sure => "sure",
            Self::Close => "close",
            Self::Likely => "likely",
            Self::Unknown => "unknown",
        }
    }
}

/// An answer, the rule that led to it, and the ranking it is based on, if there was one.
pub(crate) struct Decision {
    pub answer: Answer,
    pub rule: Rule,
    pub ranking: Option<Ranking>,
}
