//! The dimensions by which numbers are split.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a number is split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The channel on which the customer writes.
    Channel,
    /// The queue: of a session the first in which it waited, of a service the one from which it came.
    Queue,
    /// The agent: of a session the first who had it, of a reply or a service the one who wrote or had it.
    Agent,
    /// The group of that agent.
    Group,
    /// The department of that agent.
    Department,
    /// The site on which the conversation takes place.
    Site,
    /// The customer's language.
    Lang,
    /// The product that the customer was looking at.
    Product,
    /// The category of that product.
    Category,
    /// The category of questions from which the bot answered.
    Topic,
    /// The entry of the knowledge, the product or the plan from which the bot answered.
    Entry,
    /// How sure the bot was of its answer, in percent.
    Band,
}

impl Dimension {
    /// Every dimension.
    pub const EACH: [Self; 12] = [
        Self::Channel,
        Self::Queue,
        Self::Agent,
        Self::Group,
        Self::Department,
        Self::Site,
        Self::Lang,
        Self::Product,
        Self::Category,
        Self::Topic,
        Self::Entry,
        Self::Band,
    ];
}
