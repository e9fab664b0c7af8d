//! What a company adds to its catalogue for the bot.

use content::graph::{GraphItem, GraphUnit};
use db::{Tx, q};
use domain::{id::TenantId, time::Ts};
use store::{Error, Result, table};

/// What is added to the items, by id.
pub async fn items(tx: &mut Tx, tenant: TenantId) -> Result<Vec<GraphItem>> {
    table::all(q!(tx, |c| sqlx::query_as(table::select::<GraphItem>("ORDER BY id")).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// The units of properties, by key.
pub async fn units(tx: &mut Tx, tenant: TenantId) -> Result<Vec<GraphUnit>> {
    table::all(q!(tx, |c| sqlx::query_as(table::select::<GraphUnit>("ORDER BY id")).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// Stores what is added to an item; [`Error::Stale`] if it changed since it was `seen`, which is 0 if nothing was added before.
pub async fn put_item(tx: &mut Tx, tenant: TenantId, item: &GraphItem, seen: Ts) -> Result<()> {
    match table::update(tx, tenant, item, seen).await {
        Err(Error::Stale) if seen == Ts(0) => table::insert(tx, tenant, item).await.map_err(stale_if_taken),
        done => done,
    }
}

/// Stores the unit of a property; [`Error::Stale`] if it changed since it was `seen`, which is 0 if there was none before.
pub async fn put_unit(tx: &mut Tx, tenant: TenantId, unit: &GraphUnit, seen: Ts) -> Result<()> {
    match table::update(tx, tenant, unit, seen).await {
        Err(Error::Stale) if seen == Ts(0) => table::insert(tx, tenant, unit).await.map_err(stale_if_taken),
        done => done,
    }
}

fn stale_if_taken(error: Error) -> Error {
    if matches!(error, Error::Taken) { Error::Stale } else { error }
}
