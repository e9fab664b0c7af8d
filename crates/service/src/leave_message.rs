//! Messages that customers leave for later.

use db::Tx;
use domain::{
    contact::CustomerContact,
    conversation::{Conversation, Event, Told, contact_line},
    entry::{Changed, body::Message},
    handoff as rule,
    id::{AgentId, ConversationId, VisitorId},
    journal::Actor,
    policy::{self, Staff},
    refusal::{Code, Refusal},
    time::HOUR,
};
use seal::{
    Sealer,
    company_key::{CompanyKey, Sealed},
};
use store::{
    Error, Result, TenantTx, conversations,
    left_messages::{self, LeftMessageRow},
};

use crate::{about, company_key, handoff, hours};

/// The maximum number of unhandled messages per visitor.
const LEFT_AT_ONCE: i64 = 5;
/// The maximum number of unhandled messages left within an hour by visitors of one network.
const LEFT_NEAR: i64 = 30;

/// The event of a customer leaving a message; refused if too many are waiting already.
///
/// Entries are read by webhooks, exports and everybody in the conversation: what is said has the contact masked, and the contact itself is kept with the left
/// message, sealed.
pub(crate) async fn leave(tx: &mut Tx, c: &Conversation, visitor: VisitorId, text: &str, (contact, sealer): (Option<&str>, Option<&Sealer>)) -> Result<Event> {
    let hour_ago = tx.now().plus(-HOUR);
    let (own, near) = left_messages::waiting_of(tx, c.tenant, visitor, hour_ago).await?;
    if own >= LEFT_AT_ONCE || near >= LEFT_NEAR {
        return Err(Refusal::new(Code::TooManyLeft).into());
    }
    let contact = contact.map(contact_line).filter(|contact| !contact.is_empty());
    let worry = rule::worry(handoff::open_offer(tx, c).await?);
    let site = store::sites::get(tx, c.tenant, c.site).await?;
    let (_, service) = about::place(tx, &site, c.about_now()).await?;
    let packet = match rule::reason_left(service.open, worry) {
        Some(reason) => handoff::packet(tx, c, reason).await?,
        None => None,
    };
    let sealed = match &contact {
        Some(contact) => Some(seal_contact(tx, c, contact, sealer).await?),
        None => None,
    };
    let (masked, kind) = contact.map(CustomerContact::written).map(|contact| (contact.masked(), contact.kind())).unzip();
    Ok(Event::LeaveMessage {
        said: Message::LeftMessage { text: text.to_owned(), contact: masked, contact_masked: kind, ord: None, hidden_numbers: None }.into(),
        told: Told { packet, worry },
        contact: sealed,
    })
}

async fn seal_contact(tx: &mut Tx, c: &Conversation, contact: &str, sealer: Option<&Sealer>) -> Result<Vec<u8>> {
    let sealer = sealer.ok_or_else(|| company_key::cannot("a contact came without what seals it"))?;
    let key = company_key::obtain(tx, sealer, c.tenant).await?;
    key.seal(Sealed::Contact, c.id, contact).map_err(company_key::cannot)
}

/// The contact that was left with a message, if any. In older messages it is in the entry.
pub fn contact_of(row: &LeftMessageRow, key: Option<&CompanyKey>) -> Option<CustomerContact> {
    if let Some(sealed) = &row.contact {
        return key?.open(Sealed::Contact, ConversationId::new(row.conversation_id), sealed).map(CustomerContact::written);
    }
    match serde_json::from_str(row.body.as_deref()?).ok()? {
        Message::LeftMessage { contact, contact_masked: None, .. } => contact.map(CustomerContact::written),
        _ => None,
    }
}

/// Records a message that was just left, with the reply time that was promised and the sealed contact.
pub(crate) async fn note(tx: &mut Tx, c: &Conversation, seq: i64, contact: Option<&[u8]>) -> Result<()> {
    let queue = about::queue_of(tx, c).await?;
    let promised_by = hours::of_queue(tx, c.tenant, queue).await?.promised_by;
    let new = left_messages::NewLeftMessage { conversation: c.id, episode: c.episode.number, seq, queue, promised_by, contact };
    left_messages::insert(tx, c.tenant, new).await?;
    TenantTx::new(tx, c.tenant, Actor::system()).announce(Changed::LeftMessages).await
}

/// Sets who handles the messages left in a conversation (`owner`), and whether they were handled in a way other than an answer (`handled`).
pub async fn tend(tx: &mut TenantTx<'_>, staff: &Staff, id: ConversationId, owner: Option<Option<AgentId>>, handled: Option<bool>) -> Result<()> {
    let tenant = tx.tenant();
    let before = conversations::lock(tx, tenant, id).await?.ok_or(Error::NotFound)?;
    let messages = left_messages::of(tx, tenant, id).await?;
    // Handled messages can be read by anyone who serves their queue, and by the member who handled them.
    let may = policy::may_serve(staff, &before) || left_messages::is_known_to(tx, tenant, id, store::reach::Within::serving(staff)).await?;
    if messages.is_empty() || !may {
        return Err(Error::NotFound);
    }
    if let Some(owner) = owner {
        left_messages::set_owner(tx, tenant, id, owner).await?;
    }
    let waits_since = match handled {
        Some(true) if before.left_at.is_some() => {
            left_messages::finish(tx, tenant, id, staff.agent, false).await?;
            Some(None)
        }
        Some(false) if before.left_at.is_none() => Some(Some(left_messages::reopen(tx, tenant, id).await?)),
        _ => None,
    };
    if let Some(waits_since) = waits_since {
        let transition = before.apply(Event::TendLeft { waits_since }, &tx.by(), tx.now())?;
        conversations::commit(tx, &before, transition, None).await?;
    }
    if owner.is_some() || waits_since.is_some() {
        tx.announce(Changed::LeftMessages).await?;
    }
    Ok(())
}
