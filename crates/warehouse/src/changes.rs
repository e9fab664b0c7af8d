//! What a batch of events changes: the rows, and the difference that they make to the cells. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{id::TenantId, time::Ts};
use uuid::Uuid;

use crate::{
    definition::{Definitions, Merge, Split},
    derive::Rows,
    event::Directory,
    range,
    rows::{Cell, DialogueRow, ReplyRow, Row, ServiceRow, SessionRow},
    window::quarter,
};

/// The company, the conversation, and the number of the episode or of the entry.
pub type RowKey = (Uuid, Uuid, i64);
/// A minute of a cell: the company, the position of the cell, the start of the minute.
pub type MinuteKey = (Uuid, usize, Ts);
/// A longer piece of time of a cell: the company, the position of the cell, the dimension and the part (both empty for the whole), the start of the piece.
pub type PartKey = (Uuid, usize, &'static str, String, Ts);

/// A piece of time of an extreme: the company, the position of the cell, the level, the dimension (empty for the whole), the start of the piece.
pub type TakenBack = (Uuid, usize, Level, &'static str, Ts);

/// How long the pieces of time of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Minutes, without dimensions.
    Minute,
    /// Quarters of an hour.
    Quarter,
    /// Days of the company.
    Day,
}

/// What a batch of events changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Changed episodes.
    pub sessions: RowChanges<SessionRow>,
    /// Changed turns and requests.
    pub dialogues: RowChanges<DialogueRow>,
    /// Changed rounds.
    pub replies: RowChanges<ReplyRow>,
    /// Changed services.
    pub services: RowChanges<ServiceRow>,
    /// Changed cells.
    pub cells: CellChanges,
}

/// Changed rows of one table.
#[derive(Debug)]
pub struct RowChanges<R> {
    /// Rows that are new, or different from what is stored.
    pub written: Vec<R>,
    /// Keys of stored rows that no longer exist.
    pub deleted: Vec<RowKey>,
}

impl<R> Default for RowChanges<R> {
    fn default() -> Self {
        Self { written: Vec::new(), deleted: Vec::new() }
    }
}

/// Changed cells.
#[derive(Debug, Default)]
pub struct CellChanges {
    /// What is merged into minutes.
    pub minutes: BTreeMap<MinuteKey, i64>,
    /// What is merged into quarters of an hour.
    pub quarters: BTreeMap<PartKey, i64>,
    /// What is merged into the company's days.
    pub days: BTreeMap<PartKey, i64>,
    /// Where a value of an extreme was taken back: the next one has to be looked up.
    pub taken_back: BTreeSet<TakenBack>,
    /// The start of the company's day, by quarter of an hour; `None` outside the years of the calendar.
    day_starts: HashMap<(Uuid, Ts), Option<Ts>>,
}

impl Changes {
    /// Replaces the rows of a conversation.
    pub fn replace(&mut self, before: Rows, after: Rows, definitions: &Definitions, directory: &Directory) {
        let Self { sessions, dialogues, replies, services, cells } = self;
        let mut compare = Compare { cells, definitions, directory };
        compare.rows(before.sessions, after.sessions, sessions);
        compare.rows(before.dialogues, after.dialogues, dialogues);
        compare.rows(before.replies, after.replies, replies);
        compare.rows(before.services, after.services, services);
    }

    /// The companies whose numbers change.
    pub fn tenants(&self) -> BTreeSet<TenantId> {
        let merged = self.cells.minutes.iter().filter(|(_, by)| **by != 0).map(|((tenant, ..), _)| *tenant);
        merged.chain(self.cells.taken_back.iter().map(|(tenant, ..)| *tenant)).map(TenantId::new).collect()
    }
}

struct Compare<'a> {
    cells: &'a mut CellChanges,
    definitions: &'a Definitions,
    directory: &'a Directory,
}

/// The parts of a row, in the order of [`Split::EACH`]; empty where it has none.
type Parts<'r> = [&'r str; Split::EACH.len()];

fn parts<R: Row>(row: &R) -> Parts<'_> {
    Split::EACH.map(|split| if let Cell::Text(part) = row.cell(split.column()) { part } else { "" })
}

impl Compare<'_> {
    fn rows<R: Row>(&mut self, before: Vec<R>, after: Vec<R>, changes: &mut RowChanges<R>) {
        let mut old: HashMap<RowKey, R> = before.into_iter().map(|row| (row.key(), row)).collect();
        for row in after {
            let stored = old.remove(&row.key());
            if stored.as_ref() == Some(&row) {
                continue;
            }
            self.row(stored.as_ref(), Some(&row));
            changes.written.push(row);
        }
        for (key, row) in old {
            self.row(Some(&row), None);
            changes.deleted.push(key);
        }
    }

    /// The difference that one row makes.
    fn row<R: Row>(&mut self, before: Option<&R>, after: Option<&R>) {
        let (parts_before, parts_after) = (before.map(parts), after.map(parts));
        let Some((tenant, ..)) = after.or(before).map(Row::key) else { return };
        for (place, measure) in self.definitions.measures.iter().enumerate().filter(|(_, measure)| measure.source == R::SOURCE) {
            let (was, is) = (before.and_then(|row| measure.value_of(row)), after.and_then(|row| measure.value_of(row)));
            let differs = |n: usize| was != is || parts_before.map(|parts| parts.get(n).copied()) != parts_after.map(|parts| parts.get(n).copied());
            for (counted, parts, comes) in [(was, parts_before, false), (is, parts_after, true)] {
                let (Some((at, value)), Some(parts)) = (counted, parts) else { continue };
                let (cell, amount) = self.definitions.cell_of(place, value);
                let amount = if comes { amount } else { -amount };
                let mut count = Count { cells: &mut *self.cells, tenant, cell, merge: measure.kind.merge(), amount, comes };
                if was != is {
                    count.minute(at);
                    count.piece("", "", at, self.directory);
                }
                for (_, (split, part)) in Split::EACH.iter().zip(parts).enumerate().filter(|(n, _)| differs(*n)) {
                    count.piece(split.column(), part, at, self.directory);
                }
            }
        }
    }
}

/// A value that comes to a cell, or is taken back.
struct Count<'a> {
    cells: &'a mut CellChanges,
    tenant: Uuid,
    cell: usize,
    merge: Merge,
    amount: i64,
    comes: bool,
}

impl Count<'_> {
    fn minute(&mut self, at: Ts) {
        let Self { tenant, cell, .. } = *self;
        if self.is_lookup() {
            self.cells.taken_back.insert((tenant, cell, Level::Minute, "", at.minute()));
        } else {
            put(&mut self.cells.minutes, (tenant, cell, at.minute()), self.amount, self.merge);
        }
    }

    /// The quarter of an hour and the day, of a part or of the whole.
    fn piece(&mut self, dimension: &'static str, part: &str, at: Ts, directory: &Directory) {
        let Self { tenant, cell, .. } = *self;
        let (quarter, day) = (quarter(at), self.cells.day(tenant, at, directory));
        if self.is_lookup() {
            self.cells.taken_back.insert((tenant, cell, Level::Quarter, dimension, quarter));
            self.cells.taken_back.extend(day.map(|day| (tenant, cell, Level::Day, dimension, day)));
            return;
        }
        put(&mut self.cells.quarters, (tenant, cell, dimension, part.to_owned(), quarter), self.amount, self.merge);
        if let Some(day) = day {
            put(&mut self.cells.days, (tenant, cell, dimension, part.to_owned(), day), self.amount, self.merge);
        }
    }

    /// Whether an extreme goes: what remains can only be found among the rows.
    fn is_lookup(&self) -> bool {
        self.merge != Merge::Add && !self.comes
    }
}

impl CellChanges {
    /// The start of the company's day. Every zone's days begin with a quarter of an hour.
    fn day(&mut self, tenant: Uuid, at: Ts, directory: &Directory) -> Option<Ts> {
        *self.day_starts.entry((tenant, quarter(at))).or_insert_with(|| {
            let zone = directory.zone(TenantId::new(tenant));
            range::day_of(at, &zone).and_then(|day| range::start_of(day, &zone)).ok()
        })
    }
}

fn put<K: Ord>(cells: &mut BTreeMap<K, i64>, key: K, amount: i64, merge: Merge) {
    cells.entry(key).and_modify(|known| *known = merge.of(*known, amount)).or_insert(amount);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::DEFINITIONS;

    const TENANT: Uuid = Uuid::from_u128(1);
    const MINUTE: i64 = 60_000;

    fn directory() -> Directory {
        Directory { companies: HashMap::new(), pseudonym: Arc::new(|_, _| String::new()) }
    }
    fn session(score: Option<i64>, agent: &str) -> Rows {
        let row = SessionRow {
            tenant_id: TENANT,
            began_with: Some("bot".into()),
            created_at: Some(0),
            first_rated_at: score.map(|_| 20 * MINUTE),
            score,
            agent: Some(agent.into()),
            ..SessionRow::default()
        };
        Rows { sessions: vec![row], ..Rows::default() }
    }
    /// The minutes that change, by key, minute and difference.
    fn minutes(changes: &Changes) -> Vec<(&'static str, i64, i64)> {
        let of = |((_, cell, at), by): (&MinuteKey, &i64)| (DEFINITIONS.cells[*cell].name.as_str(), at.0 / MINUTE, *by);
        changes.cells.minutes.iter().filter(|(_, by)| **by != 0).map(of).collect()
    }

    #[test]
    fn a_changed_rating_moves_within_the_minute_of_the_first() {
        let mut changes = Changes::default();
        changes.replace(Rows::default(), session(Some(5), "a"), &DEFINITIONS, &directory());
        assert_eq!(minutes(&changes), [("session_created", 0, 1), ("session_rated", 20, 1), ("rating_good", 20, 1)]);
        let mut changes = Changes::default();
        changes.replace(session(Some(5), "a"), session(Some(2), "a"), &DEFINITIONS, &directory());
        assert_eq!(minutes(&changes), [("rating_good", 20, -1), ("rating_poor", 20, 1)]);
        assert_eq!(changes.sessions.written.len(), 1);
    }

    #[test]
    fn a_row_that_belongs_to_a_different_part_moves_from_part_to_part_and_the_whole_stays() {
        let mut changes = Changes::default();
        changes.replace(session(None, "a"), session(None, "b"), &DEFINITIONS, &directory());
        assert!(minutes(&changes).is_empty() && changes.tenants().is_empty());
        let moved: Vec<_> =
            changes.cells.days.iter().filter(|(_, by)| **by != 0).map(|((_, _, dimension, part, _), by)| (*dimension, part.as_str(), *by)).collect();
        assert_eq!(moved, [("agent", "a", -1), ("agent", "b", 1)]);
    }

    #[test]
    fn an_extreme_is_looked_up_again_only_in_the_dimension_whose_part_changes() {
        let waited = |agent: &str| SessionRow {
            tenant_id: TENANT,
            wait_ended_at: Some(0),
            wait_end: Some("answered".into()),
            wait_ms: Some(7_000),
            agent: Some(agent.into()),
            ..SessionRow::default()
        };
        let of = |agent| Rows { sessions: vec![waited(agent)], ..Rows::default() };
        let mut changes = Changes::default();
        changes.replace(of("a"), of("b"), &DEFINITIONS, &directory());
        let looked_up: Vec<_> = changes.cells.taken_back.iter().map(|(_, _, level, dimension, _)| (*level, *dimension)).collect();
        assert_eq!(looked_up, [(Level::Quarter, "agent"), (Level::Day, "agent")]);
    }

    #[test]
    fn a_row_that_goes_is_taken_out_of_its_cells_and_an_extreme_is_looked_up_again() {
        let reply = |ms| ReplyRow { tenant_id: TENANT, replied_at: 0, reply_ms: ms, ..ReplyRow::default() };
        let waited = SessionRow { tenant_id: TENANT, wait_ended_at: Some(0), wait_end: Some("answered".into()), wait_ms: Some(7_000), ..SessionRow::default() };
        let before = Rows { replies: vec![reply(700)], sessions: vec![waited], ..Rows::default() };
        let mut changes = Changes::default();
        changes.replace(before, Rows::default(), &DEFINITIONS, &directory());
        let cell = |name: &str| DEFINITIONS.cells.iter().position(|cell| cell.name == name).unwrap();
        assert_eq!((changes.replies.deleted.len(), changes.sessions.deleted.len()), (1, 1));
        assert_eq!(changes.cells.minutes[&(TENANT, cell("reply_ms#01"), Ts(0))], -1);
        assert_eq!(changes.cells.minutes[&(TENANT, cell("reply_sum"), Ts(0))], -700);
        let looked_up: Vec<_> = changes.cells.taken_back.iter().map(|(_, cell, level, dimension, _)| (*cell, *level, *dimension)).collect();
        let longest = cell("longest_wait");
        assert_eq!(looked_up.len(), 1 + 2 * (1 + Split::EACH.len()));
        assert!(looked_up.contains(&(longest, Level::Minute, "")) && looked_up.contains(&(longest, Level::Day, "agent")), "{looked_up:?}");
    }

    #[test]
    fn the_same_rows_change_nothing() {
        let mut changes = Changes::default();
        changes.replace(session(Some(3), "a"), session(Some(3), "a"), &DEFINITIONS, &directory());
        assert!(changes.sessions.written.is_empty() && changes.cells.minutes.is_empty() && changes.cells.quarters.is_empty());
    }
}
