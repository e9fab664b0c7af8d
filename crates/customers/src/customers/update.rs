//! `PATCH /api/v1/customers/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{customer::IdentifierKind, id::CustomerId, policy::Permission, text::Lang, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use seal::{facts::FactsOfCustomer, vault::Field};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    fields, permit,
    view::{Opened, opened},
};
use crate::known;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Calls in the evening", "seen": 0}))]
pub struct ProfileChange {
    /// The name, at most 60 characters; empty for no name.
    #[serde(default)]
    pub name: Option<String>,
    /// The customer's language.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The e-mail address that the staff know; empty for none. What the customer signs in with stays.
    #[serde(default)]
    pub email: Option<String>,
    /// The mobile number that the staff know; empty for none. What the customer signs in with stays.
    #[serde(default)]
    pub mobile: Option<String>,
    /// What else the staff have to know, at most 8 KiB; empty for nothing.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether to note the address or number although another customer has it.
    #[serde(default)]
    pub confirmed: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes what is known of a customer, unless somebody else, or the customer, has changed it in the meantime.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path), OnceHeader),
    request_body = ProfileChange, responses((status = 200, body = super::view::CustomerProfile), Problems), extensions(("x-announces" = json!(null))))]
pub async fn update_customer_profile(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CustomerId>,
    OnceJson(once, change): OnceJson<ProfileChange>,
) -> Result<Answer, Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::EditCustomers)?;
    let ProfileChange { name, lang, email, mobile, note, confirmed, seen } = change;
    let name = name.as_deref().map(fields::name).transpose()?;
    let email = email.as_deref().map(|raw| fields::contact("email", IdentifierKind::Email, raw)).transpose()?;
    let mobile = mobile.as_deref().map(|raw| fields::contact("mobile", IdentifierKind::Mobile, raw)).transpose()?;
    let note = note.as_deref().map(fields::note).transpose()?;
    let (tenant, vault, staff) = (actor.tenant(), app.vault(), actor.staff.clone());
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let before: Opened = opened(tx, &vault, &staff, id).await?;
            let new = FactsOfCustomer { email: email.clone().flatten(), mobile: mobile.clone().flatten(), note: None };
            if !confirmed {
                known::refuse(tx, &vault, tenant, &new, Some(id)).await?;
            }
            let facts = FactsOfCustomer {
                email: email.unwrap_or_else(|| before.facts.email.clone()),
                mobile: mobile.unwrap_or_else(|| before.facts.mobile.clone()),
                note: note.unwrap_or_else(|| before.facts.note.clone()),
            };
            let stored = store_hall::customers::get(tx, tenant, id).await?;
            let name = match name {
                None => stored.name,
                Some(name) => name.map(|name| vault.seal(tenant, id, Field::Name, &name)).transpose().map_err(|error| Problem::internal(&error))?,
            };
            store_hall::customers::set_profile(tx, tenant, id, name, lang.unwrap_or(stored.lang), seen).await?;
            if facts != before.facts {
                let sealed = facts.seal(&vault, tenant, id).map_err(|error| Problem::internal(&error))?;
                store_hall::customer_facts::put(tx, tenant, id, &sealed, None).await?;
            }
            service::customer_terms::derive(tx, &vault, tenant, id).await?;
            Answer::json(StatusCode::OK, &opened(tx, &vault, &staff, id).await?.profile(&staff))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_left_out_stays_and_the_second_of_two_editors_is_told() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/customers", json!({"name": "李雷", "mobile": "13800138000", "note": "VIP"})).await.expect(201);
        let path = format!("/api/v1/customers/{}", made["id"].as_str().unwrap());
        let changed = mira.patch(&path, json!({"email": "Li.Lei@example.com", "seen": made["updated_at"]})).await.expect(200);
        assert_eq!([&changed["name"], &changed["note"]], [&json!("李雷"), &json!("VIP")]);
        let masked: Vec<_> = changed["contacts"].as_array().unwrap().iter().map(|one| one["masked"].as_str().unwrap()).collect();
        assert_eq!(masked, ["l***@example.com", "138****8000"]);
        mira.patch(&path, json!({"name": "韩梅梅", "seen": made["updated_at"]})).await.problem(409, "conflict");
        let emptied = mira.patch(&path, json!({"mobile": "", "note": "", "seen": changed["updated_at"]})).await.expect(200);
        assert_eq!((emptied["contacts"].as_array().unwrap().len(), &emptied["note"]), (1, &json!(null)));
        mira.patch(&path, json!({"mobile": "1", "seen": emptied["updated_at"]})).await.problem_at(422, "identifier_invalid", "mobile");
        app.agent("ada").await.patch(&path, json!({"name": "x", "seen": emptied["updated_at"]})).await.problem(404, "not_found");
    }
}
