//! Webhooks on a running server: in order, signed, retried, given up, replayed, and sent by one node at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use connect::callout::signature;
use connect::table::webhook_deliveries::Delivery;
use domain::{id::DeliveryId, staff::Role, webhook::DeliveryState};
use platform::settings::Settings;
use serde_json::{Value, json};
use server::start;
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use testkit_server::{
    Receiver,
    receiver::{Answers, Received},
};

const ALL: [&str; 4] = ["conversation.opened", "conversation.message", "conversation.human_requested", "conversation.queued"];

async fn administrator(app: &TestApp) -> StaffClient {
    app.staff(Role::Administrator, "tara").await
}

/// The same person with a new session, after the clock has passed the end of the old one.
async fn again(app: &TestApp, who: &StaffClient) -> testkit_server::Client {
    who.with_cookie(&app.company.session(app.app().db(), who.member.id).await)
}

async fn webhook(who: &testkit_server::Client, receiver: &Receiver, bodies: bool) -> Value {
    who.post("/api/v1/webhooks", json!({"url": receiver.url, "events": ALL, "bodies": bodies})).await.expect(201)
}

fn event(received: &Received) -> Value {
    serde_json::from_str(&received.body).unwrap()
}

/// The accepted events of each conversation, in the order of arrival.
fn taken(receiver: &Receiver) -> BTreeMap<String, Vec<i64>> {
    let mut taken = BTreeMap::<String, Vec<i64>>::new();
    for one in receiver.received().into_iter().filter(|one| one.taken) {
        let event = event(&one);
        // A test event belongs to no conversation.
        let Some(conversation) = event["conversation"].as_str() else { continue };
        taken.entry(conversation.to_owned()).or_default().push(event["seq"].as_i64().unwrap());
    }
    taken
}

/// The expected events of each conversation, according to the feed.
async fn told(who: &testkit_server::Client) -> BTreeMap<String, Vec<i64>> {
    let page = who.get("/api/v1/events?limit=500").await.expect(200);
    let mut told = BTreeMap::<String, Vec<i64>>::new();
    for event in page["items"].as_array().unwrap() {
        if ALL.contains(&event["type"].as_str().unwrap()) {
            told.entry(event["conversation"].as_str().unwrap().to_owned()).or_default().push(event["seq"].as_i64().unwrap());
        }
    }
    told.values_mut().for_each(|numbers| numbers.sort_unstable());
    told
}

async fn tries(receiver: &Receiver, more_than: usize) -> usize {
    eventually("another attempt", async || Some(receiver.received().len()).filter(|n| *n > more_than)).await
}

/// Waits until the receiver has taken everything; each look comes this much later on the clock.
async fn everything_taken(app: &TestApp, who: &testkit_server::Client, receiver: &Receiver, step_ms: i64) {
    eventually("everything arrived", async || {
        app.clock.advance(step_ms);
        (taken(receiver).values().map(Vec::len).sum::<usize>() >= told(who).await.values().map(Vec::len).sum()).then_some(())
    })
    .await;
}

async fn ten_minutes(app: TestApp) {
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::Nothing).await;
    let made = webhook(&tara, &receiver, true).await;
    let (one, other) = (app.visitor().await, app.visitor().await);
    let (a, b) = (one.open("a1").await, other.open("b1").await);
    let mut seen = tries(&receiver, 1).await;
    for minute in 0..10 {
        one.say(&a, false, json!({"type": "text", "text": format!("a {minute}")})).await;
        other.say(&b, false, json!({"type": "text", "text": format!("b {minute}")})).await;
        app.clock.advance(60_000);
        // The waits grow: later, there is not an attempt every minute.
        if minute < 2 {
            seen = tries(&receiver, seen).await;
        }
    }
    one.say(&a, false, json!({"type": "request_human", "via": "button"})).await;
    assert!(taken(&receiver).is_empty());
    receiver.take();
    app.clock.advance(60 * 60_000);
    everything_taken(&app, &tara, &receiver, 1_000).await;
    let (taken, told) = (taken(&receiver), told(&tara).await);
    assert_eq!(taken, told, "each once, in order, and nothing is missing");
    assert_eq!(told.len(), 2);
    let secret = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, made["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
    let mut bodies = BTreeMap::<String, BTreeSet<String>>::new();
    for one in receiver.received() {
        let (id, at) = (&one.headers["webhook-id"], one.headers["webhook-timestamp"].parse().unwrap());
        let expected = signature::signatures(std::slice::from_ref(&secret), id, at, one.body.as_bytes());
        assert_eq!(one.headers["webhook-signature"], expected);
        bodies.entry(id.clone()).or_default().insert(one.body.clone());
    }
    assert_eq!(bodies.len(), told.values().map(Vec::len).sum::<usize>());
    assert!(bodies.values().all(|bodies| bodies.len() == 1), "an id stands for one event");
    app.stop().await;
}

#[tokio::test]
async fn after_ten_minutes_without_a_receiver_nothing_is_lost_and_every_conversation_is_in_order() {
    ten_minutes(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        ten_minutes(app).await;
    }
}

#[tokio::test]
async fn what_was_given_up_after_seventy_two_hours_is_replayed_under_the_same_id() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::With(500, "", "<b>not now</b>")).await;
    let made = webhook(&tara, &receiver, false).await;
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    app.visitor().await.open("hello").await;
    tries(&receiver, 0).await;
    eventually("the words and the answer wait behind the opening", async || {
        let listed = tara.get("/api/v1/webhooks").await.expect(200);
        (listed["items"][0]["pending"].as_i64()? >= 3).then_some(())
    })
    .await;
    // What has waited behind the opening for as long ends soon after it.
    app.clock.advance(73 * 3_600_000);
    let later = again(&app, &tara).await;
    let dead = eventually("dead letters", async || {
        let dead = later.get(&format!("{path}/deliveries?state=dead")).await.expect(200)["items"].as_array().unwrap().clone();
        (dead.len() >= 3).then_some(dead)
    })
    .await;
    let tara = again(&app, &tara).await;
    let opened = dead.iter().find(|delivery| delivery["type"] == "conversation.opened").unwrap();
    assert_eq!((&opened["last_code"], &opened["next_at"], &opened["state"]), (&json!("refused"), &json!(null), &json!("dead")));
    let one = format!("{path}/deliveries/{}", opened["id"].as_str().unwrap());
    let detail = tara.get(&one).await.expect(200);
    assert_eq!((&detail["tried"][0]["status"], &detail["tried"][0]["excerpt"]), (&json!(500), &json!("<b>not now</b>")));
    assert_eq!(serde_json::from_str::<Value>(detail["request"].as_str().unwrap()).unwrap()["type"], "conversation.opened");
    receiver.take();
    let replayed = tara.post(&format!("{one}/replay"), json!({})).await.expect(200);
    assert_eq!(replayed["state"], "pending");
    tara.post(&format!("{one}/replay"), json!({})).await.problem(409, "delivery_not_dead");
    let delivered = eventually("it arrives", async || Some(tara.get(&one).await.expect(200)).filter(|delivery| delivery["state"] == "delivered")).await;
    assert_eq!(delivered["tried"].as_array().unwrap().last().unwrap()["status"], 200);
    let arrived = receiver.received().into_iter().find(|one| one.taken && event(one)["type"] == "conversation.opened").unwrap();
    assert_eq!(arrived.headers["webhook-id"], opened["id"].as_str().unwrap());
    let rest = tara.post(&format!("{path}/replay"), json!({})).await.expect(200);
    assert!(rest["replayed"].as_i64().unwrap() >= 1 && rest["left"] == 0, "{rest}");
    eventually("no dead letters", async || {
        app.clock.advance(60_000);
        let listed = tara.get("/api/v1/webhooks").await.expect(200);
        (listed["items"][0]["dead"] == 0 && listed["items"][0]["pending"] == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_asked_again_only_after_it_was_switched_on() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::With(410, "", "")).await;
    let made = webhook(&tara, &receiver, false).await;
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    let gone = eventually("it is gone", async || {
        let listed = tara.get("/api/v1/webhooks").await.expect(200);
        Some(listed["items"][0].clone()).filter(|webhook| webhook["state"] == "gone")
    })
    .await;
    receiver.take();
    visitor.say(&conversation, false, json!({"type": "text", "text": "nobody hears this"})).await;
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    app.clock.advance(60_000);
    tara.patch(&path, json!({"enabled": true, "seen": gone["updated_at"]})).await.expect(200);
    visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    eventually("what comes later arrives", async || {
        receiver.received().iter().any(|one| one.taken && event(one)["type"] == "conversation.human_requested").then_some(())
    })
    .await;
    assert!(
        !receiver.received().iter().any(|one| one.taken && event(one)["type"] == "conversation.opened"),
        "the one that was answered with gone is a dead letter"
    );
    assert!(receiver.received().iter().all(|one| event(one).get("body").is_none()), "no words were asked for");
}

#[tokio::test]
async fn a_test_event_shows_the_answer_and_both_secrets_sign_during_rotation() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::With(302, "location: http://127.0.0.1:1/\r\n", "moved")).await;
    let made = webhook(&tara, &receiver, false).await;
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    let ended = async |sent: &Value| {
        let one = format!("{path}/deliveries/{}", sent["id"].as_str().unwrap());
        eventually("the test has ended", async || Some(tara.get(&one).await.expect(200)).filter(|delivery| delivery["state"] != "pending")).await
    };
    let sent = tara.post(&format!("{path}/test"), json!({})).await.expect(202);
    let refused = ended(&sent).await;
    assert_eq!((&refused["state"], &refused["tried"][0]["code"], &refused["tried"][0]["excerpt"]), (&json!("dead"), &json!("redirected"), &json!("moved")));
    assert_eq!(tara.get("/api/v1/webhooks").await.expect(200)["items"][0]["dead"], 0, "a test is nobody's dead letter");
    tara.post(&format!("{path}/deliveries/{}/replay", sent["id"].as_str().unwrap()), json!({})).await.problem(409, "delivery_not_dead");
    receiver.take();
    let rotated = tara.post(&format!("{path}/secret"), json!({})).await.expect(200);
    assert_eq!(ended(&tara.post(&format!("{path}/test"), json!({})).await.expect(202)).await["state"], "delivered");
    let last = receiver.received().pop().unwrap();
    assert_eq!(event(&last)["type"], "test");
    let secrets: Vec<Vec<u8>> = [&rotated, &made]
        .map(|one| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &one["secret"].as_str().unwrap()["whsec_".len()..]).unwrap())
        .to_vec();
    let at = last.headers["webhook-timestamp"].parse().unwrap();
    assert_eq!(last.headers["webhook-signature"], signature::signatures(&secrets, &last.headers["webhook-id"], at, last.body.as_bytes()));
}

#[tokio::test]
async fn what_belongs_to_a_removed_endpoint_goes_with_it() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::With(500, "", "")).await;
    let made = webhook(&tara, &receiver, false).await;
    app.visitor().await.open("hello").await;
    tries(&receiver, 0).await;
    tara.delete(&format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap())).await;
    let db = app.app().db();
    eventually("nothing is left", async || {
        connect::jobs::forget_deliveries::step(app.app()).await.unwrap();
        (store::entry_points::webhooks_at_rest(db).await.unwrap().is_empty() && store::entry_points::webhooks(db).await.unwrap().is_empty()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::Nothing).await;
    webhook(&tara, &receiver, false).await;
    let conversation = app.visitor().await.open("hello").await;
    tries(&receiver, 0).await;
    let settings = app.app().settings().clone();
    app.app().db().close().await;
    receiver.take();
    let restarted = start::start(settings, Arc::new(app.clock.clone())).await.unwrap();
    let numbers = eventually("everything arrives", async || {
        app.clock.advance(10_000);
        taken(&receiver).remove(&conversation).filter(|numbers| numbers.len() >= 3)
    })
    .await;
    assert_eq!(numbers, [1, 2, 3]);
    restarted.db().close().await;
}

/// Queues deliveries of conversations that nobody can read any more for an endpoint: each fails, and others wait behind it.
async fn backlog(app: &TestApp, webhook: &Value, conversations: usize, each: i64) {
    let (tenant, env, webhook) = (app.company.tenant, app.env(), webhook["id"].as_str().unwrap().parse().unwrap());
    let (now, state) = (env.now(), DeliveryState::Pending);
    for _ in 0..conversations {
        let stream = env.uuid();
        let waiting = (1..=each).map(|seq| Delivery {
            id: DeliveryId::new(env.uuid()),
            webhook,
            stream,
            seq,
            kind: "conversation.message".to_owned(),
            state,
            attempts: 0,
            attempts_before: 0,
            first_at: None,
            due_at: now,
            last_code: None,
            ended_at: None,
            created_at: now,
        });
        let waiting: Vec<Delivery> = waiting.collect();
        let write = app
            .app()
            .db()
            .writer()
            .write(db::Shard::Any, move |tx| Box::pin(async move { connect::table::webhook_deliveries::insert(tx, tenant, &waiting).await }));
        write.await.unwrap();
    }
}

async fn much_waits_for_one(app: TestApp) {
    let tara = administrator(&app).await;
    let (failing, well) = (Receiver::new(Answers::Nothing).await, Receiver::new(Answers::With(200, "", "")).await);
    let made = webhook(&tara, &failing, false).await;
    backlog(&app, &made, 30, 300).await;
    webhook(&tara, &well, false).await;
    let beta = app.other_company("beta").await;
    let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
    let other = webhook(&bob, &well, false).await;
    let path = format!("/api/v1/webhooks/{}", other["id"].as_str().unwrap());
    for _ in 0..3 {
        app.visitor().await.open("hello").await;
        let sent = bob.post(&format!("{path}/test"), json!({})).await.expect(202);
        let one = format!("{path}/deliveries/{}", sent["id"].as_str().unwrap());
        eventually("another company gets its own", async || {
            app.clock.advance(5_000);
            (bob.get(&one).await.expect(200)["state"] == "delivered").then_some(())
        })
        .await;
    }
    eventually("so does the endpoint beside it", async || (taken(&well).len() == 3).then_some(())).await;
    let first = tara.get(&format!("/api/v1/webhooks/{}/deliveries?state=pending", made["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 50, "what cannot be sent waits");
    app.stop().await;
}

#[tokio::test]
async fn much_that_waits_for_one_endpoint_keeps_nobody_else_waiting() {
    much_waits_for_one(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        much_waits_for_one(app).await;
    }
}

#[tokio::test]
async fn what_is_tried_again_later_makes_room_for_other_conversations() {
    let app = TestApp::new().await;
    let tara = administrator(&app).await;
    let receiver = Receiver::new(Answers::With(200, "", "")).await;
    let made = webhook(&tara, &receiver, false).await;
    backlog(&app, &made, 100, 1).await;
    let path = format!("/api/v1/webhooks/{}/deliveries?state=pending", made["id"].as_str().unwrap());
    eventually("some are tried again later", async || {
        let waiting = tara.get(&path).await.expect(200)["items"].as_array().unwrap().clone();
        waiting.iter().any(|one| one["attempts"] == 1).then_some(())
    })
    .await;
    app.visitor().await.open("hello").await;
    eventually("another conversation gets its turn, though no time goes by", async || (taken(&receiver).len() == 1).then_some(())).await;
}

#[tokio::test]
async fn two_nodes_do_not_send_the_same_delivery_twice() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let folder = app.data().join("second");
    std::fs::create_dir(&folder).unwrap();
    let second = start::start(Settings { data: folder, ..app.app().settings().clone() }, Arc::new(app.clock.clone())).await.unwrap();
    let tara = administrator(&app).await;
    let receivers = [Receiver::new(Answers::With(200, "", "")).await, Receiver::new(Answers::With(200, "", "")).await];
    for receiver in &receivers {
        webhook(&tara, receiver, false).await;
    }
    let visitors: Vec<_> = futures_util::future::join_all((0..12).map(|_| app.visitor())).await;
    let opened = futures_util::future::join_all(visitors.iter().map(|visitor| visitor.open("hello"))).await;
    for _ in 0..3 {
        let says = visitors.iter().zip(&opened).map(|(visitor, conversation)| visitor.say(conversation, false, json!({"type": "text", "text": "again"})));
        futures_util::future::join_all(says).await;
    }
    for receiver in &receivers {
        // The clock stands still: one that runs ahead of nodes that are waiting for the processor takes their leases from them.
        everything_taken(&app, &tara, receiver, 0).await;
        let ids: Vec<String> = receiver.received().iter().map(|one| one.headers["webhook-id"].clone()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no delivery came twice");
        assert_eq!(taken(receiver), told(&tara).await);
    }
    second.db().close().await;
    app.stop().await;
}
