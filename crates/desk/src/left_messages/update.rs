//! `PATCH /api/v1/left-messages/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    id::{AgentId, ConversationId, TenantId},
    policy::OverConversations,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::leave_message;
use utoipa::ToSchema;

use super::view::{Keys, LeftMessageView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftMessageChange {
    /// The member who takes care of it; `null` for nobody.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<AgentId>)]
    pub owner: Option<Option<AgentId>>,
    /// Whether it was handled in another way than by an answer here; `false` reverts that.
    #[serde(default)]
    pub handled: Option<bool>,
}

/// Sets who takes care of a conversation's left message, or whether it was handled.
#[utoipa::path(patch, path = "/left-messages/{id}", tag = "left_messages", security(("staff" = [])), params(("id" = ConversationId, Path), OnceHeader),
    request_body = LeftMessageChange, responses((status = 200, body = LeftMessageView), Problems))]
pub async fn update_left_message(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    OnceJson(once, change): OnceJson<LeftMessageChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let tenant = actor.tenant();
    refuse_unknown(&app, tenant, change.owner.flatten()).await?;
    let (staff, vault, sealer) = (actor.staff.clone(), app.vault(), app.sealer());
    let done = permitted.on(db::Shard::Of(id.uuid())).change(&app, once, move |tx| {
        Box::pin(async move {
            leave_message::tend(tx, &staff, id, change.owner, change.handled).await?;
            let changed = store::left_messages::of(tx, tenant, id).await?.into_iter().next().ok_or(store::Error::NotFound)?;
            let keys = Keys::read(tx, vault, &sealer, tenant).await?;
            Answer::json(StatusCode::OK, &LeftMessageView::new(&keys, &staff, changed))
        })
    });
    done.await
}

/// Refuses an owner who is no member of the staff.
pub(crate) async fn refuse_unknown(app: &App, tenant: TenantId, owner: Option<AgentId>) -> Result<(), Problem> {
    let Some(owner) = owner else { return Ok(()) };
    let unknown = |_| Problem::invalid("owner", Code::InvalidValue, "there is no such member of staff");
    store::staff::roster::get(&mut app.db().read_of(tenant).await?, tenant, owner).await.map(drop).map_err(unknown)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn somebody_takes_care_of_it_and_may_take_that_back() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/left-messages/{conversation}");
        ada.patch(&path, json!({"handled": true})).await.problem(404, "not_found");
        visitor.say(&conversation, false, json!({"type": "leave_message", "text": "call me", "contact": "x@y"})).await;
        let owned = ada.patch(&path, json!({"owner": ada.member.id.to_string()})).await.expect(200);
        assert_eq!(owned["owner"]["name"], "ada");
        ada.patch(&path, json!({"owner": "agt_00000000000000000000000000000001"})).await.problem_at(422, "invalid_value", "owner");

        let handled = eve.patch(&path, json!({"handled": true})).await.expect(200);
        assert_eq!((&handled["done_by"], &handled["answered"]), (&json!("eve"), &json!(false)));
        assert_eq!(ada.get("/api/v1/left-messages").await.expect(200)["items"], json!([]));
        // The customer sees nothing of it.
        let mut widget = Realtime::connect(&app).await;
        widget.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {&conversation: null}})).await;
        let kinds: Vec<Value> = widget.until("reset").await["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
        assert!(!kinds.contains(&json!("left_message_handled")), "{kinds:?}");

        let again = ada.patch(&path, json!({"handled": false})).await.expect(200);
        assert_eq!((&again["done_at"], &again["owner"]["name"]), (&json!(null), &json!("ada")));
        assert_eq!(eve.get("/api/v1/left-messages").await.expect(200)["items"].as_array().unwrap().len(), 1);
        ada.patch(&path, json!({"owner": null})).await.expect(200);
        assert_eq!(ada.get("/api/v1/left-messages").await.expect(200)["items"][0]["owner"], json!(null));
    }
}
