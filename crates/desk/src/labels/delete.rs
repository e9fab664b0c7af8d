//! `DELETE /api/v1/labels/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::LabelId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::LabelView;

/// Deletes a label that no conversation has, and notifies every desk. One that is in use is refused: it can be archived.
#[utoipa::path(delete, path = "/labels/{id}", tag = "labels", security(("staff" = [])), params(("id" = LabelId, Path), OnceHeader),
    responses((status = 204, description = "The label was deleted"), Problems))]
pub async fn delete_label(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<LabelId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store_desk::labels::all(tx, tenant).await?.into_iter().find(|label| label.id == id).ok_or(store::Error::NotFound)?;
            if store_desk::labels::is_in_use(tx, tenant, id).await? {
                return Err(Problem::conflict(Code::LabelInUse, "conversations or customers have this label: archive it instead").into());
            }
            store_desk::labels::delete(tx, tenant, id).await?;
            tx.note_change(&LabelView::from(before), &());
            tx.announce(Changed::Settings).await?;
            Ok(Answer::nothing())
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
    async fn a_label_that_no_conversation_has_is_deleted_once() {
        let app = TestApp::new().await;
        let root = app.staff(Role::Administrator, "root").await;
        let made = root.post("/api/v1/labels", json!({"name": {"zh": "一"}, "colour": "ok"})).await.expect(201);
        let path = format!("/api/v1/labels/{}", made["id"].as_str().unwrap());
        assert_eq!(root.delete(&path).await.status.as_u16(), 204);
        root.delete(&path).await.problem(404, "not_found");
    }
}
