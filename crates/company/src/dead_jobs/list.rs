//! `GET /api/v1/dead-jobs`

use axum::{Json, extract::State};
use domain::{
    id::{JobId, JobIdKind},
    job::JobKind,
    policy::Permission,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::jobs::DeadJob;
use utoipa::{IntoParams, ToSchema};

/// Jobs per page.
const PAGE: usize = 50;

/// Which dead jobs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDeadJobs {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A job that was given up. What it was about, such as a letter's recipient and text, is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadJobView {
    /// Its id.
    pub id: JobId,
    /// The kind of work.
    pub kind: JobKind,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was asked for, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was given up, in milliseconds since 1970.
    pub died_at: i64,
    /// How the last attempt failed: `refused` for good by the receiver, `not_now`, `timeout`, `expired`, `unreadable`, `panicked`. More may be added.
    #[schema(required)]
    pub last_code: Option<String>,
}

impl DeadJobView {
    /// As it is shown; `None` for a kind that only a later version knows.
    fn of(job: DeadJob) -> Option<Self> {
        let DeadJob { id, kind, attempts, created_at, died_at, last_code } = job;
        Some(Self { id: JobId::new(id), kind: JobKind::parse(&kind)?, attempts, created_at, died_at, last_code })
    }
}

/// A page of dead jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadJobs {
    /// Latest first.
    pub items: Vec<DeadJobView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists the jobs that were given up, the last one first.
#[utoipa::path(get, path = "/dead-jobs", tag = "company", security(("staff" = [])), params(ListDeadJobs), responses((status = 200, body = DeadJobs), Problems))]
pub async fn list_dead_jobs(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListDeadJobs>) -> Result<Json<DeadJobs>, Problem> {
    actor.require(Permission::Settings)?;
    let after = query.cursor.as_deref().map(cursor::at_shown_id::<JobIdKind>).transpose()?;
    let rows = store::jobs::list_dead(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), after, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(rows, PAGE, |last| format!("{}.{}", last.died_at, JobId::new(last.id)));
    Ok(Json(DeadJobs { items: items.into_iter().filter_map(DeadJobView::of).collect(), next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::{TestApp, dead_job};

    #[tokio::test]
    async fn what_was_given_up_is_listed_for_its_company() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        assert_eq!(tara.get("/api/v1/dead-jobs").await.expect(200), json!({"items": [], "next": null}));
        let id = dead_job(&app).await;
        let listed = tara.get("/api/v1/dead-jobs").await.expect(200)["items"].clone();
        assert_eq!(
            (&listed[0]["id"], &listed[0]["kind"], &listed[0]["attempts"], &listed[0]["last_code"]),
            (&json!(id), &json!("letter"), &json!(1), &json!("refused"))
        );
        let beta = app.other_company("beta").await;
        assert_eq!(app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/dead-jobs").await.expect(200)["items"], json!([]));
        tara.get("/api/v1/dead-jobs?cursor=x").await.problem_at(422, "invalid_value", "cursor");
        app.manager("mira").await.get("/api/v1/dead-jobs").await.problem(403, "not_permitted");
    }
}
