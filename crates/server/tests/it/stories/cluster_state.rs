//! What the nodes of a cluster share besides messages: numbers, caches, limits, generations, and the work of a node that died.

use std::sync::Arc;

use db::{Config, Db, Engine, Shard};
use desk::jobs::sweep_conversations;
use domain::{
    conversation::{Event, ReopenTo, Said},
    entry::Changed,
    id::ConversationId,
    journal::Actor,
    time::SECOND,
};
use insight::jobs::feed_panel;
use realtime::jobs::join_cluster;
use serde_json::json;
use store::TenantTx;
use testkit::eventually;
use testkit_app::TestApp;
use testkit_server::{Realtime, TestRedis};

use crate::stories::people::{as_customer, entries, first, new_conversation, post, send, text};

async fn stop(nodes: Vec<TestApp>) {
    // The first one owns the database.
    for node in nodes.into_iter().rev() {
        node.stop().await;
    }
}

/// A program on the same record that notifies nobody, like a node that dies right after its commit.
async fn dying(node: &TestApp) -> Db {
    let url = node.app().settings().database_url.clone().unwrap();
    let engine = Engine::record_in(url);
    let clock = Arc::new(node.clock.clone());
    Db::open(Config { engine, migrations: store::schema::MIGRATIONS, clock, on_commit: Arc::new(|_| ()) }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_generation_sends_everybody_away_on_every_node_and_resets_them() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let generation = |node: &TestApp| node.app().cluster().generation();
    let before = generation(&nodes[0]);
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "generation": before, "cursors": {name.as_str(): 2}});
    let mut sockets = Vec::new();
    for node in &nodes {
        let mut socket = Realtime::connect(&visitor.at(&node.base)).await;
        socket.send(&hello).await;
        assert_eq!(socket.until("welcome").await["generation"], json!(before));
        sockets.push(socket);
    }
    // As after a backup was restored: the record is on a different timeline from the one noted.
    let note = "UPDATE installation SET home = substr(home, 1, length(home) - 8) || 'before'";
    let noted: Result<(), db::Error> = nodes[1]
        .app()
        .db()
        .writer()
        .write(db::Shard::Any, move |tx| Box::pin(async move { Ok(db::q!(tx, |c| sqlx::query(note).execute(c).await.map(drop))?) }))
        .await;
    noted.unwrap();
    for socket in &mut sockets {
        assert_eq!(socket.until("no").await["code"], "moving");
        socket.closed().await;
    }
    eventually("all nodes agree on the timeline there is", || async {
        let (stored, home) = store::entry_points::generation(nodes[0].app().db()).await.unwrap();
        (!home.unwrap().ends_with("before") && nodes.iter().all(|node| generation(node) == stored)).then_some(())
    })
    .await;
    let mut back = Realtime::connect(&visitor.at(&nodes[1].base)).await;
    back.send(&hello).await;
    let reset = back.until("reset").await;
    assert_ne!(reset["generation"], json!(before));
    assert!(!entries(&reset).is_empty());
    // The numbers are rebuilt from the history in force.
    eventually("the panel is of this generation", || async { (nodes[0].app().editions().generation() == generation(&nodes[0])).then_some(()) }).await;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_of_every_node_shows_what_happened_on_all_of_them() {
    let Some(nodes) = TestApp::cluster(3, None).await else { return };
    let mira = nodes[2].manager("mira").await;
    let mut watching = Realtime::connect(&mira).await;
    watching.send(&json!({"t": "hello", "version": 1, "cursors": {}, "panel": true})).await;
    for node in &nodes {
        let visitor = node.visitor().await;
        post(&visitor, vec![first(&new_conversation(), json!({"type": "request_human", "via": "button"}))]).await;
    }
    let shows = |panel: &serde_json::Value| panel["today"]["transfer_request"] == 3 && panel["today"]["session_created"] == 3;
    watching.find("three requests", |f| f["t"] == "panel" && shows(f)).await;
    for node in &nodes {
        // All of them at once, whichever node leads: nothing is counted twice.
        let (one, two) = tokio::join!(feed_panel::step(node.app()), feed_panel::step(nodes[0].app()));
        one.and(two).unwrap();
        assert!(shows(&mira.at(&node.base).get("/api/v1/panel").await.expect(200)));
    }
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_that_changed_on_one_node_is_read_again_on_the_others() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let tenant = nodes[0].company.tenant;
    let there = &nodes[1];
    let known = there.app().catalogue(tenant).await.unwrap();
    let changed = nodes[0].app().db().writer();
    changed
        .write::<_, store::Error, _>(Shard::Any, move |tx| {
            Box::pin(async move { TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Catalogue).await })
        })
        .await
        .unwrap();
    eventually("the other node reads it again", || async {
        let now = there.app().catalogue(tenant).await.unwrap();
        (!Arc::ptr_eq(&known, &now)).then_some(())
    })
    .await;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_to_a_node_that_died_are_answered_once_each_by_the_others() {
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let answers = async || as_customer(&visitor, &name).await.iter().filter(|e| e["by"]["kind"] == "bot").count();
    eventually("the bot's first answer", || async { (answers().await == 1).then_some(()) }).await;
    let (tenant, id) = (nodes[0].company.tenant, name.parse::<ConversationId>().unwrap());
    let db = dying(&nodes[0]).await;
    for words in ["and then?", "how much is it?"] {
        db.writer()
            .write::<_, store::Error, _>(Shard::Of(id.uuid()), move |tx| {
                Box::pin(async move {
                    let before = store::conversations::lock(tx, tenant, id).await?.unwrap();
                    let said = Said::text(words);
                    let event = Event::CustomerSays { said, reopen: ReopenTo::Bot, product: None };
                    let transition = before.apply(event, &Actor::customer(before.visitor.uuid()), tx.now())?;
                    store::conversations::commit(tx, &before, transition, None).await
                })
            })
            .await
            .unwrap();
    }
    db.close().await;
    nodes[0].clock.advance(11 * SECOND);
    let (one, two) = tokio::join!(sweep_conversations::step(nodes[0].app()), sweep_conversations::step(nodes[1].app()));
    one.and(two).unwrap();
    eventually("the bot's answers to what was lost", || async { (answers().await == 3).then_some(()) }).await;
    nodes[1].bot_is_done().await;
    assert_eq!(answers().await, 3);
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writing_transaction_held_open_elsewhere_delays_nobody() {
    use sqlx::Connection as _;
    let Some(nodes) = TestApp::cluster(2, None).await else { return };
    let mut other = sqlx::PgConnection::connect(nodes[0].app().settings().database_url.as_deref().unwrap()).await.unwrap();
    for sql in ["BEGIN", "SELECT pg_current_xact_id()"] {
        sqlx::query(sql).execute(&mut other).await.unwrap();
    }
    let visitor = nodes[0].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let mut socket = Realtime::connect(&visitor.at(&nodes[1].base)).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): 0}})).await;
    for words in ["one", "two"] {
        post(&visitor, vec![send(&name, text(words))]).await;
        socket.find(words, |f| entries(f).iter().any(|e| e["body"]["text"] == words)).await;
    }
    sqlx::query("COMMIT").execute(&mut other).await.unwrap();
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_for_all_nodes_together_and_by_each_without_redis() {
    let Some(_) = testkit::database::postgres_url() else { return };
    let mut redis = TestRedis::start().await;
    let Some(nodes) = TestApp::cluster(2, Some(&redis.url())).await else { return };
    let fast = async |fast: bool| {
        let is = |node: &TestApp| node.app().cluster().is_fast() == fast;
        eventually("Redis is noticed", || async { nodes.iter().all(is).then_some(()) }).await;
    };
    fast(true).await;
    let wrong = async |n: usize, email: &str| {
        let answer = nodes[n % 2].post("/api/v1/auth/sessions", json!({"email": email, "password": "wrong"})).await;
        answer.status.as_u16()
    };
    for n in 0..3 {
        assert_eq!(wrong(n, "ada@alpha.example").await, 401);
    }
    assert_eq!((wrong(0, "ada@alpha.example").await, wrong(1, "ada@alpha.example").await), (428, 428));
    // Somebody else who writes to Redis makes up no tries and lifts no node's own limit.
    assert_eq!(wrong(0, "mia@alpha.example").await, 401);
    let counted = redis.answer("KEYS yingda:*").await;
    let counted: Vec<&str> = counted.lines().filter(|line| line.starts_with("yingda:") && !line.ends_with(":beat") && !line.contains(":visitors:")).collect();
    assert!(counted.len() > 2, "{counted:?}");
    for key in &counted {
        assert!(redis.answer(&format!("HSET {key} 0123456789abcdef 999.9999999999999.00")).await.contains(":1"), "{key}");
    }
    assert_eq!(wrong(1, "mia@alpha.example").await, 401);
    for key in &counted {
        assert!(redis.answer(&format!("SET {key} 999 EX 900")).await.contains("+OK"), "{key}");
    }
    for expected in [401, 401, 428] {
        assert_eq!(wrong(0, "mia@alpha.example").await, expected);
    }
    assert!(nodes.iter().all(|node| node.app().cluster().is_fast()), "what somebody else wrote does not make Redis seem away");
    redis.kill().await;
    fast(false).await;
    for n in 0..6 {
        assert_eq!(wrong(n, "eve@alpha.example").await, 401);
    }
    assert_eq!((wrong(0, "eve@alpha.example").await, wrong(1, "eve@alpha.example").await), (428, 428));
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_and_the_panel_know_of_visitors_on_other_nodes() {
    let Some(_) = testkit::database::postgres_url() else { return };
    let redis = TestRedis::start().await;
    let Some(nodes) = TestApp::cluster(2, Some(&redis.url())).await else { return };
    let mira = nodes[0].manager("mira").await;
    let visitor = nodes[1].visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
    let path = format!("/api/v1/conversations/{name}");
    let online = async |expected: bool, count: u64| {
        eventually("the desk knows", || async {
            let detail = mira.get(&path).await.expect(200);
            let panel = mira.get("/api/v1/panel").await.expect(200);
            (detail["visitor"]["online"] == expected && panel["now"]["visitors_online"] == count).then_some(())
        })
        .await;
    };
    let socket = super::people::visitor_socket(&visitor, &visitor.session).await;
    online(true, 1).await;
    drop(socket);
    online(false, 0).await;
    stop(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_tell_how_the_cluster_is() {
    let Some(_) = testkit::database::postgres_url() else { return };
    let redis = TestRedis::start().await;
    let Some(nodes) = TestApp::cluster(2, Some(&redis.url())).await else { return };
    for node in &nodes {
        join_cluster::step(node.app()).await.unwrap();
    }
    eventually("two nodes and Redis", || async {
        let text = String::from_utf8(nodes[1].get("/metrics").await.body).unwrap();
        let says = |line: &str| text.lines().any(|l| l == line);
        let named = ["yingda_cluster_hints_dropped_total ", "yingda_cluster_sweep_lag_milliseconds ", "yingda_cluster_leads "];
        (says("yingda_cluster_nodes 2") && says("yingda_redis_up 1") && named.iter().all(|name| text.lines().any(|l| l.starts_with(name)))).then_some(())
    })
    .await;
    stop(nodes).await;
}
