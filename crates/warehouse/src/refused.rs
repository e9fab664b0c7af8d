//! Facts that the feed cannot count, or wonders at. They stop nothing: it notes how many there were, by reason and kind, and goes on.

use std::collections::BTreeMap;

use db::{
    Result, Tx,
    bulk::{self, Value},
    feed::{Cursor, Fact},
    q, row,
};
use domain::{
    entry::EntryKind,
    id::TenantId,
    stream::StreamKind,
    time::{HOUR, Ts},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event::{Event, Malformed};

/// A fact this far ahead of the clock is noted, in milliseconds; the clocks of nodes differ by less.
const AHEAD_MS: i64 = HOUR;

/// Why a fact is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RefusedReason)]
pub enum Reason {
    /// It is of a kind that this release does not know, and is not counted.
    UnknownKind,
    /// It was written by a later release in a form that this one cannot read, and is not counted.
    UnknownVersion,
    /// It is not in the form of its kind, and is not counted.
    Malformed,
    /// Its time is more than an hour ahead of the clock. It is counted at that time.
    Future,
}

impl Reason {
    /// Every reason.
    const EACH: [Self; 4] = [Self::UnknownKind, Self::UnknownVersion, Self::Malformed, Self::Future];

    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownKind => "unknown_kind",
            Self::UnknownVersion => "unknown_version",
            Self::Malformed => "malformed",
            Self::Future => "future",
        }
    }

    /// Why a fact is noted that was read with this result; `None` if it is not.
    fn of(fact: &Fact, read: &std::result::Result<Vec<Event>, Malformed>, now: Ts) -> Option<Self> {
        if ![StreamKind::Conversation, StreamKind::Work].map(StreamKind::as_str).contains(&fact.stream_kind.as_str()) {
            return None;
        }
        match (EntryKind::parse(&fact.kind), read) {
            (None, _) => Some(Self::UnknownKind),
            (Some(kind), Err(Malformed)) if fact.v > kind.version() => Some(Self::UnknownVersion),
            (_, Err(Malformed)) => Some(Self::Malformed),
            (_, Ok(events)) if !events.is_empty() && fact.at > now.plus(AHEAD_MS).0 => Some(Self::Future),
            _ => None,
        }
    }
}

/// A fact to note.
#[derive(Debug, Clone)]
pub(crate) struct Noted {
    at_cursor: Cursor,
    tenant_id: Uuid,
    reason: Reason,
    kind: String,
    at: i64,
}

impl Noted {
    /// The fact, if it is to be noted after it was read with this result.
    pub(crate) fn of(fact: &Fact, read: &std::result::Result<Vec<Event>, Malformed>, now: Ts) -> Option<Self> {
        let reason = Reason::of(fact, read, now)?;
        let at_cursor = Cursor { xid: fact.xid, pos: fact.pos };
        Some(Self { at_cursor, tenant_id: fact.tenant_id, reason, kind: fact.kind.clone(), at: fact.at })
    }
}

/// Notes those that follow a cursor: the others were noted when the journal was read up to there.
pub(crate) async fn note(tx: &mut Tx, all: &[Noted], after: Cursor) -> Result<()> {
    let mut sums: BTreeMap<(Uuid, Reason, &str), (i64, i64)> = BTreeMap::new();
    for one in all.iter().filter(|one| one.at_cursor > after) {
        let (count, last_at) = sums.entry((one.tenant_id, one.reason, one.kind.as_str())).or_insert((0, one.at));
        *count += 1;
        *last_at = one.at.max(*last_at);
    }
    let row = |((tenant, reason, kind), (count, last_at)): (&(Uuid, Reason, &str), &(i64, i64))| {
        vec![
            Value::Uuid(*tenant),
            Value::Text(Some(reason.as_str())),
            Value::Owned(Some((*kind).to_owned())),
            Value::Int(Some(*count)),
            Value::Int(Some(*last_at)),
        ]
    };
    let rows: Vec<_> = sums.iter().map(row).collect();
    let tail = "ON CONFLICT (tenant_id, reason, kind) DO UPDATE SET count = refused_fact.count + excluded.count, last_at = excluded.last_at";
    bulk::execute(tx, "INSERT INTO refused_fact (tenant_id, reason, kind, count, last_at) VALUES", &rows, tail).await.map(drop)
}

/// How many facts of a kind were noted for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedFacts {
    /// Why they were noted.
    pub reason: Reason,
    /// The kind of their entries.
    pub kind: String,
    /// How many there were since the beginning of the journal.
    pub count: i64,
    /// The time of the last one.
    pub last_at: Ts,
}

row! { struct RefusedRow { reason: String, kind: String, count: i64, last_at: i64 } }

/// The facts of a company that were noted.
pub(crate) async fn read(tx: &mut Tx, tenant: TenantId) -> Result<Vec<RefusedFacts>> {
    let sql = "SELECT reason, kind, count, last_at FROM refused_fact WHERE tenant_id = $1 ORDER BY reason, kind";
    let rows: Vec<RefusedRow> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    let told = |RefusedRow { reason, kind, count, last_at }: RefusedRow| {
        let reason = Reason::EACH.into_iter().find(|known| known.as_str() == reason)?;
        Some(RefusedFacts { reason, kind, count, last_at: Ts(last_at) })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}
