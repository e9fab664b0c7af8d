//! Handles conversations that are due: silent ones end, resolved ones close, and messages that a crash left unanswered are answered.

use domain::{journal::View, stream::StreamKind, time::SECOND};
use http_kit::App;
use service::expire;

use super::answer_as_bot;

/// A bot turn this old was lost with the process that should have taken it. So, as far as anybody can tell, was one that is due only this far in the future:
/// the clock was ahead when the customer wrote, and has since been corrected.
const LOST_TURN_MS: i64 = 10 * SECOND;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for (tenant, id) in store::entry_points::due_conversations(app.db(), now, 200).await? {
        // A conversation that cannot be handled must not stop the others.
        if let Err(error) = expire::look_at(app.db(), tenant, id).await {
            tracing::warn!(error = %error, conversation.id = %id, "an overdue conversation could not be looked at");
        }
    }
    for (tenant, id, seq) in store::entry_points::unanswered_by_bot(app.db(), now.plus(-LOST_TURN_MS), now.plus(LOST_TURN_MS), 100).await? {
        let mut tx = app.db().read().await?;
        let stream = domain::stream::StreamName { kind: StreamKind::Conversation, id: id.uuid() };
        let entries = db::journal::page(&mut tx, tenant, stream, View::Staff, seq - 1, 1).await?;
        drop(tx);
        for entry in entries {
            if let Err(error) = answer_as_bot::answer(app, &entry).await {
                tracing::warn!(error = %error, "a lost bot turn could not be answered");
            }
        }
    }
    store::entry_points::forget_expired(app.db(), now).await
}
