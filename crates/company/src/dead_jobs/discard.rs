//! `DELETE /api/v1/dead-jobs/{id}`

use axum::extract::State;
use domain::{id::JobId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Deletes a dead job: it will not be done.
#[utoipa::path(delete, path = "/dead-jobs/{id}", tag = "company", security(("staff" = [])), params(("id" = JobId, Path), OnceHeader),
    responses((status = 204, description = "It was deleted"), Problems))]
pub async fn discard_dead_job(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<JobId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::jobs::discard(tx, tenant, id.uuid()).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::{TestApp, dead_job};

    #[tokio::test]
    async fn a_dead_job_is_deleted_by_its_company_alone() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let path = format!("/api/v1/dead-jobs/{}", dead_job(&app).await);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        app.manager("mira").await.delete(&path).await.problem(403, "not_permitted");
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        tara.delete(&path).await.problem(404, "not_found");
    }
}
