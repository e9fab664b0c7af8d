//! Writes the marks that rose since the last pass.

use crate::App;

/// Performs one pass.
pub async fn step(app: &App) -> store::Result<()> {
    app.live().marks().flush(app.db()).await;
    Ok(())
}
