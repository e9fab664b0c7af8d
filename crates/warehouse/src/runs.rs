//! Runs over the days of companies: the checks of every night, and days that a member of the staff had counted again. They are noted beside the editions, since
//! they tell what was found at a time, whichever edition was shown then.

use std::collections::HashMap;

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{AgentId, TenantId},
    time::{DAY, MINUTE, Ts},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    day::{CompanyDay, Verified},
    edition::Editions,
    range::LATE_MS,
    store::SHARD,
};

/// How long after the end of a day it is checked, in milliseconds: what was on its way has arrived.
pub const SETTLE_MS: i64 = 15 * MINUTE;
/// After a failure, a check is tried again after this time, in milliseconds.
const AGAIN_MS: i64 = 10 * MINUTE;
/// A recount that cannot begin for so long has failed, in milliseconds.
const PATIENCE_MS: i64 = 10 * MINUTE;
/// How long runs are kept, in milliseconds.
const KEPT_MS: i64 = 400 * DAY;
/// Days further back may have been counted under other conditions; they are counted again with everything else, by a rebuild.
pub const MOST_DAYS_BACK: i64 = 400;

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// It counts a day a second time and compares.
    Verify,
    /// It counts a day again, and then compares.
    Recount,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It has been asked for.
    Waiting,
    /// It has begun.
    Running,
    /// It has ended, and everything was as counted.
    Fine,
    /// It has ended, and something was not as counted.
    Mismatch,
    /// It has ended without a result.
    Failed,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The company.
    pub tenant: TenantId,
    /// The date of the day.
    pub day: String,
    /// What it does.
    pub kind: RunKind,
    /// When it was due, or asked for.
    pub asked_at: Ts,
    /// Who asked for it; nobody asks for the checks of every night.
    pub asked_by: Option<AgentId>,
    /// When it began.
    pub begun_at: Option<Ts>,
    /// When it ended.
    pub ended_at: Option<Ts>,
    /// How far it is.
    pub state: RunState,
    /// The number of the edition.
    pub edition: Option<i64>,
    /// How many steps have been taken, and how many there are.
    pub progress: (i64, i64),
    /// What the check found, at the end.
    pub verified: Verified,
    /// How many rows and amounts were changed.
    pub changed: i64,
}

row! {
    struct RunRow {
        tenant_id: Uuid,
        day: String,
        run: String,
        asked_at: i64,
        asked_by: Option<Uuid>,
        begun_at: Option<i64>,
        ended_at: Option<i64>,
        outcome: Option<String>,
        edition: Option<i64>,
        done: i64,
        total: i64,
        amounts: i64,
        checked_rows: i64,
        events: i64,
        facts: i64,
        last_position: i64,
        mismatches: i64,
        changed: i64,
        examples: String,
    }
}

const COLUMNS: &str = "tenant_id, day, run, asked_at, asked_by, begun_at, ended_at, outcome, edition, done, total, amounts, checked_rows, events, facts, \
                       last_position, mismatches, changed, examples";

impl RunKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Recount => "recount",
        }
    }
}

impl RunState {
    /// The state as it is stored; `None` for a run that has not ended.
    const fn outcome(self) -> Option<&'static str> {
        match self {
            Self::Waiting | Self::Running => None,
            Self::Fine => Some("fine"),
            Self::Mismatch => Some("mismatch"),
            Self::Failed => Some("failed"),
        }
    }
}

impl From<RunRow> for Run {
    fn from(row: RunRow) -> Self {
        let RunRow {
            tenant_id,
            day,
            run,
            asked_at,
            asked_by,
            begun_at,
            ended_at,
            outcome,
            edition,
            done,
            total,
            amounts,
            checked_rows,
            events,
            facts,
            last_position,
            mismatches,
            changed,
            examples,
        } = row;
        let state = match (outcome.as_deref(), begun_at) {
            (Some("fine"), _) => RunState::Fine,
            (Some("mismatch"), _) => RunState::Mismatch,
            (Some(_), _) => RunState::Failed,
            (None, Some(_)) => RunState::Running,
            (None, None) => RunState::Waiting,
        };
        // Examples are for people: if another release wrote them in a different form, there are none.
        let examples = serde_json::from_str(&examples).unwrap_or_default();
        Self {
            tenant: TenantId::new(tenant_id),
            day,
            kind: if run == RunKind::Verify.as_str() { RunKind::Verify } else { RunKind::Recount },
            asked_at: Ts(asked_at),
            asked_by: asked_by.map(AgentId::new),
            begun_at: begun_at.map(Ts),
            ended_at: ended_at.map(Ts),
            state,
            edition,
            progress: (done, total),
            verified: Verified { amounts, rows: checked_rows, events, facts, position: last_position, mismatches, examples },
            changed,
        }
    }
}

impl Run {
    /// A check that was due at a moment, and begins now.
    pub fn check(day: &CompanyDay, due_at: Ts, now: Ts, edition: i64) -> Self {
        Self { begun_at: Some(now), state: RunState::Running, edition: Some(edition), ..Self::asked(day, RunKind::Verify, due_at, None) }
    }

    fn asked(day: &CompanyDay, kind: RunKind, asked_at: Ts, asked_by: Option<AgentId>) -> Self {
        Self {
            tenant: day.tenant,
            day: day.date.clone(),
            kind,
            asked_at,
            asked_by,
            begun_at: None,
            ended_at: None,
            state: RunState::Waiting,
            edition: None,
            progress: (0, 0),
            verified: Verified::default(),
            changed: 0,
        }
    }

    /// The same, ended: with what the check found, or without a result.
    #[must_use]
    pub fn ended(mut self, now: Ts, verified: Option<Verified>) -> Self {
        self.ended_at = Some(now);
        self.state = match &verified {
            None => RunState::Failed,
            Some(verified) if verified.mismatches > 0 => RunState::Mismatch,
            Some(_) => RunState::Fine,
        };
        self.verified = verified.unwrap_or_default();
        self
    }

    /// Whether it has waited for too long.
    pub fn is_overdue(&self, now: Ts) -> bool {
        now.since(self.asked_at) > PATIENCE_MS
    }

    fn values(&self) -> Vec<Value<'_>> {
        let Verified { amounts, rows, events, facts, position, mismatches, examples } = &self.verified;
        let number = |number: i64| Value::Int(Some(number));
        vec![
            Value::Uuid(self.tenant.uuid()),
            Value::Text(Some(&self.day)),
            Value::Text(Some(self.kind.as_str())),
            number(self.asked_at.0),
            Value::Id(self.asked_by.map(|agent| agent.uuid())),
            Value::Int(self.begun_at.map(|at| at.0)),
            Value::Int(self.ended_at.map(|at| at.0)),
            Value::Text(self.state.outcome()),
            Value::Int(self.edition),
            number(self.progress.0),
            number(self.progress.1),
            number(*amounts),
            number(*rows),
            number(*events),
            number(*facts),
            number(*position),
            number(*mismatches),
            number(self.changed),
            Value::Owned(Some(serde_json::to_string(examples).unwrap_or_default())),
        ]
    }
}

impl Editions {
    /// Asks to count a day again; if that has been asked for and has not ended, it is that run.
    pub async fn ask_recount(&self, day: &CompanyDay, by: AgentId, now: Ts) -> Result<Run> {
        let asked = Run::asked(day, RunKind::Recount, now, Some(by));
        let write = self.list().writer().write_patiently::<_, Error, _>(SHARD, move |tx| {
            Box::pin(async move {
                let open = format!("SELECT {COLUMNS} FROM day_run WHERE tenant_id = $1 AND day = $2 AND run = 'recount' AND ended_at IS NULL LIMIT 1");
                if let Some(open) = read(tx, &open, asked.tenant, &asked.day).await?.pop() {
                    return Ok(open);
                }
                save(tx, &asked).await?;
                Ok(asked)
            })
        });
        write.await
    }

    /// The runs that have been asked for and have not ended, the oldest first.
    pub async fn open_runs(&self) -> Result<Vec<Run>> {
        let sql = format!("SELECT {COLUMNS} FROM day_run WHERE ended_at IS NULL ORDER BY asked_at LIMIT 20");
        let mut tx = self.list().read().await?;
        let rows: Vec<RunRow> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await)?;
        Ok(rows.into_iter().map(Run::from).collect())
    }

    /// The runs of a company over the days from this date on, the latest first.
    pub async fn runs(&self, tenant: TenantId, first_day: &str) -> Result<Vec<Run>> {
        let sql = format!("SELECT {COLUMNS} FROM day_run WHERE tenant_id = $1 AND day >= $2 ORDER BY asked_at DESC LIMIT 1000");
        read(&mut self.list().read().await?, &sql, tenant, first_day).await
    }

    /// Notes a run as it is now.
    pub async fn note_run(&self, run: &Run) -> Result<()> {
        let run = run.clone();
        self.list().writer().write_patiently(SHARD, move |tx| Box::pin(async move { save(tx, &run).await })).await
    }

    /// The checks of a company that are due: yesterday, once it has settled, and the last day that is final. Each comes with the moment at which it was due. A
    /// day before anything was counted is not checked.
    pub async fn due_checks(&self, tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<Vec<(CompanyDay, Ts)>> {
        let Some(since) = self.current().since(tenant).await? else { return Ok(Vec::new()) };
        let yesterday = CompanyDay::before(tenant, now, 1, zone)?;
        let settled = yesterday.window.to.plus(SETTLE_MS);
        let last_final = last_final(tenant, now, zone)?;
        let is_final = last_final.window.to.plus(LATE_MS);
        let oldest = last_final.date.clone();
        let noted = self.runs(tenant, &oldest).await?;
        let noted: HashMap<(&str, Ts), &Run> =
            noted.iter().filter(|run| run.kind == RunKind::Verify).map(|run| ((run.day.as_str(), run.asked_at), run)).collect();
        let is_due = |day: &CompanyDay, at: Ts| {
            now >= at
                && day.window.to > since
                && noted
                    .get(&(day.date.as_str(), at))
                    .is_none_or(|run| run.state == RunState::Failed && run.ended_at.is_none_or(|end| now.since(end) >= AGAIN_MS))
        };
        Ok([(yesterday, settled), (last_final, is_final)].into_iter().filter(|(day, at)| is_due(day, *at)).collect())
    }

    /// Counts a day again, and notes how far that has come; `None` if it cannot be done now. Returns how many rows and amounts were changed.
    pub async fn recount(&self, run: &mut Run, day: &CompanyDay, now: Ts) -> Result<Option<i64>> {
        let edition = self.current();
        let Some(mut recount) = edition.recount(day).await? else { return Ok(None) };
        (run.begun_at, run.edition, run.state) = (Some(now), Some(edition.number()), RunState::Running);
        loop {
            run.progress = recount.progress();
            self.note_run(run).await?;
            if !recount.step().await? {
                return Ok(Some(recount.changes()));
            }
        }
    }
}

/// When the checks of the next night begin.
pub fn next_check(tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<Ts> {
    let today = CompanyDay::before(tenant, now, 0, zone)?;
    let of_today = today.window.from.plus(SETTLE_MS);
    Ok(if now < of_today { of_today } else { today.window.to.plus(SETTLE_MS) })
}

/// When the next check of a company begins: that of the day that ends next, or that of the day that becomes final next.
pub fn next_due(tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<Ts> {
    let is_final = CompanyDay::before(tenant, now.plus(-LATE_MS), 0, zone)?.window.to.plus(LATE_MS);
    Ok(next_check(tenant, now, zone)?.min(is_final))
}

/// The last day that is final.
fn last_final(tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<CompanyDay> {
    CompanyDay::before(tenant, now.plus(-LATE_MS), 1, zone)
}

async fn read(tx: &mut Tx, sql: &str, tenant: TenantId, day: &str) -> Result<Vec<Run>> {
    let rows: Vec<RunRow> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql).into_sql_str()).bind(tenant.uuid()).bind(day.to_owned()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Run::from).collect())
}

async fn save(tx: &mut Tx, run: &Run) -> Result<()> {
    let head = format!("INSERT INTO day_run ({COLUMNS}) VALUES");
    let set: Vec<String> = COLUMNS.split(", ").skip(4).map(|column| format!("{column} = excluded.{column}")).collect();
    let tail = format!("ON CONFLICT (tenant_id, day, run, asked_at) DO UPDATE SET {}", set.join(", "));
    bulk::execute(tx, &head, &[run.values()], &tail).await?;
    let old = tx.now().plus(-KEPT_MS).0;
    let sql = "DELETE FROM day_run WHERE tenant_id = $1 AND asked_at < $2";
    bulk::run(tx, sql.to_owned(), &[Value::Uuid(run.tenant.uuid()), Value::Int(Some(old))]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_final_day_ended_three_days_ago() {
        let (tenant, zone) = (TenantId::new(Uuid::from_u128(1)), TimeZone::get("Asia/Shanghai").unwrap());
        let at = |text: &str| Ts(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        // Midnight in Shanghai is 16:00 UTC.
        let day = |now| last_final(tenant, at(now), &zone).unwrap().date;
        assert_eq!((day("2026-11-20T15:59:59Z"), day("2026-11-20T16:00:00Z")), ("2026-11-16".to_owned(), "2026-11-17".to_owned()));
        let next = |now| next_check(tenant, at(now), &zone).unwrap();
        assert_eq!(next("2026-11-20T15:00:00Z"), at("2026-11-20T16:15:00Z"));
        assert_eq!(next("2026-11-20T16:14:59Z"), at("2026-11-20T16:15:00Z"));
        assert_eq!(next("2026-11-20T16:15:00Z"), at("2026-11-21T16:15:00Z"));
    }
}
