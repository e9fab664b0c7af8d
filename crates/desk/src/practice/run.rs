//! `GET /api/v1/practice-run`

use axum::{Json, extract::State};
use content::practice::{history, step_states};
use domain::{id::ConversationId, policy::OverConversations, text::Bilingual};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PracticeStep, exercise_of, live_learner};
use crate::jobs::simulated_customer;

/// An exercise that is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct PracticeRun {
    /// The key of the exercise.
    pub exercise: String,
    /// Its name.
    pub name: Bilingual,
    /// What has to be done, in order.
    pub steps: Vec<PracticeStep>,
    /// The conversation with the simulated customer.
    pub conversation: ConversationId,
    /// Whether all steps are done.
    pub is_finished: bool,
}

/// What whoever asks is practising just now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentPractice {
    /// That; `null` if it is nothing.
    #[schema(required)]
    pub run: Option<PracticeRun>,
}

/// What whoever asks is practising just now; below `/practice`, too.
#[utoipa::path(get, path = "/practice-run", tag = "practice", security(("staff" = [])), responses((status = 200, body = CurrentPractice), Problems))]
pub async fn get_practice_run(State(app): State<App>, actor: StaffActor) -> Result<Json<CurrentPractice>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let Some((practice, learner)) = live_learner(&app, &actor).await? else { return Ok(Json(CurrentPractice { run: None })) };
    let Some(exercise) = exercise_of(&learner) else { return Ok(Json(CurrentPractice { run: None })) };
    let states = step_states(exercise, &history(&simulated_customer::entries(&app, practice, &learner).await?));
    let steps: Vec<PracticeStep> = exercise.steps.iter().zip(states).map(|(step, is_done)| PracticeStep::of(step, is_done)).collect();
    let is_finished = learner.finished_at.is_some() || steps.iter().all(|step| step.done);
    let run = PracticeRun { exercise: exercise.key.to_owned(), name: exercise.name.into(), steps, conversation: learner.conversation, is_finished };
    Ok(Json(CurrentPractice { run: Some(run) }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_practised_is_ones_own_with_its_steps() {
        let app = TestApp::new().await;
        let (ada, eve, otto) = (app.agent("ada").await, app.agent("eve").await, app.staff(Role::Auditor, "otto").await);
        ada.post("/api/v1/practice-exercises/bill/begin", json!({"lang": "en"})).await.expect(204);
        let run = ada.get("/api/v1/practice-run").await.expect(200)["run"].clone();
        assert_eq!((&run["exercise"], &run["is_finished"]), (&json!("bill"), &json!(false)), "{run}");
        assert!(run["steps"].as_array().is_some_and(|steps| !steps.is_empty() && steps.iter().all(|step| step["done"] == false)), "{run}");
        assert!(eve.get("/api/v1/practice-run").await.expect(200)["run"].is_null());
        otto.get("/api/v1/practice-run").await.problem(403, "not_permitted");
    }
}
