//! What the reaches of a permission cover: conversations and members of the staff.

use super::{Grants, OverConversations, OverPeople, Reach, Reaches, Staff};
use crate::{
    conversation::{Conversation, Owner, State},
    id::{AgentId, DepartmentId, GroupId, QueueId, TenantId},
};

/// Whether a member may give others a role that holds `held`, or take it from them. Nobody manages those who hold as much as themselves, however it is written, except
/// administrators, who manage everybody.
pub fn may_give(staff: &Staff, held: Grants) -> bool {
    let own = staff.grants;
    let is_less = own.cover(held) && !held.cover(own);
    own.holds(OverPeople::Manage) && (is_less || own.administer())
}

/// Whether a member may change or disable another, who holds `held`.
pub fn may_manage(staff: &Staff, whom: AgentId, held: Grants) -> bool {
    staff.reaches_member(staff.grants.reach(OverPeople::Manage), whom) && may_give(staff, held)
}

/// Whether a member may have others in a group, or in none: a group within the reaches of managing people, whatever else of theirs reaches further.
pub fn may_place(staff: &Staff, group: Option<GroupId>) -> bool {
    let reaches = staff.grants.reach(OverPeople::Manage);
    let is_within = |group: GroupId| {
        (reaches.contains(Reach::Group) && staff.circle.own_group == Some(group))
            || (reaches.contains(Reach::Department) && staff.circle.groups.contains(&group))
    };
    reaches.contains(Reach::Company) || group.is_some_and(is_within)
}

/// Whether a member may have others in a department, or in none: a department within the reaches of managing people. That of a group comes with the group.
pub fn may_place_in_department(staff: &Staff, department: Option<DepartmentId>) -> bool {
    let reaches = staff.grants.reach(OverPeople::Manage);
    let is_within = |department: DepartmentId| reaches.contains(Reach::Department) && staff.circle.departments.contains(&department);
    reaches.contains(Reach::Company) || department.is_some_and(is_within)
}

/// Whether a member of staff may read a conversation; [`may_read_where_it_stands`] and [`is_called`] say when.
pub fn may_read(staff: &Staff, conversation: &Conversation) -> bool {
    may_read_where_it_stands(staff, &Standing::of(conversation)) || is_called(staff, conversation.tenant, conversation.state, &conversation.called)
}

/// Whether a note in a conversation that is open calls the member: then they may read it, whoever serves it.
pub fn is_called(staff: &Staff, tenant: TenantId, state: State, called: &[AgentId]) -> bool {
    staff.tenant == tenant
        && state.is_open()
        && called.contains(&staff.agent)
        && (staff.grants.holds(OverConversations::Desk) || staff.grants.holds(OverConversations::Read))
}

/// Whether a member of staff may serve a conversation: take it, reply, note, hand it on; [`may_serve_where_it_stands`] says when.
pub fn may_serve(staff: &Staff, conversation: &Conversation) -> bool {
    may_serve_where_it_stands(staff, &Standing::of(conversation))
}

/// Whether a member of staff may leave a note in a conversation: in those that they may serve, and in those in which a note calls them, so that they can answer it.
pub fn may_note(staff: &Staff, conversation: &Conversation) -> bool {
    let answers = || is_called(staff, conversation.tenant, conversation.state, &conversation.called);
    may_serve(staff, conversation) || (staff.grants.holds(OverConversations::Desk) && answers())
}

/// The parts of a conversation that decide who may read it, which a row of a list also has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The company it belongs to.
    pub tenant: TenantId,
    /// Its current state.
    pub state: State,
    /// The agent who serves it, or served it last.
    pub agent: Option<AgentId>,
    /// The queue it waits in, or waited in last.
    pub queue: Option<QueueId>,
    /// Whether it contains a left message that nobody has handled.
    pub is_left: bool,
    /// Whether it contains an alert that nobody has acknowledged.
    pub is_alerted: bool,
}

impl Standing {
    fn of(conversation: &Conversation) -> Self {
        let Conversation { tenant, state, agent, queue, left_at, alerted_at, .. } = conversation;
        Self { tenant: *tenant, state: *state, agent: *agent, queue: *queue, is_left: left_at.is_some(), is_alerted: alerted_at.is_some() }
    }
}

/// Whether a member of staff may read a conversation, by the reaches of serving and of reading:
///
/// - *own*: those they serve, and those they served last while the bot has them again or once settled;
/// - *queue*: those that wait, or have a left message that nobody has handled, in queues they serve or in none;
/// - *group* and *department*: those that members of it serve or served last;
/// - *company*: all.
///
/// Somebody who may be in danger is everybody's matter who serves conversations, until the alert is acknowledged.
pub fn may_read_where_it_stands(staff: &Staff, standing: &Standing) -> bool {
    covers(staff, staff.grants.reach(OverConversations::Desk) | staff.grants.reach(OverConversations::Read), standing)
}

/// Whether a member of staff may serve a conversation, by the reaches of serving alone: who reads further than that only reads.
pub fn may_serve_where_it_stands(staff: &Staff, standing: &Standing) -> bool {
    covers(staff, staff.grants.reach(OverConversations::Desk), standing)
}

fn covers(staff: &Staff, reaches: Reaches, standing: &Standing) -> bool {
    let Standing { tenant, state, agent, queue, is_left, is_alerted } = *standing;
    if staff.tenant != tenant {
        return false;
    }
    if reaches.contains(Reach::Company) || (is_alerted && staff.grants.holds(OverConversations::Desk)) {
        return true;
    }
    let waits = is_left || (agent.is_none() && state.owner() == Owner::Queue);
    (waits && reaches.contains(Reach::Queue) && serves_queue(staff, queue)) || agent.is_some_and(|agent| staff.reaches_member(reaches, agent))
}

/// Whether what waits in a queue waits for a member too: they serve it, or it waits in none.
pub fn serves_queue(staff: &Staff, queue: Option<QueueId>) -> bool {
    staff.grants.everywhere(OverConversations::Desk) || queue.is_none_or(|queue| staff.circle.queues.contains(&queue))
}
