//! Words that were said, as the record has them, and references to them.

use uuid::Uuid;

use super::Conversation;
use crate::{
    entry::{Body, EntryKind, Fact, body},
    id::AgentId,
    journal::{Actor, ActorKind, StoredEntry},
    refusal::Code,
    time::Ts,
};

/// A message or a note as the record has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// Its number among all entries of the conversation.
    pub seq: i64,
    /// Its number among the public ones; `None` if it is a note.
    pub pseq: Option<i64>,
    /// What kind of actor said it.
    pub by: ActorKind,
    /// Whose words they are; `None` if the bot said them.
    pub author: Option<Uuid>,
    /// When it was said.
    pub at: Ts,
    /// The number of the episode in which it was said.
    pub ep: i64,
    /// Whether it answers words of danger or a message that was left, which wait no longer since.
    pub settles: bool,
    /// What it says; `None` if the words are gone.
    pub body: Option<Body>,
    /// The colleagues whom other notes of the conversation call, too.
    pub called_elsewhere: Vec<AgentId>,
    /// How often it was corrected.
    pub corrections: usize,
}

impl Spoken {
    /// An entry as a message or a note; `None` if it is neither.
    pub fn of(entry: &StoredEntry) -> Option<Self> {
        let kind = EntryKind::parse(&entry.kind)?;
        let actor = &entry.entry.actor;
        let (ep, settles) = match entry.fact()? {
            Fact::Message(fact) => (fact.ep, fact.settles),
            Fact::Note(fact) => (fact.ep, false),
            _ => return None,
        };
        matches!(kind, EntryKind::Message | EntryKind::Note).then(|| Self {
            seq: entry.seq,
            pseq: entry.pseq,
            by: actor.kind,
            author: actor.id,
            at: entry.at,
            ep,
            settles,
            body: entry.body(),
            called_elsewhere: Vec::new(),
            corrections: 0,
        })
    }

    /// The same, with the colleagues whom other notes call, and the number of its corrections.
    #[must_use]
    pub fn known(self, called_elsewhere: Vec<AgentId>, corrections: usize) -> Self {
        Self { called_elsewhere, corrections, ..self }
    }

    /// The colleagues whom it calls.
    pub fn calls(&self) -> Vec<AgentId> {
        match &self.body {
            Some(Body::Note(body::Note { mentions: Some(mentions), .. })) => mentions.iter().map(|one| one.agent).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether somebody may still change these words in a conversation, for so long after they were said; `late` is the code if it is too late. What was said in an
    /// episode that has ended stays, also if the conversation has been opened again: the episode was rated, and counted, for what was said in it.
    pub(super) fn check_own(&self, actor: &Actor, c: &Conversation, now: Ts, (window, late): (i64, Code)) -> Result<&Body, Code> {
        let is_person = matches!(self.by, ActorKind::Customer | ActorKind::Agent);
        if !is_person || self.by != actor.kind || self.author != actor.id {
            return Err(Code::NotOwnWords);
        }
        let body = self.body.as_ref().ok_or(Code::WordsGone)?;
        if !c.state.is_open() || self.ep != c.episode.number {
            return Err(Code::AlreadyEnded);
        }
        if now.0 - self.at.0 > window { Err(late) } else { Ok(body) }
    }

    /// The reference to these words in another message of the conversation, which the customer reads or not. Nobody is told of a note who does not see it. Words that
    /// are gone may be quoted: they may have gone while somebody was answering them, and a quote says nothing of them.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn quote(&self, is_public: bool) -> Result<Quote, Code> {
        if is_public && self.pseq.is_none() {
            return Err(Code::QuoteStaffOnly);
        }
        Ok(Quote { seq: self.seq, pseq: self.pseq })
    }
}

/// Which message another one quotes. Its words are never copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// Its number among all entries of the conversation.
    pub seq: i64,
    /// Its number among the public ones; `None` if it is a note.
    pub pseq: Option<i64>,
}
