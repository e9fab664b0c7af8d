//! What the bot can learn from: questions that it did not answer well, and why each is worth teaching.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{conversation::AnswerOutcome, entry::fact, text_enum::text_enum};

/// Answers whose probability of being right is lower than this are worth looking at. On lines of customers, they are right more often than it says.
pub const LOW_CONFIDENCE: f32 = 0.5;

/// Why a question is worth teaching. A stronger reason replaces a weaker one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LearningReason)]
pub enum Reason {
    /// The bot was not sure: it asked back which question was meant, or answered with little confidence.
    Unsure,
    /// The bot said that it had no answer.
    Unanswered,
    /// The bot asked back, and the customer pressed one of the questions that it offered.
    Chosen,
    /// The customer asked for a person after the bot had no answer or had asked back.
    HandedOver,
    /// The customer said that the answer did not help.
    NotHelpful,
}

text_enum!(Reason {
    Unsure = "unsure", Unanswered = "unanswered", Chosen = "chosen", HandedOver = "handed_over", NotHelpful = "not_helpful",
});

/// Whether a bot that asks back with this intent helps the customer to choose, among goods or among what it offered: there is nothing to learn from the line.
pub fn helps_choose(intent: Option<&str>) -> bool {
    matches!(intent, Some("guided_choice" | "which_item" | "which_option"))
}

impl Reason {
    /// How strong it is: of two reasons for one question, the one with the higher weight is kept.
    pub const fn weight(self) -> i64 {
        self as i64
    }

    /// Why the question that this message of the bot answers is worth teaching, if it is. `intent_of_files` is the intent with which the bot responds to files,
    /// which are no questions.
    pub fn of_answer(said: &fact::Message, intent_of_files: &str) -> Option<Self> {
        match said.outcome? {
            AnswerOutcome::NoAnswer if said.intent.as_ref().is_some_and(|intent| intent.as_deref() == Some(intent_of_files)) => None,
            AnswerOutcome::NoAnswer => Some(Self::Unanswered),
            AnswerOutcome::DidYouMean if helps_choose(said.intent.as_ref().and_then(Option::as_deref)) => None,
            AnswerOutcome::DidYouMean => Some(Self::Unsure),
            AnswerOutcome::Confident if said.confidence.is_some_and(|confidence| confidence < LOW_CONFIDENCE) => Some(Self::Unsure),
            AnswerOutcome::Confident | AnswerOutcome::Attribute | AnswerOutcome::SmallTalk | AnswerOutcome::Closed | AnswerOutcome::Danger => None,
        }
    }

    /// Whether the bot failed the question that this message of the bot answers, so that asking for a person after it says that one was needed.
    pub fn is_miss(said: &fact::Message, intent_of_files: &str) -> bool {
        matches!(said.outcome, Some(AnswerOutcome::NoAnswer | AnswerOutcome::DidYouMean)) && Self::of_answer(said, intent_of_files).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(outcome: AnswerOutcome, confidence: f32, intent: Option<&str>) -> fact::Message {
        fact::Message { outcome: Some(outcome), confidence: Some(confidence), intent: Some(intent.map(str::to_owned)), ..fact::Message::default() }
    }

    #[test]
    fn what_the_bot_missed_or_was_not_sure_of_is_worth_teaching() {
        let reason = |outcome, confidence, intent| Reason::of_answer(&said(outcome, confidence, intent), "file");
        assert_eq!(reason(AnswerOutcome::NoAnswer, 0.1, None), Some(Reason::Unanswered));
        assert_eq!(reason(AnswerOutcome::NoAnswer, 0.0, Some("file")), None);
        assert_eq!(reason(AnswerOutcome::DidYouMean, 0.3, Some("plans")), Some(Reason::Unsure));
        assert_eq!(reason(AnswerOutcome::DidYouMean, 0.5, Some("which_option")), None);
        assert_eq!(reason(AnswerOutcome::Confident, 0.45, Some("plans")), Some(Reason::Unsure));
        assert_eq!(reason(AnswerOutcome::Confident, 1.0, Some("plans")), None);
        assert_eq!(reason(AnswerOutcome::SmallTalk, 0.0, Some("small_talk")), None);
        assert_eq!(Reason::of_answer(&fact::Message::default(), "file"), None);
    }

    #[test]
    fn a_person_is_needed_after_a_miss_and_not_after_an_answer() {
        let miss = |outcome, intent| Reason::is_miss(&said(outcome, 0.2, intent), "file");
        assert!(miss(AnswerOutcome::NoAnswer, None) && miss(AnswerOutcome::DidYouMean, Some("plans")));
        assert!(!miss(AnswerOutcome::Confident, Some("plans")) && !miss(AnswerOutcome::NoAnswer, Some("file")) && !miss(AnswerOutcome::Closed, None));
    }

    #[test]
    fn what_customers_said_themselves_weighs_more_than_what_the_bot_thought() {
        assert!(Reason::EACH.is_sorted_by_key(|reason| reason.weight()));
        assert!(Reason::NotHelpful.weight() > Reason::Unanswered.weight() && Reason::Unsure.weight() < Reason::Unanswered.weight());
    }
}
