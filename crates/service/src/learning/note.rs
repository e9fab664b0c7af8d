//! Notes which questions are worth teaching, from the journal's feed: where they were asked and why, not what was said.

use std::collections::{BTreeMap, BTreeSet};

use db::{
    Db, Shard, Tx,
    feed::{self, Fed},
    journal,
};
use domain::{
    conversation::AnswerOutcome,
    entry::{Changed, EntryKind, Fact, body::Message, fact},
    id::{ConversationId, TenantId},
    journal::{Actor, ActorKind},
    learning::Reason,
    stream::StreamKind,
    time::Ts,
};
use store::{Result, TenantTx, judgements};
use store_knowledge::unanswered::Noted;

use crate::bot_turn::FILE;

/// Questions recorded per write.
const PER_WRITE: usize = 100;

/// What is to be recorded for one company.
#[derive(Debug, Default)]
struct Found {
    noted: BTreeMap<(ConversationId, i64), Noted>,
    withdrawn: BTreeSet<(ConversationId, i64)>,
}

impl Found {
    fn note(&mut self, new: Noted) {
        let place = (new.conversation, new.seq);
        if new.reason == Reason::NotHelpful {
            self.withdrawn.remove(&place);
        }
        if self.noted.get(&place).is_none_or(|before| before.reason < new.reason) {
            self.noted.insert(place, new);
        }
    }
    /// The customer says that the answer helped after all.
    fn withdraw(&mut self, place: (ConversationId, i64)) {
        if self.noted.get(&place).is_some_and(|before| before.reason == Reason::NotHelpful) {
            self.noted.remove(&place);
        }
        self.withdrawn.insert(place);
    }
}

/// Records what these facts say is worth teaching; returns whether there was anything.
///
/// # Errors
/// If the record cannot be read or written; then the same facts may be noted again.
pub async fn note(db: &Db, facts: &[Fed]) -> Result<bool> {
    let mut found: BTreeMap<TenantId, Found> = BTreeMap::new();
    let mut tx = db.read().await?;
    for fact in facts {
        let tenant = TenantId::new(fact.tenant_id);
        if let Some(lesson) = lesson(&mut tx, tenant, fact).await? {
            let found = found.entry(tenant).or_default();
            match lesson {
                Lesson::Learn(noted) => found.note(noted),
                Lesson::Forget(place) => found.withdraw(place),
            }
        }
    }
    drop(tx);
    let is_any = !found.is_empty();
    for (tenant, found) in found {
        record(db, tenant, found).await?;
    }
    Ok(is_any)
}

async fn record(db: &Db, tenant: TenantId, Found { noted, withdrawn }: Found) -> Result<()> {
    let noted: Vec<Noted> = noted.into_values().collect();
    for part in noted.chunks(PER_WRITE).map(<[Noted]>::to_vec) {
        let write = db.writer().write(Shard::Of(tenant.uuid()), move |tx| {
            Box::pin(async move {
                let part = still_said(tx, tenant, part).await?;
                let is_changed = !part.is_empty() && store_knowledge::unanswered::note(tx, tenant, &part).await? > 0;
                announce(tx, tenant, is_changed).await
            })
        });
        write.await?;
    }
    let withdrawn: Vec<(ConversationId, i64)> = withdrawn.into_iter().collect();
    for part in withdrawn.chunks(PER_WRITE).map(<[_]>::to_vec) {
        let write = db.writer().write(Shard::Of(tenant.uuid()), move |tx| {
            Box::pin(async move {
                let mut is_changed = false;
                for (conversation, seq) in part {
                    is_changed |= store_knowledge::unanswered::withdraw(tx, tenant, conversation, seq).await?;
                }
                announce(tx, tenant, is_changed).await
            })
        });
        write.await?;
    }
    Ok(())
}

/// Those whose words were not taken back meanwhile. While their conversations are locked, nobody takes them back.
async fn still_said(tx: &mut Tx, tenant: TenantId, found: Vec<Noted>) -> Result<Vec<Noted>> {
    let conversations: BTreeSet<ConversationId> = found.iter().map(|one| one.conversation).collect();
    let heads: Vec<_> = conversations.into_iter().map(|id| (tenant.uuid(), id.uuid(), StreamKind::Conversation)).collect();
    journal::lock(tx, &heads).await?;
    let mut said = Vec::with_capacity(found.len());
    for one in found {
        if !journal::is_withdrawn(tx, tenant, one.conversation.uuid(), one.seq).await? {
            said.push(one);
        }
    }
    Ok(said)
}

async fn announce(tx: &mut Tx, tenant: TenantId, is_changed: bool) -> Result<()> {
    if is_changed {
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Unanswered).await?;
    }
    Ok(())
}

/// What a fact teaches.
enum Lesson {
    Learn(Noted),
    Forget((ConversationId, i64)),
}

async fn lesson(tx: &mut Tx, tenant: TenantId, of: &feed::Fact) -> Result<Option<Lesson>> {
    let Some(kind) = EntryKind::parse(&of.kind) else { return Ok(None) };
    if !matches!(kind, EntryKind::Message | EntryKind::HumanRequested | EntryKind::AnswerRated) {
        return Ok(None);
    }
    let Ok(fact) = Fact::read(kind, &of.facts) else { return Ok(None) };
    let (conversation, at) = (ConversationId::new(of.stream_id), Ts(of.at));
    let learn = |said: &fact::Message, reason, about| {
        let noted = |seq| Noted { conversation, seq, at, lang: said.lang.unwrap_or_default(), reason, about };
        said.of.map(noted).map(Lesson::Learn)
    };
    Ok(match fact {
        Fact::Message(said) if of.actor_kind == ActorKind::Bot.as_str() => {
            let reason = Reason::of_answer(&said, FILE);
            let about = said.entry.clone().flatten().filter(|_| reason == Some(Reason::Unsure));
            reason.and_then(|reason| learn(&said, reason, about))
        }
        Fact::Message(fact::Message { choice: Some(pressed), ep, .. }) => match judgements::last_answer_before(tx, tenant, conversation, of.seq).await? {
            Some((seq, said)) if said.ep == ep && said.outcome == Some(AnswerOutcome::DidYouMean) => {
                let offered = judgements::words(tx, tenant, conversation, seq).await?;
                offered.filter(|words| offers(words, &pressed)).and_then(|_| learn(&said, Reason::Chosen, Some(pressed)))
            }
            _ => None,
        },
        Fact::HumanRequested(asked) => match judgements::last_answer_before(tx, tenant, conversation, of.seq).await? {
            Some((_, said)) if said.ep == asked.ep && Reason::is_miss(&said, FILE) => learn(&said, Reason::HandedOver, None),
            _ => None,
        },
        Fact::AnswerRated(judged) if judged.helpful => Some(Lesson::Forget((conversation, judged.question))),
        Fact::AnswerRated(judged) => match judgements::last_answer_before(tx, tenant, conversation, judged.of + 1).await? {
            Some((_, said)) => learn(&fact::Message { of: Some(judged.question), ..said }, Reason::NotHelpful, judged.entry),
            None => None,
        },
        _ => None,
    })
}

/// Whether a message of the bot offers this entry to choose from.
fn offers(words: &str, entry: &str) -> bool {
    matches!(serde_json::from_str(words), Ok(Message::Answer { options, .. }) if options.iter().any(|option| option.id == entry))
}
