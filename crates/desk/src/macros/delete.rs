//! `DELETE /api/v1/macros/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::MacroId};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::{Known, may_write, view::MacroView};

/// Deletes a macro.
#[utoipa::path(delete, path = "/macros/{id}", tag = "canned_replies", security(("staff" = [])), params(("id" = MacroId, Path), OnceHeader),
    responses((status = 204, description = "The macro was deleted"), Problems))]
pub async fn delete_macro(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<MacroId>, once: Once) -> Result<Answer, Problem> {
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let found = store_desk::macros::get(&mut app.db().read_of(actor.tenant()).await?, tenant, agent, id).await?;
    // Whoever lost the desk still deletes what is theirs.
    let permitted = if found.owner.is_some() { actor.oneself() } else { may_write(&actor, false)? };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (before, known) = (store_desk::macros::get(tx, tenant, agent, id).await?, Known::read(tx, tenant).await?);
            store_desk::macros::delete(tx, tenant, id).await?;
            tx.note_change(&MacroView::of(before, &known), &());
            tx.announce(Changed::CannedReplies).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_macro_is_deleted_once_and_by_nobody_else() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let made = ada.post("/api/v1/macros", json!({"name": {"zh": "一"}, "own": true, "acts": [{"type": "resolve"}]})).await.expect(201);
        let path = format!("/api/v1/macros/{}", made["id"].as_str().unwrap());
        eve.delete(&path).await.problem(404, "not_found");
        assert_eq!(ada.delete(&path).await.status.as_u16(), 204);
        ada.delete(&path).await.problem(404, "not_found");
    }
}
