//! Signing in by way of an identity provider, from the page to the record.

mod idp;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{entry::Body, journal::View, staff::Role, stream::StreamName};
use http_kit::audit;
use reqwest::{Method, header};
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};
use testkit_server::Answer;

use self::idp::{Idp, SECRET};

/// A browser that was sent to the identity provider.
struct Sent {
    cookie: String,
    state: String,
    nonce: String,
    challenge: String,
}

struct Story {
    app: TestApp,
    idp: Idp,
    tara: StaffClient,
}

impl Story {
    /// A company with a connection; `change` is what differs in its settings.
    async fn new(change: Value) -> Self {
        let (app, idp) = (TestApp::new().await, Idp::start().await);
        let tara = app.staff(Role::Administrator, "tara").await;
        let story = Self { app, idp, tara };
        story.set_up(change).await.expect(200);
        story
    }

    async fn set_up(&self, change: Value) -> Answer {
        let before = self.tara.get("/api/v1/single-sign-on").await.expect(200);
        let mut body = json!({
            "issuer": self.idp.issuer, "client_id": "yingda", "client_secret": SECRET, "domains": ["alpha.example"], "groups_claim": "groups", "roles": [],
            "role_otherwise": null, "creates": false, "required": false, "seen": before["connection"]["updated_at"],
        });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.tara.put("/api/v1/single-sign-on", body).await
    }

    async fn begin(&self) -> Sent {
        let started = self.app.post("/api/v1/auth/single-sign-on", json!({"email": "ada@alpha.example"})).await;
        let url = url::Url::parse(started.expect(200)["url"].as_str().unwrap()).unwrap();
        let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap_or_else(|| panic!("{name}: {url}")).1.into_owned();
        assert_eq!((query("response_type"), query("code_challenge_method"), query("client_id")), ("code".to_owned(), "S256".to_owned(), "yingda".to_owned()));
        assert_eq!((query("scope"), query("login_hint")), ("openid email profile groups".to_owned(), "ada@alpha.example".to_owned()));
        let cookie = started.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-yingda-single-sign-on="), "{cookie}");
        Sent { cookie, state: query("state"), nonce: query("nonce"), challenge: query("code_challenge") }
    }

    /// The claims of somebody who is let in.
    fn claims(&self, sent: &Sent) -> Value {
        let now = self.app.app().env().now().0 / 1000;
        json!({"iss": self.idp.issuer, "aud": "yingda", "sub": "ada at her provider", "iat": now, "exp": now + 300, "nonce": sent.nonce,
            "email": "Ada@Alpha.example", "email_verified": true, "name": "Ada Lovelace", "groups": ["desk"]})
    }

    async fn finish(&self, sent: &Sent, token: String) -> Answer {
        {
            let mut saying = self.idp.saying();
            (saying.token, saying.challenge) = (token, sent.challenge.clone());
        }
        self.come_back(sent, json!({"state": sent.state, "code": "the code"})).await
    }

    async fn come_back(&self, sent: &Sent, body: Value) -> Answer {
        let request = self.app.request(Method::POST, "/api/v1/auth/single-sign-on/finish").header(header::COOKIE, &sent.cookie);
        self.app.send(request.json(&body)).await
    }

    /// Signs in with the claims of somebody who is let in, changed in some way; `null` takes a claim away.
    async fn with(&self, change: Value) -> Answer {
        let sent = self.begin().await;
        let mut claims = self.claims(&sent);
        let all = claims.as_object_mut().unwrap();
        all.extend(change.as_object().unwrap().clone());
        all.retain(|_, value| !value.is_null());
        self.finish(&sent, Idp::token(&claims, 0)).await
    }

    /// What the audit says of sign-ins: the codes of those refused, and `in` for others.
    async fn audited(&self) -> Vec<String> {
        let (tenant, sealer) = (self.app.company.tenant, self.app.app().sealer());
        let mut tx = self.app.app().db().read().await.unwrap();
        let stream = StreamName::audit(store::tenants::get(&mut tx, tenant).await.unwrap().access_stream);
        let mut said = Vec::new();
        for stored in db::journal::page(&mut tx, tenant, stream, View::Staff, 0, 500).await.unwrap() {
            let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
            let plain = sealer.open(&audit::purpose(tenant), &BASE64.decode(&entry.values).unwrap()).unwrap();
            assert!(!String::from_utf8(plain.clone()).unwrap().contains(SECRET));
            let plain: Value = serde_json::from_slice(&plain).unwrap();
            if entry.operation.ends_with("/auth/single-sign-on/finish") {
                said.push(plain["request"]["refused"].as_str().unwrap_or("in").to_owned());
            }
        }
        said
    }

    async fn staff(&self) -> Vec<Value> {
        let listed = self.tara.get("/api/v1/staff").await.expect(200);
        listed["items"].as_array().unwrap().iter().map(|one| json!([one["name"], one["role"], one["status"]])).collect()
    }
}

fn session(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let session = cookies.filter_map(|cookie| cookie.strip_prefix("__Host-yingda=")).next().unwrap();
    session.split(';').next().unwrap().to_owned()
}

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
    assert_eq!(story.audited().await, ["in", "in"]);
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
    assert_eq!(story.audited().await, expected);
    assert_eq!(story.staff().await.len(), 1, "nobody has come in");
}

#[tokio::test]
async fn an_attempt_is_one_browsers_is_used_once_and_grows_old() {
    let story = Story::new(json!({})).await;
    story.app.agent("ada").await;
    let sent = story.begin().await;
    let token = Idp::token(&story.claims(&sent), 0);
    let other = Sent { cookie: story.begin().await.cookie, state: sent.state.clone(), nonce: String::new(), challenge: sent.challenge.clone() };
    story.finish(&other, token.clone()).await.problem(410, "single_sign_on_expired");
    story.finish(&sent, token.clone()).await.expect(201);
    story.finish(&sent, token).await.problem(410, "single_sign_on_spent");
    let late = story.begin().await;
    story.app.clock.advance(domain::single_sign_on::ATTEMPT_MS);
    story.finish(&late, String::new()).await.problem(410, "single_sign_on_expired");
    let unknown = Sent { state: "0".repeat(64), ..story.begin().await };
    story.finish(&unknown, String::new()).await.problem(410, "single_sign_on_expired");
    let declined = story.begin().await;
    story.come_back(&declined, json!({"state": declined.state, "error": "access_denied"})).await.problem(403, "single_sign_on_declined");
    let mixed = story.begin().await;
    let body = json!({"state": mixed.state, "code": "the code", "iss": "https://other.example"});
    story.come_back(&mixed, body).await.problem(403, "single_sign_on_token_refused");
    let expected =
        ["single_sign_on_expired", "in", "single_sign_on_spent", "single_sign_on_expired", "single_sign_on_declined", "single_sign_on_token_refused"];
    assert_eq!(story.audited().await, expected, "what cannot be told whose it is, is no company's");
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
    assert_eq!(story.audited().await, ["in", "single_sign_on_address_taken", "single_sign_on_address_taken", "member_disabled"]);
}

#[tokio::test]
async fn groups_give_the_role_at_each_sign_in_but_never_take_the_last_administrator() {
    let roles = json!([{"group": "admins", "role": "administrator"}, {"group": "leads", "role": "manager"}, {"group": "desk", "role": "agent"}]);
    let story = Story::new(json!({"roles": roles})).await;
    story.app.agent("ada").await;
    let first = story.with(json!({"groups": ["desk", "leads"]})).await;
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
    let offer = story.app.get("/api/v1/auth/single-sign-on?company=alpha").await.expect(200);
    assert_eq!(offer, json!({"offered": true, "required": true, "domains": ["alpha.example"]}));
    for name in ["ada", "tara"] {
        let body = json!({"email": format!("{name}@alpha.example"), "password": "long enough"});
        story.app.post("/api/v1/auth/sessions", body).await.problem(403, "single_sign_on_required");
        // Who does not know the password learns nothing.
        let body = json!({"email": format!("{name}@alpha.example"), "password": "wrong"});
        story.app.post("/api/v1/auth/sessions", body).await.problem(401, "sign_in_failed");
    }
    let token = story.app.link(Role::Agent).await;
    story.app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.problem(403, "single_sign_on_required");
    let kept = story.tara.post("/api/v1/single-sign-on/emergency-link", json!(null)).await.expect(201);
    story.app.clock.advance(domain::single_sign_on::EMERGENCY_LINK_MS - 1);
    let token = kept["link"].as_str().unwrap().split_once('#').unwrap().1;
    assert_eq!(story.app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.expect(201)["name"], "tara");
}

#[tokio::test]
async fn a_test_finds_what_would_keep_everybody_out() {
    let story = Story::new(json!({})).await;
    let test = async || story.tara.get("/api/v1/single-sign-on/test").await.expect(200)["fault"].clone();
    assert_eq!(test().await, Value::Null);
    for (discovery, fault) in [
        (json!({"issuer": "https://other.example"}), "wrong_issuer"),
        (json!({"response_types_supported": ["id_token"]}), "no_code_flow"),
        (json!({"token_endpoint": "http://169.254.169.254/token"}), "unreachable"),
        (json!({"jwks_uri": format!("{}/nowhere", story.idp.issuer)}), "unusable_answer"),
        (json!({"authorization_endpoint": "javascript:alert(1)"}), "unreachable"),
    ] {
        story.idp.saying().discovery = discovery;
        assert_eq!(test().await, fault);
    }
    story.idp.saying().discovery = json!({});
    story.idp.saying().keys = Vec::new();
    assert_eq!(test().await, "no_keys");
    story.idp.saying().keys = vec![0];
    story.set_up(json!({"client_secret": "not the secret"})).await.expect(200);
    assert_eq!(test().await, "credentials_refused");
}
