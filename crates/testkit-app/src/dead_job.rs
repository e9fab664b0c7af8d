//! A job that has been given up.

use db::Shard;
use domain::{id::JobId, job::JobKind, time::SECOND};
use store::jobs::{self, NewJob};
use testkit::Must;

use crate::TestApp;

/// Gives up a letter of the company that nobody could read; returns its id.
pub async fn dead_job(app: &TestApp) -> String {
    let (tenant, id, node, until) = (app.company.tenant, app.env().uuid(), app.env().uuid(), app.env().now().plus(30 * SECOND));
    let db = app.app().db();
    let write = db.writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            jobs::add(tx, tenant, &NewJob { id, kind: JobKind::Letter, lane: vec![1], payload: vec![7] }).await?;
            let taken = jobs::TakenJob { tenant_id: tenant.uuid(), id, kind: JobKind::Letter.as_str().to_owned(), payload: vec![], attempts: 0, created_at: 0 };
            jobs::lease(tx, tenant, id, node, until).await?;
            jobs::fail(tx, tenant, &taken, node, "refused", true).await
        })
    });
    write.await.must("a dead job");
    JobId::new(id).to_string()
}
