//! The audit: who of the staff changed what by a right of theirs. Each change is an entry of the company's audit stream, written by [`crate::permitted`] in the
//! transaction of the change itself.
//!
//! What was asked for and answered is sealed. An entry says the digest of it, and is chained to the one before: an entry that is changed, left out or put in later
//! breaks the chain for whoever has an end of it.

use axum::{
    body::Bytes,
    extract::{MatchedPath, OriginalUri},
    http::request::Parts,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{entry::body::Audited, id::TenantId, journal::Actor, time::Ts};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::TenantTx;

use crate::{personal::hex, sealing::Sealer};

/// A request or an answer that is longer is kept as its length and digest.
const MOST_BYTES: usize = 64 * 1024;
/// Bytes of chance that are sealed with the rest, so that nobody finds out by trying what a digest is of.
const SALT_BYTES: usize = 16;

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    operation: String,
    path: String,
}

impl Asked {
    /// What a request asks for.
    pub fn of(parts: &Parts) -> Self {
        let path = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0).path();
        Self { operation: operation(parts), path: path.to_owned() }
    }
}

/// The operation a request asks for: method and path, with the names of its parts in place of what they are.
pub fn operation(parts: &Parts) -> String {
    format!("{} {}", parts.method, parts.extensions.get::<MatchedPath>().map_or_else(|| parts.uri.path(), MatchedPath::as_str))
}

/// What is kept of a change, sealed.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// The body of the request.
    pub request: Bytes,
    /// The body of the answer; nothing, if that is a secret.
    pub answer: Bytes,
}

impl Values {
    /// As JSON, with as much chance as makes every one different.
    fn salted(&self) -> db::Result<Vec<u8>> {
        #[derive(Serialize)]
        struct Salted {
            salt: String,
            request: Value,
            answer: Value,
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|error| db::Error::Corrupt(error.to_string()))?;
        let salted = Salted { salt: hex(&salt), request: kept(&self.request), answer: kept(&self.answer) };
        serde_json::to_vec(&salted).map_err(|error| db::Error::Corrupt(error.to_string()))
    }
}

/// A body as it is kept: nothing, JSON, or what it was if that is too long or no JSON.
fn kept(body: &[u8]) -> Value {
    match body.len() {
        0 => Value::Null,
        1..=MOST_BYTES => serde_json::from_slice(body).unwrap_or_else(|_| of_bytes(body)),
        _ => of_bytes(body),
    }
}

fn of_bytes(body: &[u8]) -> Value {
    json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))})
}

/// What values are sealed for.
fn purpose(tenant: TenantId) -> Vec<u8> {
    [&b"audit"[..], tenant.uuid().as_bytes()].concat()
}

/// Notes a change in its transaction.
pub async fn note(tx: &mut TenantTx<'_>, sealer: &Sealer, asked: Asked, values: Values) -> store::Result<()> {
    let Asked { operation, path } = asked;
    let plain = values.salted()?;
    let sealed = sealer.seal(&purpose(tx.tenant()), &plain).map_err(|error| db::Error::Corrupt(error.to_string()))?;
    let end = store::audit::end(tx).await?;
    let mut entry = Audited { operation, path, values: BASE64.encode(sealed), digest: hex(&Sha256::digest(&plain)), chain: String::new() };
    entry.chain = chain(&end.chain, end.seq + 1, tx.now().max(end.at), &tx.by(), &entry);
    store::audit::append(tx, entry).await
}

/// What an entry is chained by: the SHA-256, in hex, of a JSON array of the chain before it (nothing at first), its number, its time in milliseconds, who it was
/// (sort, id, name), its operation, its path and the digest of its values.
fn chain(before: &str, seq: i64, at: Ts, by: &Actor, entry: &Audited) -> String {
    let linked = json!([before, seq, at.0, by.kind.as_str(), by.id, by.name, entry.operation, entry.path, entry.digest]);
    hex(&Sha256::digest(linked.to_string()))
}

#[cfg(test)]
mod tests {
    use domain::{entry::Body, journal::View, staff::Role};
    use testkit::eventually;

    use super::*;
    use crate::testing::{StaffClient, TestApp};

    /// The entries of the company's audit, and what was sealed in them.
    async fn audited(app: &TestApp) -> Vec<(Audited, Value)> {
        let tenant = app.company.tenant;
        let mut tx = app.app().db().read().await.unwrap();
        let (mut all, mut before) = (Vec::new(), String::new());
        for stored in db::journal::page(&mut tx, tenant, store::audit::stream(tenant), View::Staff, 0, 100).await.unwrap() {
            let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
            assert_eq!(entry.chain, chain(&before, stored.seq, stored.at, &stored.entry.actor, &entry));
            before.clone_from(&entry.chain);
            let plain = app.app().sealer().open(&purpose(tenant), &BASE64.decode(&entry.values).unwrap()).expect("it opens");
            assert_eq!(entry.digest, hex(&Sha256::digest(&plain)));
            all.push((entry, serde_json::from_slice(&plain).unwrap()));
        }
        all
    }

    async fn follow(who: &StaffClient, app: &TestApp) -> Value {
        let get = json!({"t": "get", "stream": store::audit::stream(app.company.tenant), "from": 1, "to": 9});
        who.post("/rt/send", json!({"frames": [get]})).await.expect(200)["frames"][0].clone()
    }

    async fn changes(app: TestApp) {
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
        let hello = json!({"shortcode": "hello", "title": "Greeting", "body": {"zh": "您好"}});
        let made = tara.post("/api/v1/canned-replies", hello.clone()).await.expect(201);
        let path = format!("/api/v1/canned-replies/{}", made["id"].as_str().unwrap());
        ada.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.problem(403, "not_permitted");
        tara.post("/api/v1/canned-replies", json!({"shortcode": ""})).await.problem(422, "missing_field");
        let hook = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        tara.delete(&path).await.expect(204);
        let all = audited(&app).await;
        let said: Vec<(&str, &str)> = all.iter().map(|(entry, _)| (entry.operation.as_str(), entry.path.as_str())).collect();
        assert_eq!(
            said,
            [
                ("POST /api/v1/canned-replies", "/api/v1/canned-replies"),
                ("POST /api/v1/webhooks", "/api/v1/webhooks"),
                ("DELETE /api/v1/canned-replies/{id}", &path),
            ]
        );
        assert_eq!((&all[0].1["request"], &all[0].1["answer"]), (&hello, &made));
        assert!(hook["secret"].is_string());
        assert_eq!(all[1].1["answer"], Value::Null, "a secret that is shown once is kept nowhere");
        assert_eq!((&all[2].1["request"], &all[2].1["answer"]), (&Value::Null, &Value::Null));
        assert_ne!(all[0].1["salt"], all[1].1["salt"]);
        // Nobody reads it: no page, no socket, no feed, however high.
        assert_eq!(follow(&tara, &app).await["code"], "no_access");
        let visitor = app.visitor().await;
        visitor.open("hello").await;
        let events = eventually("the feed has gone past it", async || {
            let events = tara.get("/api/v1/events?limit=500&bodies=true").await.expect(200)["items"].to_string();
            events.contains("conversation.opened").then_some(events)
        });
        assert!(!events.await.contains("audit"));
    }

    #[tokio::test]
    async fn what_is_changed_by_a_right_is_sealed_and_chained() {
        changes(TestApp::new().await).await;
        if let Some(app) = TestApp::on_postgres().await {
            changes(app).await;
        }
    }

    #[test]
    fn a_body_that_is_long_or_no_json_is_kept_as_its_digest() {
        assert_eq!((kept(b""), kept(b"{\"a\":1}")), (Value::Null, json!({"a": 1})));
        let long = vec![b' '; MOST_BYTES + 1];
        for body in [&b"a,b"[..], &long] {
            assert_eq!(kept(body), json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))}));
        }
    }

    #[test]
    fn whoever_changes_moves_or_leaves_out_an_entry_breaks_the_chain() {
        let entry = |path: &str, digest: &str| Audited {
            operation: "DELETE /api/v1/queues/{id}".to_owned(),
            path: path.to_owned(),
            values: String::new(),
            digest: digest.to_owned(),
            chain: String::new(),
        };
        let (by, other) = (Actor::system(), Actor { name: Some("ada".to_owned()), ..Actor::system() });
        let whole = chain("a", 2, Ts(5), &by, &entry("/1", "d"));
        for changed in [
            chain("b", 2, Ts(5), &by, &entry("/1", "d")),
            chain("a", 3, Ts(5), &by, &entry("/1", "d")),
            chain("a", 2, Ts(6), &by, &entry("/1", "d")),
            chain("a", 2, Ts(5), &other, &entry("/1", "d")),
            chain("a", 2, Ts(5), &by, &entry("/2", "d")),
            chain("a", 2, Ts(5), &by, &entry("/1", "e")),
        ] {
            assert_ne!(changed, whole);
        }
    }
}
