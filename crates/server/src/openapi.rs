//! The API document: made of the endpoints themselves.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

use crate::{
    auth::session,
    problem::Problem,
    realtime::{entries, events, wire},
};

/// What is true of the whole document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Yingda", description = "Customer service: chat, bot, desk, live panel. Errors are RFC 9457 problems with a `code`.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    components(schemas(Problem, wire::ClientFrame, wire::ServerFrame, entries::Entry, wire::SendBody, wire::Open, wire::ConversationState, events::SendRequest, events::SendResponse, crate::features::conversations::list::List, crate::features::customers::export::ExportFormat, crate::features::metrics::query::SplitName, crate::features::panel::list::WindowName)),
    modifiers(&Credentials)
)]
pub struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("staff", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(session::COOKIE))));
        components.add_security_scheme("wall", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components.add_security_scheme("customer", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(session::CUSTOMER_COOKIE))));
        components.add_security_scheme("visitor", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The document as JSON, as committed in `docs/openapi.json`.
pub fn json() -> String {
    let (_, document) = crate::router::api().split_for_parts();
    document.to_pretty_json().unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_committed_document_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(committed == super::json(), "docs/openapi.json is out of date: run `make openapi` and commit it");
    }

    #[tokio::test]
    async fn the_server_hands_the_same_document_out() {
        let app = crate::testing::TestApp::new().await;
        assert_eq!(app.get("/api/v1/openapi.json").await.expect(200), serde_json::from_str::<Value>(&super::json()).unwrap());
    }

    #[test]
    fn words_stand_in_it_as_they_are_sent() {
        let document: Value = serde_json::from_str(&super::json()).unwrap();
        let told = |schema: &str| document["components"]["schemas"][schema]["enum"].clone();
        macro_rules! same {
            ($schema:literal, $each:expr) => {
                assert_eq!(told($schema), serde_json::json!($each.iter().map(|one| one.as_str()).collect::<Vec<_>>()), $schema)
            };
        }
        same!("ConversationStateName", domain::conversation::State::EACH);
        same!("Outcome", domain::conversation::Outcome::EACH);
        same!("ActorKind", domain::journal::ActorKind::EACH);
        same!("AgentState", domain::staff::AgentState::EACH);
        same!("Role", domain::staff::Role::EACH);
        same!("Permission", domain::policy::Permission::ALL);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| match value.as_str() {
                    Some(target) if key == "$ref" => found.push(target),
                    _ => references(value, found),
                }),
                Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document: Value = serde_json::from_str(&super::json()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for target in found {
            assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
        }
    }
}
