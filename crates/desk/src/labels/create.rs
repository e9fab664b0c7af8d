//! `POST /api/v1/labels`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::LabelId,
    label::{Label, LabelColour},
    policy::Permission,
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

use super::view::LabelView;

/// A label to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// The name, in at least one language, at most 30 characters each.
    pub name: Bilingual,
    /// The colour.
    pub colour: LabelColour,
}

/// Adds a label and notifies every desk.
#[utoipa::path(post, path = "/labels", tag = "labels", security(("staff" = [])), params(OnceHeader), request_body = NewLabel,
    responses((status = 201, body = LabelView), Problems))]
pub async fn create_label(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewLabel>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let (id, updated_at) = (LabelId::new(app.env().uuid()), app.env().now());
    let label = Label { id, tenant, name: new.name.trimmed(), colour: new.colour, archived_at: None, updated_at };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            label.check(&store_desk::labels::all(tx, tenant).await?).map_err(Problem::from)?;
            store_desk::labels::insert(tx, tenant, &label).await?;
            tx.announce(Changed::Settings).await?;
            let view = LabelView::from(label);
            tx.note_change(&(), &view);
            Answer::json(StatusCode::CREATED, &view)
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
    async fn what_does_not_fit_names_its_field_and_only_those_who_set_up_the_company_add_labels() {
        let app = TestApp::new().await;
        let (root, mira) = (app.staff(Role::Administrator, "root").await, app.manager("mira").await);
        let made = root.post("/api/v1/labels", json!({"name": {"zh": " 退费 "}, "colour": "ok"})).await.expect(201);
        assert_eq!((&made["name"]["zh"], &made["sound"], &made["archived_at"]), (&json!("退费"), &json!("tui fei"), &json!(null)));
        root.post("/api/v1/labels", json!({"name": {"zh": "", "en": " "}, "colour": "ok"})).await.problem_at(422, "invalid_value", "name");
        root.post("/api/v1/labels", json!({"name": {"zh": "x"}, "colour": "#f00"})).await.problem_at(422, "invalid_value", "colour");
        mira.post("/api/v1/labels", json!({"name": {"zh": "x"}, "colour": "ok"})).await.problem(403, "not_permitted");
    }
}
