//! Sends the letters that changes asked for, one after the other.

use domain::{customer::IdentifierKind, id::TenantId, time::Ts};
use http_kit::{App, schedule::Failed};
use letters::message::{Failure, Stamp};
use store::jobs::TakenJob;

use crate::customers::letters::Posted;

/// Sends the letter of a job.
pub async fn send(app: &App, job: &TakenJob) -> Result<(), Failed> {
    let posted = app.sealer().open(job.id.as_bytes(), &job.payload).and_then(|json| serde_json::from_slice::<Posted>(&json).ok());
    let unreadable = || Failed { code: "unreadable", is_hopeless: true };
    let Posted { kind, message, is_sent } = posted.ok_or_else(unreadable)?;
    let kind = IdentifierKind::parse(&kind).ok_or_else(unreadable)?;
    if !is_sent {
        return Ok(());
    }
    let stamp = Stamp { id: job.id.as_simple().to_string(), asked_at: Ts(job.created_at) };
    match app.post().send(TenantId::new(job.tenant_id), kind, &stamp, &message).await {
        Ok(()) => Ok(()),
        // Neither the text nor the recipient belongs in a log, nor does what a server says of them.
        Err(Failure::Refused(_)) => Err(Failed { code: "refused", is_hopeless: true }),
        Err(Failure::NotNow(_)) => Err(Failed { code: "not_now", is_hopeless: false }),
    }
}
