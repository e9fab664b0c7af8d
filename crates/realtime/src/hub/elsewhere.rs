//! Applies what other nodes of a cluster committed to the connections of this one.

use std::{collections::HashSet, sync::Arc};

use db::news::Moved;
use domain::{
    conversation::Conversation,
    id::{ConversationId, TenantId},
    refusal::Code,
    stream::StreamKind,
};
use uuid::Uuid;

use crate::hub::{Hub, Remembered, Ringed, Was, lock};

/// What has to be done here about a stream that moved on another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing but the raised head.
    Told,
    /// Something was said; the conversation's place has not changed.
    Said,
    /// The conversation's row has to be read: it changed, or was not known here.
    Changed,
    /// The entries have to be read: they concern the node itself.
    Read,
}

impl Hub {
    /// Raises the head for the followers of a stream that moved on another node; returns what else has to be done. What is known here already is skipped.
    pub fn elsewhere(&self, moved: &Moved) -> Elsewhere {
        let key = (moved.tenant, moved.stream.id);
        // Done even if a later entry is known, because that one may have been for the staff only. Raising a known head has no effect.
        if let Some(topic) = lock(self.topic(key)).get_mut(&key) {
            topic.raise(moved.stream, moved.seq, Some(moved.pseq).filter(|pseq| *pseq > 0));
            // What moved may say that something was erased, which the ring may still hold.
            if moved.changed && topic.ring.back().is_some_and(|last| last.seq < moved.seq) {
                topic.ring.clear();
            }
        }
        match moved.stream.kind {
            StreamKind::Tenant | StreamKind::Access | StreamKind::Agent => {
                if self.applied_up_to(moved).is_some_and(|told| told >= moved.seq) {
                    Elsewhere::Told
                } else {
                    Elsewhere::Read
                }
            }
            StreamKind::Conversation => match lock(self.heads(key)).get_mut(&key) {
                Some(known) if known.lags(moved) => Elsewhere::Changed,
                Some(known) if moved.said && known.told < moved.seq => {
                    known.told = moved.seq;
                    Elsewhere::Said
                }
                Some(_) => Elsewhere::Told,
                // If no connection here has touched the conversation, only lists need to know.
                None if self.has_staff(moved.tenant) => Elsewhere::Changed,
                None => Elsewhere::Told,
            },
            StreamKind::Visitor | StreamKind::Inbox | StreamKind::Queue | StreamKind::Audit | StreamKind::Work => Elsewhere::Told,
        }
    }

    /// The number up to which a stream that concerns the node itself was applied without a gap; `None` while that is not known.
    pub fn applied_up_to(&self, moved: &Moved) -> Option<i64> {
        lock(&self.0.companies).get(&(moved.tenant, moved.stream.id)).copied()
    }

    /// Notes that everything up to this position was applied.
    pub fn apply_up_to(&self, moved: &Moved) {
        let mut companies = lock(&self.0.companies);
        let told = companies.entry((moved.tenant, moved.stream.id)).or_default();
        *told = moved.seq.max(*told);
    }

    /// Applies the state of a conversation that another node moved.
    pub fn stands(&self, conversation: Arc<Conversation>, moved: &Moved) {
        let (tenant, id) = (conversation.tenant, conversation.id);
        let key = (tenant, id.uuid());
        let listed = lock(self.heads(key)).get(&key).and_then(|known| known.listed);
        let was = match listed {
            Some((_, place)) => Was::Here(Some(place)),
            None if moved.first == 1 => Was::Here(None),
            // Messages alone leave it where it is, if nothing has moved it since.
            None if !moved.changed && conversation.version == moved.version => Was::Here(Some(conversation.place())),
            None => Was::Unknown,
        };
        self.conversation(conversation, was);
        if let Some(remembered) = lock(self.heads(key)).get_mut(&key) {
            remembered.told = remembered.told.max(moved.seq);
        }
        if moved.said {
            self.rows_of(tenant, id);
        }
    }

    /// Notifies lists that the row of a conversation changed on another node, including its queue and place.
    pub fn said_elsewhere(&self, tenant: TenantId, id: ConversationId) {
        self.rows_of(tenant, id);
    }

    /// Notes that a queue, or who is at work, changed on another node.
    pub fn queues_moved(&self) {
        self.0.queues.notify_one();
    }

    /// Notes that other nodes committed something, so that derived data catch up.
    pub fn catch_up(&self) {
        self.0.committed.notify_one();
    }

    /// Appends an entry that another node encoded to the ring of its stream, if that leaves no gap. The ring only saves reading the store.
    pub fn ring(&self, tenant: TenantId, stream: Uuid, entry: Ringed) {
        let key = (tenant, stream);
        if let Some(topic) = lock(self.topic(key)).get_mut(&key)
            // An empty ring takes only new entries: an old hint must not bring back what was said before.
            && topic.ring.back().map_or(topic.told <= entry.seq, |last| last.seq + 1 == entry.seq)
        {
            if entry.changes_earlier_words() {
                topic.ring.clear();
            }
            topic.push(entry);
        }
    }

    /// Discards everything read from the record, whose history has changed. All connections are sent away and start over.
    pub fn forget(&self, code: Code) {
        for heads in &self.0.heads {
            lock(heads).clear();
        }
        for topics in &self.0.topics {
            for topic in lock(topics).values_mut() {
                topic.ring.clear();
                (topic.told, topic.marks) = (0, None);
            }
        }
        lock(&self.0.companies).clear();
        self.close(code);
    }

    /// Discards everything of a company that is gone, and sends its connections away.
    pub fn forget_company(&self, tenant: TenantId, code: Code) {
        for heads in &self.0.heads {
            lock(heads).retain(|(of, _), _| *of != tenant);
        }
        for topics in &self.0.topics {
            for (_, topic) in lock(topics).iter_mut().filter(|((of, _), _)| *of == tenant) {
                topic.ring.clear();
            }
        }
        lock(&self.0.companies).retain(|(of, _), _| *of != tenant);
        for mailbox in self.everybody() {
            if mailbox.principal().tenant() == tenant {
                mailbox.put(|mail| mail.closed = Some(code));
            }
        }
    }

    /// Closes every connection with this code.
    pub fn close(&self, code: Code) {
        for mailbox in self.everybody() {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }

    /// The companies that have a connection to this node.
    pub fn companies(&self) -> HashSet<TenantId> {
        let connected = lock(&self.0.connected);
        connected.staff.keys().chain(connected.visitors_of.keys()).copied().collect()
    }

    fn has_staff(&self, tenant: TenantId) -> bool {
        lock(&self.0.connected).staff.contains_key(&tenant)
    }
}

impl Remembered {
    /// Whether the row has to be read: its place may differ from what lists were sent, or its version from the one known here.
    fn lags(&self, moved: &Moved) -> bool {
        match self.listed {
            Some((version, ..)) => version < moved.version,
            None => moved.changed || self.conversation.version < moved.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        effect::Effect,
        entry::EntryKind,
        id::{SiteId, VisitorId},
        journal::{Actor, StoredEntry, Words, Written},
        stream::StreamName,
        time::Ts,
    };
    use uuid::Uuid;

    use super::*;
    use crate::mailbox::{Mailbox, Principal};

    const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));

    fn stream(kind: StreamKind) -> StreamName {
        StreamName { kind, id: Uuid::from_u128(2) }
    }
    /// An entry committed by this node.
    fn own(kind: StreamKind, what: EntryKind, seq: i64, pseq: Option<i64>) -> Effect {
        let entry = Written {
            stream: stream(kind),
            tenant: TENANT,
            kind: what,
            v: 1,
            actor: Actor::system(),
            client_id: None,
            send_hash: 0,
            side: None,
            is_answer: false,
            body: Words::Plain("{}".into()),
            staff: None,
            facts: "{}".into(),
        };
        Effect::Entry(Arc::new(StoredEntry { kind: what.as_str().into(), entry, seq, pseq, ord: None, at: Ts(1) }))
    }
    fn moved(kind: StreamKind, first: i64, seq: i64, pseq: i64) -> Moved {
        Moved { tenant: TENANT, stream: stream(kind), first, seq, pseq, version: 0, said: false, changed: true }
    }

    #[test]
    fn a_revocation_before_one_of_our_own_is_not_taken_for_known() {
        let (hub, _turns) = Hub::new(None);
        hub.apply_up_to(&moved(StreamKind::Access, 1, 8, 8));
        hub.tell(vec![own(StreamKind::Access, EntryKind::AccessRevoked, 10, Some(10))]);
        assert_eq!(hub.elsewhere(&moved(StreamKind::Access, 9, 10, 10)), Elsewhere::Read);
        assert_eq!(hub.applied_up_to(&moved(StreamKind::Access, 9, 10, 10)), Some(8), "it is read from behind the last one that was applied");
        hub.apply_up_to(&moved(StreamKind::Access, 9, 10, 10));
        assert_eq!(hub.elsewhere(&moved(StreamKind::Access, 9, 10, 10)), Elsewhere::Told);
        hub.tell(vec![own(StreamKind::Access, EntryKind::AccessRevoked, 11, Some(11))]);
        assert_eq!(hub.elsewhere(&moved(StreamKind::Access, 11, 11, 11)), Elsewhere::Told);
    }

    #[test]
    fn what_was_erased_is_in_no_ring() {
        let (hub, _turns) = Hub::new(None);
        let visitor = Principal::Visitor {
            tenant: TENANT,
            visitor: VisitorId::new(Uuid::from_u128(3)),
            site: SiteId::new(Uuid::from_u128(4)),
            until: Ts(9),
            blocked_until: None,
        };
        let mailbox = Mailbox::new(visitor);
        let id = stream(StreamKind::Conversation).id;
        hub.follow(id, &mailbox);
        let ring = |hub: &Hub| hub.recent(TENANT, id, wire::encode::Reader::Customer, 0).map(|all| all.len());
        hub.tell(vec![own(StreamKind::Conversation, EntryKind::Message, 1, Some(1))]);
        assert_eq!(ring(&hub), Some(1));
        hub.tell(vec![own(StreamKind::Conversation, EntryKind::Erased, 2, Some(2))]);
        assert_eq!(ring(&hub), None, "it is read from the store, without words");
        let (hub, _turns) = Hub::new(None);
        hub.follow(id, &mailbox);
        hub.tell(vec![own(StreamKind::Conversation, EntryKind::Message, 1, Some(1))]);
        let Effect::Entry(erased) = own(StreamKind::Conversation, EntryKind::Erased, 2, Some(2)) else { panic!() };
        hub.ring(TENANT, id, Ringed::of(&erased));
        assert_eq!(ring(&hub), None, "whichever node erased it");
    }

    #[test]
    fn a_customer_hears_of_a_public_entry_behind_one_of_the_staffs() {
        let (hub, _turns) = Hub::new(None);
        let visitor = Principal::Visitor {
            tenant: TENANT,
            visitor: VisitorId::new(Uuid::from_u128(3)),
            site: SiteId::new(Uuid::from_u128(4)),
            until: Ts(9),
            blocked_until: None,
        };
        let mailbox = Mailbox::new(visitor);
        hub.follow(stream(StreamKind::Conversation).id, &mailbox);
        hub.tell(vec![own(StreamKind::Conversation, EntryKind::BotSuperseded, 10, None)]);
        assert_eq!(mailbox.take().raised, []);
        hub.elsewhere(&moved(StreamKind::Conversation, 9, 10, 5));
        assert_eq!(mailbox.take().raised, [(stream(StreamKind::Conversation), 5)]);
    }
}
