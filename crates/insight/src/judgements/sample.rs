//! `GET /api/v1/bot-answers/sample`

use axum::{Json, extract::State};
use domain::{
    masking::anonymous,
    policy::Permission,
    time::{DAY, MINUTE},
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use warehouse::Window;
use wire::judgements::{AnswerSample, SampledAnswer};

/// How far back answers are drawn, in days.
const DAYS: i64 = 30;
/// How many of each interval of confidence.
const EACH: i64 = 5;

/// Draws answers of the last 30 days that nobody has judged yet, from each interval of confidence as many.
#[utoipa::path(get, path = "/bot-answers/sample", tag = "metrics", security(("staff" = [])), responses((status = 200, body = AnswerSample), Problems))]
pub async fn list_sample(State(app): State<App>, actor: StaffActor) -> Result<Json<AnswerSample>, Problem> {
    actor.require(Permission::EditKnowledge)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let window = Window { from: now.plus(-DAYS * DAY), to: now.plus(MINUTE) };
    let drawn = app.panel().draw(tenant, window, EACH).await.map_err(store::Error::from)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let mut items = Vec::with_capacity(drawn.len());
    for one in drawn {
        let Some(answer) = store::bot_answers::find(&mut tx, tenant, one.conversation, one.of).await? else { continue };
        let (entry, title) = answer.source.map(|source| (source.id, source.title)).unzip();
        let question = anonymous(&answer.question);
        items.push(SampledAnswer { conversation: one.conversation, of: one.of, at: one.at, question, answer: answer.answer, lang: answer.lang, entry, title });
    }
    Ok(Json(AnswerSample { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_editors_draw_answers_and_there_may_be_none() {
        let app = TestApp::new().await;
        let path = "/api/v1/bot-answers/sample";
        app.get(path).await.problem(401, "not_signed_in");
        app.agent("ada").await.get(path).await.problem(403, "not_permitted");
        assert_eq!(app.manager("mira").await.get(path).await.expect(200)["items"], json!([]));
    }
}
