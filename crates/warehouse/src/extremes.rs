//! Looks up an extreme again after a value was taken back: the next one can only be found among the rows.

use std::collections::{BTreeMap, BTreeSet};

use db::{Result, Tx, q, row};
use domain::{
    id::TenantId,
    time::{MINUTE, QUARTER},
};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::{
    changes::TakenBack,
    definition::{DEFINITIONS, Measure},
    event::Directory,
    range,
    sums::{self, Found, Level, Only, Which, name_of},
    tally::Tally,
    window::Window,
};

row! { struct Extreme { part: String, amount: Option<i64> } }

/// The query that finds an extreme: of which measure, by which dimension (empty for the whole). Its parameters are the company, the start and the end.
pub(crate) type Query = fn(&Measure, &str) -> String;

/// Corrects the pieces of time with what a query finds. The rows have been saved.
pub(crate) async fn look_up_again(tx: &mut Tx, taken_back: &BTreeSet<TakenBack>, directory: &Directory, query: Query) -> Result<()> {
    for (tenant, cell, level, dimension, from) in taken_back {
        let Some(measure) = DEFINITIONS.cells.get(*cell).and_then(|cell| DEFINITIONS.measures.get(cell.measure)) else { continue };
        let to = match level {
            Level::Minute => from.plus(MINUTE),
            Level::Quarter => from.plus(QUARTER),
            Level::Day => {
                let zone = directory.zone(TenantId::new(*tenant));
                range::start_of(range::after(range::day_of(*from, &zone)?)?, &zone)?
            }
        };
        let sql = query(measure, name_of(*dimension));
        correct(tx, (*tenant, *level, *dimension), *cell, Window { from: *from, to }, &sql).await?;
    }
    Ok(())
}

/// Replaces the values of one cell in a piece of time with what the rows say.
async fn correct(tx: &mut Tx, (tenant, level, dimension): Which, cell: usize, window: Window, sql: &str) -> Result<()> {
    let right: Vec<Extreme> =
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql).into_sql_str()).bind(tenant).bind(window.from.0).bind(window.to.0).fetch_all(c).await)?;
    let stored = sums::within(tx, (tenant, level, dimension), &[Window { from: window.from, to: window.from.plus(1) }], Only::All).await?;
    let mut right: BTreeMap<&str, Option<i64>> = right.iter().map(|one| (one.part.as_str(), one.amount)).collect();
    let mut rows = BTreeMap::new();
    for part in stored.iter().flat_map(Found::parts) {
        let (part, amounts) = part?;
        let (before, is) = (Tally::unpack(amounts)?, right.remove(part).flatten());
        if before.get(cell) != is {
            let mut tally = before;
            tally.set(cell, is);
            rows.insert((tenant, dimension, window.from, part), tally);
        }
    }
    for (part, amount) in right.into_iter().filter(|(_, amount)| amount.is_some()) {
        rows.insert((tenant, dimension, window.from, part), Tally::from_iter(amount.map(|amount| (cell, amount))));
    }
    sums::write(tx, level, &rows).await
}
