//! What people and the bot ask for in a conversation, whichever door it comes by; what happens to it, and what comes of it.

use crate::{
    conversation::{BotWork, Channel, Consequence, Conversation, GivenAnswer, Spoken},
    entry::{
        body::{self, AskedVia, EndedBy, FileCard, Handoff, LabelRef, Mention, OfferEnd, OverflowWhy, RatingReasonRef, Routing},
        fact,
    },
    handoff_reason::HandoffReason,
    id::{AgentId, ConversationId, FileId, LabelId, QuestionKindId, QueueId, RatingReasonId, SiteId, TenantId, VisitorId},
    journal::NewEntry,
    label::MAX_LABELS_OF_CONVERSATION,
    line,
    question_kind::{GivenDetail, MAX_DETAILS},
    rating,
    refusal::Code,
    site::MAX_RATING_REASONS,
    text::{self, Lang},
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
        body::Message::Text { text: text.into(), ord: None, quote: None, quote_of: None, corrected_at: None, hidden_numbers: None }.into()
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
    /// The number of the message that may speak of danger, if the bot has just offered a person because of it: who then leaves a message is as urgent as who
    /// says yes.
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
    /// The customer says what it is about; whoever waits already does so in the queue `to` from then on.
    AskAbout { about: body::AskedAbout, to: Option<(QueueId, String)> },
    /// The customer has waited for so long that they are offered to leave a message instead, which is answered by then.
    OfferMessage { promised_by: Option<Ts> },
    /// The customer stops waiting.
    LeaveQueue,
    /// Routing gives the conversation to an agent, of whom it takes so many units; `trace` says why.
    Assign { to: Assignee, units: i64, trace: Routing },
    /// Routing offers the conversation to an agent, who may accept it until a time; otherwise as above.
    Offer { to: Assignee, units: i64, until: Ts, trace: Routing },
    /// The agent passes on what is offered, does not answer in time, or no longer takes conversations.
    EndOffer { agent: AgentId, how: OfferEnd },
    /// The rules of its queue move it to another while it waits.
    Overflow { to: QueueId, to_name: String, why: OverflowWhy },
    /// Its queue is deleted. It belongs to the queue `to` from now on: it goes on waiting there, or stays with whoever has it.
    LoseQueue { to: QueueId, to_name: String },
    /// An agent takes the conversation out of the queue, or over from the bot.
    Take { by: Assignee },
    /// An agent says something.
    AgentSays { said: Said, agent: AgentId },
    /// A member of staff writes a private note, with the cards of the files that belong to it, and with the colleagues whom it calls. It may quote
    /// an earlier message or note.
    Note { text: String, files: Vec<FileCard>, mentions: Vec<Mention>, quote: Option<i64> },
    /// The author takes words back.
    Recall { of: Spoken },
    /// The author says with other words what these said.
    Correct { of: Spoken, text: String },
    /// Its agent (or a manager) transfers it to a colleague, perhaps with a note.
    TransferToAgent { to: Assignee, from_name: String, note: Option<String> },
    /// Its agent (or a manager) returns it to a queue, perhaps with a note; while it waits, somebody who may take it moves it to a different queue.
    TransferToQueue { queue: QueueId, queue_name: String, from_name: String, note: Option<String> },
    /// Its agent is lost or leaves, and it waits in `queue`: its own, that of its site if the agent had taken it over from the bot, or the one chosen for what the agent
    /// leaves behind.
    Return { queue: QueueId, queue_name: String },
    /// Its agent (or a manager) hands it back to the bot.
    HandBack,
    /// The customer's message `of` says that somebody may be in danger.
    RaiseAlert { of: i64 },
    /// A member of staff acknowledges that.
    AcknowledgeAlert { by: AgentId },
    /// A member of staff says what it is about: it has the labels `now`, instead of `before`.
    Label { before: Vec<LabelRef>, now: Vec<LabelRef>, by: AgentId },
    /// Its agent (or a manager) finds something out, while the customer waits.
    Hold,
    /// Its agent (or a manager) postpones it to this time.
    Snooze { until: Ts },
    /// Its agent (or a manager) goes on with it; or, if that `is_due`, the time to which it was postponed has come.
    Wake { is_due: bool },
    /// A member of staff settles it.
    Resolve,
    /// A member of staff reopens it for this agent; `ended_by` says who ended it. If its agent was the last to have it and the staff have just settled it, the end is taken back and the
    /// episode goes on; otherwise another begins. What the customer has just ended is refused.
    Reopen { to: Assignee, ended_by: EndedBy },
    /// The customer ends it; `bot` is what the bot had done, if the bot has the conversation.
    End { bot: BotWork },
    /// The customer leaves a message for later. `contact` is where else the customer can be answered, sealed: what is said has only its masked form.
    LeaveMessage { said: Said, told: Told, contact: Option<Vec<u8>> },
    /// A member of staff answers a left message, or steps in after an alert, and has the conversation from then on.
    AnswerLeft { said: Said, by: Assignee },
    /// A left message was handled in some other way (`None`), or that was undone: it has been waiting since that time again.
    TendLeft { waits_since: Option<Ts> },
    /// The conversation was silent for too long; `bot` is what the bot had done, if the bot has the conversation.
    Expire { bot: BotWork },
    /// The customer says whether an answer of the bot helped.
    JudgeAnswer { answer: GivenAnswer, helpful: bool },
    /// The customer rates the episode.
    Rate { score: i64, comment: Option<String>, solved: Option<bool>, reasons: Vec<RatingReasonRef> },
    /// A supervisor does something in the conversation of an agent.
    Intervene(Intervention),
}

/// What a supervisor does.
#[derive(Debug, Clone, PartialEq)]
pub enum Intervention {
    /// Begins to read what is said, and lets the agent know.
    Listen,
    /// Tells the agent something that the customer does not see.
    Whisper { text: String },
    /// Begins to speak as well; the agent stays the one who has the conversation.
    Join { by: Assignee },
    /// Stops speaking.
    Leave,
    /// Says something to the customer, having joined.
    Say { said: Said, by: AgentId },
    /// Has the conversation from now on, instead of the agent `from` whom the supervisor saw with it.
    TakeOver { by: Assignee, from: AgentId, from_name: String, why: Option<String> },
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

impl Transition {
    /// The same transition, whose words say that so many numbers are hidden in them.
    pub fn hiding(mut self, numbers: i64) -> Self {
        if let Some(own) = self.entries.get_mut(self.own) {
            own.body.hide_numbers(numbers);
        }
        for consequence in &mut self.consequences {
            if let Consequence::Corrected { now, .. } = consequence {
                now.hide_numbers(numbers);
            }
        }
        self
    }
}

/// Who may ask for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The customer.
    Customer,
    /// The agent who serves it, or a manager.
    Server,
}

/// The target of a transfer.
#[derive(Debug, Clone, Copy)]
pub enum TransferTo {
    /// To a colleague.
    Agent(AgentId),
    /// To a queue.
    Queue(QueueId),
    /// An id that is neither an agent's nor a queue's.
    Unknown,
}

/// What a sender wants to happen in a conversation.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A text message.
    Text(String),
    /// A file that was uploaded earlier.
    File(FileId),
    /// The customer pressed a suggested question.
    Choice {
        /// The text of the question.
        text: String,
        /// The id of the knowledge entry that answers it.
        answer: String,
    },
    /// A product card: for the product the customer is looking at, or for one that an agent shows.
    Product(String),
    /// The customer asks for a human agent.
    RequestHuman,
    /// The customer says what it is about, or skips that.
    AskAbout {
        /// The kind of question; `None` to skip.
        question: Option<QuestionKindId>,
        /// The details that belong to it.
        details: Vec<GivenDetail>,
    },
    /// The customer leaves a message for later, which ends the episode.
    LeaveMessage {
        /// The text of the message.
        text: String,
        /// Where else to reach the customer.
        contact: Option<String>,
    },
    /// The customer ends the conversation.
    End,
    /// The customer rates the service.
    Rate {
        /// The score; see [`crate::rating`].
        score: i64,
        /// A comment in the customer's words.
        comment: Option<String>,
        /// Whether the customer's problem is solved.
        solved: Option<bool>,
        /// Why, of what the site offers.
        reasons: Vec<RatingReasonId>,
    },
    /// The customer says whether an answer of the bot helped.
    JudgeAnswer {
        /// The ordinal of the answer among the messages of the staff's side.
        answer: i64,
        /// Whether it helped.
        helpful: bool,
    },
    /// A private note, visible only to staff.
    Note {
        /// The text; may be empty if there are files.
        text: String,
        /// Files that were uploaded earlier.
        files: Vec<FileId>,
        /// The colleagues whom it calls.
        mentions: Vec<AgentId>,
    },
    /// A text or a note that quotes the message with this number, as the sender counts the entries.
    Quoting {
        /// The text or the note.
        said: Box<Asked>,
        /// The number of the message.
        of: i64,
    },
    /// The sender takes back the message or note with this number.
    Recall {
        /// The number, as the sender counts the entries.
        of: i64,
    },
    /// A member of staff corrects the message or note with this number.
    Correct {
        /// The number.
        of: i64,
        /// What it is to say.
        text: String,
    },
    /// A supervisor tells the agent something that the customer does not see.
    Whisper(String),
    /// An agent takes a waiting conversation, or one over from the bot, or accepts one that is offered.
    Take,
    /// An agent passes on a conversation that is offered.
    Pass,
    /// An agent transfers the conversation.
    Transfer {
        /// The agent or queue to transfer it to.
        to: TransferTo,
        /// A private note to go with the transfer.
        note: Option<String>,
    },
    /// The customer leaves the queue.
    LeaveQueue,
    /// An agent hands the conversation back to the bot.
    HandBack,
    /// A member of the staff acknowledges that somebody may be in danger.
    AcknowledgeAlert,
    /// A member of staff says what the conversation is about.
    Label {
        /// All labels that it has from now on.
        labels: Vec<LabelId>,
    },
    /// An agent finds something out, while the customer waits.
    Hold,
    /// An agent postpones the conversation to this time.
    Snooze {
        /// The time.
        until: Ts,
    },
    /// An agent goes on with a conversation that was set aside.
    Wake,
    /// An agent marks the conversation as resolved.
    Resolve,
    /// An agent takes that back, or reopens the conversation later.
    Reopen,
    /// The bot answers.
    Answer {
        /// The answer.
        said: Box<Said>,
        /// The epoch it was computed for.
        epoch: i64,
        /// The number of the message it answers.
        of: i64,
    },
}

/// The maximum length, in characters, of the contact details left with a message.
const MAX_CONTACT_CHARS: usize = 200;
/// The maximum number of files in one note.
const MAX_NOTE_FILES: usize = 10;
/// The maximum number of colleagues whom one note calls.
const MAX_MENTIONS: usize = 10;

/// Contact details as they are kept: on one line, without what cannot be seen. An address or a number that was copied may come with it.
pub fn contact_line(raw: &str) -> String {
    line::visible(&normal::typed::line(raw))
}

impl Asked {
    /// The event that is asked for and who may ask for it; `None` if something has to be looked up first, which is done where it is performed.
    pub fn plain(&self) -> Option<(Asker, Event)> {
        Some(match self {
            Self::LeaveQueue => (Asker::Customer, Event::LeaveQueue),
            Self::HandBack => (Asker::Server, Event::HandBack),
            Self::Hold => (Asker::Server, Event::Hold),
            Self::Snooze { until } => (Asker::Server, Event::Snooze { until: *until }),
            Self::Wake => (Asker::Server, Event::Wake { is_due: false }),
            Self::Resolve => (Asker::Server, Event::Resolve),
            _ => return None,
        })
    }

    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    pub fn check(&self) -> Result<(), Code> {
        match self {
            Self::Note { files, .. } if files.len() > MAX_NOTE_FILES => Err(Code::TooManyFiles),
            Self::Note { mentions, .. } if mentions.len() > MAX_MENTIONS => Err(Code::TooManyMentions),
            Self::Note { text, files, .. } if text.is_empty() && !files.is_empty() => Ok(()),
            Self::Quoting { said, .. } => said.check(),
            Self::Text(text) | Self::Note { text, .. } | Self::Whisper(text) | Self::Correct { text, .. } => words(text, text::MAX_TEXT_BYTES),
            Self::LeaveMessage { text, contact } => {
                words(text, text::MAX_TEXT_BYTES)?;
                match contact {
                    Some(contact) if contact_line(contact).chars().count() > MAX_CONTACT_CHARS => Err(Code::TextTooLong),
                    Some(contact) if contact.trim().chars().any(char::is_control) => Err(Code::TextUnacceptable),
                    _ => Ok(()),
                }
            }
            Self::AskAbout { details, .. } if details.len() > MAX_DETAILS => Err(Code::QuestionKindUnknown),
            Self::AskAbout { question: None, details } if !details.is_empty() => Err(Code::QuestionKindUnknown),
            Self::Label { labels } if labels.len() > MAX_LABELS_OF_CONVERSATION => Err(Code::TooManyLabelsGiven),
            Self::Choice { text, answer } => words(text, 2000).and_then(|()| words(answer, 100)),
            Self::Product(product) => words(product, 100),
            Self::Rate { reasons, .. } if reasons.len() > MAX_RATING_REASONS => Err(Code::RatingReasonUnknown),
            Self::Rate { score, comment, .. } => {
                if !rating::SCALE.contains(score) {
                    return Err(Code::ScoreOutOfRange);
                }
                comment.as_deref().filter(|c| !c.is_empty()).map_or(Ok(()), |c| words(c, 8000))
            }
            Self::Transfer { note: Some(note), .. } => words(note, text::MAX_TEXT_BYTES),
            _ => Ok(()),
        }
    }

    /// The message that this stands for, if building it needs no stored state.
    pub fn words(&self) -> Option<Said> {
        match self {
            Self::Text(text) => Some(Said::text(text)),
            Self::Choice { text, answer } => Some(Said {
                message: body::Message::Choice { text: text.clone(), answer: answer.clone(), ord: None },
                fact: fact::Message { choice: Some(answer.clone()), ..fact::Message::default() },
            }),
            _ => None,
        }
    }
}

fn words(text: &str, max: usize) -> Result<(), Code> {
    match text::check(text, max) {
        Ok(()) => Ok(()),
        Err(text::TextError::Empty) => Err(Code::TextEmpty),
        Err(text::TextError::TooLong) => Err(Code::TextTooLong),
        Err(text::TextError::Nul) => Err(Code::TextUnacceptable),
    }
}
