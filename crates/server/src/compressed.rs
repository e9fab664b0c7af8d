//! Which answers are sent compressed: data of more than a kilobyte, except beside a secret.

use std::collections::HashMap;

use axum::{
    extract::{MatchedPath, Request},
    http::{Extensions, HeaderMap, Method, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use serde_json::Value;
use tower_http::compression::{
    CompressionLayer,
    predicate::{And, Predicate as _, SizeAbove},
};

/// Shorter answers, in bytes, are sent as they are: compressed they would fill as many packets.
const FROM_BYTES: u64 = 1024;

/// The format, in the document, of a field of an answer that is a secret.
const SECRET: &str = "secret";

/// The operations whose answer holds a secret: the methods of each path that has one.
pub type WithSecret = HashMap<String, Vec<Method>>;

/// The operations whose answer holds a secret, most of them beside text that the caller chose. Compressed, the length of such an answer would tell how much of
/// the text agrees with the secret.
pub fn with_secret(document: &Value) -> WithSecret {
    let mut found = WithSecret::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let answers = operation["responses"].as_object().into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
            let mut schemas = answers.map(|(_, answer)| &answer["content"]["application/json"]["schema"]);
            if let Ok(method) = method.to_uppercase().parse()
                && schemas.any(|schema| any_property(schema, document, &mut Vec::new(), &mut |_, property| is_secret(property)))
            {
                found.entry(path.clone()).or_default().push(method);
            }
        }
    }
    found
}

fn is_secret(property: &Value) -> bool {
    [property, &property["items"]].iter().any(|each| each["format"] == SECRET)
}

/// Whether any property in a schema is so, by its name and its own schema. References are followed once each.
fn any_property<'d>(schema: &'d Value, document: &'d Value, seen: &mut Vec<&'d str>, is: &mut impl FnMut(&str, &Value) -> bool) -> bool {
    if let Some(to) = schema["$ref"].as_str() {
        if seen.contains(&to) {
            return false;
        }
        seen.push(to);
        return document.pointer(to.trim_start_matches('#')).is_some_and(|schema| any_property(schema, document, seen, is));
    }
    let mut properties = schema["properties"].as_object().into_iter().flatten();
    if properties.any(|(name, property)| is(name, property) || any_property(property, document, seen, is)) {
        return true;
    }
    let parts = ["allOf", "oneOf", "anyOf"].iter().flat_map(|key| schema[*key].as_array().into_iter().flatten());
    parts.chain(Some(&schema["items"]).filter(|items| !items.is_null())).any(|part| any_property(part, document, seen, is))
}

/// Marks an answer that holds a secret.
#[derive(Debug, Clone, Copy)]
struct HoldsSecret;

/// Says whether an answer is compressed.
type IsCompressed = And<SizeAbove, fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool>;

/// Compresses the answers of the API; what [`mark_secrets`] has marked stays as it is.
pub fn layer() -> CompressionLayer<IsCompressed> {
    let is_data: fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool = is_data;
    CompressionLayer::new().compress_when(SizeAbove::new(FROM_BYTES).and(is_data))
}

/// Files and pictures are not compressed: most of them are already.
fn is_data(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let is_text = |kind: &str| ["application/json", "application/problem+json", "text/csv", "text/html"].iter().any(|text| kind.starts_with(text));
    // A download that is written while it is sent would end with an error in Chromium.
    let is_download = headers.get(header::CONTENT_DISPOSITION).is_some() && !headers.contains_key(header::CONTENT_LENGTH);
    extensions.get::<HoldsSecret>().is_none() && !is_download && headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(is_text)
}

/// Marks the answers of these operations ([`with_secret`]), also those that are given again to a repeated request.
pub async fn mark_secrets(named: &WithSecret, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let holds_secret = path.and_then(|path| named.get(path.as_str())).is_some_and(|methods| methods.contains(request.method()));
    let mut response = next.run(request).await;
    if holds_secret {
        response.extensions_mut().insert(HoldsSecret);
    }
    response
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use reqwest::Method;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::{Answer, Client};

    use super::{any_property, is_secret, with_secret};

    /// The answer as a browser asks for it.
    async fn compressed(who: &Client, path: &str, body: Option<Value>) -> Answer {
        let request = who.request(if body.is_some() { Method::POST } else { Method::GET }, path).header("accept-encoding", "gzip");
        who.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    #[tokio::test]
    async fn data_is_sent_compressed_from_a_kilobyte_on() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Administrator, "ada").await;
        let reply = |n: usize| json!({"shortcode": format!("r{n}"), "title": "x", "body": {"zh": "", "en": "y".repeat(600)}});
        ada.post("/api/v1/canned-replies", reply(0)).await.expect(201);
        let short = compressed(&ada, "/api/v1/canned-replies", None).await;
        assert_eq!((short.header("content-encoding"), short.status.as_u16()), ("", 200), "{}", short.body.len());
        ada.post("/api/v1/canned-replies", reply(1)).await.expect(201);
        let plain = ada.get("/api/v1/canned-replies").await;
        assert_eq!(plain.header("content-encoding"), "", "who does not take it gets it as it is");
        for (path, is_long) in [("/api/v1/canned-replies", true), ("/api/v1/openapi.json", true), ("/api/v1/indicators", true), ("/api/v1/groups", false)] {
            let answer = compressed(&ada, path, None).await;
            assert_eq!(answer.header("content-encoding"), if is_long { "gzip" } else { "" }, "{path}");
            assert_eq!(answer.header("vary").contains("accept-encoding"), is_long, "{path}");
        }
        assert!(compressed(&ada, "/api/v1/canned-replies", None).await.body.len() < plain.body.len() / 4);
    }

    #[tokio::test]
    async fn nothing_is_compressed_beside_a_secret_neither_the_first_time_nor_again() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Administrator, "ada").await;
        let url = format!("https://hooks.example/{}", "x".repeat(1_200));
        let made = compressed(&ada, "/api/v1/webhooks", Some(json!({"url": url, "events": ["conversation.opened"]}))).await;
        assert_eq!((made.status.as_u16(), made.header("content-encoding")), (201, ""), "{}", String::from_utf8_lossy(&made.body));
        assert!(made.body.len() > 1_200);
        assert_eq!(compressed(&ada, "/api/v1/webhooks", None).await.header("content-encoding"), "gzip", "the list holds none");
    }

    #[test]
    fn what_is_called_like_a_secret_in_an_answer_says_that_it_is_one() {
        const NAMES: [&str; 7] = ["secret", "token", "link", "ticket", "sealed", "setup_key", "recovery_codes"];
        let document: Value = serde_json::from_str(&crate::openapi::json()).unwrap();
        let mut unmarked = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for (status, answer) in operation["responses"].as_object().unwrap() {
                    let schema = &answer["content"]["application/json"]["schema"];
                    any_property(schema, &document, &mut Vec::new(), &mut |name, property| {
                        if status.starts_with('2') && NAMES.contains(&name) && !is_secret(property) {
                            unmarked.push(format!("{method} {path}: {name}"));
                        }
                        false
                    });
                }
            }
        }
        assert_eq!(unmarked, [""; 0], "write #[schema(format = \"secret\")] above the field: such an answer is not compressed");
        let named = with_secret(&document);
        assert_eq!(named["/api/v1/webhooks"], [Method::POST]);
    }
}
