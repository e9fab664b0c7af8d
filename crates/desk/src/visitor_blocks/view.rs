//! A blocked visitor as it is shown.

use domain::{
    id::{AgentId, ConversationId, VisitorId},
    time::Ts,
    visitor_block::VisitorBlock,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A blocked visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorBlockView {
    /// The visitor.
    pub visitor: VisitorId,
    /// The conversation in which the visitor was blocked.
    pub conversation: ConversationId,
    /// Why, in the words of the staff.
    pub reason: String,
    /// Who did it.
    pub by: AgentId,
    /// When.
    pub at: Ts,
    /// Until when; null means for good.
    #[schema(required)]
    pub until: Option<Ts>,
}

impl From<VisitorBlock> for VisitorBlockView {
    fn from(block: VisitorBlock) -> Self {
        let VisitorBlock { visitor, conversation, reason, by, at, until } = block;
        Self { visitor, conversation, reason, by, at, until }
    }
}
