//! Several nodes on one PostgreSQL: any of them serves anybody, with Redis and without.

use std::time::{Duration, Instant};

use desk::jobs::keep_leases;
use domain::staff::{AgentState, UNREACHABLE_AFTER_MS};
use realtime::jobs::join_cluster;
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use testkit_server::{Client, Realtime, TestRedis};

use crate::stories::people::{as_customer, entries, entry, first, new_conversation, post, send, staff_socket, text, visitor_socket};

/// Texts arrive at another node within this time, even while Redis is down: long before a lease or a timeout runs out.
fn soon() -> Duration {
    Duration::from_secs(5).mul_f64(testkit::slowness())
}

async fn stop(nodes: Vec<TestApp>) {
    // The first one owns the database.
    for node in nodes.into_iter().rev() {
        node.stop().await;
    }
}

/// An available agent, connected to a node.
async fn agent_at(node: &TestApp, name: &str) -> (StaffClient, Realtime) {
    super::people::working_agent(node, name).await
}

async fn follow(client: &Client, conversation: &str) -> Realtime {
    let mut socket = Realtime::connect(client).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": client.token, "cursors": {conversation: 0}})).await;
    socket.until("welcome").await;
    socket
}

async fn hears(socket: &mut Realtime, words: &str) -> Duration {
    let begun = Instant::now();
    socket.find(words, |frame| entries(frame).iter().any(|e| e["body"]["text"] == words)).await;
    begun.elapsed()
}

fn is_fast(node: &TestApp) -> bool {
    node.app().cluster().is_fast()
}

async fn until_fast(nodes: &[TestApp], fast: bool) {
    let knows = |node: &TestApp| is_fast(node) == fast && node.app().cluster().nodes() == nodes.len() as u64;
    eventually("Redis and the other nodes are noticed", || async { nodes.iter().all(knows).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_reach_readers_on_other_nodes_without_redis_and_with_one_that_never_was() {
    words_reach_other_nodes(None).await;
    words_reach_other_nodes(Some("redis+unix:///nowhere/redis.sock")).await;
}

async fn words_reach_other_nodes(redis: Option<&str>) {
    let Some(nodes) = TestApp::cluster(3, redis).await else { return };
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let mut elsewhere = follow(&visitor.at(&nodes[1].base), &name).await;
    let mut again = follow(&visitor.at(&nodes[2].base), &name).await;
    post(&visitor, vec![send(&name, text("one"))]).await;
    post(&visitor.at(&nodes[2].base), vec![send(&name, text("two"))]).await;
    for socket in [&mut elsewhere, &mut again] {
        assert!(hears(socket, "one").await < soon());
    }
    let seen = as_customer(&visitor, &name).await;
    assert!(seen.iter().map(|e| e["seq"].as_i64().unwrap()).eq(1..=seen.len() as i64));
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_typing_marks_and_rows_reach_other_nodes_with_redis_and_after_it_is_back() {
    let Some(_) = testkit::database::postgres_url() else { return };
    let mut redis = TestRedis::start().await;
    let Some(nodes) = TestApp::cluster(2, Some(&redis.url())).await else { return };
    until_fast(&nodes, true).await;
    let (_agent, mut desk) = agent_at(&nodes[1], "ada").await;
    let visitor = nodes[0].visitor().await;
    let mut chat = visitor_socket(&visitor, &visitor.session).await;
    let name = new_conversation();
    chat.send(&first(&name, text("I want to talk to a person"))).await;
    let row = desk.find("the row", |f| f["t"] == "summary" && f["conversation"]["state"] == "active").await;
    assert_eq!(row["conversation"]["id"], name.as_str());
    desk.send(&super::people::hello(&[&name])).await;
    desk.until("reset").await;
    chat.send(&json!({"t": "typing", "conversation": name, "on": true})).await;
    assert_eq!(desk.until("typing").await["by"], "customer");
    desk.send(&send(&name, text("here I am"))).await;
    hears(&mut chat, "here I am").await;
    chat.send(&json!({"t": "mark", "stream": name, "received": 1, "read": 1})).await;
    desk.find("the mark", |f| f["t"] == "marks" && f["customer"]["read"] == 1).await;
    // Redis is killed, and everything goes on; it comes back empty, and everything goes on.
    redis.kill().await;
    until_fast(&nodes, false).await;
    desk.send(&send(&name, text("without"))).await;
    assert!(hears(&mut chat, "without").await < soon());
    chat.send(&json!({"t": "mark", "stream": name, "received": 2, "read": 2})).await;
    desk.find("the mark", |f| f["t"] == "marks" && f["customer"]["read"] == 2).await;
    redis.again().await;
    until_fast(&nodes, true).await;
    chat.send(&send(&name, text("with"))).await;
    assert!(hears(&mut desk, "with").await < soon());
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_delays_nobody() {
    let Some(_) = testkit::database::postgres_url() else { return };
    let redis = TestRedis::start().await;
    let Some(nodes) = TestApp::cluster(2, Some(&redis.url())).await else { return };
    until_fast(&nodes, true).await;
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let mut elsewhere = follow(&visitor.at(&nodes[1].base), &name).await;
    redis.hang().await;
    for n in 0..10 {
        let (words, begun) = (format!("while it hangs {n}"), Instant::now());
        let answers = post(&visitor, vec![send(&name, text(&words))]).await;
        assert!(answers[0]["t"] == "ok" && begun.elapsed() < soon(), "{answers:?}");
        assert!(hears(&mut elsewhere, &words).await < soon());
    }
    until_fast(&nodes, false).await;
    redis.wake().await;
    until_fast(&nodes, true).await;
    post(&visitor, vec![send(&name, text("awake"))]).await;
    assert!(hears(&mut elsewhere, "awake").await < soon());
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_given_what_came_to_another_node_and_nobody_else_can_take_it() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let (ada, mut desk) = agent_at(&nodes[0], "ada").await;
    let visitor = nodes[1].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
    let row = desk.find("the row", |f| f["t"] == "summary" && f["conversation"]["id"] == name.as_str()).await;
    assert_eq!(row["conversation"]["state"], "active");
    // The other visitor waits; the conversation is taken at one node, and leaves the queue at the other.
    ada.put("/api/v1/me/state", json!({"state": "break"})).await.expect(200);
    let (eve, mut other) = (nodes[1].agent("eve").await, nodes[0].visitor().await);
    let mut list = staff_socket(&eve, &[]).await;
    let second = new_conversation();
    post(&other, vec![first(&second, json!({"type": "request_human", "via": "button"}))]).await;
    list.find("it waits", |f| f["t"] == "summary" && f["conversation"]["state"] == "queued").await;
    let taken = post(&ada, vec![send(&second, json!({"type": "take"}))]).await;
    assert_eq!(taken[0]["t"], "ok", "{taken:?}");
    list.find("it is served", |f| f["t"] == "gone" && f["stream"] == second.as_str()).await;
    let refused = post(&eve, vec![send(&second, json!({"type": "take"}))]).await;
    assert_eq!(refused[0]["code"], "already_taken", "{refused:?}");
    let words = post(&eve, vec![send(&second, text("hello"))]).await;
    assert_eq!(words[0]["code"], "not_found", "it is nobody else's to see: {words:?}");
    other.session = Value::Null;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_on_one_node_ends_its_connections_on_all_of_them() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let ada = nodes[0].agent("ada").await;
    let mut socket = staff_socket(&ada.at(&nodes[1].base), &[]).await;
    let sessions = ada.get("/api/v1/auth/sessions").await.expect(200);
    let id = sessions["items"][0]["id"].as_str().unwrap().to_owned();
    ada.delete(&format!("/api/v1/auth/sessions/{id}")).await.expect(204);
    let begun = Instant::now();
    let last = socket.until("no").await;
    assert_eq!(last["code"], "signed_out");
    socket.closed().await;
    assert!(begun.elapsed() < soon(), "{:?}", begun.elapsed());
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gone_nodes_agents_left_unanswered_goes_back_after_their_lease() {
    let Some(mut nodes) = TestApp::cluster(2, None).await else { return };
    let gone = nodes.pop().unwrap();
    let (ada, desk) = agent_at(&gone, "ada").await;
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    let mut chat = visitor_socket(&visitor, &visitor.session).await;
    chat.send(&first(&name, json!({"type": "request_human", "via": "button"}))).await;
    entry(&mut chat, "assigned").await;
    drop(desk);
    gone.stop().await;
    let here = &nodes[0];
    here.clock.advance(UNREACHABLE_AFTER_MS);
    join_cluster::step(here.app()).await.unwrap();
    keep_leases::step(here.app()).await.unwrap();
    here.clock.advance(1);
    keep_leases::step(here.app()).await.unwrap();
    entry(&mut chat, "returned").await;
    // Back on the other node, she is reachable again, and the conversation is hers once more.
    let mut back = staff_socket(&ada.at(&here.base), &[]).await;
    let member = ada.at(&here.base).get("/api/v1/me").await.expect(200);
    assert_eq!(member["state"], AgentState::Available.as_str());
    back.find("the row", |f| f["t"] == "summary" && f["conversation"]["state"] == "active").await;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_says_so_first_and_sends_everybody_away() {
    let Some(mut nodes) = TestApp::cluster(2, None).await else { return };
    let visitor = nodes[1].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let mut sockets = Vec::new();
    for _ in 0..8 {
        sockets.push(follow(&visitor, &name).await);
    }
    let mut leaving = nodes.pop().unwrap();
    let poller = visitor.clone();
    let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {visitor.session["visitor"].as_str().unwrap(): null}});
    let settled = poller.post("/rt/events", hello).await;
    let generation = &visitor.session["generation"];
    let head = String::from_utf8_lossy(&settled.body).lines().find_map(|l| serde_json::from_str::<Value>(l).ok().filter(|f| f["t"] == "reset")).unwrap();
    let hello =
        json!({"t": "hello", "version": 1, "token": visitor.token, "generation": generation, "cursors": {head["stream"].as_str().unwrap(): head["seq"]}});
    let poll = tokio::spawn(async move { poller.post("/rt/events", hello).await });
    eventually("the poll waits", || async { (leaving.app().hub().everybody().len() == sockets.len() + 1).then_some(()) }).await;
    leaving.signal();
    eventually("it says so", || async { (leaving.app().cluster().is_draining()).then_some(()) }).await;
    for socket in &mut sockets {
        assert_eq!(socket.until("no").await["code"], "moving");
        socket.closed().await;
    }
    let answer = poll.await.unwrap();
    assert!(String::from_utf8_lossy(&answer.body).contains(r#""code":"moving""#), "{answer:?}");
    leaving.stop().await;
    join_cluster::step(nodes[0].app()).await.unwrap();
    assert_eq!(nodes[0].app().cluster().nodes(), 1);
    // A client that was connected goes on elsewhere, with everything that was said.
    let mut socket = follow(&visitor.at(&nodes[0].base), &name).await;
    hears(&mut socket, "hello").await;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_about_to_end_is_not_healthy() {
    let app = TestApp::new().await;
    app.get("/healthz").await.expect(200);
    app.app().cluster().drain();
    app.get("/healthz").await.problem(503, "busy");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_write_into_the_same_conversations_at_once_and_all_readers_see_one_order() {
    const EACH: usize = 20;
    let Some(nodes) = TestApp::cluster(3, None).await else { return };
    let mut talks = Vec::new();
    for _ in 0..8 {
        let (visitor, name) = (nodes[0].visitor().await, new_conversation());
        post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
        let mut readers = Vec::new();
        for node in &nodes {
            readers.push(follow(&visitor.at(&node.base), &name).await);
        }
        talks.push((visitor, name, readers));
    }
    let mut writers = tokio::task::JoinSet::new();
    for (visitor, name, _) in &talks {
        for (n, node) in nodes.iter().enumerate() {
            let (client, name) = (visitor.at(&node.base), name.clone());
            writers.spawn(async move {
                for line in 0..EACH {
                    post(&client, vec![send(&name, text(&format!("{n} {line}")))]).await;
                }
            });
        }
    }
    writers.join_all().await;
    for (_, _, readers) in &mut talks {
        let mut orders = Vec::new();
        for reader in readers {
            let (mut said, mut last) = (Vec::new(), 0);
            while said.len() < nodes.len() * EACH {
                let frame = reader.find("entries", |f| f["t"] == "entries").await;
                for entry in entries(&frame) {
                    assert_eq!(entry["seq"], last + 1);
                    last += 1;
                    said.extend(entry["body"]["text"].as_str().map(str::to_owned));
                }
            }
            for n in 0..nodes.len() {
                let own: Vec<&String> = said.iter().filter(|text| text.starts_with(&format!("{n} "))).collect();
                assert!(own.iter().enumerate().all(|(line, text)| **text == format!("{n} {line}")), "{own:?}");
            }
            orders.push(said);
        }
        assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
    }
    stop(nodes).await;
}
