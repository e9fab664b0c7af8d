//! The detail rows of some conversations: as they are stored, as they are derived, and how the two differ.

use std::collections::HashMap;

use db::{
    Result, Tx,
    bulk::{self, Value},
};
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

use crate::{
    changes::{Changes, RowChanges, RowKey},
    derive::Rows,
    rows::{Cell, DialogueRow, ReplyRow, Row, ServiceRow, SessionRow, WorkRow},
    store::ConversationKey,
};

/// A row that is not stored as it is derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) table: &'static str,
    pub(super) key: RowKey,
    /// The first column that differs; empty if one of the rows is missing.
    pub(super) column: &'static str,
    pub(super) stored: Option<i64>,
    pub(super) counted: Option<i64>,
}

/// The rows of conversations, as this database has them.
pub(super) async fn load(tx: &mut Tx, conversations: &[ConversationKey]) -> Result<Rows> {
    let keys: Vec<_> = conversations.iter().map(|(tenant, conversation)| vec![Value::Uuid(*tenant), Value::Uuid(*conversation)]).collect();
    Ok(Rows {
        sessions: select(tx, SessionRow::TABLE, SessionRow::COLUMNS, &keys).await?,
        dialogues: select(tx, DialogueRow::TABLE, DialogueRow::COLUMNS, &keys).await?,
        replies: select(tx, ReplyRow::TABLE, ReplyRow::COLUMNS, &keys).await?,
        services: select(tx, ServiceRow::TABLE, ServiceRow::COLUMNS, &keys).await?,
        work: select(tx, WorkRow::TABLE, WorkRow::COLUMNS, &keys).await?,
    })
}

async fn select<R>(tx: &mut Tx, table: &str, columns: &[&str], keys: &[Vec<Value<'_>>]) -> Result<Vec<R>>
where
    R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    bulk::look_up(tx, &columns.join(", "), table, "tenant_id, conversation_id", keys).await
}

/// Where the stored rows differ from those that were derived.
pub(super) fn compare(stored: &Rows, derived: &Rows) -> Vec<Difference> {
    let mut found = differences(SessionRow::TABLE, SessionRow::COLUMNS, &stored.sessions, &derived.sessions);
    found.extend(differences(DialogueRow::TABLE, DialogueRow::COLUMNS, &stored.dialogues, &derived.dialogues));
    found.extend(differences(ReplyRow::TABLE, ReplyRow::COLUMNS, &stored.replies, &derived.replies));
    found.extend(differences(ServiceRow::TABLE, ServiceRow::COLUMNS, &stored.services, &derived.services));
    found.extend(differences(WorkRow::TABLE, WorkRow::COLUMNS, &stored.work, &derived.work));
    found
}

fn differences<R: Row>(table: &'static str, columns: &[&'static str], stored: &[R], derived: &[R]) -> Vec<Difference> {
    let mut others: HashMap<RowKey, &R> = derived.iter().map(|row| (row.key(), row)).collect();
    let mut found = Vec::new();
    for row in stored {
        match others.remove(&row.key()) {
            Some(other) if other == row => {}
            Some(other) => {
                let column = columns.iter().find(|column| R::getter(column)(row) != R::getter(column)(other)).copied().unwrap_or_default();
                let value = |of: &R| if let Cell::Int(value) = R::getter(column)(of) { Some(value) } else { None };
                found.push(Difference { table, key: row.key(), column, stored: value(row), counted: value(other) });
            }
            None => found.push(Difference { table, key: row.key(), column: "", stored: Some(1), counted: None }),
        }
    }
    found.extend(others.into_keys().map(|key| Difference { table, key, column: "", stored: None, counted: Some(1) }));
    found.sort_by_key(|difference| difference.key);
    found
}

/// What has to be written so that the stored rows become those that were derived.
pub(super) fn changes(stored: Rows, derived: Rows) -> Changes {
    Changes {
        sessions: row_changes(stored.sessions, derived.sessions),
        dialogues: row_changes(stored.dialogues, derived.dialogues),
        replies: row_changes(stored.replies, derived.replies),
        services: row_changes(stored.services, derived.services),
        ..Changes::default()
    }
}

fn row_changes<R: Row>(stored: Vec<R>, derived: Vec<R>) -> RowChanges<R> {
    let mut old: HashMap<RowKey, R> = stored.into_iter().map(|row| (row.key(), row)).collect();
    let written = derived.into_iter().filter_map(|row| (old.remove(&row.key()).as_ref() != Some(&row)).then_some(row)).collect();
    RowChanges { written, deleted: old.into_keys().collect() }
}

/// How many rows are written or deleted.
pub(super) fn count_changes(changes: &Changes) -> i64 {
    let of = [
        changes.sessions.written.len() + changes.sessions.deleted.len(),
        changes.dialogues.written.len() + changes.dialogues.deleted.len(),
        changes.replies.written.len() + changes.replies.deleted.len(),
        changes.services.written.len() + changes.services.deleted.len(),
    ];
    i64::try_from(of.iter().sum::<usize>()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn reply(seq: i64, reply_ms: i64) -> ReplyRow {
        ReplyRow { tenant_id: Uuid::nil(), seq, reply_ms, ..ReplyRow::default() }
    }

    #[test]
    fn rows_that_are_absent_superfluous_or_otherwise_are_told_and_mended() {
        let stored = Rows { replies: vec![reply(1, 10), reply(2, 20), reply(3, 30)], ..Rows::default() };
        let derived = Rows { replies: vec![reply(1, 10), reply(2, 25), reply(4, 40)], ..Rows::default() };
        let told: Vec<_> = compare(&stored, &derived).into_iter().map(|one| (one.key.2, one.column, one.stored, one.counted)).collect();
        assert_eq!(told, [(2, "reply_ms", Some(20), Some(25)), (3, "", Some(1), None), (4, "", None, Some(1))]);
        let changes = changes(stored, derived);
        assert_eq!(changes.replies.written.iter().map(|row| row.seq).collect::<Vec<_>>(), [2, 4]);
        assert_eq!((changes.replies.deleted.iter().map(|key| key.2).collect::<Vec<_>>(), count_changes(&changes)), (vec![3], 3));
    }
}
