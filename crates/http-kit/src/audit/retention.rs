//! Deletes what a company does not keep of its audit. What is deleted is verified first, and an anchor is signed in its place, after which the log begins.

use domain::{id::TenantId, time::DAY};
use store::audit_retention::{self, Anchor, Retention};

use super::{
    chain::{anchor_signature, is_retention_signed},
    verify::{self, Place},
};
use crate::App;

/// The shortest time that an audit can be kept, in days: six months, as the Cybersecurity Law of the People's Republic of China requires of logs (article 21).
pub const SHORTEST_DAYS: i64 = 184;
/// The longest time, in days: ten years. What is to be kept longer is kept for ever.
pub const LONGEST_DAYS: i64 = 3653;
/// Entries that are deleted in one transaction: as many as one step verifies.
const AT_ONCE: i64 = verify::PAGE;

/// Runs the job once, for all companies.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::tenants(app.db()).await? {
        let retention = audit_retention::retention(&mut app.db().read_of(tenant).await?, tenant).await?;
        match retention {
            Some(retention) if is_retention_signed(&app.sealer(), tenant, &retention) => forget(app, tenant, retention).await?,
            Some(_) => tracing::error!(company = %tenant, "how long the audit is kept was altered, so that nothing of it is deleted"),
            None => {}
        }
    }
    Ok(())
}

async fn forget(app: &App, tenant: TenantId, Retention { kept_days, signature: _ }: Retention) -> store::Result<()> {
    let (sealer, deleted_at) = (app.sealer(), app.env().now());
    let before = deleted_at.plus(-kept_days.max(SHORTEST_DAYS) * DAY);
    loop {
        let due = audit_retention::due(&mut app.db().read_of(tenant).await?, tenant, before, AT_ONCE).await?;
        let Some((seq, at, chain)) = due else { return Ok(()) };
        let verified = verify::step(app, tenant, "", Place::default()).await?;
        if verified.altered.iter().any(|altered| altered.seq <= seq) {
            tracing::error!(company = %tenant, "the audit log was altered, so that nothing of it is deleted: see `yingda audit verify`");
            return Ok(());
        }
        let mut anchor = Anchor { seq, chain, at, deleted_at, signature: String::new() };
        anchor.signature = anchor_signature(&sealer, tenant, &anchor);
        let forgotten = app.db().writer().write(db::Shard::Any, move |tx| {
            let anchor = anchor.clone();
            Box::pin(async move { audit_retention::forget(tx, tenant, &anchor).await })
        });
        forgotten.await?;
    }
}
