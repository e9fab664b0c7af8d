//! Webhooks: the endpoints that a company registers, and the events that can be sent to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    entry::EntryKind,
    text,
    text_enum::text_enum,
    time::{DAY, HOUR},
};

/// The most endpoints of one company.
pub const MAX_WEBHOOKS: usize = 20;
/// The longest URL of an endpoint, in bytes.
pub const MAX_URL_BYTES: usize = 2048;
/// The longest description, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 120;
/// How long the old secret still signs as well after it was replaced, in milliseconds.
pub const OLD_SECRET_MS: i64 = 24 * HOUR;
/// How long a delivery that arrived is kept, in milliseconds.
pub const KEEP_DELIVERED_MS: i64 = 30 * DAY;
/// How long a dead letter is kept, in milliseconds.
pub const KEEP_DEAD_MS: i64 = 90 * DAY;

/// The type of an event that can be sent to an endpoint. Types are only ever added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum EventType {
    /// A conversation began.
    #[serde(rename = "conversation.opened")]
    Opened,
    /// Somebody sent a message.
    #[serde(rename = "conversation.message")]
    Message,
    /// The customer asked for a person.
    #[serde(rename = "conversation.human_requested")]
    HumanRequested,
    /// The conversation entered a queue.
    #[serde(rename = "conversation.queued")]
    Queued,
    /// The customer stopped waiting.
    #[serde(rename = "conversation.left_queue")]
    LeftQueue,
    /// The conversation was given to an agent.
    #[serde(rename = "conversation.assigned")]
    Assigned,
    /// The conversation was transferred to a colleague or a queue.
    #[serde(rename = "conversation.transferred")]
    Transferred,
    /// The conversation went back to the queue because its agent was lost.
    #[serde(rename = "conversation.returned")]
    Returned,
    /// The episode ended; `outcome` says how.
    #[serde(rename = "conversation.resolved")]
    Resolved,
    /// A new episode began.
    #[serde(rename = "conversation.reopened")]
    Reopened,
    /// The customer rated the episode.
    #[serde(rename = "conversation.rated")]
    Rated,
    /// The conversation was closed permanently.
    #[serde(rename = "conversation.closed")]
    Closed,
    /// The author took a message back: receivers keep nothing of it.
    #[serde(rename = "conversation.recalled")]
    Recalled,
    /// The author corrected a message.
    #[serde(rename = "conversation.corrected")]
    Corrected,
}

text_enum!(EventType {
    Opened = "conversation.opened", Message = "conversation.message", HumanRequested = "conversation.human_requested", Queued = "conversation.queued",
    LeftQueue = "conversation.left_queue", Assigned = "conversation.assigned", Transferred = "conversation.transferred", Returned = "conversation.returned",
    Resolved = "conversation.resolved", Reopened = "conversation.reopened", Rated = "conversation.rated", Closed = "conversation.closed",
    Recalled = "conversation.recalled", Corrected = "conversation.corrected",
});

impl EventType {
    /// The event that is sent for an entry of a conversation; `None` for kinds that are not sent, such as those that only the staff may read.
    pub const fn of(kind: EntryKind) -> Option<Self> {
        Some(match kind {
            EntryKind::Opened => Self::Opened,
            EntryKind::Message => Self::Message,
            EntryKind::HumanRequested => Self::HumanRequested,
            EntryKind::Queued => Self::Queued,
            EntryKind::LeftQueue => Self::LeftQueue,
            EntryKind::Assigned => Self::Assigned,
            EntryKind::Transferred => Self::Transferred,
            EntryKind::Returned => Self::Returned,
            EntryKind::Resolved => Self::Resolved,
            EntryKind::Reopened => Self::Reopened,
            EntryKind::Rated => Self::Rated,
            EntryKind::Closed => Self::Closed,
            EntryKind::Recalled => Self::Recalled,
            EntryKind::Corrected => Self::Corrected,
            _ => return None,
        })
    }
}

/// Whether events are sent to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// Events are sent to the endpoint.
    Enabled,
    /// Somebody disabled the endpoint.
    Disabled,
    /// The receiver answered that it wants no more events (410).
    Gone,
}

text_enum!(WebhookState { Enabled = "enabled", Disabled = "disabled", Gone = "gone" });

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The delivery waits for its first attempt or a retry.
    Pending,
    /// The receiver accepted the delivery.
    Delivered,
    /// The delivery was given up.
    Dead,
}

text_enum!(DeliveryState { Pending = "pending", Delivered = "delivered", Dead = "dead" });

/// Why an endpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The description is too long.
    #[error("a description can have at most {MAX_DESCRIPTION_CHARS} characters")]
    Description,
    /// No event was chosen, or one was chosen twice.
    #[error("choose at least one event, and none twice")]
    Events,
}

impl WebhookError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Events => "events",
        }
    }
}

/// Checks the description and the chosen events.
pub fn check(description: &str, events: &[EventType]) -> Result<(), WebhookError> {
    if description.chars().count() > MAX_DESCRIPTION_CHARS || (!description.is_empty() && text::check(description, MAX_URL_BYTES).is_err()) {
        return Err(WebhookError::Description);
    }
    let mut once = events.to_vec();
    once.sort_unstable();
    once.dedup();
    if events.is_empty() || once.len() != events.len() { Err(WebhookError::Events) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Audience;

    #[test]
    fn nothing_of_the_staffs_is_an_event() {
        let mut events = 0;
        for kind in EntryKind::EACH {
            if EventType::of(*kind).is_some() {
                assert_eq!(kind.audience(), Audience::Public, "{kind:?}");
                events += 1;
            }
        }
        assert_eq!(events, EventType::EACH.len());
    }

    #[test]
    fn events_are_chosen_once_and_descriptions_are_short() {
        assert_eq!(check("", &[EventType::Rated]), Ok(()));
        assert_eq!(check("x", &[]), Err(WebhookError::Events));
        assert_eq!(check("x", &[EventType::Rated, EventType::Opened, EventType::Rated]), Err(WebhookError::Events));
        assert_eq!(check(&"长".repeat(121), &[EventType::Rated]), Err(WebhookError::Description));
        assert_eq!(check("a\0b", &[EventType::Rated]), Err(WebhookError::Description));
    }
}
