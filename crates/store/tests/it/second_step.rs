//! Two-step verification, sign-ins that wait for it, passkeys, and what a company requires.

use std::sync::Arc;

use domain::{
    id::{PasskeyId, SessionId},
    staff::Role,
    time::{DAY, MINUTE},
};
use futures_util::future::join_all;
use store::{
    Error, entry_points, known_networks,
    passkeys::{self, Passkey},
    second_steps::{self, SecondStep},
    sign_in_links,
    sign_in_steps::{self, LinkUse},
    staff::roster,
    staff_sessions,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    an_app_is_set_up_once_and_removed_with_the_recovery_codes,
    of_fifty_uses_at_once_exactly_one_succeeds,
    a_sign_in_waits_for_ten_minutes_and_ten_tries,
    a_sign_in_that_waits_keeps_the_link_with_which_it_began,
    a_passkey_belongs_to_one_member,
    each_company_requires_its_own,
    a_proof_is_dated_and_a_recovery_link_says_so,
);

async fn an_app_is_set_up_once_and_removed_with_the_recovery_codes(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    assert_eq!(read!(db, |tx| second_steps::find(tx, tenant, ada)).unwrap(), None);
    write!(db, |tx| second_steps::begin(tx, tenant, ada, b"first")).unwrap();
    write!(db, |tx| second_steps::begin(tx, tenant, ada, b"second")).unwrap();
    assert!(matches!(write!(db, |tx| second_steps::use_step(tx, tenant, ada, 7)), Err(Error::Stale)), "it is not asked for yet");
    assert!(matches!(write!(db, |tx| second_steps::confirm(tx, tenant, ada, b"first", 5)), Err(Error::Stale)));
    write!(db, |tx| second_steps::confirm(tx, tenant, ada, b"second", 5)).unwrap();
    assert!(matches!(write!(db, |tx| second_steps::confirm(tx, tenant, ada, b"second", 6)), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| second_steps::begin(tx, tenant, ada, b"third")), Err(Error::Taken)));
    let kept = SecondStep { secret: b"second".to_vec(), last_step: 5, confirmed_at: Some(db.now()) };
    assert_eq!(read!(db, |tx| second_steps::find(tx, tenant, ada)).unwrap(), Some(kept));
    for digests in [vec![b"a".to_vec(), b"b".to_vec()], vec![b"c".to_vec(), b"d".to_vec()]] {
        write!(db, |tx| async move { second_steps::set_recovery_codes(tx, tenant, ada, &digests).await }).unwrap();
        assert_eq!(read!(db, |tx| second_steps::recovery_codes_left(tx, tenant, ada)).unwrap(), 2);
    }
    for (agent, code) in [(ada, b"a"), (eve, b"c")] {
        assert!(matches!(write!(db, |tx| second_steps::use_recovery_code(tx, tenant, agent, code)), Err(Error::Stale)));
    }
    write!(db, |tx| second_steps::use_recovery_code(tx, tenant, ada, b"c")).unwrap();
    assert_eq!(read!(db, |tx| second_steps::recovery_codes_left(tx, tenant, ada)).unwrap(), 1);
    write!(db, |tx| second_steps::remove(tx, tenant, ada)).unwrap();
    assert_eq!(read!(db, |tx| second_steps::find(tx, tenant, ada)).unwrap(), None);
    assert_eq!(read!(db, |tx| second_steps::recovery_codes_left(tx, tenant, ada)).unwrap(), 0);
}

async fn of_fifty_uses_at_once_exactly_one_succeeds(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    write!(db, |tx| async move {
        second_steps::begin(tx, tenant, ada, b"secret").await?;
        second_steps::confirm(tx, tenant, ada, b"secret", 1).await?;
        second_steps::set_recovery_codes(tx, tenant, ada, &[b"code".to_vec()]).await
    })
    .unwrap();
    let apps = join_all((0..50).map(async |_| write!(db, |tx| second_steps::use_step(tx, tenant, ada, 2)).is_ok())).await;
    let codes = join_all((0..50).map(async |_| write!(db, |tx| second_steps::use_recovery_code(tx, tenant, ada, b"code")).is_ok())).await;
    let succeeded = |uses: &[bool]| uses.iter().filter(|used| **used).count();
    assert_eq!((succeeded(&apps), succeeded(&codes)), (1, 1));
}

async fn a_sign_in_waits_for_ten_minutes_and_ten_tries(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let agent = ada.id;
    let waits = async |token: &'static [u8]| entry_points::sign_in_step(&db, token).await.unwrap();
    for token in [&b"1"[..], b"2", b"3", b"4"] {
        write!(db, |tx| sign_in_steps::insert(tx, tenant, agent, token, "password", None)).unwrap();
    }
    assert_eq!((waits(b"1").await, waits(b"5").await), (Some((tenant, agent)), None));
    assert_eq!(write!(db, |tx| sign_in_steps::spend(tx, tenant, b"1")).unwrap().way, "password");
    assert!(matches!(write!(db, |tx| sign_in_steps::spend(tx, tenant, b"1")), Err(Error::Stale)));
    for _ in 0..10 {
        write!(db, |tx| sign_in_steps::count_try(tx, tenant, b"2")).unwrap();
    }
    assert!(matches!(write!(db, |tx| sign_in_steps::count_try(tx, tenant, b"2")), Err(Error::Stale)));
    assert_eq!(waits(b"2").await, None);
    // Neither after the time, nor after a new password, nor for somebody who is disabled.
    let (stranger, now) = (Company::create(&db, "beta").await.tenant, db.now());
    assert!(matches!(write!(db, |tx| sign_in_steps::spend(tx, stranger, b"3")), Err(Error::Stale)));
    let mut person = read!(db, |tx| roster::get(tx, tenant, agent)).unwrap();
    let seen = person.updated_at;
    person.disabled_at = Some(now);
    write!(db, |tx| async move { roster::update(tx, tenant, &person, seen).await }).unwrap();
    assert_eq!(waits(b"3").await, None);
    write!(db, |tx| sign_in_steps::end_all(tx, tenant, agent)).unwrap();
    assert!(matches!(write!(db, |tx| sign_in_steps::spend(tx, tenant, b"3")), Err(Error::Stale)));
    write!(db, |tx| sign_in_steps::insert(tx, tenant, agent, b"6", "link", None)).unwrap();
    db.clock.advance(10 * MINUTE);
    assert!(matches!(write!(db, |tx| sign_in_steps::spend(tx, tenant, b"6")), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| sign_in_steps::count_try(tx, tenant, b"6")), Err(Error::Stale)));
}

async fn a_sign_in_that_waits_keeps_the_link_with_which_it_began(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, agent) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let link = |password: Option<&str>| LinkUse { token_hash: b"link".to_vec(), password_hash: password.map(ToOwned::to_owned) };
    for (token, used) in [(b"1", None), (b"2", Some(link(None))), (b"3", Some(link(Some("hash"))))] {
        let kept = used.clone();
        write!(db, |tx| async move { sign_in_steps::insert(tx, tenant, agent, token, "link", kept.as_ref()).await }).unwrap();
        assert_eq!(write!(db, |tx| sign_in_steps::spend(tx, tenant, token)).unwrap().link, used);
    }
}

async fn a_passkey_belongs_to_one_member(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, agent, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let stranger = Company::create(&db, "beta").await.tenant;
    let new = |name: &str, credential_id: &[u8]| Passkey {
        id: PasskeyId::new(db.uuid()),
        tenant,
        agent,
        credential_id: credential_id.to_vec(),
        credential: "{}".to_owned(),
        name: name.to_owned(),
        created_at: db.now(),
        used_at: None,
    };
    let (phone, laptop, again) = (new("phone", b"1"), new("laptop", b"2"), new("again", b"1"));
    for passkey in [phone.clone(), laptop.clone()] {
        write!(db, |tx| async move { passkeys::insert(tx, tenant, &passkey).await }).unwrap();
    }
    assert!(matches!(write!(db, |tx| async move { passkeys::insert(tx, tenant, &again).await }), Err(Error::Taken)));
    assert_eq!(read!(db, |tx| passkeys::list(tx, tenant, agent)).unwrap(), [phone.clone(), laptop.clone()]);
    assert_eq!(entry_points::passkey(&db, b"1").await.unwrap(), Some(phone.clone()));
    assert_eq!(entry_points::passkey(&db, b"3").await.unwrap(), None);
    let id = phone.id;
    assert!(matches!(write!(db, |tx| passkeys::rename(tx, tenant, eve, id, "hers")), Err(Error::NotFound)));
    assert_eq!(write!(db, |tx| passkeys::rename(tx, tenant, agent, id, "old phone")).unwrap().name, "old phone");
    write!(db, |tx| passkeys::note_use(tx, tenant, id, "{}", "{1}")).unwrap();
    assert!(matches!(write!(db, |tx| passkeys::note_use(tx, tenant, id, "{}", "{2}")), Err(Error::Stale)));
    let used = entry_points::passkey(&db, b"1").await.unwrap().unwrap();
    assert_eq!((used.credential.as_str(), used.used_at), ("{1}", Some(db.now())));
    for (of, by) in [(stranger, agent), (tenant, eve)] {
        assert!(matches!(write!(db, |tx| passkeys::remove(tx, of, by, id)), Err(Error::NotFound)));
    }
    write!(db, |tx| passkeys::remove(tx, tenant, agent, id)).unwrap();
    write!(db, |tx| passkeys::remove_all(tx, stranger, agent)).unwrap();
    assert_eq!(read!(db, |tx| passkeys::list(tx, tenant, agent)).unwrap().len(), 1);
    write!(db, |tx| passkeys::remove_all(tx, tenant, agent)).unwrap();
    assert_eq!(read!(db, |tx| passkeys::list(tx, tenant, agent)).unwrap(), []);
}

async fn each_company_requires_its_own(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, stranger) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    write!(db, |tx| second_steps::require_for(tx, tenant, &[Role::Manager, Role::Agent, Role::Manager])).unwrap();
    assert_eq!(read!(db, |tx| second_steps::required_roles(tx, tenant)).unwrap(), [Role::Agent, Role::Manager]);
    assert_eq!(read!(db, |tx| second_steps::required_roles(tx, stranger)).unwrap(), []);
    write!(db, |tx| second_steps::require_for(tx, tenant, &[])).unwrap();
    assert_eq!(read!(db, |tx| second_steps::required_roles(tx, tenant)).unwrap(), []);
}

async fn a_proof_is_dated_and_a_recovery_link_says_so(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, id, until) = (fixture.company.tenant, fixture.agent("ada").await.id, SessionId::new(db.uuid()), db.now().plus(DAY));
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, id, b"1", "")).unwrap();
    assert_eq!(read!(db, |tx| staff_sessions::proved_at(tx, tenant, id)).unwrap(), db.now());
    db.clock.advance(MINUTE);
    write!(db, |tx| staff_sessions::prove(tx, tenant, id)).unwrap();
    assert_eq!(read!(db, |tx| staff_sessions::proved_at(tx, tenant, id)).unwrap(), db.now());
    let stranger = Company::create(&db, "beta").await.tenant;
    assert!(matches!(read!(db, |tx| staff_sessions::proved_at(tx, stranger, id)), Err(Error::NotFound)));
    write!(db, |tx| sign_in_links::insert_recovery(tx, tenant, ada, b"link", until)).unwrap();
    assert!(entry_points::sign_in_link(&db, b"link").await.unwrap().unwrap().is_recovery);
    // A network is new only to who has signed in from another.
    assert!(!read!(db, |tx| known_networks::knows_any(tx, tenant, ada)).unwrap());
    write!(db, |tx| known_networks::note(tx, tenant, ada, b"office")).unwrap();
    assert!(read!(db, |tx| known_networks::knows_any(tx, tenant, ada)).unwrap());
}
