//! `PUT /api/v1/me/state`: sets whether the caller takes conversations.

use axum::{extract::State, http::StatusCode};
use domain::{floor::MAX_REASON_CHARS, policy::OverConversations, refusal::Code, staff::AgentState};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::presence;
use utoipa::ToSchema;

use super::view::Me;

/// A new state for the caller.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewState {
    /// The new state.
    pub state: AgentState,
    /// The reason, at most 80 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Changes the caller's own state and notifies subscribers.
#[utoipa::path(put, path = "/me/state", tag = "me", security(("staff" = [])), params(OnceHeader), request_body = NewState, responses((status = 200, body = Me), Problems))]
pub async fn set_my_state(
    State(app): State<App>,
    actor: StaffActor,
    OnceJson(once, NewState { state, reason }): OnceJson<NewState>,
) -> Result<Answer, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    // A program is given nothing: it takes what it wants.
    actor.session()?;
    let reason = reason_of(reason)?;
    let (tenant, agent) = (actor.staff.tenant, actor.staff.agent);
    let changed = actor.oneself().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            let by = tx.by();
            let member = presence::set_state(tx, tenant, agent, state, by, reason.as_deref()).await?;
            let grants = member.grants();
            Answer::json(StatusCode::OK, &Me::of(tx, member, grants).await?)
        })
    });
    changed.await
}

/// The reason for a state as it is kept; nothing, if it is empty.
pub(crate) fn reason_of(raw: Option<String>) -> Result<Option<String>, Problem> {
    let reason = raw.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS || reason.contains('\0')) {
        return Err(Problem::invalid("reason", Code::InvalidValue, "a reason has at most 80 characters"));
    }
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_state_is_set_and_told() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let stream = ada.member.id.to_string();
        let mut floor = Realtime::connect(&mira).await;
        floor.send(&json!({"t": "hello", "version": 1, "cursors": {&stream: 0}})).await;
        app.clock.advance(5_000);
        let me = ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        assert_eq!((&me["state"], &me["state_since"]), (&json!("available"), &json!(app.env().now().0)));
        let told = floor.until("entries").await;
        assert_eq!((&told["entries"][0]["kind"], &told["entries"][0]["body"]), (&json!("state_changed"), &json!({"from": "offline", "to": "available"})));
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "lunch"})).await.expect(200);
        let told = floor.until("entries").await;
        assert_eq!(told["entries"][0]["body"], json!({"from": "available", "to": "break", "reason": "lunch"}));
    }

    #[tokio::test]
    async fn the_same_state_again_is_no_news() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        app.clock.advance(5_000);
        let me = ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        assert_eq!(me["state_since"], json!(app.env().now().0 - 5_000));
    }

    #[tokio::test]
    async fn only_our_own_pages_set_it() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let cookie = format!("__Host-yingda={}", ada.cookie.as_ref().unwrap());
        for (name, value) in
            [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null"), ("x-nothing", "said")]
        {
            let request = reqwest::Client::new().put(format!("{}/api/v1/me/state", app.base)).header("cookie", &cookie).header(name, value);
            app.send(request.json(&json!({"state": "available"}))).await.problem(403, "cross_site");
        }
        assert_eq!(ada.get("/api/v1/me").await.expect(200)["state"], "offline");
    }

    #[tokio::test]
    async fn what_is_no_state_is_refused() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        ada.put("/api/v1/me/state", json!({"state": "sleeping"})).await.problem_at(422, "invalid_value", "state");
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "x".repeat(81)})).await.problem_at(422, "invalid_value", "reason");
        ada.put("/api/v1/me/state", json!({"state": "break", "role": "administrator"})).await.problem_at(422, "unknown_field", "role");
    }
}
