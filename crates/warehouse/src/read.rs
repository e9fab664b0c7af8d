//! Reads the panel: its numbers at a point in time, and the list behind one of them.

use std::{fmt, str::FromStr};

use db::{Result, Tx, q, row};
use domain::{
    dimension::Dimension,
    id::{AgentId, ConversationId, TenantId},
    staff::AgentState,
    time::{MINUTE, Ts},
};
use jiff::tz::TimeZone;
use sqlx::{AssertSqlSafe, Row as _, SqlSafeStr};
use uuid::Uuid;

use crate::{
    definition::{DEFINITIONS, Measure},
    numbers::{Amounts, Minutes, Numbers, PanelNumbers},
    panel::Panel,
    render,
    rows::Source,
    series::{self, Counted},
    sums::{self, Level, Only},
    tally::Tally,
    window::{Day, LAST, Window},
};

/// One item that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The conversation of the item; for a stretch at work, an id that refers to nothing.
    pub conversation: ConversationId,
    /// The episode of the conversation.
    pub episode: i64,
    /// The number of the entry of the turn or request; for a stretch, its number within its entry; `None` for a session.
    pub seq: Option<i64>,
    /// When it counted.
    pub at: Ts,
    /// The latest rating of the session; `None` if it has none.
    pub score: Option<i64>,
    /// The stretch at work, if the item is one; it then has no conversation.
    pub stretch: Option<Stretch>,
}

/// A stretch at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The agent.
    pub agent: AgentId,
    /// The agent's state.
    pub state: AgentState,
    /// The number of conversations that the agent had.
    pub conversations: i64,
    /// How long it lasted, in milliseconds.
    pub ms: i64,
}

/// A page of the items that were counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The total number of items in the window.
    pub count: i64,
    /// The items, newest first.
    pub items: Vec<Item>,
    /// The start of the next page; `None` if this is the last.
    pub next: Option<ListCursor>,
}

/// One part of a split indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The dimension by which the indicator is split.
    pub by: Dimension,
    /// The value of that dimension; `None` for items without one.
    pub value: Option<String>,
}

/// A position in a list; its text form is opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCursor {
    at: i64,
    conversation: Uuid,
    number: i64,
}

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at, self.conversation.as_simple(), self.number)
    }
}
impl FromStr for ListCursor {
    type Err = BadCursor;
    fn from_str(text: &str) -> std::result::Result<Self, BadCursor> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(BadCursor);
        let (at, conversation, number) = (next()?, next()?, next()?);
        let whole = parts.next().is_none();
        match (at.parse(), Uuid::try_parse(conversation), number.parse()) {
            (Ok(at), Ok(conversation), Ok(number)) if whole => Ok(Self { at, conversation, number }),
            _ => Err(BadCursor),
        }
    }
}

/// The text is not a position in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCursor;

/// A row all of whose columns are numbers.
struct Columns(Vec<Option<i64>>);

macro_rules! columns {
    ($row:ty) => {
        impl<'r> sqlx::FromRow<'r, $row> for Columns {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                (0..row.len()).map(|n| row.try_get(n)).collect::<sqlx::Result<_>>().map(Self)
            }
        }
    };
}
columns!(sqlx::sqlite::SqliteRow);
columns!(sqlx::postgres::PgRow);

row! {
    struct ItemRow {
        conversation_id: Uuid,
        number: i64,
        episode: i64,
        counted_at: i64,
        score: Option<i64>,
        agent: Option<String>,
        agent_state: Option<String>,
        contacts: Option<i64>,
        work_ms: Option<i64>,
    }
}

impl Panel {
    /// The time of the first item counted for a company, to the quarter of an hour; `None` if there is none yet.
    pub async fn since(&self, tenant: TenantId) -> Result<Option<Ts>> {
        let edges = sums::edges(&mut self.db.read_of(tenant).await?, tenant.uuid()).await?;
        Ok(edges.map(|(first, _)| first))
    }

    /// The numbers of a company at a point in time, by its own clock, all from one state of the store.
    pub async fn snapshot(&self, tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<PanelNumbers> {
        let (window, last) = (Day::today(now, zone)?, Window::last_60(now));
        let past = [Window::days_ago(1, now, zone)?, Window::days_ago(7, now, zone)?];
        let [yesterday, last_week] = past.map(|past| Window { to: past.to.minute(), ..past });
        let mut tx = self.db.snapshot_of(tenant).await?;
        let cells = series::cells_for(&DEFINITIONS.live_keys().collect::<Vec<_>>());
        let mut amounts = series::amounts(&mut tx, tenant, &cells, &[yesterday, last_week, window.window(), last]).await?;
        // The windows of the past end within a minute: that part is computed from the rows themselves.
        for (amounts, past) in amounts.iter_mut().zip(past) {
            amounts.merge(&amounts_in(&mut tx, tenant, &cells, Window { from: past.to.minute(), ..past }).await?);
        }
        let minutes = minutes_of(&mut tx, tenant, last).await?;
        drop(tx);
        let mut numbers = amounts.iter().map(Numbers::live);
        let mut next = || numbers.next().unwrap_or_else(|| Numbers::live(&Amounts::default()));
        let (yesterday, last_week) = (next(), next());
        let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(PanelNumbers { as_of: now, window, time_zone, today: next(), yesterday, last_week, last_60: next(), minutes })
    }

    /// Every indicator over any window, computed from the rows themselves.
    pub async fn numbers(&self, tenant: TenantId, window: Window) -> Result<Numbers> {
        let mut tx = self.db.read_of(tenant).await?;
        let all: Vec<_> = (0..DEFINITIONS.cells.len()).collect();
        Ok(Numbers::all(&amounts_in(&mut tx, tenant, &all, window).await?))
    }

    /// The items that a count counted in a window, newest first: their number and some of the items, from one state of the store. Covers all items, or those of
    /// one part.
    pub async fn list(
        &self,
        tenant: TenantId,
        indicator: &'static Measure,
        window: Window,
        part: Option<&Part>,
        after: Option<ListCursor>,
        limit: i64,
    ) -> Result<Page> {
        let statements = render::statements(indicator, part.map(|part| part.by));
        let by = part.map(|part| part.by);
        let part = part.map(|part| part.value.clone().unwrap_or_default());
        let start = after.unwrap_or(ListCursor { at: i64::MAX, conversation: Uuid::max(), number: i64::MAX });
        let mut tx = self.db.snapshot_of(tenant).await?;
        let counted = if window.is_of_minutes() {
            series::count(&mut tx, tenant, indicator, window, by.zip(part.as_deref())).await?
        } else {
            Counted { count: count_rows(&mut tx, tenant, &statements.count, window, part.as_deref()).await?, stretches: vec![window] }
        };
        let mut rows: Vec<ItemRow> = Vec::new();
        for Window { from, to } in counted.stretches.into_iter().filter(|piece| piece.from.0 <= start.at) {
            let left = limit.saturating_add(1).saturating_sub(rows.len() as i64);
            if left <= 0 {
                break;
            }
            rows.extend(q!(&mut tx, |c| {
                let sql = AssertSqlSafe(statements.list.as_str()).into_sql_str();
                let query = sqlx::query_as::<_, ItemRow>(sql).bind(tenant.uuid()).bind(from.0).bind(to.0);
                let query = query.bind(start.at).bind(start.conversation).bind(start.number).bind(left);
                match part.clone() {
                    Some(part) => query.bind(part).fetch_all(c).await,
                    None => query.fetch_all(c).await,
                }
            })?);
        }
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| ListCursor { at: row.counted_at, conversation: row.conversation_id, number: row.number });
        let of_entries = indicator.source != Source::DwdSession;
        let items = rows.into_iter().map(|row| row.item(of_entries)).collect();
        Ok(Page { count: counted.count, items, next })
    }
}

impl ItemRow {
    fn item(self, has_entry: bool) -> Item {
        let Self { conversation_id, number, episode, counted_at, score, .. } = self;
        Item {
            conversation: ConversationId::new(conversation_id),
            episode,
            seq: has_entry.then_some(number),
            at: Ts(counted_at),
            score,
            stretch: self.stretch(),
        }
    }

    fn stretch(&self) -> Option<Stretch> {
        let agent = self.agent.as_ref()?.parse().ok()?;
        let state = AgentState::parse(self.agent_state.as_ref()?)?;
        Some(Stretch { agent, state, conversations: self.contacts?, ms: self.work_ms? })
    }
}

/// The number of items in a window, from the rows.
async fn count_rows(tx: &mut Tx, tenant: TenantId, sql: &str, window: Window, part: Option<&str>) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| {
        let query = sqlx::query_as(AssertSqlSafe(sql).into_sql_str()).bind(tenant.uuid()).bind(window.from.0).bind(window.to.0);
        match part {
            Some(part) => query.bind(part.to_owned()).fetch_one(c).await,
            None => query.fetch_one(c).await,
        }
    })?;
    Ok(count)
}

/// The amounts of cells in a window, from the rows.
async fn amounts_in(tx: &mut Tx, tenant: TenantId, cells: &[usize], window: Window) -> Result<Amounts> {
    let mut amounts = Amounts::default();
    let (groups, sql) = render::cells_in_window(&DEFINITIONS, cells);
    if groups.is_empty() || window.from >= window.to {
        return Ok(amounts);
    }
    let rows: Vec<Columns> =
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).bind(tenant.uuid()).bind(window.from.0).bind(window.to.0).fetch_all(c).await)?;
    for Columns(row) in &rows {
        let Some((Some(n), row)) = row.split_first() else { continue };
        let cells = usize::try_from(*n).ok().and_then(|n| groups.get(n));
        for (cell, amount) in cells.into_iter().flatten().zip(row) {
            if let Some(amount) = amount {
                amounts.put(*cell, *amount);
            }
        }
    }
    Ok(amounts)
}

async fn minutes_of(tx: &mut Tx, tenant: TenantId, last: Window) -> Result<Minutes> {
    let counts: Vec<_> = DEFINITIONS.live_counts().filter_map(|count| Some((count.key.as_str(), DEFINITIONS.cells_at(&count.key).next()?))).collect();
    let mut series: Vec<_> = counts.iter().map(|(key, _)| (*key, vec![0; LAST as usize])).collect();
    for row in sums::within(tx, (tenant.uuid(), Level::Minute, None), &[last], Only::All).await? {
        let (amounts, at) = (Tally::unpack(row.whole())?, usize::try_from(row.starts_at.since(last.from) / MINUTE).ok());
        for ((_, cell), (_, values)) in counts.iter().zip(&mut series) {
            if let Some(value) = at.and_then(|at| values.get_mut(at)) {
                *value = amounts.get(*cell).unwrap_or(0);
            }
        }
    }
    Ok(Minutes { from: last.from, series })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_survives_the_wire() {
        let cursor = ListCursor { at: 7, conversation: Uuid::from_u128(9), number: 3 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "1", "1.2", "x.00000000000000000000000000000009.3", "7.00000000000000000000000000000009.3.4"] {
            assert_eq!(text.parse::<ListCursor>(), Err(BadCursor), "{text}");
        }
    }
}
