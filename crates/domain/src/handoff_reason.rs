//! Why a conversation goes to a person, and the mood of a customer, as entries tell them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

/// Why a conversation goes to a person, or why one is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The customer asked for a person in a message.
    Asked,
    /// The customer pressed the button.
    Button,
    /// The customer seemed to want a person.
    Wish,
    /// The bot had no answer several times in a row.
    Misses,
    /// The customer was angry.
    Mood,
    /// The customer asked the same question again.
    Repetition,
    /// Somebody seems to be in despair or in danger.
    Danger,
    /// Nobody was available, and the customer left a message.
    OffHours,
}

text_enum!(HandoffReason {
    Asked = "asked", Button = "button", Wish = "wish", Misses = "misses", Mood = "mood", Repetition = "repetition", Danger = "danger", OffHours = "off_hours",
});

/// The mood that the words of a customer show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Nothing to be seen.
    #[default]
    Calm,
    /// Displeased.
    Cross,
    /// Angry.
    Angry,
}

text_enum!(Mood { Calm = "calm", Cross = "cross", Angry = "angry" });
