//! The members of the staff and their state. [`roster`] has the view of their managers, [`removal`] what ends with a member, [`work`] what they do over time.

mod circle;
pub mod removal;
pub mod roster;
pub mod states;
pub(crate) mod work;

use std::sync::Arc;

use db::{Tx, bulk::Value, journal, q};
use domain::{
    effect::Effect,
    entry::{Body, Fact, body, fact},
    id::{AgentId, GroupId, InboxId, TenantId},
    journal::{Actor, NewEntry},
    mail_address::MailAddress,
    policy::{Circle, Grants, Staff},
    staff::{AgentState, Role},
    stream::{StreamKind, StreamName},
    text::normal,
    time::Ts,
};

use uuid::Uuid;

use crate::{Error, Result, roles, table};

/// A member of the staff as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id.
    pub id: AgentId,
    /// The company.
    pub tenant: TenantId,
    /// The stream of the conversations assigned to the member.
    pub inbox: InboxId,
    /// The e-mail address the member signs in with, as [`MailAddress::text`] has it, or as an earlier version stored it; unique in the company.
    pub email: String,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The role.
    pub role: Role,
    /// What the role holds, if the company composed it.
    pub role_grants: Option<Grants>,
    /// The group, if any.
    pub group: Option<GroupId>,
    /// The hash of the password, once one has been set.
    pub password_hash: Option<String>,
    /// Whether the member accepts conversations.
    pub state: AgentState,
    /// When the state last changed.
    pub state_since: Ts,
    /// The maximum number of conversations served at once.
    pub capacity: i64,
    /// When the member was added.
    pub created_at: Ts,
}

impl Member {
    /// The permissions of the member.
    pub fn grants(&self) -> Grants {
        self.role_grants.unwrap_or_else(|| Grants::of(self.role))
    }
    /// Gives the member, as read, a role to look as: nothing is stored. A role that is gone, or that holds more than the member by now, shows nothing.
    pub async fn look_as(&mut self, tx: &mut Tx, role: &str) -> Result<()> {
        let own = self.grants();
        let Some(role) = Role::parse(role) else { return Err(Error::Db(db::Error::Corrupt(format!("no role: {role}")))) };
        let viewed = match roles::grants_of(tx, self.tenant, role).await {
            Ok(composed) => composed.unwrap_or_else(|| Grants::of(role)),
            Err(Error::NotFound) => Grants::NONE,
            Err(error) => return Err(error),
        };
        (self.role, self.role_grants) = (role, Some(if own.cover(viewed) { viewed } else { Grants::NONE }));
        Ok(())
    }
    /// The member as the policy sees it, with what their reaches relate them to.
    pub async fn staff(&self, tx: &mut Tx) -> Result<Staff> {
        let circle = Arc::new(circle::of(tx, self.tenant, self.id, self.group, self.grants()).await?);
        Ok(self.with_circle(circle))
    }
    /// The member as the policy sees it, where it is known what their reaches relate them to.
    pub(crate) fn with_circle(&self, circle: Arc<Circle>) -> Staff {
        Staff { agent: self.id, tenant: self.tenant, grants: self.grants(), circle, name: self.name.clone(), number: self.number.clone() }
    }
}

/// The text a member is searched by.
pub(crate) fn found_by(name: &str, number: &str, email: &str) -> String {
    normal(&format!("{name} {number} {email}"))
}

table! {
    Member in "agents" of tenant [tenant_id] {
        key { id: AgentId [id] }
        fixed {
            inbox: InboxId [inbox_id], email: String [email], name: String [name], number: String [number], role: Role [role],
            role_grants: Option<Grants> [role_grants], group: Option<GroupId> [group_id],
            password_hash: Option<String> [password_hash], state: AgentState [state], state_since: Ts [state_since], capacity: i64 [capacity],
            created_at: Ts [created_at],
        }
    }
}

/// Adds a member; [`Error::Taken`] if the e-mail address is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Member) -> Result<()> {
    if let Some(address) = MailAddress::parse(&new.email)
        && holder_of(tx, tenant, &address).await?.is_some()
    {
        return Err(Error::Taken);
    }
    let found_by = found_by(&new.name, &new.number, &new.email);
    table::insert_with(tx, tenant, new, &[("found_by", Value::Text(Some(&found_by)))]).await?;
    note_number(tx, tenant, &new.number).await?;
    tx.effect(Effect::AgentChanged(tenant, new.id));
    Ok(())
}

/// Adds the member as which a program acts: no list of people contains it, and nobody can sign in as it.
pub(crate) async fn insert_program(tx: &mut Tx, tenant: TenantId, new: &Member) -> Result<()> {
    table::insert_with(tx, tenant, new, &[("is_program", Value::Int(Some(1)))]).await
}

/// Disables a program, whose conversations are given back like those of every disabled member.
pub async fn disable_program(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE agents SET disabled_at = $3 WHERE tenant_id = $1 AND id = $2 AND is_program = 1")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A member by id, or a program.
pub async fn get(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Member> {
    let sql = table::select::<Member>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(agent.uuid()).fetch_optional(c).await)?)
}

/// All members, in the order in which they joined; no programs.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Member>> {
    let sql = table::select::<Member>("AND is_program = 0 ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// The name of everybody who may have served a conversation: all members and programs.
pub async fn names(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(AgentId, String)>> {
    let rows: Vec<(Uuid, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, name FROM agents WHERE tenant_id = $1 ORDER BY created_at, id").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| (AgentId::new(id), name)).collect())
}

/// The member who signs in with this e-mail address, in whichever spelling it is stored, and is not disabled.
pub async fn by_email(tx: &mut Tx, tenant: TenantId, address: &MailAddress) -> Result<Option<Member>> {
    for spelling in address.spellings().into_iter().filter(|spelling| crate::can_be_stored(spelling)) {
        let sql = table::select::<Member>("AND email = $2 AND disabled_at IS NULL AND removed_at IS NULL");
        let found = table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(&spelling[..]).fetch_optional(c).await)?)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The member who has this e-mail address, in whichever spelling it is stored; also one who is disabled.
pub async fn holder_of(tx: &mut Tx, tenant: TenantId, address: &MailAddress) -> Result<Option<AgentId>> {
    for spelling in address.spellings().into_iter().filter(|spelling| crate::can_be_stored(spelling)) {
        let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM agents WHERE tenant_id = $1 AND email = $2 AND removed_at IS NULL")
            .bind(tenant.uuid())
            .bind(&spelling[..])
            .fetch_optional(c)
            .await)?;
        if let Some((id,)) = row {
            return Ok(Some(AgentId::new(id)));
        }
    }
    Ok(None)
}

/// The next free number shown to customers: one above the highest, at least four digits. Each call returns a new one.
pub async fn next_number(tx: &mut Tx, tenant: TenantId) -> Result<String> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("UPDATE tenants SET last_number = last_number + 1 WHERE id = $1 RETURNING last_number")
        .bind(tenant.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(number,)| format!("{number:04}")).ok_or(Error::NotFound)
}

/// The maximum number of digits of a number that the next free one is counted on from.
const MAX_COUNTED: usize = 9;

/// Records that a number is in use, so that the next free one is higher.
async fn note_number(tx: &mut Tx, tenant: TenantId, number: &str) -> Result<()> {
    let counted = number.len() <= MAX_COUNTED && number.bytes().all(|digit| digit.is_ascii_digit());
    let Some(number) = number.parse::<i64>().ok().filter(|_| counted) else { return Ok(()) };
    q!(tx, |c| sqlx::query("UPDATE tenants SET last_number = $2 WHERE id = $1 AND last_number < $2")
        .bind(tenant.uuid())
        .bind(number)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Locks a password until the commit; [`Error::Stale`] if it is no longer the one that was checked, or if the member is disabled.
pub async fn hold_password(tx: &mut Tx, tenant: TenantId, agent: AgentId, checked: &str) -> Result<()> {
    // The update takes the row's lock: a concurrent change of the password or disabling of the member has to wait, or was first.
    let sql = "UPDATE agents SET password_hash = password_hash WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND disabled_at IS NULL";
    let held = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).bind(checked).execute(c).await.map(|done| done.rows_affected()))?;
    if held == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Sets the hash of the password.
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

/// Ends the stretch of work that an agent is in, and begins the next: nothing changes but the time.
pub async fn note_work(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    let Some(stretch) = work::begin(tx, tenant, agent).await? else { return Ok(()) };
    match work::turn(tx, &stretch, work::Change::default()).await? {
        Some(worked) => Ok(journal::note(tx, worked).await?),
        None => Ok(()),
    }
}

/// Changes a member's state, notifies subscribers, and returns the member with the new state. Setting the same state changes nothing.
pub async fn change_state(tx: &mut Tx, tenant: TenantId, agent: AgentId, to: AgentState, actor: Actor, reason: Option<&str>) -> Result<Member> {
    let mut member = get(tx, tenant, agent).await?;
    if member.state == to {
        return Ok(member);
    }
    let now = tx.now();
    let stretch = work::begin(tx, tenant, agent).await?.ok_or(Error::NotFound)?;
    q!(tx, |c| sqlx::query("UPDATE agents SET state = $3, state_since = $4, state_reason = $5, state_by = $6 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(to.as_str())
        .bind(now.0)
        .bind(reason)
        .bind(actor.name.as_deref().filter(|_| actor.id != Some(agent.uuid())))
        .execute(c)
        .await
        .map(drop))?;
    let stream = StreamName { kind: StreamKind::Agent, id: agent.uuid() };
    let body = Body::StateChanged(body::StateChanged { from: member.state, to, reason: reason.map(ToOwned::to_owned) });
    let fact = Fact::StateChanged(fact::StateChanged { from: member.state, to });
    let worked = work::turn(tx, &stretch, work::Change { state: Some(to), ..work::Change::default() }).await?;
    let entries = std::iter::once(NewEntry::new(stream, tenant, actor, body, fact)).chain(worked);
    journal::append(tx, entries.map(|entry| (entry.into(), journal::Guard::Any)).collect()).await?;
    tx.effect(Effect::AgentChanged(tenant, agent));
    member.state = to;
    member.state_since = now;
    Ok(member)
}
