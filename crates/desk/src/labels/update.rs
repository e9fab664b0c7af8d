//! `PATCH /api/v1/labels/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::LabelId, label::LabelColour, policy::Permission, revision::Revision, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::LabelView;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// A new colour.
    #[serde(default)]
    pub colour: Option<LabelColour>,
    /// Whether it is kept only for the conversations that have it.
    #[serde(default)]
    pub archived: Option<bool>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes, archives or restores a label, unless somebody else has changed it in the meantime, and notifies every desk.
#[utoipa::path(patch, path = "/labels/{id}", tag = "labels", security(("staff" = [])), params(("id" = LabelId, Path), OnceHeader),
    request_body = LabelChange, responses((status = 200, body = LabelView), Problems))]
pub async fn update_label(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<LabelId>,
    OnceJson(once, change): OnceJson<LabelChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let all = store_desk::labels::all(tx, tenant).await?;
            let before = all.iter().find(|label| label.id == id).cloned().ok_or(store::Error::NotFound)?;
            if before.updated_at != change.seen {
                return Err(store::Error::Stale.into());
            }
            let mut label = before.clone();
            label.name = change.name.clone().map_or(label.name, Bilingual::trimmed);
            label.colour = change.colour.unwrap_or(label.colour);
            label.archived_at = change.archived.map_or(label.archived_at, |is_archived| is_archived.then(|| label.archived_at.unwrap_or(now)));
            label.updated_at = Revision(before.updated_at).next(now);
            label.check(&all).map_err(Problem::from)?;
            store_desk::labels::update(tx, tenant, &label, change.seen).await?;
            tx.announce(Changed::Settings).await?;
            let view = LabelView::from(label);
            tx.note_change(&LabelView::from(before), &view);
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

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let root = app.staff(Role::Administrator, "root").await;
        let made = root.post("/api/v1/labels", json!({"name": {"zh": "一"}, "colour": "ok"})).await.expect(201);
        let path = format!("/api/v1/labels/{}", made["id"].as_str().unwrap());
        let changed = root.patch(&path, json!({"name": {"zh": "二"}, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&changed["name"]["zh"], &changed["colour"]), (&json!("二"), &json!("ok")));
        root.patch(&path, json!({"colour": "hot", "seen": made["updated_at"]})).await.problem(409, "conflict");
        let archived = root.patch(&path, json!({"archived": true, "seen": changed["updated_at"]})).await.expect(200);
        let back = root.patch(&path, json!({"archived": false, "seen": archived["updated_at"]})).await.expect(200);
        assert_eq!((archived["archived_at"].is_i64(), &back["archived_at"]), (true, &json!(null)));
    }
}
