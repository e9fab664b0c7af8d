//! `PATCH /api/v1/customer`: changes the profile.

use axum::{extract::State, http::StatusCode};
use domain::{customer, text::Lang, time::Ts};
use http_kit::{
    App,
    audit::Asked,
    auth::CustomerActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use seal::vault::Field;
use serde::Deserialize;
use serde_json::json;
use service::customers;
use utoipa::ToSchema;

use super::{act::Act, view::CustomerView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// The name the customer goes by, at most 60 characters; empty for no name.
    #[serde(default)]
    pub name: Option<String>,
    /// The customer's language.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes the customer's profile, unless it has changed since it was `seen`.
#[utoipa::path(patch, path = "/customer", tag = "customers", security(("customer" = [])), params(OnceHeader), request_body = CustomerChange,
    responses((status = 200, body = CustomerView), Problems))]
pub async fn update_customer(
    State(app): State<App>,
    actor: CustomerActor,
    asked: Asked,
    OnceJson(once, change): OnceJson<CustomerChange, CustomerActor>,
) -> Result<Answer, Problem> {
    let CustomerActor { tenant, customer: id, .. } = actor;
    let stored = store_hall::customers::get(&mut app.db().read_of(actor.tenant).await?, tenant, id).await?;
    // Which fields, not what they contain.
    let said = json!({"name": change.name.is_some(), "lang": change.lang});
    let act = Act::new(&app, asked.saying(said));
    let name = match change.name {
        None => stored.name,
        Some(name) => {
            let name = customer::name(&name).map_err(|error| Problem::invalid("name", error.code(), error.to_string()))?;
            name.map(|name| app.vault().seal(tenant, id, Field::Name, &name)).transpose().map_err(|error| Problem::internal(&error))?
        }
    };
    let (lang, seen, with) = (change.lang.unwrap_or(stored.lang), change.seen, app.clone());
    let set = actor.oneself().change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            store_hall::customers::set_profile(tx, tenant, id, name, lang, seen).await?;
            customers::derive(tx, &with.vault(), tenant, id).await?;
            act.note(tx, tenant, id).await?;
            Answer::json(StatusCode::OK, &CustomerView::read_in(tx, &with, tenant, id).await?)
        })
    });
    set.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn name_and_language_are_changed_and_the_second_of_two_is_told() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let seen = ada.get("/api/v1/customer").await.expect(200)["updated_at"].clone();
        let changed = ada.patch("/api/v1/customer", json!({"name": " 李雷 ", "lang": "zh-CN", "seen": seen})).await.expect(200);
        assert_eq!((&changed["name"], &changed["lang"]), (&json!("李雷"), &json!("zh-CN")));
        ada.patch("/api/v1/customer", json!({"name": "Eve", "seen": seen})).await.problem(409, "conflict");
        let emptied = ada.patch("/api/v1/customer", json!({"name": "", "seen": changed["updated_at"]})).await.expect(200);
        assert_eq!((&emptied["name"], &emptied["lang"]), (&json!(null), &json!("zh-CN")));
    }

    #[tokio::test]
    async fn what_does_not_fit_is_named() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let seen = ada.get("/api/v1/customer").await.expect(200)["updated_at"].clone();
        for name in ["x".repeat(61), "a\nb".to_owned(), "a\0b".to_owned()] {
            ada.patch("/api/v1/customer", json!({"name": name, "seen": seen})).await.problem_at(422, "invalid_value", "name");
        }
        ada.patch("/api/v1/customer", json!({"lang": "fr", "seen": seen})).await.problem_at(422, "invalid_value", "lang");
        ada.patch("/api/v1/customer", json!({"email": "eve@example.com", "seen": seen})).await.problem_at(422, "unknown_field", "email");
    }
}
