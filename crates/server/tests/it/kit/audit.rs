//! The audit as it is written by a running server.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{
    entry::{Body, body::Audited},
    journal::View,
    staff::Role,
    stream::StreamName,
};
use http_kit::audit::{chain, purpose};
use seal::vault::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::eventually;
use testkit_app::TestApp;
use testkit_server::Realtime;

async fn stream(app: &TestApp) -> StreamName {
    StreamName::audit(store::tenants::get(&mut app.app().db().read().await.unwrap(), app.company.tenant).await.unwrap().access_stream)
}

/// The entries of the company's audit, each with what was sealed in it.
async fn audited(app: &TestApp) -> Vec<(Audited, Value)> {
    let (tenant, sealer) = (app.company.tenant, app.app().sealer());
    let mut tx = app.app().db().read().await.unwrap();
    let (mut all, mut before) = (Vec::new(), String::new());
    for stored in db::journal::page(&mut tx, tenant, stream(app).await, View::Staff, 0, 100).await.unwrap() {
        let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
        assert_eq!(entry.chain, chain(&sealer, &before, tenant, stored.seq, stored.at, &stored.entry.actor, &entry));
        before.clone_from(&entry.chain);
        let plain = sealer.open(&purpose(tenant), &BASE64.decode(&entry.values).unwrap()).expect("it opens");
        assert_eq!(entry.digest, hex(&Sha256::digest(&plain)));
        all.push((entry, serde_json::from_slice(&plain).unwrap()));
    }
    all
}

async fn changes(app: TestApp) {
    let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
    let hello = json!({"shortcode": "hello", "title": "Greeting", "body": {"zh": "您好"}});
    let made = tara.post("/api/v1/canned-replies", hello.clone()).await.expect(201);
    let path = format!("/api/v1/canned-replies/{}", made["id"].as_str().unwrap());
    ada.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.problem(403, "not_permitted");
    tara.post("/api/v1/canned-replies", json!({"shortcode": ""})).await.problem(422, "missing_field");
    let hook = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
    // However an address is written, the resource it names is what gets noted.
    tara.delete(&path.replace("crp_", "%63rp_")).await.expect(204);
    let table = "ID,Category,Name (English),Price\n,Phones,Nearhill,99\n";
    let file = tara.upload("/api/v1/goods-imports", "text/csv", table.into()).await.expect(201)["id"].as_str().unwrap().to_owned();
    let all = audited(&app).await;
    let said: Vec<(&str, &str)> = all.iter().map(|(entry, _)| (entry.operation.as_str(), entry.path.as_str())).collect();
    assert_eq!(
        said,
        [
            ("POST /api/v1/canned-replies", "/api/v1/canned-replies"),
            ("POST /api/v1/webhooks", "/api/v1/webhooks"),
            ("DELETE /api/v1/canned-replies/{id}", &path),
            ("POST /api/v1/goods-imports", "/api/v1/goods-imports"),
        ]
    );
    let ids: Vec<Option<&str>> = all.iter().map(|(entry, _)| entry.made.as_deref()).collect();
    assert_eq!(ids, [made["id"].as_str(), hook["id"].as_str(), None, Some(&file)]);
    assert_eq!(all[0].1["request"], hello);
    assert!(hook["secret"].is_string() && !all[1].1.to_string().contains("secret"));
    assert_eq!(all[2].1["request"], Value::Null);
    assert_eq!(all[3].1["request"]["bytes"], table.len(), "a file is kept as its digest");
    assert_ne!(all[0].1["salt"], all[1].1["salt"]);
    // Nobody can read the audit: it is on no socket and in no feed, whatever the role.
    let stream = stream(&app).await;
    let mut socket = Realtime::connect(&tara).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {stream.to_string(): 0}})).await;
    assert_eq!(socket.until("gone").await["code"], "no_access");
    let get = json!({"t": "get", "stream": stream, "from": 1, "to": 9});
    assert_eq!(tara.post("/rt/send", json!({"frames": [get]})).await.expect(200)["frames"][0]["code"], "no_access");
    let visitor = app.visitor().await;
    visitor.open("hello").await;
    let events = eventually("the feed has gone past it", async || {
        let events = tara.get("/api/v1/events?limit=500&bodies=true").await.expect(200)["items"].to_string();
        events.contains("conversation.opened").then_some(events)
    });
    assert!(!events.await.contains("audit"));
}

#[tokio::test]
async fn what_is_changed_by_a_permission_is_sealed_and_chained() {
    changes(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        changes(app).await;
    }
}
