//! Raises alerts about signs of attack.

use db::Shard;

use crate::App;

/// Raises the signs that were noticed since.
pub async fn raise(app: &App) -> store::Result<()> {
    for (tenant, sign) in app.in_memory().signs.take() {
        let write = app.db().writer().write_patiently(Shard::Any, move |tx| {
            let sign = sign.clone();
            Box::pin(async move { service::alerts::raise_sign(tx, tenant, &sign).await })
        });
        // One that cannot be raised, of a company that was erased just now, does not keep back the others.
        if let Err(error) = write.await {
            tracing::warn!(error = %error, company = %tenant, "a sign of attack could not be raised");
        }
    }
    Ok(())
}
