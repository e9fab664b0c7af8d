//! What the bot remembers of a conversation.

use std::sync::Arc;

use domain::{
    conversation::{BotWork, Conversation, Event},
    journal::Actor,
};
use store::bot_threads::{self, Place};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_thread_counts_for_one_epoch_of_one_episode, once_the_bot_no_longer_has_a_conversation_nothing_of_it_is_kept);

async fn remembered(db: &Arc<TestDb>, of: &Conversation) -> Option<String> {
    read!(db, |tx| bot_threads::get(tx, of)).unwrap()
}

async fn remember(db: &Arc<TestDb>, of: &Conversation, state: &'static str) {
    let place = Place { conversation: of.id, epoch: of.epoch, episode: of.episode.number };
    let tenant = of.tenant;
    write!(db, |tx| bot_threads::put(tx, tenant, place, state)).unwrap();
}

async fn a_thread_counts_for_one_epoch_of_one_episode(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let now = fixture.conversation(fixture.visitor().await).await;
    assert_eq!(remembered(&db, &now).await, None);
    remember(&db, &now, "{\"a\":1}").await;
    remember(&db, &now, "{\"a\":2}").await;
    assert_eq!(remembered(&db, &now).await.as_deref(), Some("{\"a\":2}"));
    let later = Conversation { epoch: now.epoch + 1, ..now.clone() };
    assert_eq!(remembered(&db, &later).await, None, "somebody took over");
    let mut again = now.clone();
    again.episode.number += 1;
    assert_eq!(remembered(&db, &again).await, None, "the episode ended");
    let elsewhere = Conversation { tenant: testkit::Company::create(&db, "beta").await.tenant, ..now.clone() };
    assert_eq!(remembered(&db, &elsewhere).await, None, "another company");
    remember(&db, &later, "{\"b\":1}").await;
    remember(&db, &now, "{\"a\":3}").await;
    assert_eq!(remembered(&db, &later).await.as_deref(), Some("{\"b\":1}"), "an answer of before changes nothing");
}

async fn once_the_bot_no_longer_has_a_conversation_nothing_of_it_is_kept(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let visitor = fixture.visitor().await;
    let now = fixture.conversation(visitor).await;
    remember(&db, &now, "{}").await;
    fixture.happens(&now, Event::End { bot: BotWork::Nothing }, Actor::customer(visitor.uuid())).await;
    assert_eq!(remembered(&db, &now).await, None);
}
