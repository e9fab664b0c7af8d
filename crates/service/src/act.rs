//! An act and its sender: what of it can be checked without the record, and which lane it takes.

use std::sync::Arc;

use db::{
    Append, Db,
    writer::{Fence, Outcome},
};
use domain::{
    conversation::{Channel, Conversation, Event, ReopenTo, Said},
    entry::{
        body::{Message, Page},
        fact,
    },
    id::{AgentId, ConversationId, FileId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, Written},
    policy::{self, Staff},
    refusal::Code,
    text::{self, Lang},
};
use uuid::Uuid;

/// Who acts.
#[derive(Debug, Clone)]
pub enum Sender {
    /// A visitor of a site.
    Visitor {
        /// Of which company's.
        tenant: TenantId,
        /// Who.
        visitor: VisitorId,
        /// On which site.
        site: SiteId,
    },
    /// A member of the staff.
    Staff(Staff),
    /// The bot.
    Bot {
        /// Of which company.
        tenant: TenantId,
        /// Under which name.
        name: String,
    },
}

impl Sender {
    /// Of which company.
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor { tenant, .. } | Self::Bot { tenant, .. } => *tenant,
            Self::Staff(staff) => staff.tenant,
        }
    }
    /// Who that is in the journal.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Visitor { visitor, .. } => Actor::customer(visitor.uuid()),
            Self::Staff(staff) => Actor::agent(staff.agent, &staff.name),
            Self::Bot { name, .. } => Actor::bot(name),
        }
    }
    /// Whether they have anything to do with a conversation at all; what they may do in it the event decides.
    pub fn may_see(&self, c: &Conversation) -> bool {
        match self {
            Self::Visitor { tenant, visitor, .. } => c.tenant == *tenant && c.visitor == *visitor,
            Self::Staff(staff) => policy::may_read(staff, c),
            Self::Bot { tenant, .. } => c.tenant == *tenant,
        }
    }
}

/// What somebody wants to happen in a conversation, once.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who acts.
    pub sender: Sender,
    /// By which door it came: what a conversation that it begins bears from then on.
    pub channel: Channel,
    /// Where; chosen by the client for a new conversation.
    pub conversation: ConversationId,
    /// The sender's own id of it, never used again.
    pub client_id: Uuid,
    /// A digest of what was sent, by which the same id with other words is noticed.
    pub digest: i64,
    /// What a new conversation begins with.
    pub beginning: Option<Beginning>,
    /// What.
    pub body: Body,
}

/// What a new conversation begins with.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The customer's language.
    pub lang: Lang,
    /// The product being looked at.
    pub product: Option<String>,
    /// The page being looked at.
    pub page: Option<Page>,
}

/// To whom a conversation is handed.
#[derive(Debug, Clone, Copy)]
pub enum TransferTo {
    /// A colleague.
    Agent(AgentId),
    /// A queue.
    Queue(QueueId),
    /// What is neither.
    Unknown,
}

/// What is to happen.
#[derive(Debug, Clone)]
pub enum Body {
    /// Words.
    Text(String),
    /// A file uploaded before.
    File(FileId),
    /// A suggested question was pressed.
    Choice {
        /// Its words.
        text: String,
        /// The knowledge entry it stands for.
        answer: String,
    },
    /// The product being looked at.
    Product(String),
    /// The customer asks for a person.
    RequestHuman,
    /// The customer stops waiting.
    LeaveQueue,
    /// The customer leaves a message for later, which ends the episode.
    LeaveMessage {
        /// The message.
        text: String,
        /// Where to answer besides here.
        contact: Option<String>,
    },
    /// The customer ends the service.
    End,
    /// The customer rates.
    Rate {
        /// 1 to 5.
        score: i64,
        /// In their words.
        comment: Option<String>,
        /// Whether the matter is settled.
        solved: Option<bool>,
    },
    /// A private note of the staff.
    Note {
        /// May be empty where there are files.
        text: String,
        /// Files uploaded before.
        files: Vec<FileId>,
    },
    /// Staff take a waiting conversation.
    Take,
    /// Staff hand over.
    Transfer {
        /// To whom.
        to: TransferTo,
        /// A private note to go with it.
        note: Option<String>,
    },
    /// Staff settle the matter.
    Resolve,
    /// The bot answers.
    Answer {
        /// What it says.
        said: Box<Said>,
        /// The epoch it was computed for.
        epoch: i64,
        /// The number of the message it answers.
        of: i64,
    },
}

/// The longest line that says where to answer besides here, in characters.
const MAX_CONTACT_CHARS: usize = 200;
/// The most files of one note.
const MAX_NOTE_FILES: usize = 10;

impl Act {
    /// Checks what can be checked without the record; the code of the refusal.
    pub fn check(&self) -> Result<(), Code> {
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
                if !(1..=5).contains(score) {
                    return Err(Code::ScoreOutOfRange);
                }
                comment.as_deref().filter(|c| !c.is_empty()).map_or(Ok(()), |c| words(c, 8000))
            }
            Body::Transfer { note: Some(note), .. } => words(note, text::MAX_TEXT_BYTES),
            _ => Ok(()),
        }
    }

    /// The entry this becomes if the hot lane takes it: words in a conversation whose state is known and stays as it is.
    fn hot(&self, c: &Conversation) -> Option<(Written, i64)> {
        if !self.sender.may_see(c) {
            return None;
        }
        let (event, said) = match (&self.sender, &self.body) {
            (Sender::Visitor { .. }, body @ (Body::Text(_) | Body::Choice { .. })) => {
                let said = body.words()?;
                (Event::CustomerSays { said: said.clone(), reopen: ReopenTo::Bot, product: None }, said)
            }
            (Sender::Staff(staff), body @ Body::Text(_)) => {
                let said = body.words()?;
                (Event::AgentSays { said: said.clone(), agent: staff.agent }, said)
            }
            (Sender::Bot { .. }, Body::Answer { said, epoch, .. }) => (Event::BotSays { said: (**said).clone(), epoch: *epoch }, (**said).clone()),
            _ => return None,
        };
        if !c.is_hot(&event) {
            return None;
        }
        let mut entry = c.message(&self.sender.actor(), said);
        entry.client_id = Some(self.client_id);
        entry.send_hash = self.digest;
        Some((entry.into(), c.version))
    }
}

impl Body {
    /// What a person says by it, if it needs nothing from the record.
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

/// Hands an act to the writer: as data if its conversation is `known` and stays in the state it is in, otherwise on its full path. `done` gets the outcome after the
/// commit, and `None` if the sender has to try again.
pub fn submit(db: &Db, known: Option<&Conversation>, act: Act, fence: Option<(Arc<Fence>, u64)>, done: impl FnOnce(Option<Outcome>) + Send + 'static) {
    let (conversation, hot) = (act.conversation.uuid(), known.and_then(|c| act.hot(c)));
    db.writer().append(Append { conversation, hot, otherwise: Box::new(act), fence, reply: Box::new(move |result| done(result.ok())) });
}
