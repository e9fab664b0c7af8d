//! Conversations as rows of lists.

use std::sync::Arc;

use db::{Tx, q};
use domain::{
    conversation::{Event, ReopenTo, Said, Told},
    entry::{body::AskedVia, fact},
    journal::Actor,
    rating::{BEST, MIDDLE},
    time::Ts,
};
use store_desk::lists;
use testkit::{
    TestDb,
    fixture::{Fixture, agent, read, said, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    each_list_holds_what_belongs_there,
    what_was_settled_is_paged_latest_first,
    a_row_shows_the_last_words,
    a_row_shows_what_was_asked_not_what_the_bot_said,
    a_waiting_row_shows_why_it_waits_and_the_last_answer,
    ones_own_numbers,
    numbers_of_now,
    an_empty_company_has_empty_lists,
    what_is_asked_about_is_counted_and_listed_alike
);

async fn each_list_holds_what_belongs_there(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let visitor = fixture.visitor().await;
    let with_bot = fixture.conversation(visitor).await.id.uuid();
    let waits = fixture.queued(fixture.visitor().await).await.id.uuid();
    let of_ada = fixture.served(fixture.visitor().await, &ada).await.id.uuid();
    let of_eve = fixture.served(fixture.visitor().await, &eve).await.id.uuid();
    let settled = fixture.resolved(fixture.visitor().await, &ada).await.id.uuid();
    let ids = |rows: Vec<lists::ListRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(read!(db, |tx| lists::mine(tx, tenant, ada.id)).unwrap()), [of_ada]);
    assert_eq!(ids(read!(db, |tx| lists::queue(tx, tenant)).unwrap()), [waits]);
    let mut served = [of_ada, of_eve];
    served.sort_unstable();
    assert_eq!(ids(read!(db, |tx| lists::active(tx, tenant, Uuid::nil(), 10)).unwrap()), served);
    assert_eq!(ids(read!(db, |tx| lists::active(tx, tenant, served[0], 10)).unwrap()), [served[1]]);
    assert_eq!(ids(read!(db, |tx| lists::with_bot(tx, tenant, Uuid::nil(), 10)).unwrap()), [with_bot]);
    assert!(ids(read!(db, |tx| lists::with_bot(tx, tenant, with_bot, 10)).unwrap()).is_empty());
    assert_eq!(ids(read!(db, |tx| lists::of_visitor(tx, tenant, visitor)).unwrap()), [with_bot]);
    let settled_row = read!(db, |tx| lists::one(tx, tenant, domain::id::ConversationId::new(settled))).unwrap().unwrap();
    assert_eq!((settled_row.state.as_str(), settled_row.agent_name.as_deref(), settled_row.queue_en.as_deref()), ("resolved", Some("ada"), Some("General")));
}

async fn what_was_settled_is_paged_latest_first(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    let mut settled = Vec::new();
    for n in 0..5 {
        // Two at the same time, so that the order depends on the id too.
        db.clock.advance(if n == 2 { 0 } else { 1_000 });
        let conversation = fixture.resolved(fixture.visitor().await, &ada).await;
        settled.push((conversation.resolved_at.unwrap(), conversation.id.uuid()));
    }
    settled.sort_unstable();
    settled.reverse();
    let (mut seen, mut before) = (Vec::new(), (Ts(i64::MAX), Uuid::max()));
    loop {
        let page = read!(db, |tx| lists::resolved_since(tx, tenant, ada.id, since, before, 2)).unwrap();
        let Some(last) = page.last() else { break };
        before = (Ts(last.resolved_at.unwrap()), last.id);
        seen.extend(page.iter().map(|row| (Ts(row.resolved_at.unwrap()), row.id)));
    }
    assert_eq!(seen, settled);
    let tomorrow = db.now().plus(1);
    assert!(read!(db, |tx| lists::resolved_since(tx, tenant, ada.id, tomorrow, (Ts(i64::MAX), Uuid::max()), 2)).unwrap().is_empty());
}

async fn a_row_shows_what_was_asked_not_what_the_bot_said(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let asked = fixture.says(&conversation, "怎么查话费").await;
    let epoch = asked.epoch;
    fixture.happens(&asked, Event::BotSays { said: said("很长的一段回答"), epoch }, Actor::bot("小应")).await;
    let row = read!(db, |tx| lists::one(tx, fixture.company.tenant, conversation.id)).unwrap().unwrap();
    assert_eq!(row.last_actor.as_deref(), Some("customer"));
    assert!(row.last_body.unwrap().contains("怎么查话费"));
}

async fn a_row_shows_the_last_words(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let conversation = fixture.served(fixture.visitor().await, &ada).await;
    let spoken = fixture.says(&conversation, "第一句").await;
    db.clock.advance(1_000);
    let row = async || read!(db, |tx| lists::one(tx, tenant, conversation.id)).unwrap().unwrap();
    let waiting = row().await;
    assert_eq!((waiting.last_actor.as_deref(), waiting.from_customer, waiting.waiting_since), (Some("customer"), 1, Some(db.now().0 - 1_000)));
    fixture.happens(&spoken, Event::AgentSays { said: said("回答"), agent: ada.id }, agent(&ada)).await;
    let answered = row().await;
    assert_eq!((answered.last_actor.as_deref(), answered.waiting_since), (Some("agent"), None));
    assert!(answered.last_body.unwrap().contains("回答"));
    assert!(answered.first_body.unwrap().contains("第一句"), "what the customer said first names the conversation");
}

async fn a_waiting_row_shows_why_it_waits_and_the_last_answer(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue) = (fixture.company.tenant, fixture.company.queue);
    let mut conversation = fixture.conversation(fixture.visitor().await).await;
    let id = conversation.id;
    for (words, entry) in [("关于话费", Some(Some("k-01".to_owned()))), ("关于流量", Some(Some("k-02".to_owned()))), ("没找到", Some(None)), ("您好", None)]
    {
        let said = Said { fact: fact::Message { entry, ..fact::Message::default() }, ..said(words) };
        conversation = fixture.happens(&conversation, Event::BotSays { said, epoch: conversation.epoch }, Actor::bot("小应")).await;
    }
    let row = async || read!(db, |tx| lists::one(tx, tenant, id)).unwrap().unwrap();
    let shown = |row: &lists::ListRow| (row.wait_kind.clone(), row.wait_body.clone(), row.wait_facts.clone(), row.answer_facts.clone());
    assert_eq!(shown(&row().await), (None, None, None, None), "it does not wait");
    let event = Event::RequestHuman { via: AskedVia::Button, queue, queue_name: "General".to_owned(), of: None, reason: None, told: Told::default() };
    fixture.happens(&conversation, event, Actor::customer(conversation.visitor.uuid())).await;
    let waits = row().await;
    assert_eq!((waits.wait_kind.as_deref(), waits.wait_body.as_deref()), (Some("human_requested"), Some(r#"{"via":"button"}"#)));
    assert!(waits.answer_facts.as_ref().is_some_and(|facts| facts.contains(r#""entry":"k-02""#)), "{:?}", waits.answer_facts);
    // Records that were filled before the two numbers were kept.
    let kept = include_str!("../../../store/migrations/sqlite/0042_waits.sql").rsplit_once(";\n-- A closed").unwrap().1.split_once('\n').unwrap().1;
    for sql in ["UPDATE journal_heads SET wait_seq = NULL, answer_seq = NULL", kept] {
        write!(db, |tx| run(tx, sql)).unwrap();
    }
    assert_eq!(shown(&row().await), shown(&waits));
}

async fn run(tx: &mut Tx, sql: &'static str) -> store::Result<()> {
    Ok(q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?)
}

async fn ones_own_numbers(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    for (score, wait) in [(BEST, 3_000), (MIDDLE, 1_000)] {
        let conversation = fixture.queued(fixture.visitor().await).await;
        db.clock.advance(wait);
        let mut conversation = fixture.happens(&conversation, Event::Take { by: testkit::fixture::assignee(&ada) }, agent(&ada)).await;
        for event in
            [Event::AgentSays { said: said("hello"), agent: ada.id }, Event::Resolve, Event::Rate { score, comment: None, solved: None, reasons: vec![] }]
        {
            conversation = fixture.happens(&conversation, event, agent(&ada)).await;
        }
    }
    // An ongoing conversation counts, and appears in the list, once it is resolved.
    fixture.served(fixture.visitor().await, &ada).await;
    let (today, waits) = read!(db, |tx| lists::today(tx, tenant, ada.id, since)).unwrap();
    assert_eq!((today.resolved, today.rated, today.rated_good, waits), (2, 2, 1, vec![1_000, 3_000]));
    let behind = read!(db, |tx| lists::resolved_since(tx, tenant, ada.id, since, (Ts(i64::MAX), Uuid::max()), 10)).unwrap();
    assert_eq!(behind.iter().map(|row| (row.first_reply_ms, row.score)).collect::<Vec<_>>(), [(Some(1_000), Some(MIDDLE)), (Some(3_000), Some(BEST))]);
    let mine = read!(db, |tx| lists::mine(tx, tenant, ada.id)).unwrap();
    assert_eq!(mine.iter().map(|row| (row.first_reply_ms, row.score)).collect::<Vec<_>>(), [(None, None)]);
}

async fn numbers_of_now(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    fixture.queued(fixture.visitor().await).await;
    db.clock.advance(1_000);
    fixture.queued(fixture.visitor().await).await;
    fixture.served(fixture.visitor().await, &ada).await;
    fixture.conversation(fixture.visitor().await).await;
    let now = read!(db, |tx| lists::now(tx, tenant)).unwrap();
    assert_eq!((now.waiting, now.longest_wait_since, now.active, now.bot), (2, Some(since.0), 1, 1));
}

async fn an_empty_company_has_empty_lists(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let now = read!(db, |tx| lists::now(tx, tenant)).unwrap();
    assert_eq!((now.waiting, now.longest_wait_since, now.active, now.bot), (0, None, 0, 0));
    let (today, waits) = read!(db, |tx| lists::today(tx, tenant, ada.id, Ts(0))).unwrap();
    assert_eq!((today.resolved, today.rated, today.rated_good, waits), (0, 0, 0, vec![]));
    assert!(read!(db, |tx| lists::queue(tx, tenant)).unwrap().is_empty());
}

async fn what_is_asked_about_is_counted_and_listed_alike(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, since) = (fixture.company.tenant, db.now());
    let about = async |product: &str| {
        let begun = fixture.conversation(fixture.visitor().await).await;
        let asks = Event::CustomerSays { said: said("how much is it"), reopen: ReopenTo::Bot, product: Some(product.to_owned()) };
        fixture.happens(&begun, asks, Actor::customer(begun.visitor.uuid())).await.id.uuid()
    };
    let early = about("g-1").await;
    db.clock.advance(10);
    let (mut late, other) = ([about("g-1").await, about("g-1").await], about("g-2").await);
    late.sort_unstable_by(|a, b| b.cmp(a));
    let counts = read!(db, |tx| lists::counts_by_product(tx, tenant, &["g-1", "g-2", "g-3", "g\0"], since)).unwrap();
    assert_eq!((counts.len(), counts["g-1"], counts["g-2"]), (2, 3, 1));
    assert_eq!(read!(db, |tx| lists::counts_by_product(tx, tenant, &["g-1"], Ts(since.0 + 1))).unwrap()["g-1"], 2);
    let (mut seen, mut after) = (Vec::new(), (Ts(i64::MAX), Uuid::max()));
    loop {
        let page = read!(db, |tx| lists::about(tx, tenant, "g-1", since, after, 2)).unwrap();
        let Some(last) = page.last() else { break };
        after = (Ts(last.created_at), last.id);
        seen.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(seen, [late[0], late[1], early]);
    let ids = |rows: Vec<lists::ListRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let first = (Ts(i64::MAX), Uuid::max());
    assert_eq!(ids(read!(db, |tx| lists::about(tx, tenant, "g-2", since, first, 9)).unwrap()), [other]);
    assert!(read!(db, |tx| lists::about(tx, tenant, "g-1\0", since, first, 9)).unwrap().is_empty());
    let beta = testkit::Company::create(&db, "beta").await.tenant;
    assert!(read!(db, |tx| lists::counts_by_product(tx, beta, &["g-1"], since)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::about(tx, beta, "g-1", since, first, 9)).unwrap().is_empty());
}
