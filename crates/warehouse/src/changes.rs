//! What a batch of events changes: the rows, and the difference that they make to the cells. Pure.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use domain::{dimension::Dimension, id::TenantId, time::Ts};
use uuid::Uuid;

use crate::{
    definition::{Constant, DEFINITIONS, Definitions, Merge, Op, column},
    derive::Rows,
    event::Directory,
    numbers::merge_of,
    range,
    rows::{Cell, DialogueRow, Getter, ReplyRow, Row, ServiceRow, SessionRow, WorkRow},
    sums::{Level, SumKey},
    tally::Tally,
};

/// The company, the conversation, and the number of the episode or of the entry.
pub type RowKey = (Uuid, Uuid, i64);
/// A row of sums: the company, the level, the dimension, the start, the part.
pub type SumId = (Uuid, Level, Option<Dimension>, Ts, PartId);
/// A piece of time of an extreme: the company, the position of the cell, the level, the dimension, the start of the piece.
pub type TakenBack = (Uuid, usize, Level, Option<Dimension>, Ts);

/// The position of a part's name among [`PartNames`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PartId(usize);

/// The names of the parts that occur in a batch, each stored once. The first is the empty one: of the whole, and of rows that have none.
#[derive(Debug)]
pub struct PartNames {
    names: Vec<String>,
    places: HashMap<String, PartId>,
}

impl Default for PartNames {
    fn default() -> Self {
        Self { names: vec![String::new()], places: HashMap::from([(String::new(), PartId(0))]) }
    }
}

impl PartNames {
    /// The name of a part.
    pub fn name(&self, part: PartId) -> &str {
        self.names.get(part.0).map_or("", String::as_str)
    }
    fn id(&mut self, name: &str) -> PartId {
        if let Some(known) = self.places.get(name) {
            return *known;
        }
        let fresh = PartId(self.names.len());
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), fresh);
        fresh
    }
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
    /// Changed work.
    pub work: RowChanges<WorkRow>,
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
    /// What is merged into each row of sums.
    pub sums: HashMap<SumId, Tally>,
    /// Where a value of an extreme was taken back: the next one has to be looked up.
    pub taken_back: BTreeSet<TakenBack>,
    /// The names of the parts.
    pub parts: PartNames,
    /// The start of the company's day, by quarter of an hour; `None` outside the years of the calendar.
    day_starts: HashMap<(Uuid, Ts), Option<Ts>>,
}

impl Changes {
    /// Replaces rows of a conversation, before and after each sorted by their numbers.
    pub(crate) fn replace(&mut self, before: &Rows, after: &Rows, directory: &Directory) {
        self.replace_under(&READERS, before, after, directory);
    }

    /// The same under any definitions.
    fn replace_under(&mut self, readers: &Readers, before: &Rows, after: &Rows, directory: &Directory) {
        let Self { sessions, dialogues, replies, services, work, cells } = self;
        compare(&before.sessions, &after.sessions, &readers.sessions, sessions, cells, directory);
        compare(&before.dialogues, &after.dialogues, &readers.dialogues, dialogues, cells, directory);
        compare(&before.replies, &after.replies, &readers.replies, replies, cells, directory);
        compare(&before.services, &after.services, &readers.services, services, cells, directory);
        compare(&before.work, &after.work, &readers.work, work, cells, directory);
    }

    /// The companies whose numbers change.
    pub fn tenants(&self) -> BTreeSet<TenantId> {
        let merged = self.cells.sums.iter().filter(|((_, level, ..), by)| *level == Level::Quarter && !by.is_nothing()).map(|((tenant, ..), _)| *tenant);
        merged.chain(self.cells.taken_back.iter().map(|(tenant, ..)| *tenant)).map(TenantId::new).collect()
    }
}

/// The measures as they read each kind of row.
struct Readers {
    sessions: Reader<SessionRow>,
    dialogues: Reader<DialogueRow>,
    replies: Reader<ReplyRow>,
    services: Reader<ServiceRow>,
    work: Reader<WorkRow>,
}

static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::of(&DEFINITIONS));

impl Readers {
    fn of(definitions: &'static Definitions) -> Self {
        Self {
            sessions: Reader::of(definitions),
            dialogues: Reader::of(definitions),
            replies: Reader::of(definitions),
            services: Reader::of(definitions),
            work: Reader::of(definitions),
        }
    }
}

/// What is read from one kind of row, with the columns looked up by name once.
struct Reader<R> {
    definitions: &'static Definitions,
    measures: Vec<MeasureOf<R>>,
    splits: Vec<Getter<R>>,
}

/// A measure over one kind of row.
struct MeasureOf<R> {
    /// Its position among the measures.
    place: usize,
    merge: Merge,
    stamp: Getter<R>,
    value: Option<Getter<R>>,
    filters: Vec<(Getter<R>, Op, &'static Constant)>,
}

/// The parts of a row, in the order of [`Dimension::EACH`].
type Parts = [PartId; Dimension::EACH.len()];

impl<R: Row> Reader<R> {
    fn of(definitions: &'static Definitions) -> Self {
        let of_rows = definitions.measures.iter().enumerate().filter(|(_, measure)| measure.source == R::SOURCE);
        let measure = |(place, measure): (usize, &'static crate::definition::Measure)| MeasureOf {
            place,
            merge: measure.kind.merge(),
            stamp: R::getter(&measure.stamp),
            value: measure.value.as_deref().map(R::getter),
            filters: measure.filters.iter().map(|filter| (R::getter(&filter.0), filter.1, &filter.2)).collect(),
        };
        Self { definitions, measures: of_rows.map(measure).collect(), splits: Dimension::EACH.map(|split| R::getter(column(split))).to_vec() }
    }

    /// The parts of a row; empty where it has none.
    fn parts(&self, row: &R, names: &mut PartNames) -> Parts {
        let mut parts = Parts::default();
        for (part, split) in parts.iter_mut().zip(&self.splits) {
            if let Cell::Text(name) = split(row) {
                *part = names.id(name);
            }
        }
        parts
    }
}

impl<R> MeasureOf<R> {
    /// When a row counts, and with which value; `None` if it does not count.
    fn value_of(&self, row: &R) -> Option<(Ts, i64)> {
        let Cell::Int(at) = (self.stamp)(row) else { return None };
        if !self.filters.iter().all(|(column, op, constant)| op.holds(column(row), constant)) {
            return None;
        }
        match self.value.map(|value| value(row)) {
            None => Some((Ts(at), 1)),
            Some(Cell::Int(value)) => Some((Ts(at), value)),
            Some(_) => None,
        }
    }
}

/// Both are sorted by their key.
fn compare<R: Row + Clone>(before: &[R], after: &[R], reader: &Reader<R>, changes: &mut RowChanges<R>, cells: &mut CellChanges, directory: &Directory) {
    debug_assert!([before, after].iter().all(|rows| rows.is_sorted_by(|one, next| one.key() < next.key())), "rows without order");
    let mut old = before.iter().peekable();
    let mut delete = |row: &R, cells: &mut CellChanges| {
        cells.row(reader, Some(row), None, directory);
        changes.deleted.push(row.key());
    };
    for row in after {
        while let Some(gone) = old.next_if(|old| old.key() < row.key()) {
            delete(gone, cells);
        }
        let stored = old.next_if(|old| old.key() == row.key());
        if stored != Some(row) {
            cells.row(reader, stored, Some(row), directory);
            changes.written.push(row.clone());
        }
    }
    old.for_each(|gone| delete(gone, cells));
}

/// A value that comes to a cell, or is taken back.
#[derive(Clone, Copy)]
struct Count {
    tenant: Uuid,
    cell: usize,
    merge: Merge,
    amount: i64,
    comes: bool,
    at: Ts,
    day: Option<Ts>,
}

impl Count {
    /// Whether an extreme goes: what remains can only be found among the rows.
    fn is_lookup(&self) -> bool {
        self.merge != Merge::Add && !self.comes
    }
}

impl CellChanges {
    /// What is merged into each row of sums.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Level, SumKey<'_>, &Tally)> {
        self.sums.iter().map(|((tenant, level, dimension, at, part), by)| (*level, (*tenant, *dimension, *at, self.parts.name(*part)), by))
    }

    /// The difference that one row makes.
    fn row<R: Row>(&mut self, reader: &Reader<R>, before: Option<&R>, after: Option<&R>, directory: &Directory) {
        let Some((tenant, ..)) = after.or(before).map(Row::key) else { return };
        let (parts_before, parts_after) = (before.map(|row| reader.parts(row, &mut self.parts)), after.map(|row| reader.parts(row, &mut self.parts)));
        for measure in &reader.measures {
            let (was, is) = (before.and_then(|row| measure.value_of(row)), after.and_then(|row| measure.value_of(row)));
            if was == is && (was.is_none() || parts_before == parts_after) {
                continue;
            }
            for (counted, parts, other, comes) in [(was, parts_before, parts_after, false), (is, parts_after, parts_before, true)] {
                let (Some((at, value)), Some(parts)) = (counted, parts) else { continue };
                let (cell, amount) = reader.definitions.cell_of(measure.place, value);
                let amount = if comes { amount } else { -amount };
                let day = self.day(tenant, at, directory);
                let count = Count { tenant, cell, merge: measure.merge, amount, comes, at, day };
                if was != is {
                    self.whole(count);
                }
                for (place, (part, by)) in parts.into_iter().zip(Dimension::EACH).enumerate() {
                    if was != is || other.and_then(|other| other.get(place).copied()) != Some(part) {
                        self.of_day(count, Some(by), part);
                    }
                }
            }
        }
    }

    /// The difference that an amount of a minute makes, which was and is this; its parts are in the order of [`Dimension::EACH`].
    pub(crate) fn amount(
        &mut self,
        (tenant, cell): (Uuid, usize),
        at: Ts,
        parts: &[String; Dimension::EACH.len()],
        (was, is): (Option<i64>, Option<i64>),
        directory: &Directory,
    ) {
        let merge = merge_of(cell);
        let (amount, comes) = match (merge, was, is) {
            (Merge::Add, ..) => (is.unwrap_or_default() - was.unwrap_or_default(), true),
            // What it was is no longer among the amounts, unless the new one covers it.
            (_, was, Some(is)) if was.is_none_or(|was| merge.of(was, is) == is) => (is, true),
            _ => (0, false),
        };
        if was == is {
            return;
        }
        let count = Count { tenant, cell, merge, amount, comes, at, day: self.day(tenant, at, directory) };
        self.whole(count);
        for (part, by) in parts.iter().zip(Dimension::EACH) {
            let part = self.parts.id(part);
            self.of_day(count, Some(by), part);
        }
    }

    /// Merges a value into its minute, its quarter of an hour and its day.
    fn whole(&mut self, count: Count) {
        self.put(count, Level::Minute, None, count.at.minute(), PartId::default());
        self.put(count, Level::Quarter, None, count.at.quarter(), PartId::default());
        self.of_day(count, None, PartId::default());
    }

    /// Merges a value into the day of a part, or of the whole.
    fn of_day(&mut self, count: Count, dimension: Option<Dimension>, part: PartId) {
        if let Some(day) = count.day {
            self.put(count, Level::Day, dimension, day, part);
        }
    }

    fn put(&mut self, count: Count, level: Level, dimension: Option<Dimension>, from: Ts, part: PartId) {
        let Count { tenant, cell, amount, merge, .. } = count;
        if count.is_lookup() {
            self.taken_back.insert((tenant, cell, level, dimension, from));
        } else {
            self.sums.entry((tenant, level, dimension, from, part)).or_default().put(cell, amount, merge);
        }
    }

    /// The start of the company's day. Every zone's days begin with a quarter of an hour.
    fn day(&mut self, tenant: Uuid, at: Ts, directory: &Directory) -> Option<Ts> {
        *self.day_starts.entry((tenant, at.quarter())).or_insert_with(|| {
            let zone = directory.zone(TenantId::new(tenant));
            range::day_of(at, &zone).and_then(|day| range::start_of(day, &zone)).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::sums::name_of;

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
        let of_minutes = changes.cells.sums.iter().filter(|((_, level, ..), _)| *level == Level::Minute);
        let mut minutes: Vec<_> =
            of_minutes.flat_map(|((.., at, _), by)| by.iter().map(|(cell, by)| (cell, at.0 / MINUTE, by))).filter(|(.., by)| *by != 0).collect();
        minutes.sort_unstable();
        minutes.into_iter().map(|(cell, at, by)| (DEFINITIONS.cells[cell].name.as_str(), at, by)).collect()
    }

    #[test]
    fn a_changed_rating_moves_within_the_minute_of_the_first() {
        let mut changes = Changes::default();
        changes.replace(&Rows::default(), &session(Some(5), "a"), &directory());
        assert_eq!(minutes(&changes), [("session_created", 0, 1), ("session_rated", 20, 1), ("rating_good", 20, 1)]);
        let mut changes = Changes::default();
        changes.replace(&session(Some(5), "a"), &session(Some(2), "a"), &directory());
        assert_eq!(minutes(&changes), [("rating_good", 20, -1), ("rating_poor", 20, 1)]);
        assert_eq!(changes.sessions.written.len(), 1);
    }

    #[test]
    fn a_row_that_belongs_to_a_different_part_moves_from_part_to_part_and_the_whole_stays() {
        let mut changes = Changes::default();
        changes.replace(&session(None, "a"), &session(None, "b"), &directory());
        assert!(minutes(&changes).is_empty() && changes.tenants().is_empty());
        let CellChanges { sums, parts, .. } = &changes.cells;
        let amounts = |((_, level, dimension, _, part), by): (&SumId, &Tally)| {
            by.iter().map(|(_, by)| (*level, name_of(*dimension), parts.name(*part), by)).collect::<Vec<_>>()
        };
        let mut moved: Vec<_> = sums.iter().flat_map(amounts).filter(|(.., by)| *by != 0).map(|(_, dimension, part, by)| (dimension, part, by)).collect();
        moved.sort_unstable();
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
        changes.replace(&of("a"), &of("b"), &directory());
        let looked_up: Vec<_> = changes.cells.taken_back.iter().map(|(_, _, level, dimension, _)| (*level, name_of(*dimension))).collect();
        assert_eq!(looked_up, [(Level::Day, "agent")]);
    }

    #[test]
    fn a_row_that_goes_is_taken_out_of_its_cells_and_an_extreme_is_looked_up_again() {
        let reply = |ms| ReplyRow { tenant_id: TENANT, replied_at: 0, reply_ms: ms, ..ReplyRow::default() };
        let waited = SessionRow { tenant_id: TENANT, wait_ended_at: Some(0), wait_end: Some("answered".into()), wait_ms: Some(7_000), ..SessionRow::default() };
        let before = Rows { replies: vec![reply(700)], sessions: vec![waited], ..Rows::default() };
        let mut changes = Changes::default();
        changes.replace(&before, &Rows::default(), &directory());
        let cell = |name: &str| DEFINITIONS.cells.iter().position(|cell| cell.name == name).unwrap();
        assert_eq!((changes.replies.deleted.len(), changes.sessions.deleted.len()), (1, 1));
        let minute = &changes.cells.sums[&(TENANT, Level::Minute, None, Ts(0), PartId(0))];
        assert_eq!((minute.get(cell("reply_ms#01")), minute.get(cell("reply_sum"))), (Some(-1), Some(-700)));
        let looked_up: Vec<_> = changes.cells.taken_back.iter().map(|(_, cell, level, dimension, _)| (*cell, *level, name_of(*dimension))).collect();
        // The longest wait, and the longest reply.
        assert_eq!(looked_up.len(), 2 * (3 + Dimension::EACH.len()));
        for longest in [cell("longest_wait"), cell("reply_longest")] {
            assert!(looked_up.contains(&(longest, Level::Minute, "")) && looked_up.contains(&(longest, Level::Day, "agent")), "{looked_up:?}");
        }
    }

    /// The definitions of this release, and those that docs/adding-an-indicator.md invents.
    fn with_invented() -> &'static Definitions {
        let mut all: serde_json::Value = serde_json::from_str(include_str!("../indicators.json")).unwrap();
        let page = include_str!("../../../docs/adding-an-indicator.md");
        let invented: serde_json::Value = serde_json::from_str(page.split("```json\n").nth(1).unwrap().split("```").next().unwrap()).unwrap();
        for list in ["measures", "derived"] {
            let more = invented[list].as_array().unwrap().clone();
            all[list].as_array_mut().unwrap().extend(more);
        }
        Box::leak(Box::new(Definitions::parse(&all.to_string()).unwrap()))
    }

    #[test]
    fn an_indicator_that_is_only_data_is_counted_and_taken_back() {
        let definitions = with_invented();
        let readers = Readers::of(definitions);
        let asked = |requests| {
            let row = SessionRow { first_request_at: Some(20 * MINUTE), requests, ..session(None, "a").sessions.remove(0) };
            Rows { sessions: vec![row], ..Rows::default() }
        };
        let counted = |before, after| {
            let mut changes = Changes::default();
            changes.replace_under(&readers, &before, &after, &directory());
            ["asked_twice", "asked_sum"].map(|key| {
                let cell = definitions.cells_at(key).next().unwrap();
                changes.cells.sums.get(&(TENANT, Level::Minute, None, Ts(20 * MINUTE), PartId(0))).and_then(|minute| minute.get(cell)).unwrap_or_default()
            })
        };
        assert_eq!(counted(Rows::default(), asked(1)), [0, 1]);
        assert_eq!(counted(asked(1), asked(3)), [1, 2]);
        assert_eq!(counted(asked(3), Rows::default()), [-1, -3]);
        assert_eq!(definitions.cells_behind("asked_twice_ratio").len(), 2);
    }

    #[test]
    fn the_same_rows_change_nothing() {
        let mut changes = Changes::default();
        changes.replace(&session(Some(3), "a"), &session(Some(3), "a"), &directory());
        assert!(changes.sessions.written.is_empty() && changes.cells.sums.is_empty());
    }
}
