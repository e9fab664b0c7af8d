//! `DELETE /api/v1/knowledge/entries/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{policy::Permission, revision::Revision};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use store_knowledge::knowledge_drafts::Draft;

use crate::draft::view::EntryView;

/// Removes an entry from the draft.
///
/// What is live stays until the next publish; until then, `removed: false` restores the entry.
#[utoipa::path(delete, path = "/knowledge/entries/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 200, body = EntryView), Problems))]
pub async fn delete_knowledge_entry(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, agent, now) = (actor.tenant(), actor.staff.agent, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            let found = store_knowledge::knowledge_drafts::get(tx, tenant, &id).await?;
            if found.removed {
                return Err(store::Error::NotFound.into());
            }
            let seen = found.updated_at;
            let gone = Draft { removed: true, updated_at: Revision(seen).next(now), ..found };
            store_knowledge::knowledge_drafts::update(tx, tenant, &gone, seen, Some(agent)).await?;
            Answer::json(StatusCode::OK, &EntryView::from(store_knowledge::knowledge_drafts::get(tx, tenant, &id).await?))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_was_removed_can_be_brought_back() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}, "answer": {"zh": "一"}})).await.expect(201);
        let path = format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap());
        let gone = app.agent("ada").await.delete(&path).await.expect(200);
        assert_eq!(gone["state"], json!(null));
        assert_eq!(mira.get("/api/v1/knowledge/entries").await.expect(200)["items"], json!([]));
        mira.delete(&path).await.problem(404, "not_found");
        let back = mira.patch(&path, json!({"removed": false, "seen": gone["updated_at"]})).await.expect(200);
        assert_eq!((&back["state"], &back["draft"]), (&json!("new"), &made["draft"]));
        mira.delete("/api/v1/knowledge/entries/nothing").await.problem(404, "not_found");
    }
}
