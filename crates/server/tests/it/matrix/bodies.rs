//! Invalid bodies: each is answered with a problem that names the field, and changes nothing.

use serde_json::{Value, json};

use super::{
    document::{Operation, operations},
    house::House,
};

async fn refused(house: &House, operation: &Operation, body: &Value, code: &[&str], field: &str) {
    let who = house.welcome(operation);
    let answer = who.send(who.request(operation.method.clone(), &house.path(operation)).json(body)).await;
    let problem = answer.json();
    let what = format!("{} {body}: {problem}", operation.name());
    assert_eq!(answer.status.as_u16(), 422, "{what}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert!(code.contains(&problem["code"].as_str().unwrap()), "{what}");
    assert!(problem["field"].as_str().is_some_and(|named| named == field || named.starts_with(&format!("{field}."))), "{what}");
}

#[tokio::test]
async fn what_does_not_fit_names_its_field() {
    let house = House::new().await;
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.body.is_some()) {
        let (schema, fits) = (operation.body.clone().unwrap(), house.body(&operation));
        for name in ["tenant_id", "id", "role", "is_admin", "created_at", "hash", "status", "__proto__"] {
            if schema["properties"].get(name).is_some() {
                continue;
            }
            let mut body = fits.clone();
            body[name] = json!("x");
            refused(&house, &operation, &body, &["unknown_field"], name).await;
        }
        for name in schema["properties"].as_object().unwrap().keys() {
            let mut body = fits.clone();
            body[name] = json!({"no such": ["thing"]});
            refused(&house, &operation, &body, &["invalid_value", "unknown_field"], name).await;
            tried += 1;
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            let mut body = fits.clone();
            body.as_object_mut().unwrap().remove(name);
            refused(&house, &operation, &body, &["missing_field"], name).await;
        }
    }
    assert!(tried > 15, "only {tried} fields were tried");
}

#[tokio::test]
async fn what_is_no_json_is_a_problem_too() {
    let house = House::new().await;
    for operation in operations().into_iter().filter(|operation| operation.body.is_some()) {
        let who = house.welcome(&operation);
        let send = async |mime: &'static str, body: Vec<u8>| {
            who.send(who.request(operation.method.clone(), &house.path(&operation)).header("content-type", mime).body(body)).await
        };
        for broken in ["", "{", "{\"a\":}", "nonsense", "{\"token\":\"\u{0}\"}", "{} {}"] {
            let answer = send("application/json", broken.as_bytes().to_vec()).await;
            assert!(matches!(answer.status.as_u16(), 400 | 422), "{} {broken}: {answer:?}", operation.name());
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        for not_an_object in ["null", "7", "\"x\"", "[]"] {
            send("application/json", not_an_object.as_bytes().to_vec()).await.problem(422, "invalid_value");
        }
        send("application/json", b"{\"\xff\xfe\":1}".to_vec()).await.problem(400, "malformed_json");
        send("text/plain", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        send("application/x-www-form-urlencoded", b"a=b".to_vec()).await.problem(415, "unsupported_media_type");
        send("application/json", vec![b'['; 300 * 1024]).await.problem(413, "too_large");
        send("application/json", vec![b'['; 100 * 1024]).await.problem(400, "malformed_json");
    }
}

#[tokio::test]
async fn unknown_parameters_are_named() {
    let house = House::new().await;
    for operation in operations().into_iter().filter(|operation| !operation.query.is_empty()) {
        let path = house.path(&operation);
        let path = format!("{path}{}tenant_id=1", if path.contains('?') { '&' } else { '?' });
        house.ask(house.welcome(&operation), &operation, &path).await.problem_at(422, "unknown_field", "tenant_id");
    }
}

#[tokio::test]
async fn nothing_is_changed_from_another_sites_page() {
    let house = House::new().await;
    for operation in operations().into_iter().filter(|operation| !operation.method.is_safe()) {
        let (cookie, operator) = (house.manager.cookie.as_ref().unwrap(), house.operator.operator.as_ref().unwrap());
        for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
            let request = reqwest::Client::new().request(operation.method.clone(), format!("{}{}", house.app.base, house.path(&operation)));
            let request = request.header("cookie", format!("__Host-yingda={cookie}; __Host-yingda-operator={operator}")).header(name, value);
            let request = if operation.body.is_some() { request.json(&house.body(&operation)) } else { request };
            let answer = house.app.send(request).await;
            // Bearer tokens are not cookies: a foreign page has none to send.
            let fine = matches!(answer.status.as_u16(), 403)
                || operation.path.starts_with("/api/v1/widget/") && answer.status.as_u16() == 401
                || operation.path == "/api/v1/auth/links/inspect";
            assert!(fine, "{} {name} {value}: {answer:?}", operation.name());
        }
    }
}
