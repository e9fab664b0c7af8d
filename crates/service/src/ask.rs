//! What can be asked for in a conversation, and the checks that need no stored state.

use domain::{
    conversation::{Channel, Said},
    entry::{
        body::{Message, Page},
        fact,
    },
    id::{AgentId, FileId, QueueId},
    rating,
    refusal::Code,
    text::{self, Lang},
};

/// What somebody asks for in a conversation.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The channel it came through. A conversation that this begins keeps this channel.
    pub channel: Channel,
    /// The circumstances of a new conversation; `None` if this cannot begin one.
    pub beginning: Option<Beginning>,
    /// What is to happen.
    pub body: Body,
}

/// The circumstances in which a new conversation begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The customer's language.
    pub lang: Lang,
    /// The product the customer is looking at.
    pub product: Option<String>,
    /// The page the customer is looking at.
    pub page: Option<Page>,
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

/// The content of an act.
#[derive(Debug, Clone)]
pub enum Body {
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
    /// A product card for the product the customer is looking at.
    Product(String),
    /// The customer asks for a human agent.
    RequestHuman,
    /// The customer leaves the queue.
    LeaveQueue,
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
        /// The score; see [`domain::rating`].
        score: i64,
        /// A comment in the customer's words.
        comment: Option<String>,
        /// Whether the customer's problem is solved.
        solved: Option<bool>,
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
    },
    /// An agent takes a waiting conversation, or one over from the bot.
    Take,
    /// An agent transfers the conversation.
    Transfer {
        /// The agent or queue to transfer it to.
        to: TransferTo,
        /// A private note to go with the transfer.
        note: Option<String>,
    },
    /// An agent hands the conversation back to the bot.
    HandBack,
    /// A member of the staff acknowledges that somebody may be in danger.
    AcknowledgeAlert,
    /// An agent marks the conversation as resolved.
    Resolve,
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

impl Ask {
    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    pub(crate) fn check(&self) -> Result<(), Code> {
        let begun = self.beginning.iter().flat_map(|new| new.product.iter().chain(new.page.iter().flat_map(|page| [&page.title, &page.url])));
        if begun.into_iter().any(|text| text.contains('\0')) {
            return Err(Code::TextUnacceptable);
        }
        match &self.body {
            Body::Note { files, .. } if files.len() > MAX_NOTE_FILES => Err(Code::TooManyFiles),
            Body::Note { text, files } if text.is_empty() && !files.is_empty() => Ok(()),
            Body::Text(text) | Body::Note { text, .. } => words(text, text::MAX_TEXT_BYTES),
            Body::LeaveMessage { text, contact } => {
                words(text, text::MAX_TEXT_BYTES)?;
                match contact {
                    Some(contact) if contact.chars().count() > MAX_CONTACT_CHARS => Err(Code::TextTooLong),
                    Some(contact) if contact.chars().any(char::is_control) => Err(Code::TextUnacceptable),
                    _ => Ok(()),
                }
            }
            Body::Choice { text, answer } => words(text, 2000).and_then(|()| words(answer, 100)),
            Body::Product(product) => words(product, 100),
            Body::Rate { score, comment, .. } => {
                if !rating::SCALE.contains(score) {
                    return Err(Code::ScoreOutOfRange);
                }
                comment.as_deref().filter(|c| !c.is_empty()).map_or(Ok(()), |c| words(c, 8000))
            }
            Body::Transfer { note: Some(note), .. } => words(note, text::MAX_TEXT_BYTES),
            _ => Ok(()),
        }
    }
}

impl Body {
    /// The message this body stands for, if building it needs no stored state.
    pub(crate) fn words(&self) -> Option<Said> {
        match self {
            Self::Text(text) => Some(Said::text(text)),
            Self::Choice { text, answer } => Some(Said {
                message: Message::Choice { text: text.clone(), answer: answer.clone(), ord: None },
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
