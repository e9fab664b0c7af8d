//! What a customer says about an answer of the bot: that it helped, or not yet.

use super::AnswerOutcome;
use crate::refusal::{Code, Refusal};

/// An answer that the bot gave, as far as a judgement of it depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAnswer {
    /// The ordinal of the answer among the messages of the staff's side, which is the same for every reader.
    pub ord: i64,
    /// The number of the answer in its conversation.
    pub seq: i64,
    /// The number of the message that it answers.
    pub question: i64,
    /// The episode in which it was given.
    pub episode: i64,
    /// The kind of answer.
    pub outcome: Option<AnswerOutcome>,
    /// The knowledge entry, product or plan that it comes from.
    pub entry: Option<String>,
    /// Whether the bot has answered nothing after it in its episode, courtesies aside.
    pub is_last: bool,
    /// What the customer has said about it so far, oldest first.
    pub judged: Vec<bool>,
}

impl GivenAnswer {
    /// Whether the customer may say now that it was `helpful`, or not, in this episode of the conversation. Only what the bot answered from its knowledge or
    /// from the catalogue can be judged, and a customer may think better of it once.
    ///
    /// # Errors
    /// [`Code::NotAnAnswer`] if there is nothing to judge, [`Code::AlreadyJudged`] if the judgement stands.
    pub fn check(&self, helpful: bool, episode: i64) -> Result<(), Refusal> {
        if self.episode != episode || !matches!(self.outcome, Some(AnswerOutcome::Confident | AnswerOutcome::Attribute)) {
            return Err(Refusal::new(Code::NotAnAnswer));
        }
        match self.judged[..] {
            [] => Ok(()),
            [before] if before != helpful => Ok(()),
            _ => Err(Refusal::new(Code::AlreadyJudged)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bot_knew_can_be_judged_and_the_judgement_changed_once() {
        use AnswerOutcome::{Attribute, Closed, Confident, DidYouMean, NoAnswer, SmallTalk};
        let judged = |outcome, judged: &[bool], helpful, episode| {
            let answer = GivenAnswer { ord: 1, seq: 3, question: 2, episode: 2, outcome, entry: None, is_last: true, judged: judged.to_vec() };
            answer.check(helpful, episode).map_err(|refusal| refusal.code)
        };
        for outcome in [Confident, Attribute] {
            assert_eq!(judged(Some(outcome), &[], true, 2), Ok(()));
            assert_eq!(judged(Some(outcome), &[true], true, 2), Err(Code::AlreadyJudged));
            assert_eq!(judged(Some(outcome), &[true], false, 2), Ok(()));
            assert_eq!(judged(Some(outcome), &[true, false], true, 2), Err(Code::AlreadyJudged));
            assert_eq!(judged(Some(outcome), &[true, false], false, 2), Err(Code::AlreadyJudged));
            assert_eq!(judged(Some(outcome), &[], true, 3), Err(Code::NotAnAnswer), "an episode that is over never changes");
        }
        for outcome in [None, Some(DidYouMean), Some(NoAnswer), Some(SmallTalk), Some(Closed)] {
            assert_eq!(judged(outcome, &[], false, 2), Err(Code::NotAnAnswer));
        }
    }
}
