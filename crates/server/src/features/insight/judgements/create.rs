//! `POST /api/v1/bot-answers/judgements`

use axum::extract::State;
use domain::policy::Permission;
use wire::judgements::NewJudgement;

use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};

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
