//! Reads the panel: its numbers at a point in time, and the list behind one of them.

use std::{borrow::Cow, fmt, str::FromStr};

use db::{Result, Tx, q, row};
use domain::{
    id::{ConversationId, TenantId},
    time::{MINUTE, Ts},
};
use jiff::tz::TimeZone;
use sqlx::{AssertSqlSafe, SqlSafeStr};
use uuid::Uuid;

use crate::{
    definition::{Count, DEFINITIONS, Split},
    numbers::{Minutes, Numbers, PanelNumbers},
    panel::Panel,
    render::{ALL_COUNTS, MINUTES, SINCE, STATEMENTS, SUMS, statements_of_part},
    rows::Source,
    window::{Day, LAST, Window},
};

/// One item that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The conversation of the item.
    pub conversation: ConversationId,
    /// The episode of the conversation.
    pub episode: i64,
    /// The number of the entry of the turn or request; `None` for a session.
    pub seq: Option<i64>,
    /// When it counted.
    pub at: Ts,
    /// The latest rating of the session; `None` if it has none.
    pub score: Option<i64>,
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
    pub by: Split,
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

row! { struct ItemRow { conversation_id: Uuid, number: i64, episode: i64, at: i64, score: Option<i64> } }
row! { struct SumRow { indicator: String, today: i64, yesterday: i64, last_60: i64 } }
row! { struct MinuteRow { minute: i64, indicator: String, value: i64 } }

fn place(indicator: &str) -> Option<usize> {
    DEFINITIONS.counts.iter().position(|count| count.key == indicator)
}

impl Panel {
    /// The time of the first item counted for a company, to the quarter of an hour; `None` if there is none yet.
    pub async fn since(&self, tenant: TenantId) -> Result<Option<Ts>> {
        let mut tx = self.db.snapshot().await?;
        let (since,): (Option<i64>,) = q!(&mut tx, |c| sqlx::query_as(AssertSqlSafe(SINCE.as_str()).into_sql_str()).bind(tenant.uuid()).fetch_one(c).await)?;
        Ok(since.map(Ts))
    }

    /// The numbers of a company at a point in time, by its own clock, all from one state of the store.
    pub async fn snapshot(&self, tenant: TenantId, now: Ts, zone: &TimeZone) -> Result<PanelNumbers> {
        let (window, yesterday, last) = (Day::today(now, zone)?, Window::yesterday(now, zone)?, Window::last_60(now));
        let mut tx = self.db.snapshot().await?;
        let mut sums = vec![[0; 3]; DEFINITIONS.counts.len()];
        for row in sums_of(&mut tx, tenant, &window, yesterday, last).await? {
            if let Some(place) = place(&row.indicator) {
                sums[place] = [row.today, row.yesterday, row.last_60];
            }
        }
        // Yesterday's window ends within a minute: that part is counted from the rows themselves.
        let part = Window { from: yesterday.to.minute(), to: yesterday.to };
        for (sum, more) in sums.iter_mut().zip(counted(&mut tx, tenant, part).await?) {
            sum[1] += more;
        }
        let minutes = minutes_of(&mut tx, tenant, last).await?;
        let of = |which: usize| Numbers::derive(&sums.iter().map(|sum| sum[which]).collect::<Vec<_>>());
        Ok(PanelNumbers {
            as_of: now,
            window,
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            today: of(0),
            yesterday: of(1),
            last_60: of(2),
            minutes,
        })
    }

    /// Every indicator over any window, counted from the rows themselves.
    pub async fn numbers(&self, tenant: TenantId, window: Window) -> Result<Numbers> {
        let mut tx = self.db.read().await?;
        Ok(Numbers::derive(&counted(&mut tx, tenant, window).await?))
    }

    /// The items that a count counted in a window, newest first: their number and some of the items, from one state of the store. Covers all items, or those of
    /// one part.
    pub async fn list(
        &self,
        tenant: TenantId,
        indicator: &'static Count,
        window: Window,
        part: Option<&Part>,
        after: Option<ListCursor>,
        limit: i64,
    ) -> Result<Page> {
        let statements = match part {
            Some(part) => Cow::Owned(statements_of_part(indicator, part.by)),
            None => match place(&indicator.key).and_then(|place| STATEMENTS.get(place)) {
                Some(known) => Cow::Borrowed(known),
                None => return Ok(Page { count: 0, items: Vec::new(), next: None }),
            },
        };
        let part = part.map(|part| part.value.clone().unwrap_or_default());
        let start = after.unwrap_or(ListCursor { at: i64::MAX, conversation: Uuid::max(), number: i64::MAX });
        let mut tx = self.db.snapshot().await?;
        let (count,): (i64,) = q!(&mut tx, |c| {
            let sql = AssertSqlSafe(statements.count.as_str()).into_sql_str();
            let query = sqlx::query_as(sql).bind(tenant.uuid()).bind(window.from.0).bind(window.to.0);
            match part.clone() {
                Some(part) => query.bind(part).fetch_one(c).await,
                None => query.fetch_one(c).await,
            }
        })?;
        let mut rows: Vec<ItemRow> = q!(&mut tx, |c| {
            let sql = AssertSqlSafe(statements.list.as_str()).into_sql_str();
            let query = sqlx::query_as(sql).bind(tenant.uuid()).bind(window.from.0).bind(window.to.0);
            let query = query.bind(start.at).bind(start.conversation).bind(start.number).bind(limit.saturating_add(1));
            match part.clone() {
                Some(part) => query.bind(part).fetch_all(c).await,
                None => query.fetch_all(c).await,
            }
        })?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| ListCursor { at: row.at, conversation: row.conversation_id, number: row.number });
        let of_turns = indicator.source == Source::DwdDialogue;
        let items = rows
            .into_iter()
            .map(|ItemRow { conversation_id, number, episode, at, score }| Item {
                conversation: ConversationId::new(conversation_id),
                episode,
                seq: of_turns.then_some(number),
                at: Ts(at),
                score,
            })
            .collect();
        Ok(Page { count, items, next })
    }
}

async fn sums_of(tx: &mut Tx, tenant: TenantId, today: &Day, yesterday: Window, last: Window) -> Result<Vec<SumRow>> {
    let rows = q!(tx, |c| sqlx::query_as(AssertSqlSafe(SUMS.as_str()).into_sql_str())
        .bind(tenant.uuid())
        .bind(yesterday.from.min(last.from).0)
        .bind(today.from.0)
        .bind(yesterday.from.0)
        .bind(yesterday.to.minute().0)
        .bind(last.from.0)
        .bind(last.to.0)
        .fetch_all(c)
        .await)?;
    Ok(rows)
}

/// All counts of a window, from the rows, in the definitions' order.
async fn counted(tx: &mut Tx, tenant: TenantId, window: Window) -> Result<Vec<i64>> {
    let rows: Vec<(String, i64)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(ALL_COUNTS.as_str()).into_sql_str())
        .bind(tenant.uuid())
        .bind(window.from.0)
        .bind(window.to.0)
        .fetch_all(c)
        .await)?;
    let mut counts = vec![0; DEFINITIONS.counts.len()];
    for (indicator, value) in rows {
        if let Some(place) = place(&indicator) {
            counts[place] = value;
        }
    }
    Ok(counts)
}

async fn minutes_of(tx: &mut Tx, tenant: TenantId, last: Window) -> Result<Minutes> {
    let rows: Vec<MinuteRow> =
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(MINUTES.as_str()).into_sql_str()).bind(tenant.uuid()).bind(last.from.0).bind(last.to.0).fetch_all(c).await)?;
    let mut series: Vec<_> = DEFINITIONS.counts.iter().map(|count| (count.key.as_str(), vec![0; LAST as usize])).collect();
    for MinuteRow { minute, indicator, value } in rows {
        let at = usize::try_from((minute - last.from.0) / MINUTE).ok();
        if let Some(cell) = place(&indicator).zip(at).and_then(|(place, at)| series[place].1.get_mut(at)) {
            *cell = value;
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
