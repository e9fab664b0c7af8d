//! A company's webhook endpoints, and what was sent to them.

pub mod create;
pub mod delete;
pub mod get_delivery;
pub mod list;
pub mod list_deliveries;
pub mod replay;
pub mod replay_dead;
pub mod rotate_secret;
pub mod send_test;
pub mod update;
pub mod view;

use domain::{
    id::WebhookId,
    policy::{HiddenContacts, Staff},
    refusal::Code,
};
use http_kit::{App, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_webhooks, create::create_webhook))
        .routes(routes!(update::update_webhook, delete::delete_webhook))
        .routes(routes!(rotate_secret::rotate_webhook_secret))
        .routes(routes!(send_test::send_test_event))
        .routes(routes!(replay_dead::replay_dead_deliveries))
        .routes(routes!(list_deliveries::list_deliveries))
        .routes(routes!(get_delivery::get_delivery))
        .routes(routes!(replay::replay_delivery))
}

/// Generates a secret, in the form in which it is shown and sealed for its endpoint.
fn fresh_secret(app: &App, webhook: WebhookId) -> Result<(String, Vec<u8>), Problem> {
    let failed = |error: seal::CannotSeal| Problem::internal(&error);
    let secret = crate::callout::signature::new_secret().ok_or(seal::CannotSeal).map_err(failed)?;
    let sealed = app.sealer().seal(webhook.uuid().as_bytes(), &secret).map_err(failed)?;
    Ok((crate::callout::signature::secret_text(&secret), sealed))
}

/// Refuses an address to which no request could be sent.
fn check_url(app: &App, url: &str) -> Result<(), Problem> {
    let refuse = |title: String| Problem::invalid("url", Code::InvalidValue, title);
    if url.len() > domain::webhook::MAX_URL_BYTES {
        return Err(refuse(format!("an address can have at most {} bytes", domain::webhook::MAX_URL_BYTES)));
    }
    app.egress().target(url).map(drop).map_err(|why| refuse(why.to_string()))
}

/// Refuses to have content sent on behalf of somebody from whom contacts are hidden: an endpoint receives it as it is.
fn check_bodies(staff: &Staff) -> Result<(), Problem> {
    if staff.grants.hidden_contacts() == HiddenContacts::NONE {
        return Ok(());
    }
    let why = "your role hides contacts, which an endpoint would receive with the content of messages";
    Err(Problem { title: why.to_owned(), field: Some("bodies".to_owned()), ..Problem::not_permitted() })
}
