//! What the reaches of a permission cover: conversations and members of the staff.

use super::{Grants, OverConversations, OverPeople, Reach, Staff};
use crate::{
    conversation::{Conversation, State},
    id::{AgentId, GroupId, QueueId, TenantId},
    staff::Role,
};

/// Whether a member may give others this role, or take it from them. Nobody manages those who hold as much as themselves, except administrators, who manage
/// everybody.
pub fn may_give(staff: &Staff, role: Role, held: Grants) -> bool {
    let own = staff.grants;
    own.holds(OverPeople::Manage) && own.cover(held) && (own == Grants::of(Role::Administrator) || (own != held && !super::administers(role)))
}

/// Whether a member may change or disable another, who has this role and holds `held`.
pub fn may_manage(staff: &Staff, whom: AgentId, role: Role, held: Grants) -> bool {
    staff.reaches_member(staff.grants.reach(OverPeople::Manage), whom) && may_give(staff, role, held)
}

/// Whether a member may have others in a group, or in none.
pub fn may_place(staff: &Staff, group: Option<GroupId>) -> bool {
    let reaches = staff.grants.reach(OverPeople::Manage);
    reaches.contains(Reach::Company) || (!reaches.is_empty() && group.is_some_and(|group| staff.circle.groups.contains(&group)))
}

/// Whether a member of staff may read a conversation; [`may_read_where_it_stands`] says when.
pub fn may_read(staff: &Staff, conversation: &Conversation) -> bool {
    let Conversation { tenant, state, agent, queue, left_at, alerted_at, .. } = conversation;
    let (is_left, is_alerted) = (left_at.is_some(), alerted_at.is_some());
    may_read_where_it_stands(staff, &Standing { tenant: *tenant, state: *state, agent: *agent, queue: *queue, is_left, is_alerted })
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

/// Whether a member of staff may read a conversation, by the reaches of serving and of reading:
///
/// - *own*: those they serve, and those they served last while the bot has them again or once settled;
/// - *queue*: those that wait, or have a left message that nobody has handled, in queues they serve or in none;
/// - *group* and *department*: those that members of it serve or served last;
/// - *company*: all.
///
/// Somebody who may be in danger is everybody's matter who serves conversations, until the alert is acknowledged.
pub fn may_read_where_it_stands(staff: &Staff, standing: &Standing) -> bool {
    let Standing { tenant, state, agent, queue, is_left, is_alerted } = *standing;
    if staff.tenant != tenant {
        return false;
    }
    let serves = staff.grants.reach(OverConversations::Desk);
    let reaches = serves | staff.grants.reach(OverConversations::Read);
    if staff.reads_everything() || (is_alerted && !serves.is_empty()) {
        return true;
    }
    let waits = is_left || (agent.is_none() && state == State::Queued);
    (waits && reaches.contains(Reach::Queue) && serves_queue(staff, queue)) || agent.is_some_and(|agent| staff.reaches_member(reaches, agent))
}

/// Whether what waits in a queue waits for a member too: they serve it, or it waits in none.
pub fn serves_queue(staff: &Staff, queue: Option<QueueId>) -> bool {
    staff.grants.everywhere(OverConversations::Desk) || queue.is_none_or(|queue| staff.circle.queues.contains(&queue))
}
