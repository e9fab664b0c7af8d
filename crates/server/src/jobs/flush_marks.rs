//! Writes the marks that rose within the last second.

use crate::App;

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    app.live().marks().flush(app.db()).await;
    Ok(())
}
