//! A left message on the wire.

use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId},
    text::Lang,
    time::Ts,
};
use realtime::view::{self, SealedAccount};
use seal::vault::Vault;
use serde::Serialize;
use serde_json::Value;
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
    /// Where else the customer can be answered.
    #[schema(required)]
    pub contact: Option<String>,
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

impl LeftMessageView {
    /// Builds the view of a row.
    pub fn new(vault: &Vault, tenant: TenantId, row: LeftMessageRow) -> Self {
        let LeftMessageRow {
            conversation_id,
            episode,
            visitor_id,
            customer_id,
            customer_name,
            customer_identifier,
            customer_signed,
            lang,
            body,
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
        let account = SealedAccount { id: customer_id, name: customer_name, identifier: customer_identifier, signed: customer_signed };
        let body: Option<Value> = body.and_then(|body| serde_json::from_str(&body).ok());
        let told = |name: &str| body.as_ref().and_then(|body| body[name].as_str().map(str::to_owned));
        Self {
            conversation: ConversationId::new(conversation_id),
            episode,
            customer: view::customer(vault, tenant, visitor_id, account),
            lang,
            text: told("text"),
            contact: told("contact"),
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
