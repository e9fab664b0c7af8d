//! What the staff are told of visitors who are blocked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Ts;

/// Nothing is taken from the visitor any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitorBlocked {
    /// Why, in the words of whoever did it.
    pub reason: String,
    /// Until when; missing if for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Ts>,
}
