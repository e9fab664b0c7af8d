//! Writes down what was refused, as soon as it is due.

use crate::{App, permitted::Permitted, problem::Problem};

/// Notes the tries that are due in the audits of their companies.
pub async fn note(app: &App) -> store::Result<()> {
    for (tenant, by, asked) in app.in_memory().refusals.take(app.env().now()) {
        if let Err(Problem { title, .. }) = Permitted::new(tenant, by).audited(asked).note(app).await {
            tracing::warn!(error = title, "a refused try is not in the audit");
        }
    }
    Ok(())
}
