//! Sends the letters that changes asked for.

use domain::{customer::IdentifierKind, id::TenantId, job::retry_after_ms, time::Ts};
use http_kit::{App, schedule::Failed};
use letters::{
    message::{Failure, Stamp},
    posted::Posted,
};
use store::jobs::TakenJob;

/// Sends the letter of a job, unless its code or link has expired: it would only hold up what the recipient gets next.
pub async fn send(app: &App, job: &TakenJob) -> Result<(), Failed> {
    let posted = app.sealer().open(job.id.as_bytes(), &job.payload).and_then(|json| serde_json::from_slice::<Posted>(&json).ok());
    let unreadable = || Failed { code: "unreadable", is_hopeless: true };
    let Posted { kind, message, until, is_sent } = posted.ok_or_else(unreadable)?;
    let kind = IdentifierKind::parse(&kind).ok_or_else(unreadable)?;
    if !is_sent {
        return Ok(());
    }
    let is_over = |at: Ts| until.is_some_and(|until| at > until);
    if is_over(app.env().now()) {
        return Err(Failed { code: "expired", is_hopeless: true });
    }
    let stamp = Stamp { id: job.id.as_simple().to_string(), asked_at: Ts(job.created_at) };
    match app.post().send(TenantId::new(job.tenant_id), kind, &stamp, &message).await {
        Ok(()) => Ok(()),
        // Neither the text nor the recipient belongs in a log, nor does what a server says of them.
        Err(Failure::Refused(_)) => Err(Failed { code: "refused", is_hopeless: true }),
        Err(Failure::NotNow(_)) => {
            let again = app.env().now().plus(retry_after_ms(job.attempts).unwrap_or_default());
            Err(Failed { code: "not_now", is_hopeless: is_over(again) })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{panic::panic_any, time::Duration};

    use db::Shard;
    use domain::{job::JobKind, time::SECOND};
    use http_kit::schedule::{Taken, try_job};
    use letters::message::Message;
    use store::jobs::{self, DeadJob, NewJob};
    use testkit_app::TestApp;
    use tokio::time::Instant;
    use uuid::Uuid;

    use super::*;

    const NODE: Uuid = Uuid::from_u128(0xA);

    /// A server that has sent a letter: it has ended the leases that it found at its start, and ends none of the test's.
    async fn started() -> TestApp {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        app
    }

    /// Takes a job for a node of the test, which the server under test is not; stores it first if it comes with a payload.
    async fn take(app: &TestApp, id: Uuid, payload: Option<Vec<u8>>) -> Option<Taken> {
        let (tenant, until) = (app.company.tenant, app.env().now().plus(30 * SECOND));
        let write = app.app().db().writer().write(Shard::Any, move |tx| {
            let payload = payload.clone();
            Box::pin(async move {
                if let Some(payload) = payload {
                    jobs::add(tx, tenant, &NewJob { id, kind: JobKind::Letter, lane: vec![1], payload }).await?;
                }
                jobs::lease(tx, tenant, id, NODE, until).await
            })
        });
        let job = write.await.unwrap()?;
        Some(Taken { job, node: NODE, until: Instant::now() + Duration::from_secs(25) })
    }
    async fn dead(app: &TestApp) -> Vec<DeadJob> {
        jobs::list_dead(&mut app.app().db().read().await.unwrap(), app.company.tenant, None, 10).await.unwrap()
    }

    #[tokio::test]
    async fn a_job_that_always_panics_is_given_up_like_any_other() {
        let app = started().await;
        let (id, mut tries) = (app.env().uuid(), 0);
        let mut taken = take(&app, id, Some(vec![7])).await;
        while let Some(job) = taken {
            assert!(tries < 100 && dead(&app).await.is_empty());
            try_job(app.app(), job, &|_, _| async { panic_any("poisonous") }).await.unwrap();
            tries += 1;
            taken = take(&app, id, None).await;
        }
        let dead = dead(&app).await;
        assert_eq!((dead.len(), dead[0].attempts, dead[0].last_code.as_deref()), (1, tries, Some("panicked")));
        assert!(tries > 5, "{tries}");
    }

    #[tokio::test]
    async fn a_letter_that_cannot_be_read_is_given_up_at_once_and_says_why() {
        let app = started().await;
        let job = take(&app, app.env().uuid(), Some(vec![7])).await.unwrap();
        try_job(app.app(), job, &|app, job| async move { send(&app, &job).await }).await.unwrap();
        let dead = dead(&app).await;
        assert_eq!((dead[0].attempts, dead[0].last_code.as_deref()), (1, Some("unreadable")));
    }

    #[tokio::test]
    async fn a_code_that_has_expired_is_not_sent_any_more() {
        let app = started().await;
        let (id, kind) = (app.env().uuid(), IdentifierKind::Email.as_str().to_owned());
        let posted = Posted { kind, message: Message::new("ada@example.com", "code", "123456"), until: Some(app.env().now().plus(-1)), is_sent: true };
        let payload = app.app().sealer().seal(id.as_bytes(), &serde_json::to_vec(&posted).unwrap()).unwrap();
        let job = take(&app, id, Some(payload)).await.unwrap();
        try_job(app.app(), job, &|app, job| async move { send(&app, &job).await }).await.unwrap();
        let dead = dead(&app).await;
        assert_eq!((dead[0].attempts, dead[0].last_code.as_deref()), (1, Some("expired")));
    }
}
