//! Notes what visitors who agreed took an interest in: what a conversation was opened on, the cards they sent, what the bot told them about, and how they rated
//! it; and what they looked at.

use std::collections::{BTreeMap, BTreeSet};

use content::recommendation::{INTEREST_MS, Interest, ItemKind};
use db::{
    Db, Shard,
    feed::{self, Fed},
};
use domain::{
    consent::Purpose,
    conversation::AnswerOutcome,
    entry::{EntryKind, Fact},
    id::{ConversationId, TenantId, VisitorId},
    journal::{Actor, ActorKind},
    stream::StreamKind,
    time::{MINUTE, Ts},
};
use store::{Result, TenantTx, consents};
use store_knowledge::recommendations::{self, Signal};
use store_privacy::settings;

use crate::catalogue::{Catalogue, Catalogues};

/// Interests noted per write.
const PER_WRITE: usize = 100;
/// How soon a company's first model is learned after the first interest.
const FIRST_AFTER_MS: i64 = MINUTE;

/// What an entry says about an item, or about all items of its conversation.
enum Found {
    Asked { product: bool, item: String },
    Rated(i64),
}

fn sign_of_interest(fact: &feed::Fact) -> Option<Found> {
    if fact.stream_kind != StreamKind::Conversation.as_str() {
        return None;
    }
    let product = |item| Found::Asked { product: true, item };
    if fact.kind == EntryKind::Opened.as_str() {
        let Ok(Fact::Opened(opened)) = Fact::read(EntryKind::Opened, &fact.facts) else { return None };
        return opened.goods.map(product);
    }
    if fact.kind == EntryKind::Rated.as_str() {
        let Ok(Fact::Rated(rated)) = Fact::read(EntryKind::Rated, &fact.facts) else { return None };
        return Some(Found::Rated(rated.score));
    }
    if fact.kind != EntryKind::Message.as_str() || fact.actor_kind == ActorKind::Agent.as_str() {
        return None;
    }
    let Ok(Fact::Message(said)) = Fact::read(EntryKind::Message, &fact.facts) else { return None };
    let is_answer = matches!(said.outcome, Some(AnswerOutcome::Confident | AnswerOutcome::Attribute));
    let answered = || said.entry.flatten().filter(|_| is_answer).map(|item| Found::Asked { product: false, item });
    said.card.map(product).or_else(answered)
}

/// An interest whose visitor is not known yet, or a rating.
#[derive(Debug, Clone)]
enum Noted {
    Asked { conversation: ConversationId, at: Ts, kind: ItemKind, item: String },
    Rated { conversation: ConversationId, score: i64 },
}

impl Noted {
    const fn conversation(&self) -> ConversationId {
        match self {
            Self::Asked { conversation, .. } | Self::Rated { conversation, .. } => *conversation,
        }
    }
}

/// Notes what these entries say; returns whether there was anything.
///
/// # Errors
/// If the record cannot be read or written; then the same entries may be noted again.
pub async fn note(db: &Db, catalogues: &Catalogues, facts: &[Fed]) -> Result<bool> {
    let since = db.now().plus(-INTEREST_MS);
    let mut by_company: BTreeMap<TenantId, Vec<(&feed::Fact, Found)>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| Ts(fact.at) >= since) {
        if let Some(found) = sign_of_interest(fact) {
            by_company.entry(TenantId::new(fact.tenant_id)).or_default().push((fact, found));
        }
    }
    let any = !by_company.is_empty();
    for (tenant, found) in by_company {
        let catalogue = catalogues.of(db, tenant).await?;
        let noted = |(fact, found): (&feed::Fact, Found)| {
            let (conversation, at) = (ConversationId::new(fact.stream_id), Ts(fact.at));
            match found {
                Found::Rated(score) => Noted::Rated { conversation, score },
                Found::Asked { product, item } => {
                    Noted::Asked { conversation, at, kind: if product { ItemKind::Product } else { kind_of(&catalogue, &item) }, item }
                }
            }
        };
        let noted: Vec<Noted> = found.into_iter().map(noted).collect();
        for part in noted.chunks(PER_WRITE) {
            let part = part.to_vec();
            db.writer().write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { write(tx, tenant, &part).await })).await?;
        }
    }
    Ok(any)
}

/// What the source of an answer is.
fn kind_of(catalogue: &Catalogue, id: &str) -> ItemKind {
    if catalogue.kept.iter().any(|kept| kept.product.id == id) {
        ItemKind::Product
    } else if catalogue.plans.iter().any(|plan| plan.id == id) {
        ItemKind::Plan
    } else {
        ItemKind::Question
    }
}

async fn write(tx: &mut db::Tx, tenant: TenantId, all: &[Noted]) -> Result<()> {
    // A visitor who withdraws holds the same lock, so nothing is noted after it.
    TenantTx::new(tx, tenant, Actor::system()).lock_company().await?;
    if !recommendations::settings(tx, tenant).await?.on || !settings::uses(tx, tenant).await?.profile {
        return Ok(());
    }
    let conversations: BTreeSet<ConversationId> = all.iter().map(Noted::conversation).collect();
    let conversations: Vec<_> = conversations.into_iter().collect();
    let visitors: BTreeMap<ConversationId, VisitorId> = recommendations::visitors_of(tx, tenant, &conversations).await?.into_iter().collect();
    let mut agreed = BTreeSet::new();
    for visitor in visitors.values().collect::<BTreeSet<_>>() {
        if consents::hold(tx, tenant, *visitor, Purpose::Profile).await? {
            agreed.insert(*visitor);
        }
    }
    let mut signals: BTreeMap<(VisitorId, ItemKind, &str), Signal> = BTreeMap::new();
    for noted in all {
        let Noted::Asked { conversation, at, kind, item } = noted else { continue };
        let Some(visitor) = visitors.get(conversation).filter(|visitor| agreed.contains(visitor)) else { continue };
        let fresh = || Signal {
            visitor: *visitor,
            kind: *kind,
            item: item.clone(),
            interest: Interest { looked: 0, asked: 0, score: None, at: *at },
            conversation: None,
        };
        let signal = signals.entry((*visitor, *kind, item)).or_insert_with(fresh);
        signal.interest.asked += 1;
        signal.interest.at = signal.interest.at.max(*at);
        signal.conversation = Some(*conversation);
    }
    let signals: Vec<Signal> = signals.into_values().collect();
    if !signals.is_empty() {
        recommendations::note(tx, tenant, &signals).await?;
        let soon = tx.now().plus(FIRST_AFTER_MS);
        recommendations::learn_at(tx, tenant, soon, false).await?;
    }
    for noted in all {
        if let Noted::Rated { conversation, score } = noted
            && visitors.get(conversation).is_some_and(|visitor| agreed.contains(visitor))
        {
            recommendations::rate(tx, tenant, *conversation, *score).await?;
        }
    }
    Ok(())
}

/// Notes that a visitor looked at something, if the visitor agreed to that. Returns whether it was noted.
pub async fn note_view(tx: &mut TenantTx<'_>, visitor: VisitorId, kind: ItemKind, item: &str) -> Result<bool> {
    let (tenant, now) = (tx.tenant(), tx.now());
    if !recommendations::settings(tx, tenant).await?.on || !consents::hold(tx, tenant, visitor, Purpose::Recommendations).await? {
        return Ok(false);
    }
    let interest = Interest { looked: 1, asked: 0, score: None, at: now };
    recommendations::note(tx, tenant, &[Signal { visitor, kind, item: item.to_owned(), interest, conversation: None }]).await?;
    recommendations::learn_at(tx, tenant, now.plus(FIRST_AFTER_MS), false).await?;
    Ok(true)
}
