//! The desk's lists: complete when a console asks for them, row by row when something changes.

use domain::{
    conversation::State,
    id::{AgentId, ConversationId},
    policy::Staff,
    refusal::Code,
    stream::{StreamKind, StreamName},
};
use wire::{
    frames::ServerFrame,
    lines::{Lines, push},
};

use crate::{node::Node, view};

/// Writes the rows and colleagues that changed.
pub async fn tell(node: &Node, staff: &Staff, rows: Vec<ConversationId>, colleagues: Vec<AgentId>, out: &mut Lines) -> store::Result<()> {
    let tenant = staff.tenant;
    if rows.is_empty() && colleagues.is_empty() {
        return Ok(());
    }
    let mut tx = node.db().read().await?;
    for id in rows {
        let Some(row) = store_desk::lists::one(&mut tx, tenant, id).await? else { continue };
        let may_read = row.may_be_read(staff);
        if !may_read && row.state == State::Queued.as_str() {
            // It waits for others now.
            push(out, &ServerFrame::Gone { stream: StreamName { kind: StreamKind::Conversation, id: id.uuid() }, code: Code::NoAccess });
            continue;
        }
        for mut conversation in view::rows(&mut tx, &node.vault(), tenant, vec![row]).await? {
            if !may_read {
                // Who had it in a list is told who has it now, not what is said in it.
                (conversation.preview, conversation.subject) = (None, None);
            }
            push(out, &ServerFrame::Summary { conversation });
        }
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

/// Writes the conversations the agent serves and those that wait, as far as they are wanted; both from one snapshot.
pub async fn whole(node: &Node, staff: &Staff, wants_mine: bool, wants_queue: bool, out: &mut Lines) -> store::Result<()> {
    let mut tx = node.db().snapshot().await?;
    let (mut mine, mut queue) = (None, None);
    if wants_mine {
        let rows = store_desk::lists::mine(&mut tx, staff.tenant, staff.agent).await?;
        mine = Some(view::rows(&mut tx, &node.vault(), staff.tenant, rows).await?);
    }
    if wants_queue {
        let mut rows = store_desk::lists::queue(&mut tx, staff.tenant).await?;
        rows.retain(|row| row.may_be_read(staff));
        queue = Some(view::rows(&mut tx, &node.vault(), staff.tenant, rows).await?);
    }
    push(out, &ServerFrame::Lists { mine, queue });
    Ok(())
}
