//! How long people talked and waited in single conversations: the same rows that the indicators add up.

use std::collections::HashMap;

use db::{
    Result,
    bulk::{self, Value},
    row,
};
use domain::id::{ConversationId, TenantId};
use uuid::Uuid;

use crate::panel::Panel;

row! { struct Round { conversation_id: Uuid, reply_ms: i64 } }
row! { struct ServiceTimes { conversation_id: Uuid, talk_ms: Option<i64>, handle_ms: Option<i64> } }

/// The times of one conversation, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// `handled` and `handle_sum`, `talk_sum` of the services in it that have ended.
    pub services: i64,
    /// The length of these services.
    pub handle_ms: i64,
    /// The time from message to message in them, without long pauses.
    pub talk_ms: i64,
    /// `reply` and `reply_sum`: its rounds.
    pub rounds: i64,
    /// How long the customer waited for these replies, in all.
    pub reply_ms: i64,
    /// `reply_longest`: for the one that took longest.
    pub reply_longest_ms: i64,
}

impl Panel {
    /// The times of these conversations of a company; one in which no agent was is missing.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn times(&self, tenant: TenantId, conversations: &[ConversationId]) -> Result<HashMap<ConversationId, Times>> {
        let keys: Vec<_> = conversations.iter().map(|id| vec![Value::Uuid(tenant.uuid()), Value::Uuid(id.uuid())]).collect();
        let mut tx = self.db.read_of(tenant).await?;
        let rounds: Vec<Round> = bulk::look_up(&mut tx, "conversation_id, reply_ms", "dwd_reply", "tenant_id, conversation_id", &keys).await?;
        let services: Vec<ServiceTimes> =
            bulk::look_up(&mut tx, "conversation_id, talk_ms, handle_ms", "dwd_service", "tenant_id, conversation_id", &keys).await?;
        let mut times: HashMap<ConversationId, Times> = HashMap::new();
        for Round { conversation_id, reply_ms } in rounds {
            let of = times.entry(ConversationId::new(conversation_id)).or_default();
            of.rounds += 1;
            of.reply_ms += reply_ms;
            of.reply_longest_ms = of.reply_longest_ms.max(reply_ms);
        }
        for ServiceTimes { conversation_id, talk_ms, handle_ms } in services {
            if let Some(handle_ms) = handle_ms {
                let of = times.entry(ConversationId::new(conversation_id)).or_default();
                of.services += 1;
                of.handle_ms += handle_ms;
                of.talk_ms += talk_ms.unwrap_or(0);
            }
        }
        Ok(times)
    }
}
