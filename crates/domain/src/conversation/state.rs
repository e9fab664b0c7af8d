//! Where a conversation stands, who has to act, and how its episodes go by.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{AgentId, QueueId},
    text::Bilingual,
    text_enum::text_enum,
    time::Ts,
};

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

/// In whose list a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where it stands.
    pub state: State,
    /// Which queue it waits in, or was served from.
    pub queue: Option<QueueId>,
    /// Who serves it, or served it last.
    pub agent: Option<AgentId>,
}

/// On which channel the customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The chat on a page.
    Web,
}

text_enum!(Channel { Web = "web" });

impl Channel {
    /// What managers call it.
    pub fn name(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Web => ("网页", "Web"),
        };
        Bilingual { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// Who has to act.
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
    /// The customer left after the bot had none, or says that it did not help.
    BotUnanswered,
}

text_enum!(Outcome {
    Resolved = "resolved", AbandonedInQueue = "abandoned_in_queue", LeftMessage = "left_message", Dropped = "dropped",
    BotResolvedConfirmed = "bot_resolved_confirmed", BotResolvedAssumed = "bot_resolved_assumed",
    BotUnanswered = "bot_unanswered",
});

/// What sort of answer the bot gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOutcome {
    /// An entry of the knowledge answers it.
    Confident,
    /// Two or three entries may be meant.
    DidYouMean,
    /// Nothing answers it.
    NoAnswer,
    /// Greeting, thanks, goodbye.
    SmallTalk,
    /// A property from the catalogue.
    Attribute,
    /// A person was asked for while nobody is there.
    Closed,
}

text_enum!(AnswerOutcome {
    Confident = "confident", DidYouMean = "did_you_mean", NoAnswer = "no_answer", SmallTalk = "small_talk", Attribute = "attribute", Closed = "closed",
});

/// What the bot had done for the customer when an episode ended with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BotWork {
    /// It had answered what was asked last.
    Answered,
    /// It had no answer to it, or asked back and heard nothing.
    Missed,
    /// Nothing was asked.
    #[default]
    Nothing,
}

impl BotWork {
    /// From the outcomes of its answers, the last one first. Small talk tells nothing: who says thank you after a miss was not answered.
    pub fn of(outcomes: impl IntoIterator<Item = AnswerOutcome>) -> Self {
        match outcomes.into_iter().find(|outcome| *outcome != AnswerOutcome::SmallTalk) {
            Some(AnswerOutcome::Confident | AnswerOutcome::Attribute) => Self::Answered,
            Some(_) => Self::Missed,
            None => Self::Nothing,
        }
    }

    /// How an episode ends that ends now.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Answered => Outcome::BotResolvedAssumed,
            Self::Missed => Outcome::BotUnanswered,
            Self::Nothing => Outcome::Dropped,
        }
    }
}

impl Outcome {
    /// What becomes of it when the customer says whether it helped, by a word or, without one, by 4 or 5 of 5. Only of what the bot did that can be learned so.
    #[must_use]
    pub const fn rated(self, score: i64, solved: Option<bool>) -> Self {
        match (self, solved) {
            (Self::BotResolvedAssumed | Self::BotResolvedConfirmed | Self::BotUnanswered, Some(true)) => Self::BotResolvedConfirmed,
            (Self::BotResolvedAssumed | Self::BotResolvedConfirmed | Self::BotUnanswered, Some(false)) => Self::BotUnanswered,
            (Self::BotResolvedAssumed, None) if score >= 4 => Self::BotResolvedConfirmed,
            (other, _) => other,
        }
    }
}

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
