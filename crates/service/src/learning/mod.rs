//! How the bot learns from people: which questions are worth teaching and what agents answered, which phrasings are doubtful, and what a draft would change.
//!
//! - [`note`]: reads from the journal's feed which questions are worth teaching
//! - [`proposals`]: these questions in groups, each with the answer that agents gave
//! - [`reach`]: what of it a member of the staff may know
//! - [`runs`]: what is tried in the background, and its progress; [`work`]: works it off
//! - [`tests`]: the test set, put to the live version and to the draft
//! - [`yesterday`]: yesterday's questions, put to both
//! - [`suspects`]: phrasings that probably belong to a different entry

pub mod note;
pub mod proposals;
pub mod reach;
pub mod runs;
pub mod suspects;
pub mod tests;
pub mod work;
pub mod yesterday;

use std::sync::Arc;

use bot::{Bot, explain::Candidate};
use content::knowledge::Did;
use db::Db;
use domain::{
    id::TenantId,
    text::{Bilingual, Lang},
};
use serde::{Deserialize, Serialize};
use store_knowledge::knowledge_drafts::State;
use utoipa::ToSchema;

use crate::bots::{Bots, Error};

/// How often a check tries to read one consistent state while others write or publish, before it fails.
const TRIES: usize = 5;

/// An entry that may be meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = KnowledgeCandidate)]
pub struct CandidateView {
    /// The entry's id.
    pub id: String,
    /// The entry's question in the language of the sentence.
    pub question: String,
    /// The entry's question in both languages.
    pub name: Bilingual,
    /// The probability that it is the one meant, 0 to 1.
    pub score: f32,
    /// The wording that shares the most with the sentence.
    pub nearest: String,
    /// Words that the two share.
    pub shared: Vec<String>,
    /// Synonyms by which the two mean the same.
    pub synonyms: Vec<String>,
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let Candidate { id, question, name: bot::Bilingual { zh, en }, score, nearest, shared, synonyms } = candidate;
        Self { id, question, name: Bilingual { zh, en }, score: rounded(score), nearest, shared, synonyms }
    }
}

/// A probability with three decimals.
pub fn rounded(score: f32) -> f32 {
    (score * 1000.0).round() / 1000.0
}

/// What a bot does with a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KnowledgeReaction)]
pub struct Reaction {
    /// What it does: `answered`, `offered`, `no_answer`, `human` or `other`.
    #[schema(value_type = ReactionName)]
    pub did: String,
    /// The entry it answers with, or the first it offers.
    #[schema(required)]
    pub entry: Option<String>,
}

/// What a bot does.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case", as = KnowledgeReactionName)]
pub enum ReactionName {
    /// It answers with an entry.
    Answered,
    /// It asks which of some entries is meant.
    Offered,
    /// It says that it has no answer.
    NoAnswer,
    /// It hands over to a person.
    Human,
    /// It does something else: small talk, or a property from the catalogue.
    Other,
}

impl From<&Did> for Reaction {
    fn from(did: &Did) -> Self {
        let (name, entry) = match did {
            Did::Answered(id) => ("answered", Some(id.clone())),
            Did::Offered(ids) => ("offered", ids.first().cloned()),
            Did::SaidNothing => ("no_answer", None),
            Did::HandedOver => ("human", None),
            Did::Other => ("other", None),
        };
        Self { did: name.to_owned(), entry }
    }
}

/// The bots of the version in force and of the draft, and what both were trained on.
pub struct Both {
    /// The revision and the version.
    pub state: State,
    /// The bot of the version in force.
    pub live: Arc<Bot>,
    /// The bot of the draft.
    pub draft: Arc<Bot>,
}

/// The bots of what is live and of the draft, both as the record has them at this moment, and a transaction that sees this very state; retried if somebody was
/// faster.
///
/// # Errors
/// [`Error::Changed`] if somebody is always faster.
pub async fn both_bots(bots: &Bots, db: &Db, tenant: TenantId) -> Result<(Both, db::Tx), Error> {
    for _ in 0..TRIES {
        let (version, live) = bots.in_force(db, tenant).await?;
        let (revision, draft) = bots.draft_of(db, tenant).await?;
        let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
        let state = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?;
        if state == (State { revision, version }) {
            return Ok((Both { state, live, draft }, tx));
        }
    }
    Err(Error::Changed)
}

/// The question of an entry that this bot knows.
fn name_of(bot: &Bot, id: &str) -> Option<Bilingual> {
    let entry = bot.knowledge().entries.iter().find(|entry| entry.id == id)?;
    Some(Bilingual { zh: entry.question.zh.clone(), en: entry.question.en.clone() })
}

/// The language of a line: its own, or that of the screen if it does not show one.
fn lang_of(text: &str, screen: Lang) -> Lang {
    match bot::text::detect(text) {
        Some(bot::Lang::En) => Lang::En,
        Some(bot::Lang::Zh) => Lang::Zh,
        None => screen,
    }
}
