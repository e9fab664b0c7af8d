//! `POST /api/v1/customers`

use axum::{extract::State, http::StatusCode};
use domain::{customer::IdentifierKind, customer_facts::CustomerFacts, id::CustomerId, policy::Permission, refusal::Code, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use service::customers::{self, NewCustomer};
use utoipa::ToSchema;

use super::{
    fields,
    list::may_try,
    permit,
    view::{CustomerProfile, opened, profile},
};
use crate::known;

/// A customer to add. Nobody signs in as this customer: who registers with the same address or number has an account of their own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "李雷", "mobile": "13800138000", "confirmed": true}))]
pub struct NewProfile {
    /// The name, at most 60 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// The customer's language; Chinese if it is missing.
    #[serde(default)]
    pub lang: Lang,
    /// The e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The mobile number.
    #[serde(default)]
    pub mobile: Option<String>,
    /// What else the staff have to know, at most 8 KiB.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether to add the customer although another one has the address or number.
    #[serde(default)]
    pub confirmed: bool,
}

/// Adds a customer. There has to be a name, an address or a number.
///
/// If another customer has the address or number, it is refused with `customer_known` unless `confirmed`: people may share a number.
#[utoipa::path(post, path = "/customers", tag = "customers", security(("staff" = [])), params(OnceHeader), request_body = NewProfile,
    responses((status = 201, body = CustomerProfile), Problems), extensions(("x-announces" = json!(null))))]
pub async fn create_customer(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewProfile>) -> Result<Answer, Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::EditCustomers)?;
    let NewProfile { name, lang, email, mobile, note, confirmed } = new;
    let name = fields::name(&name.unwrap_or_default())?;
    let facts = CustomerFacts {
        email: fields::contact("email", IdentifierKind::Email, &email.unwrap_or_default())?,
        mobile: fields::contact("mobile", IdentifierKind::Mobile, &mobile.unwrap_or_default())?,
        note: fields::note(&note.unwrap_or_default())?,
    };
    if name.is_none() && facts.email.is_none() && facts.mobile.is_none() {
        return Err(Problem::invalid("name", Code::InvalidValue, "give a name, an e-mail address or a mobile number"));
    }
    let (tenant, id, vault, staff) = (actor.tenant(), CustomerId::new(app.env().uuid()), app.vault(), actor.staff.clone());
    let new = NewCustomer { id, name, lang, proved: Vec::new(), facts, added_by: Some(staff.agent), at: app.env().now() };
    if !confirmed && (new.facts.email.is_some() || new.facts.mobile.is_some()) {
        may_try(&app, &actor).await?;
    }
    // What identifies people is in the audit only masked.
    let done = permitted.making(&id).saying(json!({"confirmed": confirmed})).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            if !confirmed {
                known::refuse(tx, &vault, tenant, &new.facts, None).await?;
            }
            customers::add(tx, &vault, tenant, new).await?;
            let made = opened(tx, &vault, &staff, id).await?;
            tx.note_change(&(), &made.noted());
            Answer::json(StatusCode::CREATED, &profile(tx, &vault, &staff, id).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_adds_nobody() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for (body, code, field) in [
            (json!({}), "invalid_value", "name"),
            (json!({"name": " ", "note": "calls often"}), "invalid_value", "name"),
            (json!({"name": "x".repeat(61)}), "invalid_value", "name"),
            (json!({"mobile": "12345"}), "identifier_invalid", "mobile"),
            (json!({"mobile": "li.lei@example.com"}), "identifier_invalid", "mobile"),
            (json!({"email": "13800138000"}), "identifier_invalid", "email"),
            (json!({"name": "Li", "note": "x".repeat(8 * 1024 + 1)}), "invalid_value", "note"),
            (json!({"name": "Li", "lang": "fr"}), "invalid_value", "lang"),
            (json!({"name": "Li", "password": "x"}), "unknown_field", "password"),
        ] {
            mira.post("/api/v1/customers", body).await.problem_at(422, code, field);
        }
        assert_eq!(mira.get("/api/v1/customers").await.expect(200)["items"], json!([]));
        app.staff(domain::staff::Role::Auditor, "otto").await.post("/api/v1/customers", json!({"name": "Li"})).await.problem(403, "not_permitted");
    }
}
