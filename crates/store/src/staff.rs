//! The people who serve.

use db::{Tx, journal, q, row};
use domain::{
    id::{AgentId, InboxId, StreamName, TenantId},
    journal::{Actor, Body, Effect, EntryKind, NewEntry, StreamKind},
    policy::Staff,
    staff::{AgentState, Role},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

/// A member of the staff as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: AgentId,
    /// Of which company.
    pub tenant: TenantId,
    /// The stream of what was given to them.
    pub inbox: InboxId,
    /// The address they sign in with; unique in the installation, lower case.
    pub email: String,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// What they are.
    pub role: Role,
    /// What the password is checked against, once one was set.
    pub password_hash: Option<String>,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Since when.
    pub state_since: Ts,
    /// How many conversations they serve at once.
    pub capacity: i64,
    /// Since when they belong to the staff.
    pub created_at: Ts,
}

impl Member {
    /// What the policy asks about.
    pub fn staff(&self) -> Staff {
        Staff { agent: self.id, tenant: self.tenant, role: self.role, name: self.name.clone(), number: self.number.clone() }
    }
}

row! {
    /// A row of `agents`.
    pub(crate) struct Row {
        pub(crate) tenant_id: Uuid, pub(crate) id: Uuid, pub(crate) inbox_id: Uuid, pub(crate) email: String, pub(crate) name: String,
        pub(crate) number: String, pub(crate) role: String, pub(crate) password_hash: Option<String>, pub(crate) state: String,
        pub(crate) state_since: i64, pub(crate) capacity: i64, pub(crate) created_at: i64,
    }
}

impl TryFrom<Row> for Member {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |what: &str| Error::Db(db::Error::Corrupt(what.to_owned()));
        Ok(Self {
            id: AgentId::new(row.id),
            tenant: TenantId::new(row.tenant_id),
            inbox: InboxId::new(row.inbox_id),
            email: row.email,
            name: row.name,
            number: row.number,
            role: Role::parse(&row.role).ok_or_else(|| corrupt("agents.role"))?,
            password_hash: row.password_hash,
            state: AgentState::parse(&row.state).ok_or_else(|| corrupt("agents.state"))?,
            state_since: Ts(row.state_since),
            capacity: row.capacity,
            created_at: Ts(row.created_at),
        })
    }
}

/// Adds a member; [`Error::Conflict`] if the address is taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Member) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO agents (tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    )
    .bind(tenant.uuid())
    .bind(new.id.uuid())
    .bind(new.inbox.uuid())
    .bind(&new.email)
    .bind(&new.name)
    .bind(&new.number)
    .bind(new.role.as_str())
    .bind(new.password_hash.as_deref())
    .bind(new.state.as_str())
    .bind(new.state_since.0)
    .bind(new.capacity)
    .bind(new.created_at.0)
    .execute(c)
    .await
    .map(drop))?;
    tx.effect(Effect::AgentChanged(tenant, new.id));
    Ok(())
}

/// A member.
pub async fn get(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Member> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at
         FROM agents WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_optional(c)
    .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Everyone, in the order in which they joined.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Member>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at
         FROM agents WHERE tenant_id = $1 ORDER BY created_at, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Member::try_from).collect()
}

/// The next free number customers see: one above the highest, four digits at least.
pub async fn next_number(tx: &mut Tx, tenant: TenantId) -> Result<String> {
    let numbers: Vec<(String,)> = q!(tx, |c| sqlx::query_as("SELECT number FROM agents WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    let highest = numbers.iter().filter_map(|(n,)| n.parse::<u32>().ok()).max().unwrap_or(100);
    Ok(format!("{:04}", highest.saturating_add(1)))
}

/// Sets what the password is checked against.
pub async fn set_password(tx: &mut Tx, tenant: TenantId, agent: AgentId, password_hash: &str) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query("UPDATE agents SET password_hash = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(password_hash)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Puts a member into another state, tells those who watch, and returns the member as it is then. The same state again changes nothing.
pub async fn change_state(tx: &mut Tx, tenant: TenantId, agent: AgentId, to: AgentState, actor: Actor, reason: Option<&str>) -> Result<Member> {
    let mut member = get(tx, tenant, agent).await?;
    if member.state == to {
        return Ok(member);
    }
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE agents SET state = $3, state_since = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(to.as_str())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    let mut body = serde_json::json!({"from": member.state.as_str(), "to": to.as_str()});
    let facts = body.to_string();
    if let Some(reason) = reason {
        body["reason"] = reason.into();
    }
    let entry = NewEntry {
        stream: StreamName { kind: StreamKind::Agent, id: agent.uuid() },
        tenant,
        kind: EntryKind::StateChanged,
        v: 1,
        actor,
        client_id: None,
        send_hash: 0,
        side: None,
        body: Body::Plain(body.to_string()),
        staff: None,
        facts,
    };
    journal::note(tx, entry).await?;
    tx.effect(Effect::AgentChanged(tenant, agent));
    member.state = to;
    member.state_since = now;
    Ok(member)
}
