//! `GET /api/v1/staff/{id}/states`

use axum::{Json, extract::State};
use domain::{entry::body, id::AgentId, policy::OverPeople, staff::AgentState, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::staff::states::StateChangeRow;
use utoipa::{IntoParams, ToSchema};

/// Changes per page.
const PAGE: usize = 50;

/// Where a list of states goes on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListStates {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A change of an agent's state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateChange {
    /// When.
    pub at: Ts,
    /// The state before.
    pub from: AgentState,
    /// The state from then on.
    pub to: AgentState,
    /// Why, in the words of who changed it.
    #[schema(required)]
    pub reason: Option<String>,
    /// The name of who changed it, if that was not the agent.
    #[schema(required)]
    pub by: Option<String>,
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateChanges {
    /// The changes of this page, latest first.
    pub items: Vec<StateChange>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists the changes of a member's state, latest first: to the member, and to those who follow them.
#[utoipa::path(get, path = "/staff/{id}/states", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), ListStates),
    responses((status = 200, body = StateChanges), Problems))]
pub async fn list_member_states(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    ValidQuery(query): ValidQuery<ListStates>,
) -> Result<Json<StateChanges>, Problem> {
    if id != actor.staff.agent && !actor.staff.reaches_member(actor.staff.grants.reach(OverPeople::Follow), id) {
        return Err(Problem::not_found());
    }
    let before = query.cursor.as_deref().map_or(Ok(i64::MAX), |raw| raw.parse().map_err(|_| cursor::problem()))?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    store::staff::get(&mut tx, actor.tenant(), id).await?;
    let rows = store::staff::states::changes(&mut tx, actor.tenant(), id, before, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(rows, PAGE, |last| last.seq.to_string());
    Ok(Json(StateChanges { items: items.into_iter().filter_map(|row| change(row, id)).collect(), next }))
}

fn change(row: StateChangeRow, of: AgentId) -> Option<StateChange> {
    let StateChangeRow { seq: _, at, body, facts, actor_id, actor_name } = row;
    let known: domain::entry::fact::StateChanged = serde_json::from_str(&facts).ok()?;
    let reason = body.and_then(|body| serde_json::from_str::<body::StateChanged>(&body).ok()?.reason);
    let by = actor_name.filter(|_| actor_id != Some(of.uuid()));
    Some(StateChange { at: Ts(at), from: known.from, to: known.to, reason, by })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn pages_follow_one_another_and_strangers_find_nobody() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        for n in 0..51 {
            let state = if n % 2 == 0 { "available" } else { "busy" };
            ada.put("/api/v1/me/state", json!({"state": state})).await.expect(200);
        }
        let path = format!("/api/v1/staff/{}/states", ada.member.id);
        let first = mira.get(&path).await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["items"][0]["to"]), (50, &json!("available")));
        let rest = mira.get(&format!("{path}?cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        assert_eq!((&rest["items"][0]["from"], &rest["next"]), (&json!("offline"), &json!(null)));
        mira.get(&format!("{path}?cursor=x")).await.problem_at(422, "invalid_value", "cursor");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Manager, "bob").await.get(&path).await.problem(404, "not_found");
    }
}
