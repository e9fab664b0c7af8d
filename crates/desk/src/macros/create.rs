//! `POST /api/v1/macros`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::MacroId,
    macros::{MAX_MACROS, MAX_OWN_MACROS, Macro, MacroAct},
    refusal::Code,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Known, may_write, view::MacroView};

/// A macro to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMacro {
    /// The name: in at least one language, at most 40 characters each.
    pub name: Bilingual,
    /// Whether only whoever adds it has it; otherwise everybody at the desk does.
    pub own: bool,
    /// What it does, in order: 1 to 6 acts. A snooze, a transfer and the end come last.
    #[schema(min_items = 1, max_items = 6)]
    pub acts: Vec<MacroAct>,
}

/// Adds a macro. One's own needs the desk, everybody's the permission to write canned replies.
#[utoipa::path(post, path = "/macros", tag = "canned_replies", security(("staff" = [])), params(OnceHeader), request_body = NewMacro,
    responses((status = 201, body = MacroView), Problems))]
pub async fn create_macro(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewMacro>) -> Result<Answer, Problem> {
    let permitted = may_write(&actor, new.own)?;
    let (tenant, owner) = (actor.tenant(), new.own.then_some(actor.staff.agent));
    let id = MacroId::new(app.env().uuid());
    let added = Macro { id, owner, name: new.name.trimmed(), acts: new.acts.into_iter().map(MacroAct::trimmed).collect(), updated_at: app.env().now() };
    added.check()?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let known = Known::read(tx, tenant).await?;
            let added = known.complete(added)?;
            let most = if owner.is_some() { MAX_OWN_MACROS } else { MAX_MACROS };
            if store_desk::macros::count(tx, tenant, owner).await? >= i64::try_from(most).unwrap_or(i64::MAX) {
                return Err(Problem::conflict(Code::TooManyMacros, format!("there are {most} macros of this kind: delete one first")).into());
            }
            store_desk::macros::insert(tx, tenant, &added).await?;
            tx.announce(Changed::CannedReplies).await?;
            Answer::json(StatusCode::CREATED, &MacroView::of(added, &known))
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
    async fn what_does_not_fit_names_its_field_and_adds_nothing() {
        let app = TestApp::new().await;
        let (mira, beta) = (app.manager("mira").await, app.other_company("beta").await);
        let resolve = json!({"type": "resolve"});
        for (acts, field) in [
            (json!([]), "acts"),
            (json!([resolve, {"type": "note", "text": "x"}]), "acts.0"),
            (json!([{"type": "reply", "text": {"zh": " ", "en": ""}}]), "acts.0"),
            (json!([{"type": "transfer", "queue": beta.queue.to_string()}]), "acts.0"),
            (json!([{"type": "label", "label": "lbl_000000000000000000000000000000ff"}, resolve]), "acts.0"),
        ] {
            mira.post("/api/v1/macros", json!({"name": {"zh": "x"}, "own": false, "acts": acts})).await.problem_at(422, "invalid_value", field);
        }
        assert_eq!(mira.get("/api/v1/macros").await.expect(200)["items"], json!([]));
        let auditor = app.staff(Role::Auditor, "otto").await;
        for own in [true, false] {
            auditor.post("/api/v1/macros", json!({"name": {"zh": "x"}, "own": own, "acts": [resolve]})).await.problem(403, "not_permitted");
        }
    }
}
