//! Phrasings that probably belong to a different entry: found in the background, and settled one by one. What is settled stays settled until the text changes.

use bot::suspects::phrasings::doubts_until;
use content::knowledge::{KnowledgeError, MAX_PHRASINGS, RunOf, bare};
use db::{Db, Tx};
use domain::{
    id::{AgentId, TenantId},
    revision::Revision,
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use store_knowledge::{
    kept_phrasings,
    knowledge_drafts::{self, Draft},
    knowledge_runs::Run,
};
use utoipa::ToSchema;

use super::runs::{self, Progress};
use crate::bots::{Bots, Error, effort_of};

/// The most doubtful phrasings that are listed per language.
const LISTED: usize = 200;

/// A doubtful phrasing, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubtful {
    entry: String,
    lang: Lang,
    text: String,
    likely: String,
}

/// The result as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    phrasings: usize,
    doubtful: Vec<Doubtful>,
}

/// Phrasings that probably belong to a different entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspectPhrasings {
    /// The latest search; `null` before the first.
    #[schema(required)]
    pub run: Option<Progress>,
    /// Whether the latest search that came to its end was over the draft as it is now.
    pub fresh: bool,
    /// The number of phrasings that were searched.
    pub searched: usize,
    /// The phrasings that nobody has settled, most doubtful first.
    pub items: Vec<SuspectView>,
}

/// A phrasing that probably belongs to a different entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectPhrasing)]
pub struct SuspectView {
    /// The phrasing.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// The entry that it is in.
    pub entry: String,
    /// That entry's question.
    pub name: Bilingual,
    /// The entry that it probably belongs to.
    pub likely: String,
    /// That entry's question.
    pub likely_name: Bilingual,
}

/// What becomes of a phrasing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SuspectSettledAs)]
pub enum SettledAs {
    /// It stays where it is, and is not doubted again.
    Keep,
    /// It is moved to the entry `to`.
    Move,
    /// It is removed.
    Remove,
    /// It is doubted again: this takes `keep` back.
    Doubt,
    /// It is added to the entry: this takes `remove` back.
    Restore,
}

impl SettledAs {
    /// Whether this changes the draft.
    pub const fn changes_draft(self) -> bool {
        matches!(self, Self::Move | Self::Remove | Self::Restore)
    }
}

/// Which phrasing to settle, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleSuspect {
    /// The entry that the phrasing is in; for `restore`, the one that it was in.
    pub entry: String,
    /// The language of the phrasing.
    pub lang: Lang,
    /// The phrasing.
    pub text: String,
    /// What becomes of it.
    pub settled: SettledAs,
    /// For `move`: the entry to move it to.
    #[serde(default)]
    pub to: Option<String>,
}

/// Why a phrasing cannot be settled like this.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    /// A field is wrong.
    #[error(transparent)]
    Field(#[from] KnowledgeError),
    /// The entry no longer has the phrasing, or has it again.
    #[error("the entry was changed in the meantime")]
    Changed,
    /// With the phrasing, the entry with this question would be too much work to learn.
    #[error("the entry would be too much work to learn")]
    Heavy(Bilingual),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] store::Error),
}

pub(super) async fn search(bots: &Bots, db: &Db, tenant: TenantId, run: &mut Run) -> Result<Searched, Error> {
    let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
    let state = knowledge_drafts::state(&mut tx, tenant).await?;
    let drafts = knowledge_drafts::list(&mut tx, tenant).await?;
    drop(tx);
    let staying: Vec<_> = drafts.into_iter().filter(|draft| !draft.removed).map(|draft| draft.entry).collect();
    let written = staying.iter().map(|entry| serde_json::to_string(entry).unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let entries = bot::Knowledge::parse(&[&written], r#"{"zh":[],"en":[]}"#, r#"{"goods":[]}"#, r#"{"plans":[]}"#, "")?.entries;
    let entries = std::sync::Arc::new(entries);
    (run.revision, run.version) = (state.revision, state.version);
    run.total = staying.iter().map(|entry| entry.phrasings() as i64).sum();
    let mut result = Searched { phrasings: 0, doubtful: Vec::new() };
    for (lang, side) in [(Lang::Zh, bot::Lang::Zh), (Lang::En, bot::Lang::En)] {
        runs::note(db, tenant, run.clone()).await?;
        let (entries, stop) = (entries.clone(), bots.until_the_end());
        let (found, searched) = crate::aside::compute(move || doubts_until(&entries, side, &stop)).await.ok_or(Error::Training)??;
        let doubtful = |doubt: bot::suspects::phrasings::Doubt| Doubtful { entry: doubt.entry, lang, text: doubt.text, likely: doubt.likely };
        result.doubtful.extend(found.into_iter().take(LISTED).map(doubtful));
        result.phrasings += searched;
        run.done = result.phrasings as i64;
    }
    Ok(result)
}

/// The latest search, and the doubtful phrasings that are still in their entries and nobody has settled.
///
/// # Errors
/// If the store cannot be read.
pub async fn view(tx: &mut Tx, tenant: TenantId, now: Ts) -> store::Result<SuspectPhrasings> {
    let latest = store_knowledge::knowledge_runs::latest(tx, tenant, RunOf::Suspects).await?;
    let done = store_knowledge::knowledge_runs::latest_done(tx, tenant, RunOf::Suspects).await?;
    let state = knowledge_drafts::state(tx, tenant).await?;
    let drafts = knowledge_drafts::list(tx, tenant).await?;
    let kept = kept_phrasings::all(tx, tenant).await?;
    let fresh = done.as_ref().is_some_and(|run| run.revision == state.revision);
    let found: Option<Searched> = done.and_then(|run| run.result).as_deref().map(runs::read).transpose()?;
    let Searched { phrasings, doubtful } = found.unwrap_or(Searched { phrasings: 0, doubtful: Vec::new() });
    let staying = |id: &str| drafts.iter().find(|draft| !draft.removed && draft.entry.id == id).map(|draft| &draft.entry);
    let item = |Doubtful { entry, lang, text, likely }: Doubtful| {
        let (own, other) = (staying(&entry)?, staying(&likely)?);
        let has = if lang == Lang::En { &own.similar.en } else { &own.similar.zh }.contains(&text);
        let key = (entry, lang, text);
        let is_open = has && !kept.contains(&key);
        let (entry, lang, text) = key;
        is_open.then(|| SuspectView { text, lang, entry, name: own.question.clone(), likely, likely_name: other.question.clone() })
    };
    let items = doubtful.into_iter().filter_map(item).collect();
    Ok(SuspectPhrasings { run: latest.map(|run| Progress::of(&run, now)), fresh, searched: phrasings, items })
}

/// What settling a phrasing changes, with how much work the changed entries are to learn: it was computed before anything is written.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// Phrasings that are not doubted again.
    kept: Vec<kept_phrasings::Phrasing>,
    /// A phrasing that is doubted again.
    doubted: Option<kept_phrasings::Phrasing>,
    /// Entries as they will be, and when they were last changed as they were read.
    changed: Vec<(Draft, Ts)>,
}

/// Finds what settling a phrasing changes.
///
/// # Errors
/// [`Unsettled`] says why it cannot be settled like this.
pub async fn prepare(tx: &mut Tx, tenant: TenantId, what: SettleSuspect) -> Result<Settlement, Unsettled> {
    let SettleSuspect { entry, lang, text, settled, to } = what;
    let wrong = |field: &str, what: &str| KnowledgeError { field: field.to_owned(), what: what.to_owned() };
    let now = tx.now();
    let mut own = knowledge_drafts::get(tx, tenant, &entry).await?;
    let at = own.entry.phrasings_in(lang).iter().position(|one| *one == text);
    let phrasing = (entry.clone(), lang, text.clone());
    let mut result = Settlement { kept: Vec::new(), doubted: None, changed: Vec::new() };
    match (settled, at) {
        (SettledAs::Restore, None) => {
            result.kept.push(phrasing);
            result.changed.extend(with_phrasing(own, lang, text, now)?);
        }
        (SettledAs::Restore, Some(_)) | (_, None) => return Err(Unsettled::Changed),
        (SettledAs::Keep, _) => result.kept.push(phrasing),
        (SettledAs::Doubt, _) => result.doubted = Some(phrasing),
        (SettledAs::Move | SettledAs::Remove, Some(at)) => {
            own.entry.phrasings_in(lang).remove(at);
            result.changed.push(with_effort(own, now));
            if settled == SettledAs::Remove {
                return Ok(result);
            }
            let to = to.filter(|to| *to != entry).ok_or_else(|| wrong("to", "it must be the id of another entry"))?;
            let target = match knowledge_drafts::get(tx, tenant, &to).await {
                Ok(target) if !target.removed => target,
                Ok(_) | Err(store::Error::NotFound) => return Err(wrong("to", "it must be the id of an entry of the draft").into()),
                Err(error) => return Err(error.into()),
            };
            // Where a person put it is not doubted again.
            result.kept.push((to, lang, text.clone()));
            result.changed.extend(with_phrasing(target, lang, text, now)?);
        }
    }
    Ok(result)
}

/// Settles a phrasing. The caller has begun a change of the draft, which locks out other editors.
///
/// # Errors
/// [`store::Error::Stale`] if somebody changed one of the entries since this was prepared; then nothing is changed.
pub async fn settle(tx: &mut Tx, tenant: TenantId, settlement: &Settlement, by: AgentId) -> store::Result<()> {
    let Settlement { kept, doubted, changed } = settlement;
    for phrasing in kept {
        kept_phrasings::keep(tx, tenant, phrasing).await?;
    }
    if let Some(phrasing) = doubted {
        kept_phrasings::doubt(tx, tenant, phrasing).await?;
    }
    for (draft, seen) in changed {
        knowledge_drafts::update(tx, tenant, draft, *seen, Some(by)).await?;
    }
    Ok(())
}

/// An entry with one phrasing more; `None` if the entry says it already.
fn with_phrasing(mut to: Draft, lang: Lang, text: String, now: Ts) -> Result<Option<(Draft, Ts)>, Unsettled> {
    let question = if lang == Lang::En { &to.entry.question.en } else { &to.entry.question.zh };
    let is_question = bare(question) == bare(&text);
    let phrasings = to.entry.phrasings_in(lang);
    if is_question || phrasings.iter().any(|one| bare(one) == bare(&text)) {
        return Ok(None);
    }
    if phrasings.len() >= MAX_PHRASINGS {
        let what = format!("at most {MAX_PHRASINGS} phrasings per language");
        return Err(KnowledgeError { field: "to".to_owned(), what }.into());
    }
    phrasings.push(text);
    let (to, seen) = with_effort(to, now);
    if u64::try_from(to.effort).is_ok_and(|effort| effort > bot::effort::MOST_OF_ENTRY) {
        return Err(Unsettled::Heavy(to.entry.question));
    }
    Ok(Some((to, seen)))
}

/// A changed entry with how much work it is to learn, and when it was last changed as it was read.
fn with_effort(changed: Draft, now: Ts) -> (Draft, Ts) {
    let (seen, effort) = (changed.updated_at, i64::try_from(effort_of(&changed.entry)).unwrap_or(i64::MAX));
    (Draft { updated_at: Revision(seen).next(now), effort, ..changed }, seen)
}
