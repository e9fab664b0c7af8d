//! The state of a conversation, who has to act in it, and its episodes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{AgentId, QueueId},
    rating,
    text::Bilingual,
    text_enum::text_enum,
    time::Ts,
};

/// The state of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case", as = ConversationStateName)]
pub enum State {
    /// The bot answers.
    Bot,
    /// The conversation waits for an agent.
    Queued,
    /// The conversation is shown to an agent who has not answered the call yet.
    Offered,
    /// An agent serves the customer.
    Active,
    /// The agent is finding something out.
    OnHold,
    /// The conversation is postponed to a given time.
    Snoozed,
    /// The episode has ended; a reply within a day continues the conversation.
    Resolved,
    /// The conversation is closed permanently.
    Closed,
}

text_enum!(State {
    Bot = "bot", Queued = "queued", Offered = "offered", Active = "active", OnHold = "on_hold", Snoozed = "snoozed", Resolved = "resolved", Closed = "closed",
});

impl State {
    /// The party that has to act in this state.
    pub const fn owner(self) -> Owner {
        match self {
            Self::Bot => Owner::Bot,
            Self::Queued | Self::Offered => Owner::Queue,
            Self::Active | Self::OnHold | Self::Snoozed => Owner::Agent,
            Self::Resolved | Self::Closed => Owner::Nobody,
        }
    }
    /// Whether the visitor can continue in this state without a new episode.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

/// The place of a conversation in the lists of the desk: what decides who may read it, and in which of their lists it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The state of the conversation.
    pub state: State,
    /// The queue it waits in, or was served from.
    pub queue: Option<QueueId>,
    /// The agent who serves it, or served it last.
    pub agent: Option<AgentId>,
    /// Whether it contains a left message that nobody has handled.
    pub is_left: bool,
    /// Whether it contains an alert that nobody has acknowledged.
    pub is_alerted: bool,
}

/// The channel on which the customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The chat on a page.
    Web,
}

text_enum!(Channel { Web = "web" });

impl Channel {
    /// The name that managers see.
    pub fn name(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Web => ("网页", "Web"),
        };
        Bilingual { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// The party that has to act in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The agent or the customer ended it after a person had served.
    Resolved,
    /// The customer left while waiting.
    AbandonedInQueue,
    /// The customer left a message for later.
    LeftMessage,
    /// The episode broke off.
    Dropped,
    /// The customer said that the bot's answer helped.
    BotResolvedConfirmed,
    /// The customer left after the bot's answer without asking anything else.
    BotResolvedAssumed,
    /// The customer left after the bot had no answer, or said that the answer did not help.
    BotUnanswered,
}

text_enum!(Outcome {
    Resolved = "resolved", AbandonedInQueue = "abandoned_in_queue", LeftMessage = "left_message", Dropped = "dropped",
    BotResolvedConfirmed = "bot_resolved_confirmed", BotResolvedAssumed = "bot_resolved_assumed",
    BotUnanswered = "bot_unanswered",
});

/// The kind of answer that the bot gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOutcome {
    /// An entry of the knowledge answers the question.
    Confident,
    /// Two or three entries may be meant.
    DidYouMean,
    /// Nothing answers the question.
    NoAnswer,
    /// A greeting, thanks or a goodbye.
    SmallTalk,
    /// A property from the catalogue.
    Attribute,
    /// The customer asked for a person while nobody is available.
    Closed,
    /// Somebody seems to be in despair or in danger: where help can be had.
    Danger,
}

text_enum!(AnswerOutcome {
    Confident = "confident", DidYouMean = "did_you_mean", NoAnswer = "no_answer", SmallTalk = "small_talk", Attribute = "attribute", Closed = "closed",
    Danger = "danger",
});

/// What the bot had done for the customer when an episode ended while the bot had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BotWork {
    /// The bot had answered the last question.
    Answered,
    /// The bot had answered the last question, and the customer had said that it helped.
    Helped,
    /// The bot had no answer to the last question, or asked back and got no reply, or the customer had said that the answer did not help.
    Missed,
    /// The customer had asked nothing.
    #[default]
    Nothing,
}

impl BotWork {
    /// Derived from the bot's answers, latest first: their outcomes, and what the customer said about each. Small talk is ignored: a customer who says
    /// thank you after a miss was not answered.
    pub fn of(answers: impl IntoIterator<Item = (AnswerOutcome, Option<bool>)>) -> Self {
        match answers.into_iter().find(|(outcome, _)| *outcome != AnswerOutcome::SmallTalk) {
            Some((AnswerOutcome::Confident | AnswerOutcome::Attribute, helpful)) => match helpful {
                Some(true) => Self::Helped,
                Some(false) => Self::Missed,
                None => Self::Answered,
            },
            Some(_) => Self::Missed,
            None => Self::Nothing,
        }
    }

    /// The outcome of an episode that ends now.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Answered => Outcome::BotResolvedAssumed,
            Self::Helped => Outcome::BotResolvedConfirmed,
            Self::Missed => Outcome::BotUnanswered,
            Self::Nothing => Outcome::Dropped,
        }
    }
}

impl Outcome {
    /// The outcome after the customer has rated it: `solved` decides, or, without it, whether the score is good. Only the outcomes of the bot's
    /// work are changed that a rating can clarify.
    #[must_use]
    pub const fn rated(self, score: i64, solved: Option<bool>) -> Self {
        match (self, solved) {
            (_, Some(solved)) => self.settled(solved),
            (Self::BotResolvedAssumed, None) if rating::is_good(score) => Self::BotResolvedConfirmed,
            (other, None) => other,
        }
    }

    /// The outcome after the customer has said, of the episode or of the bot's last answer in it, whether that settled the matter.
    #[must_use]
    pub const fn settled(self, solved: bool) -> Self {
        match self {
            Self::BotResolvedAssumed | Self::BotResolvedConfirmed | Self::BotUnanswered if solved => Self::BotResolvedConfirmed,
            Self::BotResolvedAssumed | Self::BotResolvedConfirmed | Self::BotUnanswered => Self::BotUnanswered,
            other => other,
        }
    }
}

/// A stretch of service: from the first message (or a reply after the end) to the end. Past episodes never change, except for their rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The number of the episode in its conversation: 1, 2, 3 …
    pub number: i64,
    /// The party that had the conversation first in this episode.
    pub began_with: Owner,
    /// When it began.
    pub created_at: Ts,
    /// When the customer first asked for a person.
    pub human_requested_at: Option<Ts>,
    /// When it was last offered to an agent before an agent first had it; `None` if it was not.
    pub offered_at: Option<Ts>,
    /// When an agent first had the conversation.
    pub accepted_at: Option<Ts>,
    /// When a person sent the first public message.
    pub first_human_reply_at: Option<Ts>,
    /// When the episode ended; `None` while it lasts.
    pub ended_at: Option<Ts>,
    /// How the episode ended; `None` while it lasts.
    pub outcome: Option<Outcome>,
    /// The latest rating, on the scale of [`rating`].
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
            offered_at: None,
            accepted_at: None,
            first_human_reply_at: None,
            ended_at: None,
            outcome: None,
            score: None,
        }
    }
}
