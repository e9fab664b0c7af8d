//! `PATCH /api/v1/question-kinds/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{QuestionKindId, QueueId},
    policy::Permission,
    question_kind::{DetailField, QuestionKind},
    revision::Revision,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    refuse_unknown,
    view::{QuestionKindView, trimmed},
};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionKindChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// The queue in which such questions wait; `null` for that of the site.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<QueueId>)]
    pub queue: Option<Option<QueueId>>,
    /// What customers are asked to add, replacing what they were.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub details: Option<Vec<DetailField>>,
    /// Whether customers cannot choose it any more.
    #[serde(default)]
    pub archived: Option<bool>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl QuestionKindChange {
    fn apply(self, to: QuestionKind, now: Ts) -> QuestionKind {
        QuestionKind {
            id: to.id,
            name: self.name.map_or(to.name, Bilingual::trimmed),
            queue: self.queue.unwrap_or(to.queue),
            details: self.details.map_or(to.details, trimmed),
            archived_at: self.archived.map_or(to.archived_at, |is_archived| is_archived.then(|| to.archived_at.unwrap_or(now))),
            updated_at: Revision(to.updated_at).next(now),
        }
    }
}

/// Changes, archives or restores a kind of question, unless somebody else has changed it in the meantime. Sites ask for it as it is from then on.
#[utoipa::path(patch, path = "/question-kinds/{id}", tag = "queues", security(("staff" = [])), params(("id" = QuestionKindId, Path), OnceHeader),
    request_body = QuestionKindChange, responses((status = 200, body = QuestionKindView), Problems))]
pub async fn update_question_kind(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<QuestionKindId>,
    OnceJson(once, change): OnceJson<QuestionKindChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let (tenant, now, seen) = (actor.tenant(), app.env().now(), change.seen);
    let names_queue = change.queue.flatten();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let all = store::question_kinds::all(tx, tenant).await?;
            let before = all.iter().find(|kind| kind.id == id).cloned().ok_or(store::Error::NotFound)?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            let kind = change.apply(before.clone(), now);
            kind.check(&all).map_err(Problem::from)?;
            // A queue that was deleted since does not prevent other changes.
            refuse_unknown(tx, tenant, names_queue).await?;
            store::question_kinds::update(tx, tenant, &kind, seen).await?;
            tx.announce(Changed::Queues).await?;
            let view = QuestionKindView::from(kind);
            tx.note_change(&QuestionKindView::from(before), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other_and_what_is_archived_comes_back() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/question-kinds", json!({"name": {"zh": "退费"}})).await.expect(201);
        let path = format!("/api/v1/question-kinds/{}", made["id"].as_str().unwrap());
        let queue = app.company.queue.to_string();
        let changed = mira.patch(&path, json!({"queue": queue, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&changed["queue"], &changed["name"]["zh"]), (&json!(queue), &json!("退费")));
        mira.patch(&path, json!({"queue": null, "seen": made["updated_at"]})).await.problem(409, "conflict");
        let archived = mira.patch(&path, json!({"queue": null, "archived": true, "seen": changed["updated_at"]})).await.expect(200);
        assert_eq!((archived["archived_at"].is_i64(), &archived["queue"]), (true, &json!(null)));
        let back = mira.patch(&path, json!({"archived": false, "seen": archived["updated_at"]})).await.expect(200);
        assert_eq!(back["archived_at"], json!(null));
        app.agent("ada").await.patch(&path, json!({"archived": true, "seen": 1})).await.problem(403, "not_permitted");
    }
}
