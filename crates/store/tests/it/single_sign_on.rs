//! Single sign-on of a company: its connection, the members bound to an identity, and attempts to sign in.

use std::sync::Arc;

use domain::{
    id::TenantId,
    single_sign_on::{ATTEMPT_MS, GroupRole},
    staff::Role,
    time::Ts,
};
use futures_util::future::join_all;
use store::{
    Error,
    entry_points::{self, SignOnAttempt},
    single_sign_on::{self, Connection},
    staff::roster,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    a_company_has_one_connection_and_the_last_editor_finds_a_conflict,
    a_member_is_bound_to_one_identity,
    an_attempt_is_used_once_and_kept_as_long_again_as_it_could_be_used,
);

async fn set_up(db: &TestDb, tenant: TenantId) -> Connection {
    let connection = Connection {
        tenant,
        issuer: "https://id.example".to_owned(),
        client_id: "desk".to_owned(),
        secret: b"sealed".to_vec(),
        domains: vec!["alpha.example".to_owned(), "shop.example".to_owned()],
        groups_claim: "groups".to_owned(),
        roles: vec![GroupRole { group: "leads".to_owned(), role: Role::Supervisor }],
        role_otherwise: Some(Role::Agent),
        creates: true,
        required: false,
        proved_at: None,
        created_at: db.now(),
        updated_at: db.now(),
    };
    let stored = connection.clone();
    write!(db, |tx| single_sign_on::insert(tx, tenant, &stored)).unwrap();
    connection
}

async fn a_company_has_one_connection_and_the_last_editor_finds_a_conflict(db: Arc<TestDb>) {
    let (tenant, stranger) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    let found = async |of| read!(db, |tx| single_sign_on::find(tx, of)).unwrap();
    let required = async |of| read!(db, |tx| single_sign_on::is_required(tx, of)).unwrap();
    assert_eq!((found(tenant).await, required(tenant).await), (None, false));
    let mut connection = set_up(&db, tenant).await;
    assert_eq!((found(tenant).await, found(stranger).await), (Some(connection.clone()), None));
    let (again, seen) = (connection.clone(), connection.updated_at);
    assert!(matches!(write!(db, |tx| single_sign_on::insert(tx, tenant, &again)), Err(Error::Taken)));
    let theirs = set_up(&db, stranger).await;
    write!(db, |tx| single_sign_on::note_proved(tx, tenant)).unwrap();
    let proved = Some(db.now());
    db.clock.advance(1);
    write!(db, |tx| single_sign_on::note_proved(tx, tenant)).unwrap();
    assert_eq!(found(tenant).await.unwrap().proved_at, proved, "the first time counts");
    (connection.issuer, connection.client_id, connection.secret) = ("https://other.example".to_owned(), "desk-2".to_owned(), b"sealed again".to_vec());
    (connection.domains, connection.groups_claim, connection.roles) = (vec!["b.example".to_owned()], String::new(), Vec::new());
    (connection.role_otherwise, connection.creates, connection.required, connection.updated_at) = (None, false, true, Ts(seen.0 + 1));
    let (first, second) = (connection.clone(), connection.clone());
    write!(db, |tx| single_sign_on::update(tx, tenant, &first, seen)).unwrap();
    assert!(matches!(write!(db, |tx| single_sign_on::update(tx, tenant, &second, seen)), Err(Error::Stale)));
    assert_eq!((found(tenant).await, found(stranger).await), (Some(connection), Some(theirs.clone())));
    assert_eq!((required(tenant).await, required(stranger).await), (true, false));
    write!(db, |tx| single_sign_on::delete(tx, tenant)).unwrap();
    assert!(matches!(write!(db, |tx| single_sign_on::delete(tx, tenant)), Err(Error::NotFound)));
    assert_eq!((found(tenant).await, required(tenant).await, found(stranger).await), (None, false, Some(theirs)));
}

async fn a_member_is_bound_to_one_identity(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let other = Company::create(&db, "beta").await;
    let (tenant, stranger) = (fixture.company.tenant, other.tenant);
    let (ada, eve, bob) = (fixture.agent("ada").await.id, fixture.agent("eve").await.id, other.member(&db, Role::Agent, "bob").await.id);
    for (of, agent) in [(tenant, ada), (stranger, bob)] {
        set_up(&db, of).await;
        write!(db, |tx| single_sign_on::bind(tx, of, agent, b"1")).unwrap();
    }
    for (agent, subject) in [(eve, b"1"), (ada, b"2")] {
        assert!(matches!(write!(db, |tx| single_sign_on::bind(tx, tenant, agent, subject)), Err(Error::Taken)));
    }
    let member = async |of, subject: &'static [u8]| read!(db, |tx| single_sign_on::member_of(tx, of, subject)).unwrap();
    assert_eq!((member(tenant, b"1").await, member(tenant, b"2").await, member(stranger, b"1").await), (Some(ada), None, Some(bob)));
    let joined = async |agent| read!(db, |tx| roster::get(tx, tenant, agent)).unwrap().has_joined;
    assert_eq!((joined(ada).await, joined(eve).await), (true, false));
    write!(db, |tx| single_sign_on::forget_identities(tx, tenant)).unwrap();
    assert_eq!((member(tenant, b"1").await, member(stranger, b"1").await), (None, Some(bob)));
    // With the connection, its identities and attempts go; those of others stay.
    write!(db, |tx| single_sign_on::bind(tx, tenant, eve, b"1")).unwrap();
    for (of, state) in [(tenant, b"a"), (stranger, b"b")] {
        write!(db, |tx| single_sign_on::begin_attempt(tx, of, state, b"browser")).unwrap();
    }
    write!(db, |tx| single_sign_on::delete(tx, tenant)).unwrap();
    assert_eq!((member(tenant, b"1").await, member(stranger, b"1").await), (None, Some(bob)));
    assert_eq!(entry_points::sign_on_attempt(&db, b"a").await.unwrap(), None);
    assert_eq!(entry_points::sign_on_attempt(&db, b"b").await.unwrap().map(|attempt| attempt.tenant), Some(stranger));
}

async fn an_attempt_is_used_once_and_kept_as_long_again_as_it_could_be_used(db: Arc<TestDb>) {
    let (tenant, stranger) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    for (of, state) in [(tenant, b"a"), (stranger, b"b")] {
        write!(db, |tx| single_sign_on::begin_attempt(tx, of, state, b"browser")).unwrap();
    }
    let kept = SignOnAttempt { tenant, browser_hash: b"browser".to_vec(), expires_at: db.now().plus(ATTEMPT_MS) };
    assert_eq!(entry_points::sign_on_attempt(&db, b"a").await.unwrap(), Some(kept.clone()));
    assert_eq!(entry_points::sign_on_attempt(&db, b"c").await.unwrap(), None);
    assert!(matches!(write!(db, |tx| single_sign_on::spend_attempt(tx, stranger, b"a")), Err(Error::Stale)));
    let uses = join_all((0..5).map(|_| async { write!(db, |tx| single_sign_on::spend_attempt(tx, tenant, b"a")).is_ok() })).await;
    assert_eq!(uses.into_iter().filter(|used| *used).count(), 1);
    assert_eq!(entry_points::sign_on_attempt(&db, b"a").await.unwrap(), Some(kept), "whoever comes back late is told why");
    // Each attempt of a company deletes the old ones of the same company.
    for (ms, state, is_kept) in [(2 * ATTEMPT_MS - 1, b"c", true), (1, b"d", false)] {
        db.clock.advance(ms);
        write!(db, |tx| single_sign_on::begin_attempt(tx, tenant, state, b"browser")).unwrap();
        assert_eq!(entry_points::sign_on_attempt(&db, b"a").await.unwrap().is_some(), is_kept);
    }
    for state in [b"b", b"c", b"d"] {
        assert!(entry_points::sign_on_attempt(&db, state).await.unwrap().is_some());
    }
}
