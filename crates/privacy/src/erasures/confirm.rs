//! `POST /api/v1/erasures/{id}/confirm`

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

/// Confirms an erasure that somebody else asked for: it begins. Programs cannot do this.
#[utoipa::path(post, path = "/erasures/{id}/confirm", tag = "privacy", security(("staff" = [])), params(("id" = ErasureId, Path), OnceHeader),
    responses((status = 200, body = ErasureView), Problems))]
pub async fn confirm_erasure(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ErasureId>, once: Once) -> Result<Answer, Problem> {
    // A program does not count as a second person: the one who asked may have made it.
    actor.session()?;
    let permitted = actor.require(Permission::ErasePeople)?;
    let (tenant, agent, name) = (actor.tenant(), actor.staff.agent, actor.staff.name.clone());
    let done = permitted.on(Shard::Of(id.uuid())).change(&app, once, move |tx| {
        Box::pin(async move {
            super::refuse_own(tx, tenant, id, agent).await?;
            erasures::decide(tx, tenant, id, ErasureState::Running, agent, &name).await?;
            let erasure = erasures::get(tx, tenant, id).await?;
            service::erasing::begin(tx, tenant, &erasure).await?;
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
    async fn a_program_is_neither_the_first_nor_the_second_person() {
        let app = TestApp::new().await;
        let (tara, nora) = (app.staff(Role::Administrator, "tara").await, app.manager("nora").await);
        tara.put("/api/v1/erasures/settings", json!({"four_eyes": true})).await.expect(200);
        let token = json!({"name": "CRM", "permissions": [{"permission": "erase_people", "reach": ["company"]}]});
        let made = tara.post("/api/v1/tokens", token).await.expect(201);
        let program = app.with_token(made["secret"].as_str().unwrap());
        let conversation = app.visitor().await.open("hello").await;
        let ask = json!({"kind": "conversation", "id": conversation, "reason": "asked"});
        // Whoever made it could revoke it and confirm what it asked for.
        program.post("/api/v1/erasures", ask.clone()).await.problem(403, "people_only");
        let asked = tara.post("/api/v1/erasures", ask).await.expect(201);
        let path = format!("/api/v1/erasures/{}/confirm", asked["id"].as_str().unwrap());
        program.post(&path, json!({})).await.problem(403, "people_only");
        tara.post(&path, json!({})).await.problem(409, "own_erasure");
        nora.post(&path, json!({})).await.expect(200);
        program.put("/api/v1/erasures/settings", json!({"four_eyes": false})).await.problem(403, "people_only");
        // Where one person is enough, a program may be it.
        tara.put("/api/v1/erasures/settings", json!({"four_eyes": false})).await.expect(200);
        let another = app.visitor().await.open("hello").await;
        program.post("/api/v1/erasures", json!({"kind": "conversation", "id": another, "reason": "asked"})).await.expect(201);
    }

    #[tokio::test]
    async fn where_the_company_wants_it_a_second_person_confirms_and_not_the_first() {
        let app = TestApp::new().await;
        let (tara, mira, nora) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.manager("nora").await);
        tara.put("/api/v1/erasures/settings", json!({"four_eyes": true})).await.expect(200);
        let conversation = app.visitor().await.open("my number is 13912345678").await;
        let asked = mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
        assert_eq!(asked["state"], json!("waiting"));
        crate::jobs::erase::step(app.app()).await.unwrap();
        mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        let path = format!("/api/v1/erasures/{}/confirm", asked["id"].as_str().unwrap());
        mira.post(&path, json!({})).await.problem(409, "own_erasure");
        app.agent("ada").await.post(&path, json!({})).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({})).await.problem(404, "not_found");
        assert_eq!(nora.post(&path, json!({})).await.expect(200)["decided_by"], json!("nora"));
        nora.post(&path, json!({})).await.problem(409, "conflict");
        crate::jobs::erase::step(app.app()).await.unwrap();
        assert!(!crate::testing::stored(&app, &conversation).await.contains("13912345678"));
    }
}
