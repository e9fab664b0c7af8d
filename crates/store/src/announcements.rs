//! Announcements to the staff, and who has read them.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    announcement::Announcement,
    id::{AgentId, AnnouncementId, GroupId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, table};

table! {
    Announcement in "announcements" {
        key { id: AnnouncementId [id] }
        fixed { title: String [title], text: String [text], group: Option<GroupId> [group_id], by: AgentId [by_id], at: Ts [at] }
    }
}

row! {
    struct Reading { announcement_id: Uuid, agent_id: Uuid, at: i64 }
}

/// Adds an announcement.
pub async fn insert(tx: &mut Tx, tenant: TenantId, announcement: &Announcement) -> Result<()> {
    table::insert(tx, tenant, announcement).await
}

/// All announcements of a company, most recent first; there are few ([`domain::announcement::MAX_ANNOUNCEMENTS`]).
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Announcement>> {
    let sql = table::select::<Announcement>("ORDER BY at DESC, id DESC");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// An announcement by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: AnnouncementId) -> Result<Announcement> {
    let sql = table::select::<Announcement>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// The number of a company's announcements.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM announcements WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// Withdraws an announcement: nothing is left of it, nor of who has read it.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: AnnouncementId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM announcements_read WHERE tenant_id = $1 AND announcement_id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(drop))?;
    let removed = q!(tx, |c| sqlx::query("DELETE FROM announcements WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// A member has read an announcement.
pub async fn read(tx: &mut Tx, tenant: TenantId, id: AnnouncementId, agent: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO announcements_read (tenant_id, announcement_id, agent_id, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, announcement_id, agent_id) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(agent.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// When a member read which announcements.
pub async fn readings_of(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<(AnnouncementId, Ts)>> {
    let rows: Vec<(Uuid, i64)> = q!(tx, |c| sqlx::query_as("SELECT announcement_id, at FROM announcements_read WHERE tenant_id = $1 AND agent_id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id, at)| (AnnouncementId::new(id), Ts(at))).collect())
}

/// Who has read which of a company's announcements, and when.
pub async fn readings(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<(AnnouncementId, AgentId), Ts>> {
    let rows: Vec<Reading> =
        q!(tx, |c| sqlx::query_as("SELECT announcement_id, agent_id, at FROM announcements_read WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|r| ((AnnouncementId::new(r.announcement_id), AgentId::new(r.agent_id)), Ts(r.at))).collect())
}
