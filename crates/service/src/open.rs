//! Opening a conversation.

use db::Tx;
use domain::{
    conversation::{Conversation, Opening},
    id::ConversationId,
    refusal::Refusal,
};
use store::{Error, Result, conversations};

use crate::{
    act::{Act, Sender},
    ask::Beginning,
};

/// Opens the conversation whose first act this is.
pub async fn begin(act: &Act<Conversation>, tx: &mut Tx) -> Result<Conversation> {
    let id = ConversationId::new(act.subject);
    let Sender::Visitor { tenant, visitor, site } = act.sender else { return Err(Error::NotFound) };
    let Some(Beginning { lang, product }) = &act.ask.beginning else { return Err(Error::NotFound) };
    // One open conversation per visitor and site: the lock on the visitor's head keeps two devices from each opening one.
    let former = conversations::lock_to_open(tx, tenant, visitor, id).await?;
    // The visitor signed in while this waited: the client resends it with its new token.
    if store_hall::customer_visitors::has_moved(tx, tenant, visitor).await? {
        return Err(Error::Db(db::Error::Busy));
    }
    // The same send, on another node, opened it while this waited.
    if let Some(opened) = conversations::lock(tx, tenant, id).await? {
        return Ok(opened);
    }
    if let Some(refusal) = db::journal::refusal_of(tx, &act.refused_send()).await? {
        return Err(refusal.into());
    }
    if let Some(other) = conversations::open_of_visitor(tx, tenant, visitor, site).await? {
        return Err(Error::Refused(Refusal::use_instead(other)));
    }
    let product = match product {
        Some(product) => store_hall::catalogue::product(tx, tenant, product).await?.map(|_| product.clone()),
        None => None,
    };
    // The client chose the id, so it must not be that of an existing stream.
    if db::journal::head(tx, tenant, act.subject).await?.seq > 0 {
        return Err(Error::NotFound);
    }
    // The page is stored apart from this (`consents::note_page`), once the customer has agreed to that.
    let opening = Opening { id, tenant, site, visitor, channel: act.ask.channel, lang: *lang, product };
    let (conversation, opened) = Conversation::open(opening, tx.now());
    conversations::open(tx, &conversation, opened).await?;
    conversations::note_return(tx, &conversation, &former).await?;
    Ok(conversation)
}
