//! The staff as their managers see them: groups, queues, invitations, and disabled members.

use std::{borrow::Cow, collections::BTreeSet};

use db::{Tx, q, row};
use domain::{
    effect::Effect,
    id::{AgentId, ConversationId, DepartmentId, GroupId, QueueId, TenantId},
    policy::Grants,
    staff::{AgentState, MemberStatus, Role},
    text::Bilingual,
    time::Ts,
};
use uuid::Uuid;

use super::{Member, found_by, note_number, note_work};
use crate::{
    AT_ONCE, Error, Result,
    fragments::{served_states, under},
    places, table,
};

/// A member of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: AgentId,
    /// The e-mail address the member signs in with.
    pub email: String,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The role.
    pub role: Role,
    /// What the role holds, if the company composed it.
    pub role_grants: Option<Grants>,
    /// The group the member belongs to, if any.
    pub group: Option<GroupId>,
    /// The department the member belongs to, if any: that of the group, if the group has one.
    pub department: Option<DepartmentId>,
    /// The maximum number of conversations served at once.
    pub capacity: i64,
    /// Whether the member accepts conversations.
    pub state: AgentState,
    /// When the state last changed.
    pub state_since: Ts,
    /// Whether the member has ever set a password or signed in by way of an identity provider; until then, the member has not joined.
    pub has_joined: bool,
    /// The queues the member is listed in.
    pub queues: Vec<QueueId>,
    /// The number of conversations served now.
    pub open: i64,
    /// When the member's console was last seen.
    pub last_seen_at: Option<Ts>,
    /// The time until which the last one-time link can be used, if it can.
    pub link_until: Option<Ts>,
    /// When the member was disabled, if so.
    pub disabled_at: Option<Ts>,
    /// When the member was removed, if so. A removed member is disabled as well.
    pub removed_at: Option<Ts>,
    /// When the member was added.
    pub created_at: Ts,
    /// When this was last changed; an editor sends it back.
    pub updated_at: Ts,
}

impl Person {
    /// The permissions of the member.
    pub fn grants(&self) -> Grants {
        self.role_grants.unwrap_or_else(|| Grants::of(self.role))
    }
    /// Whether the member can sign in.
    pub const fn status(&self) -> MemberStatus {
        match (self.removed_at, self.disabled_at, self.has_joined) {
            (Some(_), ..) => MemberStatus::Removed,
            (None, Some(_), _) => MemberStatus::Disabled,
            (None, None, true) => MemberStatus::Active,
            (None, None, false) => MemberStatus::Invited,
        }
    }
}

/// The number of words searched for one by one; what follows the last is searched for as it is.
const WORDS: usize = 4;

/// Which members to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The words that name, number and address must contain, in the form [`normal`] returns; empty matches everyone.
    pub words: String,
    /// Only members with this role.
    pub role: Option<Role>,
    /// Only members of this group.
    pub group: Option<GroupId>,
    /// Only members of this department and of those below it.
    pub department: Option<DepartmentId>,
    /// Only members with this status; by default, all but the removed.
    pub status: Option<MemberStatus>,
    /// Only members within these reaches; by default, of the whole company.
    pub within: Option<Within>,
}

/// Reaches over members of the staff that cover less than the company; a member is within them if one of these is true.
#[derive(Debug, Clone, Copy, Default)]
pub struct Within {
    /// It is this member.
    pub own: Option<AgentId>,
    /// They belong to this group.
    pub group: Option<GroupId>,
    /// They belong to the department of this member, or to one below it.
    pub department_of: Option<AgentId>,
}

row! {
    struct Row {
        id: Uuid, email: String, name: String, number: String, role: String, role_grants: Option<String>, group_id: Option<Uuid>, department_id: Option<Uuid>, capacity: i64, state: String, state_since: i64,
        has_joined: i64, link_until: Option<i64>, disabled_at: Option<i64>, removed_at: Option<i64>, created_at: i64, updated_at: i64,
        last_seen_at: Option<i64>, open: i64,
    }
}

impl TryFrom<Row> for Person {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |what: &str| Error::Db(db::Error::Corrupt(what.to_owned()));
        Ok(Self {
            id: AgentId::new(row.id),
            email: row.email,
            name: row.name,
            number: row.number,
            role: Role::parse(&row.role).ok_or_else(|| corrupt("agents.role"))?,
            role_grants: row.role_grants.as_deref().map(|json| Grants::from_stored(json).ok_or_else(|| corrupt("agents.role_grants"))).transpose()?,
            group: row.group_id.map(GroupId::new),
            department: row.department_id.map(DepartmentId::new),
            capacity: row.capacity,
            state: AgentState::parse(&row.state).ok_or_else(|| corrupt("agents.state"))?,
            state_since: Ts(row.state_since),
            has_joined: row.has_joined != 0,
            queues: Vec::new(),
            open: row.open,
            last_seen_at: row.last_seen_at.map(Ts),
            link_until: row.link_until.map(Ts),
            disabled_at: row.disabled_at.map(Ts),
            removed_at: row.removed_at.map(Ts),
            created_at: Ts(row.created_at),
            updated_at: Ts(row.updated_at),
        })
    }
}

macro_rules! people {
    ($($rest:tt)+) => {
        concat!(
            concat!("SELECT a.id, a.email, a.name, a.number, a.role, a.role_grants, a.group_id, a.department_id, a.capacity, a.state, a.state_since,
               CAST(CASE WHEN a.password_hash IS NOT NULL OR i.agent_id IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS has_joined,
               (SELECT MAX(l.expires_at) FROM sign_in_links l WHERE l.tenant_id = a.tenant_id AND l.agent_id = a.id AND l.spent_at IS NULL AND l.expires_at > $2) AS link_until,
               a.disabled_at, a.removed_at, a.created_at, a.updated_at, s.last_seen_at,
               (SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = a.tenant_id AND c.agent_id = a.id AND c.state IN ", served_states!(), ") AS open
             FROM agents a LEFT JOIN agent_leases s ON s.tenant_id = a.tenant_id AND s.agent_id = a.id
             LEFT JOIN single_sign_on_identities i ON i.tenant_id = a.tenant_id AND i.agent_id = a.id WHERE a.tenant_id = $1 AND a.is_program = 0 "),
            $($rest)+
        )
    };
}

/// The matching members, in the order in which they joined, starting after a place in that order.
pub async fn page(tx: &mut Tx, tenant: TenantId, wanted: &Wanted, after: (Ts, Uuid), limit: i64) -> Result<Vec<Person>> {
    if !crate::can_be_stored(&wanted.words) {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let role = wanted.role.map_or(Cow::Borrowed(""), Role::text);
    let words: Vec<&str> = wanted.words.splitn(WORDS, ' ').chain(std::iter::repeat("")).take(WORDS).collect();
    let within = wanted.within.unwrap_or_default();
    let rows: Vec<Row> = q!(tx, |c| {
        sqlx::query_as(people!(
        "AND (a.created_at, a.id) > ($3, $4) AND ($5 = '' OR a.role = $5) AND ($6 IS NULL OR a.group_id = $6)
         AND ($7 = 'removed' OR a.removed_at IS NULL) AND ($7 <> 'removed' OR a.removed_at IS NOT NULL)
         AND ($7 IN ('', 'removed') OR ($7 = 'disabled' AND a.disabled_at IS NOT NULL) OR ($7 = 'active' AND a.disabled_at IS NULL AND (a.password_hash IS NOT NULL OR i.agent_id IS NOT NULL))
           OR ($7 = 'invited' AND a.disabled_at IS NULL AND a.password_hash IS NULL AND i.agent_id IS NULL))
         AND ($8 = '' OR replace(a.found_by, $8, '') <> a.found_by) AND ($9 = '' OR replace(a.found_by, $9, '') <> a.found_by)
         AND ($10 = '' OR replace(a.found_by, $10, '') <> a.found_by) AND ($11 = '' OR replace(a.found_by, $11, '') <> a.found_by)
         AND ($13 IS NULL OR a.department_id IN ",
        under!("$13"),
        ") AND ($14 = 1 OR a.id = $15 OR a.group_id = $16 OR a.department_id IN ",
        under!("(SELECT o.department_id FROM agents o WHERE o.tenant_id = $1 AND o.id = $17)"),
        ") ORDER BY a.created_at, a.id LIMIT $12"
    ))
    .bind(tenant.uuid())
    .bind(now.0)
    .bind(after.0.0)
    .bind(after.1)
    .bind(&role)
    .bind(wanted.group.map(GroupId::uuid))
    .bind(wanted.status.map_or("", MemberStatus::as_str))
    .bind(words[0])
    .bind(words[1])
    .bind(words[2])
    .bind(words[3])
    .bind(limit)
    .bind(wanted.department.map(DepartmentId::uuid))
    .bind(i64::from(wanted.within.is_none()))
    .bind(within.own.map(AgentId::uuid))
    .bind(within.group.map(GroupId::uuid))
    .bind(within.department_of.map(AgentId::uuid))
    .fetch_all(c)
    .await
    })?;
    let mut people = rows.into_iter().map(Person::try_from).collect::<Result<Vec<_>>>()?;
    let ids: Vec<Uuid> = people.iter().map(|person| person.id.uuid()).collect();
    for (queue, agent) in queues_of(tx, tenant, &ids).await? {
        people.iter_mut().filter(|person| person.id == agent).for_each(|person| person.queues.push(queue));
    }
    Ok(people)
}

/// The queues some members are listed in, as pairs of queue and member.
async fn queues_of(tx: &mut Tx, tenant: TenantId, agents: &[Uuid]) -> Result<Vec<(QueueId, AgentId)>> {
    let mut all = Vec::new();
    for some in agents.chunks(AT_ONCE) {
        let sql = format!("SELECT queue_id, agent_id FROM queue_members WHERE tenant_id = $1 AND agent_id IN ({}) ORDER BY queue_id", places(2, some.len()));
        let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid());
            some.iter().fold(query, |query, agent| query.bind(*agent)).fetch_all(c).await
        })?;
        all.extend(rows.into_iter().map(|(queue, agent)| (QueueId::new(queue), AgentId::new(agent))));
    }
    Ok(all)
}

/// The queues that list one of these members.
pub async fn queues_among(tx: &mut Tx, tenant: TenantId, members: &BTreeSet<AgentId>) -> Result<BTreeSet<QueueId>> {
    let members: Vec<Uuid> = members.iter().map(|member| member.uuid()).collect();
    Ok(queues_of(tx, tenant, &members).await?.into_iter().map(|(queue, _)| queue).collect())
}

/// A member by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Person> {
    let now = tx.now();
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(people!("AND a.id = $3")).bind(tenant.uuid()).bind(now.0).bind(agent.uuid()).fetch_optional(c).await)?;
    let mut person: Person = row.ok_or(Error::NotFound)?.try_into()?;
    person.queues = queues_of(tx, tenant, &[agent.uuid()]).await?.into_iter().map(|(queue, _)| queue).collect();
    Ok(person)
}

/// Updates a member's name, number, role, group, department, capacity, and whether the member is disabled; [`Error::Stale`] if the member changed since `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, person: &Person, seen: Ts) -> Result<()> {
    // Until now, the agent had as many slots as before.
    note_work(tx, tenant, person.id).await?;
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE agents SET name = $4, number = $5, role = $6, group_id = $7, capacity = $8, disabled_at = $9, updated_at = $10, found_by = $11, email = $12,
           department_id = $13, role_grants = $14
         WHERE tenant_id = $1 AND id = $2 AND updated_at = $3 AND removed_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(person.id.uuid())
    .bind(seen.0)
    .bind(&person.name)
    .bind(&person.number)
    .bind(person.role.text())
    .bind(person.group.map(GroupId::uuid))
    .bind(person.capacity)
    .bind(person.disabled_at.map(|at| at.0))
    .bind(person.updated_at.0)
    .bind(found_by(&person.name, &person.number, &person.email))
    .bind(&person.email)
    .bind(person.department.map(DepartmentId::uuid))
    .bind(person.role_grants.map(Grants::to_stored))
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if changed == 0 {
        return Err(Error::Stale);
    }
    note_number(tx, tenant, &person.number).await?;
    tx.effect(Effect::AgentChanged(tenant, person.id));
    Ok(())
}

/// The number of members who administer the company and are not disabled.
pub async fn administrators(tx: &mut Tx, tenant: TenantId) -> Result<usize> {
    let sql = table::select::<Member>("AND is_program = 0 AND disabled_at IS NULL");
    let members: Vec<Member> = table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)?;
    Ok(members.iter().filter(|member| member.grants().administer()).count())
}

/// The disabled members.
pub async fn kept_out(tx: &mut Tx, tenant: TenantId) -> Result<Vec<AgentId>> {
    let rows: Vec<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT id FROM agents WHERE tenant_id = $1 AND disabled_at IS NOT NULL").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(agent,)| AgentId::new(agent)).collect())
}

/// Sets the queues a member is listed in; [`Error::NotFound`] if one of them does not exist.
pub async fn set_queues(tx: &mut Tx, tenant: TenantId, agent: AgentId, queues: &[QueueId]) -> Result<()> {
    let queues: BTreeSet<Uuid> = queues.iter().map(|queue| queue.uuid()).collect();
    q!(tx, |c| sqlx::query("DELETE FROM queue_members WHERE tenant_id = $1 AND agent_id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .execute(c)
        .await
        .map(drop))?;
    for some in queues.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO queue_members (tenant_id, queue_id, agent_id) SELECT tenant_id, id, $2 FROM queues WHERE tenant_id = $1 AND id IN ({})",
            places(3, some.len())
        );
        let named = q!(tx, |c| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid()).bind(agent.uuid());
            some.iter().fold(query, |query, queue| query.bind(*queue)).execute(c).await.map(|done| done.rows_affected())
        })?;
        if named != some.len() as u64 {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

/// Queues that nobody would serve without a member: they list the member, and nobody else who is not disabled.
pub async fn alone_in(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<(QueueId, Bilingual)>> {
    let rows: Vec<(Uuid, String, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT q.id, q.name_zh, q.name_en FROM queue_members m JOIN queues q ON q.tenant_id = m.tenant_id AND q.id = m.queue_id
         WHERE m.tenant_id = $1 AND m.agent_id = $2 AND q.everybody = 0
           AND NOT EXISTS (SELECT 1 FROM queue_members o JOIN agents a ON a.tenant_id = o.tenant_id AND a.id = o.agent_id
             WHERE o.tenant_id = m.tenant_id AND o.queue_id = m.queue_id AND o.agent_id <> m.agent_id AND a.disabled_at IS NULL)
         ORDER BY q.id"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, zh, en)| (QueueId::new(id), Bilingual { zh, en })).collect())
}

/// Conversations served by disabled members; they are returned to their queues.
pub async fn left_behind(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(AgentId, ConversationId)>> {
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT c.agent_id, c.id FROM conversations c JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id
         WHERE c.tenant_id = $1 AND a.disabled_at IS NOT NULL AND c.state IN ",
        served_states!(),
        " ORDER BY c.id"
    ))
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(agent, id)| (AgentId::new(agent), ConversationId::new(id))).collect())
}
