//! Offers of a waiting conversation, and its move to another queue.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{AgentId, QueueId},
    text_enum::text_enum,
    time::Ts,
};

/// The conversation is offered to an agent, who may accept it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Offered {
    /// The agent's id.
    pub agent: AgentId,
    /// The agent's name.
    pub name: String,
    /// Until when the agent may accept it.
    pub until: Ts,
}

/// An offer ended without being accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferEnded {
    /// The agent to whom it was offered.
    pub agent: AgentId,
    /// How it ended.
    pub how: OfferEnd,
}

/// How an offer ended that was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// The agent passed it on.
    Passed,
    /// The agent did not answer in time.
    Missed,
    /// The agent no longer takes conversations.
    Withdrawn,
}

text_enum!(OfferEnd { Passed = "passed", Missed = "missed", Withdrawn = "withdrawn" });

/// The conversation belongs to another queue from now on, as the rules of its queue say, or because its queue is deleted. A wait goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Overflowed {
    /// The queue it waited in, or was served from.
    pub from: QueueId,
    /// The queue it belongs to now.
    pub to: QueueId,
    /// Why it moved.
    pub why: OverflowWhy,
}

/// Why a conversation moves from its queue to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverflowWhy {
    /// It had waited for too long.
    Wait,
    /// Too many waited before it.
    Length,
    /// The queue is deleted.
    Deleted,
}
