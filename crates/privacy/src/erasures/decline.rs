//! `POST /api/v1/erasures/{id}/decline`

use axum::{extract::State, http::StatusCode};
use db::Shard;
use domain::{entry::Changed, erasure::ErasureState, id::ErasureId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use store_privacy::erasures;

use super::view::ErasureView;

/// Declines an erasure that waits, or takes back one's own: nothing is erased.
#[utoipa::path(post, path = "/erasures/{id}/decline", tag = "privacy", security(("staff" = [])), params(("id" = ErasureId, Path), OnceHeader),
    responses((status = 200, body = ErasureView), Problems))]
pub async fn decline_erasure(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ErasureId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ErasePeople)?;
    let (tenant, agent, name) = (actor.tenant(), actor.staff.agent, actor.staff.name.clone());
    let done = permitted.on(Shard::Of(id.uuid())).change(&app, once, move |tx| {
        Box::pin(async move {
            erasures::get(tx, tenant, id).await?;
            erasures::decide(tx, tenant, id, ErasureState::Declined, agent, &name).await?;
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::OK, &ErasureView::of(erasures::get(tx, tenant, id).await?, agent))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_declined_stays() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        tara.put("/api/v1/erasures/settings", json!({"four_eyes": true})).await.expect(200);
        let conversation = app.visitor().await.open("my number is 13912345678").await;
        let asked = mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
        let path = format!("/api/v1/erasures/{}/decline", asked["id"].as_str().unwrap());
        app.agent("ada").await.post(&path, json!({})).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({})).await.problem(404, "not_found");
        assert_eq!(mira.post(&path, json!({})).await.expect(200)["state"], json!("declined"));
        tara.post(&path.replace("decline", "confirm"), json!({})).await.problem(409, "conflict");
        crate::jobs::erase::step(app.app()).await.unwrap();
        mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    }
}
