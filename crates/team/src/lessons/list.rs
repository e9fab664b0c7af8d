//! `GET /api/v1/lessons`

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{LessonView, all_lessons, lessons_of};

/// The lessons of whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lessons {
    /// The tours of what they may do, and the exercises that they have finished.
    pub items: Vec<LessonView>,
}

/// Lists the lessons about the program that the caller has, and when they finished each.
#[utoipa::path(get, path = "/lessons", tag = "staff", security(("staff" = [])), responses((status = 200, body = Lessons), Problems))]
pub async fn list_lessons(State(app): State<App>, actor: StaffActor) -> Result<Json<Lessons>, Problem> {
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let finished = store_desk::lessons::of_agent(&mut tx, actor.tenant(), actor.staff.agent).await?;
    Ok(Json(Lessons { items: lessons_of(&all_lessons([&finished]), actor.staff.grants, &finished) }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn names(who: &StaffClient) -> Vec<Value> {
        who.get("/api/v1/lessons").await.expect(200)["items"].as_array().unwrap().iter().map(|one| one["lesson"].clone()).collect()
    }

    #[tokio::test]
    async fn everybody_has_the_lessons_about_what_they_may_do() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        assert_eq!(ada.get("/api/v1/lessons").await.expect(200), json!({"items": [{"lesson": "tour:agent", "finished_at": null}]}));
        assert_eq!(names(&app.manager("mira").await).await, ["tour:agent", "tour:manager"]);
        assert_eq!(names(&app.staff(Role::Administrator, "tara").await).await, ["tour:agent", "tour:manager", "tour:administrator"]);
        app.get("/api/v1/lessons").await.problem(401, "not_signed_in");
    }
}
