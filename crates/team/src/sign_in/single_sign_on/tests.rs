//! Signing in by way of an identity provider, from the page to the record.

pub mod idp;
pub mod story;

use domain::policy::LEAST_ROLE;
use serde_json::json;

use self::{
    idp::Idp,
    story::{Story, session},
};
use crate::{
    passkeys::device::{add_passkey, origin},
    second_step::fixture::{app_code, give, set_up},
};

#[tokio::test]
async fn a_member_comes_in_by_the_verified_address_and_then_by_the_identity() {
    let story = Story::new(json!({})).await;
    story.app.agent("ada").await;
    let came = story.with(json!({})).await;
    assert_eq!(came.expect(201)["name"], "ada", "what a member is called here stays");
    assert_eq!(story.app.with_cookie(&session(&came)).get("/api/v1/me").await.expect(200)["email"], "ada@alpha.example");
    assert!(came.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().starts_with("__Host-yingda-single-sign-on=;")));
    // The address there has changed since; whose it was is known.
    story.with(json!({"email": "lovelace@alpha.example"})).await.expect(201);
    assert_eq!(story.staff().await, [json!(["tara", "administrator", "invited"]), json!(["ada", "agent", "active"])]);
    assert_eq!(story.audited(0).await, ["in", "in"]);
    assert!(story.tara.get("/api/v1/single-sign-on").await.expect(200)["connection"]["proved_at"].is_number());
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_refused_and_noted() {
    let story = Story::new(json!({"creates": true, "role_otherwise": "agent"})).await;
    let now = story.app.app().env().now().0 / 1000;
    for wrong in [
        json!({"iss": "https://other.example"}),
        json!({"iss": null}),
        json!({"aud": "another client"}),
        json!({"aud": ["yingda", "another client"]}),
        json!({"exp": now}),
        json!({"exp": now - 1}),
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"sub": null}),
    ] {
        story.with(wrong.clone()).await.problem(403, "single_sign_on_token_refused");
    }
    let mut expected = vec!["single_sign_on_token_refused"; 9];
    for header in [json!({"alg": "none"}), json!({"alg": "HS256"}), json!({"alg": "RS256", "kid": "key 0"}), json!({"alg": "EdDSA", "kid": "unknown"})] {
        let sent = story.begin().await;
        let token = Idp::signed(&header, &story.claims(&sent), 0);
        // Without a signature, with one that a secret makes, with the wrong kind of key, and with a key that is nowhere.
        let token = if header["alg"] == "none" { format!("{}.", token.rsplit_once('.').unwrap().0) } else { token };
        story.finish(&sent, token).await.problem(403, "single_sign_on_token_refused");
        expected.push("single_sign_on_token_refused");
    }
    let sent = story.begin().await;
    story.finish(&sent, Idp::signed(&json!({"alg": "EdDSA", "kid": "key 0"}), &story.claims(&sent), 1)).await.problem(403, "single_sign_on_token_refused");
    expected.push("single_sign_on_token_refused");
    for (wrong, code) in [
        (json!({"email_verified": false}), "single_sign_on_address_unverified"),
        (json!({"email_verified": null}), "single_sign_on_address_unverified"),
        (json!({"email": "ada@evil.example"}), "single_sign_on_address_refused"),
        (json!({"email": "ada@alpha.example.evil.example"}), "single_sign_on_address_refused"),
    ] {
        story.with(wrong).await.problem(403, code);
        expected.push(code);
    }
    expected.sort_unstable();
    assert_eq!(story.audited(expected.len()).await, expected);
    assert_eq!(story.staff().await.len(), 1, "nobody has come in");
}

#[tokio::test]
async fn keys_are_read_again_when_they_were_replaced() {
    let story = Story::new(json!({})).await;
    story.app.agent("ada").await;
    story.with(json!({})).await.expect(201);
    story.with(json!({})).await.expect(201);
    assert_eq!(story.idp.saying().asked_for_keys, 1);
    story.idp.saying().keys = vec![1];
    let sent = story.begin().await;
    story.finish(&sent, Idp::token(&story.claims(&sent), 1)).await.expect(201);
    assert_eq!(story.idp.saying().asked_for_keys, 2);
    // A key that was withdrawn is not good any more.
    story.with(json!({})).await.problem(403, "single_sign_on_token_refused");
}

#[tokio::test]
async fn what_the_token_leaves_out_is_asked_for_of_the_same_person() {
    let story = Story::new(json!({"roles": [{"group": "leads", "role": "manager"}]})).await;
    story.app.agent("ada").await;
    let thin = json!({"email": null, "email_verified": null, "groups": null});
    let info = |subject: &str| json!({"sub": subject, "email": "ada@alpha.example", "email_verified": true, "groups": "leads"});
    story.idp.saying().info = info("somebody else");
    story.with(thin.clone()).await.problem(502, "single_sign_on_unreachable");
    story.idp.saying().info = info("ada at her provider");
    assert_eq!(story.with(thin).await.expect(201)["role"], "manager");
}

#[tokio::test]
async fn people_who_are_new_become_members_only_where_that_is_wanted() {
    let story = Story::new(json!({"roles": [{"group": "desk", "role": "agent"}]})).await;
    story.with(json!({})).await.problem(403, "single_sign_on_not_invited");
    story.set_up(json!({"creates": true, "roles": [{"group": "desk", "role": "agent"}]})).await.expect(200);
    story.with(json!({"groups": ["kitchen"]})).await.problem(403, "single_sign_on_no_role");
    let me = story.with(json!({})).await.expect(201);
    assert_eq!((&me["name"], &me["email"], &me["role"]), (&json!("Ada Lovelace"), &json!("ada@alpha.example"), &json!("agent")));
    // A name that would deceive is not taken over.
    let other = json!({"sub": "2", "email": "bob@alpha.example", "name": "\u{202e}bob"});
    assert_eq!(story.with(other).await.expect(201)["name"], "bob");
    assert_eq!(story.staff().await.len(), 3);
}

#[tokio::test]
async fn an_address_of_another_member_is_refused() {
    let story = Story::new(json!({"creates": true, "role_otherwise": "agent"})).await;
    story.app.agent("eve").await;
    story.with(json!({})).await.expect(201);
    // Ada's identity with Eve's address, and another identity with Ada's.
    story.with(json!({"email": "eve@alpha.example"})).await.problem(409, "single_sign_on_address_taken");
    story.with(json!({"sub": "not ada"})).await.problem(409, "single_sign_on_address_taken");
    let eve = story.tara.get("/api/v1/staff?q=eve").await.expect(200)["items"][0].clone();
    let path = format!("/api/v1/staff/{}", eve["id"].as_str().unwrap());
    story.tara.patch(&path, json!({"disabled": true, "confirm": true, "seen": eve["updated_at"]})).await.expect(200);
    story.with(json!({"sub": "eve", "email": "eve@alpha.example"})).await.problem(403, "member_disabled");
    assert_eq!(story.audited(3).await, ["in", "member_disabled", "single_sign_on_address_taken", "single_sign_on_address_taken"]);
}

#[tokio::test]
async fn groups_give_the_role_at_each_sign_in_but_never_take_the_last_administrator() {
    let roles = json!([{"group": "admins", "role": "administrator"}, {"group": "leads", "role": "manager"}, {"group": "desk", "role": "agent"}]);
    let story = Story::new(json!({"roles": roles})).await;
    story.app.agent("ada").await;
    let chief = story.app.with_cookie(&session(&story.with(json!({"groups": ["admins"]})).await));
    let token = json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["company"]}]});
    let program = chief.post("/api/v1/tokens", token).await.expect(201);
    let program = story.app.with_token(program["secret"].as_str().unwrap());
    let first = story.with(json!({"groups": ["desk", "leads"]})).await;
    program.get("/api/v1/me").await.problem(401, "token_revoked");
    assert_eq!(first.expect(201)["role"], "manager");
    let second = story.with(json!({})).await;
    assert_eq!(second.expect(201)["role"], "agent");
    story.app.with_cookie(&session(&first)).get("/api/v1/me").await.problem(401, "not_signed_in");
    story.with(json!({"sub": "tara", "email": "tara@alpha.example"})).await.problem(409, "last_administrator");
    story.tara.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn where_it_is_required_only_administrators_have_another_way_and_only_by_link() {
    let story = Story::new(json!({})).await;
    let ada = story.app.agent("ada").await;
    story.app.set_password(&ada.member, "long enough").await;
    story.app.set_password(&story.tara.member, "long enough").await;
    story.set_up(json!({"required": true, "client_secret": null})).await.problem_at(409, "single_sign_on_unproved", "required");
    story.with(json!({})).await.expect(201);
    story.set_up(json!({"required": true})).await.problem_at(409, "single_sign_on_unproved", "required");
    story.set_up(json!({"required": true, "client_secret": null})).await.expect(200);
    let offer = story.app.get("/api/v1/auth/single-sign-on").await.expect(200);
    assert_eq!(offer, json!({"offered": true, "required": true, "domains": ["alpha.example"]}));
    for name in ["ada", "tara"] {
        let body = json!({"email": format!("{name}@alpha.example"), "password": "long enough"});
        story.app.post("/api/v1/auth/sessions", body).await.problem(403, "single_sign_on_required");
        // Nobody learns whether a password was right, or who there is.
        for (name, password) in [(name, "wrong"), ("nobody", "wrong")] {
            let body = json!({"email": format!("{name}@alpha.example"), "password": password});
            story.app.post("/api/v1/auth/sessions", body).await.problem(403, "single_sign_on_required");
        }
    }
    let token = story.app.link(LEAST_ROLE).await;
    story.app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.problem(403, "single_sign_on_required");
    let kept = story.tara.post("/api/v1/single-sign-on/emergency-link", json!(null)).await.expect(201);
    story.app.clock.advance(domain::single_sign_on::EMERGENCY_LINK_MS - 1);
    let token = kept["link"].as_str().unwrap().split_once('#').unwrap().1;
    assert_eq!(story.app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.expect(201)["name"], "tara");
}

#[tokio::test]
async fn a_second_step_is_asked_for_after_the_identity_provider_too_unless_it_has_asked_for_two_proofs() {
    let story = Story::new(json!({})).await;
    let (app, ada) = (&story.app, story.app.staff(LEAST_ROLE, "ada").await);
    story.tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["agent"]})).await.expect(200);
    let came = story.with(json!({"amr": ["pwd"]})).await;
    let asked = came.expect(202);
    assert_eq!(asked["methods"], json!([]), "it has to be set up");
    assert!(came.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().starts_with("__Host-yingda-single-sign-on=;")));
    let (secret, _) = set_up(app, &ada).await;
    app.clock.advance(30_000);
    let asked = story.with(json!({})).await.expect(202);
    assert_eq!(asked["methods"], json!(["app", "recovery_code"]));
    assert_eq!(give(app, &asked, &app_code(app, &secret)).await.expect(201)["name"], "ada");
    assert_eq!(story.with(json!({"amr": ["pwd", "mfa"]})).await.expect(201)["name"], "ada");
}

#[tokio::test]
async fn where_it_is_required_a_passkey_lets_nobody_in() {
    let story = Story::new(json!({})).await;
    let (app, ada) = (&story.app, story.app.staff(LEAST_ROLE, "ada").await);
    let (device, _) = add_passkey(app, &ada, "Phone").await;
    story.with(json!({})).await.expect(201);
    story.set_up(json!({"required": true, "client_secret": null})).await.expect(200);
    let options = app.post("/api/v1/auth/passkey-options", json!(null)).await.expect(201);
    app.post("/api/v1/auth/passkey-sessions", device.answer(&options, &origin(app))).await.problem(403, "single_sign_on_required");
}
