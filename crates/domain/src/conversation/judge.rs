//! What the customer thinks of an answer of the bot, and of an episode.

use super::{Consequence, Conversation, GivenAnswer, Outcome, State, step::Step};
use crate::{
    entry::{Body, Fact, body, fact},
    rating,
    refusal::{Code, Refusal},
};

impl Conversation {
    /// The rating that a line of the customer is while one is asked for: after an episode that nobody has rated yet, and that did not end with a message for later.
    pub fn typed_rating(&self, line: &str) -> Option<i64> {
        let is_asked_for = self.state == State::Resolved && self.episode.score.is_none() && self.episode.outcome != Some(Outcome::LeftMessage);
        if is_asked_for { rating::typed(line) } else { None }
    }
}

impl Step<'_> {
    pub fn on_judge_answer(&mut self, answer: GivenAnswer, helpful: bool) -> Result<(), Refusal> {
        answer.check(helpful, self.was.episode.number)?;
        let GivenAnswer { ord, seq, question, episode, outcome: _, entry, is_last, judged: _ } = answer;
        // Said while the conversation is open, it shows in the outcome once the episode ends.
        let settles = is_last && self.was.state == State::Resolved;
        if settles {
            self.next.episode.outcome = self.was.episode.outcome.map(|outcome| outcome.settled(helpful));
        }
        let fact = fact::AnswerRated { ep: episode, of: seq, question, helpful, settles, entry };
        self.record(Body::AnswerRated(body::AnswerRated { answer: ord, helpful }), Fact::AnswerRated(fact));
        Ok(())
    }

    pub fn on_rate(&mut self, score: i64, comment: Option<String>, solved: Option<bool>, reasons: Vec<body::RatingReasonRef>) -> Result<(), Refusal> {
        if self.was.state != State::Resolved {
            return Err(Refusal::new(Code::NotEnded));
        }
        if !rating::SCALE.contains(&score) {
            return Err(Refusal::new(Code::ScoreOutOfRange));
        }
        self.next.episode.score = Some(score);
        self.next.episode.outcome = self.was.episode.outcome.map(|outcome| outcome.rated(score, solved));
        let fact = fact::Rated { ep: self.was.episode.number, score, solved, reasons: reasons.iter().map(|reason| reason.id).collect() };
        self.record(Body::Rated(body::Rated { score, comment: comment.clone(), solved, reasons }), Fact::Rated(fact));
        self.follow_with(Consequence::Commented { comment, solved });
        Ok(())
    }
}
