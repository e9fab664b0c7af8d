//! Members with two-step verification, for tests.

use reqwest::Method;
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};
use testkit_server::{Answer, Client};

use super::totp;

/// The password of members in these tests.
pub const PASSWORD: &str = "long enough";

/// The secret of a setup key.
pub fn secret_of(key: &str) -> Vec<u8> {
    let bits = key.bytes().map(|letter| if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' });
    let bits: Vec<u8> = bits.flat_map(|value| (0..5).rev().map(move |bit| value >> bit & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}

/// The code that a member's app shows now.
pub fn app_code(app: &TestApp, secret: &[u8]) -> String {
    totp::code_now(secret, app.env().now())
}

/// Sets up two-step verification for a member on their account page; returns the secret and the recovery codes.
pub async fn set_up(app: &TestApp, member: &StaffClient) -> (Vec<u8>, Vec<String>) {
    let begun = member.post("/api/v1/me/second-step", json!(null)).await.expect(201);
    let secret = secret_of(begun["setup_key"].as_str().unwrap());
    let codes = member.put("/api/v1/me/second-step", json!({"code": app_code(app, &secret)})).await.expect(200);
    (secret, codes["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

/// The first step of a sign-in, after which the second one is asked for; returns the answer.
pub async fn first_step(client: &Client, name: &str) -> Value {
    let answer = client.post("/api/v1/auth/sessions", json!({"email": format!("{name}@alpha.example"), "password": PASSWORD})).await;
    assert_eq!(answer.header("set-cookie"), "", "there is no session before the second step");
    answer.expect(202)
}

/// The second step with a code.
pub async fn give(client: &Client, asked: &Value, code: &str) -> Answer {
    client.send(client.request(Method::POST, "/api/v1/auth/second-step").json(&json!({"token": asked["token"], "code": code}))).await
}
