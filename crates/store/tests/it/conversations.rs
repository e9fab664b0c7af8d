//! Conversations: opening, deciding, finding.

use std::sync::Arc;

use domain::{
    alert::AlertKind,
    conversation::{
        AnswerOutcome::{Confident, DidYouMean, NoAnswer, SmallTalk},
        BotWork, Conversation, Event, Outcome, Owner, RETURN_WINDOW_MS, ReopenTo, Said, State, Told,
    },
    effect::Effect,
    entry::{
        EntryKind,
        body::{AnswerChoice, AnswerSource, Message, Routing, Verdict},
        fact,
    },
    id::ConversationId,
    journal::{Actor, Appended, Head, View},
    refusal::Code,
    stream::StreamKind,
    text::Lang,
    time::{DAY, MINUTE, Ts},
};
use store::{
    Error, bot_answers, conversations,
    left_messages::{self, NewLeftMessage},
    routing, sends,
};
use store_desk::lists;
use testkit::{
    TestDb,
    fixture::{Fixture, agent, assignee, read, said, write},
    on_every_engine,
};

on_every_engine!(
    a_conversation_is_kept_as_it_was_opened,
    a_conversation_is_kept_as_it_was_decided,
    a_conversation_cannot_take_another_streams_id,
    opening_tells_the_visitors_other_devices,
    a_repeated_send_gets_its_first_numbers,
    a_visitor_goes_on_with_what_is_open_or_was_settled_last,
    those_who_wait_stand_in_order,
    inbox_and_queue_are_told,
    a_rating_has_words,
    what_the_bot_did_is_read_from_the_present_episode,
    looking_again_is_put_off,
    history_is_brought_along_whole,
    an_imported_conversation_has_all_its_episodes,
    the_first_of_a_time_is_found,
    who_comes_back_is_noted_once_where_it_ended,
    opening_one_waits_for_former_conversations_before_it_locks_the_visitor,
    an_answer_is_judged_where_it_was_given,
    what_was_offered_is_known_until_the_episode_ends,
    what_was_offered_long_ago_is_not_looked_for,
);

async fn a_conversation_is_kept_as_it_was_opened(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let (tenant, id) = (conversation.tenant, conversation.id);
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, id)).unwrap(), conversation);
    assert_eq!(read!(db, |tx| conversations::find(tx, tenant, id)).unwrap(), Some(conversation.clone()));
    assert_eq!(write!(db, |tx| conversations::lock(tx, tenant, id)).unwrap(), Some(conversation.clone()));
    assert_eq!(write!(db, |tx| conversations::try_lock(tx, tenant, id)).unwrap(), Some(conversation));
    let nothing = ConversationId::new(db.uuid());
    assert_eq!(read!(db, |tx| conversations::find(tx, tenant, nothing)).unwrap(), None);
    assert!(matches!(read!(db, |tx| conversations::get(tx, tenant, nothing)), Err(Error::NotFound)));
}

async fn a_conversation_is_kept_as_it_was_decided(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (visitor, ada) = (fixture.visitor().await, fixture.agent("ada").await);
    let mut conversation = fixture.queued(visitor).await;
    for event in [
        Event::Assign { to: assignee(&ada), units: 2, trace: Routing::default() },
        Event::AgentSays { said: said("hello"), agent: ada.id },
        Event::Resolve,
        Event::Rate { score: 4, comment: None, solved: None, reasons: vec![] },
    ] {
        db.clock.advance(1_000);
        conversation = fixture.happens(&conversation, event, agent(&ada)).await;
        assert_eq!(read!(db, |tx| conversations::get(tx, conversation.tenant, conversation.id)).unwrap(), conversation);
    }
    assert_eq!((conversation.state, conversation.episode.outcome, conversation.episode.score), (State::Resolved, Some(Outcome::Resolved), Some(4)));
}

async fn a_conversation_cannot_take_another_streams_id(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (visitor, ada, company) = (fixture.visitor().await, fixture.agent("ada").await, &fixture.company);
    let tenant = company.tenant;
    let access = read!(db, |tx| store::tenants::get(tx, tenant)).unwrap().access_stream;
    for id in [visitor.uuid(), ada.id.uuid(), ada.inbox.uuid(), company.queue.uuid(), tenant.uuid(), access] {
        let (conversation, opened) = Conversation::open(fixture.opening(ConversationId::new(id), visitor), db.now());
        assert!(matches!(write!(db, |tx| conversations::open(tx, &conversation, opened)), Err(Error::NotFound)), "{id}");
        assert_eq!(read!(db, |tx| conversations::find(tx, tenant, ConversationId::new(id))).unwrap(), None, "{id}");
    }
}

async fn opening_tells_the_visitors_other_devices(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let visitor = fixture.visitor().await;
    db.effects();
    let conversation = fixture.conversation(visitor).await;
    let entries: Vec<_> = db.effects().into_iter().filter_map(|effect| if let Effect::Entry(entry) = effect { Some(entry) } else { None }).collect();
    let told: Vec<_> = entries.iter().map(|entry| (entry.entry.stream.id, entry.kind.as_str())).collect();
    assert_eq!(told, [(conversation.id.uuid(), "opened"), (visitor.uuid(), "current")]);
}

async fn a_repeated_send_gets_its_first_numbers(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let (tenant, id, actor) = (conversation.tenant, conversation.id, Actor::customer(conversation.visitor.uuid()));
    let client_id = db.uuid();
    let event = Event::CustomerSays { said: said("hi"), reopen: domain::conversation::ReopenTo::Bot, product: None };
    let transition = conversation.apply(event, &actor, db.now()).unwrap();
    let (before, own) = (conversation.clone(), Some((client_id, 7)));
    let first: Appended = write!(db, |tx| conversations::commit(tx, &before, transition, own)).unwrap();
    let sender = actor.id;
    assert_eq!(read!(db, |tx| sends::find(tx, tenant, id.uuid(), client_id, sender, 7)).unwrap(), Some(first));
    assert!(
        matches!(read!(db, |tx| sends::find(tx, tenant, id.uuid(), client_id, sender, 8)), Err(Error::Refused(refusal)) if refusal.code == Code::ClientIdReused)
    );
    assert!(matches!(read!(db, |tx| sends::find(tx, tenant, id.uuid(), client_id, None, 7)), Err(Error::Refused(_))));
    let another = db.uuid();
    assert_eq!(read!(db, |tx| sends::find(tx, tenant, id.uuid(), another, sender, 7)).unwrap(), None);
}

async fn a_visitor_goes_on_with_what_is_open_or_was_settled_last(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (visitor, ada) = (fixture.visitor().await, fixture.agent("ada").await);
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let open = async || read!(db, |tx| conversations::open_of_visitor(tx, tenant, visitor, site)).unwrap();
    let current = async || read!(db, |tx| conversations::current_of_visitor(tx, tenant, visitor, site)).unwrap();
    assert_eq!((open().await, current().await), (None, None));
    let first = fixture.resolved(visitor, &ada).await;
    assert_eq!((open().await, current().await), (None, Some(first.id)));
    db.clock.advance(MINUTE);
    let second = fixture.conversation(visitor).await;
    assert_eq!((open().await, current().await), (Some(second.id), Some(second.id)));
    fixture.happens(&second, Event::End { bot: BotWork::Nothing }, Actor::customer(visitor.uuid())).await;
    let closed = read!(db, |tx| conversations::get(tx, tenant, second.id)).unwrap();
    fixture.happens(&closed, Event::Expire { bot: BotWork::Nothing }, Actor::system()).await;
    assert_eq!((open().await, current().await), (None, Some(first.id)));
}

async fn what_the_bot_did_is_read_from_the_present_episode(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let work = async |c: &Conversation| read!(db, |tx| conversations::bot_work(tx, c)).unwrap();
    let mut c = fixture.conversation(fixture.visitor().await).await;
    assert_eq!(work(&c).await, BotWork::Nothing);
    for (outcome, expected) in [(SmallTalk, BotWork::Nothing), (Confident, BotWork::Answered), (NoAnswer, BotWork::Missed), (SmallTalk, BotWork::Missed)] {
        let mut answer = said("words");
        answer.fact.outcome = Some(outcome);
        c = fixture.happens(&c, Event::BotSays { said: answer, epoch: c.epoch }, Actor::bot("Lin")).await;
        assert_eq!(work(&c).await, expected, "{outcome:?}");
    }
    let stranger = Conversation { tenant: domain::id::TenantId::new(db.uuid()), ..c.clone() };
    assert_eq!(work(&stranger).await, BotWork::Nothing);
    let ended = fixture.happens(&c, Event::End { bot: work(&c).await }, Actor::customer(c.visitor.uuid())).await;
    assert_eq!((ended.episode.outcome, work(&ended).await), (Some(Outcome::BotUnanswered), BotWork::Nothing));
    let again = fixture.says(&ended, "one more thing").await;
    assert_eq!(work(&again).await, BotWork::Nothing);
}

async fn those_who_wait_stand_in_order(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let next = async || read!(db, |tx| routing::line(tx, tenant)).unwrap().first().map(|waiting| waiting.id);
    assert_eq!(next().await, None);
    let first = fixture.queued(fixture.visitor().await).await;
    db.clock.advance(1_000);
    let second = fixture.queued(fixture.visitor().await).await;
    let waiting = read!(db, |tx| routing::line(tx, tenant)).unwrap();
    let seen: Vec<_> = waiting.iter().map(|one| (one.id, one.queue, one.since, one.is_offered)).collect();
    assert_eq!(seen, [&first, &second].map(|c| (c.id, fixture.company.queue, c.queued_at.unwrap(), false)));
    assert_eq!(next().await, Some(first.id));
    // Who may be in danger goes before, also after somebody has seen the alert.
    let raised = fixture.happens(&second, Event::RaiseAlert { of: 2 }, Actor::system()).await;
    let seen = fixture.happens(&raised, Event::AcknowledgeAlert { by: ada.id }, agent(&ada)).await;
    assert_eq!((next().await, seen.danger_of, seen.alerted_at), (Some(second.id), Some(2), None));
    fixture.happens(&seen, Event::LeaveQueue, Actor::customer(seen.visitor.uuid())).await;
    let second = fixture.queued(fixture.visitor().await).await;
    assert_eq!(next().await, Some(first.id));
    fixture.happens(&first, Event::Take { by: assignee(&ada) }, agent(&ada)).await;
    assert_eq!(next().await, Some(second.id));
    assert_eq!(read!(db, |tx| conversations::served_by(tx, tenant, ada.id)).unwrap(), [first.id]);
}

async fn inbox_and_queue_are_told(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let conversation = fixture.served(fixture.visitor().await, &ada).await;
    fixture.happens(&conversation, Event::Resolve, agent(&ada)).await;
    let kinds = async |kind, id| {
        let stream = domain::stream::StreamName { kind, id };
        let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 10)).unwrap();
        entries.into_iter().map(|entry| entry.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(StreamKind::Queue, fixture.company.queue.uuid()).await, ["enter", "leave"]);
    assert_eq!(kinds(StreamKind::Inbox, ada.inbox.uuid()).await, ["assigned", "released"]);
}

async fn a_rating_has_words(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let ada = fixture.agent("ada").await;
    let conversation = fixture.resolved(fixture.visitor().await, &ada).await;
    let of = conversation.clone();
    write!(db, |tx| conversations::save_comment(tx, &of, Some("谢谢"), Some(true))).unwrap();
    let episodes = read!(db, |tx| lists::episodes(tx, conversation.tenant, conversation.id)).unwrap();
    assert_eq!((episodes[0].comment.as_deref(), episodes[0].solved), (Some("谢谢"), Some(1)));
}

async fn looking_again_is_put_off(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let (tenant, id, later) = (conversation.tenant, conversation.id, db.now().plus(DAY));
    write!(db, |tx| conversations::put_off(tx, tenant, id, later)).unwrap();
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, id)).unwrap().due_at, Some(later));
}

async fn history_is_brought_along_whole(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let visitor = fixture.visitor().await;
    let (tenant, id) = (fixture.company.tenant, ConversationId::new(db.uuid()));
    let (conversation, opened) = Conversation::open(fixture.opening(id, visitor), db.now());
    let (mut head, mut entries) = (Head::default(), Vec::new());
    for entry in [opened, conversation.message(&Actor::customer(visitor.uuid()), said("早上好"))] {
        entries.push(head.number(entry, db.now()));
    }
    let stored = conversation.clone();
    write!(db, |tx| conversations::import(tx, &stored, entries, head)).unwrap();
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, id)).unwrap(), conversation);
    let page = read!(db, |tx| db::journal::page(tx, tenant, conversation.stream(), View::Customer, 0, 10)).unwrap();
    assert_eq!(page.iter().map(|entry| (entry.kind.as_str(), entry.pseq)).collect::<Vec<_>>(), [("opened", Some(1)), ("message", Some(2))]);
    let said_then = fixture.says(&conversation, "还在吗").await;
    let head = read!(db, |tx| db::journal::head(tx, tenant, id.uuid())).unwrap();
    assert_eq!((head.seq, head.from_customer, head.version), (3, 2, said_then.version));
}

async fn an_imported_conversation_has_all_its_episodes(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (visitor, ada) = (fixture.visitor().await, fixture.agent("ada").await);
    let (tenant, id) = (fixture.company.tenant, ConversationId::new(db.uuid()));
    let (mut conversation, opened) = Conversation::open(fixture.opening(id, visitor), Ts(1_000));
    let (mut head, mut entries, mut ended) = (Head::default(), Vec::new(), Vec::new());
    entries.push(head.number(opened, Ts(1_000)));
    let by = || Event::AnswerLeft { said: said("hello"), by: assignee(&ada) };
    for (event, at) in [(Event::LeaveMessage { said: said("call me"), told: Told::default(), contact: None }, 2_000), (by(), 5_000), (Event::Resolve, 6_000)] {
        let transition = conversation.apply(event, &agent(&ada), Ts(at)).unwrap();
        if transition.next.episode.number > conversation.episode.number {
            ended.push(conversation);
        }
        conversation = transition.next;
        entries.extend(transition.entries.into_iter().map(|entry| head.number(entry, Ts(at))));
    }
    let (last, first) = (conversation.clone(), ended[0].clone());
    let left = NewLeftMessage { conversation: id, episode: 1, seq: 2, queue: fixture.company.queue, promised_by: Some(Ts(9_000)), contact: None };
    let done = Some((Ts(5_000), ada.id, true));
    write!(db, |tx| async move {
        conversations::import(tx, &last, entries, head).await?;
        conversations::import_episode(tx, &first).await?;
        left_messages::import(tx, tenant, left, Ts(2_000), done).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, id)).unwrap(), conversation);
    let episodes = read!(db, |tx| lists::episodes(tx, tenant, id)).unwrap();
    let times: Vec<_> = episodes.iter().map(|episode| (episode.number, episode.created_at, episode.ended_at, episode.outcome.as_deref())).collect();
    assert_eq!(times, [(1, 1_000, Some(2_000), Some("left_message")), (2, 5_000, Some(6_000), Some("resolved"))]);
    let messages = read!(db, |tx| left_messages::of(tx, tenant, id)).unwrap();
    assert_eq!((messages[0].left_at, messages[0].done_at, messages[0].done_by.as_deref(), messages[0].answered), (2_000, Some(5_000), Some("ada"), 1));
    assert!(messages[0].body.as_deref().unwrap().contains("call me"));
}

async fn the_first_of_a_time_is_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, begin) = (fixture.company.tenant, db.now());
    let first = async |from, until| read!(db, |tx| conversations::first_began(tx, tenant, begin.plus(from), begin.plus(until))).unwrap();
    assert_eq!(first(0, DAY).await, None);
    for _ in 0..2 {
        db.clock.advance(1_000);
        fixture.conversation(fixture.visitor().await).await;
    }
    assert_eq!(first(0, DAY).await, Some(begin.plus(1_000)));
    assert_eq!((first(1_001, DAY).await, first(1_000, 1_001).await), (Some(begin.plus(2_000)), Some(begin.plus(1_000))));
    assert_eq!((first(0, 1_000).await, first(2_001, DAY).await), (None, None));
}

/// The facts of the entries of this kind in a conversation.
async fn facts_of(db: &TestDb, conversation: &Conversation, kind: EntryKind) -> Vec<String> {
    let (tenant, stream) = (conversation.tenant, conversation.stream());
    let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 100)).unwrap();
    entries.into_iter().filter(|entry| entry.entry.kind == kind).map(|entry| entry.entry.facts).collect()
}

async fn who_comes_back_is_noted_once_where_it_ended(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let visitor = fixture.visitor().await;
    let customer = Actor::customer(visitor.uuid());
    let end = async |conversation: Conversation| fixture.happens(&conversation, Event::End { bot: BotWork::Nothing }, customer.clone()).await;
    let (first, others) = (end(fixture.conversation(visitor).await).await, end(fixture.conversation(fixture.visitor().await).await).await);
    db.clock.advance(RETURN_WINDOW_MS);
    let second = fixture.conversation(visitor).await;
    for _ in 0..2 {
        comes_back(&db, &second).await;
    }
    assert_eq!(facts_of(&db, &first, EntryKind::CameBack).await, [r#"{"ep":1}"#]);
    assert!(facts_of(&db, &second, EntryKind::CameBack).await.is_empty() && facts_of(&db, &others, EntryKind::CameBack).await.is_empty());
    let now = read!(db, |tx| conversations::get(tx, first.tenant, first.id)).unwrap();
    assert_eq!((now.version, now.state), (first.version, State::Resolved), "nothing was decided");
    // Later than that is not a return.
    end(second.clone()).await;
    db.clock.advance(RETURN_WINDOW_MS + 1);
    let third = fixture.conversation(visitor).await;
    comes_back(&db, &third).await;
    assert!(facts_of(&db, &second, EntryKind::CameBack).await.is_empty());
}

/// The customer of a conversation comes back, as they do when one is opened.
async fn comes_back(db: &TestDb, opened: &Conversation) {
    let opened = opened.clone();
    let noted = write!(db, |tx| async move {
        let former = conversations::lock_to_open(tx, opened.tenant, opened.visitor, opened.id).await?;
        conversations::note_return(tx, &opened, &former).await
    });
    noted.unwrap();
}

async fn opening_one_waits_for_former_conversations_before_it_locks_the_visitor(db: Arc<TestDb>) {
    if db.engine() != "postgres" {
        return;
    }
    let fixture = Fixture::new(&db).await;
    let opened = fixture.conversation(fixture.visitor().await).await;
    let ended = fixture.happens(&opened, Event::End { bot: BotWork::Nothing }, Actor::customer(opened.visitor.uuid())).await;
    let (tenant, visitor, next) = (ended.tenant, ended.visitor, ConversationId::new(db.uuid()));
    // An agent has it, as when reopening it, and takes the visitor next.
    let (has, had) = tokio::sync::oneshot::channel();
    let has = Arc::new(std::sync::Mutex::new(Some(has)));
    let agent = db.writer().write(db::Shard::Of(ended.id.uuid()), move |tx| {
        let has = has.clone();
        Box::pin(async move {
            db::journal::lock(tx, &[(tenant.uuid(), ended.id.uuid(), StreamKind::Conversation)]).await?;
            let told = has.lock().unwrap().take();
            told.map(|has| has.send(()));
            loop {
                let sql = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
                let (waiting,): (i64,) = db::q!(tx, |c| sqlx::query_as(sql).fetch_one(c).await)?;
                if waiting > 0 {
                    return db::journal::try_lock(tx, tenant, visitor.uuid()).await.map_err(Error::Db);
                }
                tokio::task::yield_now().await;
            }
        })
    });
    let customer = async {
        had.await.unwrap();
        let opening = db.writer().write(db::Shard::Any, move |tx| Box::pin(async move { conversations::lock_to_open(tx, tenant, visitor, next).await }));
        opening.await.unwrap()
    };
    let (is_free, former) = tokio::join!(agent, customer);
    assert!(is_free.unwrap(), "each would wait for the other");
    assert_eq!(former, [ended.id]);
}

async fn an_answer_is_judged_where_it_was_given(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let ada = fixture.agent("ada").await;
    let opened = fixture.conversation(fixture.visitor().await).await;
    let (tenant, id) = (opened.tenant, opened.id);
    let fact = fact::Message { to: Some(Owner::Bot), ..fact::Message::default() };
    let asked = Event::CustomerSays { said: Said { fact, ..Said::text("how do I change my plan") }, reopen: ReopenTo::Bot, product: None };
    let asked = fixture.happens(&opened, asked, Actor::customer(opened.visitor.uuid())).await;
    assert_eq!(read!(db, |tx| bot_answers::find(tx, tenant, id, 2)).unwrap(), None, "it is not answered yet");
    let source = AnswerSource { id: "kb-1".to_owned(), title: "Plans".to_owned() };
    for text in ["one moment", "in any shop"] {
        let message = Message::answer(Confident, text, Lang::En, Some(source.clone()));
        let said = Said { message, fact: fact::Message { of: Some(2), outcome: Some(Confident), ..fact::Message::default() } };
        fixture.happens(&asked, Event::BotSays { said, epoch: asked.epoch }, Actor::bot("Yingda")).await;
    }
    let found = read!(db, |tx| bot_answers::find(tx, tenant, id, 2)).unwrap().unwrap();
    assert_eq!((found.question.as_str(), found.answer.as_str(), found.lang, found.source), ("how do I change my plan", "in any shop", Lang::En, Some(source)));
    for (of, verdict, is_question) in
        [(2, Verdict::Wrong, true), (2, Verdict::Right, true), (1, Verdict::Right, false), (3, Verdict::Right, false), (99, Verdict::Right, false)]
    {
        let by = agent(&ada);
        let noted = write!(db, |tx| conversations::note_judgement(tx, tenant, by, id, of, verdict));
        assert!(if is_question { noted.is_ok() } else { matches!(noted, Err(Error::NotFound)) }, "{of}: {noted:?}");
    }
    let noted = facts_of(&db, &opened, EntryKind::AnswerJudged).await;
    assert_eq!(noted, [r#"{"ep":1,"of":2,"verdict":"wrong"}"#, r#"{"ep":1,"of":2,"verdict":"right"}"#]);
}

async fn what_was_offered_is_known_until_the_episode_ends(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let choice = |id: &str| AnswerChoice { id: id.to_owned(), text: format!("{id}?") };
    let offering = |before: &Conversation, option: &str, next: &str| {
        let mut message = Message::answer(DidYouMean, "Which one?", Lang::En, None);
        if let Message::Answer { options, related, .. } = &mut message {
            (*options, *related) = (vec![choice(option)], vec![choice(next)]);
        }
        Event::BotSays { said: message.into(), epoch: before.epoch }
    };
    let offered = async |c: &Conversation| {
        let mut known = Vec::new();
        for id in ["a", "b", "c", "d"] {
            let text = format!("{id}?");
            if read!(db, |tx| bot_answers::has_offered(tx, c, id, &text)).unwrap() {
                known.push(id);
            }
        }
        known.concat()
    };
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "bill").await;
    assert_eq!(offered(&c).await, "");
    for (option, next) in [("a", "b"), ("c", "d")] {
        fixture.happens(&c, offering(&c, option, next), Actor::bot("Lin")).await;
    }
    assert_eq!(offered(&c).await, "abcd");
    assert!(!read!(db, |tx| bot_answers::has_offered(tx, &c, "a", "b?")).unwrap(), "the words belong to the question");
    let other = fixture.says(&fixture.conversation(fixture.visitor().await).await, "bill").await;
    assert_eq!(offered(&other).await, "");
    let ended = fixture.happens(&c, Event::End { bot: BotWork::Missed }, Actor::customer(c.visitor.uuid())).await;
    let again = fixture.says(&ended, "hello").await;
    assert_eq!((again.episode.number, offered(&again).await.as_str()), (2, ""));
}

async fn what_was_offered_long_ago_is_not_looked_for(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let mut message = Message::answer(DidYouMean, "Which one?", Lang::En, None);
    if let Message::Answer { options, .. } = &mut message {
        *options = vec![AnswerChoice { id: "a".to_owned(), text: "a?".to_owned() }];
    }
    let c = fixture.says(&fixture.conversation(fixture.visitor().await).await, "bill").await;
    let mut now = fixture.happens(&c, Event::BotSays { said: message.into(), epoch: c.epoch }, Actor::bot("Lin")).await;
    let is_offered = async |c: &Conversation| read!(db, |tx| bot_answers::has_offered(tx, c, "a", "a?")).unwrap();
    for _ in 0..199 {
        now = fixture.says(&now, "and another thing").await;
    }
    assert!(is_offered(&now).await);
    now = fixture.says(&now, "and one more").await;
    assert!(!is_offered(&now).await, "a press must not read a whole conversation");
}

#[test]
fn the_states_in_statements_are_the_domains() {
    let stored = |owned: fn(State) -> bool| {
        let names: Vec<String> = State::EACH.iter().filter(|state| owned(**state)).map(|state| format!("'{}'", state.as_str())).collect();
        format!("({})", names.join(", "))
    };
    assert_eq!(store::fragments::SERVED_STATES, stored(|state| state.owner() == Owner::Agent));
    let kinds: Vec<String> = AlertKind::EACH.iter().filter(|kind| kind.is_of_waiting()).map(|kind| format!("'{}'", kind.as_str())).collect();
    assert_eq!(store::fragments::ALERTS_OF_WAITING, format!("({})", kinds.join(", ")));
    assert_eq!(store::fragments::WAITING_STATES, stored(|state| state.owner() == Owner::Queue));
    assert_eq!(store::fragments::OPEN_STATES, stored(State::is_open));
}
