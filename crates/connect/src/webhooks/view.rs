//! Webhook endpoints and deliveries on the wire.

use crate::table::{
    webhook_deliveries::{Attempt, Delivery, TEST},
    webhooks::Webhook,
};
use domain::{
    id::{ConversationId, DeliveryId, TenantId, WebhookId},
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookState},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A webhook endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookView {
    /// The endpoint's id.
    pub id: WebhookId,
    /// The endpoint's address.
    pub url: String,
    /// What the endpoint is for.
    pub description: String,
    /// The types of events sent to it.
    pub events: Vec<EventType>,
    /// Whether the content of messages and ratings is sent too.
    pub bodies: bool,
    /// Whether events are sent to it.
    pub state: WebhookState,
    /// Deliveries that are pending, including retries; 1,001 means more than 1,000.
    pub pending: i64,
    /// Deliveries that were given up; 1,001 means more than 1,000.
    pub dead: i64,
    /// Until when the previous secret signs too; `null` if it does not.
    #[schema(required)]
    pub old_secret_until: Option<Ts>,
    /// When the endpoint was added.
    pub created_at: Ts,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

/// An endpoint and its secret, which is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// The signing secret: `whsec_` and base64. Store it where the receiver can read it.
    #[schema(format = "secret")]
    pub secret: String,
}

/// A delivery of an event to an endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// The delivery's id, sent as `webhook-id` with every attempt.
    pub id: DeliveryId,
    /// The type of the event; `test` for a test event.
    #[serde(rename = "type")]
    pub kind: String,
    /// The conversation the event happened in; `null` for a test event.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
    /// The event's number in the conversation.
    pub seq: i64,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// The number of attempts made.
    pub attempts: i64,
    /// The result of the last attempt.
    #[schema(required, value_type = Option<AttemptCode>)]
    pub last_code: Option<String>,
    /// When it is tried next; `null` if it is not pending.
    #[schema(required)]
    pub next_at: Option<Ts>,
    /// When the delivery was created.
    pub created_at: Ts,
    /// When it was delivered or given up.
    #[schema(required)]
    pub ended_at: Option<Ts>,
}

/// An attempt at a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
pub struct AttemptView {
    /// The number of the attempt: 1, 2, 3 …
    pub number: i64,
    /// When it ended.
    pub at: Ts,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The HTTP status of the answer; `null` if there was no answer.
    #[schema(required)]
    pub status: Option<i64>,
    /// The result of the attempt.
    #[schema(value_type = AttemptCode)]
    pub code: String,
    /// The beginning of the answer's body.
    pub excerpt: String,
}

/// The result of an attempt. Codes are only ever added.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptCode {
    /// 2xx: the receiver has it.
    Delivered,
    /// Any other status.
    Refused,
    /// 3xx: redirects are not followed.
    Redirected,
    /// 410: the receiver no longer wants events.
    Gone,
    /// The name does not resolve, nothing listens at the address, or the address is not allowed.
    Unreachable,
    /// It took more than ten seconds.
    TimedOut,
    /// No encrypted connection could be established.
    TlsFailed,
    /// The connection broke, or the answer was not HTTP.
    Broken,
    /// The request could not be prepared, for example because the event could not be read.
    Internal,
}

impl WebhookView {
    /// Combines an endpoint with the counts of its deliveries.
    pub fn of(webhook: Webhook, (pending, dead): (i64, i64), now: Ts) -> Self {
        let Webhook { id, tenant: _, url, description, events, bodies, state, secret: _, old_secret, since: _, created_at, updated_at } = webhook;
        let old_secret_until = old_secret.map(|(_, until)| until).filter(|until| *until > now);
        Self { id, url, description, events, bodies, state, pending, dead, old_secret_until, created_at, updated_at }
    }
    /// Combines an endpoint with counts read from the database.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, webhook: Webhook) -> store::Result<Self> {
        let counts = crate::table::webhook_deliveries::counts(tx, tenant, webhook.id).await?;
        let now = tx.now();
        Ok(Self::of(webhook, counts, now))
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, webhook: _, stream, seq, kind, state, attempts, attempts_before: _, first_at: _, due_at, last_code, ended_at, created_at } =
            delivery;
        let conversation = (kind != TEST).then(|| ConversationId::new(stream));
        let next_at = (state == DeliveryState::Pending).then_some(due_at);
        Self { id, kind, conversation, seq, state, attempts, last_code, next_at, created_at, ended_at }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        let Attempt { number, at, duration_ms, status, code, excerpt } = attempt;
        Self { number, at: Ts(at), duration_ms, status, code, excerpt }
    }
}
