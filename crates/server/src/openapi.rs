//! The API document: made of the endpoints themselves.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

use crate::{
    auth::session,
    problem::Problem,
    realtime::{events, wire},
};

/// What is true of the whole document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Yingda", description = "Customer service: chat, bot, desk, live panel. Errors are RFC 9457 problems with a `code`.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    components(schemas(Problem, wire::ClientFrame, wire::ServerFrame, wire::Entry, wire::SendBody, wire::Open, wire::ConversationState, events::SendRequest, events::SendResponse, crate::features::conversations::list::List, crate::features::panel::list::WindowName)),
    modifiers(&Credentials)
)]
pub struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("staff", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(session::COOKIE))));
        components.add_security_scheme("visitor", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The document as JSON, as committed in `docs/openapi.json`.
pub fn json() -> String {
    let (_, document) = crate::router::api().split_for_parts();
    document.to_pretty_json().unwrap_or_default() + "\n"
}
