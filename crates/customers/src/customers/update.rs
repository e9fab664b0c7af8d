//! `PATCH /api/v1/customers/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{contact::seen_name, customer::IdentifierKind, customer_facts::CustomerFacts, id::CustomerId, policy::Permission, text::Lang, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use service::customers;
use utoipa::ToSchema;

use super::{
    fields,
    list::may_try,
    permit,
    view::{Opened, opened, profile},
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
    if !confirmed && (email.iter().flatten().next().is_some() || mobile.iter().flatten().next().is_some()) {
        may_try(&app, &actor).await?;
    }
    // What identifies people is in the audit only masked, and of a note that it was changed.
    let fields = [("name", name.is_some()), ("lang", lang.is_some()), ("email", email.is_some()), ("mobile", mobile.is_some()), ("note", note.is_some())];
    let fields: Vec<&str> = fields.into_iter().filter(|(_, is_given)| *is_given).map(|(field, _)| field).collect();
    let done = permitted.saying(json!({"fields": fields, "confirmed": confirmed})).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let before: Opened = opened(tx, &vault, &staff, id).await?;
            let shown = |of: &Opened| of.name.clone().map(|name| seen_name(name, staff.grants.hidden_contacts()));
            let new = CustomerFacts { email: email.clone().flatten(), mobile: mobile.clone().flatten(), note: None };
            if !confirmed {
                known::refuse(tx, &vault, tenant, &new, Some(id)).await?;
            }
            let facts = CustomerFacts {
                email: email.unwrap_or_else(|| before.facts.email.clone()),
                mobile: mobile.unwrap_or_else(|| before.facts.mobile.clone()),
                note: note.unwrap_or_else(|| before.facts.note.clone()),
            };
            // Whoever sees the name masked and sends it back changes nothing.
            let name = name.filter(|name| *name != shown(&before)).unwrap_or_else(|| before.name.clone());
            let who = (name.as_deref(), lang.unwrap_or(before.lang));
            customers::change(tx, &vault, tenant, id, who, &facts, seen).await?;
            let after = opened(tx, &vault, &staff, id).await?;
            tx.note_change(&before.noted(), &after.noted());
            Answer::json(StatusCode::OK, &profile(tx, &vault, &staff, id).await?)
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
        // The audit says which fields, and has contacts only masked.
        let otto = app.staff(domain::staff::Role::Auditor, "otto").await;
        let audit = otto.get("/api/v1/audit").await.expect(200).to_string();
        assert!(audit.contains("customers/{id}") && !audit.contains("13800138000") && !audit.contains("li.lei@") && !audit.contains("VIP"), "{audit}");
        app.agent("ada").await.patch(&path, json!({"name": "x", "seen": emptied["updated_at"]})).await.problem(404, "not_found");
    }
}
