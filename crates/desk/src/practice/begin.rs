//! `POST /api/v1/practice-exercises/{key}/begin`

use axum::extract::State;
use domain::{policy::OverConversations, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{live_learner, place};
use crate::jobs::simulated_customer;

/// How an exercise begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginPractice {
    /// The language of the simulated customer.
    pub lang: Lang,
}

/// Begins an exercise: from now on, whoever asks is a member of the company of practice below `/practice`, in this browser, where a simulated customer asks for a
/// person. What they were practising before ends.
#[utoipa::path(post, path = "/practice-exercises/{key}/begin", tag = "practice", security(("staff" = [])),
    params(("key" = String, Path, description = "The key of the exercise"), OnceHeader), request_body = BeginPractice,
    responses((status = 204, description = "The exercise has begun"), Problems))]
pub async fn begin_practice_exercise(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(key): ValidPath<String>,
    OnceJson(once, BeginPractice { lang }): OnceJson<BeginPractice>,
) -> Result<Answer, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let session = actor.session()?;
    let exercise = content::practice::find(&key).ok_or_else(Problem::not_found)?;
    if let Some((practice, former)) = live_learner(&app, &actor).await? {
        simulated_customer::end(&app, practice, &former).await?;
    }
    let (company, member) = (actor.tenant(), actor.member.clone());
    let (begun, ids) = (place::Begun::new(&app, exercise.key, lang, session), place::NewIds::new(&app));
    let done = actor.oneself().change(&app, once, move |tx| {
        Box::pin(async move {
            place::begin(tx, company, &member, begun, &ids).await?;
            Ok(Answer::nothing())
        })
    });
    let done = done.await?;
    app.in_memory().addresses.forget();
    // The customer is there at once; the job goes on.
    if let Some((practice, learner)) = live_learner(&app, &actor).await? {
        simulated_customer::open(&app, practice, &learner).await;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_no_exercise_cannot_be_begun_nor_by_somebody_who_does_not_serve() {
        let app = TestApp::new().await;
        let (ada, otto) = (app.agent("ada").await, app.staff(Role::Auditor, "otto").await);
        let body = json!({"lang": "en"});
        ada.post("/api/v1/practice-exercises/nothing/begin", body.clone()).await.problem(404, "not_found");
        otto.post("/api/v1/practice-exercises/bill/begin", body.clone()).await.problem(403, "not_permitted");
        ada.post("/api/v1/practice-exercises/bill/begin", json!({"lang": "tlh"})).await.problem_at(422, "invalid_value", "lang");
        ada.post("/api/v1/practice-exercises/bill/begin", body).await.expect(204);
        let items = ada.get("/api/v1/practice-exercises").await.expect(200)["items"].clone();
        assert!(items.as_array().unwrap().iter().any(|one| one["key"] == "bill" && one["is_under_way"] == true), "{items}");
    }
}
