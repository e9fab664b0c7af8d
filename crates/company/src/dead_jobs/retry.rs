//! `POST /api/v1/dead-jobs/{id}/retry`

use axum::extract::State;
use domain::{id::JobId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Tries a dead job again from the beginning.
#[utoipa::path(post, path = "/dead-jobs/{id}/retry", tag = "company", security(("staff" = [])), params(("id" = JobId, Path), OnceHeader),
    responses((status = 204, description = "It is tried again"), Problems))]
pub async fn retry_dead_job(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<JobId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::jobs::revive(tx, tenant, id.uuid()).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::{TestApp, dead_job};

    #[tokio::test]
    async fn a_dead_job_is_due_again_by_its_company_alone() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let path = format!("/api/v1/dead-jobs/{}/retry", dead_job(&app).await);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({})).await.problem(404, "not_found");
        app.manager("mira").await.post(&path, json!({})).await.problem(403, "not_permitted");
        assert_eq!(tara.post(&path, json!({})).await.status.as_u16(), 204);
        tara.post(&path, json!({})).await.problem(404, "not_found");
    }
}
