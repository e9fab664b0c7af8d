//! Entries as readers get them: the form of each kind's body. [`super::encode`] writes them; these types are their shape.

use domain::{
    conversation::Outcome,
    id::{AgentId, ConversationId, VisitorId},
    journal::{ActorKind, Audience},
    staff::AgentState,
    text::Lang,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::wire::{Page, ProductRef};
use crate::features::files::upload::UploadedFile;

/// An entry on the wire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Entry {
    /// Its number in the reader's view.
    pub seq: i64,
    /// Version of the body's form.
    pub v: i64,
    /// When.
    pub at: Ts,
    /// Who.
    pub by: By,
    /// The sender's own id, where the entry is of the reader's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_id: Option<Uuid>,
    /// Who may read it; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Audience)]
    pub audience: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
    /// Why the words cannot be shown; `body` is `null` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gone: Option<WhyGone>,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct By {
    /// Which sort.
    #[schema(value_type = ActorKind)]
    pub kind: String,
    /// The name customers know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The visitor or agent; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
}

/// Why words cannot be shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum WhyGone {
    /// Taken back.
    Recalled,
    /// Erased.
    Erased,
    /// Encrypted under a key that is not at hand.
    Sealed,
}

/// What happened, by kind; `body` is `null` where the words cannot be shown. Kinds are only ever added.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Fact {
    /// A conversation began.
    Opened(Option<Opened>),
    /// Somebody said something.
    Message(Option<Message>),
    /// The customer asked for a person.
    HumanRequested(Option<HumanRequested>),
    /// The conversation waits in a queue.
    Queued(Option<Queued>),
    /// An agent has it. In an inbox the body is that of `released`.
    Assigned(Option<Assigned>),
    /// Why that agent.
    Routing(Option<Routing>),
    /// Handed over to a colleague or a queue.
    Transferred(Option<Transferred>),
    /// Back in the queue because its agent was lost.
    Returned(Option<Returned>),
    /// The customer stopped waiting.
    LeftQueue(Option<Nothing>),
    /// A private note.
    Note(Option<Note>),
    /// The matter is settled.
    Resolved(Option<Resolved>),
    /// A new episode began.
    Reopened(Option<Reopened>),
    /// The customer rated.
    Rated(Option<Rated>),
    /// Somebody took care of a left message otherwise than by an answer, or took that back.
    LeftMessageHandled(Option<LeftMessageHandled>),
    /// A bot answer came too late and was dropped.
    BotSuperseded(Option<BotSuperseded>),
    /// The conversation is over for good.
    Closed(Option<Nothing>),
    /// The customer signed in: the conversation belongs to an account now.
    Identified(Option<Nothing>),
    /// A visitor's current conversation.
    Current(Option<About>),
    /// A visitor's stream goes on elsewhere.
    Moved(Option<Moved>),
    /// An agent's inbox lost a conversation.
    Released(Option<About>),
    /// An agent changed state.
    StateChanged(Option<StateChanged>),
    /// A conversation entered a queue.
    Enter(Option<About>),
    /// A conversation left a queue.
    Leave(Option<About>),
    /// Canned replies changed.
    CannedRepliesChanged(Option<Nothing>),
    /// Goods or plans changed.
    CatalogueChanged(Option<Nothing>),
    /// A new version of the knowledge is in force.
    KnowledgePublished(Option<Nothing>),
    /// Members of the staff or their groups changed.
    PeopleChanged(Option<Nothing>),
    /// Queues, who serves them or their hours changed.
    QueuesChanged(Option<Nothing>),
    /// The company's settings or its sites changed.
    SettingsChanged(Option<Nothing>),
    /// A message was left, or somebody took care of one.
    LeftMessagesChanged(Option<Nothing>),
    /// What editors of the knowledge look at changed: the draft, its test set, a check.
    KnowledgeChanged(Option<Nothing>),
    /// What the bot could not answer changed: another question, or what became of some.
    UnansweredChanged(Option<Nothing>),
}

/// No more than the kind says.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Nothing {}

/// See [`Fact::Opened`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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

/// See [`Fact::Message`]. `ord` says which of its side's messages it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// Words.
    Text {
        /// The words.
        text: String,
        /// Which of its side's.
        ord: i64,
    },
    /// A file.
    File {
        /// Its card.
        file: UploadedFile,
        /// Which of its side's.
        ord: i64,
    },
    /// A suggested question that was pressed.
    Choice {
        /// Its words.
        text: String,
        /// The knowledge entry it stands for.
        answer: String,
        /// Which of its side's.
        ord: i64,
    },
    /// A message that was left for later.
    LeftMessage {
        /// The words.
        text: String,
        /// Where to answer besides here.
        #[schema(required)]
        contact: Option<String>,
        /// Which of its side's.
        ord: i64,
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
        /// Which of its side's.
        ord: i64,
    },
}

/// What sort of answer the bot gave.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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

/// Where an answer comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct AnswerSource {
    /// The entry, product or plan.
    pub id: String,
    /// Its question or name.
    pub title: String,
}

/// A question the customer can press.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct AnswerChoice {
    /// The knowledge entry that answers it.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// See [`Fact::HumanRequested`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct HumanRequested {
    /// How.
    pub via: AskedVia,
}

/// How a client says that a person is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By the button.
    Button,
}

/// How a person was asked for, as it is stored.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum AskedVia {
    /// By the button.
    Button,
    /// In words.
    Words,
}

/// See [`Fact::Queued`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Queued {
    /// The queue's name; empty where it is the one from before.
    pub queue: String,
}

/// See [`Fact::Assigned`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Assigned {
    /// The agent's name.
    pub name: String,
    /// The agent's number.
    pub number: String,
    /// Who; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
    /// How it came; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub how: Option<AssignedHow>,
}

/// How a conversation came to its agent.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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

/// See [`Fact::Routing`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum RoutingRule {
    /// Who has the fewest open, and of these who has waited longest for one.
    FewestOpenThenLongestIdle,
}

/// An agent as the routing saw them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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
}

/// See [`Fact::Transferred`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Transferred {
    /// To whom or what.
    pub to_kind: TransferredTo,
    /// The colleague's or the queue's name.
    pub to_name: String,
    /// Who handed over.
    pub from_name: String,
    /// `agt_…` or `que_…`; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<String>,
    /// On the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<AgentId>,
}

/// What a conversation can be handed over to.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum TransferredTo {
    /// A colleague.
    Agent,
    /// A queue.
    Queue,
}

/// See [`Fact::Returned`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Returned {
    /// Why.
    pub reason: ReturnReason,
}

/// Why a conversation is back in its queue.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The agent's console was not heard of for half a minute.
    AgentUnreachable,
}

/// See [`Fact::Note`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Note {
    /// The words; empty where files say it.
    pub text: String,
    /// The cards of its files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub files: Option<Vec<UploadedFile>>,
}

/// See [`Fact::Resolved`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Resolved {
    /// Who ended it.
    pub by: EndedBy,
    /// How.
    #[schema(value_type = Outcome)]
    pub outcome: String,
}

/// Who ended an episode.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
    /// The clock.
    System,
}

/// See [`Fact::Reopened`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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
    /// Who; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
}

/// Who has an episode first.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum BeganWith {
    /// The bot.
    Bot,
    /// A queue.
    Queue,
    /// The agent of the episode before.
    Agent,
}

/// See [`Fact::Rated`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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

/// See [`Fact::LeftMessageHandled`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct LeftMessageHandled {
    /// Taken care of, or taken back.
    pub handled: bool,
}

/// See [`Fact::BotSuperseded`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct BotSuperseded {
    /// The number of the message it would have answered.
    pub of: i64,
}

/// Which conversation an entry beside it is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct About {
    /// Which.
    pub conversation: ConversationId,
}

/// See [`Fact::Moved`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct Moved {
    /// Where it goes on.
    pub to: VisitorId,
}

/// See [`Fact::StateChanged`].
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};
    use testkit_server::Realtime;

    use super::Entry;
    use crate::testing::TestApp;

    /// The streams' entries, until there is one of the kind `last`; each is exactly what its type says.
    async fn read(socket: &mut Realtime, hello: &Value, last: &str) -> Vec<Value> {
        socket.send(hello).await;
        let mut read = Vec::new();
        while read.iter().all(|entry: &Value| entry["kind"] != last) {
            let frame = socket.until("entries").await;
            read.extend(frame["entries"].as_array().unwrap().iter().cloned());
        }
        for entry in &read {
            let typed: Entry = serde_json::from_value(entry.clone()).unwrap_or_else(|why| panic!("{why}: {entry}"));
            assert_eq!(&serde_json::to_value(typed).unwrap(), entry);
        }
        read
    }

    #[tokio::test]
    async fn entries_are_what_the_api_document_says() {
        let app = TestApp::new().await;
        let (ada, visitor) = (app.manager("ada").await, app.visitor().await);
        let conversation = visitor.open("what is this?").await;
        let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201);
        let says = async |body: Value| assert_eq!(visitor.say(&conversation, false, body).await["t"], "ok");
        let acts = async |body: Value| {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
            let answer = ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
            assert_eq!(answer["frames"][0]["t"], "ok", "{answer}");
        };
        says(json!({"type": "request_human", "via": "button"})).await;
        says(json!({"type": "leave_queue"})).await;
        says(json!({"type": "request_human", "via": "button"})).await;
        says(json!({"type": "file", "file": file["id"]})).await;
        acts(json!({"type": "take"})).await;
        acts(json!({"type": "note", "text": "looks new"})).await;
        let picture = ada.upload("/api/v1/files?name=b.gif", "image/gif", b"GIF89a\x02\x00\x01\x00 and so on".to_vec()).await.expect(201);
        acts(json!({"type": "note", "text": "", "files": [picture["id"]]})).await;
        acts(json!({"type": "text", "text": "hello"})).await;
        acts(json!({"type": "transfer", "to": app.company.queue})).await;
        acts(json!({"type": "take"})).await;
        acts(json!({"type": "resolve"})).await;
        says(json!({"type": "rate", "score": 5, "comment": "quick", "solved": true})).await;
        says(json!({"type": "text", "text": "one more thing"})).await;
        says(json!({"type": "end"})).await;
        let (mut desk, mut widget) = (Realtime::connect(&ada).await, Realtime::connect(&visitor).await);
        let staff = read(&mut desk, &json!({"t": "hello", "version": 1, "cursors": {&conversation: 0}}), "resolved").await;
        let customer = read(&mut widget, &json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {&conversation: 0}}), "resolved").await;
        let kinds: BTreeSet<&str> = staff.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        for kind in ["opened", "message", "human_requested", "queued", "left_queue", "assigned", "note", "transferred", "resolved", "rated", "reopened"] {
            assert!(kinds.contains(kind), "{kind}: {kinds:?}");
        }
        assert!(customer.iter().all(|entry| entry["kind"] != "note"));
        let own = json!({"t": "hello", "version": 1, "cursors": {ada.member.id.to_string(): 0, app.company.tenant.to_string(): 0}});
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "lunch"})).await.expect(200);
        read(&mut desk, &own, "state_changed").await;
    }
}
