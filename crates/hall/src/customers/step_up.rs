//! `POST /api/v1/customer/step-up`: sends a code to the customer's own address or number, before an important change.

use axum::{extract::State, response::Response};
use domain::{customer::IdentifierKind, refusal::Code};
use http_kit::{
    App,
    auth::CustomerActor,
    extract::ValidJson,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store_hall::customer_codes::{NewCode, Purpose};
use utoipa::ToSchema;
use wire::conversation::IdentifierName;

use super::{
    Sent, digits, identifiers_of,
    letters::{self, Letter},
    limits::{self, Sending},
    of_kind, secret,
    texts::Text,
};

/// A request for a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The customer's identifier to send it to.
    pub via: IdentifierName,
}

/// Sends a code to an address or number that the customer has already proved.
#[utoipa::path(post, path = "/customer/step-up", tag = "customers", security(("customer" = [])), request_body = StepUp, responses((status = 202, body = Sent), Problems))]
pub async fn step_up(
    State(app): State<App>,
    actor: CustomerActor,
    address: ClientAddress,
    ValidJson(StepUp { via }): ValidJson<StepUp>,
) -> Result<Response, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    let (stored, identifiers) = {
        let mut tx = app.db().read_of(actor.tenant).await?;
        (store_hall::customers::get(&mut tx, tenant, customer).await?, identifiers_of(&app, &mut tx, tenant, customer).await?)
    };
    let kind = if via == IdentifierName::Email { IdentifierKind::Email } else { IdentifierKind::Mobile };
    let to = of_kind(&identifiers, kind).ok_or_else(|| Problem::invalid("via", Code::InvalidValue, "the account has no verified one of this kind"))?;
    let text = Text::to(&app, tenant, "via", to)?;
    limits::may_send(&app, Sending::StepUp, tenant, to, address).await?;
    let (handle, digits) = (secret(&app)?, digits(&app)?);
    let code_hash = Some(app.vault().code(&handle, &digits));
    let code = NewCode { handle_hash: env::hash(&handle), purpose: Purpose::StepUp, customer: Some(customer), code_hash, payload: None };
    let letter = letters::job(&app, tenant, to, stored.lang, Letter::Code(digits), true).await?;
    let noted = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            text.count(tx, tenant, true).await?;
            store::jobs::add(tx, tenant, &letter).await?;
            Ok(store_hall::customer_codes::insert(tx, tenant, &code).await?)
        })
    });
    noted.await?;
    Ok(Sent::answer(&app, handle))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_code_goes_to_what_was_proved_only() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        ada.post("/api/v1/customer/step-up", json!({"via": "mobile"})).await.problem_at(422, "invalid_value", "via");
        ada.post("/api/v1/customer/step-up", json!({"via": "pigeon"})).await.problem_at(422, "invalid_value", "via");
        ada.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        assert_eq!(app.message_to("ada@example.com").await.code().len(), 6);
    }
}
