//! `GET /api/v1/floor`

use std::collections::HashMap;

use axum::{Json, extract::State};
use db::Tx;
use domain::{
    id::{AgentId, QueueId, TenantId},
    policy::{OverPeople, Staff},
    routing::{Candidate, Standing},
    staff::AgentState,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use realtime::view;
use serde::Serialize;
use store::staff::states::StateNote;
use store_desk::lists::ListRow;
use utoipa::ToSchema;
use uuid::Uuid;
use wire::conversation::ConversationView;

/// The most conversations of agents on the floor.
const MOST_SERVED: usize = 500;

/// An agent on the floor.
#[derive(Debug, Serialize, ToSchema)]
pub struct FloorAgent {
    /// The agent's id.
    pub id: AgentId,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The state they are in.
    pub state: AgentState,
    /// Where they stand now.
    pub standing: Standing,
    /// Since when they have been in this state.
    pub since: Ts,
    /// Why, in the words of who set it.
    #[schema(required)]
    pub reason: Option<String>,
    /// The name of who set it, if that was not the agent.
    #[schema(required)]
    pub set_by: Option<String>,
    /// Conversations they serve now.
    pub open: i64,
    /// The most conversations they serve at once.
    pub capacity: i64,
}

/// A queue on the floor.
#[derive(Debug, Serialize, ToSchema)]
pub struct FloorQueue {
    /// The queue's id.
    pub id: QueueId,
    /// The queue's name.
    pub name: Bilingual,
}

/// What happens on the floor now, as far as the caller reaches.
#[derive(Debug, Serialize, ToSchema)]
pub struct Floor {
    /// The agents whom the caller follows, in no particular order.
    pub agents: Vec<FloorAgent>,
    /// The company's queues.
    pub queues: Vec<FloorQueue>,
    /// The conversations that wait, those first in which somebody may be in danger, then the longest wait; at most 500.
    pub waiting: Vec<ConversationView>,
    /// The conversations that agents serve, at most 500.
    pub served: Vec<ConversationView>,
}

/// Returns who waits, and who serves whom.
#[utoipa::path(get, path = "/floor", tag = "floor", security(("staff" = [])), responses((status = 200, body = Floor), Problems))]
pub async fn get_floor(State(app): State<App>, actor: StaffActor) -> Result<Json<Floor>, Problem> {
    actor.may(OverPeople::Follow)?.anywhere();
    let (tenant, reaches) = (actor.tenant(), actor.staff.grants.reach(OverPeople::Follow));
    let mut tx = app.db().snapshot_of(tenant).await?;
    let now = tx.now();
    let disabled = store::staff::roster::kept_out(&mut tx, tenant).await?;
    let notes: HashMap<Uuid, StateNote> = store::staff::states::notes(&mut tx, tenant, None).await?.into_iter().map(|note| (note.id, note)).collect();
    let mut followed = store::routing::candidates(&mut tx, tenant).await?;
    followed.retain(|one| actor.staff.reaches_member(reaches, one.agent) && !disabled.contains(&one.agent));
    let agents = followed.into_iter().filter_map(|one| notes.get(&one.agent.uuid()).map(|note| agent(one, note, now))).collect();
    let queues = store::routing::queues(&mut tx, tenant).await?.into_iter().map(|(id, name, _)| FloorQueue { id, name }).collect();
    let mut waiting = store_desk::lists::queue(&mut tx, tenant).await?;
    waiting.retain(|row| row.may_be_read(&actor.staff));
    let served = all_served(&mut tx, tenant, &actor.staff).await?;
    let waiting = view::rows(&mut tx, &app.vault(), &actor.staff, waiting).await?;
    let served = view::rows(&mut tx, &app.vault(), &actor.staff, served).await?;
    Ok(Json(Floor { agents, queues, waiting, served }))
}

/// What agents serve, as far as somebody may read it: those who reach few among many are shown all that they reach.
async fn all_served(tx: &mut Tx, tenant: TenantId, who: &Staff) -> store::Result<Vec<ListRow>> {
    let (mut found, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let page = store_desk::lists::active(tx, tenant, after, MOST_SERVED as i64).await?;
        let (number, last) = (page.len(), page.last().map(|row| row.id));
        found.extend(page.into_iter().filter(|row| row.may_be_read(who)));
        match last {
            Some(last) if number == MOST_SERVED && found.len() < MOST_SERVED => after = last,
            _ => break,
        }
    }
    found.truncate(MOST_SERVED);
    Ok(found)
}

fn agent(one: Candidate, note: &StateNote, now: Ts) -> FloorAgent {
    let standing = one.standing(now);
    FloorAgent {
        id: one.agent,
        name: one.name,
        number: one.number,
        state: one.state,
        standing,
        since: Ts(note.state_since),
        reason: note.state_reason.clone(),
        set_by: note.state_by.clone(),
        open: one.open,
        capacity: one.capacity,
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_floor_shows_who_waits_and_who_serves_whom_as_far_as_one_reaches() {
        let app = TestApp::new().await;
        let (mira, ada, visitor) = (app.manager("mira").await, app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let ids = |list: &Value| -> Vec<String> { list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect() };
        let floor = mira.get("/api/v1/floor").await.expect(200);
        assert_eq!((ids(&floor["waiting"]), ids(&floor["served"])), (vec![conversation.clone()], vec![]));
        assert_eq!(ids(&floor["queues"]), [app.company.queue.to_string()]);
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(1), "body": {"type": "take"}});
        ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "Lunch"})).await.expect(200);
        let floor = mira.get("/api/v1/floor").await.expect(200);
        assert_eq!((ids(&floor["waiting"]), ids(&floor["served"])), (vec![], vec![conversation]));
        let row = floor["agents"].as_array().unwrap().iter().find(|one| one["name"] == "ada").unwrap();
        assert_eq!((&row["state"], &row["reason"], &row["open"], &row["set_by"]), (&json!("break"), &json!("Lunch"), &json!(1), &json!(null)));
        // A supervisor without a group reaches nobody, and an agent has no floor.
        let sam = app.staff(Role::Supervisor, "sam").await;
        let floor = sam.get("/api/v1/floor").await.expect(200);
        assert_eq!((ids(&floor["agents"]), ids(&floor["served"])), (vec![], vec![]));
        ada.get("/api/v1/floor").await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Manager, "bob").await;
        assert!(ids(&foreign.get("/api/v1/floor").await.expect(200)["served"]).is_empty());
    }
}
