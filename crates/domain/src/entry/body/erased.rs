//! What readers are told of words that were erased.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was said was erased. Readers keep nothing of it: the entry that is meant, or all entries before this one if none is, has no body from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Erased {
    /// The side whose message was erased; missing if everything was, or something that is no message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub side: Option<MessageSide>,
    /// The number of that message among those of its side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<i64>,
    /// The number of the entry that was erased; missing if everything was. For the staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub of: Option<i64>,
    /// Whether everything before was erased.
    pub all: bool,
}

/// The side of a conversation that a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageSide {
    /// The customer's.
    Customer,
    /// The staff's and the bot's.
    Staff,
}
