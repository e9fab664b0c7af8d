//! What needs more than a session that was left open: to have proved, a short while ago, who one is.

use axum::http::StatusCode;
use domain::{
    refusal::Code,
    time::{MINUTE, Ts},
};

use super::StaffActor;
use crate::{App, problem::Problem};

/// How long a proof counts, in milliseconds.
const RECENT_MS: i64 = 10 * MINUTE;

/// Refuses a program, and a member who has not proved recently who they are, by signing in or by `POST /me/proof`.
pub async fn require_recent(app: &App, actor: &StaffActor) -> Result<(), Problem> {
    let proved_at: Ts = store::staff_sessions::proved_at(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), actor.session()?).await?;
    if app.env().now().since(proved_at) <= RECENT_MS {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, Code::ProofRequired, "prove again who you are first: POST /api/v1/me/proof"))
}
