//! Numbers that an engine outside of this program computes: it is handed the events, and gives back the rows and amounts of [`crate::portable`]. They are put into
//! the same tables that the reducer fills, so whoever reads numbers need not know who computed them.
//!
//! - [`Outside`]: such an engine, as the feed uses it
//! - [`Layer`]: what it is handed and gives back, as JSON
//! - [`Panel::take`]: puts what was given back into an edition, together with how far that was read

pub mod amounts;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::Arc,
};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
    feed::{Cursor, Fact},
    q, row,
};
use domain::{dimension::Dimension, id::TenantId};
use serde_json::Map;
use uuid::Uuid;

use self::amounts::{Amount, AmountKey};
use crate::{
    definition::column,
    event::Directory,
    panel::Panel,
    resum,
    rows::{DialogueRow, Event, ReplyRow, ServiceRow, SessionRow, WorkRow},
    store::{self, SHARD},
};

/// What is being done; boxed, because the engine is chosen when the program starts.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// An engine outside of this program.
pub trait Outside: Send + Sync + 'static {
    /// What an edition filled by it is marked with, so that no other engine, and none elsewhere, goes on filling it.
    fn name(&self) -> &str;
    /// How far the journal of this history was handed over. Whoever handed over events before is shut out from now on.
    fn handed_over(&self, generation: Uuid) -> Doing<'_, Cursor>;
    /// Hands over events, together with how far the journal was read: both, or neither.
    fn hand_over(&self, generation: Uuid, events: Vec<Event>, to: Cursor) -> Doing<'_, ()>;
    /// What was given back behind these positions. Waits a moment if there is nothing yet.
    fn results(&self, generation: Uuid, after: Vec<Position>) -> Doing<'_, Results>;
}

/// How far a part of a layer was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The layer, by its name.
    pub layer: String,
    /// The number of the part.
    pub part: i64,
    /// The number of the next message.
    pub next: i64,
}

row! { struct PositionRow { layer: String, part: i64, next: i64 } }

/// What an engine gave back.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// What changed, in the order of each key.
    pub changes: Vec<Change>,
    /// The positions behind these changes.
    pub positions: Vec<Position>,
    /// How far in the journal everything has been counted, if that is known; said again and again, as it is not known who has stored it.
    pub counted: Option<Cursor>,
    /// Whether there may be more at once.
    pub has_more: bool,
}

/// A row of a layer that came, changed or went.
#[derive(Debug, Clone)]
pub enum Change {
    /// An event.
    Event(Row),
    /// A row of a detail table.
    Detail(Layer, DetailKey, Option<Row>),
    /// An amount.
    Amount(Box<AmountKey>, Option<i64>),
}

/// The values of a row, in the order of the layer's columns.
pub type Row = Vec<Value<'static>>;
/// The company, the conversation, and the number that completes the key.
pub type DetailKey = (Uuid, Uuid, i64);

/// The form of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An id, written with hyphens.
    Id,
    /// A number.
    Int,
    /// A text.
    Text,
}

/// What is exchanged with the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The events that it is handed.
    Events,
    /// Episodes.
    Sessions,
    /// Turns and requests.
    Dialogues,
    /// Rounds.
    Replies,
    /// Services.
    Services,
    /// Work.
    Work,
    /// Amounts by minute and parts.
    Amounts,
}

impl Layer {
    /// Every layer.
    pub const EACH: [Self; 7] = [Self::Events, Self::Sessions, Self::Dialogues, Self::Replies, Self::Services, Self::Work, Self::Amounts];
    /// The layers that the engine gives back.
    pub const RESULTS: [Self; 6] = [Self::Sessions, Self::Dialogues, Self::Replies, Self::Services, Self::Work, Self::Amounts];

    /// The name of its table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => Event::TABLE,
            Self::Sessions => SessionRow::TABLE,
            Self::Dialogues => DialogueRow::TABLE,
            Self::Replies => ReplyRow::TABLE,
            Self::Services => ServiceRow::TABLE,
            Self::Work => WorkRow::TABLE,
            Self::Amounts => amounts::AMOUNTS,
        }
    }

    /// Its columns.
    pub fn columns(self) -> Vec<(&'static str, Form)> {
        fn of(names: &'static [&'static str], values: &[Value<'_>]) -> Vec<(&'static str, Form)> {
            let form = |value: &Value<'_>| match value {
                Value::Uuid(_) | Value::Id(_) => Form::Id,
                Value::Int(_) => Form::Int,
                _ => Form::Text,
            };
            names.iter().copied().zip(values.iter().map(form)).collect()
        }
        match self {
            Self::Events => of(Event::COLUMNS, &Event::default().values()),
            Self::Sessions => of(SessionRow::COLUMNS, &SessionRow::default().values()),
            Self::Dialogues => of(DialogueRow::COLUMNS, &DialogueRow::default().values()),
            Self::Replies => of(ReplyRow::COLUMNS, &ReplyRow::default().values()),
            Self::Services => of(ServiceRow::COLUMNS, &ServiceRow::default().values()),
            Self::Work => of(WorkRow::COLUMNS, &WorkRow::default().values()),
            Self::Amounts => {
                let form = |name| match name {
                    "tenant_id" => Form::Id,
                    "starts_at" => Form::Int,
                    _ => Form::Text,
                };
                amounts::key().into_iter().map(|name| (name, form(name))).chain([("amount", Form::Int)]).collect()
            }
        }
    }

    /// The columns that say which row it is.
    pub fn key(self) -> Vec<&'static str> {
        match self.number() {
            Some(number) => vec!["tenant_id", "conversation_id", number],
            None => amounts::key(),
        }
    }

    /// The column that, after the company and the conversation, completes the key; amounts have none.
    const fn number(self) -> Option<&'static str> {
        match self {
            Self::Events => Some(Event::NUMBER),
            Self::Sessions => Some(SessionRow::NUMBER),
            Self::Dialogues => Some(DialogueRow::NUMBER),
            Self::Replies => Some(ReplyRow::NUMBER),
            Self::Services => Some(ServiceRow::NUMBER),
            Self::Work => Some(WorkRow::NUMBER),
            Self::Amounts => None,
        }
    }

    /// Reads a message; without a value, the row went.
    pub fn read(self, key: Option<&[u8]>, value: Option<&[u8]>) -> Result<Change> {
        let text = value.or(key).ok_or_else(|| self.wrong("it is empty"))?;
        let object: Map<String, serde_json::Value> = serde_json::from_slice(text).map_err(|error| self.wrong(&error.to_string()))?;
        let row = value.map(|_| self.columns().into_iter().map(|column| self.cell(&object, column)).collect::<Result<Row>>()).transpose()?;
        match self {
            Self::Events => Ok(Change::Event(row.ok_or_else(|| self.wrong("an event does not go"))?)),
            Self::Amounts => {
                let parts = Dimension::EACH.map(|split| object.get(column(split)).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned());
                let cell = object.get("cell").and_then(serde_json::Value::as_str).ok_or_else(|| self.wrong("cell"))?.to_owned();
                let amount = value.map(|_| self.int(&object, "amount")).transpose()?;
                let key = AmountKey { tenant: self.id(&object, "tenant_id")?, cell, starts_at: self.int(&object, "starts_at")?, parts };
                Ok(Change::Amount(Box::new(key), amount))
            }
            _ => {
                let number = self.int(&object, self.number().unwrap_or_default())?;
                Ok(Change::Detail(self, (self.id(&object, "tenant_id")?, self.id(&object, "conversation_id")?, number), row))
            }
        }
    }

    fn id(self, object: &Map<String, serde_json::Value>, name: &str) -> Result<Uuid> {
        object.get(name).and_then(serde_json::Value::as_str).and_then(|text| text.parse().ok()).ok_or_else(|| self.wrong(name))
    }

    fn int(self, object: &Map<String, serde_json::Value>, name: &str) -> Result<i64> {
        object.get(name).and_then(serde_json::Value::as_i64).ok_or_else(|| self.wrong(name))
    }

    fn cell(self, object: &Map<String, serde_json::Value>, (name, form): (&'static str, Form)) -> Result<Value<'static>> {
        use serde_json::Value as Json;
        match (form, object.get(name)) {
            (Form::Id, _) => self.id(object, name).map(Value::Uuid),
            (Form::Int, Some(Json::Null) | None) => Ok(Value::Int(None)),
            (Form::Int, _) => self.int(object, name).map(|number| Value::Int(Some(number))),
            (Form::Text, Some(Json::Null) | None) => Ok(Value::Owned(None)),
            (Form::Text, Some(Json::String(text))) => Ok(Value::Owned(Some(text.clone()))),
            (Form::Text, Some(_)) => Err(self.wrong(name)),
        }
    }

    fn wrong(self, what: &str) -> Error {
        Error::Corrupt(format!("a message of {}: {what}", self.name()))
    }
}

/// The events among facts; what cannot be read is left out.
pub fn events(facts: &[Fact], directory: &Directory) -> Vec<Event> {
    facts.iter().filter_map(|fact| Event::read(fact, directory).ok()).flatten().collect()
}

/// An event as JSON: what has no value is not there.
pub fn json(event: &Event) -> Map<String, serde_json::Value> {
    let values = Event::COLUMNS.iter().zip(event.values()).filter_map(|(name, value)| {
        let value: serde_json::Value = match value {
            Value::Uuid(id) | Value::Id(Some(id)) => id.to_string().into(),
            Value::Int(Some(number)) => number.into(),
            Value::Text(Some(text)) => text.into(),
            _ => return None,
        };
        Some(((*name).to_owned(), value))
    });
    values.collect()
}

impl Results {
    /// Whether there is nothing in them for an edition that has come to these positions and this cursor.
    pub fn is_nothing_new(&self, after: &[Position], cursor: Cursor) -> bool {
        let moved = |at: &&Position| at.next > 0;
        self.changes.is_empty() && self.counted.is_none_or(|counted| counted <= cursor) && self.positions.iter().filter(moved).eq(after.iter().filter(moved))
    }

    /// The companies whose rows changed.
    pub fn tenants(&self) -> BTreeSet<TenantId> {
        let tenant = |change: &Change| match change {
            Change::Event(row) => match row.first() {
                Some(Value::Uuid(tenant)) => Some(*tenant),
                _ => None,
            },
            Change::Detail(_, (tenant, ..), _) => Some(*tenant),
            Change::Amount(key, _) => Some(key.tenant),
        };
        self.changes.iter().filter_map(tenant).map(TenantId::new).collect()
    }
}

impl Panel {
    /// How far the results were read.
    pub async fn positions(&self) -> Result<Vec<Position>> {
        positions(&mut self.db.read().await?).await
    }

    /// Puts what an engine gave back behind the positions `after`, together with the new positions. Changes nothing if somebody else has put it already.
    /// Returns the companies whose numbers changed.
    pub async fn take(&self, after: Vec<Position>, results: Results, directory: &Arc<Directory>) -> Result<BTreeSet<TenantId>> {
        let _one = self.applying.lock().await;
        let (after, results, directory) = (Arc::new(after), Arc::new(results), directory.clone());
        let write = self.db.writer().write_patiently::<_, Error, _>(SHARD, move |tx| {
            let (after, results, directory) = (after.clone(), results.clone(), directory.clone());
            Box::pin(async move {
                // This comes before anything is read, so that it locks out everybody else.
                store::hold(tx).await?;
                if positions(tx).await? != *after {
                    return Ok(BTreeSet::new());
                }
                resum::follow(tx, results.tenants().into_iter().map(TenantId::uuid).collect(), &directory).await?;
                let changed = put(tx, &results.changes, &directory).await?;
                save_positions(tx, &results.positions).await?;
                if let Some(counted) = results.counted {
                    store::advance(tx, counted).await?;
                }
                Ok(changed)
            })
        });
        write.await
    }
}

async fn positions(tx: &mut Tx) -> Result<Vec<Position>> {
    let sql = "SELECT layer, part, next FROM outside_position ORDER BY layer, part";
    let rows: Vec<PositionRow> = q!(tx, |c| sqlx::query_as(sql).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|PositionRow { layer, part, next }| Position { layer, part, next }).collect())
}

async fn save_positions(tx: &mut Tx, positions: &[Position]) -> Result<()> {
    let rows: Vec<_> = positions.iter().map(|at| vec![Value::Text(Some(&at.layer)), Value::Int(Some(at.part)), Value::Int(Some(at.next))]).collect();
    let tail = "ON CONFLICT (layer, part) DO UPDATE SET next = excluded.next";
    bulk::execute(tx, "INSERT INTO outside_position (layer, part, next) VALUES", &rows, tail).await.map(drop)
}

/// Writes rows and amounts, and what the amounts come to.
async fn put(tx: &mut Tx, changes: &[Change], directory: &Directory) -> Result<BTreeSet<TenantId>> {
    let mut events = Vec::new();
    // The last of a row is what it is.
    let mut details: BTreeMap<Layer, BTreeMap<DetailKey, Option<&Row>>> = BTreeMap::new();
    let mut amounts: BTreeMap<&AmountKey, Option<i64>> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Event(row) => events.push(row.clone()),
            Change::Detail(layer, key, row) => drop(details.entry(*layer).or_default().insert(*key, row.as_ref())),
            Change::Amount(key, amount) => drop(amounts.insert(key, *amount)),
        }
    }
    let head = format!("INSERT INTO {} ({}) VALUES", Event::TABLE, Event::COLUMNS.join(", "));
    bulk::execute(tx, &head, &events, "ON CONFLICT (tenant_id, conversation_id, seq) DO NOTHING").await?;
    for (layer, rows) in details {
        let written: Vec<Row> = rows.values().filter_map(|row| row.cloned()).collect();
        let gone: Vec<Row> =
            rows.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| vec![Value::Uuid(key.0), Value::Uuid(key.1), Value::Int(Some(key.2))]).collect();
        save_details(tx, layer, &written, &gone).await?;
    }
    amounts::save(tx, amounts.into_iter().map(|(key, amount)| Amount { key, amount }).collect(), directory).await
}

async fn save_details(tx: &mut Tx, layer: Layer, written: &[Row], gone: &[Row]) -> Result<()> {
    let (names, key) = (layer.columns().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), layer.key());
    let set: Vec<_> = names.iter().filter(|name| !key.contains(name)).map(|name| format!("{name} = excluded.{name}")).collect();
    let head = format!("INSERT INTO {} ({}) VALUES", layer.name(), names.join(", "));
    bulk::execute(tx, &head, written, &format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))).await?;
    let head = format!("DELETE FROM {} WHERE ({}) IN (VALUES", layer.name(), key.join(", "));
    bulk::execute(tx, &head, gone, ")").await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(layer: &str, part: i64, next: i64) -> Position {
        Position { layer: layer.to_owned(), part, next }
    }

    #[test]
    fn results_without_changes_are_news_if_they_are_further_or_more_is_counted() {
        let (after, cursor) = (vec![at("a", 1, 7)], Cursor { xid: 0, pos: 5 });
        let of = |positions: &[Position], counted: Option<i64>| {
            let counted = counted.map(|pos| Cursor { xid: 0, pos });
            Results { positions: positions.to_vec(), counted, ..Results::default() }.is_nothing_new(&after, cursor)
        };
        let same = [at("a", 0, 0), at("a", 1, 7)];
        assert!(of(&same, None) && of(&same, Some(5)), "parts of which nothing was read do not matter");
        assert!(!of(&same, Some(6)), "more is counted");
        assert!(!of(&[at("a", 1, 8)], None), "a mark was read, which is no change");
        assert!(!of(&[at("a", 0, 1), at("a", 1, 7)], None));
    }
}
