//! Permanently removes goods that were deleted long ago, imports that nobody confirmed, and pictures that no product shows.

use content::goods::KEEP_DELETED_MS;
use domain::time::{DAY, Ts};
use http_kit::App;

use crate::pictures::upload::remove;

/// How long an import may wait for confirmation, and a picture for a product.
const KEEP_UNUSED_MS: i64 = DAY;
/// How many are looked for at a time. Each is removed in a transaction of its own, so that nobody waits long for it, and what was restored in the meantime
/// stays.
const ROWS: i64 = 100;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    let (deleted_by, unused) = (now.plus(-KEEP_DELETED_MS), now.plus(-KEEP_UNUSED_MS));
    goods(app, deleted_by).await?;
    imports(app, unused).await?;
    pictures(app, unused).await
}

async fn goods(app: &App, deleted_by: Ts) -> store::Result<()> {
    loop {
        let found = store::entry_points::thrown_goods(app.db(), deleted_by, ROWS).await?;
        let mut forgotten = 0;
        for (tenant, id) in found {
            let gone = app.db().writer().write(db::Shard::Of(tenant.uuid()), move |tx| {
                let id = id.clone();
                Box::pin(async move { store_hall::goods::forget(tx, tenant, &id, deleted_by).await })
            });
            forgotten += i64::from(gone.await?);
        }
        if forgotten < ROWS {
            return Ok(());
        }
    }
}

async fn imports(app: &App, prepared: Ts) -> store::Result<()> {
    loop {
        let found = store::entry_points::old_imports(app.db(), prepared, ROWS).await?;
        let last = found.len() < usize::try_from(ROWS).unwrap_or(usize::MAX);
        for (tenant, id) in found {
            let gone = app
                .db()
                .writer()
                .write(db::Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { store_hall::goods_imports::delete(tx, tenant, id).await }));
            match gone.await {
                // Somebody was faster.
                Ok(()) | Err(store::Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        if last {
            return Ok(());
        }
    }
}

async fn pictures(app: &App, unused: Ts) -> store::Result<()> {
    loop {
        let found = store::entry_points::unused_pictures(app.db(), unused, ROWS).await?;
        let mut forgotten = 0;
        for (tenant, picture) in found {
            let shard = db::Shard::Of(tenant.uuid());
            let gone = app.db().writer().write(shard, move |tx| Box::pin(async move { store_hall::goods_pictures::forget(tx, tenant, picture).await }));
            if gone.await? {
                remove(app, tenant, picture).await;
                forgotten += 1;
            }
        }
        if forgotten < ROWS {
            return Ok(());
        }
    }
}
