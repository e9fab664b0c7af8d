//! Programs: let in by their tokens at every door, and shut out at every door.

use domain::{
    api_token::LISTED_MS,
    entry::Body,
    journal::View,
    staff::Role,
    stream::StreamName,
    time::{HOUR, MINUTE},
};
use http_kit::{audit::details, quota};
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use testkit_server::{Client, Realtime};

/// A token with these permissions that reach everything, and its secret.
async fn made(by: &StaffClient, name: &str, permissions: &[&str]) -> Value {
    let permissions: Vec<Value> = permissions.iter().map(|one| json!({"permission": one, "reach": ["company"]})).collect();
    by.post("/api/v1/tokens", json!({"name": name, "permissions": permissions})).await.expect(201)
}

fn client(app: &TestApp, token: &Value) -> Client {
    app.with_token(token["secret"].as_str().unwrap())
}

fn path(token: &Value) -> String {
    format!("/api/v1/tokens/{}", token["id"].as_str().unwrap())
}

/// Whether a frame brings such an entry.
fn has(frame: &Value, fits: impl Fn(&Value) -> bool) -> bool {
    frame["t"] == "entries" && frame["entries"].as_array().is_some_and(|entries| entries.iter().any(fits))
}

/// What the audit noted, with what was sealed in it.
async fn audited(app: &TestApp) -> Vec<(String, String, Value)> {
    let (tenant, sealer) = (app.company.tenant, app.app().sealer());
    let mut tx = app.app().db().read().await.unwrap();
    let stream = StreamName::audit(store::tenants::get(&mut tx, tenant).await.unwrap().access_stream);
    let mut all = Vec::new();
    for stored in db::journal::page(&mut tx, tenant, stream, View::Staff, 0, 100).await.unwrap() {
        let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
        let request = details::open(&sealer, tenant, &entry).unwrap().request;
        all.push((stored.entry.actor.name.clone().unwrap_or_default(), entry.operation, request));
    }
    all
}

async fn served(app: TestApp) {
    let tara = app.staff(Role::Administrator, "tara").await;
    let token = made(&tara, "Reply service", &["desk", "canned_replies.edit"]).await;
    let program = client(&app, &token);
    let me = program.get("/api/v1/me").await.expect(200);
    assert_eq!((&me["agent"], &me["name"], &me["permissions"]), (&token["program"], &json!("Reply service"), &json!(["desk", "canned_replies.edit"])));
    // It serves a customer over the real-time protocol.
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    let mut socket = Realtime::connect(&program).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {&conversation: 0}})).await;
    socket.find("the request", |frame| has(frame, |entry| entry["kind"] == "human_requested")).await;
    let act = |body: Value| json!({"t": "send", "conversation": conversation, "client_id": testkit::ids::uuid(), "body": body});
    let sent = json!({"frames": [act(json!({"type": "take"})), act(json!({"type": "text", "text": "Your parcel left today"}))]});
    let answers = program.post("/rt/send", sent).await.expect(200);
    assert_eq!((&answers["frames"][0]["t"], &answers["frames"][1]["t"]), (&json!("ok"), &json!("ok")), "{answers}");
    let is_reply = |entry: &Value| entry["body"]["text"] == "Your parcel left today" && entry["by"]["name"] == "Reply service";
    socket.find("its own reply", |frame| has(frame, is_reply)).await;
    // It is in no list of people, and nothing is given to it.
    for (path, items) in [("/api/v1/staff", "items"), ("/api/v1/colleagues", "agents")] {
        let listed = tara.get(path).await.expect(200)[items].to_string();
        assert!(!listed.contains("Reply service") && listed.contains("tara"), "{listed}");
    }
    program.put("/api/v1/me/state", json!({"state": "available"})).await.problem(403, "people_only");
    program.get("/api/v1/auth/sessions").await.problem(403, "people_only");
    let keeper = client(&app, &made(&tara, "Keeper", &["settings", "people.manage"]).await);
    let removal = format!("/api/v1/staff/{}?seen=0", app.agent("eve").await.member.id);
    keeper.delete(&removal).await.problem(403, "people_only");
    keeper.put("/api/v1/audit/retention", json!({"kept_days": 400})).await.problem(403, "people_only");
    let member = format!("/api/v1/staff/{}", token["program"].as_str().unwrap());
    tara.get(&member).await.problem(404, "not_found");
    // What it changes is noted in its name.
    program.post("/api/v1/canned-replies", json!({"shortcode": "p", "title": "P", "body": {"en": "p"}})).await.expect(201);
    program.get("/api/v1/webhooks").await.problem(403, "not_permitted");
    assert_eq!(
        audited(&app).await.last().map(|(who, what, _)| (who.clone(), what.clone())),
        Some(("Reply service".into(), "POST /api/v1/canned-replies".into()))
    );
    // Revoked, it is shut out, and gives back what it was serving.
    let mut other = Realtime::connect(&app).await;
    other.send(&json!({"t": "hello", "version": 1, "token": token["secret"], "cursors": {}})).await;
    other.until("welcome").await;
    assert_eq!(tara.delete(&path(&token)).await.status.as_u16(), 204);
    for socket in [&mut socket, &mut other] {
        assert_eq!(socket.farewell().await.0.as_deref(), Some("token_revoked"));
    }
    program.get("/api/v1/me").await.problem(401, "token_revoked");
    program.post("/rt/send", json!({"frames": []})).await.problem(401, "token_revoked");
    program.post("/rt/events", json!({"version": 1, "cursors": {}})).await.problem(401, "token_revoked");
    tara.delete(&path(&token)).await.problem(404, "not_found");
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    eventually("it is given back", async || {
        let served = tara.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        (served["state"] == "queued").then_some(())
    })
    .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_serves_in_its_own_name_until_it_is_revoked() {
    served(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        served(app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_on_the_other_node_too() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let tara = nodes[0].staff(Role::Administrator, "tara").await;
    let token = made(&tara, "CRM", &["desk"]).await;
    let there = client(&nodes[1], &token);
    let mut socket = Realtime::connect(&there).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
    socket.until("welcome").await;
    assert_eq!(tara.delete(&path(&token)).await.status.as_u16(), 204);
    there.get("/api/v1/me").await.problem(401, "token_revoked");
    assert_eq!(socket.farewell().await.0.as_deref(), Some("token_revoked"));
    for node in nodes {
        node.stop().await;
    }
}

#[tokio::test]
async fn a_program_reads_the_feed_and_what_its_token_allows() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let program = client(&app, &made(&tara, "Warehouse", &["integrations"]).await);
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    eventually("the feed has it", async || program.get("/api/v1/events").await.expect(200).to_string().contains(&conversation).then_some(())).await;
    program.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
    program.get("/api/v1/tokens").await.problem(403, "not_permitted");
    // A program with a token that manages tokens can revoke, but makes none.
    let keeper = client(&app, &made(&tara, "Keeper", &["tokens.manage"]).await);
    let listed = keeper.get("/api/v1/tokens").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let new = json!({"name": "x", "permissions": [{"permission": "tokens.manage", "reach": ["company"]}]});
    keeper.post("/api/v1/tokens", new).await.problem(403, "people_only");
    // It does not see another company's.
    let beta = app.other_company("beta").await;
    let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
    let theirs = made(&bob, "Theirs", &["desk"]).await;
    for refused in [keeper.delete(&path(&theirs)).await, tara.post(&format!("{}/secret", path(&theirs)), json!({})).await] {
        refused.problem(404, "not_found");
    }
    assert_eq!(bob.get("/api/v1/tokens").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_works_only_from_its_addresses_and_refusals_are_counted() {
    let app = TestApp::behind_proxy().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let new = json!({"name": "ERP", "permissions": [{"permission": "desk", "reach": ["company"]}], "ranges": ["192.0.2.0/24", "2001:db8::/32"]});
    let token = tara.post("/api/v1/tokens", new).await.expect(201);
    let program = client(&app, &token);
    for near in ["192.0.2.7", "2001:db8::7", "::ffff:192.0.2.9"] {
        program.from_address(near).get("/api/v1/me").await.expect(200);
    }
    let far = program.from_address("198.51.100.7");
    for _ in 0..5 {
        far.get("/api/v1/me").await.problem(403, "token_elsewhere");
    }
    let of_token = async || tara.get("/api/v1/tokens").await.expect(200)["items"][0].clone();
    assert_eq!((of_token().await["refused"].clone(), of_token().await["refused_why"].clone()), (json!(1), json!("elsewhere")));
    app.clock.advance(MINUTE);
    far.get("/api/v1/me").await.problem(403, "token_elsewhere");
    assert_eq!(of_token().await["refused"], 6);
    assert_eq!(app.refusals(6).await, vec![("token.refused".to_owned(), "token_elsewhere".to_owned()); 6]);
    let line = app.audit().await.into_iter().find(|line| line.entry.operation == "token.refused").unwrap();
    assert_eq!((line.by.name.as_deref(), line.details.request), (Some("ERP"), json!({"from": "198.51.100.7"})));
}

#[tokio::test]
async fn a_secret_is_replaced_with_an_overlap_and_expires() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let until = app.env().now().plus(3 * HOUR);
    let new = json!({"name": "ERP", "permissions": [{"permission": "desk", "reach": ["company"]}], "expires_at": until});
    let first = tara.post("/api/v1/tokens", new).await.expect(201);
    let rotated = tara.post(&format!("{}/secret", path(&first)), json!({"overlap_s": 3600})).await.expect(200);
    assert_eq!(rotated["old_secret_until"], json!(app.env().now().plus(HOUR)));
    assert!(rotated["secret"] != first["secret"] && rotated["hint"] != first["hint"]);
    let (old, new) = (client(&app, &first), client(&app, &rotated));
    let mut socket = Realtime::connect(&old).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
    socket.until("welcome").await;
    for each in [&old, &new] {
        each.get("/api/v1/me").await.expect(200);
    }
    app.clock.advance(HOUR);
    old.get("/api/v1/me").await.problem(401, "token_expired");
    new.get("/api/v1/me").await.expect(200);
    realtime::jobs::end_expired_sockets::step(app.app()).await.unwrap();
    assert_eq!(socket.farewell().await.0.as_deref(), Some("token_expired"));
    // Without an overlap, connections that were opened with the old secret end at once. An hour later, who makes it has to prove who they are.
    tara.post(&format!("{}/secret", path(&first)), json!({"overlap_s": 0})).await.problem(403, "proof_required");
    let proved = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
    let mut socket = Realtime::connect(&new).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
    socket.until("welcome").await;
    let last = client(&app, &proved.post(&format!("{}/secret", path(&first)), json!({"overlap_s": 0})).await.expect(200));
    socket.closed().await;
    new.get("/api/v1/me").await.problem(401, "token_expired");
    last.get("/api/v1/me").await.expect(200);
    app.clock.advance(2 * HOUR);
    last.get("/api/v1/me").await.problem(401, "token_expired");
    assert_eq!(tara.get("/api/v1/tokens").await.expect(200)["items"][0]["state"], "expired");
    assert_eq!(tara.delete(&path(&first)).await.status.as_u16(), 204);
    app.clock.advance(LISTED_MS);
    let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
    assert_eq!(tara.get("/api/v1/tokens").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn every_answer_tells_what_is_left_of_the_quota() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let program = client(&app, &made(&tara, "CRM", &["desk"]).await);
    let answer = program.get("/api/v1/me").await;
    let policy = format!("\"token\";q={};w=60", quota::PER_MINUTE);
    assert_eq!((answer.header("ratelimit-policy"), answer.header("ratelimit")), (policy.as_str(), "\"token\";r=599;t=60"));
    assert_eq!(tara.get("/api/v1/me").await.header("ratelimit"), "");
    let id = program.get("/api/v1/me").await;
    assert_eq!(id.header("ratelimit"), "\"token\";r=598;t=60");
    let listed = tara.get("/api/v1/tokens").await.expect(200)["items"][0]["id"].as_str().unwrap().parse().unwrap();
    while app.app().in_memory().quotas.take(listed, app.env().now()).is_ok() {}
    let refused = program.get("/api/v1/me").await;
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit")), ("60", "\"token\";r=0;t=60"));
    assert_eq!(refused.problem(429, "too_many_requests")["retry_after"], 60);
    app.clock.advance(MINUTE);
    program.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let token = made(&tara, "CRM", &["desk"]).await;
    let secret = token["secret"].as_str().unwrap();
    for broken in [&secret[..secret.len() - 1], "ydt_", &format!("ydt_{}", "0".repeat(50))] {
        app.with_token(broken).get("/api/v1/me").await.problem(401, "token_unknown");
        app.with_token(broken).post("/rt/send", json!({"frames": []})).await.problem(401, "token_unknown");
    }
    // With a token, a cookie does not count.
    let both = app.request(reqwest::Method::GET, "/api/v1/me").header("cookie", format!("__Host-yingda={}", tara.cookie.as_ref().unwrap()));
    app.send(both.bearer_auth("ydt_x")).await.problem(401, "token_unknown");
    // No page of another site needs to be kept away: browsers send no token by themselves.
    let elsewhere = reqwest::Client::new().post(format!("{}/api/v1/files?name=a.txt", app.base)).header("origin", "https://evil.example");
    let answer = app.send(elsewhere.bearer_auth(secret).header("content-type", "text/plain").body("hello")).await;
    let file = answer.expect(201)["id"].as_str().unwrap().to_owned();
    client(&app, &token).get(&format!("/api/v1/files/{file}")).await.expect_bytes(b"hello");
    for other in [&app.visitor().await.token, &tara.cookie] {
        app.with_token(other.as_ref().unwrap()).get("/api/v1/me").await.problem(401, "not_signed_in");
    }
}

#[tokio::test]
async fn a_second_step_is_reset_at_the_terminal_for_whom_nobody_else_can_help() {
    use server::setup::admin::{self, Command, Reply};
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    tara.post("/api/v1/me/second-step", json!(null)).await.expect(201);
    let reset = |email: &str| Command::ResetSecondStep { email: email.to_owned(), company: None };
    assert!(admin::run(app.app(), reset("nobody@alpha.example")).await.is_err());
    let done = admin::run(app.app(), reset("Tara@alpha.example")).await;
    assert!(matches!(done, Ok(Reply::SecondStepReset(id)) if id == tara.member.id));
    tara.get("/api/v1/me").await.problem(401, "not_signed_in");
    let (tenant, id) = (app.company.tenant, tara.member.id);
    assert!(store::second_steps::find(&mut app.app().db().read().await.unwrap(), tenant, id).await.unwrap().is_none());
    let noted = audited(&app).await;
    assert!(noted.iter().any(|(who, what, _)| (who.as_str(), what.as_str()) == ("terminal", "yingda admin reset-second-step")));
}

#[tokio::test]
async fn a_token_at_the_terminal_is_noted_in_the_audit() {
    use server::setup::admin::{self, Command, Reply};
    let app = TestApp::new().await;
    let create = |company: &str, permissions: Value| {
        let new = json!({"command": "create_token", "company": company, "name": "ERP", "permissions": permissions, "ranges": [], "life_ms": HOUR});
        serde_json::from_value::<Command>(new).unwrap()
    };
    for (company, permissions) in [("beta", json!({"desk": ["own"]})), ("alpha", json!({"desk": ["far"]})), ("alpha", json!({"nothing": ["own"]}))] {
        assert!(admin::run(app.app(), create(company, permissions)).await.is_err());
    }
    let Reply::Token(made) = admin::run(app.app(), create("alpha", json!({"desk": ["company"]}))).await.unwrap() else { panic!("a token") };
    app.with_token(&made.secret).get("/api/v1/me").await.expect(200);
    let revoke = Command::RevokeToken { company: None, token: "ERP".to_owned() };
    assert!(matches!(admin::run(app.app(), revoke.clone()).await, Ok(Reply::Revoked(id)) if id == made.id));
    app.with_token(&made.secret).get("/api/v1/me").await.problem(401, "token_revoked");
    assert!(admin::run(app.app(), revoke).await.is_err());
    let noted = audited(&app).await;
    let acts: Vec<_> = noted.iter().map(|(who, what, _)| (who.as_str(), what.as_str())).collect();
    assert_eq!(acts[..2], [("terminal", "yingda token create"), ("terminal", "yingda token revoke")]);
    assert!(app.refusals(1).await.iter().any(|(_, code)| code == "token_revoked"));
    assert!(noted.iter().all(|(.., request)| !request.to_string().contains(&made.secret)));
}
