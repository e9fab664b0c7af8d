//! A day of a company as a whole. It can be checked: everything stored for it is counted a second time, from its events, by the SQL of [`crate::portable`]. And
//! it can be counted again: its rows are derived again from the events, and its cells summed again from the rows.
//!
//! Only what a conversation contains decides about its rows, so both are done for some conversations after the other, and take little memory however much
//! happened on that day.

mod cells;
mod recount;
mod rows;
mod second;

use std::collections::{BTreeSet, HashSet};

use db::{Error, Result, Tx, feed::Fact, q};
use domain::{
    id::{ConversationId, TenantId},
    time::Ts,
};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::recount::Recount;
use self::{cells::Cells, rows::Difference};
use crate::{
    definition::DEFINITIONS,
    event::Event,
    panel::Panel,
    range, render,
    store::{self, ConversationKey},
    window::Window,
};

/// The most examples of mismatches that are told.
const EXAMPLES: usize = 20;
/// Conversations whose events are read together.
const CONVERSATIONS: usize = 32;
/// How many events are counted together; a few more, since conversations stay whole.
const EVENTS: usize = 8_000;

/// A day of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyDay {
    /// The company.
    pub tenant: TenantId,
    /// The date, such as `2026-11-20`.
    pub date: String,
    /// From its start to the start of the next.
    pub window: Window,
    zone: TimeZone,
}

impl CompanyDay {
    /// The day with this date by the calendar of the zone; `None` if that is not a date.
    pub fn parse(tenant: TenantId, date: &str, zone: &TimeZone) -> Option<Self> {
        let day = Self::of_date(tenant, date.parse().ok()?, zone).ok()?;
        (day.date == date).then_some(day)
    }

    /// The day so many days before the one of this moment.
    pub fn before(tenant: TenantId, at: Ts, days: i64, zone: &TimeZone) -> Result<Self> {
        let date = range::day_of(at, zone)?.checked_sub(days.days()).map_err(|error| Error::Corrupt(format!("time: {error}")))?;
        Self::of_date(tenant, date, zone)
    }

    fn of_date(tenant: TenantId, date: Date, zone: &TimeZone) -> Result<Self> {
        let window = Window { from: range::start_of(date, zone)?, to: range::start_of(range::after(date)?, zone)? };
        Ok(Self { tenant, date: date.to_string(), window, zone: zone.clone() })
    }
}

/// Something stored that is not what the events say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mismatch {
    /// The table: `ods_event`, one of the detail tables, or one of the tables of amounts.
    pub table: String,
    /// The indicator; of a detail table, the column that differs, empty if a row is absent or superfluous.
    pub indicator: String,
    /// The dimension by which amounts are split; empty for wholes.
    pub dimension: String,
    /// The part; of a detail table, the conversation and the number of the row.
    pub part: String,
    /// The start of the minute, quarter of an hour or day.
    pub starts_at: Ts,
    /// What is stored; `null` if nothing is, or if it is a text.
    #[schema(required)]
    pub stored: Option<i64>,
    /// What was counted from the events, in the same way.
    #[schema(required)]
    pub counted: Option<i64>,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verified {
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
    /// How much of it did not fit.
    pub mismatches: i64,
    /// Some of that.
    pub examples: Vec<Mismatch>,
}

/// A day of a company that was to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The company.
    pub company: TenantId,
    /// The date.
    pub day: String,
    /// The result; `None` if the day cannot be checked now: it is not counted completely, or its days are being summed again.
    pub verified: Option<Verified>,
}

/// What the journal has of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Journal {
    facts: i64,
    position: i64,
}

impl Journal {
    /// Counts the events in a fact of the day.
    pub fn take(&mut self, fact: &Fact) {
        let events = Event::count_in(fact);
        if events > 0 {
            self.facts += i64::try_from(events).unwrap_or(i64::MAX);
            self.position = self.position.max(fact.pos);
        }
    }
}

impl Verified {
    /// The same, compared with what the journal has of the day.
    #[must_use]
    pub fn beside(mut self, journal: Journal, day: &CompanyDay) -> Self {
        (self.facts, self.position) = (journal.facts, journal.position);
        if self.events != self.facts {
            self.note(Mismatch {
                table: Event::TABLE.to_owned(),
                indicator: String::new(),
                dimension: String::new(),
                part: String::new(),
                starts_at: day.window.from,
                stored: Some(self.events),
                counted: Some(self.facts),
            });
        }
        self
    }

    fn note(&mut self, mismatch: Mismatch) {
        self.mismatches += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(mismatch);
        }
    }

    fn note_row(&mut self, day: &CompanyDay, difference: &Difference) {
        let Difference { table, key: (_, conversation, number), column, stored, counted } = difference;
        self.note(Mismatch {
            table: (*table).to_owned(),
            indicator: (*column).to_owned(),
            dimension: String::new(),
            part: format!("{} {number}", ConversationId::new(*conversation)),
            starts_at: day.window.from,
            stored: *stored,
            counted: *counted,
        });
    }

    fn note_cells(&mut self, stored: &Cells, counted: &Cells) {
        let keys: BTreeSet<_> = stored.keys().chain(counted.keys()).collect();
        self.amounts = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        for key in keys {
            let (stored, counted) = (stored.get(key).copied(), counted.get(key).copied());
            if stored != counted {
                self.note(key.mismatch(stored, counted));
            }
        }
    }
}

impl Panel {
    /// Counts a day of a company a second time, from its events, and compares everything that is stored; `None` while its days are being summed again after its
    /// zone was changed. All of it is read from one state of the store, and holds up nobody who writes.
    pub async fn verify(&self, day: &CompanyDay) -> Result<Option<Verified>> {
        let mut tx = self.db.snapshot_of(day.tenant).await?;
        if !is_summed(&mut tx, day).await? {
            return Ok(None);
        }
        let mut verified = Verified { events: count_events(&mut tx, day).await?, ..Verified::default() };
        let (keys, mut counted) = (conversations(&mut tx, day).await?, Cells::new());
        let mut rest = &keys[..];
        while !rest.is_empty() {
            let (some, events) = next(&mut tx, &mut rest).await?;
            let mut second = second::compute(&events, tx.now()).await?;
            cells::count_events(&mut second, day, &mut counted).await?;
            let derived = rows::load(&mut second, &some).await?;
            second.close().await;
            let differences = rows::compare(&rows::load(&mut tx, &some).await?, &derived);
            verified.rows += i64::try_from(derived.len()).unwrap_or(i64::MAX);
            differences.iter().for_each(|difference| verified.note_row(day, difference));
        }
        let stored = cells::day_cells(&mut tx, day).await?;
        verified.note_cells(&stored, &cells::without_zeros(counted));
        Ok(Some(verified))
    }
}

/// Whether the stored days of the company are those of the day's zone, all of them.
async fn is_summed(tx: &mut Tx, day: &CompanyDay) -> Result<bool> {
    let of = store::zones(tx, &[day.tenant.uuid()]).await?.into_values().next();
    Ok(of.is_none_or(|of| of.step.is_none() && of.zone == day.zone.iana_name().unwrap_or("UTC")))
}

async fn count_events(tx: &mut Tx, day: &CompanyDay) -> Result<i64> {
    let Window { from, to } = day.window;
    let sql = "SELECT COUNT(*) FROM ods_event WHERE tenant_id = $1 AND happened_at >= $2 AND happened_at < $3";
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(day.tenant.uuid()).bind(from.0).bind(to.0).fetch_one(c).await)?;
    Ok(count)
}

/// The conversations of which an event, or a row that is counted, lies in the day.
async fn conversations(tx: &mut Tx, day: &CompanyDay) -> Result<Vec<ConversationKey>> {
    let stamps: HashSet<(&str, &str)> = DEFINITIONS.measures.iter().map(|measure| (render::table(measure.source).0, measure.stamp.as_str())).collect();
    let of = |(table, stamp): (&str, &str)| format!("SELECT conversation_id FROM {table} WHERE tenant_id = $1 AND {stamp} >= $2 AND {stamp} < $3");
    let sql = std::iter::once((Event::TABLE, "happened_at")).chain(stamps).map(of).collect::<Vec<_>>().join(" UNION ");
    let sql = format!("SELECT conversation_id FROM ({sql}) AS conversations ORDER BY conversation_id");
    let (Window { from, to }, tenant) = (day.window, day.tenant.uuid());
    let found: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).bind(tenant).bind(from.0).bind(to.0).fetch_all(c).await)?;
    Ok(found.into_iter().map(|(conversation,)| (tenant, conversation)).collect())
}

/// The next conversations with their events, which are taken off the rest.
async fn next(tx: &mut Tx, rest: &mut &[ConversationKey]) -> Result<(Vec<ConversationKey>, Vec<Event>)> {
    let (mut keys, mut events) = (Vec::new(), Vec::new());
    while events.len() < EVENTS && !rest.is_empty() {
        let (some, later) = rest.split_at(CONVERSATIONS.min(rest.len()));
        *rest = later;
        events.extend(store::events(tx, &some.iter().copied().collect()).await?);
        keys.extend_from_slice(some);
    }
    Ok((keys, events))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));

    #[test]
    fn a_day_is_that_of_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = CompanyDay::parse(TENANT, "2026-10-25", &berlin).unwrap();
        assert_eq!(day.window.to.since(day.window.from), 25 * 3_600_000);
        assert_eq!(CompanyDay::before(TENANT, day.window.to, 1, &berlin).unwrap(), day);
        assert_eq!(CompanyDay::before(TENANT, day.window.to.plus(-1), 0, &berlin).unwrap(), day);
        for text in ["2026-02-30", "yesterday", "20261025", "2026-10-25T00:00", "9999-12-31", ""] {
            assert_eq!(CompanyDay::parse(TENANT, text, &berlin), None, "{text}");
        }
    }

    #[test]
    fn facts_that_are_missing_are_a_mismatch() {
        let day = CompanyDay::parse(TENANT, "2026-10-25", &TimeZone::UTC).unwrap();
        let fits = Verified { events: 3, ..Verified::default() }.beside(Journal { facts: 3, position: 9 }, &day);
        assert_eq!((fits.mismatches, fits.facts, fits.position), (0, 3, 9));
        let lacks = Verified { events: 2, ..Verified::default() }.beside(Journal { facts: 3, position: 9 }, &day);
        assert_eq!((lacks.mismatches, lacks.examples[0].stored, lacks.examples[0].counted), (1, Some(2), Some(3)));
    }
}
