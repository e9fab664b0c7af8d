//! Boards that members of staff put together.

use db::{Tx, q};
use domain::{
    board::{Board, Tile},
    id::{AgentId, BoardId, TenantId},
    time::Ts,
};

use crate::{Error, Result, table};

table! {
    Board in "boards" of tenant [tenant_id] {
        key { id: BoardId [id] }
        fixed { owner: AgentId [owner_id] }
        changing { name: String [name], shared: bool [shared], tiles: Vec<Tile> [tiles], updated_at: Ts [updated_at] }
    }
}

/// Adds a board.
pub async fn insert(tx: &mut Tx, tenant: TenantId, board: &Board) -> Result<()> {
    table::insert(tx, tenant, board).await
}

/// A board by its id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: BoardId) -> Result<Board> {
    let row = q!(tx, |c| sqlx::query_as(table::select::<Board>("AND id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?;
    table::one(row)
}

/// The boards that a member sees: their own and those that are shared, by name.
pub async fn list(tx: &mut Tx, tenant: TenantId, member: AgentId) -> Result<Vec<Board>> {
    let sql = table::select::<Board>("AND (shared = 1 OR owner_id = $2) ORDER BY name, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(member.uuid()).fetch_all(c).await)?)
}

/// The number of boards of a company that are shared.
pub async fn count_shared(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM boards WHERE tenant_id = $1 AND shared = 1";
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// The number of boards that a member keeps for themselves.
pub async fn count_private(tx: &mut Tx, tenant: TenantId, member: AgentId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM boards WHERE tenant_id = $1 AND owner_id = $2 AND shared = 0";
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(member.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// Updates a board; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, board: &Board, seen: Ts) -> Result<()> {
    table::update(tx, tenant, board, seen).await
}

/// Deletes a board.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: BoardId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM boards WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
