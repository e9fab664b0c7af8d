//! `GET /api/v1/operator/health`

use std::sync::atomic::Ordering::Relaxed;

use axum::{Json, extract::State};
use domain::time::Ts;
use http_kit::{
    App,
    auth::OperatorActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::entry_points::{JobCount, NotedBackup};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_installation_health))
}

/// The jobs of a kind, of all companies.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationJobs {
    /// The kind of work.
    pub kind: String,
    /// How many wait.
    pub waiting: i64,
    /// How many were given up.
    pub dead: i64,
    /// When the one that has waited longest was asked for; `null` if none waits.
    #[schema(required)]
    pub oldest_at: Option<Ts>,
}

/// The last backup of the installation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationBackup {
    /// When it was begun: it has everything that was acknowledged before.
    pub begun_at: Ts,
    /// When it was complete.
    pub ended_at: Ts,
    /// How many bytes of the record and of files it has.
    pub bytes: i64,
    /// Whether it is sealed under a passphrase.
    pub is_sealed: bool,
    /// The path of its folder, on the node that made it.
    pub place: String,
}

/// A backup that failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedBackup {
    /// When it failed.
    pub at: Ts,
    /// Why, in English.
    pub why: String,
}

/// How the installation is doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationHealth {
    /// The version of the program.
    pub version: &'static str,
    /// Since when there has been a node that serves.
    pub since: Ts,
    /// Where the record is: `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How many nodes serve the record.
    pub nodes: u64,
    /// Whether Redis carries hints between nodes; `null` if none is set up.
    #[schema(required)]
    pub redis: Option<bool>,
    /// How many companies there are.
    pub companies: i64,
    /// How many of them are suspended.
    pub suspended: i64,
    /// How many people and programs are connected to this node.
    pub connections: u64,
    /// For how long the feed has been waiting for an open transaction of the database, in milliseconds.
    pub feed_lag_ms: u64,
    /// How many writes were told to come back later, since the start of this node.
    pub busy: u64,
    /// How many requests this node could not answer because of an error of its own, since its start.
    pub failed: u64,
    /// The jobs that wait and those that were given up, by kind.
    pub jobs: Vec<InstallationJobs>,
    /// The last backup that the program made, by itself or by `yingda backup` beside it; `null` if it has made none.
    #[schema(required)]
    pub backup: Option<InstallationBackup>,
    /// The last backup that failed since; `null` if none did.
    #[schema(required)]
    pub failed_backup: Option<FailedBackup>,
}

/// Says how the installation is doing: which version, how many nodes, and what waits.
#[utoipa::path(get, path = "/operator/health", tag = "operator", security(("operator" = [])), responses((status = 200, body = InstallationHealth), Problems))]
pub async fn get_installation_health(State(app): State<App>, _: OperatorActor) -> Result<Json<InstallationHealth>, Problem> {
    let (companies, suspended) = store::entry_points::company_counts(app.db()).await?;
    let lag = db::feed::horizon_lag_ms(&mut app.db().read().await?).await?;
    let jobs = store::entry_points::job_counts(app.db()).await?;
    let (backup, failed_backup) = store::entry_points::last_backups(app.db()).await?;
    let cluster = app.cluster();
    Ok(Json(InstallationHealth {
        version: env!("CARGO_PKG_VERSION"),
        since: cluster.serving_since(),
        engine: app.db().engine(),
        nodes: cluster.nodes().max(1),
        redis: cluster.redis().map(|_| cluster.is_fast()),
        companies,
        suspended,
        connections: app.hub().everybody().len() as u64,
        feed_lag_ms: lag.map_or(0, i64::unsigned_abs),
        busy: app.db().stats().busy.load(Relaxed),
        failed: app.in_memory().counters.of_class(5),
        jobs: jobs
            .into_iter()
            .map(|JobCount { kind, waiting, dead, oldest_at }| InstallationJobs { kind, waiting, dead, oldest_at: oldest_at.map(Ts) })
            .collect(),
        backup: backup.map(|NotedBackup { begun_at, ended_at, place, bytes, is_sealed, failure: _ }| InstallationBackup {
            begun_at,
            ended_at,
            bytes,
            is_sealed,
            place,
        }),
        failed_backup: failed_backup.map(|backup| FailedBackup { at: backup.ended_at, why: backup.failure.unwrap_or_default() }),
    }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use store::entry_points::NotedBackup;
    use testkit_app::{TestApp, dead_job};

    use crate::testing::operator;

    #[tokio::test]
    async fn it_counts_what_there_is_and_what_waits() {
        let app = TestApp::new().await;
        app.other_company("beta").await;
        dead_job(&app).await;
        let olga = operator(&app).await;
        let health = olga.get("/api/v1/operator/health").await.expect(200);
        assert_eq!((&health["companies"], &health["suspended"], &health["nodes"]), (&json!(2), &json!(0), &json!(1)));
        assert_eq!((&health["version"], &health["engine"], &health["redis"]), (&json!(env!("CARGO_PKG_VERSION")), &json!("sqlite"), &json!(null)));
        assert_eq!(health["jobs"], json!([{"kind": "letter", "waiting": 0, "dead": 1, "oldest_at": null}]));
        assert_eq!((&health["backup"], &health["failed_backup"]), (&json!(null), &json!(null)));
        app.staff(Role::Administrator, "tara").await.get("/api/v1/operator/health").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn it_says_which_backup_was_the_last_and_what_failed_since() {
        let app = TestApp::new().await;
        let note = async |after: i64, failure: Option<&str>| {
            let (begun_at, failure) = (app.app().env().now().plus(after), failure.map(str::to_owned));
            let backup = NotedBackup { begun_at, ended_at: begun_at.plus(9), place: "/backups/a".to_owned(), bytes: 12, is_sealed: true, failure };
            store::entry_points::note_backup(app.app().db(), app.app().env().uuid(), backup).await.unwrap();
            begun_at.0
        };
        let begun = note(0, None).await;
        let failed = note(100, Some("the disk is full")).await;
        let health = operator(&app).await.get("/api/v1/operator/health").await.expect(200);
        assert_eq!(health["backup"], json!({"begun_at": begun, "ended_at": begun + 9, "bytes": 12, "is_sealed": true, "place": "/backups/a"}));
        assert_eq!(health["failed_backup"], json!({"at": failed + 9, "why": "the disk is full"}));
    }
}
