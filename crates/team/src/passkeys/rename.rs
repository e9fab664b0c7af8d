//! `PATCH /api/v1/me/passkeys/{id}`: gives a passkey another name.

use axum::{extract::State, http::StatusCode};
use domain::{id::PasskeyId, staff};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::PasskeyView;

/// Another name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyChange {
    /// The new name, 1 to 40 characters.
    pub name: String,
}

/// Gives one of the caller's passkeys another name.
#[utoipa::path(patch, path = "/me/passkeys/{id}", tag = "me", security(("staff" = [])), params(("id" = PasskeyId, Path), OnceHeader),
    request_body = PasskeyChange, responses((status = 200, body = PasskeyView), Problems))]
pub async fn rename_my_passkey(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<PasskeyId>,
    OnceJson(once, PasskeyChange { name }): OnceJson<PasskeyChange>,
) -> Result<Answer, Problem> {
    let (tenant, agent, name) = (actor.tenant(), actor.staff.agent, staff::name(&name)?);
    let done = actor.accountable().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::passkeys::list(tx, tenant, agent).await?.into_iter().find(|passkey| passkey.id == id);
            let view = PasskeyView::from(store::passkeys::rename(tx, tenant, agent, id, &name).await?);
            tx.note_change(&before.map(PasskeyView::from), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::passkeys::device::add_passkey;

    #[tokio::test]
    async fn its_owner_names_it() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        let (_, added) = add_passkey(&app, &ada, "Phone").await;
        let path = format!("/api/v1/me/passkeys/{}", added["id"].as_str().unwrap());
        eve.patch(&path, json!({"name": "Mine"})).await.problem(404, "not_found");
        ada.patch(&path, json!({"name": ""})).await.problem_at(422, "invalid_value", "name");
        assert_eq!(ada.patch(&path, json!({"name": "Old phone"})).await.expect(200)["name"], json!("Old phone"));
        assert_eq!(ada.delete(&path).await.status.as_u16(), 204);
        let mut changes = Vec::new();
        for operation in ["POST /api/v1/me/passkeys", "PATCH /api/v1/me/passkeys/{id}", "DELETE /api/v1/me/passkeys/{id}"] {
            let lines = app.acts_of(operation).await;
            assert_eq!((lines.len(), lines[0].entry.object()), (1, added["id"].as_str()), "{operation}");
            changes.extend(lines[0].details.changes.iter().find(|change| change.field == "name").map(|change| (change.before.clone(), change.after.clone())));
        }
        assert_eq!(changes, [(json!(null), json!("Phone")), (json!("Phone"), json!("Old phone")), (json!("Old phone"), json!(null))]);
    }
}
