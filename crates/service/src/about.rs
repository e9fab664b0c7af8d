//! What customers say that it is about, before a person is asked for: the kind of question, its details, and the queue to which that leads.

use db::Tx;
use domain::{
    conversation::{Conversation, Event, Owner},
    entry::body::AskedAbout,
    id::{QuestionKindId, QueueId},
    opening_hours::Service,
    question_kind::GivenDetail,
    refusal::{Code, Refusal},
};
use store::{Error, Result, sites::Site};

use crate::hours;

/// The event of a customer saying what it is about, or skipping that: among what the site asks, and skipped only where it allows that.
pub async fn event(tx: &mut Tx, c: &Conversation, question: Option<QuestionKindId>, details: &[GivenDetail]) -> Result<Event> {
    let site = store::sites::get(tx, c.tenant, c.site).await?;
    let asks = &site.settings.asks_about;
    let unknown = || Error::from(Refusal::new(Code::QuestionKindUnknown));
    let Some(id) = question else {
        // Where nothing is asked any more, nothing has to be chosen.
        return if asks.may_skip || !asks.on { Ok(Event::AskAbout { about: AskedAbout::default(), to: None }) } else { Err(unknown()) };
    };
    if !asks.on || !asks.questions.contains(&id) {
        return Err(unknown());
    }
    let kind = store::question_kinds::find(tx, c.tenant, id).await?.ok_or_else(unknown)?;
    let about = kind.asked_about(details).map_err(Refusal::new)?;
    // What was moved on since is where somebody, or a rule, wants it.
    let queue = kind.queue.filter(|_| c.state.owner() == Owner::Queue && c.queue == Some(site.queue));
    let to = match queue {
        Some(queue) if hours::of_queue_at(tx, &site, queue).await?.open => {
            Some((queue, store::routing::queue_name(tx, c.tenant, queue).await?.get(c.lang).to_owned()))
        }
        _ => None,
    };
    Ok(Event::AskAbout { about, to })
}

/// The queue in which a customer of a site who chose this kind of question would wait now, and its service: that of the kind, or that of the site where only
/// that one takes anybody.
pub async fn place(tx: &mut Tx, site: &Site, about: Option<QuestionKindId>) -> Result<(QueueId, Service)> {
    let of_site = hours::of_site(tx, site).await?;
    let kind = match about {
        Some(about) => store::question_kinds::find(tx, site.tenant, about).await?,
        None => None,
    };
    let Some(queue) = kind.and_then(|kind| kind.queue).filter(|queue| *queue != site.queue) else { return Ok((site.queue, of_site)) };
    match store::queues::get(tx, site.tenant, queue).await {
        Ok(_) => {}
        Err(Error::NotFound) => return Ok((site.queue, of_site)),
        Err(error) => return Err(error),
    }
    let of_kind = hours::of_queue_at(tx, site, queue).await?;
    Ok(if of_kind.open || !of_site.open { (queue, of_kind) } else { (site.queue, of_site) })
}

/// The queue that a conversation belongs to: that in which it waits, is served or was last, or, once the customer has chosen a kind of question, would wait.
pub async fn queue_of(tx: &mut Tx, c: &Conversation) -> Result<QueueId> {
    match c.queue {
        Some(queue) if c.about.is_none() || c.queued_at.is_some() => Ok(queue),
        _ => {
            let site = store::sites::get(tx, c.tenant, c.site).await?;
            Ok(place(tx, &site, c.about).await?.0)
        }
    }
}
