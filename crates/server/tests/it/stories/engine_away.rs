//! The engine that computes the numbers cannot be reached for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::time::MINUTE;
use insight::jobs::hand_over_events::Relay;
use testkit::eventually;
use testkit_app::TestApp;
use uuid::Uuid;
use warehouse::{
    Cursor, Directory, Event,
    outside::{Doing, Outside, Position, Results},
};

use crate::stories::people::{first, new_conversation, post, send, text};

/// An engine that keeps what it is handed, and can fail.
#[derive(Default)]
struct Engine(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    events: Vec<Event>,
    to: Cursor,
    fault: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// It cannot be reached.
    Down,
    /// It keeps what it is handed, but its answer is lost.
    Mute,
}

impl Engine {
    fn fails(&self, fault: Option<Fault>) {
        self.0.lock().unwrap().fault = fault;
    }
    fn down() -> db::Error {
        db::Error::Corrupt("the engine cannot be reached".to_owned())
    }
}

impl Outside for Engine {
    fn name(&self) -> &str {
        "test"
    }
    fn handed_over(&self, _: Uuid) -> Doing<'_, Cursor> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if kept.fault == Some(Fault::Down) { Err(Self::down()) } else { Ok(kept.to) };
        Box::pin(async move { answer })
    }
    fn hand_over(&self, _: Uuid, events: Vec<Event>, to: Cursor) -> Doing<'_, ()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.fault != Some(Fault::Down) {
            kept.events.extend(events);
            kept.to = to;
        }
        let answer = if kept.fault.is_some() { Err(Self::down()) } else { Ok(()) };
        Box::pin(async move { answer })
    }
    fn results(&self, _: Uuid, _: Vec<Position>) -> Doing<'_, Results> {
        Box::pin(async { Ok(Results::default()) })
    }
}

/// What identifies the events that were handed over, in their order.
fn handed(engine: &Engine) -> Vec<(Uuid, i64)> {
    engine.0.lock().unwrap().events.iter().map(|event| (event.conversation_id, event.seq)).collect()
}

/// What identifies the events of the journal, in its order.
async fn journal(app: &TestApp) -> Vec<(Uuid, i64)> {
    let mut tx = app.app().db().read().await.unwrap();
    let facts = db::feed::after(&mut tx, Cursor::default(), 10_000).await.unwrap();
    let nobody = Directory { companies: HashMap::new(), pseudonym: Arc::new(|_, _| String::new()) };
    facts.iter().flat_map(|fact| Event::read(fact, &nobody).unwrap()).map(|event| (event.conversation_id, event.seq)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_away_for_ten_minutes_gets_every_event_once_and_chat_goes_on_meanwhile() {
    let app = TestApp::new().await;
    let (engine, mut relay) = (Engine::default(), Relay::new(app.app()));
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("hello"))]).await;
    app.bot_is_done().await;
    while relay.step(app.app(), &engine).await.unwrap() {}
    let before = handed(&engine);
    assert_eq!((before.is_empty(), &before), (false, &journal(&app).await));

    engine.fails(Some(Fault::Down));
    for _ in 0..10 {
        let answers = post(&visitor, vec![send(&conversation, text("how much is it?"))]).await;
        assert_eq!(answers[0]["t"], "ok", "{answers:?}");
        app.bot_is_done().await;
        app.clock.advance(MINUTE);
        assert!(relay.step(app.app(), &engine).await.is_err());
    }
    assert_eq!(handed(&engine), before);
    engine.fails(Some(Fault::Mute));
    assert!(relay.step(app.app(), &engine).await.is_err(), "it has them, and the relay does not know");
    engine.fails(None);
    post(&visitor, vec![send(&conversation, text("thanks"))]).await;
    app.bot_is_done().await;
    let relay = tokio::sync::Mutex::new(relay);
    eventually("everything is handed over", async || {
        while relay.lock().await.step(app.app(), &engine).await.unwrap() {}
        (handed(&engine) == journal(&app).await).then_some(())
    })
    .await;

    // As after a restart, or on another node.
    let mut another = Relay::new(app.app());
    assert!(!another.step(app.app(), &engine).await.unwrap());
    assert_eq!(handed(&engine), journal(&app).await);
    app.stop().await;
}
