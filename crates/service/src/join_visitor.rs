//! Moves an anonymous visitor's conversations to an account's own visitor, in portions. Each
//! portion is a transaction of its own, so the move can be repeated and resumed at any time.

use db::Tx;
use domain::{conversation::Event, customer::goes_on, journal::Actor};
use store::{
    Result, consents, conversations, visitor_blocks,
    visitor_moves::{self, Move},
};
use store_hall::customer_visitors;
use store_knowledge::recommendations;

use crate::{consents::forget_refused, route::route};

/// Begins the move: the visitor's stream continues with the account's own visitor, some conversations move now, and [`go_on`] moves the rest.
pub async fn begin(tx: &mut Tx, this: &Move) -> Result<()> {
    if portion(tx, this).await? {
        visitor_moves::begin(tx, this.tenant, this).await?;
    }
    join_facts(tx, this).await?;
    visitor_blocks::pass_on(tx, this.tenant, this.from, this.into).await?;
    customer_visitors::end_merged(tx, this.tenant, this.from, this.into).await
}

/// Moves some more conversations. Returns whether any are left.
pub async fn go_on(tx: &mut Tx, this: &Move) -> Result<bool> {
    let has_more = portion(tx, this).await?;
    if !has_more {
        // What was noted of conversations that had not moved yet.
        join_facts(tx, this).await?;
        visitor_moves::end(tx, this.tenant, this.from).await?;
    }
    Ok(has_more)
}

/// What the visitor agreed to, and what was noted because of it, is the account's; a refusal by either holds for both.
async fn join_facts(tx: &mut Tx, this: &Move) -> Result<()> {
    consents::join(tx, this.tenant, this.from, this.into).await?;
    recommendations::pass_on(tx, this.tenant, this.from, this.into).await?;
    let subjects = consents::subjects_of_visitor(tx, this.tenant, this.into).await?;
    forget_refused(tx, this.tenant, &subjects).await
}

/// Moves some conversations, the open one first. Returns whether any are left.
async fn portion(tx: &mut Tx, this: &Move) -> Result<bool> {
    let portion = customer_visitors::lock_portion(tx, this.tenant, this.from, this.into).await?;
    let has_ended = settle(tx, this, &portion).await?;
    for conversation in &portion.theirs {
        customer_visitors::pass_on(tx, this.tenant, conversation.id, this.into).await?;
    }
    if has_ended {
        route(tx, this.tenant).await?;
    }
    Ok(portion.has_more)
}

/// Keeps one open conversation per visitor and site: the one that is further along continues, the other ends.
async fn settle(tx: &mut Tx, this: &Move, portion: &customer_visitors::Portion) -> Result<bool> {
    let open = |all: &[domain::conversation::Conversation]| all.iter().find(|c| c.site == this.site && c.state.is_open()).cloned();
    let (Some(here), Some(there)) = (open(&portion.theirs), open(&portion.owns)) else { return Ok(false) };
    let over = if goes_on(here.state, there.state) { there } else { here };
    let now = tx.now();
    let bot = conversations::bot_work(tx, &over).await?;
    let transition = over.apply(Event::End { bot }, &Actor::customer(over.visitor.uuid()), now)?;
    conversations::commit(tx, &over, transition, None).await?;
    Ok(true)
}
