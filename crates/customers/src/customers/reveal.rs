//! `POST /api/v1/customers/{id}/contacts/reveal`

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use domain::{
    contact::CustomerContact,
    id::CustomerId,
    policy::{Contact, Permission},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidJson, ValidPath},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::conversation::ContactSource;

use super::{permit, view::opened};

/// Which contacts of a customer to reveal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "phone"}))]
pub struct RevealCustomerContacts {
    /// Their kind.
    pub kind: Contact,
}

/// Contacts of a customer in the clear, which nobody keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedCustomerContacts {
    /// Those of this kind that are known; at least one.
    pub contacts: Vec<RevealedCustomerContact>,
}

/// A contact of a customer in the clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedCustomerContact {
    /// Where it comes from.
    pub from: ContactSource,
    /// The number or address.
    pub text: String,
}

/// Shows the contacts of one kind of a customer in the clear. The audit notes who asked, of which customer and for which kind; never the contacts.
#[utoipa::path(post, path = "/customers/{id}/contacts/reveal", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path)),
    request_body = RevealCustomerContacts, responses((status = 200, body = RevealedCustomerContacts), Problems),
    extensions(("x-takes-no-key" = json!("it changes nothing"))))]
pub async fn reveal_customer_contacts(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CustomerId>,
    ValidJson(RevealCustomerContacts { kind }): ValidJson<RevealCustomerContacts>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<RevealedCustomerContacts>), Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::RevealContacts)?;
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let known = opened(&mut tx, &app.vault(), &actor.staff, id).await?.contacts;
    drop(tx);
    let known: Vec<_> = known.into_iter().map(|(from, one)| (from, CustomerContact::from(one))).filter(|(_, one)| one.kind() == kind).collect();
    if known.is_empty() {
        return Err(Problem::not_found());
    }
    let asked = serde_json::json!({"kind": kind}).to_string();
    // The line in the audit comes first: nothing is shown without it.
    permitted.making(&id).of_upload(asked.as_bytes()).note(&app).await?;
    let contacts = known.into_iter().map(|(from, one)| RevealedCustomerContact { from, text: one.clear_text() }).collect();
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(RevealedCustomerContacts { contacts })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn contacts_are_shown_to_whoever_may_reveal_them_with_a_line_in_the_audit() {
        let app = TestApp::new().await;
        let (mira, otto) = (app.manager("mira").await, app.staff(domain::staff::Role::Auditor, "otto").await);
        let path = format!(
            "/api/v1/customers/{}/contacts/reveal",
            app.known_customer("13800138000").await.get("/api/v1/customer").await.expect(200)["id"].as_str().unwrap()
        );
        let shown = mira.post(&path, json!({"kind": "phone"})).await.expect(200);
        assert_eq!(shown["contacts"], json!([{"from": "account", "text": "+8613800138000"}]));
        mira.post(&path, json!({"kind": "email"})).await.problem(404, "not_found");
        otto.post(&path, json!({"kind": "phone"})).await.problem(403, "not_permitted");
        app.agent("ada").await.post(&path, json!({"kind": "phone"})).await.problem(404, "not_found");
        let audit = otto.get("/api/v1/audit").await.expect(200);
        let lines: Vec<_> =
            audit["items"].as_array().unwrap().iter().filter(|line| line["operation"].as_str().unwrap().contains("/customers/{id}/contacts")).collect();
        assert!(lines.len() == 1 && !lines[0].to_string().contains("13800138000"), "{audit}");
    }
}
