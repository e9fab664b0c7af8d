//! `GET /api/v1/colleagues`: agents and queues, and how busy they are.

use std::collections::HashSet;

use axum::{Json, extract::State};
use domain::{
    id::{AgentId, QueueId},
    policy::OverConversations,
    routing::{Candidate, Standing},
    staff::AgentState,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::queues::Load;
use utoipa::ToSchema;

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleague {
    /// The member's id.
    pub id: AgentId,
    /// The name customers see.
    pub name: String,
    /// How the name sounds: a syllable for each Chinese character, without tones, and other words as they are, all in small letters with spaces between.
    pub sound: String,
    /// The number customers see.
    pub number: String,
    /// The state they chose.
    pub state: AgentState,
    /// Where they stand now.
    pub standing: Standing,
    /// Whether they are on shift: at work and connected, also during a break.
    pub on_shift: bool,
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
    /// Whether anybody who serves it takes conversations now, busy or not; nobody on a break does.
    pub staffed: bool,
    /// How many more conversations those who serve it take now.
    pub free_slots: i64,
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
    actor.may(OverConversations::Desk)?.anywhere();
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let agents = store::routing::candidates(&mut tx, actor.tenant()).await?;
    let loads = store::queues::loads(&mut tx, actor.tenant()).await?;
    let now = tx.now();
    let disabled: HashSet<AgentId> = store::staff::roster::kept_out(&mut tx, actor.tenant()).await?.into_iter().collect();
    let agents: Vec<Candidate> = agents.into_iter().filter(|candidate| !disabled.contains(&candidate.agent)).collect();
    let queue = |load: Load| {
        let Load { id, name, everybody, members, waiting, longest_wait_since: _ } = load;
        let serving = || agents.iter().filter(|one| everybody || members.contains(&one.agent));
        let staffed = serving().any(|one| one.standing(now).takes());
        WaitingQueue { id, name, waiting, staffed, free_slots: serving().map(|one| one.free_slots(now)).sum() }
    };
    let queues = loads.into_iter().map(queue).collect();
    let colleague = |c: Candidate| {
        let (standing, sound) = (c.standing(now), bot::sound_of(&c.name));
        let on_shift = standing.is_on_shift();
        Colleague { id: c.agent, name: c.name, sound, number: c.number, state: c.state, standing, on_shift, open: c.open, capacity: c.capacity }
    };
    Ok(Json(Colleagues { agents: agents.into_iter().map(colleague).collect(), queues }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn colleagues_are_those_of_ones_own_company() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Agent, "bob").await;
        eve.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let waiting = |staffed: bool, free: i64| json!([{"id": app.company.queue.to_string(), "name": {"zh": "General", "en": "General"}, "waiting": 0, "staffed": staffed, "free_slots": free}]);
        assert_eq!(ada.get("/api/v1/colleagues").await.expect(200)["queues"], waiting(false, 0), "available, but without a console");
        let mut console = Realtime::connect(&eve).await;
        console.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        console.until("welcome").await;
        eventually("the console is noticed", async || (ada.get("/api/v1/colleagues").await.expect(200)["queues"][0]["staffed"] == true).then_some(())).await;
        let all = ada.get("/api/v1/colleagues").await.expect(200);
        let rows: Vec<_> =
            all["agents"].as_array().unwrap().iter().map(|a| (a["name"].clone(), a["standing"].clone(), a["on_shift"].clone(), a["open"].clone())).collect();
        assert_eq!(rows, [(json!("ada"), json!("offline"), json!(false), json!(0)), (json!("eve"), json!("available"), json!(true), json!(0))]);
        let free = all["agents"][1]["capacity"].as_i64().unwrap();
        assert_eq!(all["queues"], waiting(true, free));
    }
}
