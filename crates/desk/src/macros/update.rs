//! `PATCH /api/v1/macros/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::MacroId,
    macros::{Macro, MacroAct},
    revision::Revision,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Known, may_write, view::MacroView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MacroChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// What it does, replacing what it did.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 6)]
    pub acts: Option<Vec<MacroAct>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes a macro, unless somebody else has changed it in the meantime.
#[utoipa::path(patch, path = "/macros/{id}", tag = "canned_replies", security(("staff" = [])), params(("id" = MacroId, Path), OnceHeader),
    request_body = MacroChange, responses((status = 200, body = MacroView), Problems))]
pub async fn update_macro(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<MacroId>,
    OnceJson(once, change): OnceJson<MacroChange>,
) -> Result<Answer, Problem> {
    let (tenant, agent, now, seen) = (actor.tenant(), actor.staff.agent, app.env().now(), change.seen);
    let found = store_desk::macros::get(&mut app.db().read_of(actor.tenant()).await?, tenant, agent, id).await?;
    let permitted = may_write(&actor, found.owner.is_some())?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (before, known) = (store_desk::macros::get(tx, tenant, agent, id).await?, Known::read(tx, tenant).await?);
            let (name, acts) = (change.name.map_or(before.name.clone(), Bilingual::trimmed), change.acts.unwrap_or(before.acts.clone()));
            let acts = acts.into_iter().map(MacroAct::trimmed).collect();
            let changed = Macro { name, acts, updated_at: Revision(seen).next(now), ..before.clone() };
            changed.check().map_err(Problem::from)?;
            let changed = known.complete(changed)?;
            store_desk::macros::update(tx, tenant, &changed, seen).await?;
            tx.announce(Changed::CannedReplies).await?;
            let [before, view] = [before, changed].map(|one| MacroView::of(one, &known));
            tx.note_change(&before, &view);
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
    async fn a_macro_is_changed_by_whose_it_is_and_once_at_a_time() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let made = ada.post("/api/v1/macros", json!({"name": {"zh": "一"}, "own": true, "acts": [{"type": "resolve"}]})).await.expect(201);
        let path = format!("/api/v1/macros/{}", made["id"].as_str().unwrap());
        let blank = json!([{"type": "reply", "text": {"zh": " 好的", "en": " "}}]);
        let trimmed = ada.patch(&path, json!({"acts": blank, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(trimmed["acts"][0]["text"], json!({"zh": "好的", "en": ""}), "a language of blanks is not sent in");
        let made = trimmed;
        let acts = json!([{"type": "note", "text": "x"}, {"type": "snooze", "minutes": 20}]);
        eve.patch(&path, json!({"acts": acts, "seen": made["updated_at"]})).await.problem(404, "not_found");
        let changed = ada.patch(&path, json!({"acts": acts, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&changed["acts"], &changed["name"]["zh"]), (&acts, &json!("一")));
        ada.patch(&path, json!({"name": {"zh": "二"}, "seen": made["updated_at"]})).await.problem(409, "conflict");
    }
}
