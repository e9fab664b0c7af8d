//! Answers of the bot, and what customers said about them.

use std::sync::Arc;

use domain::{
    conversation::{AnswerOutcome, BotWork, Event, GivenAnswer},
    journal::Actor,
};
use store::{conversations, judgements};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read},
    on_every_engine,
};

on_every_engine!(an_answer_is_found_by_its_ordinal_with_what_was_said_about_it, what_a_company_learns_stays_in_it);

async fn an_answer_is_found_by_its_ordinal_with_what_was_said_about_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What is this?").await;
    let c = fixture.answers(&c, 2).await;
    let found = read!(db, |tx| judgements::find_answer(tx, tenant, c.id, 1)).unwrap().unwrap();
    let given = GivenAnswer {
        ord: 1,
        seq: 3,
        question: 2,
        episode: 1,
        outcome: Some(AnswerOutcome::Confident),
        entry: Some("k1".into()),
        is_last: true,
        judged: Vec::new(),
    };
    assert_eq!(found, given);
    // The customer's first message has the same ordinal, on the other side.
    assert_eq!(read!(db, |tx| judgements::find_answer(tx, tenant, c.id, 2)).unwrap(), None);
    let c = fixture.happens(&c, Event::JudgeAnswer { answer: found, helpful: false }, Actor::customer(c.visitor.uuid())).await;
    let again = read!(db, |tx| judgements::find_answer(tx, tenant, c.id, 1)).unwrap().unwrap();
    assert_eq!(again, GivenAnswer { judged: vec![false], ..given.clone() });
    let said = read!(db, |tx| judgements::of_answers(tx, tenant, c.id)).unwrap();
    assert_eq!((said.len(), said[0].of, said[0].helpful), (1, 3, false));
    assert_eq!(read!(db, |tx| conversations::bot_work(tx, &c)).unwrap(), BotWork::Missed, "the last answer did not help");
    let (seq, last) = read!(db, |tx| judgements::last_answer_before(tx, tenant, c.id, 9)).unwrap().unwrap();
    assert_eq!((seq, last.of), (3, Some(2)));
    assert!(read!(db, |tx| judgements::last_answer_before(tx, tenant, c.id, 3)).unwrap().is_none());
    assert!(read!(db, |tx| judgements::words(tx, tenant, c.id, 3)).unwrap().unwrap().contains("Yes."));
    assert_eq!(read!(db, |tx| judgements::words(tx, tenant, c.id, 4)).unwrap(), None, "a judgement has no words");
}

async fn what_a_company_learns_stays_in_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let other = Company::create(&db, "beta").await.tenant;
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What is this?").await;
    let c = fixture.answers(&c, 2).await;
    assert_eq!(read!(db, |tx| judgements::find_answer(tx, other, c.id, 1)).unwrap(), None);
    assert!(read!(db, |tx| judgements::last_answer_before(tx, other, c.id, 9)).unwrap().is_none());
    assert_eq!(read!(db, |tx| judgements::words(tx, other, c.id, 3)).unwrap(), None);
}
