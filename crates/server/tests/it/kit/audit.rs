//! The audit as it is written and read by a running server.

use domain::{
    entry::{Body, body::Audited},
    journal::View,
    staff::Role,
    stream::StreamName,
};
use http_kit::audit::{
    chain::chain,
    details::{self, Details},
    verify::{self, Place},
};
use serde_json::{Value, json};
use server::setup::admin::{self, Command};
use team::staff::new_member::NewMember;
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use testkit_server::Realtime;

async fn stream(app: &TestApp) -> StreamName {
    StreamName::audit(store::tenants::get(&mut app.app().db().read().await.unwrap(), app.company.tenant).await.unwrap().access_stream)
}

/// The entries of what was done in the company's audit, each with what was sealed in it.
async fn audited(app: &TestApp) -> Vec<(Audited, Details)> {
    let (tenant, sealer) = (app.company.tenant, app.app().sealer());
    let mut tx = app.app().db().read().await.unwrap();
    let (mut all, mut before) = (Vec::new(), String::new());
    for stored in db::journal::page(&mut tx, tenant, stream(app).await, View::Staff, 0, 100).await.unwrap() {
        let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
        assert_eq!(entry.chain, chain(&sealer, &before, tenant, stored.seq, stored.at, &stored.entry.actor, &entry));
        before.clone_from(&entry.chain);
        let details = details::open(&sealer, tenant, &entry).expect("it opens");
        if entry.refused.is_none() {
            all.push((entry, details));
        }
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
    assert_eq!(all[0].1.request, hello);
    assert!(hook["secret"].is_string() && !all[1].1.request.to_string().contains("secret"));
    let gone: Vec<&str> = all[2].1.changes.iter().filter(|change| change.after.is_null()).map(|change| change.field.as_str()).collect();
    assert_eq!((&all[2].1.request, gone), (&Value::Null, vec!["body.en", "body.zh", "id", "shortcode", "sound", "title"]));
    assert_eq!(all[3].1.request["bytes"], table.len(), "a file is kept as its digest");
    assert_ne!(all[0].1.salt, all[1].1.salt);
    // Nobody follows the audit: it is on no socket and in no feed, whatever the role.
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
    let found = verify::step(app.app(), app.company.tenant, "alpha", Place::default()).await.unwrap();
    assert_eq!((found.altered, found.next), (vec![], None));
}

#[tokio::test]
async fn what_is_changed_by_a_permission_is_sealed_and_chained() {
    changes(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        changes(app).await;
    }
}

async fn items(tara: &StaffClient, query: &str) -> Vec<Value> {
    tara.get(&format!("/api/v1/audit{query}")).await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_export_is_in_the_audit() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    for path in ["/api/v1/audit/export.csv", "/api/v1/goods-export", "/api/v1/knowledge/export.csv"] {
        assert_eq!(tara.get(path).await.status.as_u16(), 200, "{path}");
    }
    let all = items(&tara, "").await;
    let exports: Vec<&str> = all.iter().map(|entry| entry["operation"].as_str().unwrap()).filter(|name| name.contains("xport")).collect();
    assert_eq!(exports, ["GET /api/v1/knowledge/export.csv", "GET /api/v1/goods-export", "GET /api/v1/audit/export.csv"]);
}

#[tokio::test]
async fn sign_ins_passwords_refusals_and_commands_are_in_the_audit_and_no_secret_is() {
    let app = TestApp::new().await;
    let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
    app.set_password(&ada.member, "long enough").await;
    let sign_in = async |password: &str| app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": password})).await;
    sign_in("long enough").await.expect(201);
    for _ in 0..2 {
        sign_in("wrong-guess").await.problem(401, "sign_in_failed");
    }
    ada.post("/api/v1/groups", json!({"name": "Night"})).await.problem(403, "not_permitted");
    assert_eq!(ada.put("/api/v1/me/password", json!({"old": "long enough", "password": "staple for the battery"})).await.status.as_u16(), 204);
    let new = NewMember { role: Role::Agent, name: "Eve".to_owned(), email: "eve@alpha.example".to_owned(), number: None, capacity: 5 };
    admin::run(app.app(), Command::AddStaff { new, company: None }).await.unwrap();
    admin::run(app.app(), Command::SignBackup { digest: "d".to_owned() }).await.unwrap();
    let all = eventually("what was refused is noted", async || {
        let all = items(&tara, "").await;
        let tries: i64 = all.iter().filter(|entry| !entry["refused"].is_null()).map(|entry| entry["refused"]["times"].as_i64().unwrap()).sum();
        // A second wrong password within a minute waits for the end of that minute.
        app.clock.advance(60_000);
        (tries == 3).then_some(all)
    })
    .await;
    let of = |operation: &str, refused: bool| {
        all.iter().filter(|entry| entry["operation"] == operation && entry["refused"].is_null() != refused).collect::<Vec<_>>()
    };
    assert_eq!(of("POST /api/v1/auth/sessions", false)[0]["by"], json!({"kind": "staff", "id": ada.member.id, "name": "ada"}));
    let wrong = of("POST /api/v1/auth/sessions", true);
    assert!(
        wrong.iter().all(|entry| entry["by"]["kind"] == "unknown" && entry["object"] == json!(ada.member.id) && entry["refused"]["code"] == "sign_in_failed")
    );
    assert_eq!(of("POST /api/v1/groups", true)[0]["refused"], json!({"code": "not_permitted", "times": 1}));
    assert_eq!(of("PUT /api/v1/me/password", false).len(), 1);
    let command = of("yingda admin add-staff", false)[0];
    assert_eq!((&command["by"]["kind"], &command["request"]["role"], &command["path"]), (&json!("terminal"), &json!("agent"), &json!("")));
    assert_eq!(of("yingda backup", false).len(), 1);
    let text = json!(all).to_string();
    assert!(["long enough", "wrong-guess", "staple"].iter().all(|secret| !text.contains(secret)), "{text}");
}
