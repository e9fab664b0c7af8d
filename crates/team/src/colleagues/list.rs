//! `GET /api/v1/colleagues`: agents and queues, and how busy they are.

use std::collections::HashSet;

use axum::{Json, extract::State};
use domain::{
    id::{AgentId, QueueId},
    policy::Permission,
    staff::AgentState,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleague {
    /// The member's id.
    pub id: AgentId,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Conversations they are serving now.
    pub open: i64,
    /// The most conversations they serve at once.
    pub capacity: i64,
}

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingQueue {
    /// The queue's id.
    pub id: QueueId,
    /// The name shown to people.
    pub name: Bilingual,
    /// Conversations waiting in it.
    pub waiting: i64,
}

/// The agents and queues to which a conversation can be transferred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleagues {
    /// Every member of the company who is not disabled, including the caller.
    pub agents: Vec<Colleague>,
    /// The company's queues.
    pub queues: Vec<WaitingQueue>,
}

/// Lists agents and queues, and how busy they are.
#[utoipa::path(get, path = "/colleagues", tag = "me", security(("staff" = [])), responses((status = 200, body = Colleagues), Problems))]
pub async fn list_colleagues(State(app): State<App>, actor: StaffActor) -> Result<Json<Colleagues>, Problem> {
    actor.require(Permission::Desk)?;
    let mut tx = app.db().snapshot().await?;
    let agents = store::routing::candidates(&mut tx, actor.tenant()).await?;
    let queues = store::routing::queues(&mut tx, actor.tenant()).await?;
    let disabled: HashSet<AgentId> = store::staff::roster::kept_out(&mut tx, actor.tenant()).await?.into_iter().collect();
    let agents = agents.into_iter().filter(|candidate| !disabled.contains(&candidate.agent));
    let agents = agents.map(|c| Colleague { id: c.agent, name: c.name, number: c.number, state: c.state, open: c.open, capacity: c.capacity });
    let queues = queues.into_iter().map(|(id, name, waiting)| WaitingQueue { id, name, waiting });
    Ok(Json(Colleagues { agents: agents.collect(), queues: queues.collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn colleagues_are_those_of_ones_own_company() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Agent, "bob").await;
        eve.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let all = ada.get("/api/v1/colleagues").await.expect(200);
        let rows: Vec<_> = all["agents"].as_array().unwrap().iter().map(|a| (a["name"].clone(), a["state"].clone(), a["open"].clone())).collect();
        assert_eq!(rows, [(json!("ada"), json!("offline"), json!(0)), (json!("eve"), json!("available"), json!(0))]);
        assert_eq!(all["queues"], json!([{"id": app.company.queue.to_string(), "name": {"zh": "General", "en": "General"}, "waiting": 0}]));
    }
}
