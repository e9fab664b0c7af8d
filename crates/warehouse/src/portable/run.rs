//! Computes on SQLite or PostgreSQL: the events are written, the layers are set up, and the amounts are read.

use db::{
    Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::dimension::Dimension;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;

use super::{Bucket, Dialect, SOURCE};
use crate::{
    definition::{DEFINITIONS, Measure},
    rows::Event,
    window::Window,
};

row! {
    /// What a measure amounts to in a minute, for one value of each dimension.
    pub struct AmountRow {
        pub tenant_id: Uuid,
        pub cell: String,
        pub starts_at: i64,
        channel: String,
        queue: String,
        agent: String,
        group_id: String,
        department: String,
        site: String,
        lang: String,
        goods: String,
        category: String,
        topic: String,
        entry: String,
        band: String,
        pub amount: i64,
    }
}

impl AmountRow {
    /// The parts, in the order of [`Dimension::EACH`].
    pub fn parts(&self) -> [&str; Dimension::EACH.len()] {
        let Self { channel, queue, agent, group_id, department, site, lang, goods, category, topic, entry, band, .. } = self;
        [channel, queue, agent, group_id, department, site, lang, goods, category, topic, entry, band]
    }
}

/// Declares the table of events.
pub async fn begin(tx: &mut Tx, dialect: Dialect) -> Result<()> {
    run(tx, super::source(dialect, "")).await
}

/// Adds events, as often as they are delivered.
pub async fn add(tx: &mut Tx, events: &[Event]) -> Result<()> {
    let head = format!("INSERT INTO {SOURCE} ({}) VALUES", Event::COLUMNS.join(", "));
    let rows: Vec<Vec<Value<'_>>> = events.iter().map(Event::values).collect();
    bulk::execute(tx, &head, &rows, "").await.map(drop)
}

/// Computes the layers, one after the other.
pub async fn compute(tx: &mut Tx, dialect: Dialect) -> Result<()> {
    run(tx, format!("ANALYZE {SOURCE}")).await?;
    for sql in super::script(dialect) {
        run(tx, sql).await?;
    }
    Ok(())
}

/// The amounts of a measure by minute, of all times or of those in a window.
pub async fn amounts(tx: &mut Tx, measure: &Measure, within: Option<Window>) -> Result<Vec<AmountRow>> {
    let all = super::amounts(&DEFINITIONS, measure, Bucket::Minute);
    let sql = match within {
        None => all,
        Some(Window { from, to }) => format!("SELECT * FROM ({all}) AS every WHERE starts_at >= {from} AND starts_at < {to}", from = from.0, to = to.0),
    };
    Ok(q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await)?)
}

async fn run(tx: &mut Tx, sql: String) -> Result<()> {
    bulk::run(tx, sql, &[]).await.map(drop)
}
