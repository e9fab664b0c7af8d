//! Where a conversation stands, who has to act, and how its episodes go by.

use utoipa::ToSchema;

use crate::{staff::text_enum, time::Ts};

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case", as = ConversationStateName)]
pub enum State {
    /// The bot answers.
    Bot,
    /// Waits for an agent.
    Queued,
    /// Shown to an agent who has not answered the call yet.
    Offered,
    /// An agent serves.
    Active,
    /// The agent is finding something out.
    OnHold,
    /// Put off to a time.
    Snoozed,
    /// Settled; a reply within a day goes on with it.
    Resolved,
    /// Over for good.
    Closed,
}

text_enum!(State {
    Bot = "bot", Queued = "queued", Offered = "offered", Active = "active", OnHold = "on_hold", Snoozed = "snoozed", Resolved = "resolved", Closed = "closed",
});

impl State {
    /// Who has to act in this state.
    pub const fn owner(self) -> Owner {
        match self {
            Self::Bot => Owner::Bot,
            Self::Queued | Self::Offered => Owner::Queue,
            Self::Active | Self::OnHold | Self::Snoozed => Owner::Agent,
            Self::Resolved | Self::Closed => Owner::Nobody,
        }
    }
    /// Whether the visitor may go on in it without a new episode.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The bot.
    Bot,
    /// The queue.
    Queue,
    /// An agent.
    Agent,
    /// Nobody.
    Nobody,
}

text_enum!(Owner { Bot = "bot", Queue = "queue", Agent = "agent", Nobody = "nobody" });

/// How an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Outcome {
    /// An agent or the customer ended it after a person had served.
    Resolved,
    /// The customer left while waiting.
    AbandonedInQueue,
    /// The customer left a message for later.
    LeftMessage,
    /// It broke off.
    Dropped,
    /// The customer said that the bot's answer helped.
    BotResolvedConfirmed,
    /// The customer left after the bot's answer without asking more.
    BotResolvedAssumed,
}

text_enum!(Outcome {
    Resolved = "resolved", AbandonedInQueue = "abandoned_in_queue", LeftMessage = "left_message", Dropped = "dropped",
    BotResolvedConfirmed = "bot_resolved_confirmed", BotResolvedAssumed = "bot_resolved_assumed",
});

/// A stretch of service: from the first word (or a reply after the end) to the end. Old episodes never change, but for their rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// 1, 2, 3 …
    pub number: i64,
    /// Who had it first.
    pub began_with: Owner,
    /// When it began.
    pub created_at: Ts,
    /// First request for a person.
    pub human_requested_at: Option<Ts>,
    /// First time an agent had it.
    pub accepted_at: Option<Ts>,
    /// First public message of a person.
    pub first_human_reply_at: Option<Ts>,
    /// When it ended.
    pub ended_at: Option<Ts>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The last rating, 1 to 5.
    pub score: Option<i64>,
}

impl Episode {
    /// An episode that begins now.
    pub const fn begin(number: i64, began_with: Owner, now: Ts) -> Self {
        Self {
            number,
            began_with,
            created_at: now,
            human_requested_at: None,
            accepted_at: None,
            first_human_reply_at: None,
            ended_at: None,
            outcome: None,
            score: None,
        }
    }
}
