//! What supervisors do in the conversations of their agents, and the states of agents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{id::AgentId, staff::AgentState};

/// An agent changed their state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StateChanged {
    /// The state before.
    pub from: AgentState,
    /// The state now.
    pub to: AgentState,
    /// The reason, in the agent's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// A supervisor tells the agent something that the customer does not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Whispered {
    /// The text.
    pub text: String,
}

/// A supervisor speaks in the conversation as well; the agent stays its agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Joined {
    /// The supervisor's name.
    pub name: String,
    /// The supervisor's number.
    pub number: String,
}

/// A supervisor took the conversation over from its agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenFrom {
    /// The agent who had it.
    pub from: AgentId,
    /// That agent's name.
    pub from_name: String,
    /// Why, in the supervisor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub why: Option<String>,
}
