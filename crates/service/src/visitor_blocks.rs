//! Blocks visitors and lifts that: connections learn of it at once, since they have to present their credentials again.

use domain::{
    conversation::Conversation,
    entry::{Body, Changed, Fact, body},
    id::{ConversationId, VisitorId},
    policy::{Staff, may_read},
    time::Ts,
    visitor_block::VisitorBlock,
};
use store::{Error, Result, TenantTx, conversations, visitor_blocks};

use crate::hand_over;

/// Blocks the visitor of a conversation. Returns the block before, if there was one, and the one now. [`Error::NotFound`] if the member of staff may not read the
/// conversation, and a refusal if they may not serve it.
pub async fn block(
    tx: &mut TenantTx<'_>,
    staff: &Staff,
    id: ConversationId,
    reason: String,
    until: Option<Ts>,
) -> Result<(Option<VisitorBlock>, VisitorBlock)> {
    let (tenant, at) = (tx.tenant(), tx.now());
    let c = lock_served(tx, staff, id).await?;
    let before = visitor_blocks::find(tx, tenant, c.visitor).await?;
    let block = VisitorBlock { visitor: c.visitor, conversation: id, reason: reason.clone(), by: staff.agent, at, until };
    visitor_blocks::put(tx, tenant, &block).await?;
    let fact = domain::entry::fact::InEpisode { ep: c.episode.number };
    note(tx, &c, Body::VisitorBlocked(body::VisitorBlocked { reason, until }), Fact::VisitorBlocked(fact)).await?;
    Ok((before, block))
}

/// Lifts the block of the visitor of a conversation, as above; returns it. [`Error::NotFound`] if there is none.
pub async fn unblock(tx: &mut TenantTx<'_>, staff: &Staff, id: ConversationId) -> Result<VisitorBlock> {
    let c = lock_served(tx, staff, id).await?;
    let tenant = tx.tenant();
    let block = visitor_blocks::lift(tx, tenant, c.visitor).await?.ok_or(Error::NotFound)?;
    note_lifted(tx, &c).await?;
    Ok(block)
}

/// Lifts the block of a visitor; returns it. [`Error::NotFound`] if there is none.
pub async fn lift(tx: &mut TenantTx<'_>, visitor: VisitorId) -> Result<VisitorBlock> {
    let tenant = tx.tenant();
    let block = visitor_blocks::find(tx, tenant, visitor).await?.ok_or(Error::NotFound)?;
    // Conversations are locked before the rest.
    let c = conversations::lock(tx, tenant, block.conversation).await?;
    visitor_blocks::lift(tx, tenant, visitor).await?.ok_or(Error::NotFound)?;
    match c {
        Some(c) => note_lifted(tx, &c).await?,
        None => tx.announce(Changed::Settings).await?,
    }
    Ok(block)
}

async fn lock_served(tx: &mut TenantTx<'_>, staff: &Staff, id: ConversationId) -> Result<Conversation> {
    let tenant = tx.tenant();
    let c = conversations::lock(tx, tenant, id).await?.filter(|c| may_read(staff, c)).ok_or(Error::NotFound)?;
    hand_over::check_within_reach(staff, &c)?;
    Ok(c)
}

async fn note_lifted(tx: &mut TenantTx<'_>, c: &Conversation) -> Result<()> {
    let fact = domain::entry::fact::InEpisode { ep: c.episode.number };
    note(tx, c, Body::VisitorUnblocked(body::Nothing {}), Fact::VisitorUnblocked(fact)).await
}

async fn note(tx: &mut TenantTx<'_>, c: &Conversation, body: Body, fact: Fact) -> Result<()> {
    let entry = c.entry(tx.by(), body, fact);
    db::journal::note(tx, entry).await?;
    tx.announce(Changed::Settings).await
}
