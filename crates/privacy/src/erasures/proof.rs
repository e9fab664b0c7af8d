//! `GET /api/v1/erasures/{id}/proof`

use axum::{Json, extract::State};
use domain::{id::ErasureId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use store_privacy::erasures;

use crate::proof::{self, ErasureProof};

/// Returns the signed proof of an erasure that is done. It has nothing of what was erased.
#[utoipa::path(get, path = "/erasures/{id}/proof", tag = "privacy", security(("staff" = [])), params(("id" = ErasureId, Path)),
    responses((status = 200, body = ErasureProof), Problems))]
pub async fn get_erasure_proof(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ErasureId>) -> Result<Json<ErasureProof>, Problem> {
    actor.require(Permission::ErasePeople)?;
    let tenant = actor.tenant();
    let erasure = erasures::get(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    let done_at = erasure.done_at.ok_or(store::Error::NotFound)?;
    let proof = proof::sign(&app.sealer(), tenant, &erasure, done_at);
    if erasure.signature.as_ref() != Some(&proof.signature) {
        return Err(store::Error::Db(db::Error::Corrupt("the proof of an erasure was altered".to_owned())).into());
    }
    Ok(Json(proof))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_was_erased_is_proved_without_saying_it_again() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let conversation = app.visitor().await.open("my number is 13912345678").await;
        let asked = mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "law"})).await.expect(201);
        let path = format!("/api/v1/erasures/{}/proof", asked["id"].as_str().unwrap());
        mira.get(&path).await.problem(404, "not_found");
        crate::jobs::erase::step(app.app()).await.unwrap();
        let proof = mira.get(&path).await.expect(200);
        assert_eq!((&proof["subject"], &proof["reason"], &proof["asked_by"]), (&json!(conversation), &json!("law"), &json!("mira")));
        assert!(proof["signature"].as_str().is_some_and(|signature| signature.len() == 64) && !proof.to_string().contains("13912345678"));
        app.agent("ada").await.get(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
    }
}
