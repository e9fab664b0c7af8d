//! `PATCH /api/v1/rating-comments/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{AgentId, ConversationId},
    policy::OverConversations,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::{Error, rating_comments, reach::Within};
use utoipa::ToSchema;

use super::view::RatingCommentView;
use crate::left_messages::update::refuse_unknown;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingCommentChange {
    /// The number of the episode that was rated.
    pub episode: i64,
    /// The member who takes care of it; `null` for nobody.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<AgentId>)]
    pub owner: Option<Option<AgentId>>,
    /// Whether it was handled; `false` reverts that.
    #[serde(default)]
    pub handled: Option<bool>,
}

/// Sets who takes care of a rating with words, or whether it was handled. The id is that of the conversation.
#[utoipa::path(patch, path = "/rating-comments/{id}", tag = "feedback", security(("staff" = [])), params(("id" = ConversationId, Path), OnceHeader),
    request_body = RatingCommentChange, responses((status = 200, body = RatingCommentView), Problems))]
pub async fn update_rating_comment(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    OnceJson(once, change): OnceJson<RatingCommentChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let (tenant, reader) = (actor.tenant(), Within::serving(&actor.staff));
    refuse_unknown(&app, tenant, change.owner.flatten()).await?;
    let (staff, vault) = (actor.staff.clone(), app.vault());
    let done = permitted.on(db::Shard::Of(id.uuid())).change(&app, once, move |tx| {
        Box::pin(async move {
            let RatingCommentChange { episode, owner, handled } = change;
            rating_comments::find(tx, tenant, id, episode, reader).await?.ok_or(Error::NotFound)?;
            if let Some(owner) = owner {
                rating_comments::set_owner(tx, tenant, id, episode, owner).await?;
            }
            if let Some(handled) = handled {
                rating_comments::set_done(tx, tenant, id, episode, handled.then_some(staff.agent)).await?;
            }
            if owner.is_some() || handled.is_some() {
                tx.announce(Changed::LeftMessages).await?;
            }
            let changed = rating_comments::find(tx, tenant, id, episode, reader).await?.ok_or(Error::NotFound)?;
            Answer::json(StatusCode::OK, &RatingCommentView::new(&vault, &staff, changed))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn somebody_takes_care_of_it_handles_it_and_takes_that_back_and_whoever_rates_again_is_heard_again() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        for body in [json!({"type": "take"}), json!({"type": "resolve"})] {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
            assert_eq!(ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
        }
        let path = format!("/api/v1/rating-comments/{conversation}");
        mira.patch(&path, json!({"episode": 1, "handled": true})).await.problem(404, "not_found");
        let rate = json!({"type": "rate", "score": 2, "comment": "too slow", "solved": false});
        visitor.say(&conversation, false, rate.clone()).await;

        let owned = ada.patch(&path, json!({"episode": 1, "owner": mira.member.id.to_string()})).await.expect(200);
        assert_eq!((&owned["owner"]["name"], &owned["agent"]["name"], &owned["solved"]), (&json!("mira"), &json!("ada"), &json!(false)));
        ada.patch(&path, json!({"episode": 1, "owner": "agt_00000000000000000000000000000001"})).await.problem_at(422, "invalid_value", "owner");
        ada.patch(&path, json!({"episode": 2, "handled": true})).await.problem(404, "not_found");
        eve.patch(&path, json!({"episode": 1, "handled": true})).await.problem(404, "not_found");
        let waiting = async |done: &str| mira.get(&format!("/api/v1/feedback?{done}")).await.expect(200)["items"].as_array().unwrap().len();
        let handled = mira.patch(&path, json!({"episode": 1, "handled": true})).await.expect(200);
        assert_eq!((&handled["done_by"], waiting("").await, waiting("done=true").await), (&json!("mira"), 0, 1));
        mira.patch(&path, json!({"episode": 1, "owner": null})).await.problem(404, "not_found");
        let again = mira.patch(&path, json!({"episode": 1, "handled": false})).await.expect(200);
        assert_eq!((&again["done_at"], &again["owner"]["name"], waiting("").await), (&Value::Null, &json!("mira"), 1));
        mira.patch(&path, json!({"episode": 1, "handled": true})).await.expect(200);
        visitor.say(&conversation, false, rate).await;
        assert_eq!((waiting("").await, waiting("done=true").await), (1, 0));
    }
}
