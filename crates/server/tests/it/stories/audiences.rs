//! A customer never receives a staff entry, number, head, mark or field.

use db::{Shard, journal};
use domain::{
    entry::{Audience, EntryKind},
    id::ConversationId,
    journal::{Actor, Side, Words, Written},
};
use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::Realtime;
use uuid::Uuid;

use crate::stories::people::{as_customer, entries, first, new_conversation, post, text};

/// Keys and values that only staff may see, wherever they are.
fn leaks(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| matches!(key.as_str(), "audience" | "secret" | "facts" | "pseq") || leaks(value)),
        Value::Array(all) => all.iter().any(leaks),
        Value::String(text) => text.contains("agt_") || text.contains("STAFF"),
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_entry_leaves_no_staff_field_and_no_jump_on_the_customers_side() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello"))]).await;
    let mut live = Realtime::connect(&visitor).await;
    live.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): null}})).await;
    live.until("reset").await;

    let id: ConversationId = name.parse().unwrap();
    let tenant = app.company.tenant;
    let agent = app.agent("ada").await.member.id;
    let publics = EntryKind::EACH.iter().filter(|kind| kind.audience() == Audience::Public).count() as i64;
    for &kind in EntryKind::EACH {
        let entry = Written {
            stream: domain::stream::StreamName { kind: domain::stream::StreamKind::Conversation, id: id.uuid() },
            tenant,
            kind,
            v: 1,
            actor: Actor::agent(agent, "Ada"),
            client_id: Some(Uuid::new_v4()),
            send_hash: 0,
            side: (kind == EntryKind::Message).then_some(Side::Staff),
            is_answer: false,
            body: Words::Plain(if kind.audience() == Audience::Staff { r#"{"text":"STAFF"}"#.into() } else { r#"{"text":"public"}"#.into() }),
            staff: Some(json!({"agent": agent, "secret": 1}).to_string()),
            facts: r#"{"secret":1}"#.into(),
        };
        app.app().db().writer().write(Shard::Of(id.uuid()), move |tx| Box::pin(async move { journal::note(tx, entry).await })).await.unwrap();
    }

    let read = as_customer(&visitor, &name).await;
    assert!(read.iter().map(|e| e["seq"].as_i64().unwrap()).eq(1..=read.len() as i64), "dense: {read:?}");
    for entry in &read {
        assert!(!leaks(entry), "{entry}");
        assert!(!matches!(entry["kind"].as_str(), Some("note" | "routing" | "bot_superseded")), "{entry}");
        assert!(entry["by"].get("id").is_none() && (entry["by"]["kind"] == "customer" || entry.get("client_id").is_none()), "{entry}");
    }
    // The same live: every frame on the socket, up to the last public entry.
    let last = read.len() as i64;
    loop {
        let frame = live.next().await.expect("the socket stays open");
        assert!(!leaks(&frame), "{frame}");
        if entries(&frame).iter().any(|e| e["seq"] == last) {
            break;
        }
    }
    live.send(&json!({"t": "ping"})).await;
    let pong = live.until("pong").await;
    assert!(pong["heads"].as_object().unwrap().values().all(|head| head.as_i64() <= Some(last)), "{pong}");
    assert!(last >= publics);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_others_are_gone_like_missing_ones() {
    let app = TestApp::new().await;
    let (mine, theirs) = (app.visitor().await, app.visitor().await);
    let other = app.other_company("beta").await;
    let stranger = app.visitor_of(&other).await;
    let name = new_conversation();
    post(&theirs, vec![first(&name, text("private"))]).await;
    let foreign = new_conversation();
    post(&stranger, vec![first(&foreign, text("private"))]).await;
    let agent = app.agent("ada").await;
    let inbox = agent.member.inbox.to_string();
    let tenant = app.company.tenant.to_string();
    let missing = new_conversation();
    for stream in [&name, &foreign, &missing, &inbox, &tenant, &"agt_zz".to_owned(), &theirs.session["visitor"].as_str().unwrap().to_owned()] {
        let mut socket = Realtime::connect(&mine).await;
        socket.send(&json!({"t": "hello", "version": 1, "token": mine.token, "cursors": {stream.as_str(): 0}})).await;
        let gone = socket.until("gone").await;
        assert_eq!((gone["stream"].as_str(), gone["code"].as_str()), (Some(stream.as_str()), Some("no_access")));
    }
    // An agent sees neither another company's conversation nor one that is still the bot's.
    for stream in [&name, &foreign, &missing] {
        let mut socket = Realtime::connect(&agent).await;
        socket.send(&json!({"t": "hello", "version": 1, "cursors": {stream.as_str(): 0}})).await;
        assert_eq!(socket.until("gone").await["code"], "no_access");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_companies_may_use_the_same_conversation_id_and_see_nothing_of_each_other() {
    let app = TestApp::new().await;
    let other = app.other_company("beta").await;
    let (mine, theirs) = (app.visitor().await, app.visitor_of(&other).await);
    let name = new_conversation();
    post(&mine, vec![first(&name, text("alpha's words"))]).await;
    let mut live = Realtime::connect(&mine).await;
    live.send(&json!({"t": "hello", "version": 1, "token": mine.token, "cursors": {name.as_str(): 0}})).await;
    live.until("entries").await;
    let answers = post(&theirs, vec![first(&name, text("beta's words"))]).await;
    assert_eq!(answers[0]["t"], "ok");
    post(&mine, vec![super::people::send(&name, text("the end"))]).await;
    loop {
        let frame = live.next().await.expect("the socket stays open");
        assert!(!frame.to_string().contains("beta"), "{frame}");
        if entries(&frame).iter().any(|e| e["body"]["text"] == "the end") {
            break;
        }
    }
    for (client, foreign) in [(&mine, "beta"), (&theirs, "alpha")] {
        let read = as_customer(client, &name).await;
        assert!(read.iter().map(|e| e["seq"].as_i64().unwrap()).eq(1..=read.len() as i64));
        assert!(!read.iter().any(|e| e.to_string().contains(foreign)));
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_cannot_take_the_id_of_another_stream() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("hello")), super::people::send(&name, json!({"type": "end"}))]).await;
    let own = visitor.session["visitor"].as_str().unwrap().replace("vst_", "cnv_");
    let answers = post(&visitor, vec![first(&own, text("hello"))]).await;
    assert_eq!((&answers[0]["t"], &answers[0]["code"]), (&json!("no"), &json!("not_found")));
    app.stop().await;
}
