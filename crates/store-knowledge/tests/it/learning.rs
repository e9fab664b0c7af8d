//! What the bot learns from: what was asked and said, and phrasings that stay where they are.

use std::sync::Arc;

use domain::{
    conversation::{Conversation, Event, Said, State},
    entry::{body::Message, fact},
    id::ConversationId,
    journal::Actor,
    learning::Reason,
    policy::Standing,
    text::Lang,
    time::Ts,
};
use store::people::Seen;
use store_knowledge::{
    kept_phrasings, questions,
    unanswered::{self, Noted, Settled, Unanswered, Wanted},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, agent, assignee, read, said, write},
    on_every_engine,
};

on_every_engine!(
    what_was_asked_yesterday_is_read_back_without_commands_and_choices,
    what_was_said_after_a_question_is_found_for_many_at_once,
    of_two_reasons_the_stronger_one_stays,
    a_phrasing_is_kept_until_it_is_doubted_again,
    what_a_company_learns_stays_in_it,
    what_decides_who_may_read_is_found_for_many_at_once,
);

async fn what_was_asked_yesterday_is_read_back_without_commands_and_choices(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, now) = (fixture.company.tenant, db.now());
    let c = fixture.conversation(fixture.visitor().await).await;
    let c = fixture.says(&c, "What is this?").await;
    let pressed = Said {
        message: Message::Choice { text: "Pressed".into(), answer: "k1".into(), ord: None },
        fact: fact::Message { choice: Some("k1".into()), ..fact::Message::default() },
    };
    let command = Said { fact: fact::Message { command: true, ..fact::Message::default() }, ..said("A person, please") };
    let mut c = fixture.answers(&c, 2).await;
    for said in [pressed, command, said("And that?")] {
        let event = Event::CustomerSays { said, reopen: domain::conversation::ReopenTo::Bot, product: None };
        c = fixture.happens(&c, event, Actor::customer(c.visitor.uuid())).await;
    }
    let texts = |found: Vec<questions::Asked>| found.into_iter().map(|one| (one.place, one.lang, one.text)).collect::<Vec<_>>();
    let found = texts(read!(db, |tx| questions::asked_bot(tx, tenant, now, now.plus(1))).unwrap());
    assert_eq!(found, [((c.id, 6), Lang::En, "And that?".to_owned()), ((c.id, 2), Lang::En, "What is this?".to_owned())]);
    assert_eq!(texts(read!(db, |tx| questions::asked_bot(tx, tenant, now.plus(1), now.plus(2))).unwrap()), []);
    assert_eq!(texts(read!(db, |tx| questions::asked_bot(tx, tenant, Ts(0), now)).unwrap()), []);
    let read_back = read!(db, |tx| questions::texts(tx, tenant, &[(c.id, 2), (c.id, 3), (c.id, 99)])).unwrap();
    assert_eq!(read_back.into_iter().collect::<Vec<_>>(), [((c.id, 2), "What is this?".to_owned())]);
}

async fn what_was_said_after_a_question_is_found_for_many_at_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let ada = fixture.agent("ada").await;
    let c = fixture.queued(fixture.visitor().await).await;
    let c = fixture.says(&c, "Hello?").await;
    let c = fixture.happens(&c, Event::Take { by: assignee(&ada) }, agent(&ada)).await;
    let mut c = fixture.happens(&c, Event::Note { text: "secret".into(), files: Vec::new(), mentions: Vec::new(), quote: None }, agent(&ada)).await;
    for n in 0..14 {
        c = fixture.happens(&c, Event::AgentSays { said: said(&format!("reply {n}")), agent: ada.id }, agent(&ada)).await;
    }
    let quiet = fixture.conversation(fixture.visitor().await).await;
    let places = [(c.id, 1), (c.id, 4), (quiet.id, 1)];
    let found = read!(db, |tx| questions::said_after(tx, tenant, &places)).unwrap();
    let texts = |place| found.get(&place).map(|said: &Vec<questions::Said>| said.iter().map(|one| (one.by_agent, one.text.clone())).collect::<Vec<_>>());
    let first = texts((c.id, 1)).unwrap();
    assert_eq!((first.len(), &first[0], &first[1]), (12, &(false, "Hello?".to_owned()), &(true, "reply 0".to_owned())));
    assert_eq!(texts((c.id, 4)).unwrap()[0], (true, "reply 0".to_owned()));
    assert_eq!(texts((quiet.id, 1)), None);
}

fn noted(c: &Conversation, seq: i64, reason: Reason, about: Option<&str>) -> Noted {
    Noted { conversation: c.id, seq, at: Ts(50), lang: Lang::En, reason, about: about.map(str::to_owned) }
}

async fn of_two_reasons_the_stronger_one_stays(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What is this?").await;
    let (id, seq) = (c.id, 2);
    let note = async |reason, about| {
        let noted = noted(&c, seq, reason, about);
        write!(db, |tx| async move { unanswered::note(tx, tenant, &[noted]).await }).unwrap()
    };
    let open = async || read!(db, |tx| unanswered::open(tx, tenant, Wanted::since(Ts(0)), 10)).unwrap();
    assert_eq!(note(Reason::Unanswered, None).await, 1);
    assert_eq!(note(Reason::Unsure, Some("k1")).await, 0);
    assert_eq!(note(Reason::NotHelpful, Some("k2")).await, 1);
    assert_eq!(open().await, [Unanswered { noted: noted(&c, seq, Reason::NotHelpful, Some("k2")), text: "What is this?".into() }]);
    assert!(write!(db, |tx| async move { unanswered::withdraw(tx, tenant, id, seq).await }).unwrap());
    assert!(!write!(db, |tx| async move { unanswered::withdraw(tx, tenant, id, seq).await }).unwrap());
    assert_eq!(open().await, []);
    assert_eq!(note(Reason::Chosen, Some("k1")).await, 1);
    assert!(!write!(db, |tx| async move { unanswered::withdraw(tx, tenant, id, seq).await }).unwrap(), "only what did not help is withdrawn");
    write!(db, |tx| async move { unanswered::settle(tx, tenant, &[(id, seq)], Settled::Dismissed, None).await }).unwrap();
    assert_eq!(note(Reason::NotHelpful, None).await, 0, "what is settled stays settled");
}

async fn a_phrasing_is_kept_until_it_is_doubted_again(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let phrasing = ("k1".to_owned(), Lang::Zh, "换个套餐".to_owned());
    for _ in 0..2 {
        let kept = phrasing.clone();
        write!(db, |tx| async move { kept_phrasings::keep(tx, tenant, &kept).await }).unwrap();
    }
    assert_eq!(read!(db, |tx| kept_phrasings::all(tx, tenant)).unwrap().into_iter().collect::<Vec<_>>(), std::slice::from_ref(&phrasing));
    write!(db, |tx| async move { kept_phrasings::doubt(tx, tenant, &phrasing).await }).unwrap();
    assert!(read!(db, |tx| kept_phrasings::all(tx, tenant)).unwrap().is_empty());
}

async fn what_a_company_learns_stays_in_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let now = db.now();
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What is this?").await;
    let c = fixture.answers(&c, 2).await;
    let phrasing = ("k1".to_owned(), Lang::Zh, "换个套餐".to_owned());
    let (question, kept) = (noted(&c, 2, Reason::NotHelpful, None), phrasing.clone());
    write!(db, |tx| async move {
        kept_phrasings::keep(tx, tenant, &kept).await?;
        unanswered::note(tx, tenant, &[question]).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| questions::asked_bot(tx, other, Ts(0), now.plus(1))).unwrap(), []);
    assert!(read!(db, |tx| questions::texts(tx, other, &[(c.id, 2)])).unwrap().is_empty());
    assert!(read!(db, |tx| questions::said_after(tx, other, &[(c.id, 1)])).unwrap().is_empty());
    assert!(read!(db, |tx| kept_phrasings::all(tx, other)).unwrap().is_empty());
    let id = c.id;
    assert!(!write!(db, |tx| async move { unanswered::withdraw(tx, other, id, 2).await }).unwrap());
    write!(db, |tx| async move { kept_phrasings::doubt(tx, other, &phrasing).await }).unwrap();
    assert_eq!(read!(db, |tx| kept_phrasings::all(tx, tenant)).unwrap().len(), 1);
    assert_eq!(read!(db, |tx| unanswered::count(tx, tenant, Ts(0))).unwrap(), 1);
}

async fn what_decides_who_may_read_is_found_for_many_at_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let ada = fixture.agent("ada").await;
    let (served, quiet) = (fixture.served(fixture.visitor().await, &ada).await, fixture.conversation(fixture.visitor().await).await);
    let ids = [served.id, quiet.id, ConversationId::new(db.uuid())];
    let found = read!(db, |tx| questions::origins(tx, tenant, &ids)).unwrap();
    assert_eq!((found.len(), found[&quiet.id].standing.state), (2, State::Bot));
    let queue = Some(fixture.company.queue);
    assert_eq!(found[&served.id].standing, Standing { tenant, state: State::Active, agent: Some(ada.id), queue, is_left: false, is_alerted: false });
    assert_eq!(found[&served.id].by, Seen { visitor: served.visitor, account: None, network: None });
    assert!(read!(db, |tx| questions::origins(tx, other, &ids)).unwrap().is_empty());
    assert!(read!(db, |tx| questions::origins(tx, tenant, &[])).unwrap().is_empty());
}
