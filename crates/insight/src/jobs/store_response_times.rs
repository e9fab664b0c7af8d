//! Writes the response times that this node noted into the panel's store, where those of all nodes add up.

use http_kit::App;

/// Writes what has been noted; what cannot be written now is tried again.
pub async fn step(app: &App) -> store::Result<()> {
    let times = app.response_times().take();
    if times.is_empty() {
        return Ok(());
    }
    app.editions().add_timings(times).await.map_err(|(error, rest)| {
        app.response_times().put_back(rest);
        error.into()
    })
}
