//! What entries say: a struct or enum for each kind of body, in the form in which readers get it.
//!
//! Fields "for the staff only" are stored apart from the others ([`super::Body::written`]), so that no customer is sent them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    conversation::{AnswerOutcome, Outcome},
    id::{AgentId, ConversationId, FileId, PictureId, SessionId, VisitorId},
    staff::AgentState,
    text::{Bilingual, Lang},
    text_enum::text_enum,
    time::Ts,
};

/// No more than the kind says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// A conversation began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Opened {
    /// 1.
    pub episode: i64,
    /// The customer's language.
    pub lang: Lang,
    /// The id of the product looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub product: Option<String>,
    /// The page looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub page: Option<Page>,
}

/// A page of the host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Its title, at most 200 characters.
    pub title: String,
    /// Its address, at most 2,000 characters.
    pub url: String,
}

/// What somebody said. `ord` is the message's number among those of its side: readers get it, it is not part of the stored words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// Words.
    Text {
        /// The words.
        text: String,
        /// Its number among the messages of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// A file.
    File {
        /// Its card.
        file: FileCard,
        /// Its number among the messages of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// A suggested question that was pressed.
    Choice {
        /// Its words.
        text: String,
        /// The knowledge entry it stands for.
        answer: String,
        /// Its number among the messages of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// A message that was left for later.
    LeftMessage {
        /// The words.
        text: String,
        /// Where to answer besides here.
        #[schema(required)]
        contact: Option<String>,
        /// Its number among the messages of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// The product being looked at: a card that waits for no answer.
    Product {
        /// The card.
        product: ProductRef,
    },
    /// The bot's answer.
    Answer {
        /// What sort of answer.
        outcome: AnswerOutcome,
        /// The words.
        text: String,
        /// Their language.
        lang: Lang,
        /// Where they come from.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        source: Option<AnswerSource>,
        /// What may be meant.
        options: Vec<AnswerChoice>,
        /// What may be asked next.
        related: Vec<AnswerChoice>,
        /// Whether a person should be offered.
        offer_human: bool,
        /// For `closed`: when a person can be asked for next, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens_at: Option<Ts>,
        /// For `closed`: by when a message left now is answered.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        promised_by: Option<Ts>,
        /// Its number among the messages of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
}

impl Message {
    /// An answer of the bot without suggestions; a person is offered where nothing answers the question.
    pub fn answer(outcome: AnswerOutcome, text: &str, lang: Lang, source: Option<AnswerSource>) -> Self {
        Self::Answer {
            outcome,
            text: text.to_owned(),
            lang,
            source,
            options: Vec::new(),
            related: Vec::new(),
            offer_human: outcome == AnswerOutcome::NoAnswer,
            opens_at: None,
            promised_by: None,
            ord: None,
        }
    }
}

/// A file as a conversation shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = UploadedFile)]
pub struct FileCard {
    /// Its id; send it in a conversation.
    pub id: FileId,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// What its first bytes say it is.
    pub mime: String,
    /// Pixels, of an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub width: Option<i64>,
    /// Pixels, of an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub height: Option<i64>,
}

/// A product, as its card shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductRef {
    /// Which.
    pub id: String,
    /// The name.
    pub name: Bilingual,
    /// The price in fen.
    pub price_fen: i64,
    /// How many are in stock.
    pub stock: i64,
    /// Names its drawing.
    pub illustration: String,
    /// Its picture, shown in place of the drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<PictureId>,
}

/// Where an answer comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerSource {
    /// The entry, product or plan.
    pub id: String,
    /// Its question or name.
    pub title: String,
}

/// A question the customer can press.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerChoice {
    /// The knowledge entry that answers it.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// The customer asked for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HumanRequested {
    /// How.
    pub via: AskedVia,
}

/// How a person was asked for, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedVia {
    /// By the button.
    Button,
    /// In words.
    Words,
}

text_enum!(AskedVia { Button = "button", Words = "words" });

/// The conversation waits in a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// The queue's name; empty where it is the one from before.
    pub queue: String,
}

/// An entry of the kind `assigned`: in a conversation it says who has it, in an agent's inbox which conversation they have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AssignedIn {
    /// In the conversation.
    Conversation(Assigned),
    /// In the inbox.
    Inbox(About),
}

/// An agent has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Assigned {
    /// The agent's name.
    pub name: String,
    /// The agent's number.
    pub number: String,
    /// Who; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
    /// How it came; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how: Option<AssignedHow>,
}

/// How a conversation came to its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignedHow {
    /// By the routing.
    Routed,
    /// Taken out of the queue.
    Taken,
    /// Handed over.
    Transferred,
    /// By an answer to a left message.
    LeftMessage,
}

text_enum!(AssignedHow { Routed = "routed", Taken = "taken", Transferred = "transferred", LeftMessage = "left_message" });

/// Why the routing chose that agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Routing {
    /// By which rule.
    pub rule: RoutingRule,
    /// Who was considered.
    pub candidates: Vec<RoutingCandidate>,
    /// Who was chosen.
    #[schema(required)]
    pub chosen: Option<AgentId>,
}

/// How the routing chooses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoutingRule {
    /// Who has the fewest open, and of these who has waited longest for one.
    #[default]
    FewestOpenThenLongestIdle,
}

/// An agent as the routing saw them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutingCandidate {
    /// Who.
    pub agent: AgentId,
    /// The name.
    pub name: String,
    /// Conversations they served.
    pub open: i64,
    /// Conversations they serve at most.
    pub capacity: i64,
    /// When they last got one.
    #[schema(required)]
    pub last_assigned_at: Option<Ts>,
    /// Why they were passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub skipped: Option<Skipped>,
}

/// Why the routing passed over an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// On a break.
    Break,
    /// Not at work.
    Offline,
    /// Not connected.
    Unreachable,
    /// Serves as many as may be.
    Full,
    /// Somebody else was giving them a conversation, or taking one from them, at that very moment.
    Occupied,
}

/// Handed over to a colleague or a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Transferred {
    /// To whom or what.
    pub to_kind: TransferredTo,
    /// The colleague's or the queue's name.
    pub to_name: String,
    /// Who handed over.
    pub from_name: String,
    /// `agt_…` or `que_…`; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<String>,
    /// Who had it, if anybody had; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<AgentId>,
}

/// What a conversation can be handed over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferredTo {
    /// A colleague.
    Agent,
    /// A queue.
    Queue,
}

/// Back in the queue because its agent was lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Returned {
    /// Why.
    pub reason: ReturnReason,
}

/// Why a conversation is back in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The agent's console was not heard of for half a minute.
    AgentUnreachable,
}

/// A private note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// The words; empty where files say it.
    pub text: String,
    /// The cards of its files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub files: Option<Vec<FileCard>>,
}

/// The matter is settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resolved {
    /// Who ended it.
    pub by: EndedBy,
    /// How.
    pub outcome: Outcome,
}

/// Who ended an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
    /// The clock.
    System,
}

text_enum!(EndedBy { Customer = "customer", Agent = "agent", System = "system" });

/// A new episode began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reopened {
    /// 2, 3 …
    pub episode: i64,
    /// Who has it now.
    pub with: BeganWith,
    /// The agent's name, if an agent has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The agent's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<String>,
    /// Who; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
}

/// Who has an episode first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BeganWith {
    /// The bot.
    Bot,
    /// A queue.
    Queue,
    /// The agent of the episode before.
    Agent,
}

text_enum!(BeganWith { Bot = "bot", Queue = "queue", Agent = "agent" });

/// The customer rated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rated {
    /// 1 to 5.
    pub score: i64,
    /// The customer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
    /// Whether the matter is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub solved: Option<bool>,
}

/// Somebody took care of a left message without answering it here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeftMessageHandled {
    /// Taken care of, or taken back.
    pub handled: bool,
}

/// A bot answer came too late and was dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BotSuperseded {
    /// The number of the message it would have answered.
    pub of: i64,
}

/// Which conversation an entry beside it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// Which.
    pub conversation: ConversationId,
}

/// A visitor's stream goes on elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// Where it goes on.
    pub to: VisitorId,
}

/// An agent changed state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StateChanged {
    /// Before.
    pub from: AgentState,
    /// Now.
    pub to: AgentState,
    /// Why, in the agent's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// What ends: connections that were opened with it are closed, on every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// A session of the staff.
    Session(SessionId),
    /// Every device and token of a visitor.
    Visitor(VisitorId),
    /// Some of a visitor's devices: its connections are to show again what they were opened with.
    SomeOf(VisitorId),
}

/// A member of the staff changed something by a permission. Each entry is chained to the one before, so that none can be changed, left out or put in unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Audited {
    /// What was asked for, as the API document names it: `PATCH /api/v1/goods/{id}`.
    pub operation: String,
    /// The same with the ids of what it was about.
    pub path: String,
    /// The id of what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub made: Option<String>,
    /// The body of the request, with a salt, sealed by the installation's key; base64. Of a body that is not JSON or longer than 8 KiB, its length and SHA-256.
    pub values: String,
    /// The SHA-256 of what is sealed, in hex.
    pub digest: String,
    /// A keyed digest (HMAC-SHA256, in hex, under a key derived from the installation's) of a JSON array: the `chain` of the entry before (empty for the first), the company,
    /// this entry's `seq` and time, who it was (sort, id, name), `operation`, `path`, `made` and `digest`.
    pub chain: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_release_revokes_is_not_taken_for_something_else() {
        for unknown in [r#"{"role":"agent"}"#, "{}", ""] {
            assert!(serde_json::from_str::<Revoked>(unknown).is_err(), "{unknown}");
        }
    }
}
