//! Erases the rows of a company, some at a time, while others are served.
//!
//! From the first step on the company is on its way out ([`store::entry_points::transfers`]): nobody finds it, and nothing is done for it. If the node that does it
//! ends in between, another one goes on; should the first one still be there after all, it can do nothing more.

use std::collections::BTreeMap;

use db::{Db, Shard, Tx};
use domain::id::TenantId;
use store::{
    Error, Result,
    entry_points::{self, Way},
};
use uuid::Uuid;

use crate::{
    holdings::{Table, tables},
    rows,
};

/// What lets somebody in: erased before everything else.
const FIRST: [&str; 10] = [
    "staff_sessions",
    "customer_sessions",
    "visitor_tokens",
    "visitor_devices",
    "api_token_secrets",
    "sign_in_links",
    "sign_in_steps",
    "customer_codes",
    "wall_links",
    "jobs",
];
/// How often everything is gone through: what was under way when the erasing began may leave rows behind it.
const PASSES: usize = 10;

/// How many rows were erased, by table.
pub type Erased = BTreeMap<&'static str, u64>;

/// Has a node take a company out of sight; [`Error::NotFound`] if there is none with this id, [`Error::Taken`] if it is on its way already.
pub async fn begin(db: &Db, tenant: TenantId, node: Uuid) -> Result<()> {
    let hide = db.writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            let slug = entry_points::slug_of(tx, tenant).await?.ok_or(Error::NotFound)?;
            entry_points::begin_transfer(tx, tenant, Way::Leaving, &slug, node).await?;
            entry_points::rename_company(tx, tenant, &hidden_slug(tenant)).await
        })
    });
    hide.await
}

/// The short name of a company that nobody is to find: no short name that anybody chooses has such a sign.
pub fn hidden_slug(tenant: TenantId) -> String {
    format!("~{}", tenant.uuid().as_simple())
}

/// Erases all rows of a company that this node has on its way out, the company's own last; calls `on_table` after each table. [`Error::Stale`] if another node has
/// gone on with it.
pub async fn rows(db: &Db, tenant: TenantId, node: Uuid, on_table: impl Fn(&'static str) + Send + Sync) -> Result<Erased> {
    let (mut erased, whose) = (Erased::new(), (tenant, node));
    let first = || tables().filter(|table| FIRST.contains(&table.name));
    let mut backwards: Vec<&'static Table> = tables().filter(|table| table.name != "tenants").collect();
    backwards.reverse();
    let mut last = Ok(());
    for _ in 0..PASSES {
        let mut found = 0;
        for table in first().chain(backwards.iter().copied()) {
            let here = table_rows(db, table, whose).await?;
            on_table(table.name);
            *erased.entry(table.name).or_default() += here;
            found += here;
        }
        if found > 0 {
            continue;
        }
        match company_row(db, whose).await {
            Ok(rows) => {
                erased.insert("tenants", rows);
                return sweep(db, whose, &backwards, erased).await;
            }
            Err(Error::Stale) => return Err(Error::Stale),
            // A row that refers to the company has come in the meantime: once more.
            Err(error) => last = Err(error),
        }
    }
    last?;
    Err(Error::Db(db::Error::Busy))
}

/// What came without a reference to the company, before the company was gone.
async fn sweep(db: &Db, whose: (TenantId, Uuid), backwards: &[&'static Table], mut erased: Erased) -> Result<Erased> {
    for table in backwards {
        *erased.entry(table.name).or_default() += table_rows(db, table, whose).await?;
    }
    erased.retain(|_, rows| *rows > 0);
    Ok(erased)
}

async fn company_row(db: &Db, whose: (TenantId, Uuid)) -> Result<u64> {
    let mut erased = 0;
    for table in tables().filter(|table| table.name == "tenants") {
        erased += table_rows(db, table, whose).await?;
    }
    Ok(erased)
}

async fn table_rows(db: &Db, table: &'static Table, whose: (TenantId, Uuid)) -> Result<u64> {
    let mut all = 0;
    loop {
        let erased = db.writer().write_patiently(Shard::Any, move |tx| Box::pin(some(tx, table, whose))).await?;
        all += erased;
        if erased == 0 {
            return Ok(all);
        }
    }
}

async fn some(tx: &mut Tx, table: &'static Table, (tenant, node): (TenantId, Uuid)) -> Result<u64> {
    entry_points::hold_transfer(tx, tenant, node).await?;
    Ok(rows::erase_some(tx, table, tenant).await?)
}

/// Nothing is left of the company: this node does not have it on its way any more.
pub async fn end(db: &Db, tenant: TenantId, node: Uuid) -> Result<()> {
    db.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::end_transfer(tx, tenant, node).await })).await
}
