//! A company whose staff signs in by way of an identity provider.

use domain::staff::Role;
use reqwest::{Method, header};
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};
use testkit_server::Answer;

use super::idp::{Idp, SECRET};

/// A browser that was sent to the identity provider.
pub struct Sent {
    /// The cookie that it was given.
    pub cookie: String,
    /// The state in the address of the page.
    pub state: String,
    /// The nonce there.
    pub nonce: String,
    /// The S256 challenge there.
    pub challenge: String,
}

/// A company with an identity provider, and its administrator.
pub struct Story {
    /// The server.
    pub app: TestApp,
    /// The identity provider.
    pub idp: Idp,
    /// The administrator.
    pub tara: StaffClient,
}

impl Story {
    /// A company with a connection; `change` is what differs in its settings.
    pub async fn new(change: Value) -> Self {
        let (app, idp) = (TestApp::new().await, Idp::start().await);
        let tara = app.staff(Role::Administrator, "tara").await;
        let story = Self { app, idp, tara };
        story.set_up(change).await.expect(200);
        story
    }

    /// Sets the connection up anew.
    pub async fn set_up(&self, change: Value) -> Answer {
        let before = self.tara.get("/api/v1/single-sign-on").await.expect(200);
        let mut body = json!({
            "issuer": self.idp.issuer, "client_id": "yingda", "client_secret": SECRET, "domains": ["alpha.example"], "groups_claim": "groups", "roles": [],
            "role_otherwise": null, "creates": false, "required": false, "seen": before["connection"]["updated_at"],
        });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.tara.put("/api/v1/single-sign-on", body).await
    }

    /// Begins to sign in, in a new browser.
    pub async fn begin(&self) -> Sent {
        let started = self.app.post("/api/v1/auth/single-sign-on", json!({"email": "ada@alpha.example"})).await;
        let url = url::Url::parse(started.expect(200)["url"].as_str().unwrap()).unwrap();
        let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap_or_else(|| panic!("{name}: {url}")).1.into_owned();
        let cookie = started.header("set-cookie").split(';').next().unwrap().to_owned();
        Sent { cookie, state: query("state"), nonce: query("nonce"), challenge: query("code_challenge") }
    }

    /// The claims of somebody who is let in.
    pub fn claims(&self, sent: &Sent) -> Value {
        let now = self.app.app().env().now().0 / 1000;
        json!({"iss": self.idp.issuer, "aud": "yingda", "sub": "ada at her provider", "iat": now, "exp": now + 300, "nonce": sent.nonce,
            "email": "Ada@Alpha.example", "email_verified": true, "name": "Ada Lovelace", "groups": ["desk"]})
    }

    /// Comes back with a code for this token.
    pub async fn finish(&self, sent: &Sent, token: String) -> Answer {
        {
            let mut saying = self.idp.saying();
            (saying.token, saying.challenge) = (token, sent.challenge.clone());
        }
        self.come_back(sent, json!({"code": "the code"})).await
    }

    /// Comes back to the company's page with the state and what else the identity provider added to the address.
    pub async fn come_back(&self, sent: &Sent, added: Value) -> Answer {
        let mut body = json!({"company": self.app.company.tenant, "state": sent.state});
        body.as_object_mut().unwrap().extend(added.as_object().unwrap().clone());
        let request = self.app.request(Method::POST, "/api/v1/auth/single-sign-on/finish").header(header::COOKIE, &sent.cookie);
        self.app.send(request.json(&body)).await
    }

    /// Signs in with the claims of somebody who is let in, changed in some way; `null` takes a claim away.
    pub async fn with(&self, change: Value) -> Answer {
        let sent = self.begin().await;
        let mut claims = self.claims(&sent);
        let all = claims.as_object_mut().unwrap();
        all.extend(change.as_object().unwrap().clone());
        all.retain(|_, value| !value.is_null());
        self.finish(&sent, Idp::token(&claims, 0)).await
    }

    /// What the audit says of sign-ins: `in` for those that went well, and then the codes of this many that were refused, in the order of their names.
    pub async fn audited(&self, refused: usize) -> Vec<String> {
        let refused = self.app.refusals(refused).await;
        let lines = self.app.audit().await;
        assert!(lines.iter().all(|line| !line.details.request.to_string().contains(SECRET)));
        let came = self.app.acts_of("/auth/single-sign-on/finish").await.into_iter().map(|_| "in".to_owned());
        came.chain(refused.into_iter().map(|(_, code)| code)).collect()
    }

    /// The name, role and status of each member.
    pub async fn staff(&self) -> Vec<Value> {
        let listed = self.tara.get("/api/v1/staff").await.expect(200);
        listed["items"].as_array().unwrap().iter().map(|one| json!([one["name"], one["role"], one["status"]])).collect()
    }
}

/// The secret of the session that somebody got.
pub fn session(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let session = cookies.filter_map(|cookie| cookie.strip_prefix("__Host-yingda=")).next().unwrap();
    session.split(';').next().unwrap().to_owned()
}
