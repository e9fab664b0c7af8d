//! Feedback on the wire.

use domain::{
    entry::body::{Rated, RatingReasonRef},
    id::{AgentId, ConversationId, QueueId},
    policy::Staff,
    text::Lang,
    time::Ts,
};
use realtime::view::{self, SealedAccount};
use seal::vault::Vault;
use serde::Serialize;
use store::rating_comments::RatingCommentRow;
use utoipa::ToSchema;
use wire::conversation::{AgentRef, CustomerRef};

use crate::left_messages::view::LeftMessageView;

/// One thing that a customer said of the service.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Feedback {
    /// A left message.
    LeftMessage(LeftMessageView),
    /// A rating with words.
    Rating(RatingCommentView),
}

/// A rating with words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RatingComment)]
pub struct RatingCommentView {
    /// The conversation that was rated.
    pub conversation: ConversationId,
    /// The number of the episode that was rated.
    pub episode: i64,
    /// The number of the rating's entry in the conversation.
    pub seq: i64,
    /// The customer who rated it.
    pub customer: CustomerRef,
    /// The customer's language.
    pub lang: Lang,
    /// The score; 1 is the worst, 5 the best. `null` if it was erased.
    #[schema(required)]
    pub score: Option<i64>,
    /// The words; `null` if they were erased.
    #[schema(required)]
    pub comment: Option<String>,
    /// Whether the matter is settled, if the customer said so.
    #[schema(required)]
    pub solved: Option<bool>,
    /// Why the customer rates so, of what the site offered.
    pub reasons: Vec<RatingReasonRef>,
    /// The queue of the conversation, if it has one.
    #[schema(required)]
    pub queue: Option<QueueId>,
    /// The agent who served the episode last; `null` if only the bot did.
    #[schema(required)]
    pub agent: Option<AgentRef>,
    /// When it was rated.
    pub rated_at: Ts,
    /// The member who takes care of it.
    #[schema(required)]
    pub owner: Option<AgentRef>,
    /// When it was handled.
    #[schema(required)]
    pub done_at: Option<Ts>,
    /// The name of the member who handled it; `null` if nobody in particular did.
    #[schema(required)]
    pub done_by: Option<String>,
}

impl RatingCommentView {
    /// Builds the view of a row for a member of the staff.
    pub fn new(vault: &Vault, staff: &Staff, row: RatingCommentRow) -> Self {
        let RatingCommentRow {
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
            queue_id,
            agent_id,
            agent_name,
            rated_at,
            owner_id,
            owner_name,
            done_at,
            done_by,
        } = row;
        let said = body.and_then(|body| serde_json::from_str::<Rated>(&body).ok());
        let account = SealedAccount { id: customer_id, name: customer_name, identifier: customer_identifier, signed: customer_signed };
        let member = |id: Option<_>, name: Option<String>| id.map(|id| AgentRef { id: AgentId::new(id), name: name.unwrap_or_default() });
        let (score, comment, solved, reasons) = match said {
            Some(Rated { score, comment, solved, reasons }) => (Some(score), comment, solved, reasons),
            None => (None, None, None, Vec::new()),
        };
        Self {
            conversation: ConversationId::new(conversation_id),
            episode,
            seq,
            customer: view::customer(vault, staff, visitor_id, account),
            lang: Lang::from_tag(&lang),
            score,
            comment,
            solved,
            reasons,
            queue: queue_id.map(QueueId::new),
            agent: member(agent_id, agent_name),
            rated_at: Ts(rated_at),
            owner: member(owner_id, owner_name),
            done_at: done_at.map(Ts),
            done_by,
        }
    }
}
