//! Customers with an account, proofs of their identity, and moving conversations to them.

use std::sync::Arc;

use domain::{
    conversation::{BotWork, Conversation, Event},
    customer::{CODE_MS, CODE_TRIES, IdentifierKind, SESSION_IDLE_MS, SESSION_MS, TICKET_MS},
    entry::{EntryKind, body::Revoked},
    id::{CustomerId, CustomerSessionId, TenantId, VisitorId},
    journal::{Actor, View},
    text::Lang,
    time::{DAY, Ts},
};
use store::{
    Error, conversations, entry_points,
    visitors::{self, Pass},
};
use store_desk::files;
use store_hall::{
    customer_codes::{self, NewCode, Purpose, Tried},
    customer_sessions,
    customer_visitors::{self, PORTION},
    customers::{self, Customer, StoredIdentifier},
    text_messages,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    a_customer_is_found_by_what_they_sign_in_with,
    an_identifier_belongs_to_one_customer,
    a_profile_that_was_changed_since_is_not_overwritten,
    a_session_lives_until_it_ends_or_runs_out,
    an_ended_session_takes_its_widgets_along,
    a_code_is_right_once_and_wrong_five_times,
    a_password_is_held_only_if_it_is_the_one_that_was_checked,
    a_day_has_so_many_text_messages,
    a_ticket_is_spent_once,
    a_conversation_is_passed_on_with_all_that_belongs_to_it,
    what_is_too_much_for_one_step_is_moved_in_portions_the_open_one_first,
    a_widgets_token_ends_with_the_session_it_came_by,
    another_company_sees_no_customer,
);

fn identifier(text: &str, kind: IdentifierKind, at: Ts) -> StoredIdentifier {
    StoredIdentifier { lookup: text.as_bytes().to_vec(), kind, sealed: format!("sealed {text}").into_bytes(), verified_at: at }
}

async fn customer(fixture: &Fixture, text: &str) -> Customer {
    let now = fixture.db.now();
    let (id, tenant) = (CustomerId::new(fixture.db.uuid()), fixture.company.tenant);
    let customer = Customer { id, tenant, name: None, lang: Lang::En, password_hash: "hash".to_owned(), created_at: now, updated_at: now };
    let (stored, identifier) = (customer.clone(), identifier(text, IdentifierKind::Email, now));
    write!(fixture.db, |tx| async move { customers::insert(tx, tenant, &stored, &identifier).await }).unwrap();
    customer
}

async fn session(fixture: &Fixture, customer: CustomerId, token: &'static [u8]) -> CustomerSessionId {
    let (tenant, id) = (fixture.company.tenant, CustomerSessionId::new(fixture.db.uuid()));
    write!(fixture.db, |tx| customer_sessions::insert(tx, tenant, customer, id, token, "Browser")).unwrap();
    id
}

async fn a_customer_is_found_by_what_they_sign_in_with(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await);
    assert_eq!(read!(db, |tx| customers::find(tx, tenant, b"ada")).unwrap(), Some(ada.clone()));
    assert_eq!(read!(db, |tx| customers::find(tx, tenant, b"eve")).unwrap(), None);
    let (eve, known) = (b"eve".to_vec(), vec![b"eve".to_vec(), b"ada".to_vec()]);
    assert_eq!(read!(db, |tx| customers::find_any(tx, tenant, &known)).unwrap(), Some(ada.clone()));
    assert_eq!(read!(db, |tx| customers::find_any(tx, tenant, &[eve])).unwrap(), None);
    assert_eq!(read!(db, |tx| customers::get(tx, tenant, ada.id)).unwrap(), ada);
    let (id, mobile, other) = (ada.id, identifier("1", IdentifierKind::Mobile, db.now()), identifier("ada2", IdentifierKind::Email, db.now()));
    let both = (mobile.clone(), other.clone());
    write!(db, |tx| async move {
        customers::put_identifier(tx, tenant, id, &both.0).await?;
        customers::put_identifier(tx, tenant, id, &both.1).await?;
        customers::set_password(tx, tenant, id, "another").await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| customers::identifiers(tx, tenant, id)).unwrap(), [other, mobile]);
    assert_eq!(read!(db, |tx| customers::find(tx, tenant, b"ada")).unwrap(), None);
    assert_eq!(read!(db, |tx| customers::find(tx, tenant, b"1")).unwrap().unwrap().password_hash, "another");
}

async fn a_password_is_held_only_if_it_is_the_one_that_was_checked(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await.id);
    let other = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| customers::hold_password(tx, tenant, ada, "hash")).unwrap();
    assert!(matches!(write!(db, |tx| customers::hold_password(tx, other, ada, "hash")), Err(Error::Stale)));
    write!(db, |tx| customers::set_password(tx, tenant, ada, "another")).unwrap();
    assert!(matches!(write!(db, |tx| customers::hold_password(tx, tenant, ada, "hash")), Err(Error::Stale)));
}

async fn a_day_has_so_many_text_messages(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let caps = |all: i64, range: i64| vec![(String::new(), all), ("+86".to_owned(), 9), ("+861380013*".to_owned(), range)];
    let count = async |tenant: TenantId, caps: Vec<(String, i64)>, is_sent: bool| {
        let counted = write!(db, |tx| async move { text_messages::count(tx, tenant, &caps, is_sent).await });
        match counted {
            Ok(()) => true,
            Err(Error::Refused(refusal)) if refusal.code == text_messages::USED_UP => false,
            Err(error) => panic!("{error}"),
        }
    };
    for _ in 0..5 {
        assert!(count(tenant, caps(3, 2), false).await);
    }
    assert!(count(tenant, caps(3, 2), true).await && count(tenant, caps(3, 2), true).await);
    // The range is used up, also for a mere check; refused messages are not counted.
    assert!(!count(tenant, caps(3, 2), true).await && !count(tenant, caps(3, 2), false).await);
    assert!(count(tenant, caps(3, 3), true).await);
    assert!(!count(tenant, caps(3, 9), true).await && count(other, caps(3, 2), true).await);
    db.clock.advance(DAY);
    assert!(count(tenant, caps(3, 2), true).await);
    db.clock.advance(30 * DAY);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    assert!(count(tenant, caps(3, 2), true).await);
}

async fn an_identifier_belongs_to_one_customer(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await);
    let (eve, taken) = (CustomerId::new(db.uuid()), identifier("ada", IdentifierKind::Email, db.now()));
    let (second, again) = (Customer { id: eve, ..ada.clone() }, taken.clone());
    assert!(matches!(write!(db, |tx| async move { customers::insert(tx, tenant, &second, &again).await }), Err(Error::Taken)));
    assert!(matches!(read!(db, |tx| customers::get(tx, tenant, eve)), Err(Error::NotFound)));
    let bob = customer(&fixture, "bob").await.id;
    assert!(matches!(write!(db, |tx| async move { customers::put_identifier(tx, tenant, bob, &taken).await }), Err(Error::Taken)));
    assert_eq!(read!(db, |tx| customers::identifiers(tx, tenant, bob)).unwrap()[0].lookup, b"bob");
}

async fn a_profile_that_was_changed_since_is_not_overwritten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await);
    let (id, seen) = (ada.id, ada.updated_at);
    let name = |name: &str| Some(name.as_bytes().to_vec());
    let first = name("first");
    write!(db, |tx| customers::set_profile(tx, tenant, id, first, Lang::Zh, seen)).unwrap();
    let second = name("second");
    assert!(matches!(write!(db, |tx| customers::set_profile(tx, tenant, id, second, Lang::En, seen)), Err(Error::Stale)));
    let now = read!(db, |tx| customers::get(tx, tenant, id)).unwrap();
    assert_eq!((now.name, now.lang), (name("first"), Lang::Zh));
    assert!(now.updated_at > seen);
}

async fn a_session_lives_until_it_ends_or_runs_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await.id);
    let (one, two) = (session(&fixture, ada, b"one").await, session(&fixture, ada, b"two").await);
    let begun = db.now();
    assert_eq!(entry_points::customer_session(&db, b"one").await.unwrap(), Some((tenant, ada, one, begun)));
    assert_eq!(entry_points::customer_session(&db, b"none").await.unwrap(), None);
    db.clock.advance(DAY);
    write!(db, |tx| customer_sessions::touch(tx, tenant, two)).unwrap();
    let listed: Vec<_> = read!(db, |tx| customer_sessions::list(tx, tenant, ada)).unwrap().into_iter().map(|s| (s.id, s.last_seen_at)).collect();
    assert_eq!(listed, [(two, db.now()), (one, begun)]);
    db.clock.advance(SESSION_IDLE_MS - DAY);
    assert!(!read!(db, |tx| customer_sessions::lives(tx, tenant, one)).unwrap() && read!(db, |tx| customer_sessions::lives(tx, tenant, two)).unwrap());
    assert_eq!(entry_points::customer_session(&db, b"one").await.unwrap(), None);
    write!(db, |tx| customer_sessions::end(tx, tenant, ada, two)).unwrap();
    assert!(matches!(write!(db, |tx| customer_sessions::end(tx, tenant, ada, two)), Err(Error::NotFound)));
    db.clock.advance(SESSION_MS);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    session(&fixture, ada, b"one").await;
}

async fn an_ended_session_takes_its_widgets_along(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, ada) = (fixture.company.tenant, fixture.company.site, customer(&fixture, "ada").await.id);
    let visitor = fixture.visitor().await;
    write!(db, |tx| customer_visitors::bind(tx, tenant, ada, site, visitor)).unwrap();
    let sessions = [session(&fixture, ada, b"one").await, session(&fixture, ada, b"two").await, session(&fixture, ada, b"three").await];
    for (n, id) in sessions.iter().enumerate() {
        let pass = Pass { device: format!("device {n}").into_bytes(), token: format!("token {n}").into_bytes(), session: Some(*id), network: None };
        write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap();
    }
    db.effects();
    let (first, last) = (sessions[0], sessions[2]);
    write!(db, |tx| customer_sessions::end(tx, tenant, ada, first)).unwrap();
    assert_eq!(testkit::fixture::revoked(&db), [Revoked::SomeOf(visitor)]);
    assert_eq!(entry_points::visitor_token(&db, b"token 0").await.unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device 0")).unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device 1")).unwrap().unwrap().session, Some(sessions[1]));
    assert_eq!(write!(db, |tx| customer_sessions::end_others(tx, tenant, ada, Some(last))).unwrap(), 1);
    assert!(entry_points::visitor_token(&db, b"token 1").await.unwrap().is_none() && entry_points::visitor_token(&db, b"token 2").await.unwrap().is_some());
    assert_eq!(write!(db, |tx| customer_sessions::end_others(tx, tenant, ada, None)).unwrap(), 1);
    assert_eq!(entry_points::visitor_token(&db, b"token 2").await.unwrap(), None);
}

fn code(handle: &str, customer: Option<CustomerId>) -> NewCode {
    NewCode {
        handle_hash: handle.as_bytes().to_vec(),
        purpose: Purpose::Recover,
        customer,
        code_hash: Some(b"right".to_vec()),
        payload: Some(b"payload".to_vec()),
    }
}

async fn attempt(db: &Arc<TestDb>, tenant: TenantId, handle: &'static [u8], digits: &'static [u8]) -> Tried {
    // The digest under a former key, and the one under the key in force.
    let hashes = [b"other".to_vec(), digits.to_vec()];
    write!(db, |tx| customer_codes::attempt(tx, tenant, Purpose::Recover, handle, &hashes)).unwrap()
}

async fn a_code_is_right_once_and_wrong_five_times(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await.id);
    for handle in ["once", "guessed", "late", "replaced"] {
        let code = code(handle, Some(ada));
        let until = write!(db, |tx| async move { customer_codes::insert(tx, tenant, &code).await }).unwrap();
        assert_eq!(until, db.now().plus(CODE_MS));
    }
    assert_eq!(entry_points::customer_code_tenant(&db, b"once").await.unwrap(), Some(tenant));
    assert_eq!(entry_points::customer_code_tenant(&db, b"none").await.unwrap(), None);
    let eve = customer(&fixture, "eve").await.id;
    let awaited = async || {
        let of = async |who| read!(db, |tx| customer_codes::is_awaited(tx, tenant, who)).unwrap();
        (of(ada).await, of(eve).await)
    };
    assert_eq!(awaited().await, (true, false));
    let refusal = async |handle: &'static [u8]| read!(db, |tx| customer_codes::refusal(tx, tenant, Purpose::Recover, handle)).unwrap();
    assert_eq!((refusal(b"once").await, refusal(b"none").await), (None, Some(Tried::Unknown)));
    assert_eq!(attempt(&db, tenant, b"once", b"right").await, Tried::Right { customer: Some(ada), payload: Some(b"payload".to_vec()) });
    assert_eq!(attempt(&db, tenant, b"once", b"right").await, Tried::Spent);
    assert_eq!(refusal(b"once").await, Some(Tried::Spent));
    assert_eq!(attempt(&db, tenant, b"none", b"right").await, Tried::Unknown);
    let for_another = write!(db, |tx| customer_codes::attempt(tx, tenant, Purpose::Register, b"late", &[b"right".to_vec()])).unwrap();
    assert_eq!(for_another, Tried::Unknown);
    for left in (0..CODE_TRIES).rev() {
        assert_eq!(attempt(&db, tenant, b"guessed", b"wrong").await, Tried::Wrong { left });
    }
    assert_eq!(attempt(&db, tenant, b"guessed", b"right").await, Tried::Spent);
    assert_eq!(awaited().await, (true, false), "two are left");
    db.clock.advance(CODE_MS);
    assert_eq!(awaited().await, (false, false));
    assert_eq!(attempt(&db, tenant, b"late", b"right").await, Tried::Expired);
    assert_eq!((refusal(b"late").await, refusal(b"guessed").await), (Some(Tried::Expired), Some(Tried::Spent)));
    write!(db, |tx| customer_codes::spend_all(tx, tenant, ada)).unwrap();
    assert_eq!(attempt(&db, tenant, b"replaced", b"right").await, Tried::Spent);
}

async fn a_ticket_is_spent_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, customer(&fixture, "ada").await.id);
    let session = session(&fixture, ada, b"one").await;
    for ticket in [b"once", b"late", b"lost"] {
        let until = write!(db, |tx| customer_sessions::insert_ticket(tx, tenant, ada, session, ticket)).unwrap();
        assert_eq!(until, db.now().plus(TICKET_MS));
    }
    assert_eq!(write!(db, |tx| customer_sessions::spend_ticket(tx, tenant, b"once")).unwrap(), Some((ada, session)));
    assert_eq!(write!(db, |tx| customer_sessions::spend_ticket(tx, tenant, b"once")).unwrap(), None);
    db.clock.advance(TICKET_MS);
    assert_eq!(write!(db, |tx| customer_sessions::spend_ticket(tx, tenant, b"late")).unwrap(), None);
    write!(db, |tx| customer_sessions::insert_ticket(tx, tenant, ada, session, b"ended")).unwrap();
    write!(db, |tx| customer_sessions::end(tx, tenant, ada, session)).unwrap();
    assert_eq!(write!(db, |tx| customer_sessions::spend_ticket(tx, tenant, b"ended")).unwrap(), None);
}

async fn a_conversation_is_passed_on_with_all_that_belongs_to_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, ada) = (fixture.company.tenant, fixture.company.site, customer(&fixture, "ada").await.id);
    let (from, to): (VisitorId, VisitorId) = (fixture.visitor().await, fixture.visitor().await);
    let second = fixture.visitor().await;
    assert_eq!(read!(db, |tx| customer_visitors::own(tx, tenant, ada, site)).unwrap(), None);
    write!(db, |tx| customer_visitors::bind(tx, tenant, ada, site, to)).unwrap();
    write!(db, |tx| customer_visitors::bind(tx, tenant, ada, site, second)).unwrap();
    assert_eq!(read!(db, |tx| customer_visitors::own(tx, tenant, ada, site)).unwrap(), Some(to));
    assert_eq!(read!(db, |tx| customer_visitors::customer_of(tx, tenant, to)).unwrap(), Some(ada));
    assert_eq!(read!(db, |tx| customer_visitors::customer_of(tx, tenant, from)).unwrap(), None);

    let talked: Conversation = fixture.says(&fixture.conversation(from).await, "hello").await;
    let (id, file) = (talked.id, domain::id::FileId::new(db.uuid()));
    let stored = files::StoredFile {
        id: file,
        owner: files::FileOwner::Visitor(from),
        conversation: None,
        is_private: false,
        name: "a".to_owned(),
        mime: "b".to_owned(),
        size: 1,
        dimensions: None,
        created_at: db.now(),
    };
    write!(db, |tx| async move {
        files::insert(tx, tenant, &stored).await?;
        files::attach(tx, tenant, file, id).await
    })
    .unwrap();
    let portion = write!(db, |tx| customer_visitors::lock_portion(tx, tenant, from, to)).unwrap();
    assert_eq!((portion.theirs.iter().map(|c| c.id).collect::<Vec<_>>(), portion.owns.len(), portion.has_more), (vec![id], 0, false));
    db.effects();
    assert!(!read!(db, |tx| customer_visitors::has_moved(tx, tenant, from)).unwrap());
    write!(db, |tx| async move {
        customer_visitors::pass_on(tx, tenant, id, to).await?;
        customer_visitors::end_merged(tx, tenant, from, to).await
    })
    .unwrap();
    assert_eq!(testkit::fixture::revoked(&db), [Revoked::SomeOf(from)]);
    assert!(read!(db, |tx| customer_visitors::has_moved(tx, tenant, from)).unwrap() && !read!(db, |tx| customer_visitors::has_moved(tx, tenant, to)).unwrap());

    let now = read!(db, |tx| conversations::get(tx, tenant, id)).unwrap();
    assert_eq!((now.visitor, now.version, now.state), (to, talked.version + 1, talked.state));
    assert_eq!(read!(db, |tx| db::journal::head(tx, tenant, id.uuid())).unwrap().version, now.version);
    assert_eq!(read!(db, |tx| files::get(tx, tenant, file)).unwrap().owner, files::FileOwner::Visitor(to));
    let entries = read!(db, |tx| db::journal::page(tx, tenant, now.stream(), View::Staff, 0, 100)).unwrap();
    assert!(entries.iter().all(|entry| entry.entry.actor.id == Some(to.uuid())), "{entries:?}");
    assert_eq!(entries.last().unwrap().entry.kind, EntryKind::Identified);
    // What the customer sees keeps its numbers and continues.
    let public = read!(db, |tx| db::journal::page(tx, tenant, now.stream(), View::Customer, 0, 100)).unwrap();
    assert_eq!(public.iter().map(|entry| entry.pseq).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let ended = fixture.happens(&now, Event::End { bot: BotWork::Nothing }, Actor::customer(to.uuid())).await;
    let far = (Ts(i64::MAX), Uuid::max());
    let mine = read!(db, |tx| customer_visitors::conversations(tx, tenant, ada, far, 10)).unwrap();
    assert_eq!(mine.iter().map(|row| (row.id, row.state.as_str())).collect::<Vec<_>>(), [(id.uuid(), ended.state.as_str())]);
    let before = (Ts(mine[0].created_at), mine[0].id);
    assert!(read!(db, |tx| customer_visitors::conversations(tx, tenant, ada, before, 10)).unwrap().is_empty());
}

async fn what_is_too_much_for_one_step_is_moved_in_portions_the_open_one_first(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (from, into) = (fixture.visitor().await, fixture.visitor().await);
    let open = fixture.conversation(from).await;
    for _ in 0..PORTION {
        db.clock.advance(1_000);
        let over = fixture.conversation(from).await;
        fixture.happens(&over, Event::End { bot: BotWork::Nothing }, Actor::customer(from.uuid())).await;
    }
    let first = write!(db, |tx| customer_visitors::lock_portion(tx, tenant, from, into)).unwrap();
    assert_eq!((first.theirs.len(), first.theirs[0].id, first.has_more), (PORTION, open.id, true));
    for one in first.theirs {
        write!(db, |tx| customer_visitors::pass_on(tx, tenant, one.id, into)).unwrap();
    }
    let rest = write!(db, |tx| customer_visitors::lock_portion(tx, tenant, from, into)).unwrap();
    assert_eq!((rest.theirs.len(), rest.owns[0].id, rest.owns.len(), rest.has_more), (1, open.id, PORTION, false));
}

async fn a_widgets_token_ends_with_the_session_it_came_by(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, ada) = (fixture.company.tenant, fixture.company.site, customer(&fixture, "ada").await.id);
    let (visitor, session) = (fixture.visitor().await, session(&fixture, ada, b"one").await);
    let issue = async |token: &'static [u8]| {
        let pass = Pass { device: [token, b" device"].concat(), token: token.to_vec(), session: Some(session), network: None };
        write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap()
    };
    // A token is valid for a day, but this session ends sooner: it was idle for almost as long as it may be.
    db.clock.advance(SESSION_IDLE_MS - 60_000);
    issue(b"idle").await;
    assert_eq!(entry_points::visitor_token(&db, b"idle").await.unwrap().unwrap().3, db.now().plus(60_000));
    db.clock.advance(60_000);
    assert_eq!(entry_points::visitor_token(&db, b"idle").await.unwrap(), None);
    assert!(!write!(db, |tx| customer_sessions::keep(tx, tenant, session)).unwrap());
    let session = self::session(&fixture, ada, b"two").await;
    assert!(write!(db, |tx| customer_sessions::keep(tx, tenant, session)).unwrap());
    let other = Company::create(&db, "beta").await.tenant;
    assert!(!write!(db, |tx| customer_sessions::keep(tx, other, session)).unwrap());
}

async fn another_company_sees_no_customer(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, other) = (fixture.company.tenant, fixture.company.site, Company::create(&db, "beta").await.tenant);
    let (ada, visitor) = (customer(&fixture, "ada").await, fixture.visitor().await);
    let (id, session) = (ada.id, session(&fixture, ada.id, b"one").await);
    let conversation = fixture.conversation(visitor).await.id;
    let code = code("handle", Some(id));
    write!(db, |tx| async move {
        customer_visitors::bind(tx, tenant, id, site, visitor).await?;
        customer_codes::insert(tx, tenant, &code).await?;
        customer_sessions::insert_ticket(tx, tenant, id, session, b"ticket").await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| customers::find(tx, other, b"ada")).unwrap(), None);
    assert!(matches!(read!(db, |tx| customers::get(tx, other, id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| customers::identifiers(tx, other, id)).unwrap().is_empty());
    assert!(matches!(write!(db, |tx| customers::set_password(tx, other, id, "x")), Err(Error::NotFound)));
    let seen = ada.updated_at;
    assert!(matches!(write!(db, |tx| customers::set_profile(tx, other, id, None, Lang::Zh, seen)), Err(Error::Stale)));
    write!(db, |tx| customers::hold(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| customers::hold(tx, other, id)), Err(Error::NotFound)));
    assert!(!read!(db, |tx| customer_sessions::lives(tx, other, session)).unwrap());
    assert!(read!(db, |tx| customer_sessions::list(tx, other, id)).unwrap().is_empty());
    assert!(matches!(write!(db, |tx| customer_sessions::end(tx, other, id, session)), Err(Error::NotFound)));
    assert_eq!(write!(db, |tx| customer_sessions::end_others(tx, other, id, None)).unwrap(), 0);
    assert_eq!(write!(db, |tx| customer_sessions::spend_ticket(tx, other, b"ticket")).unwrap(), None);
    write!(db, |tx| customer_codes::spend_all(tx, other, id)).unwrap();
    assert_eq!(attempt(&db, other, b"handle", b"right").await, Tried::Unknown);
    assert_eq!(attempt(&db, tenant, b"handle", b"right").await, Tried::Right { customer: Some(id), payload: Some(b"payload".to_vec()) });
    assert_eq!(read!(db, |tx| customer_visitors::own(tx, other, id, site)).unwrap(), None);
    assert_eq!(read!(db, |tx| customer_visitors::customer_of(tx, other, visitor)).unwrap(), None);
    assert!(read!(db, |tx| customer_visitors::regulars(tx, tenant, 9)).unwrap().is_empty(), "the visitor has an account");
    let anybody = fixture.visitor().await;
    fixture.conversation(anybody).await;
    let regulars = read!(db, |tx| customer_visitors::regulars(tx, tenant, 9)).unwrap();
    assert_eq!(regulars.iter().map(|(id, of, ..)| (*id, *of)).collect::<Vec<_>>(), [(anybody, site)]);
    assert!(read!(db, |tx| customer_visitors::regulars(tx, other, 9)).unwrap().is_empty());
    assert!(read!(db, |tx| customer_visitors::conversations(tx, other, id, (Ts(i64::MAX), Uuid::max()), 10)).unwrap().is_empty());
    let none = write!(db, |tx| customer_visitors::lock_portion(tx, other, visitor, visitor)).unwrap();
    assert!(none.theirs.is_empty() && none.owns.is_empty() && !none.has_more);
    assert!(matches!(write!(db, |tx| customer_visitors::pass_on(tx, other, conversation, visitor)), Err(Error::NotFound)));
}
