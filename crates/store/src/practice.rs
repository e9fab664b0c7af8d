//! The company in which the staff of another one practise: its learners, each with a member of their own there, and what they practise.

use db::{Tx, q};
use domain::{
    due::DueKind,
    id::{AgentId, ConversationId, QueueId, SessionId, SiteId, TenantId, VisitorId},
    text::Lang,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, staff_sessions, table};

/// Somebody who practises, and what they practise now or did last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// The member of the company of practice as whom they do so.
    pub twin: AgentId,
    /// The member of the company that it belongs to.
    pub member: AgentId,
    /// The session in which they began, in the company that it belongs to.
    pub session: SessionId,
    /// The queue that only they serve.
    pub queue: QueueId,
    /// The site whose customers wait there.
    pub site: SiteId,
    /// The key of the exercise.
    pub exercise: String,
    /// The language of the simulated customer.
    pub lang: Lang,
    /// The simulated customer.
    pub visitor: VisitorId,
    /// Their conversation, once it has begun.
    pub conversation: ConversationId,
    /// When the exercise began.
    pub begun_at: Ts,
    /// When all of its steps were done.
    pub finished_at: Option<Ts>,
    /// When it ended, whether or not it was finished.
    pub ended_at: Option<Ts>,
}

table! {
    Learner in "practice_learners" {
        key { twin: AgentId [agent_id] }
        fixed { member: AgentId [member_id], queue: QueueId [queue_id], site: SiteId [site_id] }
        changing {
            session: SessionId [member_session_id], exercise: String [exercise], lang: Lang [lang], visitor: VisitorId [visitor_id],
            conversation: ConversationId [conversation_id], begun_at: Ts [begun_at], finished_at: Option<Ts> [finished_at], ended_at: Option<Ts> [ended_at],
        }
    }
}

/// The secret from which the session of a learner is found by the one that they are signed in with. No cookie has this form.
pub fn secret_of(session: SessionId) -> String {
    format!("practice of {session}")
}

/// The company in which the staff of this one practise; `None` if nobody has done so yet.
pub async fn of_company(tx: &mut Tx, tenant: TenantId) -> Result<Option<TenantId>> {
    let sql = "SELECT id FROM tenants WHERE practice_of = $1";
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|(id,)| TenantId::new(id)))
}

/// Says that a company is there for the staff of `company` to practise; [`Error::Taken`] if they have one. Its days are not checked: it has no numbers.
pub async fn dedicate(tx: &mut Tx, tenant: TenantId, company: TenantId) -> Result<()> {
    let checks = "DELETE FROM due WHERE tenant_id = $1 AND kind = $2";
    q!(tx, |c| sqlx::query(checks).bind(tenant.uuid()).bind(DueKind::DayChecks.as_str()).execute(c).await.map(drop))?;
    let sql = "UPDATE tenants SET practice_of = $2, is_root = 0 WHERE id = $1";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(company.uuid()).execute(c).await.map(drop)).map_err(Into::into)
}

/// Adds a learner.
pub async fn insert(tx: &mut Tx, tenant: TenantId, learner: &Learner) -> Result<()> {
    table::insert(tx, tenant, learner).await
}

/// Notes what a learner practises now.
pub async fn replace(tx: &mut Tx, tenant: TenantId, learner: &Learner) -> Result<()> {
    table::replace(tx, tenant, learner).await
}

/// The learner who is this member of the company that it belongs to.
pub async fn of_member(tx: &mut Tx, tenant: TenantId, member: AgentId) -> Result<Option<Learner>> {
    let sql = table::select::<Learner>("AND member_id = $2");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(member.uuid()).fetch_optional(c).await)?)
}

/// The learner who is this member of the company of practice.
pub async fn get(tx: &mut Tx, tenant: TenantId, twin: AgentId) -> Result<Learner> {
    let sql = table::select::<Learner>("AND agent_id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(twin.uuid()).fetch_optional(c).await)?)
}

/// Notes that all steps of what a learner practises are done; returns whether that was not known.
pub async fn finish(tx: &mut Tx, tenant: TenantId, twin: AgentId, conversation: ConversationId) -> Result<bool> {
    let sql = "UPDATE practice_learners SET finished_at = $4 WHERE tenant_id = $1 AND agent_id = $2 AND conversation_id = $3 AND finished_at IS NULL";
    note_time(tx, (tenant, twin, conversation), sql).await
}

/// Ends what a learner practises, with their sessions; returns whether it had not ended.
pub async fn end(tx: &mut Tx, tenant: TenantId, twin: AgentId, conversation: ConversationId) -> Result<bool> {
    let sql = "UPDATE practice_learners SET ended_at = $4 WHERE tenant_id = $1 AND agent_id = $2 AND conversation_id = $3 AND ended_at IS NULL";
    let has_ended = note_time(tx, (tenant, twin, conversation), sql).await?;
    if has_ended {
        staff_sessions::end_all(tx, tenant, twin).await?;
    }
    Ok(has_ended)
}

/// Notes the time of something in what a learner practises; returns whether there was none yet.
async fn note_time(tx: &mut Tx, (tenant, twin, conversation): (TenantId, AgentId, ConversationId), sql: &'static str) -> Result<bool> {
    let now = tx.now();
    let noted = q!(tx, |c| sqlx::query(sql)
        .bind(tenant.uuid())
        .bind(twin.uuid())
        .bind(conversation.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(noted == 1)
}

/// Renames the member as whom a learner practises, whose own name may have changed.
pub async fn rename(tx: &mut Tx, tenant: TenantId, twin: AgentId, name: &str) -> Result<()> {
    let sql = "UPDATE agents SET name = $3 WHERE tenant_id = $1 AND id = $2";
    let done = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(twin.uuid()).bind(name).execute(c).await.map(|done| done.rows_affected()))?;
    if done == 1 { Ok(()) } else { Err(Error::NotFound) }
}
