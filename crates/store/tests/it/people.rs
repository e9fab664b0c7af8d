//! Companies, staff, links, sessions.

use std::sync::Arc;

use domain::{
    effect::Effect,
    entry::body::Revoked,
    id::{AgentId, InboxId, SessionId, TenantId},
    journal::{Actor, View},
    mail_address::MailAddress,
    staff::AgentState,
    stream::{StreamKind, StreamName},
    time::{DAY, HOUR, Ts},
};
use store::{
    Error, known_networks, sign_in_links,
    staff::{self, Member, roster},
    staff_sessions, tenants,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, revoked, write},
    on_every_engine,
};

on_every_engine!(
    a_company_is_kept_whole,
    a_slug_belongs_to_one_company,
    an_address_belongs_to_one_member_of_a_company,
    an_address_in_another_spelling_is_the_same,
    members_are_listed_as_they_joined,
    numbers_go_up,
    a_password_is_set,
    a_password_is_held_only_if_it_is_the_one_that_was_checked,
    a_state_is_changed_and_told_once,
    a_link_is_spent_once,
    a_link_runs_out,
    sessions_are_listed_by_last_use_and_ended,
    a_new_password_ends_what_the_old_one_opened,
    sessions_run_out,
    networks_are_known_for_a_while_and_by_person,
);

async fn a_company_is_kept_whole(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let found = read!(db, |tx| tenants::get(tx, fixture.company.tenant)).unwrap();
    assert_eq!((found.slug.as_str(), found.time_zone.as_str(), found.is_demo, found.created_at), ("alpha", "Asia/Shanghai", false, db.now()));
    let nobody = TenantId::new(db.uuid());
    assert!(matches!(read!(db, |tx| tenants::get(tx, nobody)), Err(Error::NotFound)));
}

async fn a_slug_belongs_to_one_company(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let mut second = read!(db, |tx| tenants::get(tx, fixture.company.tenant)).unwrap();
    second.id = TenantId::new(db.uuid());
    second.access_stream = db.uuid();
    assert!(matches!(write!(db, |tx| tenants::insert(tx, second.id, &second)), Err(Error::Taken)));
}

fn address(raw: &str) -> MailAddress {
    MailAddress::parse(raw).unwrap()
}

async fn an_address_belongs_to_one_member_of_a_company(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, tenant) = (fixture.agent("ada").await, fixture.company.tenant);
    let mut again = ada.clone();
    (again.id, again.inbox) = (AgentId::new(db.uuid()), InboxId::new(db.uuid()));
    let there = again.clone();
    assert!(matches!(write!(db, |tx| staff::insert(tx, tenant, &again)), Err(Error::Taken)));
    let beta = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| staff::insert(tx, beta, &there)).unwrap();
    assert_eq!(read!(db, |tx| staff::by_email(tx, tenant, &address(&ada.email))).unwrap().map(|found| found.id), Some(ada.id));
    assert_ne!(read!(db, |tx| staff::by_email(tx, beta, &address(&ada.email))).unwrap().map(|found| found.id), Some(ada.id));
    assert_eq!(read!(db, |tx| staff::by_email(tx, tenant, &address("eve@alpha.example"))).unwrap(), None);
}

async fn an_address_in_another_spelling_is_the_same(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, tenant) = (fixture.agent("ada").await, fixture.company.tenant);
    let with = |email: &str| Member { id: AgentId::new(db.uuid()), inbox: InboxId::new(db.uuid()), email: email.to_owned(), ..ada.clone() };
    let found = async |raw: &str| read!(db, |tx| staff::by_email(tx, tenant, &address(raw))).unwrap().map(|found| found.id);
    // An earlier version stored what was typed.
    let bob = with("bob@xn--bcher-kva.example");
    let id = bob.id;
    write!(db, |tx| staff::insert(tx, tenant, &bob)).unwrap();
    for raw in ["bob@xn--bcher-kva.example", "bob@b\u{fc}cher.example", "BOB@b\u{fc}cher.example\u{200b}"] {
        assert_eq!(found(raw).await, Some(id), "{raw}");
        assert_eq!(read!(db, |tx| staff::holder_of(tx, tenant, &address(raw))).unwrap(), Some(id), "{raw}");
        let again = with(raw);
        assert!(matches!(write!(db, |tx| staff::insert(tx, tenant, &again)), Err(Error::Taken)), "{raw}");
    }
}

async fn members_are_listed_as_they_joined(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (zoe, ada) = (fixture.agent("zoe").await, fixture.agent("ada").await);
    assert_eq!(read!(db, |tx| staff::list(tx, fixture.company.tenant)).unwrap(), [zoe.clone(), ada]);
    assert_eq!(read!(db, |tx| staff::get(tx, fixture.company.tenant, zoe.id)).unwrap(), zoe);
}

async fn numbers_go_up(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(write!(db, |tx| staff::next_number(tx, tenant)).unwrap(), "0101");
    assert_eq!(write!(db, |tx| staff::next_number(tx, tenant)).unwrap(), "0102");
    // Also above numbers that were chosen; text that is not a number, and very long numbers, do not count.
    let ada = fixture.agent("ada").await.id;
    for number in ["0999", "VIP 1", "99999999999999999999", "17"] {
        let mut person = read!(db, |tx| roster::get(tx, tenant, ada)).unwrap();
        let seen = person.updated_at;
        (person.number, person.updated_at) = (number.to_owned(), Ts(seen.0 + 1));
        write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    }
    assert_eq!(write!(db, |tx| staff::next_number(tx, tenant)).unwrap(), "1000");
}

async fn a_password_is_set(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    write!(db, |tx| staff::set_password(tx, tenant, ada, "hash")).unwrap();
    assert_eq!(read!(db, |tx| staff::get(tx, tenant, ada)).unwrap().password_hash.as_deref(), Some("hash"));
}

async fn a_password_is_held_only_if_it_is_the_one_that_was_checked(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let member = fixture.agent("mira").await.id;
    assert!(matches!(write!(db, |tx| staff::hold_password(tx, tenant, member, "hash")), Err(Error::Stale)));
    write!(db, |tx| staff::set_password(tx, tenant, member, "hash")).unwrap();
    write!(db, |tx| staff::hold_password(tx, tenant, member, "hash")).unwrap();
    assert!(matches!(write!(db, |tx| staff::hold_password(tx, other, member, "hash")), Err(Error::Stale)));
}

async fn a_state_is_changed_and_told_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    db.clock.advance(1_000);
    db.effects();
    for _ in 0..2 {
        let (id, actor) = (ada.id, Actor::agent(ada.id, "ada"));
        let changed = write!(db, |tx| staff::change_state(tx, tenant, id, AgentState::Break, actor, Some("lunch"))).unwrap();
        assert_eq!((changed.state, changed.state_since), (AgentState::Break, db.now()));
    }
    let effects = db.effects();
    assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::AgentChanged(..))).count(), 1);
    let stream = StreamName { kind: StreamKind::Agent, id: ada.id.uuid() };
    let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 10)).unwrap();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!((kinds, entries[0].entry.facts.as_str()), (vec!["state_changed"], r#"{"from":"offline","to":"break"}"#));
    let note = read!(db, |tx| staff::states::notes(tx, tenant, Some(ada.id))).unwrap().remove(0);
    assert_eq!((note.state_since, note.state_reason.as_deref(), note.state_by), (db.now().0, Some("lunch"), None));
    let mira = Actor::agent(fixture.agent("mira").await.id, "mira");
    write!(db, |tx| staff::change_state(tx, tenant, ada.id, AgentState::Busy, mira.clone(), Some("reports"))).unwrap();
    let notes = read!(db, |tx| staff::states::notes(tx, tenant, None)).unwrap();
    let note = notes.iter().find(|note| note.id == ada.id.uuid()).unwrap();
    assert_eq!((note.state_reason.as_deref(), note.state_by.as_deref(), notes.len()), (Some("reports"), Some("mira"), 2));
    let changes = read!(db, |tx| staff::states::changes(tx, tenant, ada.id, i64::MAX, 10)).unwrap();
    assert_eq!(changes.iter().map(|change| (change.seq, change.actor_name.as_deref())).collect::<Vec<_>>(), [(2, Some("mira")), (1, Some("ada"))]);
    assert_eq!(read!(db, |tx| staff::states::changes(tx, tenant, ada.id, 2, 10)).unwrap().len(), 1);
}

async fn a_link_is_spent_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, until) = (fixture.company.tenant, fixture.agent("ada").await.id, db.now().plus(DAY));
    write!(db, |tx| sign_in_links::insert(tx, tenant, ada, b"link", until)).unwrap();
    assert!(matches!(write!(db, |tx| sign_in_links::spend(tx, tenant, b"other")), Err(Error::Stale)));
    write!(db, |tx| sign_in_links::spend(tx, tenant, b"link")).unwrap();
    assert!(matches!(write!(db, |tx| sign_in_links::spend(tx, tenant, b"link")), Err(Error::Stale)));
}

async fn a_link_runs_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, until) = (fixture.company.tenant, fixture.agent("ada").await.id, db.now().plus(DAY));
    write!(db, |tx| sign_in_links::insert(tx, tenant, ada, b"link", until)).unwrap();
    db.clock.advance(DAY);
    assert!(matches!(write!(db, |tx| sign_in_links::spend(tx, tenant, b"link")), Err(Error::Stale)));
}

async fn sessions_are_listed_by_last_use_and_ended(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let (first, second) = (SessionId::new(db.uuid()), SessionId::new(db.uuid()));
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, first, b"1", "Chrome")).unwrap();
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, second, b"2", "Firefox")).unwrap();
    db.clock.advance(HOUR);
    write!(db, |tx| staff_sessions::touch(tx, tenant, first)).unwrap();
    let listed = read!(db, |tx| staff_sessions::list(tx, tenant, ada)).unwrap();
    assert_eq!(
        listed.iter().map(|s| (s.id, s.last_seen_at, s.user_agent.as_str())).collect::<Vec<_>>(),
        [(first, db.now(), "Chrome"), (second, Ts(db.now().0 - HOUR), "Firefox"),]
    );
    assert!(matches!(write!(db, |tx| staff_sessions::end(tx, tenant, eve, first)), Err(Error::NotFound)));
    assert!(read!(db, |tx| staff_sessions::lives(tx, tenant, first)).unwrap());
    db.effects();
    write!(db, |tx| staff_sessions::end_others(tx, tenant, eve, first)).unwrap();
    assert!(revoked(&db).is_empty());
    write!(db, |tx| staff_sessions::end_others(tx, tenant, ada, first)).unwrap();
    assert_eq!(revoked(&db), [Revoked::Session(second)]);
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, second, b"2", "Firefox")).unwrap();
    db.effects();
    write!(db, |tx| staff_sessions::end(tx, tenant, ada, first)).unwrap();
    assert_eq!(revoked(&db), [Revoked::Session(first)]);
    assert_eq!(read!(db, |tx| staff_sessions::list(tx, tenant, ada)).unwrap().len(), 1);
    assert!(!read!(db, |tx| staff_sessions::lives(tx, tenant, first)).unwrap());
}

async fn a_new_password_ends_what_the_old_one_opened(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let (hers, others, until) = (SessionId::new(db.uuid()), SessionId::new(db.uuid()), db.now().plus(DAY));
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, hers, b"1", "")).unwrap();
    write!(db, |tx| staff_sessions::insert(tx, tenant, eve, others, b"2", "")).unwrap();
    write!(db, |tx| sign_in_links::insert(tx, tenant, ada, b"hers", until)).unwrap();
    write!(db, |tx| sign_in_links::insert(tx, tenant, eve, b"other", until)).unwrap();
    db.effects();
    write!(db, |tx| staff_sessions::end_all(tx, tenant, ada)).unwrap();
    write!(db, |tx| sign_in_links::spend_all(tx, tenant, ada)).unwrap();
    assert_eq!(revoked(&db), [Revoked::Session(hers)]);
    assert_eq!(read!(db, |tx| staff_sessions::list(tx, tenant, eve)).unwrap().len(), 1);
    assert!(matches!(write!(db, |tx| sign_in_links::spend(tx, tenant, b"hers")), Err(Error::Stale)));
    write!(db, |tx| sign_in_links::spend(tx, tenant, b"other")).unwrap();
}

async fn sessions_run_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let (idle, used) = (SessionId::new(db.uuid()), SessionId::new(db.uuid()));
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, idle, b"1", "")).unwrap();
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, used, b"2", "")).unwrap();
    db.clock.advance(11 * HOUR);
    write!(db, |tx| staff_sessions::touch(tx, tenant, used)).unwrap();
    db.clock.advance(HOUR);
    let living = read!(db, |tx| staff_sessions::list(tx, tenant, ada)).unwrap();
    assert_eq!(living.iter().map(|s| s.id).collect::<Vec<_>>(), [used]);
    assert_eq!(write!(db, |tx| staff_sessions::forget_expired(tx, tenant)).unwrap(), 1);
    db.clock.advance(7 * DAY);
    assert_eq!(write!(db, |tx| staff_sessions::forget_expired(tx, tenant)).unwrap(), 1);
}

async fn networks_are_known_for_a_while_and_by_person(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let beta = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| known_networks::note(tx, tenant, ada, b"home")).unwrap();
    assert!(read!(db, |tx| known_networks::is_known(tx, tenant, ada, b"home")).unwrap());
    assert!(!read!(db, |tx| known_networks::is_known(tx, tenant, ada, b"elsewhere")).unwrap());
    assert!(!read!(db, |tx| known_networks::is_known(tx, tenant, eve, b"home")).unwrap());
    assert!(!read!(db, |tx| known_networks::is_known(tx, beta, ada, b"home")).unwrap());
    db.clock.advance(known_networks::KNOWN_MS - 1);
    write!(db, |tx| known_networks::note(tx, tenant, ada, b"office")).unwrap();
    assert!(read!(db, |tx| known_networks::is_known(tx, tenant, ada, b"home")).unwrap());
    db.clock.advance(1);
    assert!(!read!(db, |tx| known_networks::is_known(tx, tenant, ada, b"home")).unwrap());
    // The last twenty are stored; using one again makes it one of the last.
    for n in 0..19_u8 {
        db.clock.advance(1);
        write!(db, |tx| known_networks::note(tx, tenant, ada, &[n])).unwrap();
    }
    write!(db, |tx| known_networks::note(tx, tenant, ada, b"office")).unwrap();
    db.clock.advance(1);
    write!(db, |tx| known_networks::note(tx, tenant, ada, b"one more")).unwrap();
    let known = async |network: &'static [u8]| read!(db, |tx| known_networks::is_known(tx, tenant, ada, network)).unwrap();
    assert!(known(b"office").await && known(b"one more").await && known(&[1]).await);
    assert!(!known(&[0]).await, "the one that was used the longest ago made room");
}
