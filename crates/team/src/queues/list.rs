//! `GET /api/v1/queues`

use axum::{Json, extract::State};
use domain::policy::OverConversations;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::QueueView;

/// A company's queues.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queues {
    /// Oldest first.
    pub items: Vec<QueueView>,
}

/// Lists queues, with how many conversations wait in each and whether it is open.
#[utoipa::path(get, path = "/queues", tag = "queues", security(("staff" = [])), responses((status = 200, body = Queues), Problems))]
pub async fn list_queues(State(app): State<App>, actor: StaffActor) -> Result<Json<Queues>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    let (now, company) = (tx.now(), store::tenants::get(&mut tx, tenant).await?);
    let queues = store::queues::list(&mut tx, tenant).await?;
    Ok(Json(Queues { items: queues.into_iter().map(|queue| QueueView::new(queue, &company, now)).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_queue_tells_who_waits_and_whether_it_is_open() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let listed = ada.get("/api/v1/queues").await.expect(200);
        let queue = &listed["items"][0];
        assert_eq!((&queue["id"], &queue["waiting"], &queue["left_messages"]), (&json!(app.company.queue.to_string()), &json!(1), &json!(0)));
        assert_eq!((&queue["everybody"], &queue["members"], &queue["hours"]), (&json!(true), &json!([]), &json!(null)));
        let promised = app.env().now().plus(2 * domain::time::HOUR);
        assert_eq!(queue["service"], json!({"open": true, "opens_at": null, "promised_by": promised}));
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/queues").await.expect(200);
        assert_eq!((foreign["items"].as_array().unwrap().len(), &foreign["items"][0]["waiting"]), (1, &json!(0)));
    }
}
