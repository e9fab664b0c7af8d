//! Works off runs over the knowledge that were begun.

use content::knowledge::RunOf;
use db::{Db, Shard};
use domain::{
    entry::Changed,
    id::{KnowledgeRunId, TenantId},
    journal::Actor,
};
use serde::Serialize;
use store::TenantTx;
use store_knowledge::knowledge_runs::Run;
use uuid::Uuid;

use super::{runs, suspects, tests, yesterday};
use crate::bots::{Bots, Error};

/// Works off a run that was begun, and records its result.
pub async fn work(bots: Bots, db: Db, tenant: TenantId, id: KnowledgeRunId) {
    let found: store::Result<Run> = async { store_knowledge::knowledge_runs::get(&mut db.read_of(tenant).await?, tenant, id).await }.await;
    let told = found.inspect_err(|error| tracing::warn!(error = %error, tenant.id = %tenant, "a run over the knowledge could not be read"));
    let Ok(mut run) = told else { return };
    if run.state != "running" {
        return;
    }
    let result = match run.of {
        RunOf::Tests => json(tests::compare(&bots, &db, tenant, &mut run).await),
        RunOf::Suspects => json(suspects::search(&bots, &db, tenant, &mut run).await),
        RunOf::Yesterday => json(yesterday::compare(&bots, &db, tenant, &mut run).await),
    };
    let over = match result {
        Ok(result) => Run { state: "done".into(), done: run.total, result: Some(result), ..run },
        Err(error) => {
            tracing::warn!(error = %error, run = run.of.as_str(), "a run over the knowledge broke off");
            Run { state: "failed".into(), ..run }
        }
    };
    if let Err(error) = runs::note(&db, tenant, over).await {
        tracing::warn!(error = %error, "the end of a run over the knowledge could not be noted");
    }
}

fn json<T: Serialize>(result: Result<T, Error>) -> Result<String, Error> {
    serde_json::to_string(&result?).map_err(|_| Error::Training)
}

/// Searches one knowledge whose version in force was not searched yet; returns whether there was one.
///
/// # Errors
/// If the store cannot be read or written.
pub async fn search_published(bots: &Bots, db: &Db, id: Uuid) -> store::Result<bool> {
    let Some(tenant) = store::entry_points::unsearched_knowledge(db).await? else { return Ok(false) };
    let id = KnowledgeRunId::new(id);
    let begun = db.writer().write(Shard::Of(tenant.uuid()), move |tx| {
        Box::pin(async move {
            runs::begin(tx, tenant, RunOf::Suspects, id, 0).await?;
            TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Knowledge).await
        })
    });
    match begun.await {
        Ok(()) => {
            work(bots.clone(), db.clone(), tenant, id).await;
            let told = db.writer().write(Shard::Of(tenant.uuid()), move |tx| {
                Box::pin(async move { TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Knowledge).await })
            });
            told.await?;
            Ok(true)
        }
        // Somebody is searching right now.
        Err(store::Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
