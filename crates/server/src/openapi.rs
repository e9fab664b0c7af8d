//! The API document, generated from the endpoints themselves.

use std::collections::BTreeMap;

use axum::Router;
use http_kit::{App, problem::Problem};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        AllOf, Components, ObjectBuilder, OneOf, Ref, RefOr, Response, Schema, Type,
        path::Operation,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;
use wire::entries;

use crate::transports::events;

/// The parts that concern the whole document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Yingda", description = "Customer service: chat, bot, desk, live panel. Errors are RFC 9457 problems with a `code`.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/", description = "The server that hands this document out")),
    components(schemas(Problem, wire::frames::ClientFrame, wire::frames::ServerFrame, entries::Entry, wire::frames::SendBody, wire::frames::Open, wire::conversation::ConversationState, events::SendRequest, events::SendResponse, desk::conversations::list::List, hall::customers::readable::ExportFormat, insight::metrics::query::SplitName, insight::panel::list::WindowName)),
    modifiers(&Credentials)
)]
pub struct Document;

struct Credentials;

/// What programs need to know about their tokens.
const TOKEN: &str = "The token of a program, which an administrator makes in the console (Settings › API tokens) or at the terminal (`yingda token create`). It is accepted \
    wherever a member of the staff is, except where only people may act, and allows what it was given.\n\n\
    `curl -H 'Authorization: Bearer ydt_…' https://chat.example.com/api/v1/me`\n\n\
    `curl -H 'Authorization: Bearer ydt_…' 'https://chat.example.com/api/v1/events?bodies=true'`\n\n\
    `curl -H 'Authorization: Bearer ydt_…' -H 'Accept: text/event-stream' -H 'Content-Type: application/json' -d '{\"version\":1,\"cursors\":{},\"lists\":[\"queue\"]}' \
    https://chat.example.com/rt/events`\n\n\
    Every answer has `RateLimit-Policy` and `RateLimit`, which say how many requests are left; beyond that the answer is 429 with `Retry-After`.";

/// The operations in which only people may act.
const PEOPLE_ONLY: [&str; 8] =
    ["begin_practice_exercise", "change_my_password", "set_my_state", "list_sessions", "end_session", "sign_out", "create_token", "rotate_token"];

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("staff", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-yingda"))));
        components.add_security_scheme("wall", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components.add_security_scheme("customer", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-yingda-customer"))));
        components.add_security_scheme("operator", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-yingda-operator"))));
        components.add_security_scheme("visitor", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("ydt_…").description(Some(TOKEN)).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The endpoints and their document. OpenAPI 3.1 requires a description for each response: one without a description of its own gets the first paragraph of the
/// description of its JSON type.
pub fn with_document(api: OpenApiRouter<App>) -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = api.split_for_parts();
    as_whole_objects(document.components.get_or_insert_default());
    let components = document.components.clone().unwrap_or_default();
    for item in document.paths.paths.values_mut() {
        let each = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        let mut each: Vec<_> = each.into_iter().flatten().collect();
        each.iter_mut().for_each(|operation| let_programs_in(operation));
        for response in each.into_iter().flat_map(|operation| operation.responses.responses.values_mut()) {
            if let RefOr::T(response) = response
                && response.description.is_empty()
            {
                response.description = told_by_type(response, &components).unwrap_or_default();
            }
        }
    }
    (router, document)
}

/// Names the token of a program beside the cookie of the staff.
fn let_programs_in(operation: &mut Operation) {
    let is_for_people = operation.operation_id.as_deref().is_some_and(|id| PEOPLE_ONLY.contains(&id));
    let Some(ways) = operation.security.as_mut().filter(|_| !is_for_people) else { return };
    let staff = SecurityRequirement::new::<_, _, String>("staff", []);
    if ways.contains(&staff) {
        ways.push(SecurityRequirement::new::<_, _, String>("token", []));
    }
}

/// Rewrites schemas composed by `allOf` that contain a choice or are part of one as whole objects: client generators cannot combine those parts.
fn as_whole_objects(components: &mut Components) {
    let composed = components.clone();
    let mut named = BTreeMap::new();
    for (name, schema) in &mut components.schemas {
        match schema {
            // The properties that all kinds share, combined with a choice of kinds.
            RefOr::T(Schema::AllOf(all)) => {
                let Some(mut one) = all.items.iter().find_map(|part| choice(part, &composed)) else { continue };
                let common = all.items.iter().filter(|part| choice(part, &composed).is_none()).cloned().collect::<Vec<_>>();
                for kind in &mut one.items {
                    *kind = whole([&common[..], std::slice::from_ref(kind)].concat(), &composed);
                }
                one.description.clone_from(&all.description);
                *schema = Schema::OneOf(one).into();
            }
            RefOr::T(Schema::OneOf(one)) => {
                for kind in &mut one.items {
                    if let RefOr::T(Schema::AllOf(all)) = kind {
                        *kind = whole(all.items.clone(), &composed);
                    }
                    // Each frame gets a schema name of its own.
                    if let Some(tag) = tag_of(kind) {
                        let name = format!("{name}{}", tag.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>());
                        let reference = Ref::from_schema_name(name.clone()).into();
                        named.insert(name, std::mem::replace(kind, reference));
                    }
                }
            }
            _ => {}
        }
    }
    components.schemas.extend(named);
}

/// The single value that `t` may have in a frame.
fn tag_of(kind: &RefOr<Schema>) -> Option<String> {
    let RefOr::T(Schema::Object(object)) = kind else { return None };
    let RefOr::T(Schema::Object(tag)) = object.properties.get("t")? else { return None };
    match tag.enum_values.as_deref() {
        Some([one]) => one.as_str().map(str::to_owned),
        _ => None,
    }
}

fn schema_of<'a>(part: &'a RefOr<Schema>, components: &'a Components) -> Option<&'a Schema> {
    match part {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(to) => schema_of(components.schemas.get(to.ref_location.rsplit('/').next()?)?, components),
    }
}

fn choice(part: &RefOr<Schema>, components: &Components) -> Option<OneOf> {
    match schema_of(part, components)? {
        Schema::OneOf(one) => Some(one.clone()),
        _ => None,
    }
}

/// Merges several schemas into one object; leaves them composed by `allOf` if one of them is not an object.
fn whole(parts: Vec<RefOr<Schema>>, components: &Components) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new().schema_type(Type::Object).build();
    for part in &parts {
        let part = match schema_of(part, components) {
            Some(Schema::AllOf(all)) => whole(all.items.clone(), components),
            _ => part.clone(),
        };
        let Some(Schema::Object(part)) = schema_of(&part, components) else { return Schema::AllOf(AllOf { items: parts, ..AllOf::default() }).into() };
        object.properties.extend(part.properties.clone());
        object.required.extend(part.required.clone());
        object.description = part.description.clone().or(object.description);
    }
    Schema::Object(object).into()
}

/// The first paragraph of the description of a response's JSON type.
fn told_by_type(response: &Response, components: &Components) -> Option<String> {
    let RefOr::T(content) = response.content.get("application/json")? else { return None };
    let Some(RefOr::Ref(to)) = &content.schema else { return None };
    let about = match components.schemas.get(to.ref_location.rsplit('/').next()?)? {
        RefOr::T(Schema::Object(object)) => object.description.as_deref(),
        RefOr::T(Schema::AllOf(all)) => all.description.as_deref(),
        RefOr::T(Schema::OneOf(one)) => one.description.as_deref(),
        _ => None,
    }?;
    Some(about.split("\n\n").next()?.replace('\n', " "))
}

/// The document as JSON, as committed in `docs/openapi.json`.
pub fn json() -> String {
    let (_, document) = with_document(crate::router::api());
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
        let app = testkit_app::TestApp::new().await;
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
        let permissions = domain::policy::permissions::ROWS.iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(told("Permission"), serde_json::json!(permissions));
    }

    #[test]
    fn every_answer_says_what_it_is() {
        let document: Value = serde_json::from_str(&super::json()).unwrap();
        let operations = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |one| (path, one)));
        let mut told = std::collections::HashSet::new();
        for (path, (method, operation)) in operations {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let description = answer["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{method} {path}: nothing says what {status} is; give its type a docstring or the answer a `description`");
                told.insert(description);
            }
        }
        assert!(told.len() > 80, "{told:?}");
    }

    #[test]
    fn bytes_are_no_lists_of_numbers() {
        let document: Value = serde_json::from_str(&super::json()).unwrap();
        let answer = |path: &str, mime: &str| document["paths"][path]["get"]["responses"]["200"]["content"][mime]["schema"].clone();
        for (path, mime) in [
            ("/api/v1/files/{id}", "application/octet-stream"),
            ("/api/v1/pictures/{picture}", "image/png"),
            ("/api/v1/goods-export", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            assert_eq!(answer(path, mime), serde_json::json!({"type": "string", "format": "binary"}), "{path}");
        }
        assert_eq!(answer("/api/v1/goods-export", "text/csv"), serde_json::json!({"type": "string"}));
        assert_eq!(answer("/api/v1/customer/export", "text/html"), serde_json::json!({"type": "string"}));
        assert_eq!(answer("/api/v1/customer/export", "application/json"), serde_json::json!({"$ref": "#/components/schemas/OwnExport"}));
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
