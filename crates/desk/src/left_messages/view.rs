//! A left message on the wire.

use db::Tx;
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId},
    policy::{Contact, Staff},
    text::Lang,
    time::Ts,
};
use realtime::view::{self, SealedAccount};
use seal::{Sealer, company_key::CompanyKey, vault::Vault};
use serde::Serialize;
use serde_json::Value;
use service::{company_key, leave_message::contact_of};
use store::left_messages::LeftMessageRow;
use utoipa::ToSchema;
use wire::conversation::{AgentRef, CustomerRef};

/// A left message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeftMessage)]
pub struct LeftMessageView {
    /// The conversation it was left in, where it is answered.
    pub conversation: ConversationId,
    /// The episode it ended.
    pub episode: i64,
    /// The customer who left it.
    pub customer: CustomerRef,
    /// The customer's language.
    pub lang: Lang,
    /// The text; `null` if it was removed.
    #[schema(required)]
    pub text: Option<String>,
    /// How many numbers are hidden in the text, if any: they can be revealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hidden_numbers: Option<i64>,
    /// Where else the customer can be answered; masked, if the caller's role hides it.
    #[schema(required)]
    pub contact: Option<String>,
    /// The kind of the contact, if it is masked: with it, the contact can be revealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact_masked: Option<Contact>,
    /// The number of the message's entry in the conversation.
    pub seq: i64,
    /// The queue it was left for.
    pub queue: QueueId,
    /// When it was left.
    pub left_at: Ts,
    /// By when an answer was promised.
    #[schema(required)]
    pub promised_by: Option<Ts>,
    /// The member who takes care of it.
    #[schema(required)]
    pub owner: Option<AgentRef>,
    /// When it was handled.
    #[schema(required)]
    pub done_at: Option<Ts>,
    /// The name of the member who handled it.
    #[schema(required)]
    pub done_by: Option<String>,
    /// Whether it was handled by an answer.
    pub answered: bool,
}

/// The text in the body of a message, and how many numbers are hidden in it.
fn text_in(body: &str) -> Option<(String, Option<i64>)> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some((body["text"].as_str()?.to_owned(), body["hidden_numbers"].as_i64()))
}

/// What opens the rows of left messages.
pub struct Keys {
    /// Opens what is known of accounts.
    pub vault: Vault,
    /// Opens contacts; `None` if the company has none that are sealed.
    pub company: Option<CompanyKey>,
}

impl Keys {
    /// Reads them for a company.
    pub async fn read(tx: &mut Tx, vault: Vault, sealer: &Sealer, tenant: TenantId) -> store::Result<Self> {
        Ok(Self { vault, company: company_key::find(tx, sealer, tenant).await? })
    }
}

impl LeftMessageView {
    /// Builds the view of a row for a member of the staff.
    pub fn new(keys: &Keys, staff: &Staff, row: LeftMessageRow) -> Self {
        let contact = contact_of(&row, keys.company.as_ref()).map(|contact| contact.seen_with(staff.grants.hidden_contacts()));
        let LeftMessageRow {
            conversation_id,
            episode,
            seq,
            visitor_id,
            customer_id,
            customer_name,
            customer_identifier,
            customer_signed,
            lang,
            body,
            contact: _,
            queue_id,
            left_at,
            promised_by,
            owner_id,
            owner_name,
            done_at,
            done_by,
            answered,
        } = row;
        let lang = Lang::from_tag(&lang);
        let (text, hidden_numbers) = body.as_deref().and_then(text_in).unzip();
        let account = SealedAccount { id: customer_id, name: customer_name, identifier: customer_identifier, signed: customer_signed };
        Self {
            conversation: ConversationId::new(conversation_id),
            episode,
            customer: view::customer(&keys.vault, staff, visitor_id, account),
            lang,
            text,
            hidden_numbers: hidden_numbers.flatten(),
            contact_masked: contact.as_ref().and_then(|contact| contact.masked),
            contact: contact.map(|contact| contact.text),
            seq,
            queue: QueueId::new(queue_id),
            left_at: Ts(left_at),
            promised_by: promised_by.map(Ts),
            owner: owner_id.map(|id| AgentRef { id: AgentId::new(id), name: owner_name.unwrap_or_default() }),
            done_at: done_at.map(Ts),
            done_by,
            answered: answered != 0,
        }
    }
}
