//! The events by which a conversation changes hands: a customer asks for a human agent, or an agent takes or transfers it.

use db::Tx;
use domain::{
    conversation::{Assignee, Conversation, Event, Owner, State, Told, TransferTo},
    entry::body::{AskedVia, EndedBy},
    handoff_reason::HandoffReason,
    id::{QueueId, SiteId},
    policy::{self, OverConversations, Reach, Staff},
    refusal::{Code, Refusal},
    stream::StreamKind,
};
use store::{Result, conversations};

use crate::{about, handoff};

/// The event of a customer pressing the button for a human agent; refused while nobody can be asked for.
pub async fn button_event(tx: &mut Tx, c: &Conversation, site: SiteId) -> Result<Event> {
    let site = store::sites::get(tx, c.tenant, site).await?;
    let (queue, service) = about::place(tx, &site, c.about_now()).await?;
    // A customer who is already waiting is told so, whatever the time.
    if !service.open && matches!(c.state, State::Bot | State::Resolved) {
        return Err(Refusal::closed(service).into());
    }
    // Words that may only be of danger are no alarm for the button below them: the packet says what was worrying. Words that are raise one of their own.
    let reason = handoff::open_offer(tx, c).await?.map_or(HandoffReason::Button, |(reason, _)| reason);
    request_human(tx, c, (AskedVia::Button, None), reason, queue).await
}

/// The event of a customer asking for a human agent: how, by which message, why, and in which queue.
pub async fn request_human(tx: &mut Tx, c: &Conversation, (via, of): (AskedVia, Option<i64>), reason: HandoffReason, queue: QueueId) -> Result<Event> {
    let name = store::routing::queue_name(tx, c.tenant, queue).await?;
    let told = Told { packet: handoff::packet(tx, c, reason).await?, worry: None };
    Ok(Event::RequestHuman { via, of, queue, queue_name: name.get(c.lang).to_owned(), reason: Some(reason), told })
}

/// The event of an agent taking a waiting conversation, or one over from the bot.
pub async fn take(tx: &mut Tx, c: &Conversation, staff: &Staff) -> Result<Event> {
    // Anything that uses an agent's capacity locks the agent, even the agent's own request: routing counts open conversations under that lock.
    let own = store::routing::lock_agent(tx, c.tenant, staff.agent).await?;
    let is_full = own.is_some_and(|own| own.open >= own.capacity);
    // Whoever may be in danger does not wait for a free place.
    if is_full && matches!(c.state.owner(), Owner::Queue | Owner::Bot) && c.alerted_at.is_none() {
        return Err(Refusal::new(Code::AtCapacity).into());
    }
    if c.is_offered_to(staff.agent) {
        // Whoever accepts is there.
        store::routing::forget_missed(tx, c.tenant, staff.agent).await?;
    }
    Ok(Event::Take { by: assignee(staff) })
}

/// A member of the staff, as shown to customers.
pub fn assignee(staff: &Staff) -> Assignee {
    Assignee { agent: staff.agent, name: staff.name.clone(), number: staff.number.clone() }
}

/// Refuses members who may only read a conversation.
pub fn check_within_reach(staff: &Staff, c: &Conversation) -> Result<()> {
    if policy::may_serve(staff, c) { Ok(()) } else { Err(Refusal::new(Code::NotPermitted).into()) }
}

/// Refuses members who neither serve the conversation nor may step in for who does.
pub fn serves(staff: &Staff, c: &Conversation) -> Result<()> {
    let reaches = staff.grants.reach(OverConversations::Desk);
    if reaches.contains(Reach::Company) || c.agent.is_some_and(|agent| staff.reaches_member(reaches, agent)) {
        Ok(())
    } else {
        Err(Refusal::new(Code::NotYours).into())
    }
}

/// The event of an agent reopening a conversation. One that has just been settled goes on with the agent who had it; later, whoever reopens it has it.
pub async fn reopen(tx: &mut Tx, c: &Conversation, staff: &Staff) -> Result<Event> {
    serves(staff, c)?;
    // A visitor has one open conversation on a site, as where one begins; a customer who has gone on elsewhere is not called back.
    db::journal::lock(tx, &[(c.tenant.uuid(), c.visitor.uuid(), StreamKind::Visitor)]).await?;
    let open = conversations::open_of_visitor(tx, c.tenant, c.visitor, c.site).await?;
    if let Some(other) = open.filter(|open| *open != c.id) {
        return Err(Refusal::use_instead(other).into());
    }
    let ended_by = handoff::ended_by(tx, c).await?;
    let last = c.agent.filter(|_| ended_by == EndedBy::Agent && c.is_just_settled(tx.now()));
    let agent = store::routing::lock_agent(tx, c.tenant, last.unwrap_or(staff.agent)).await?;
    // Taking back one's own end needs no free place; whatever has ended longer ago does, as when it is taken.
    if last.is_none() && agent.as_ref().is_some_and(|own| own.open >= own.capacity) {
        return Err(Refusal::new(Code::AtCapacity).into());
    }
    let to = agent.filter(|_| last.is_some()).map_or_else(|| assignee(staff), |last| Assignee { agent: last.agent, name: last.name, number: last.number });
    Ok(Event::Reopen { to, ended_by })
}

/// The event of an agent transferring a conversation, perhaps with a note.
pub async fn transfer(tx: &mut Tx, c: &Conversation, staff: &Staff, to: TransferTo, note: Option<String>) -> Result<Event> {
    // Anyone who may take a waiting conversation may also choose the queue it waits in.
    if c.state.owner() != Owner::Queue {
        serves(staff, c)?;
    }
    let from_name = staff.name.clone();
    let agent = match to {
        TransferTo::Queue(queue) => {
            let name = store::routing::queue_name(tx, c.tenant, queue).await?;
            return Ok(Event::TransferToQueue { queue, queue_name: name.get(c.lang).to_owned(), from_name, note });
        }
        TransferTo::Agent(agent) => agent,
        TransferTo::Unknown => return Err(Refusal::new(Code::TransferTargetUnknown).into()),
    };
    let now = tx.now();
    let colleague = store::routing::lock_agent(tx, c.tenant, agent).await?.ok_or(Refusal::new(Code::TransferTargetUnknown))?;
    if !colleague.is_free(now) {
        return Err(Refusal::new(Code::TransferTargetNotFree).into());
    }
    let to = Assignee { agent, name: colleague.name, number: colleague.number };
    Ok(Event::TransferToAgent { to, from_name, note })
}
