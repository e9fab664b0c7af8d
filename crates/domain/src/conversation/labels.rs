//! What a conversation is about, in the company's own words.

use super::{Consequence, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, LabelRef},
        fact,
    },
    id::{AgentId, LabelId},
    label::MAX_LABELS_OF_CONVERSATION,
    refusal::{Code, Refusal},
};

impl Step<'_> {
    /// It has the labels `now` from now on, instead of `before`.
    pub fn on_label(&mut self, before: Vec<LabelRef>, now: Vec<LabelRef>, by: AgentId) -> Result<(), Refusal> {
        if now.len() > MAX_LABELS_OF_CONVERSATION {
            return Err(Refusal::new(Code::TooManyLabelsGiven));
        }
        let without = |some: &[LabelRef], others: &[LabelRef]| -> Vec<LabelRef> {
            some.iter().filter(|one| others.iter().all(|other| other.id != one.id)).cloned().collect()
        };
        let (added, removed) = (without(&now, &before), without(&before, &now));
        if added.is_empty() && removed.is_empty() {
            return Err(Refusal::new(Code::Conflict));
        }
        let ids = |some: &[LabelRef]| -> Vec<LabelId> { some.iter().map(|one| one.id).collect() };
        let fact = fact::Labelled { ep: self.was.episode.number, added: ids(&added), removed: ids(&removed) };
        self.follow_with(Consequence::Labelled { added: fact.added.clone(), removed: fact.removed.clone(), by });
        self.record(Body::Labelled(body::Labelled { added, removed }), Fact::Labelled(fact));
        Ok(())
    }
}
