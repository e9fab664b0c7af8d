//! Sentence embeddings: asks a model for vectors, answers without it when it fails, and remembers the vectors of recent lines.
//!
//! Personal data is masked before a text goes to the model. A model that does not answer several times in a row is left alone for a while, so that customers do
//! not wait for it; one that refuses what a company sends is left alone by that company. What it returns is not believed: the number of vectors, their size and their numbers are checked.

mod lines;
pub mod work;

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bot::{
    Bot, Lang as BotLang,
    embed::{Vector, Vectors, unit},
};
use db::Tx;
use domain::{
    id::TenantId,
    masking::masked,
    time::{SECOND, Ts},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use self::lines::Lines;

/// After so many failures in a row the model is left alone.
const FAILURES: u32 = 3;
/// For so long it is left alone, in milliseconds.
const PAUSE_MS: i64 = 30 * SECOND;
/// The most numbers of a vector.
const MOST_DIMENSIONS: usize = 8_192;

/// What a model returns: a vector for each text, in their order, or why it cannot.
pub type Encoding<'a> = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, Failure>> + Send + 'a>>;

/// A model that turns texts into vectors.
pub trait Encoder: Send + Sync {
    /// The vectors of texts of a company. Nothing that is returned is believed.
    fn encode(&self, tenant: TenantId, texts: Vec<String>) -> Encoding<'_>;
}

/// Why there are no vectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// A stable name of the kind of failure.
    pub kind: FailureKind,
    /// What happened, in English, for the log and for administrators. Never contains a text that was sent, or a key.
    pub detail: String,
}

impl Failure {
    /// A failure.
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// The kinds of failures of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EmbeddingFailureKind)]
pub enum FailureKind {
    /// It cannot be reached.
    Unreachable,
    /// It did not answer in time.
    Slow,
    /// It refused the request.
    Refused,
    /// Its answer cannot be read.
    Malformed,
    /// It returned more or fewer vectors than there were texts.
    WrongCount,
    /// Its vectors do not have the expected size.
    WrongDimensions,
    /// Its vectors contain something that is not a number, or nothing but zeros.
    NotNumbers,
    /// Its folder cannot be used.
    Folder,
}

impl FailureKind {
    /// Whether it would fail whatever it is sent, and by whom.
    const fn is_for_all(self) -> bool {
        matches!(self, Self::Unreachable | Self::Slow | Self::Folder)
    }
}

/// Where a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EmbeddingPlace)]
pub enum Place {
    /// At an address.
    Endpoint,
    /// In a folder of the server.
    Folder,
}

/// How a model is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EmbeddingCondition)]
pub enum Condition {
    /// It was not asked yet.
    Unused,
    /// Its last answer was good.
    Working,
    /// Its last answer was not good: the bot answers without it.
    Failing,
}

/// How a model is doing on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub model: String,
    /// Where it is.
    pub place: Place,
    /// How it is doing.
    pub condition: Condition,
    /// The number of numbers in a vector, once known.
    pub dimensions: Option<usize>,
    /// The last failure since the start of the program, and when it was; it stays after the model recovers.
    pub failure: Option<(Failure, Ts)>,
}

/// The model to use.
pub struct Model {
    /// Its name; vectors are stored under it.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// What asks it; or why it cannot be used at all.
    pub encoder: Result<Box<dyn Encoder>, Failure>,
    /// How long a customer's question may wait for its vector.
    pub deadline: Duration,
    /// The most texts of one request.
    pub batch: usize,
}

struct Inner {
    model: Model,
    state: Mutex<State>,
    lines: Arc<Lines>,
}

struct State {
    condition: Condition,
    dimensions: Option<usize>,
    failure: Option<(Failure, Ts)>,
    /// Failures that concern all companies.
    all: Failures,
    /// Those that concern one.
    companies: HashMap<TenantId, Failures>,
}

/// Failures since the last good answer.
#[derive(Clone, Copy, Default)]
struct Failures {
    in_a_row: u32,
    /// Not asked before.
    paused_until: Ts,
}

impl Failures {
    fn note(&mut self, now: Ts) {
        self.in_a_row = self.in_a_row.saturating_add(1);
        if self.in_a_row >= FAILURES {
            self.paused_until = now.plus(PAUSE_MS);
        }
    }
}

/// Sentence embeddings of one model. Cheap to clone.
#[derive(Clone)]
pub struct Embeddings(Arc<Inner>);

impl Embeddings {
    /// Embeddings of a model. If it cannot be used, this is logged.
    pub fn new(model: Model, now: Ts) -> Self {
        let state = State { condition: Condition::Unused, dimensions: None, failure: None, all: Failures::default(), companies: HashMap::new() };
        let this = Self(Arc::new(Inner { model, state: Mutex::new(state), lines: Arc::default() }));
        if let Err(failure) = &this.0.model.encoder {
            this.note_failure(None, failure.clone(), now);
        }
        this
    }

    /// The name of the model.
    pub fn model(&self) -> &str {
        &self.0.model.name
    }

    /// How the model is doing.
    pub fn status(&self) -> Status {
        let State { condition, dimensions, ref failure, .. } = *self.state();
        Status { model: self.model().to_owned(), place: self.0.model.place, condition, dimensions, failure: failure.clone() }
    }

    /// Where bots find the vectors of lines.
    pub fn lines(&self) -> Arc<dyn Vectors> {
        self.0.lines.clone()
    }

    /// Gets the vectors that a bot would use to answer a message, so that it finds them in [`Self::lines`]. If they do not come in time, the bot answers
    /// without them.
    pub async fn prepare(&self, tenant: TenantId, bot: &Bot, text: &str, lang: BotLang, now: Ts) {
        let mut texts = bot.to_embed(text, lang);
        texts.retain(|text| self.0.lines.of(text).is_none());
        if texts.is_empty() || self.is_paused(tenant, now) {
            return;
        }
        let deadline = self.0.model.deadline;
        let late = || Err(Failure::new(FailureKind::Slow, format!("no answer within {} ms", deadline.as_millis())));
        let asked = tokio::time::timeout(deadline, self.ask(tenant, &texts)).await.unwrap_or_else(|_| late());
        if let Some(vectors) = self.note_outcome(tenant, asked, now) {
            self.0.lines.keep(texts.into_iter().zip(vectors));
        }
    }

    /// The vectors of texts of the knowledge, at most as many as a request may have; `None` if the model fails or is left alone.
    async fn encode(&self, tenant: TenantId, texts: &[String], now: Ts) -> Option<Vec<Vector>> {
        if self.is_paused(tenant, now) {
            return None;
        }
        let asked = self.ask(tenant, texts).await;
        self.note_outcome(tenant, asked, now)
    }

    async fn ask(&self, tenant: TenantId, texts: &[String]) -> Result<Vec<Vector>, Failure> {
        let encoder = self.0.model.encoder.as_ref().map_err(Clone::clone)?;
        let vectors = encoder.encode(tenant, texts.iter().map(|text| masked(text)).collect()).await?;
        checked(vectors, texts.len(), self.state().dimensions)
    }

    /// The vectors that a company's knowledge has, by text.
    pub(crate) async fn vectors_of(&self, tx: &mut Tx, tenant: TenantId) -> store::Result<Known> {
        let stored = store_knowledge::embeddings::list(tx, tenant, self.model()).await?;
        let known = Known(stored.into_iter().map(|(hash, bytes)| (hash, read(&bytes))).collect());
        if let Some(dimensions) = known.0.values().next().map(|vector| vector.len()) {
            self.state().dimensions.get_or_insert(dimensions);
        }
        Ok(known)
    }

    fn is_paused(&self, tenant: TenantId, now: Ts) -> bool {
        let state = self.state();
        let own = state.companies.get(&tenant).is_some_and(|own| now < own.paused_until);
        self.0.model.encoder.is_err() || own || now < state.all.paused_until
    }

    /// Notes how it went, and logs it if the condition changed.
    fn note_outcome(&self, tenant: TenantId, asked: Result<Vec<Vector>, Failure>, now: Ts) -> Option<Vec<Vector>> {
        match asked {
            Ok(vectors) => {
                let mut state = self.state();
                state.all = Failures::default();
                state.companies.remove(&tenant);
                state.dimensions = state.dimensions.or_else(|| vectors.first().map(|vector| vector.len()));
                if std::mem::replace(&mut state.condition, Condition::Working) == Condition::Failing {
                    tracing::info!(model = self.model(), "embeddings work again");
                }
                Some(vectors)
            }
            Err(failure) => {
                self.note_failure(Some(tenant), failure, now);
                None
            }
        }
    }

    fn note_failure(&self, tenant: Option<TenantId>, failure: Failure, now: Ts) {
        let mut state = self.state();
        match tenant.filter(|_| !failure.kind.is_for_all()) {
            Some(tenant) => state.companies.entry(tenant).or_default().note(now),
            None => state.all.note(now),
        }
        if std::mem::replace(&mut state.condition, Condition::Failing) != Condition::Failing {
            tracing::warn!(model = self.model(), error = %failure, "embeddings fail: the bot answers without them");
        }
        state.failure = Some((failure, now));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The vectors of a company's texts, by the hash under which they are stored.
#[derive(Default)]
pub(crate) struct Known(HashMap<Vec<u8>, Vector>);

impl Vectors for Known {
    fn of(&self, text: &str) -> Option<Vector> {
        self.0.get(&hash(text)).cloned()
    }
}

/// The hash of what is sent of a text.
fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(masked(text)).to_vec()
}

fn read(bytes: &[u8]) -> Vector {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn bytes_of(vector: &Vector) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The vectors with length 1, if there are as many as texts, all of the expected size and made of numbers.
fn checked(vectors: Vec<Vec<f32>>, texts: usize, dimensions: Option<usize>) -> Result<Vec<Vector>, Failure> {
    if vectors.len() != texts {
        return Err(Failure::new(FailureKind::WrongCount, format!("{} vectors for {texts} texts", vectors.len())));
    }
    let expected = dimensions.or_else(|| vectors.first().map(Vec::len)).unwrap_or(0);
    if expected == 0 || expected > MOST_DIMENSIONS {
        return Err(Failure::new(FailureKind::WrongDimensions, format!("vectors of {expected} numbers; 1 to {MOST_DIMENSIONS} can be used")));
    }
    if let Some(other) = vectors.iter().map(Vec::len).find(|length| *length != expected) {
        let detail = format!("a vector of {other} numbers where {expected} are expected; a different model needs a different name");
        return Err(Failure::new(FailureKind::WrongDimensions, detail));
    }
    let vectors: Option<Vec<Vector>> = vectors.into_iter().map(unit).collect();
    vectors.ok_or_else(|| Failure::new(FailureKind::NotNumbers, "a vector with something that is not a number, or with nothing but zeros"))
}

#[cfg(test)]
mod tests;
