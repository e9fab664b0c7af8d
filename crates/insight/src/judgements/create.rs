//! `POST /api/v1/bot-answers/judgements`

use axum::extract::State;
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use wire::judgements::NewJudgement;

/// Judges an answer of the bot.
///
/// The numbers of the sample follow; an answer that was judged before is judged anew.
#[utoipa::path(post, path = "/bot-answers/judgements", tag = "metrics", security(("staff" = [])), params(OnceHeader), request_body = NewJudgement,
    responses((status = 204, description = "The judgement was noted"), Problems))]
pub async fn create_judgement(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewJudgement>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let tenant = actor.tenant();
    let NewJudgement { conversation, of, verdict } = new;
    let noted = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let by = tx.by();
            store::conversations::note_judgement(tx, tenant, by, conversation, of, verdict).await?;
            Ok(Answer::nothing())
        })
    });
    noted.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/bot-answers/judgements";

    #[tokio::test]
    async fn only_editors_judge_and_only_answers_that_exist() {
        let app = TestApp::new().await;
        let judged = json!({"conversation": "cnv_01a200f33fcb7477b3951317d6a134ca", "of": 1, "verdict": "right"});
        app.post(PATH, judged.clone()).await.problem(401, "not_signed_in");
        app.agent("ada").await.post(PATH, judged.clone()).await.problem(403, "not_permitted");
        let mira = app.manager("mira").await;
        mira.post(PATH, judged.clone()).await.problem(404, "not_found");
        let mut wrong = judged;
        wrong["verdict"] = json!("perfect");
        mira.post(PATH, wrong).await.problem_at(422, "invalid_value", "verdict");
    }
}
