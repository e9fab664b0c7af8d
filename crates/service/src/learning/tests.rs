//! Checks of a draft: each sentence of the test set is put to the live bot and to the draft.

use std::sync::Arc;

use bot::Bot;
use content::knowledge::{Score, Verdict, judge};
use db::Db;
use domain::{
    id::{KnowledgeRunId, KnowledgeTestId, TenantId},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use store_knowledge::{knowledge_runs::Run, knowledge_tests::KnowledgeTest};
use utoipa::ToSchema;

use super::{
    Both, Reaction, both_bots,
    runs::{self, RunState},
};
use crate::bots::{Bots, Error, reaction};

/// Sentences tried before the progress is recorded.
const CHUNK: usize = 100;

/// What the bot did with a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KnowledgeTestOutcome)]
pub struct Acted {
    /// The verdict on it.
    pub verdict: Verdict,
    /// What it did: `answered`, `offered`, `no_answer`, `human` or `other`.
    pub did: String,
    /// The entry it answered with, or the first it offered.
    #[schema(required)]
    pub entry: Option<String>,
}

/// A sentence worth looking at: the live bot or the draft does not get it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KnowledgeTestCase)]
pub struct Case {
    /// The sentence's id.
    pub id: KnowledgeTestId,
    /// The sentence.
    pub sentence: String,
    /// What was expected: `no_answer`, `human` or the id of an entry.
    pub expected: String,
    /// What the live bot did.
    pub live: Acted,
    /// What the draft would do.
    pub draft: Acted,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// The score of what is live.
    pub live: Score,
    /// The score of the draft.
    pub draft: Score,
    /// Sentences that the live bot or the draft does not get right.
    pub cases: Vec<Case>,
}

/// A check of the draft against the test set.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = KnowledgeRun)]
pub struct RunView {
    /// The check's id.
    pub id: KnowledgeRunId,
    /// The revision of the draft that is checked: the one at the start, or a later one if the draft was changed while the check began.
    pub revision: i64,
    /// The version it is compared with, which is that of the live bot that was asked.
    pub version: i64,
    /// `running`, `done` or `failed`.
    #[schema(value_type = RunState)]
    pub state: String,
    /// Sentences tried so far.
    pub done: i64,
    /// Sentences in all.
    pub total: i64,
    /// The result, once the check is done.
    #[schema(required)]
    pub result: Option<CheckResult>,
    /// Whether the draft may be published without a reason; false until the check is done.
    pub may_publish: bool,
    /// When it began.
    pub created_at: Ts,
    /// How long it has taken so far, in milliseconds.
    pub took_ms: i64,
}

impl RunView {
    /// Builds the view of a run at `now`.
    ///
    /// # Errors
    /// If the stored result cannot be read.
    pub fn of(run: Run, now: Ts) -> store::Result<Self> {
        let state = runs::state_of(&run, now).to_owned();
        let Run { id, of: _, revision, version, state: _, done, total, result, created_at, updated_at } = run;
        let result: Option<CheckResult> = result.as_deref().map(runs::read).transpose()?;
        let may_publish = result.as_ref().is_some_and(|result| result.draft.may_follow(&result.live));
        Ok(Self { id, revision, version, state, done, total, result, may_publish, created_at, took_ms: updated_at.since(created_at) })
    }
}

/// The bots that are asked and the sentences, all from one revision of the draft and one version.
pub struct Asked {
    /// The bots.
    pub both: Both,
    /// The sentences.
    pub tests: Vec<KnowledgeTest>,
}

/// Reads what a check needs.
///
/// # Errors
/// [`Error::Changed`] if somebody always publishes or writes in between.
pub async fn load_inputs(bots: &Bots, db: &Db, tenant: TenantId) -> Result<Asked, Error> {
    let (both, mut tx) = both_bots(bots, db, tenant).await?;
    let tests = store_knowledge::knowledge_tests::list(&mut tx, tenant).await?;
    Ok(Asked { both, tests })
}

pub(super) async fn compare(bots: &Bots, db: &Db, tenant: TenantId, run: &mut Run) -> Result<CheckResult, Error> {
    let Asked { both: Both { state, live, draft }, tests } = load_inputs(bots, db, tenant).await?;
    (run.revision, run.version, run.total) = (state.revision, state.version, tests.len() as i64);
    let mut result = CheckResult { live: Score::default(), draft: Score::default(), cases: Vec::new() };
    for chunk in tests.chunks(CHUNK) {
        let (chunk, live, draft, stop) = (chunk.to_vec(), live.clone(), draft.clone(), bots.until_the_end());
        run.done += chunk.len() as i64;
        let one = move |test| stop.look().map(|()| case(&live, &draft, test));
        let cases = crate::aside::compute(move || chunk.into_iter().map(one).collect::<Result<Vec<_>, _>>());
        for case in cases.await.ok_or(Error::Training)?? {
            result.live.count(case.live.verdict);
            result.draft.count(case.draft.verdict);
            if case.live.verdict != Verdict::Right || case.draft.verdict != Verdict::Right {
                result.cases.push(case);
            }
        }
        if run.done < run.total {
            runs::note(db, tenant, run.clone()).await?;
        }
    }
    Ok(result)
}

fn case(live: &Arc<Bot>, draft: &Arc<Bot>, test: KnowledgeTest) -> Case {
    let ask = |bot: &Bot| {
        let did = reaction(bot, &test.sentence, test.lang);
        let Reaction { did: name, entry } = Reaction::from(&did);
        Acted { verdict: judge(&test.expected, &did), did: name, entry }
    };
    Case { live: ask(live), draft: ask(draft), id: test.id, expected: test.expected.as_str().to_owned(), sentence: test.sentence }
}
