//! The jobs of the warehouse and what they left behind, as consoles read it over HTTP.

use std::collections::HashMap;

use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{
    CompanyDay, Mismatch, Result, TimeZone,
    edition::{Filling, State},
    range::LATE_MS,
    refused::RefusedFacts,
    runs::{Run, RunKind, RunState, next_check},
};

/// How many days before today are shown.
pub const DAYS: i64 = 30;

/// The jobs of the warehouse, what feeds what, and the days that were checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseJobs)]
pub struct WarehouseJobsView {
    /// The moment of the answer.
    pub as_of: Ts,
    /// The time zone of the days, an IANA name.
    pub time_zone: String,
    /// The moment up to which everything has been counted.
    pub counted_until: Ts,
    /// The editions of the numbers.
    pub editions: State,
    /// The jobs.
    pub jobs: Vec<JobView>,
    /// The layers, each after the one that feeds it.
    pub layers: Vec<LayerView>,
    /// The 30 days before today, the latest first; those before anything was counted are left out.
    pub days: Vec<DayView>,
    /// Facts that were noted because they could not be counted, or that were wondered at.
    pub refused: Vec<RefusedFacts>,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseJob)]
pub struct JobView {
    /// Which job.
    pub job: JobName,
    /// When it runs.
    pub schedule: JobSchedule,
    /// What it is doing.
    pub state: JobState,
    /// When it last ended, or did something.
    #[schema(required)]
    pub last_at: Option<Ts>,
    /// How long it took then, in milliseconds.
    #[schema(required)]
    pub duration_ms: Option<i64>,
    /// When it runs next; `null` if that depends on what happens.
    #[schema(required)]
    pub next_at: Option<Ts>,
    /// How far it has come, while it runs.
    #[schema(required)]
    pub progress: Option<JobProgress>,
}

/// A job of the warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobName {
    /// Feeds the layers from the journal.
    Feed,
    /// Fills another edition beside the one that is shown.
    Rebuild,
    /// Checks yesterday, and the day that became final.
    Verify,
    /// Counts a day again for which somebody asked.
    Recount,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobSchedule {
    /// All the time.
    Continuous,
    /// Every night, by the company's clock.
    Nightly,
    /// When somebody asks for it.
    OnRequest,
}

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// There is nothing to do.
    Idle,
    /// It has been asked for, and begins in a moment.
    Waiting,
    /// It runs.
    Running,
    /// It has more to do than it has done: what is shown is older than usual.
    Behind,
    /// Its last run found something that is not as it should be.
    Mismatch,
    /// Its last run ended without a result.
    Failed,
}

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobProgress {
    /// How much has been done.
    pub done: i64,
    /// How much there is to do.
    pub total: i64,
}

/// A layer of the warehouse.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseLayer)]
pub struct LayerView {
    /// Which layer.
    pub layer: Layer,
    /// The layer that feeds it.
    #[schema(required)]
    pub fed_by: Option<Layer>,
    /// How much it has of the day that was checked last: facts, events, rows, or amounts. `null` before the first check, and for the numbers that are shown.
    #[schema(required)]
    pub count: Option<i64>,
    /// How far it is behind the journal, in milliseconds.
    pub lag_ms: i64,
}

/// A layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WarehouseLayerName)]
pub enum Layer {
    /// The events that the facts of the journal contain.
    Journal,
    /// Events.
    Ods,
    /// Rows of episodes, turns, rounds and services.
    Dwd,
    /// Amounts by minute, quarter of an hour and day.
    Dws,
    /// The numbers that are shown.
    Panels,
}

/// A day, and its latest runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseDay)]
pub struct DayView {
    /// The date.
    pub day: String,
    /// Its start.
    pub from: Ts,
    /// The start of the next.
    pub to: Ts,
    /// Whether it ended 72 hours ago.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The latest check.
    #[schema(required)]
    pub verify: Option<RunView>,
    /// The latest time that it was counted again.
    #[schema(required)]
    pub recount: Option<RunView>,
}

/// A run over a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseRun)]
pub struct RunView {
    /// The date of the day.
    pub day: String,
    /// What it does.
    pub kind: RunKind,
    /// How far it is.
    pub state: RunState,
    /// When it was due, or asked for.
    pub asked_at: Ts,
    /// Who asked for it; `null` for the checks of every night.
    #[schema(required)]
    pub asked_by: Option<AgentId>,
    /// The name of that member.
    #[schema(required)]
    pub asked_by_name: Option<String>,
    /// When it began.
    #[schema(required)]
    pub begun_at: Option<Ts>,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<Ts>,
    /// The edition in which it ran.
    #[schema(required)]
    pub edition: Option<i64>,
    /// How far it has come.
    pub progress: JobProgress,
    /// How many amounts were compared.
    pub amounts: i64,
    /// How many detail rows were compared.
    pub rows: i64,
    /// The events of the day.
    pub events: i64,
    /// The events that the facts of the day in the journal contain.
    pub facts: i64,
    /// The highest position of these in the journal.
    pub position: i64,
    /// How much was not as counted.
    pub mismatches: i64,
    /// How many rows and amounts were changed.
    pub changed: i64,
    /// Some of the mismatches.
    pub examples: Vec<Mismatch>,
}

impl RunView {
    /// A run; the names are those of members of the staff.
    pub fn of(run: &Run, names: &HashMap<AgentId, String>) -> Self {
        let Run { tenant: _, day, kind, asked_at, asked_by, begun_at, ended_at, state, edition, progress: (done, total), verified, changed } = run.clone();
        let warehouse::Verified { amounts, rows, events, facts, position, mismatches, examples } = verified;
        Self {
            day,
            kind,
            state,
            asked_at,
            asked_by,
            asked_by_name: asked_by.and_then(|agent| names.get(&agent).cloned()),
            begun_at,
            ended_at,
            edition,
            progress: JobProgress { done, total },
            amounts,
            rows,
            events,
            facts,
            position,
            mismatches,
            changed,
            examples,
        }
    }
}

/// What is known of a company's part of the warehouse.
pub struct Known {
    /// The company.
    pub tenant: TenantId,
    /// Its zone.
    pub zone: TimeZone,
    /// The present moment.
    pub now: Ts,
    /// The moment up to which everything has been counted.
    pub counted_until: Ts,
    /// The first moment that was counted.
    pub since: Option<Ts>,
    /// The editions.
    pub editions: State,
    /// The runs over the days that are shown, the latest first.
    pub runs: Vec<Run>,
    /// The names of the staff.
    pub names: HashMap<AgentId, String>,
    /// Facts that were noted.
    pub refused: Vec<RefusedFacts>,
}

/// The first day that is shown.
pub fn first_day(tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<CompanyDay> {
    CompanyDay::before(tenant, now, DAYS, zone)
}

impl WarehouseJobsView {
    /// The view of what is known.
    pub fn of(known: Known) -> Result<Self> {
        let (jobs, layers, days) = (jobs(&known)?, layers(&known), days(&known)?);
        let Known { tenant: _, zone, now, counted_until, since: _, editions, runs: _, names: _, refused } = known;
        let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(Self { as_of: now, time_zone, counted_until, editions, jobs, layers, days, refused })
    }
}

/// From this lag on, the feed is behind: usually it takes less than a second.
const BEHIND_MS: i64 = 10_000;

fn jobs(known: &Known) -> Result<Vec<JobView>> {
    let Known { now, counted_until, editions, .. } = known;
    let feed = JobView {
        job: JobName::Feed,
        schedule: JobSchedule::Continuous,
        state: if now.since(*counted_until) > BEHIND_MS { JobState::Behind } else { JobState::Idle },
        last_at: Some(*counted_until),
        duration_ms: None,
        next_at: None,
        progress: None,
    };
    let rebuild = JobView {
        job: JobName::Rebuild,
        schedule: JobSchedule::OnRequest,
        state: if editions.filling.is_some() { JobState::Running } else { JobState::Idle },
        last_at: editions.ready_at.map(Ts),
        duration_ms: None,
        next_at: None,
        progress: editions.filling.map(|Filling { edition: _, position, last_position }| JobProgress { done: position, total: last_position }),
    };
    let verify = JobView { next_at: Some(next_check(known.tenant, *now, &known.zone)?), ..of_runs(known, JobName::Verify, RunKind::Verify) };
    Ok(vec![feed, rebuild, JobView { schedule: JobSchedule::Nightly, ..verify }, of_runs(known, JobName::Recount, RunKind::Recount)])
}

/// A job whose runs are noted.
fn of_runs(known: &Known, job: JobName, kind: RunKind) -> JobView {
    let of_kind = || known.runs.iter().filter(|run| run.kind == kind);
    let ended = of_kind().filter(|run| run.ended_at.is_some()).max_by_key(|run| run.ended_at);
    let open = of_kind().find(|run| run.ended_at.is_none());
    let state = match open.or(ended).map(|run| run.state) {
        Some(RunState::Waiting) => JobState::Waiting,
        Some(RunState::Running) => JobState::Running,
        Some(RunState::Mismatch) => JobState::Mismatch,
        Some(RunState::Failed) => JobState::Failed,
        Some(RunState::Fine) | None => JobState::Idle,
    };
    JobView {
        job,
        schedule: JobSchedule::OnRequest,
        state,
        last_at: ended.and_then(|run| run.ended_at),
        duration_ms: ended.and_then(|run| Some(run.ended_at?.since(run.begun_at?))),
        next_at: None,
        progress: open.map(|run| JobProgress { done: run.progress.0, total: run.progress.1 }),
    }
}

fn layers(known: &Known) -> Vec<LayerView> {
    let last = known.runs.iter().filter(|run| matches!(run.state, RunState::Fine | RunState::Mismatch)).max_by_key(|run| run.ended_at);
    let of = |count: fn(&warehouse::Verified) -> i64| last.map(|run| count(&run.verified));
    let lag = known.now.since(known.counted_until).max(0);
    [
        (Layer::Journal, None, of(|one| one.facts), 0),
        (Layer::Ods, Some(Layer::Journal), of(|one| one.events), lag),
        (Layer::Dwd, Some(Layer::Ods), of(|one| one.rows), lag),
        (Layer::Dws, Some(Layer::Dwd), of(|one| one.amounts), lag),
        (Layer::Panels, Some(Layer::Dws), None, lag),
    ]
    .map(|(layer, fed_by, count, lag_ms)| LayerView { layer, fed_by, count, lag_ms })
    .into()
}

fn days(known: &Known) -> Result<Vec<DayView>> {
    let Some(since) = known.since else { return Ok(Vec::new()) };
    let mut days = Vec::new();
    for back in 1..=DAYS {
        let CompanyDay { date, window, .. } = CompanyDay::before(known.tenant, known.now, back, &known.zone)?;
        if window.to <= since {
            break;
        }
        let latest = |kind| known.runs.iter().find(|run| run.kind == kind && run.day == date).map(|run| RunView::of(run, &known.names));
        let (verify, recount) = (latest(RunKind::Verify), latest(RunKind::Recount));
        days.push(DayView { from: window.from, to: window.to, is_final: known.now.since(window.to) >= LATE_MS, verify, recount, day: date });
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const DAY: i64 = 86_400_000;

    fn known(runs: Vec<Run>) -> Known {
        let editions = State { shown: 2, ready_at: Some(5), filling: None };
        let now = Ts(100 * DAY + 3_600_000);
        let since = Some(now.plus(-4 * DAY));
        Known {
            tenant: TenantId::new(Uuid::nil()),
            zone: TimeZone::UTC,
            now,
            counted_until: now,
            since,
            editions,
            runs,
            names: HashMap::new(),
            refused: vec![],
        }
    }

    #[test]
    fn days_before_anything_was_counted_are_left_out_and_each_has_its_latest_runs() {
        let yesterday = CompanyDay::before(TenantId::new(Uuid::nil()), Ts(100 * DAY), 1, &TimeZone::UTC).unwrap();
        let run = |at: i64, mismatches| {
            let verified = warehouse::Verified { mismatches, events: 7, ..warehouse::Verified::default() };
            Run::check(&yesterday, Ts(at), Ts(at), 2).ended(Ts(at + 50), Some(verified))
        };
        let view = WarehouseJobsView::of(known(vec![run(20, 0), run(10, 4)])).unwrap();
        assert_eq!(view.days.len(), 4);
        assert_eq!(view.days[0].verify.as_ref().map(|run| (run.state, run.asked_at)), Some((RunState::Fine, Ts(20))));
        assert!(view.days[1].verify.is_none() && !view.days[2].is_final && view.days[3].is_final);
        let verify = view.jobs.iter().find(|job| job.job == JobName::Verify).unwrap();
        assert_eq!((verify.state, verify.last_at, verify.duration_ms), (JobState::Idle, Some(Ts(70)), Some(50)));
        assert_eq!(view.layers.iter().map(|layer| layer.count).collect::<Vec<_>>(), [Some(0), Some(7), Some(0), Some(0), None]);
    }

    #[test]
    fn without_runs_and_facts_there_is_nothing_to_show() {
        let view = WarehouseJobsView::of(Known { since: None, ..known(vec![]) }).unwrap();
        assert!(view.days.is_empty() && view.layers.iter().all(|layer| layer.count.is_none()));
        assert!(view.jobs.iter().all(|job| job.state == JobState::Idle));
    }
}
