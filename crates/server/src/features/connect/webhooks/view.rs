//! Endpoints and deliveries on the wire.

use domain::{
    id::{ConversationId, DeliveryId, TenantId, WebhookId},
    refusal::Code,
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookError, WebhookState},
};
use serde::Serialize;
use store::{
    webhook_deliveries::{Attempt, Delivery, TEST},
    webhooks::Webhook,
};
use utoipa::ToSchema;

use crate::problem::Problem;

/// A webhook endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookView {
    /// Its id.
    pub id: WebhookId,
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// What it is told of.
    pub events: Vec<EventType>,
    /// Whether it is given the words of messages and ratings too.
    pub bodies: bool,
    /// Whether it is asked.
    pub state: WebhookState,
    /// Deliveries that wait or are tried again; 1,001 stands for more than 1,000.
    pub pending: i64,
    /// Deliveries that were given up; 1,001 stands for more than 1,000.
    pub dead: i64,
    /// Until when the secret before signs too, if it does.
    #[schema(required)]
    pub old_secret_until: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

/// An endpoint and its secret, which is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// What signs: `whsec_` and base64. Keep it where the receiver can read it.
    pub secret: String,
}

/// A delivery of an event to an endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// Its id: `webhook-id` of every attempt.
    pub id: DeliveryId,
    /// The type of the event; `test` tries the endpoint out.
    #[serde(rename = "type")]
    pub kind: String,
    /// The conversation the event happened in.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
    /// The event's number in it.
    pub seq: i64,
    /// How far it is.
    pub state: DeliveryState,
    /// Attempts made.
    pub attempts: i64,
    /// What the last attempt came to.
    #[schema(required, value_type = Option<AttemptCode>)]
    pub last_code: Option<String>,
    /// When it is tried next, if it waits.
    #[schema(required)]
    pub next_at: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was delivered or given up.
    #[schema(required)]
    pub ended_at: Option<Ts>,
}

/// An attempt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
pub struct AttemptView {
    /// Which: 1, 2, 3 …
    pub number: i64,
    /// When it ended.
    pub at: Ts,
    /// How long it took.
    pub duration_ms: i64,
    /// The status that was answered.
    #[schema(required)]
    pub status: Option<i64>,
    /// What it came to.
    #[schema(value_type = AttemptCode)]
    pub code: String,
    /// The beginning of what was answered.
    pub excerpt: String,
}

/// What an attempt came to. Codes are only ever added.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptCode {
    /// 2xx: the receiver has it.
    Delivered,
    /// Another status.
    Refused,
    /// 3xx: redirects are not followed.
    Redirected,
    /// 410: the receiver wants nothing any more.
    Gone,
    /// There is no such name, nobody listens there, or the address is not allowed.
    Unreachable,
    /// It took more than ten seconds.
    TimedOut,
    /// No encrypted connection came about.
    TlsFailed,
    /// The connection broke, or the answer was no HTTP.
    Broken,
    /// The event could not be read.
    Internal,
}

impl WebhookView {
    /// Of an endpoint and the counts of its deliveries.
    pub fn of(webhook: Webhook, (pending, dead): (i64, i64), now: Ts) -> Self {
        let Webhook { id, tenant: _, url, description, events, bodies, state, secret: _, old_secret, since: _, created_at, updated_at } = webhook;
        let old_secret_until = old_secret.map(|(_, until)| until).filter(|until| *until > now);
        Self { id, url, description, events, bodies, state, pending, dead, old_secret_until, created_at, updated_at }
    }
    /// Reads the counts.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, webhook: Webhook) -> store::Result<Self> {
        let counts = store::webhook_deliveries::counts(tx, tenant, webhook.id).await?;
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

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        Self::invalid(error.field(), Code::InvalidValue, error.to_string())
    }
}
