//! `POST /api/v1/lessons/{lesson}/finish`

use axum::extract::State;
use content::lesson::Lesson;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// The caller has taken a tour to its end. Once is enough: a repetition changes nothing, and the first time is kept.
///
/// Exercises are finished by doing them.
#[utoipa::path(post, path = "/lessons/{lesson}/finish", tag = "staff", security(("staff" = [])), params(("lesson" = String, Path), OnceHeader),
    responses((status = 204, description = "It is finished"), Problems))]
pub async fn finish_lesson(State(app): State<App>, actor: StaffActor, ValidPath(lesson): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let lesson = Lesson::parse(&lesson).filter(|lesson| matches!(lesson, Lesson::Tour(_))).ok_or_else(Problem::not_found)?;
    if !lesson.is_for(actor.staff.grants) {
        return Err(Problem::not_permitted());
    }
    let permitted = actor.oneself();
    let (tenant, agent, name) = (actor.tenant(), actor.staff.agent, lesson.to_string());
    let done = permitted.change(&app, once, move |tx| {
        let name = name.clone();
        Box::pin(async move {
            let now = tx.now();
            store_desk::lessons::finish(tx, tenant, agent, &name, now).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_tour_is_finished_once_by_whoever_took_it() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        ada.post("/api/v1/lessons/tour:agent/finish", json!({})).await.expect(204);
        let first = ada.get("/api/v1/lessons").await.expect(200);
        assert!(first["items"][0]["finished_at"].is_number(), "{first}");
        app.clock.advance(60_000);
        ada.post("/api/v1/lessons/tour:agent/finish", json!({})).await.expect(204);
        assert_eq!(ada.get("/api/v1/lessons").await.expect(200), first, "the first time is kept");
        assert_eq!(eve.get("/api/v1/lessons").await.expect(200)["items"][0]["finished_at"], json!(null));
    }

    #[tokio::test]
    async fn only_tours_that_there_are_and_that_are_for_oneself_can_be_finished() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for unknown in ["tour:nobody", "practice:refund", "x"] {
            ada.post(&format!("/api/v1/lessons/{unknown}/finish"), json!({})).await.problem(404, "not_found");
        }
        ada.post("/api/v1/lessons/tour:administrator/finish", json!({})).await.problem(403, "not_permitted");
        app.post("/api/v1/lessons/tour:agent/finish", json!({})).await.problem(401, "not_signed_in");
        assert_eq!(ada.get("/api/v1/lessons").await.expect(200)["items"], json!([{"lesson": "tour:agent", "finished_at": null}]));
    }
}
