//! Opening a conversation.

use db::Tx;
use domain::{
    conversation::{Conversation, Opening},
    entry::body::Page,
    graphemes,
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
    let Some(Beginning { lang, product, page }) = &act.ask.beginning else { return Err(Error::NotFound) };
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
    // Only addresses a browser can have come from: the console shows this as a link.
    let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let page = page.as_ref().filter(|page| is_web(&page.url)).map(|page| Page { title: clip(&page.title, 200), url: clip(&page.url, 2000) });
    let opening = Opening { id, tenant, site, visitor, channel: act.ask.channel, lang: *lang, product, page: page.clone() };
    let (conversation, opened) = Conversation::open(opening, tx.now());
    conversations::open(tx, &conversation, page.as_ref(), opened).await?;
    conversations::note_return(tx, &conversation, &former).await?;
    Ok(conversation)
}

fn clip(text: &str, max: usize) -> String {
    graphemes::within(&text.replace('\0', ""), max).to_owned()
}
