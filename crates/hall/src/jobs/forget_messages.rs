//! Removes messages that were written to files, once the codes and links in them are no longer valid.

use http_kit::App;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    let before = app.env().now().plus(-domain::customer::CODE_MS);
    if let Err(error) = app.post().forget(before).await {
        tracing::warn!(error = %error, "old messages could not be removed from the outbox");
    }
    Ok(())
}
