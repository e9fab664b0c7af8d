//! Tokens of programs.

use std::sync::Arc;

use domain::{
    api_token::{ApiToken, Credential, Holding, LISTED_MS, Unusable},
    entry::body::Revoked,
    id::{AgentId, ApiTokenId, InboxId, SessionId, TenantId},
    policy::Grants,
    refusal::Code,
    staff::Role,
    time::{HOUR, Ts},
};
use store::{Error, api_tokens, entry_points, routing, staff};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, revoked, write},
    on_every_engine,
};

on_every_engine!(
    a_token_is_found_by_each_of_its_secrets,
    a_revoked_token_ends_with_its_program,
    tokens_end_that_their_maker_could_not_make_now,
    refusals_are_counted,
    programs_are_in_no_list
);

pub fn token(db: &TestDb, tenant: TenantId, expires_at: Option<Ts>) -> ApiToken {
    ApiToken {
        id: ApiTokenId::new(db.uuid()),
        tenant,
        program: AgentId::new(db.uuid()),
        name: "CRM".to_owned(),
        holds: Holding([("desk".to_owned(), vec!["company".to_owned()])].into()),
        ranges: domain::api_token::ranges(&["192.0.2.0/24".to_owned()]).unwrap(),
        hint: "abcd".to_owned(),
        version: 1,
        maker: None,
        made_by: "Tara".to_owned(),
        created_at: db.now(),
        expires_at,
        last_used_at: None,
        revoked: None,
        refused: 0,
        last_refused: None,
    }
}

pub async fn stored(db: &TestDb, token: &ApiToken, hash: &'static [u8]) {
    let (tenant, token, inbox) = (token.tenant, token.clone(), InboxId::new(db.uuid()));
    write!(db, |tx| async move { api_tokens::insert(tx, tenant, &token, inbox, hash).await }).unwrap();
}

async fn a_token_is_found_by_each_of_its_secrets(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let stranger = Company::create(&db, "beta").await.tenant;
    let whole = token(&db, tenant, None);
    let id = whole.id;
    stored(&db, &whole, b"first").await;
    let found = entry_points::api_token(&db, b"first").await.unwrap().unwrap();
    assert_eq!((&found.token, found.version, found.valid_until, found.member.id), (&whole, 1, None, whole.program));
    assert!(entry_points::api_token(&db, b"second").await.unwrap().is_none());
    assert_eq!(read!(db, |tx| api_tokens::get(tx, tenant, id)).unwrap(), whole);
    assert!(matches!(read!(db, |tx| api_tokens::get(tx, stranger, id)), Err(Error::NotFound)));
    write!(db, |tx| api_tokens::touch(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| async move { api_tokens::rotate(tx, stranger, id, ("efgh", b"x"), HOUR).await }), Err(Error::NotFound)));
    let rotated = write!(db, |tx| async move { api_tokens::rotate(tx, tenant, id, ("efgh", b"second"), HOUR).await }).unwrap();
    assert_eq!((rotated.version, rotated.hint.as_str(), rotated.last_used_at), (2, "efgh", Some(db.now())));
    let until = db.now().plus(HOUR);
    assert_eq!(entry_points::api_token(&db, b"first").await.unwrap().unwrap().valid_until, Some(until));
    assert_eq!(entry_points::api_token(&db, b"second").await.unwrap().unwrap().valid_until, None);
    assert_eq!(read!(db, |tx| api_tokens::overlaps(tx, tenant)).unwrap(), [(id, until)]);
    let lives = async |version| read!(db, |tx| api_tokens::end_of(tx, tenant, Credential::Token(id, version))).unwrap().is_none();
    assert_eq!((lives(1).await, lives(2).await, lives(3).await), (true, true, false));
    db.clock.advance(HOUR);
    assert_eq!((lives(1).await, lives(2).await), (false, true));
    assert_eq!(read!(db, |tx| api_tokens::overlaps(tx, tenant)).unwrap(), []);
    let nobody = Credential::Session(SessionId::new(db.uuid()));
    assert_eq!(read!(db, |tx| api_tokens::end_of(tx, tenant, nobody)).unwrap(), Some(Code::SignedOut));
    assert_eq!(revoked(&db), []);
    write!(db, |tx| async move { api_tokens::rotate(tx, tenant, id, ("ijkl", b"third"), 0).await }).unwrap();
    assert_eq!((revoked(&db), lives(2).await, lives(3).await), (vec![Revoked::Token(id)], false, true));
}

async fn a_revoked_token_ends_with_its_program(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let stranger = Company::create(&db, "beta").await.tenant;
    let (one, short) = (token(&db, tenant, None), token(&db, tenant, Some(db.now().plus(HOUR))));
    let (id, program) = (one.id, one.program);
    stored(&db, &one, b"one").await;
    stored(&db, &short, b"short").await;
    assert_eq!(read!(db, |tx| api_tokens::list(tx, tenant)).unwrap().len(), 2);
    assert_eq!(read!(db, |tx| api_tokens::list(tx, stranger)).unwrap(), []);
    assert!(matches!(write!(db, |tx| async move { api_tokens::revoke(tx, stranger, id, "Tara").await }), Err(Error::NotFound)));
    let gone = write!(db, |tx| async move { api_tokens::revoke(tx, tenant, id, "Tara").await }).unwrap();
    assert_eq!((gone.revoked, revoked(&db)), (Some(("Tara".to_owned(), db.now())), vec![Revoked::Token(id)]));
    assert!(matches!(write!(db, |tx| async move { api_tokens::revoke(tx, tenant, id, "Tara").await }), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| async move { api_tokens::rotate(tx, tenant, id, ("", b"x"), 0).await }), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| api_tokens::end_of(tx, tenant, Credential::Token(id, 1))).unwrap(), Some(Code::TokenRevoked));
    assert_eq!(read!(db, |tx| staff::roster::kept_out(tx, tenant)).unwrap(), [program]);
    let short = Credential::Token(short.id, 1);
    assert_eq!(read!(db, |tx| api_tokens::end_of(tx, tenant, short)).unwrap(), None);
    db.clock.advance(HOUR);
    assert_eq!(read!(db, |tx| api_tokens::end_of(tx, tenant, short)).unwrap(), Some(Code::TokenExpired));
    db.clock.advance(LISTED_MS);
    assert_eq!(read!(db, |tx| api_tokens::list(tx, tenant)).unwrap().len(), 1);
}

async fn tokens_end_that_their_maker_could_not_make_now(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, maker) = (fixture.company.tenant, fixture.agent("tara").await.id);
    let made = ApiToken { maker: Some(maker), ..token(&db, tenant, None) };
    stored(&db, &made, b"made").await;
    stored(&db, &token(&db, tenant, None), b"of nobody").await;
    for (held, ended) in [(Grants::of(Role::Administrator), vec![]), (Grants::of(Role::Manager), vec![Revoked::Token(made.id)])] {
        write!(db, |tx| api_tokens::revoke_of(tx, tenant, maker, held, "Mira")).unwrap();
        assert_eq!(revoked(&db), ended);
    }
    assert!(read!(db, |tx| api_tokens::get(tx, tenant, made.id)).unwrap().revoked.is_some_and(|(by, _)| by == "Mira"));
}

async fn refusals_are_counted(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let one = token(&db, tenant, None);
    let id = one.id;
    stored(&db, &one, b"one").await;
    let note = async |times| write!(db, |tx| api_tokens::note_refusals(tx, tenant, id, Unusable::Elsewhere, times)).unwrap();
    note(1).await;
    db.clock.advance(HOUR);
    note(6).await;
    let told = read!(db, |tx| api_tokens::get(tx, tenant, id)).unwrap();
    assert_eq!((told.refused, told.last_refused), (7, Some((Unusable::Elsewhere, db.now()))));
}

async fn programs_are_in_no_list(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let ada = fixture.agent("ada").await;
    let one = token(&db, tenant, None);
    let program = one.program;
    stored(&db, &one, b"one").await;
    assert_eq!(read!(db, |tx| staff::list(tx, tenant)).unwrap().iter().map(|member| member.id).collect::<Vec<_>>(), [ada.id]);
    let candidates = read!(db, |tx| routing::candidates(tx, tenant)).unwrap();
    assert_eq!(candidates.iter().map(|candidate| candidate.agent).collect::<Vec<_>>(), [ada.id]);
    assert_eq!(read!(db, |tx| routing::with_programs(tx, tenant)).unwrap().len(), 2);
    let id = one.id;
    write!(db, |tx| async move { api_tokens::revoke(tx, tenant, id, "Tara").await }).unwrap();
    assert_eq!(read!(db, |tx| routing::with_programs(tx, tenant)).unwrap().len(), 1);
    assert!(matches!(read!(db, |tx| staff::roster::get(tx, tenant, program)), Err(Error::NotFound)));
    let names = read!(db, |tx| staff::names(tx, tenant)).unwrap();
    assert!(names.contains(&(program, "CRM".to_owned())) && names.len() == 2);
    // A person is no program, and cannot be disabled as one.
    write!(db, |tx| staff::disable_program(tx, tenant, ada.id)).unwrap();
    assert_eq!(read!(db, |tx| staff::roster::kept_out(tx, tenant)).unwrap(), [program]);
}
