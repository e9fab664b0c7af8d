//! The list behind a number.

use domain::{id::AgentId, staff::AgentState, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conversation::ConversationView;

/// What a number counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Behind {
    /// The key of the indicator.
    pub indicator: String,
    /// How many items there are in all, which is the number itself.
    pub count: i64,
    /// A page of items, newest first.
    pub items: Vec<BehindItem>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// An item that was counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehindItem {
    /// The conversation it belongs to; `null` for a stretch at work, and for a conversation that the caller may not read: of that, only the time is given.
    #[schema(required)]
    pub conversation: Option<ConversationView>,
    /// When it counted.
    pub at: Ts,
    /// The number of its entry, if it is a turn or a request.
    #[schema(required)]
    pub seq: Option<i64>,
    /// The text of the turn, if it is one and its text is kept.
    #[schema(required)]
    pub text: Option<String>,
    /// The rating, if it has one.
    #[schema(required)]
    pub score: Option<i64>,
    /// The stretch at work, if the item is one.
    #[schema(required)]
    pub stretch: Option<StretchView>,
}

impl BehindItem {
    /// A conversation, of which nothing is told but itself; without one, only that something counted at this time.
    pub const fn of(conversation: Option<ConversationView>, at: Ts) -> Self {
        Self { conversation, at, seq: None, text: None, score: None, stretch: None }
    }
}

/// A stretch of time in which an agent was at work, with the same state and number of conversations throughout.
#[derive(Debug, Serialize, ToSchema)]
pub struct StretchView {
    /// The agent.
    pub agent: AgentId,
    /// The agent's name; `null` if there is no such agent any more.
    #[schema(required)]
    pub name: Option<String>,
    /// The agent's state.
    pub state: AgentState,
    /// How many conversations the agent had.
    pub conversations: i64,
    /// How long it lasted, in milliseconds.
    pub ms: i64,
}
