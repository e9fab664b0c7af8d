//! The companies' bots: trained from the store, cached in memory, and retrained when the knowledge changes.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use bot::{
    Bot, Knowledge, Outcome, Turn, fitting,
    gate::Gates,
    knowledge::Thesaurus,
    stop::{Stop, Stopped},
};
use content::{
    knowledge::{Did, KnowledgeEntry},
    synonyms::Synonyms,
};
use db::{Db, Shard, Tx};
use domain::{
    entry::Changed,
    id::TenantId,
    journal::Actor,
    text::{Bilingual, Lang},
    time::{HOUR, Ts},
};
use store::TenantTx;

pub use crate::bot_error::Error;
use crate::{
    aside,
    bounded::Bounded,
    catalogue::Frame,
    digests::{Digests, digests},
    embeddings::Embeddings,
    graph,
    handoff::Transcripts,
    latest::Anything,
    recent::{Recent, recent},
    recommend::show::Models,
    trainings::{Of, Training, Trainings},
};

/// The maximum number of companies whose bots are cached. A bot takes a few megabytes, a large one a few tens of megabytes.
const MOST_LIVE: usize = 256;
/// The maximum number of companies whose draft bots are cached; few editors work at the same time.
const MOST_DRAFTS: usize = 16;
/// A bot that has not been used for this long is evicted and retrained on the next use.
const IDLE_MS: i64 = 6 * HOUR;

/// A knowledge with more entries than this keeps the usual gates: fitting takes as long as training it seven times.
const MOST_FITTED: usize = 1_000;
/// The same for the [effort](bot::effort) of all entries together: a thousand usual ones have less.
const MOST_FITTED_EFFORT: u64 = 3_000_000;
/// The same for the words of all groups of synonyms together.
const MOST_FITTED_SYNONYMS: usize = 20_000;
/// How often the bot of a draft is trained anew because a later revision was asked for, before its caller is told to come back later.
const TRIES: usize = 5;

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
    async fn bot(&self, db: &Db, tenant: TenantId, embeddings: Option<&Embeddings>, training: &Training, version: i64) -> Result<Trained, Error> {
        let mut held = self.trained.lock().await;
        let changes = self.changes.load(Ordering::SeqCst);
        if let Some(trained) = held.as_ref().filter(|trained| trained.changes == changes && trained.version >= version) {
            return Ok(trained.clone());
        }
        let (version, bot) = train(db, tenant, embeddings, training).await?;
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
    groupings: Recent<Anything>,
    counts: Recent<i64>,
    digests: Digests,
    embeddings: Arc<OnceLock<Embeddings>>,
    trainings: Trainings,
}

impl Default for Bots {
    fn default() -> Self {
        Self {
            live: Arc::new(Mutex::new(Bounded::new(MOST_LIVE, IDLE_MS))),
            drafts: Arc::new(Mutex::new(Bounded::new(MOST_DRAFTS, IDLE_MS))),
            transcripts: Transcripts::default(),
            models: Models::default(),
            groupings: recent(),
            counts: recent(),
            digests: digests(),
            embeddings: Arc::default(),
            trainings: Trainings::default(),
        }
    }
}

impl Bots {
    /// The bot of a company. It knows of every change that [`Self::forget`] was told of before the call.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> Result<Arc<Bot>, Error> {
        Ok(self.live_of(db, tenant).bot(db, tenant, self.embeddings(), &self.trainings.of(tenant), 0).await?.bot)
    }
    /// The bot of the version that is in force according to the store, and that version's number.
    /// [`Self::of`] may still return the previous one, because nodes learn of a publication a moment later.
    pub async fn in_force(&self, db: &Db, tenant: TenantId) -> Result<(i64, Arc<Bot>), Error> {
        let version = store_knowledge::knowledge_drafts::state(&mut db.read_of(tenant).await.map_err(store::Error::from)?, tenant).await?.version;
        let trained = self.live_of(db, tenant).bot(db, tenant, self.embeddings(), &self.trainings.of(tenant), version).await?;
        Ok((trained.version, trained.bot))
    }
    /// Evicts the bots, and what was said to them, that have not been used recently.
    pub fn forget_idle(&self, now: Ts) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
        self.transcripts.forget_idle(now);
        self.models.forget_idle(now);
        self.groupings.forget_idle(now);
        self.counts.forget_idle(now);
        self.digests.forget_idle(now);
    }
    /// What was said in conversations that go on.
    pub const fn transcripts(&self) -> &Transcripts {
        &self.transcripts
    }
    /// What the companies learned for recommendations.
    pub const fn models(&self) -> &Models {
        &self.models
    }
    /// Customers' questions as they were grouped for readers a moment ago.
    pub(crate) const fn groupings(&self) -> &Recent<Anything> {
        &self.groupings
    }
    /// How many of them there were.
    pub(crate) const fn counts(&self) -> &Recent<i64> {
        &self.counts
    }
    /// What was computed from the companies' drafts as they are.
    pub const fn digests(&self) -> &Digests {
        &self.digests
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
    ///
    /// # Errors
    /// [`Error::Stopped`] if somebody always asks for a later revision, or the program ends.
    pub async fn draft_of(&self, db: &Db, tenant: TenantId) -> Result<(i64, Arc<Bot>), Error> {
        let training = self.trainings.of(tenant);
        for _ in 0..TRIES {
            // Whoever trains an earlier one holds the cell, and is told first.
            training.want(store_knowledge::knowledge_drafts::state(&mut db.read_of(tenant).await.map_err(store::Error::from)?, tenant).await?.revision);
            let cell = self.draft_cell(db, tenant);
            let mut held = cell.lock().await;
            let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
            let revision = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?.revision;
            if let Some((_, bot)) = held.as_ref().filter(|(of, _)| *of == revision) {
                return Ok((revision, bot.clone()));
            }
            training.want(revision);
            let drafts = store_knowledge::knowledge_drafts::list(&mut tx, tenant).await?;
            let written = drafts.iter().filter(|draft| !draft.removed).map(|draft| serde_json::to_string(&draft.entry).unwrap_or_default()).collect();
            drop(drafts);
            match train_on(tx, tenant, written, self.embeddings(), &training, Of::Draft(revision)).await {
                Err(Error::Stopped(_)) if !training.is_over() => {}
                trained => {
                    let bot = trained?;
                    *held = Some((revision, bot.clone()));
                    return Ok((revision, bot));
                }
            }
        }
        Err(Stopped.into())
    }
    /// What other long computations look at: it stops when the program ends.
    pub fn until_the_end(&self) -> Stop {
        self.trainings.until_the_end()
    }
    /// Stops all trainings and other long computations, now and from now on: the program ends.
    pub fn end(&self) {
        self.trainings.end();
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
        self.digests.forget(&tenant);
    }
    /// Evicts the bots of a company that is gone.
    pub fn drop_company(&self, tenant: TenantId) {
        self.forget(tenant);
        self.live.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
    /// Evicts all bots.
    pub fn forget_all(&self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.digests.forget_all();
    }
}

async fn train(db: &Db, tenant: TenantId, embeddings: Option<&Embeddings>, training: &Training) -> Result<(i64, Arc<Bot>), Error> {
    let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
    let version = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?.version;
    let entries = lines(store_knowledge::knowledge::entries(&mut tx, tenant).await?);
    Ok((version, train_on(tx, tenant, entries, embeddings, training, Of::Live).await?))
}

pub(crate) fn lines(documents: Vec<store::Document>) -> Vec<String> {
    documents.into_iter().map(|document| document.json).collect()
}

/// Trains a bot on these entries, with the company's thesaurus, goods, plans, gates, and the vectors of its texts.
async fn train_on(mut tx: Tx, tenant: TenantId, entries: Vec<String>, embeddings: Option<&Embeddings>, training: &Training, of: Of) -> Result<Arc<Bot>, Error> {
    let gates = store_knowledge::knowledge_versions::gates(&mut tx, tenant).await?;
    let mut gates: Gates = gates.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(Gates::usual);
    let embedded = match (embeddings, gates.embedded.take()) {
        (Some(embeddings), Some(fitted)) if embeddings.model() == fitted.model => {
            Some((fitted, embeddings.vectors_of(&mut tx, tenant).await?, embeddings.lines()))
        }
        _ => None,
    };
    let knowledge = knowledge(tx, tenant, entries).await?;
    let train = move |stop: &Stop| {
        let bot = Bot::train_until(knowledge()?, gates, stop)?;
        Ok(Arc::new(match embedded {
            Some((fitted, known, lines)) => bot.with_embeddings(&fitted, &known, &lines),
            None => bot,
        }))
    };
    training.run(of, train).await
}

/// Reads what a bot is trained on besides these entries; the result reads the documents, which takes a while.
pub(crate) async fn knowledge(mut tx: Tx, tenant: TenantId, entries: Vec<String>) -> Result<impl FnOnce() -> Result<Knowledge, Error> + Send + 'static, Error> {
    let thesaurus = thesaurus(store_knowledge::synonyms::list(&mut tx, tenant).await?);
    let goods = lines(store_hall::catalogue::goods(&mut tx, tenant).await?).join(",");
    let frame = store_hall::catalogue::frame_seen(&mut tx, tenant).await?.0;
    let plans = format!(r#"{{"plans":[{}]}}"#, lines(store_hall::catalogue::plans(&mut tx, tenant).await?).join(","));
    let graph = graph::document(store_knowledge::graph::items(&mut tx, tenant).await?, store_knowledge::graph::units(&mut tx, tenant).await?);
    Ok(move || {
        let Frame { currency, categories, tag_names } = Frame::parse(frame.as_deref()).unwrap_or_default();
        let [currency, categories, tag_names] = [serde_json::json!(currency), serde_json::json!(categories), serde_json::json!(tag_names)];
        let goods = format!(r#"{{"goods":[{goods}],"currency":{currency},"categories":{categories},"tag_names":{tag_names}}}"#);
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

/// Whether gates are fitted to a knowledge: to more, it would take too long.
pub(crate) fn can_be_fitted(knowledge: &Knowledge) -> bool {
    let Knowledge { entries, thesaurus: Thesaurus { zh, en }, .. } = knowledge;
    entries.len() <= MOST_FITTED
        && zh.iter().chain(en).map(Vec::len).sum::<usize>() <= MOST_FITTED_SYNONYMS
        && entries.iter().map(bot::effort::of).sum::<u64>() <= MOST_FITTED_EFFORT
}

/// The [effort](bot::effort) of an entry.
pub fn effort_of(entry: &KnowledgeEntry) -> u64 {
    let KnowledgeEntry { id: _, category: _, question, similar, answer, related: _, action: _ } = entry;
    let both = |text: &Bilingual| bot::Bilingual { zh: text.zh.clone(), en: text.en.clone() };
    let similar = bot::Wordings { zh: similar.zh.clone(), en: similar.en.clone() };
    bot::effort::of(&bot::Entry { question: both(question), similar, answer: both(answer), ..bot::Entry::default() })
}

/// Fits the gates of one version of a knowledge that is in force and has none, and tells the nodes to train its bot anew. Returns whether there was one.
///
/// # Errors
/// If the store cannot be read or written, or the program ends.
pub async fn fit_gates(bots: &Bots, db: &Db) -> Result<bool, Error> {
    let Some((tenant, number)) = store::entry_points::unfitted_knowledge(db).await? else { return Ok(false) };
    let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
    let entries = lines(store_knowledge::knowledge_versions::entries(&mut tx, tenant, number).await?);
    let (knowledge, stop) = (knowledge(tx, tenant, entries).await?, bots.until_the_end());
    let fit = move || knowledge().ok().filter(can_be_fitted).map(|knowledge| fitting::fit_until(&knowledge, &stop)).transpose();
    let fitted = aside::compute(fit).await.transpose()?;
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
