//! Builds the message of an act, ready to be stored, and decides where a reply to a resolved conversation goes.

use content::knowledge::KnowledgeEntry;
use db::Tx;
use domain::{
    conversation::{Asked, Assignee, Conversation, ReopenTo, Said},
    entry::{body::Message, fact},
    id::{FileId, TenantId},
    refusal::{Code, Refusal},
};
use store::{Error, Result};
use store_desk::files::{FileOwner, StoredFile};

use crate::{act::Sender, hours};

/// The message that is asked for, with the file or product it refers to.
pub async fn message_of(tx: &mut Tx, c: &Conversation, sender: &Sender, asked: &Asked) -> Result<Said> {
    match asked {
        Asked::File(file) => {
            let file = own_file(tx, c.tenant, sender, *file).await?;
            store_desk::files::attach(tx, c.tenant, file.id, c.id).await?;
            Ok(Said { message: Message::File { file: file.card(), ord: None }, fact: fact::Message { file: true, ..fact::Message::default() } })
        }
        Asked::Product(product) => {
            let document = store_hall::catalogue::product(tx, c.tenant, product).await?.ok_or(Refusal::new(Code::ProductUnknown))?;
            let card = serde_json::from_str(&document).map_err(|e| Error::Db(db::Error::Corrupt(e.to_string())))?;
            // A product card is not a question, so it does not count as dialogue with the bot.
            let fact = fact::Message { card: Some(product.clone()), ..fact::Message::default() };
            Ok(Said { message: Message::Product { product: card, ord: None }, fact })
        }
        Asked::Choice { text, answer } if !is_offered(tx, c, text, answer).await? => Ok(Said::text(text)),
        other => other.words().ok_or_else(|| Refusal::new(Code::NotPermitted).into()),
    }
}

/// Whether a question was offered: by the bot in this episode, or as it stands in the published knowledge, from which the first questions of a site, what
/// completes a line and what is recommended are taken. Otherwise the words are the customer's own, and the bot has to understand them.
async fn is_offered(tx: &mut Tx, c: &Conversation, text: &str, answer: &str) -> Result<bool> {
    // By far the most are questions as they are published, which one row by its key tells: customers wait for their acknowledgement.
    let entries = store_knowledge::knowledge::entries_by_id(tx, c.tenant, &[answer.to_owned()]).await?;
    let own = entries.first().and_then(|entry| serde_json::from_str::<KnowledgeEntry>(&entry.json).ok());
    if own.is_some_and(|entry| [entry.question.zh, entry.question.en].iter().any(|question| !question.is_empty() && question == text)) {
        return Ok(true);
    }
    store::bot_answers::has_offered(tx, c, answer, text).await
}

/// A file that the sender uploaded.
pub async fn own_file(tx: &mut Tx, tenant: TenantId, sender: &Sender, file: FileId) -> Result<StoredFile> {
    let owner = match sender {
        Sender::Visitor { visitor, .. } => FileOwner::Visitor(*visitor),
        Sender::Staff(staff) => FileOwner::Agent(staff.agent),
        Sender::Bot { .. } => return Err(Error::NotFound),
    };
    let file = store_desk::files::get(tx, tenant, file).await?;
    if file.owner == owner { Ok(file) } else { Err(Error::NotFound) }
}

/// Where a reply to a conversation that is no longer open goes.
pub async fn reopen_to(tx: &mut Tx, c: &Conversation) -> Result<ReopenTo> {
    let Some(last) = c.agent.filter(|_| !c.state.is_open()) else { return Ok(ReopenTo::Bot) };
    let now = tx.now();
    if let Some(there) = store::routing::lock_agent(tx, c.tenant, last).await?.filter(|candidate| candidate.is_free(now)) {
        return Ok(ReopenTo::Agent(Assignee { agent: last, name: there.name, number: there.number }));
    }
    // A queue that is closed or was removed takes no waiting conversations.
    let open = match c.queue {
        Some(queue) => hours::of_queue(tx, c.tenant, queue).await?.open,
        None => false,
    };
    Ok(if open { ReopenTo::Queue } else { ReopenTo::Bot })
}
