//! The companies' bots: trained from the store, cached in memory, and retrained when the knowledge changes.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use bot::{Bot, Knowledge, Outcome, Turn, fitting, gate::Gates, knowledge::Thesaurus};
use db::{Db, Shard, Tx};
use domain::{
    entry::Changed,
    id::TenantId,
    journal::Actor,
    knowledge::Did,
    synonyms::Synonyms,
    text::Lang,
    time::{HOUR, Ts},
};
use store::TenantTx;

use crate::{aside, bounded::Bounded, catalogue::Frame, embeddings::Embeddings, graph, handoff::Transcripts, recommend::show::Models};

/// The maximum number of companies whose bots are cached. A bot takes a few megabytes, a large one a few tens of megabytes.
const MOST_LIVE: usize = 256;
/// The maximum number of companies whose draft bots are cached; few editors work at the same time.
const MOST_DRAFTS: usize = 16;
/// A bot that has not been used for this long is evicted and retrained on the next use.
const IDLE_MS: i64 = 6 * HOUR;

/// A knowledge with more entries than this keeps the usual gates: fitting takes as long as training it seven times.
pub(crate) const MOST_FITTED: usize = 1_000;

/// Why a bot could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The knowledge is not in the format the bot expects.
    #[error("knowledge: {0}")]
    Knowledge(#[from] bot::KnowledgeError),
    /// The draft changed while it was being read.
    #[error("the draft changed while it was being read")]
    Changed,
    /// Training was interrupted.
    #[error("training broke off")]
    Training,
}

/// A company's live bot. Whoever asks first after a change trains it, and whoever asks meanwhile waits for that, so a company trains one bot at a time.
#[derive(Default)]
struct Live {
    /// The number of changes heard of so far.
    changes: AtomicU64,
    trained: tokio::sync::Mutex<Option<Trained>>,
}

/// A bot, with the version of the knowledge it was trained on.
#[derive(Clone)]
struct Trained {
    /// The number of changes heard of before it was trained.
    changes: u64,
    version: i64,
    bot: Arc<Bot>,
}

impl Live {
    /// The bot that knows of every change heard of so far, and of this version of the knowledge.
    async fn bot(&self, db: &Db, tenant: TenantId, embeddings: Option<&Embeddings>, version: i64) -> Result<Trained, Error> {
        let mut held = self.trained.lock().await;
        let changes = self.changes.load(Ordering::SeqCst);
        if let Some(trained) = held.as_ref().filter(|trained| trained.changes == changes && trained.version >= version) {
            return Ok(trained.clone());
        }
        let (version, bot) = train(db, tenant, embeddings).await?;
        Ok(held.insert(Trained { changes, version, bot }).clone())
    }
}

/// The bot of a draft, with the revision it was trained on. The caller that holds the lock trains it; the others wait.
type Drafted = Arc<tokio::sync::Mutex<Option<(i64, Arc<Bot>)>>>;

/// One live bot per company, trained on first use, and one for its draft while editors try it. Unused bots are evicted. Cheap to clone.
#[derive(Clone)]
pub struct Bots {
    live: Arc<Mutex<Bounded<TenantId, Arc<Live>>>>,
    drafts: Arc<Mutex<Bounded<TenantId, Drafted>>>,
    transcripts: Transcripts,
    models: Models,
    embeddings: Arc<OnceLock<Embeddings>>,
}

impl Default for Bots {
    fn default() -> Self {
        Self {
            live: Arc::new(Mutex::new(Bounded::new(MOST_LIVE, IDLE_MS))),
            drafts: Arc::new(Mutex::new(Bounded::new(MOST_DRAFTS, IDLE_MS))),
            transcripts: Transcripts::default(),
            models: Models::default(),
            embeddings: Arc::default(),
        }
    }
}

impl Bots {
    /// The bot of a company. It knows of every change that [`Self::forget`] was told of before the call.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> Result<Arc<Bot>, Error> {
        Ok(self.live_of(db, tenant).bot(db, tenant, self.embeddings(), 0).await?.bot)
    }
    /// The bot of the version that is in force according to the store, and that version's number.
    /// [`Self::of`] may still return the previous one, because nodes learn of a publication a moment later.
    pub async fn in_force(&self, db: &Db, tenant: TenantId) -> Result<(i64, Arc<Bot>), Error> {
        let version = store_knowledge::knowledge_drafts::state(&mut db.read().await.map_err(store::Error::from)?, tenant).await?.version;
        let trained = self.live_of(db, tenant).bot(db, tenant, self.embeddings(), version).await?;
        Ok((trained.version, trained.bot))
    }
    /// Evicts the bots, and what was said to them, that have not been used recently.
    pub fn forget_idle(&self, now: Ts) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
        self.transcripts.forget_idle(now);
        self.models.forget_idle(now);
    }
    /// What was said in conversations that go on.
    pub const fn transcripts(&self) -> &Transcripts {
        &self.transcripts
    }
    /// What the companies learned for recommendations.
    pub const fn models(&self) -> &Models {
        &self.models
    }
    /// Lets the bots use sentence embeddings. To be called once, before the first bot is trained.
    pub fn use_embeddings(&self, embeddings: Embeddings) {
        let _ = self.embeddings.set(embeddings);
    }
    /// The sentence embeddings that the bots use, if any.
    pub fn embeddings(&self) -> Option<&Embeddings> {
        self.embeddings.get()
    }
    fn live_of(&self, db: &Db, tenant: TenantId) -> Arc<Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).get(tenant, db.now())
    }
    /// The bot of a company's draft as it is now, and the draft's revision. It is trained once per revision, one training at a time per company.
    pub async fn draft_of(&self, db: &Db, tenant: TenantId) -> Result<(i64, Arc<Bot>), Error> {
        let cell = self.draft_cell(db, tenant);
        let mut held = cell.lock().await;
        let mut tx = db.snapshot().await.map_err(store::Error::from)?;
        let revision = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?.revision;
        if let Some((_, bot)) = held.as_ref().filter(|(of, _)| *of == revision) {
            return Ok((revision, bot.clone()));
        }
        let drafts = store_knowledge::knowledge_drafts::list(&mut tx, tenant).await?;
        let written = drafts.iter().filter(|draft| !draft.removed).map(|draft| serde_json::to_string(&draft.entry).unwrap_or_default()).collect();
        let bot = train_on(tx, tenant, written, self.embeddings()).await?;
        *held = Some((revision, bot.clone()));
        Ok((revision, bot))
    }
    /// The bot of a company's draft, for whichever revision was trained last.
    pub async fn some_draft_of(&self, db: &Db, tenant: TenantId) -> Result<Arc<Bot>, Error> {
        let trained = self.draft_cell(db, tenant).try_lock().ok().and_then(|held| held.as_ref().map(|(_, bot)| bot.clone()));
        match trained {
            Some(bot) => Ok(bot),
            None => self.draft_of(db, tenant).await.map(|(_, bot)| bot),
        }
    }
    fn draft_cell(&self, db: &Db, tenant: TenantId) -> Drafted {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).get(tenant, db.now())
    }
    /// Notes that a company's knowledge or catalogue has changed: whoever asks for its bots from now on gets ones that know of it.
    pub fn forget(&self, tenant: TenantId) {
        if let Some(live) = self.live.lock().unwrap_or_else(PoisonError::into_inner).peek(&tenant) {
            live.changes.fetch_add(1, Ordering::SeqCst);
        }
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
    /// Evicts all bots.
    pub fn forget_all(&self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn train(db: &Db, tenant: TenantId, embeddings: Option<&Embeddings>) -> Result<(i64, Arc<Bot>), Error> {
    let mut tx = db.snapshot().await.map_err(store::Error::from)?;
    let version = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?.version;
    let entries = lines(store_knowledge::knowledge::entries(&mut tx, tenant).await?);
    Ok((version, train_on(tx, tenant, entries, embeddings).await?))
}

pub(crate) fn lines(documents: Vec<store::Document>) -> Vec<String> {
    documents.into_iter().map(|document| document.json).collect()
}

/// Trains a bot on these entries, with the company's thesaurus, goods, plans, gates, and the vectors of its texts.
async fn train_on(mut tx: Tx, tenant: TenantId, entries: Vec<String>, embeddings: Option<&Embeddings>) -> Result<Arc<Bot>, Error> {
    let gates = store_knowledge::knowledge_versions::gates(&mut tx, tenant).await?;
    let mut gates: Gates = gates.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(Gates::usual);
    let embedded = match (embeddings, gates.embedded.take()) {
        (Some(embeddings), Some(fitted)) if embeddings.model() == fitted.model => {
            Some((fitted, embeddings.vectors_of(&mut tx, tenant).await?, embeddings.lines()))
        }
        _ => None,
    };
    let knowledge = knowledge(tx, tenant, entries).await?;
    let trained = tokio::task::spawn_blocking(move || {
        let bot = Bot::with_gates(knowledge()?, gates);
        Ok(Arc::new(match embedded {
            Some((fitted, known, lines)) => bot.with_embeddings(&fitted, &known, &lines),
            None => bot,
        }))
    });
    trained.await.map_err(|_| Error::Training)?
}

/// Reads what a bot is trained on besides these entries; the result reads the documents, which takes a while.
pub(crate) async fn knowledge(mut tx: Tx, tenant: TenantId, entries: Vec<String>) -> Result<impl FnOnce() -> Result<Knowledge, Error> + Send + 'static, Error> {
    let thesaurus = thesaurus(store_knowledge::synonyms::list(&mut tx, tenant).await?);
    let goods = lines(store_hall::catalogue::goods(&mut tx, tenant).await?).join(",");
    let frame = store_hall::catalogue::frame_seen(&mut tx, tenant).await?.0;
    let plans = format!(r#"{{"plans":[{}]}}"#, lines(store_hall::catalogue::plans(&mut tx, tenant).await?).join(","));
    let graph = graph::document(store_knowledge::graph::items(&mut tx, tenant).await?, store_knowledge::graph::units(&mut tx, tenant).await?);
    Ok(move || {
        let Frame { categories, tag_names, .. } = Frame::parse(frame.as_deref()).unwrap_or_default();
        let goods = format!(r#"{{"goods":[{goods}],"categories":{},"tag_names":{}}}"#, serde_json::json!(categories), serde_json::json!(tag_names));
        Ok(Knowledge { thesaurus, graph, ..Knowledge::parse(&[&entries.join("\n")], "{}", &goods, &plans, "")? })
    })
}

/// The groups of synonyms as the bot reads them.
fn thesaurus(groups: Vec<Synonyms>) -> Thesaurus {
    let mut thesaurus = Thesaurus::default();
    for Synonyms { lang, words, .. } in groups {
        if lang == Lang::En { &mut thesaurus.en } else { &mut thesaurus.zh }.push(words);
    }
    thesaurus
}

/// Converts a language to the bot's type.
pub fn bot_lang(lang: Lang) -> bot::Lang {
    if lang == Lang::En { bot::Lang::En } else { bot::Lang::Zh }
}

/// The same the other way round.
pub fn lang_of_bot(lang: bot::Lang) -> Lang {
    if lang == bot::Lang::En { Lang::En } else { Lang::Zh }
}

/// What a bot does with a sentence.
pub fn reaction(bot: &Bot, sentence: &str, lang: Lang) -> Did {
    let answer = bot.answer(&Turn { text: sentence, lang_hint: bot_lang(lang), product: None, thread: None });
    match (answer.outcome, answer.source) {
        (Outcome::Confident, Some(source)) => Did::Answered(source.id),
        (Outcome::DidYouMean, _) => Did::Offered(answer.options.into_iter().map(|option| option.id).collect()),
        (Outcome::NoAnswer, _) => Did::SaidNothing,
        (Outcome::HumanRequest, _) => Did::HandedOver,
        _ => Did::Other,
    }
}

/// Fits the gates of one version of a knowledge that is in force and has none, and tells the nodes to train its bot anew. Returns whether there was one.
pub async fn fit_gates(db: &Db) -> Result<bool, Error> {
    let Some((tenant, number)) = store::entry_points::unfitted_knowledge(db).await? else { return Ok(false) };
    let mut tx = db.snapshot().await.map_err(store::Error::from)?;
    let entries = lines(store_knowledge::knowledge_versions::entries(&mut tx, tenant, number).await?);
    let few = entries.len() <= MOST_FITTED;
    let knowledge = knowledge(tx, tenant, entries).await?;
    let fitted = aside::compute(move || knowledge().ok().filter(|_| few).map(|knowledge| fitting::fit(&knowledge))).await;
    // what cannot be fitted keeps the usual gates, and is not tried again
    let gates = fitted.unwrap_or_else(|| {
        tracing::error!(tenant.id = %tenant, "the limits of a knowledge could not be fitted; the usual ones hold");
        None
    });
    let gates = gates.unwrap_or_else(Gates::usual);
    let gates = serde_json::to_string(&gates).map_err(|_| Error::Training)?;
    let stored = db.writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            store_knowledge::knowledge_versions::put_gates(tx, tenant, number, &gates).await?;
            TenantTx::new(tx, tenant, Actor::system()).announce(Changed::PublishedKnowledge).await
        })
    });
    match stored.await {
        Ok(()) | Err(store::Error::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
