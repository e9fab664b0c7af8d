//! What supervisors do in conversations of their agents. Only those do who follow the agent: to read along, and to whisper, join or take over, they have to reach
//! the conversation as well.

use db::Tx;
use domain::{
    conversation::{Conversation, Event, Intervention, Owner, Said},
    floor::InterventionMode,
    id::{AgentId, ConversationId},
    policy::{self, OverPeople, Staff},
    refusal::{Code, Refusal},
};
use store::{Error, Result, TenantTx, conversations};
use store_desk::floor::{self, Begun};

use crate::{consequence, hand_over};

/// What a supervisor asks for in a conversation, beside whispering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// To read along.
    Listen,
    /// To speak as well.
    Join,
    /// To speak no longer.
    Leave,
    /// To have the conversation instead of the agent whom they saw with it, and why.
    TakeOver {
        /// The agent whom they saw.
        seen: AgentId,
        /// Why, in their words.
        reason: Option<String>,
    },
}

/// Does what a supervisor asks for. [`Error::NotFound`] if they may not read the conversation.
pub async fn intervene(tx: &mut TenantTx<'_>, staff: &Staff, id: ConversationId, wanted: Wanted) -> Result<()> {
    let tenant = tx.tenant();
    let before = conversations::lock(tx, tenant, id).await?.filter(|c| policy::may_read(staff, c)).ok_or(Error::NotFound)?;
    // Where nobody serves, there is no agent who would have to know.
    if wanted == Wanted::Listen && before.state.owner() != Owner::Agent {
        return Ok(());
    }
    let from = before.agent.ok_or(Refusal::new(Code::NotActive))?;
    let begun = |mode| Begun { conversation: id, by: staff.agent, mode, episode: before.episode.number, from, reason: None };
    let by = hand_over::assignee(staff);
    let how = match &wanted {
        Wanted::Leave if floor::leave(tx, tenant, id, staff.agent, before.episode.number).await? => Some(Intervention::Leave),
        Wanted::Leave => return Err(Refusal::new(Code::NotActive).into()),
        Wanted::Listen => {
            follows(staff, from)?;
            floor::begin(tx, tenant, begun(InterventionMode::Listen)).await?;
            floor::settings(tx, tenant).await?.tells_of_listening.then_some(Intervention::Listen)
        }
        Wanted::Join => {
            supervises(staff, &before, from)?;
            if floor::has_joined(tx, tenant, id, staff.agent, before.episode.number).await? {
                return Ok(());
            }
            floor::begin(tx, tenant, begun(InterventionMode::Join)).await?;
            Some(Intervention::Join { by })
        }
        Wanted::TakeOver { seen, reason } => {
            supervises(staff, &before, from)?;
            store::routing::lock_agent(tx, tenant, staff.agent).await?;
            let from_name = store::staff::get(tx, tenant, from).await?.name;
            floor::begin(tx, tenant, Begun { reason: reason.as_deref(), ..begun(InterventionMode::TakeOver) }).await?;
            floor::leave(tx, tenant, id, staff.agent, before.episode.number).await?;
            Some(Intervention::TakeOver { by, from: *seen, from_name, why: reason.clone() })
        }
    };
    let Some(how) = how else { return Ok(()) };
    let actor = tx.by();
    let transition = before.apply(Event::Intervene(how), &actor, tx.now())?;
    consequence::commit(tx, &before, transition, &actor, None).await.map(drop)
}

/// The event of a supervisor whispering to the agent of a conversation.
pub(crate) fn whisper(staff: &Staff, c: &Conversation, text: &str) -> Result<Event> {
    supervises(staff, c, c.agent.ok_or(Refusal::new(Code::NotActive))?)?;
    Ok(Event::Intervene(Intervention::Whisper { text: text.to_owned() }))
}

/// The event of a supervisor saying something in a conversation that a colleague serves; `None` if they have not joined it.
pub(crate) async fn say(tx: &mut Tx, c: &Conversation, staff: &Staff, said: &Said) -> Result<Option<Event>> {
    if c.agent == Some(staff.agent) || !floor::has_joined(tx, c.tenant, c.id, staff.agent, c.episode.number).await? {
        return Ok(None);
    }
    Ok(Some(Event::Intervene(Intervention::Say { said: said.clone(), by: staff.agent })))
}

/// Refuses who does not follow an agent, and an agent who would be their own supervisor.
fn follows(staff: &Staff, agent: AgentId) -> Result<()> {
    let may = agent != staff.agent && staff.reaches_member(staff.grants.reach(OverPeople::Follow), agent);
    if may { Ok(()) } else { Err(Refusal::new(Code::NotPermitted).into()) }
}

/// Refuses who does not follow the agent, or may not serve the conversation.
fn supervises(staff: &Staff, c: &Conversation, agent: AgentId) -> Result<()> {
    follows(staff, agent)?;
    hand_over::check_within_reach(staff, c)
}
