//! Companies that are on their way into this record or out of it, and records that are being moved into this one.

use db::{Db, Tx, q, row};
use domain::{id::TenantId, time::Ts};
use uuid::Uuid;

use crate::{Error, Result};

/// Which way a company goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is being imported.
    Arriving,
    /// It is being erased.
    Leaving,
}

impl Way {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Leaving => "leaving",
        }
    }
}

/// A company on its way: it is not visible, and nothing is done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The company.
    pub tenant: TenantId,
    /// Which way it goes.
    pub way: Way,
    /// The short name that it will have, or had.
    pub slug: String,
    /// Since when.
    pub begun_at: Ts,
    /// The node that does it, or did it.
    pub node: Uuid,
}

row! {
    struct TransferRow { company_id: Uuid, kind: String, slug: String, begun_at: i64, node_id: Uuid }
}

impl From<TransferRow> for Transfer {
    fn from(TransferRow { company_id, kind, slug, begun_at, node_id }: TransferRow) -> Self {
        let way = if kind == Way::Arriving.as_str() { Way::Arriving } else { Way::Leaving };
        Self { tenant: TenantId::new(company_id), way, slug, begun_at: Ts(begun_at), node: node_id }
    }
}

/// Some of the companies on their way, the one that has been for longest first.
macro_rules! listed {
    ($($of:expr),*) => {
        concat!("SELECT company_id, kind, slug, begun_at, node_id FROM transfers ", $($of,)* " ORDER BY begun_at, company_id")
    };
}

/// What only the node `$1` can be doing, or one that was not seen since `$2`.
macro_rules! is_free {
    () => {
        "(node_id = $1 OR NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = transfers.node_id AND n.seen_at >= $2))"
    };
}

/// The companies on their way, the one that has been for longest first.
pub async fn transfers(db: &Db) -> Result<Vec<Transfer>> {
    let mut tx = db.read().await?;
    let sql = listed!("");
    let rows: Vec<TransferRow> = q!(tx, |c| sqlx::query_as(sql).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Transfer::from).collect())
}

/// The companies on their way by the doing of this node, or of one that was last seen before `gone_before`; the one that has been for longest first.
pub async fn stranded_transfers(db: &Db, node: Uuid, gone_before: Ts) -> Result<Vec<Transfer>> {
    let mut tx = db.read().await?;
    let sql = listed!("WHERE ", is_free!());
    let rows: Vec<TransferRow> = q!(tx, |c| sqlx::query_as(sql).bind(node).bind(gone_before.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Transfer::from).collect())
}

/// Has this node go on with one of [`stranded_transfers`]; returns whether it was still to be had. Whoever had it before can do nothing about it any more.
pub async fn take_transfer(tx: &mut Tx, tenant: TenantId, node: Uuid, gone_before: Ts) -> Result<bool> {
    let sql = concat!("UPDATE transfers SET node_id = $1 WHERE company_id = $3 AND ", is_free!());
    let taken = q!(tx, |c| sqlx::query(sql).bind(node).bind(gone_before.0).bind(tenant.uuid()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(taken == 1)
}

/// Makes sure that a company is still on its way by the doing of this node, until the transaction ends; [`Error::Stale`] if another one goes on with it.
pub async fn hold_transfer(tx: &mut Tx, tenant: TenantId, node: Uuid) -> Result<()> {
    let sql = "UPDATE transfers SET node_id = node_id WHERE company_id = $1 AND node_id = $2";
    let held = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(node).execute(c).await.map(|done| done.rows_affected()))?;
    if held == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Notes that a company is on its way by the doing of this node; [`Error::Taken`] if it is already.
pub async fn begin_transfer(tx: &mut Tx, tenant: TenantId, way: Way, slug: &str, node: Uuid) -> Result<()> {
    let now = tx.now();
    let sql = "INSERT INTO transfers (company_id, kind, slug, begun_at, node_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (company_id) DO NOTHING";
    let begun = q!(tx, |c| sqlx::query(sql)
        .bind(tenant.uuid())
        .bind(way.as_str())
        .bind(slug)
        .bind(now.0)
        .bind(node)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if begun == 1 { Ok(()) } else { Err(Error::Taken) }
}

/// Turns the arrival of a company around: what has arrived of it is erased. Does nothing if this node does not have it arrive.
pub async fn turn_back(tx: &mut Tx, tenant: TenantId, node: Uuid) -> Result<()> {
    let sql = "UPDATE transfers SET kind = 'leaving' WHERE company_id = $1 AND node_id = $2";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(node).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends the way of a company: it has arrived, or nothing is left of it; [`Error::Stale`] if it is not on its way by the doing of this node.
pub async fn end_transfer(tx: &mut Tx, tenant: TenantId, node: Uuid) -> Result<()> {
    let sql = "DELETE FROM transfers WHERE company_id = $1 AND node_id = $2";
    let ended = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(node).execute(c).await.map(|done| done.rows_affected()))?;
    if ended == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// When a company arrived by an import; `None` if it never did, or is not here.
pub async fn arrived_at(tx: &mut Tx, tenant: TenantId) -> Result<Option<Ts>> {
    let row: Option<(Option<i64>,)> = q!(tx, |c| sqlx::query_as("SELECT arrived_at FROM tenants WHERE id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.and_then(|(at,)| at).map(Ts))
}

/// Gives a company a short name; [`Error::Taken`] if another one has it.
pub async fn rename_company(tx: &mut Tx, tenant: TenantId, slug: &str) -> Result<()> {
    let (taken,): (i64,) =
        q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM tenants WHERE slug = $2 AND id <> $1").bind(tenant.uuid()).bind(slug).fetch_one(c).await)?;
    if taken > 0 {
        return Err(Error::Taken);
    }
    q!(tx, |c| sqlx::query("UPDATE tenants SET slug = $2 WHERE id = $1").bind(tenant.uuid()).bind(slug).execute(c).await.map(drop))?;
    Ok(())
}

/// The short name of a company, also of one that is not visible; `None` if there is no company with this id.
pub async fn slug_of(tx: &mut Tx, tenant: TenantId) -> Result<Option<String>> {
    let row: Option<(String,)> = q!(tx, |c| sqlx::query_as("SELECT slug FROM tenants WHERE id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|(slug,)| slug))
}

/// Whether a company has this short name, or will have it when it has arrived.
pub async fn is_slug_taken(tx: &mut Tx, slug: &str) -> Result<bool> {
    let sql = "SELECT (SELECT COUNT(*) FROM tenants WHERE slug = $1) + (SELECT COUNT(*) FROM transfers WHERE slug = $1 AND kind = 'arriving')";
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(slug).fetch_one(c).await)?;
    Ok(found > 0)
}

/// Whether a company is at the root of the installation's address.
pub async fn has_root(tx: &mut Tx) -> Result<bool> {
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM tenants WHERE is_root = 1").fetch_one(c).await)?;
    Ok(found > 0)
}

/// The first of these keys that a site has, if any has.
pub async fn taken_site_key(tx: &mut Tx, keys: &[String]) -> Result<Option<String>> {
    for key in keys {
        let (found,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM sites WHERE key = $1").bind(key).fetch_one(c).await)?;
        if found > 0 {
            return Ok(Some(key.clone()));
        }
    }
    Ok(None)
}

/// The generation of the record that is being moved into this one, if one is.
pub async fn moving(tx: &mut Tx) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM moving WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(|(generation,)| generation))
}

/// Notes that a record is being moved into this one.
pub async fn begin_moving(tx: &mut Tx, generation: Uuid) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO moving (one, generation, begun_at) VALUES (1, $1, $2)").bind(generation).bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}

/// All of the record is here.
pub async fn end_moving(tx: &mut Tx) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM moving").execute(c).await.map(drop))?;
    Ok(())
}
