//! `GET /api/v1/practice-exercises`

use axum::{Json, extract::State};
use content::practice::{EXERCISES, Exercise};
use domain::{policy::OverConversations, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{learner_of, lesson_of};

/// An exercise with a simulated customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PracticeExercise {
    /// The key by which it is begun.
    pub key: String,
    /// The name.
    pub name: Bilingual,
    /// What it is for.
    pub about: Bilingual,
    /// What has to be done, in order.
    pub steps: Vec<Bilingual>,
    /// When whoever asks finished it for the first time; `null` if they have not.
    #[schema(required)]
    pub finished_at: Option<Ts>,
    /// Whether whoever asks is practising it.
    pub is_under_way: bool,
}

impl PracticeExercise {
    fn of(exercise: &Exercise, finished_at: Option<Ts>, is_under_way: bool) -> Self {
        let steps = exercise.steps.iter().map(|step| step.words.into()).collect();
        Self { key: exercise.key.to_owned(), name: exercise.name.into(), about: exercise.about.into(), steps, finished_at, is_under_way }
    }
}

/// The exercises.
#[derive(Debug, Serialize, ToSchema)]
pub struct PracticeExercises {
    /// All of them, the easiest first.
    pub items: Vec<PracticeExercise>,
}

/// The exercises in which members of the staff serve simulated customers, and which of them whoever asks has finished.
#[utoipa::path(get, path = "/practice-exercises", tag = "practice", security(("staff" = [])), responses((status = 200, body = PracticeExercises), Problems))]
pub async fn list_practice_exercises(State(app): State<App>, actor: StaffActor) -> Result<Json<PracticeExercises>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let (tenant, member) = (actor.tenant(), actor.staff.agent);
    let finished = store_desk::lessons::of_agent(&mut app.db().read_of(tenant).await?, tenant, member).await?;
    let learner = learner_of(&app, tenant, member).await?.map(|(_, learner)| learner);
    // It goes on in the session in which it began; elsewhere it is begun anew.
    let session = actor.session().ok();
    let now = learner.filter(|learner| learner.ended_at.is_none() && Some(learner.session) == session).map(|learner| learner.exercise);
    let of = |exercise: &Exercise| PracticeExercise::of(exercise, finished.get(&lesson_of(exercise)).copied(), now.as_deref() == Some(exercise.key));
    Ok(Json(PracticeExercises { items: EXERCISES.iter().map(of).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn whoever_serves_has_the_exercises_and_nobody_else() {
        let app = TestApp::new().await;
        let (ada, auditor) = (app.agent("ada").await, app.staff(Role::Auditor, "otto").await);
        let items = ada.get("/api/v1/practice-exercises").await.expect(200)["items"].clone();
        let items = items.as_array().unwrap();
        assert!(items.len() >= 4 && items.iter().all(|one| one["finished_at"].is_null() && one["is_under_way"] == false));
        assert!(items.iter().all(|one| !one["name"]["zh"].as_str().unwrap().is_empty() && !one["steps"].as_array().unwrap().is_empty()));
        auditor.get("/api/v1/practice-exercises").await.problem(403, "not_permitted");
        app.get("/api/v1/practice-exercises").await.problem(401, "not_signed_in");
    }
}
