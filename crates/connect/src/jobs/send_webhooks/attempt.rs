//! Makes one request to one endpoint.

use crate::table::{webhook_deliveries::Delivery, webhooks::Webhook};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use domain::{
    id::{DeliveryId, TenantId, WebhookId},
    policy::HiddenContacts,
    time::Ts,
};
use http_kit::App;
use machines::webhook_queue::Answer;
use platform::egress::{Failure, Purpose, Reply, WITHIN};
use tokio::time::Instant;

use crate::callout::{message, signature};

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// A finished attempt.
#[derive(Debug)]
pub(super) struct Attempted {
    pub(super) webhook: WebhookId,
    pub(super) delivery: DeliveryId,
    pub(super) answer: Answer,
    pub(super) at: Ts,
    pub(super) duration_ms: i64,
    pub(super) status: Option<i64>,
    pub(super) code: &'static str,
    pub(super) excerpt: String,
}

/// Makes the request. Whatever happens, the result is an answer for the machine.
pub(super) async fn attempt(app: App, tenant: TenantId, delivery: Delivery) -> Attempted {
    let begun = Instant::now();
    // Reading what is sent counts, too: the endpoint is this node's for no longer.
    let result = tokio::time::timeout(WITHIN, request(&app, tenant, &delivery)).await.unwrap_or(Ok(Err(Failure::TimedOut)));
    let (status, code, excerpt, answer) = match result {
        Ok(Ok(reply)) => {
            let (code, answer) = judge(&reply);
            (Some(i64::from(reply.status.as_u16())), code, reply.excerpt, answer)
        }
        Ok(Err(failure)) => (None, failure.code(), String::new(), Answer::Failed { retry_after: None }),
        Err(error) => {
            tracing::warn!(error = %error, webhook.delivery.id = %delivery.id, "a webhook could not be made ready");
            (None, "internal", String::new(), Answer::Failed { retry_after: None })
        }
    };
    let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    Attempted { webhook: delivery.webhook, delivery: delivery.id, answer, at: app.env().now(), duration_ms, status, code, excerpt }
}

/// The code of a reply, and what it means for the delivery.
fn judge(reply: &Reply) -> (&'static str, Answer) {
    match reply.status {
        status if status.is_success() => ("delivered", Answer::Taken),
        StatusCode::GONE => ("gone", Answer::Gone),
        status if status.is_redirection() => ("redirected", Answer::Failed { retry_after: None }),
        _ => ("refused", Answer::Failed { retry_after: reply.retry_after }),
    }
}

async fn request(app: &App, tenant: TenantId, delivery: &Delivery) -> store::Result<Result<Reply, Failure>> {
    let mut tx = app.db().read_of(tenant).await?;
    let webhook = crate::table::webhooks::get(&mut tx, tenant, delivery.webhook).await?;
    let body = message::body(&mut tx, tenant, &webhook, delivery, HiddenContacts::NONE).await?;
    drop(tx);
    let Ok(target) = app.egress().target(&webhook.url) else { return Ok(Err(Failure::Unreachable)) };
    let headers =
        headers(app, &webhook, delivery.id, &body).ok_or_else(|| store::Error::Db(db::Error::Corrupt("a webhook's secret does not open".to_owned())))?;
    Ok(app.egress().post(tenant, Purpose::Webhooks, &target, headers, Bytes::from(body)).await)
}

/// The headers of Standard Webhooks, signed with the secret and, while it is still valid, with the previous one.
fn headers(app: &App, webhook: &Webhook, id: DeliveryId, body: &str) -> Option<HeaderMap> {
    let (now, sealer, purpose) = (app.env().now(), app.sealer(), webhook.id.uuid());
    let old = webhook.old_secret.iter().filter(|(_, until)| *until > now).map(|(secret, _)| secret);
    let secrets: Vec<Vec<u8>> = std::iter::once(&webhook.secret).chain(old).map(|secret| sealer.open(purpose.as_bytes(), secret)).collect::<Option<_>>()?;
    let (id, seconds) = (id.to_string(), now.0 / 1000);
    let signed = signature::signatures(&secrets, &id, seconds, body.as_bytes());
    let each = [(ID, id), (TIMESTAMP, seconds.to_string()), (SIGNATURE, signed)];
    each.into_iter().map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?))).collect()
}
