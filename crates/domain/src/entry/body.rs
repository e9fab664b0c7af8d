//! The bodies of entries: a struct or enum for each kind, in the form in which readers receive it.
//!
//! Fields "for the staff only" are stored separately from the others ([`super::Body::to_json_parts`]), so that they are never sent to customers.

mod about;
mod agents;
mod audited;
mod blocks;
mod cards;
mod erased;
mod floor;
mod handoff;
mod offers;
mod own_words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    contact_kind::Contact,
    conversation::{AnswerOutcome, Outcome},
    id::{AgentId, ApiTokenId, ConversationId, RatingReasonId, SessionId, VisitorId},
    routing::skill::Level,
    text::{Bilingual, Lang},
    text_enum::text_enum,
    time::Ts,
};

pub use about::{AskedAbout, Detail, MessageOffered, QuestionKindRef};
pub use agents::{LabelRef, Labelled, Mention, Note, Snoozed};
pub use audited::{Audited, RefusedTries};
pub use blocks::VisitorBlocked;
pub use cards::{AnswerChoice, AnswerSource, FileCard, ProductRef};
pub use erased::{Erased, MessageSide};
pub use floor::{Joined, StateChanged, TakenFrom, Whispered};
pub use handoff::{Handoff, HandoffIntent, HandoffSlot, HandoffSlotName, HandoffTurn};
pub use offers::{OfferEnd, OfferEnded, Offered, OverflowWhy, Overflowed};
pub use own_words::{Corrected, NoteCorrected, NoteRecalled, Recalled};

/// An empty object: the kind of the entry says everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// A conversation began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Opened {
    /// The number of the episode: 1.
    pub episode: i64,
    /// The customer's language.
    pub lang: Lang,
    /// The id of the product that the customer was looking at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub product: Option<String>,
    /// The page that the customer was looking at. Only earlier releases stored it here: it is kept apart from the journal, and only of customers who agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub page: Option<Page>,
}

/// A page of the host site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The title of the page, at most 200 characters.
    pub title: String,
    /// The address of the page, at most 2,000 characters.
    pub url: String,
}

/// A message in a conversation. `ord` is its number among the messages of its side: readers receive it, but it is not part of the stored text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// A text message.
    Text {
        /// The text.
        text: String,
        /// The number of the message among those of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
        /// The number of the message that it quotes, as the customer counts the entries.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        quote: Option<i64>,
        /// The number of the message that it quotes among all entries. For the staff only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        quote_of: Option<i64>,
        /// When its author corrected it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        corrected_at: Option<Ts>,
        /// How many numbers are hidden in the text: of cards, of identities, and codes. The staff can reveal them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        hidden_numbers: Option<i64>,
    },
    /// A file.
    File {
        /// The card of the file.
        file: FileCard,
        /// The number of the message among those of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// A suggested question that was pressed.
    Choice {
        /// The text of the question.
        text: String,
        /// The id of the knowledge entry that answers it.
        answer: String,
        /// The number of the message among those of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// A message that was left for later.
    LeftMessage {
        /// The text.
        text: String,
        /// Where else the customer can be answered, besides in the conversation; `null` if not given. It is masked, except in messages that were left in earlier
        /// releases.
        #[schema(required)]
        contact: Option<String>,
        /// The kind of the contact, if it is masked: with it, the contact can be revealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        contact_masked: Option<Contact>,
        /// How many numbers are hidden in the text: of cards, of identities, and codes. The staff can reveal them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        hidden_numbers: Option<i64>,
        /// The number of the message among those of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
    /// The product that the customer is looking at, which needs no answer, or one that an agent shows.
    Product {
        /// The card of the product.
        product: ProductRef,
        /// The number of the message among those of its side, if it is an agent's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        ord: Option<i64>,
    },
    /// An answer of the bot.
    Answer {
        /// The kind of answer.
        outcome: AnswerOutcome,
        /// The text.
        text: String,
        /// The language of the text.
        lang: Lang,
        /// Where the answer comes from.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        source: Option<AnswerSource>,
        /// Questions that the customer may have meant.
        options: Vec<AnswerChoice>,
        /// Questions that the customer may want to ask next.
        related: Vec<AnswerChoice>,
        /// Whether a person should be offered.
        offer_human: bool,
        /// For `closed`: when a person will next be available, if that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens_at: Option<Ts>,
        /// For `closed`: the time by which a message left now is answered.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        promised_by: Option<Ts>,
        /// The number of the message among those of its side.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required, value_type = i64)]
        ord: Option<i64>,
    },
}

impl Message {
    /// An answer of the bot without suggestions; a person is offered if nothing answers the question.
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

/// The customer asked for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HumanRequested {
    /// How the customer asked.
    pub via: AskedVia,
}

/// How the customer asked for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedVia {
    /// With the button.
    Button,
    /// In the words of a message.
    Words,
}

text_enum!(AskedVia { Button = "button", Words = "words" });

/// The conversation waits in a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// The name of the queue, in the customer's language.
    pub queue: String,
}

/// The body of an `assigned` entry: in a conversation it says which agent has it, in an agent's inbox which conversation the agent has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AssignedIn {
    /// In a conversation.
    Conversation(Assigned),
    /// In an agent's inbox.
    Inbox(About),
}

/// An agent has the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Assigned {
    /// The agent's name.
    pub name: String,
    /// The agent's number.
    pub number: String,
    /// The agent's id; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
    /// How the conversation came to the agent; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how: Option<AssignedHow>,
}

/// How a conversation came to its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignedHow {
    /// Routing chose the agent.
    Routed,
    /// The agent took it out of the queue.
    Taken,
    /// A colleague or a manager transferred it.
    Transferred,
    /// The agent answered a left message.
    LeftMessage,
    /// The agent took it over from the bot.
    TakenOver,
    /// Routing chose the agent, who accepted it.
    Accepted,
    /// A supervisor took it over from a colleague.
    TakenFrom,
}

text_enum!(AssignedHow {
    Routed = "routed", Taken = "taken", Transferred = "transferred", LeftMessage = "left_message", TakenOver = "taken_over", Accepted = "accepted",
    TakenFrom = "taken_from",
});

/// Why routing chose this agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Routing {
    /// The rule by which the agent was chosen.
    pub rule: RoutingRule,
    /// The agents that were considered.
    pub candidates: Vec<RoutingCandidate>,
    /// The agent that was chosen; `null` if none was free.
    #[schema(required)]
    pub chosen: Option<AgentId>,
    /// The skills that were asked for, as far as they had not been relaxed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Level>,
    /// By how many levels the skills had been relaxed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub relaxed: i64,
    /// How many more agents were considered than are named; all those named who were free come before these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: i64,
}

const fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// The rule by which routing chooses an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoutingRule {
    /// The agent with the fewest open conversations, and among equals the one who has waited longest for a conversation.
    #[default]
    FewestOpenThenLongestIdle,
    /// The agent who has waited longest for a conversation.
    LongestIdle,
    /// The agent who served the customer last.
    LastAgent,
    /// Nobody is chosen: members take what waits themselves.
    Manual,
}

/// An agent as routing saw them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutingCandidate {
    /// The agent's id.
    pub agent: AgentId,
    /// The agent's name.
    pub name: String,
    /// The number of conversations that the agent was serving.
    pub open: i64,
    /// The most conversations that the agent may serve at once.
    pub capacity: i64,
    /// When the agent was last given a conversation; `null` if never.
    #[schema(required)]
    pub last_assigned_at: Option<Ts>,
    /// Why the agent was passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub skipped: Option<Skipped>,
}

/// Why the routing passed over an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// The agent is at work and takes no new conversations.
    Busy,
    /// The agent is on a break.
    Break,
    /// The agent is not at work.
    Offline,
    /// The agent's console is not connected.
    Unreachable,
    /// The agent serves as many conversations as the capacity allows.
    Full,
    /// Somebody else was giving the agent a conversation, or taking one away, at that very moment.
    Occupied,
    /// The agent had not accepted an earlier offer yet.
    Offered,
    /// The agent had just passed or missed this conversation.
    Passed,
    /// The agent lacks a skill that is asked for, or a level of it.
    Skills,
}

/// The conversation was transferred to a colleague or a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Transferred {
    /// Whether it was transferred to a colleague or a queue.
    pub to_kind: TransferredTo,
    /// The name of the colleague or the queue.
    pub to_name: String,
    /// The name of the member of staff who transferred it.
    pub from_name: String,
    /// The id of the colleague (`agt_…`) or the queue (`que_…`); for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<String>,
    /// The agent who had the conversation, if any; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<AgentId>,
}

/// The target of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferredTo {
    /// A colleague.
    Agent,
    /// A queue.
    Queue,
}

/// The conversation is back in the queue because its agent was lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Returned {
    /// Why the agent was lost.
    pub reason: ReturnReason,
}

/// Why a conversation is back in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The agent's console was not seen for half a minute.
    AgentUnreachable,
}

/// The episode ended; `outcome` says how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resolved {
    /// The party that ended the episode.
    pub by: EndedBy,
    /// How the episode ended.
    pub outcome: Outcome,
}

/// The party that ended an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
    /// The program, after a time limit.
    System,
}

text_enum!(EndedBy { Customer = "customer", Agent = "agent", System = "system" });

/// A new episode began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reopened {
    /// The number of the new episode: 2, 3 …; that of the last one if an agent took its end back.
    pub episode: i64,
    /// The party that has the conversation from now on.
    pub with: BeganWith,
    /// The agent's name, if an agent has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The agent's number, if an agent has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<String>,
    /// The agent's id, if an agent has it; for the staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
    /// Whether an agent took the end back at once: no episode begins, and the last one goes on as if it had not ended.
    #[serde(default, skip_serializing_if = "super::fact::is_false")]
    pub undo: bool,
}

/// The party that has the conversation first in an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BeganWith {
    /// The bot.
    Bot,
    /// A queue.
    Queue,
    /// The agent of the previous episode.
    Agent,
}

text_enum!(BeganWith { Bot = "bot", Queue = "queue", Agent = "agent" });

/// The customer rated the episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rated {
    /// The score; 1 is the worst.
    pub score: i64,
    /// The customer's comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
    /// Whether the matter is settled, if the customer said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub solved: Option<bool>,
    /// Why the customer rates so, of what the site offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reasons: Vec<RatingReasonRef>,
}

/// A reason for a rating, as it was when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingReasonRef {
    /// The id of the reason.
    pub id: RatingReasonId,
    /// What it said.
    pub name: Bilingual,
}

/// The customer said whether an answer of the bot helped. The last word on an answer counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerRated {
    /// The ordinal of the answer (`ord`) among the messages of the staff's side.
    pub answer: i64,
    /// Whether it helped.
    pub helpful: bool,
}

/// A member of staff handled a left message without answering it in the conversation, or undid that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeftMessageHandled {
    /// `true` if it was handled, `false` if that was undone.
    pub handled: bool,
}

/// A member of staff judged an answer of the bot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerJudged {
    /// The number of the customer's message that was answered.
    pub of: i64,
    /// Whether the answer was right; the last judgement counts.
    pub verdict: Verdict,
}

/// What somebody who read a question and its answer thinks of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It answers the question.
    Right,
    /// It does not answer the question, or wrongly.
    Wrong,
    /// It cannot be said.
    Unclear,
}

text_enum!(Verdict { Right = "right", Wrong = "wrong", Unclear = "unclear" });

/// Somebody seems to be in despair or in danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alerted {
    /// The number of the message, or of the rating, that says so.
    pub of: i64,
}

/// An answer of the bot came too late and was dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BotSuperseded {
    /// The number of the message that it would have answered.
    pub of: i64,
}

/// The conversation that an entry of a different stream is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// The id of the conversation.
    pub conversation: ConversationId,
}

/// The stream of a visitor continues elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// The visitor whose stream continues it.
    pub to: VisitorId,
}

/// What is revoked: connections that were opened with it are closed, on every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// A session of a member of staff.
    Session(SessionId),
    /// All devices and tokens of a visitor.
    Visitor(VisitorId),
    /// Some devices of a visitor: the visitor's connections have to present their credentials again.
    SomeOf(VisitorId),
    /// What a member of staff reaches has changed, by role, queues or group: their connections begin again.
    Reach(AgentId),
    /// A token of a program.
    Token(ApiTokenId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_of_an_act_is_what_it_made_or_what_its_path_names() {
        let of = |operation: &str, path: &str, made: Option<&str>| {
            let (operation, path, made) = (operation.to_owned(), path.to_owned(), made.map(str::to_owned));
            let audited = Audited { operation, path, made, refused: None, values: String::new(), digest: String::new(), chain: String::new() };
            audited.object().map(str::to_owned)
        };
        assert_eq!(of("POST /goods", "/goods", Some("g-001")).as_deref(), Some("g-001"));
        assert_eq!(of("DELETE /staff/{id}/sessions/{session}", "/staff/agt_1/sessions/ses_2", None).as_deref(), Some("agt_1"));
        assert_eq!((of("PATCH /company", "/company", None), of("yingda admin new-generation", "", None)), (None, None));
    }

    #[test]
    fn what_a_later_release_revokes_is_not_taken_for_something_else() {
        for unknown in [r#"{"role":"agent"}"#, "{}", ""] {
            assert!(serde_json::from_str::<Revoked>(unknown).is_err(), "{unknown}");
        }
    }
}
