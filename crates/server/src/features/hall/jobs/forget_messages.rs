//! Removes messages that were written into files: the codes and links in them are good for nothing any more.

use crate::App;

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    let before = app.env().now().plus(-domain::customer::CODE_MS);
    if let Err(error) = app.live().post().forget(before).await {
        tracing::warn!(error = %error, "old messages could not be removed from the outbox");
    }
    Ok(())
}
