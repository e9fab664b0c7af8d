//! What happens to a conversation, and what comes of it.

use crate::{
    conversation::{BotWork, Channel, Consequence, Conversation, GivenAnswer},
    entry::{
        body::{self, AskedVia, FileCard, Handoff, Page, Routing},
        fact,
    },
    handoff_reason::HandoffReason,
    id::{AgentId, ConversationId, QueueId, SiteId, TenantId, VisitorId},
    journal::NewEntry,
    text::Lang,
    time::Ts,
};

/// What a conversation starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The id, chosen by the client; also the id of the stream.
    pub id: ConversationId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The site it takes place on.
    pub site: SiteId,
    /// The visitor who writes it.
    pub visitor: VisitorId,
    /// The channel it comes in on.
    pub channel: Channel,
    /// The customer's language.
    pub lang: Lang,
    /// The product being looked at.
    pub product: Option<String>,
    /// The page being looked at.
    pub page: Option<Page>,
}

/// A text, a file or a card, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// What is said.
    pub message: body::Message,
    /// What analysis may know of it; the episode and the owner who has to answer are filled in.
    pub fact: fact::Message,
}

impl Said {
    /// A plain text message.
    pub fn text(text: impl Into<String>) -> Self {
        body::Message::Text { text: text.into(), ord: None }.into()
    }
}

impl From<body::Message> for Said {
    /// A message of which analysis knows only that it was sent.
    fn from(message: body::Message) -> Self {
        Self { message, fact: fact::Message::default() }
    }
}

/// What the staff are told when a conversation goes from the bot to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// What happened with the bot.
    pub packet: Option<Box<Handoff>>,
    /// The number of the message that may speak of danger, if the bot has just offered a person because of it: who then presses the button, or leaves a message,
    /// is as urgent as who says yes.
    pub worry: Option<i64>,
}

/// The destination of a settled conversation when the customer replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReopenTo {
    /// The last agent, who is available and has free capacity.
    Agent(Assignee),
    /// The queue it was served from.
    Queue,
    /// The bot.
    Bot,
}

/// The agent to whom a conversation is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// The agent's id.
    pub agent: AgentId,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
}

/// Something that happens to a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The customer says something; `reopen` says who gets the conversation if it is settled, `product` which product it is about from now on.
    CustomerSays { said: Said, reopen: ReopenTo, product: Option<String> },
    /// The bot answers, for the epoch it saw.
    BotSays { said: Said, epoch: i64 },
    /// The customer asks for a person: with the `button`, or in `words`, namely the message `of`, which is then a command and not a question to the bot.
    /// `reason` is why a person is wanted, if that is known.
    RequestHuman { via: AskedVia, of: Option<i64>, queue: QueueId, queue_name: String, reason: Option<HandoffReason>, told: Told },
    /// The customer stops waiting.
    LeaveQueue,
    /// Routing gives the conversation to an agent; `trace` says why.
    Assign { to: Assignee, trace: Routing },
    /// An agent takes the conversation out of the queue, or over from the bot.
    Take { by: Assignee },
    /// An agent says something.
    AgentSays { said: Said, agent: AgentId },
    /// A member of staff writes a private note, with the cards of the files that belong to it.
    Note { text: String, files: Vec<FileCard> },
    /// Its agent (or a manager) transfers it to a colleague, perhaps with a note.
    TransferToAgent { to: Assignee, from_name: String, note: Option<String> },
    /// Its agent (or a manager) returns it to a queue, perhaps with a note; while it waits, somebody who may take it moves it to a different queue.
    TransferToQueue { queue: QueueId, queue_name: String, from_name: String, note: Option<String> },
    /// Its agent is lost, and it waits in `queue`: its own or, if the agent had taken it over from the bot, that of its site.
    Return { queue: QueueId },
    /// Its agent (or a manager) hands it back to the bot.
    HandBack,
    /// The customer's message `of` says that somebody may be in danger.
    RaiseAlert { of: i64 },
    /// A member of staff acknowledges that.
    AcknowledgeAlert { by: AgentId },
    /// A member of staff settles it.
    Resolve,
    /// The customer ends it; `bot` is what the bot had done, if the bot has the conversation.
    End { bot: BotWork },
    /// The customer leaves a message for later.
    LeaveMessage { said: Said, told: Told },
    /// A member of staff answers a left message, or steps in after an alert, and has the conversation from then on.
    AnswerLeft { said: Said, by: Assignee },
    /// A left message was handled in some other way (`None`), or that was undone: it has been waiting since that time again.
    TendLeft { waits_since: Option<Ts> },
    /// The conversation was silent for too long; `bot` is what the bot had done, if the bot has the conversation.
    Expire { bot: BotWork },
    /// The customer says whether an answer of the bot helped.
    JudgeAnswer { answer: GivenAnswer, helpful: bool },
    /// The customer rates the episode.
    Rate { score: i64, comment: Option<String>, solved: Option<bool> },
}

/// The result of an event: the new row, the entries to append, and what follows.
#[derive(Debug, Clone)]
pub struct Transition {
    /// The conversation after the event; its version is one higher unless only counters changed.
    pub next: Conversation,
    /// What to append to its stream, in order.
    pub entries: Vec<NewEntry>,
    /// The index of the sender's own entry, the one that carries its `client_id`.
    pub own: usize,
    /// What it leads to elsewhere, in the order in which it is carried out.
    pub consequences: Vec<Consequence>,
}
