//! The desk's lists: complete when a console asks for them, row by row when something changes.

use std::collections::HashSet;

use db::Tx;
use domain::{
    conversation::{Owner, State},
    id::{AgentId, ConversationId},
    policy::Staff,
    refusal::Code,
    stream::{StreamKind, StreamName},
};
use store_desk::lists::ListRow;
use wire::{
    conversation::ConversationView,
    frames::ServerFrame,
    lines::{Lines, push},
};

use crate::{node::Node, view};

/// The conversations that a connection has in its lists, as far as it was told.
pub type Shown = HashSet<ConversationId>;

/// Writes the rows and colleagues that changed. A conversation that may not be read, or no longer, is not mentioned unless it is in the lists, which it then leaves.
pub async fn tell(
    node: &Node,
    staff: &Staff,
    shown: &mut Shown,
    (rows, colleagues): (Vec<ConversationId>, Vec<AgentId>),
    out: &mut Lines,
) -> store::Result<()> {
    let tenant = staff.tenant;
    if rows.is_empty() && colleagues.is_empty() {
        return Ok(());
    }
    let mut tx = node.db().read_of(tenant).await?;
    let mut changed = Vec::with_capacity(rows.len());
    for id in rows {
        let readable = store_desk::lists::one(&mut tx, tenant, id).await?.filter(|row| row.may_be_read(staff));
        let Some(row) = readable else {
            if shown.remove(&id) {
                push(out, &ServerFrame::Gone { stream: StreamName { kind: StreamKind::Conversation, id: id.uuid() }, code: Code::NoAccess });
            }
            continue;
        };
        if is_listed(&row, staff) {
            shown.insert(id);
        } else {
            shown.remove(&id);
        }
        changed.push(row);
    }
    for conversation in view::rows(&mut tx, &node.vault(), staff, changed).await? {
        push(out, &ServerFrame::Summary { conversation });
    }
    for agent in colleagues {
        match store::staff::get(&mut tx, tenant, agent).await {
            Ok(member) => push(out, &ServerFrame::Presence { agent, state: member.state.as_str().to_owned(), since: member.state_since }),
            Err(store::Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether a row is in one of the lists of a member of the staff.
fn is_listed(row: &ListRow, staff: &Staff) -> bool {
    let owner = State::parse(&row.state).map(State::owner);
    owner == Some(Owner::Queue) || (owner == Some(Owner::Agent) && row.agent_id == Some(staff.agent.uuid()))
}

/// Writes the conversations the agent serves and those that wait, as far as they are wanted and may be read; both from one snapshot. Returns which these are.
pub async fn whole(node: &Node, staff: &Staff, wants_mine: bool, wants_queue: bool, out: &mut Lines) -> store::Result<Shown> {
    let mut tx = node.db().snapshot_of(staff.tenant).await?;
    let (mut mine, mut queue, mut shown) = (None, None, Shown::new());
    if wants_mine {
        let rows = store_desk::lists::mine(&mut tx, staff.tenant, staff.agent).await?;
        mine = Some(readable(&mut tx, node, staff, rows, &mut shown).await?);
    }
    if wants_queue {
        let rows = store_desk::lists::queue(&mut tx, staff.tenant).await?;
        queue = Some(readable(&mut tx, node, staff, rows, &mut shown).await?);
    }
    push(out, &ServerFrame::Lists { mine, queue });
    Ok(shown)
}

async fn readable(tx: &mut Tx, node: &Node, staff: &Staff, mut rows: Vec<ListRow>, shown: &mut Shown) -> store::Result<Vec<ConversationView>> {
    rows.retain(|row| row.may_be_read(staff));
    shown.extend(rows.iter().map(|row| ConversationId::new(row.id)));
    view::rows(tx, &node.vault(), staff, rows).await
}
