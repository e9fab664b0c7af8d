//! `PUT /api/v1/staff/{id}/state`

use axum::extract::State;
use domain::{id::AgentId, refusal::Code, staff::AgentState};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::presence;
use utoipa::ToSchema;

use super::get_managed;
use crate::me::set_state::reason_of;

/// A new state for a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemberState {
    /// The new state.
    pub state: AgentState,
    /// Why, at most 80 characters; the member reads it.
    pub reason: String,
}

/// Changes the state of a member, who is told by whom and why.
#[utoipa::path(put, path = "/staff/{id}/state", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), OnceHeader),
    request_body = NewMemberState, responses((status = 204, description = "The member is in this state"), Problems))]
pub async fn set_member_state(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    OnceJson(once, NewMemberState { state, reason }): OnceJson<NewMemberState>,
) -> Result<Answer, Problem> {
    let tenant = actor.tenant();
    let (person, permitted) = get_managed(&app, &actor, id).await?;
    let Some(reason) = reason_of(Some(reason))? else {
        return Err(Problem::invalid("reason", Code::MissingField, "say why: the member reads it"));
    };
    let changed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let by = tx.by();
            presence::set_state(tx, tenant, person.id, state, by, Some(&reason)).await?;
            Ok(Answer::nothing())
        })
    });
    changed.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_leads_changes_a_state_and_the_agent_reads_by_whom_and_why() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let path = format!("/api/v1/staff/{}/state", ada.member.id);
        mira.put(&path, json!({"state": "busy", "reason": " "})).await.problem_at(422, "missing_field", "reason");
        eve.put(&path, json!({"state": "busy", "reason": "x"})).await.problem(403, "not_permitted");
        app.clock.advance(1_000);
        assert_eq!(mira.put(&path, json!({"state": "busy", "reason": "finish the reports"})).await.status.as_u16(), 204);
        let me = ada.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["state"], &me["state_reason"], &me["state_by"]), (&json!("busy"), &json!("finish the reports"), &json!("mira")));
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "Lunch"})).await.expect(200);
        let me = ada.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["state_reason"], &me["state_by"]), (&json!("Lunch"), &json!(null)));
        let listed = mira.get(&format!("/api/v1/staff/{}/states", ada.member.id)).await.expect(200);
        let told: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| (one["to"].clone(), one["reason"].clone(), one["by"].clone())).collect();
        let expected = [
            (json!("break"), json!("Lunch"), json!(null)),
            (json!("busy"), json!("finish the reports"), json!("mira")),
            (json!("available"), json!(null), json!(null)),
        ];
        assert_eq!(told, expected);
        assert_eq!(ada.get(&format!("/api/v1/staff/{}/states", ada.member.id)).await.expect(200)["items"].as_array().unwrap().len(), 3);
        eve.get(&format!("/api/v1/staff/{}/states", ada.member.id)).await.problem(404, "not_found");
    }
}
