//! The time that one agent has a conversation: its rounds and its talk.

use crate::{
    event::Event,
    rows::{PAUSE_MS, ReplyRow, ServiceRow},
};

/// A service that has not ended yet.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its row, without what is known of the episode.
    pub(crate) row: ServiceRow,
    /// Since when the customer has been waiting for a reply.
    waits_since: Option<i64>,
    /// The time of the last message of either side.
    last_message_at: Option<i64>,
    talk_ms: i64,
}

impl Service {
    /// One that begins; the customer has been waiting since then, if there is anything to reply to.
    pub(crate) fn begin(row: ServiceRow, waits_since: Option<i64>) -> Self {
        Self { row, waits_since, last_message_at: None, talk_ms: 0 }
    }

    /// Its row after it ended at this time, in this way.
    pub(crate) fn end(self, at: i64, end: &str) -> ServiceRow {
        let handle_ms = Some(at - self.row.began_at);
        ServiceRow { ended_at: Some(at), service_end: Some(end.to_owned()), handle_ms, talk_ms: Some(self.talk_ms), ..self.row }
    }

    /// The customer says something.
    pub(crate) fn on_question(&mut self, at: i64) {
        self.on_message(at);
        self.waits_since = self.waits_since.or(Some(at));
    }

    /// The agent says something; the round that this ends, if the customer waited for it.
    pub(crate) fn on_reply(&mut self, event: &Event) -> Option<ReplyRow> {
        let at = event.happened_at;
        if self.row.agent.is_none() {
            self.row.agent.clone_from(&event.agent);
            self.row.group_id.clone_from(&event.group_id);
            self.row.department.clone_from(&event.department);
        }
        self.on_message(at);
        self.row.replies += 1;
        let since = self.waits_since.take()?;
        Some(ReplyRow {
            tenant_id: event.tenant_id,
            conversation_id: event.conversation_id,
            seq: event.seq,
            episode: event.episode,
            replied_at: at,
            day_key: event.day_key.clone(),
            queue: self.row.queue.clone(),
            agent: self.row.agent.clone(),
            group_id: self.row.group_id.clone(),
            department: self.row.department.clone(),
            reply_ms: at - since,
            ..ReplyRow::default()
        })
    }

    /// A message of either side.
    fn on_message(&mut self, at: i64) {
        let pause = self.last_message_at.map_or(0, |last| at - last);
        if pause <= PAUSE_MS {
            self.talk_ms += pause;
        }
        self.last_message_at = Some(at);
    }
}
