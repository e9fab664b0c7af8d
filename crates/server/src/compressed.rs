//! Which answers are sent compressed: data of more than a kilobyte, except beside a secret.

use axum::{
    extract::{MatchedPath, Request},
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use tower_http::compression::{
    CompressionLayer,
    predicate::{And, Predicate as _, SizeAbove},
};

/// Shorter answers, in bytes, are sent as they are: compressed they would fill as many packets.
const FROM_BYTES: u64 = 1024;

/// The operations whose answer holds a secret, most of them beside text that the caller chose. Compressed, the length of such an answer would tell how much of
/// the text agrees with the secret.
pub const WITH_SECRET: [(&str, &str); 25] = [
    ("POST", "/api/v1/auth/links/redeem"),
    ("POST", "/api/v1/auth/passkey-options"),
    ("POST", "/api/v1/auth/second-step/passkey-options"),
    ("POST", "/api/v1/auth/second-step/setup"),
    ("POST", "/api/v1/auth/second-step/setup/confirm"),
    ("POST", "/api/v1/auth/sessions"),
    ("POST", "/api/v1/auth/single-sign-on/finish"),
    ("POST", "/api/v1/company-openings/confirm"),
    ("POST", "/api/v1/company/sites/{id}/secrets"),
    ("POST", "/api/v1/customer/widget-ticket"),
    ("POST", "/api/v1/me/passkeys/options"),
    ("POST", "/api/v1/me/passkeys/options-to-prove"),
    ("POST", "/api/v1/me/recovery-codes"),
    ("POST", "/api/v1/me/second-step"),
    ("PUT", "/api/v1/me/second-step"),
    ("POST", "/api/v1/single-sign-on/emergency-link"),
    ("POST", "/api/v1/staff"),
    ("POST", "/api/v1/staff-invitations"),
    ("POST", "/api/v1/staff/{id}/link"),
    ("POST", "/api/v1/tokens"),
    ("POST", "/api/v1/tokens/{id}/secret"),
    ("POST", "/api/v1/wall-links"),
    ("POST", "/api/v1/webhooks"),
    ("POST", "/api/v1/webhooks/{id}/secret"),
    ("POST", "/api/v1/widget/sessions"),
];

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

/// Marks the answers of the operations [`WITH_SECRET`], also those that are given again to a repeated request.
pub async fn mark_secrets(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let holds_secret = WITH_SECRET.iter().any(|&(method, of)| request.method() == method && path == Some(of));
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

    use super::WITH_SECRET;

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
    fn every_operation_with_a_secret_in_its_answer_is_named() {
        fn fields(schema: &Value, document: &Value, seen: &mut Vec<String>, found: &mut Vec<String>) {
            if let Some(to) = schema["$ref"].as_str() {
                if !seen.iter().any(|one| one == to) {
                    seen.push(to.to_owned());
                    fields(document.pointer(to.trim_start_matches('#')).unwrap(), document, seen, found);
                }
                return;
            }
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                found.push(name.clone());
                fields(property, document, seen, found);
            }
            for part in ["allOf", "oneOf", "anyOf"].iter().flat_map(|key| schema[*key].as_array().into_iter().flatten()).chain([&schema["items"]]) {
                if !part.is_null() {
                    fields(part, document, seen, found);
                }
            }
        }
        let document: Value = serde_json::from_str(&crate::openapi::json()).unwrap();
        let mut named = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let mut found = Vec::new();
                for (status, answer) in operation["responses"].as_object().unwrap() {
                    if status.starts_with('2') {
                        fields(&answer["content"]["application/json"]["schema"], &document, &mut Vec::new(), &mut found);
                    }
                }
                if found.iter().any(|name| ["secret", "token", "link", "ticket", "sealed", "setup_key", "recovery_codes"].contains(&name.as_str())) {
                    named.push((method.to_uppercase(), path.clone()));
                }
            }
        }
        assert_eq!(named, WITH_SECRET.map(|(method, path)| (method.to_owned(), path.to_owned())));
    }
}
