//! Continues to move visitors' conversations to an account, which takes more than one transaction; see [`join_visitor`].

use http_kit::App;
use service::join_visitor;

/// Moves handled in one step.
const MOVES: i64 = 20;
/// Portions of one move in one step, so that the others get their turn.
const PORTIONS: usize = 50;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for this in store::entry_points::visitor_moves(app.db(), MOVES).await? {
        for _ in 0..PORTIONS {
            let moved = app.db().writer().write(db::Shard::Of(this.from.uuid()), move |tx| Box::pin(async move { join_visitor::go_on(tx, &this).await }));
            match moved.await {
                Ok(true) => {}
                Ok(false) => break,
                // A visitor that cannot be moved must not stop the others.
                Err(error) => {
                    tracing::warn!(error = %error, visitor.id = %this.from, "conversations could not join an account yet");
                    break;
                }
            }
        }
    }
    Ok(())
}
