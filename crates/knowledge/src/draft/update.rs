//! `PATCH /api/v1/knowledge/entries/{id}`

use axum::{extract::State, http::StatusCode};
use content::knowledge::Phrasings;
use domain::{policy::Permission, revision::Revision, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store_knowledge::knowledge_drafts::Draft;
use utoipa::ToSchema;

use crate::draft::{categories, effort, view::EntryView};

/// The fields to change in the draft; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeEntryChange {
    /// The key of a new category.
    #[serde(default)]
    pub category: Option<String>,
    /// A new question.
    #[serde(default)]
    pub question: Option<Bilingual>,
    /// New phrasings.
    #[serde(default)]
    pub similar: Option<Phrasings>,
    /// A new answer.
    #[serde(default)]
    pub answer: Option<Bilingual>,
    /// New follow-ups.
    #[serde(default)]
    pub related: Option<Vec<String>>,
    /// The key of a new button; empty for no button.
    #[serde(default)]
    pub action: Option<String>,
    /// Whether the next publish removes the entry; `false` restores it.
    #[serde(default)]
    pub removed: Option<bool>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl KnowledgeEntryChange {
    fn apply(self, to: Draft, now: Ts) -> Result<Draft, Problem> {
        let has_new_texts = self.question.is_some() || self.similar.is_some() || self.answer.is_some();
        let was_removed = to.removed;
        let mut changed = Draft { updated_at: Revision(to.updated_at).next(now), removed: self.removed.unwrap_or(to.removed), ..to };
        let entry = &mut changed.entry;
        entry.category = self.category.unwrap_or_else(|| entry.category.clone());
        entry.question = self.question.unwrap_or_else(|| entry.question.clone());
        entry.similar = self.similar.unwrap_or_else(|| entry.similar.clone());
        entry.answer = self.answer.unwrap_or_else(|| entry.answer.clone());
        entry.related = self.related.unwrap_or_else(|| entry.related.clone());
        entry.action = self.action.map_or_else(|| entry.action.clone(), |action| Some(action).filter(|action| !action.is_empty()));
        changed.entry = changed.entry.tidied();
        changed.entry.check()?;
        // Where no effort was noted, what stays in the draft would not count; removing an entry is possible however much work it is.
        let is_unknown = !changed.removed && (was_removed || changed.effort == 0);
        if has_new_texts || is_unknown {
            changed.effort = effort::of_entry(&changed.entry)?;
        }
        Ok(changed)
    }
}

/// Changes an entry of the draft, unless somebody else has changed it in the meantime, and notifies the other editors.
#[utoipa::path(patch, path = "/knowledge/entries/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = KnowledgeEntryChange, responses((status = 200, body = EntryView), Problems))]
pub async fn update_knowledge_entry(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<KnowledgeEntryChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, agent, seen) = (actor.tenant(), actor.staff.agent, change.seen);
    let found = store_knowledge::knowledge_drafts::get(&mut app.db().read_of(actor.tenant()).await?, tenant, &id).await?;
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    let (category, removed) = (found.entry.category.clone(), found.removed);
    let changed = change.apply(found, app.env().now())?;
    // An entry may stay in its category, even in one that entries merely mention.
    let moved = !changed.removed && (removed || changed.entry.category != category);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            if moved {
                categories::must_be_there(tx, tenant, &[&changed.entry]).await?;
            }
            let before = store_knowledge::knowledge_drafts::effort(tx, tenant).await?;
            store_knowledge::knowledge_drafts::update(tx, tenant, &changed, seen, Some(agent)).await?;
            effort::must_fit(tx, before).await?;
            Answer::json(StatusCode::OK, &EntryView::from(store_knowledge::knowledge_drafts::get(tx, tenant, &changed.entry.id).await?))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_second_of_two_editors_is_told_and_overwrites_nothing() {
        let app = TestApp::new().await;
        for topic in ["plans", "bills"] {
            app.topic(topic).await;
        }
        let (mira, max) = (app.manager("mira").await, app.manager("max").await);
        let made = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}, "answer": {"zh": "一"}})).await.expect(201);
        let path = format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap());
        let seen = &made["updated_at"];
        let changed = mira.patch(&path, json!({"answer": {"zh": "二"}, "seen": seen})).await.expect(200);
        max.patch(&path, json!({"answer": {"zh": "三"}, "seen": seen})).await.problem(409, "conflict");
        let second = max.patch(&path, json!({"category": "bills", "seen": changed["updated_at"]})).await.expect(200);
        assert_eq!((&second["draft"]["answer"]["zh"], &second["draft"]["category"], &second["updated_by"]), (&json!("二"), &json!("bills"), &json!("max")));
        mira.patch(&path, json!({"question": {"zh": " "}, "seen": second["updated_at"]})).await.problem_at(422, "invalid_value", "question");
        mira.patch(&path, json!({"category": "trains", "seen": second["updated_at"]})).await.problem_at(422, "invalid_value", "category");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await;
        bob.patch(&path, json!({"seen": second["updated_at"]})).await.problem(404, "not_found");
    }
}
