//! What companies may use and what they use, and the installation's operator who says so.

use std::sync::Arc;

use db::feed::Cursor;
use domain::{
    refusal::Code,
    staff::Role,
    time::{DAY, HOUR},
};
use store::{
    entry_points::{self, CompanySearch, Counted, NotedBackup, OperatorKey},
    jobs::{self, NewJob},
    limits::{self, Limits, Used},
};
use testkit::{
    Company, TestDb,
    fixture::{read, write},
    on_every_engine,
};

on_every_engine!(
    a_link_of_the_operator_counts_once_and_a_session_while_it_lasts,
    limits_are_set_and_what_is_used_is_counted,
    companies_are_found_by_name_and_state,
    messages_count_once_and_are_used_up,
    jobs_of_all_companies_are_counted,
    the_last_backup_and_what_failed_since_are_known,
);

async fn a_link_of_the_operator_counts_once_and_a_session_while_it_lasts(db: Arc<TestDb>) {
    let until = db.now().plus(HOUR);
    write!(db, |tx| entry_points::add_operator_key(tx, b"link", OperatorKey::Link, until)).unwrap();
    assert!(!write!(db, |tx| entry_points::take_operator_key(tx, b"link", OperatorKey::Session)).unwrap(), "a link is no session");
    assert_eq!(entry_points::operator_key_until(&db, b"link", OperatorKey::Session).await.unwrap(), None);
    for is_there in [true, false] {
        assert_eq!(write!(db, |tx| entry_points::take_operator_key(tx, b"link", OperatorKey::Link)).unwrap(), is_there);
    }
    for hash in [b"session", b"another"] {
        write!(db, |tx| entry_points::add_operator_key(tx, hash, OperatorKey::Session, until)).unwrap();
        assert_eq!(entry_points::operator_key_until(&db, hash, OperatorKey::Session).await.unwrap(), Some(until));
    }
    assert!(write!(db, |tx| entry_points::take_operator_key(tx, b"another", OperatorKey::Session)).unwrap());
    assert_eq!(entry_points::operator_key_until(&db, b"another", OperatorKey::Session).await.unwrap(), None);
    db.clock.advance(HOUR);
    assert_eq!(entry_points::operator_key_until(&db, b"session", OperatorKey::Session).await.unwrap(), None);
    assert!(!write!(db, |tx| entry_points::take_operator_key(tx, b"session", OperatorKey::Session)).unwrap());
}

async fn limits_are_set_and_what_is_used_is_counted(db: Arc<TestDb>) {
    let (alpha, beta) = (Company::create(&db, "alpha").await, Company::create(&db, "beta").await);
    for name in ["ada", "bob"] {
        alpha.member(&db, Role::Agent, name).await;
    }
    let tenant = alpha.tenant;
    let limits = Limits { seats: Some(2), sites: None, daily_messages: Some(10), daily_texts: Some(3), storage: Some(1 << 40) };
    write!(db, |tx| limits::set(tx, tenant, limits)).unwrap();
    assert_eq!(read!(db, |tx| limits::get(tx, tenant)).unwrap(), limits);
    let used = Used { seats: 2, sites: 1, daily_messages: 0, daily_texts: 0, storage: 0 };
    assert_eq!(read!(db, |tx| limits::usage(tx, tenant)).unwrap(), (limits, used));
    assert_eq!(read!(db, |tx| limits::usage(tx, beta.tenant)).unwrap(), (Limits::default(), Used { seats: 0, ..used }));
    let code = |refused: store::Result<()>| match refused {
        Err(store::Error::Refused(refusal)) => Some(refusal.code),
        other => other.map(|()| None).unwrap(),
    };
    assert_eq!(code(read!(db, |tx| limits::require_seat(tx, tenant))), Some(Code::SeatLimitReached));
    assert_eq!(code(read!(db, |tx| limits::require_site(tx, tenant))), None);
    write!(db, |tx| limits::set(tx, tenant, Limits { seats: Some(3), sites: Some(1), ..limits })).unwrap();
    assert_eq!(code(read!(db, |tx| limits::require_seat(tx, tenant))), None);
    assert_eq!(code(read!(db, |tx| limits::require_site(tx, tenant))), Some(Code::SiteLimitReached));
    let nobody = domain::id::TenantId::new(db.uuid());
    assert!(matches!(read!(db, |tx| limits::usage(tx, nobody)), Err(store::Error::NotFound)));
    assert!(matches!(read!(db, |tx| limits::get(tx, nobody)), Err(store::Error::NotFound)));
}

async fn companies_are_found_by_name_and_state(db: Arc<TestDb>) {
    let alpha = Company::create(&db, "alpha").await.tenant;
    let beta = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| store::tenants::set_suspended(tx, beta, true)).unwrap();
    let found = async |search: CompanySearch<'_>, after: &str, most| {
        let found = entry_points::companies(&db, search, after, most).await.unwrap();
        found.into_iter().map(|one| one.address.tenant).collect::<Vec<_>>()
    };
    let all = CompanySearch::default();
    assert_eq!(found(all, "", 9).await, [alpha, beta]);
    assert_eq!((found(all, "", 1).await, found(all, "alpha", 9).await), (vec![alpha], vec![beta]));
    for (words, of) in [("alp", vec![alpha]), ("a", vec![alpha, beta]), ("z", vec![]), ("\0", vec![])] {
        assert_eq!(found(CompanySearch { words, ..all }, "", 9).await, of, "{words}");
    }
    for (is_suspended, of) in [(true, beta), (false, alpha)] {
        assert_eq!(found(CompanySearch { is_suspended: Some(is_suspended), ..all }, "", 9).await, [of]);
        assert_eq!(found(CompanySearch { only: Some(of), ..all }, "", 9).await, [of]);
    }
    assert_eq!(entry_points::company_counts(&db).await.unwrap(), (2, 1));
}

async fn messages_count_once_and_are_used_up(db: Arc<TestDb>) {
    let (alpha, beta) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    let day = db.now().0.div_euclid(DAY);
    let at = |pos| Cursor { xid: 0, pos };
    write!(db, |tx| limits::set(tx, alpha, Limits { daily_messages: Some(3), ..Limits::default() })).unwrap();
    assert_eq!(read!(db, |tx| entry_points::messages_counted_to(tx, alpha, day)).unwrap(), Cursor::default());
    for (messages, to, is_over) in [(2, at(5), false), (1, at(9), true)] {
        for tenant in [alpha, beta] {
            write!(db, |tx| entry_points::count_messages(tx, Counted { tenant, day, messages, to }, day - 1)).unwrap();
        }
        assert_eq!(read!(db, |tx| entry_points::messages_counted_to(tx, alpha, day)).unwrap(), to);
        assert_eq!(entry_points::companies_out_of_messages(&db).await.unwrap(), if is_over { vec![alpha] } else { vec![] });
    }
    assert_eq!(read!(db, |tx| limits::usage(tx, alpha)).unwrap().1.daily_messages, 3);
    db.clock.advance(DAY);
    assert_eq!(entry_points::companies_out_of_messages(&db).await.unwrap(), [], "a new day");
    assert_eq!(read!(db, |tx| limits::usage(tx, alpha)).unwrap().1.daily_messages, 0);
    // What is old is forgotten, and a company that is gone has no days.
    write!(db, |tx| entry_points::count_messages(tx, Counted { tenant: alpha, day: day + 1, messages: 1, to: at(10) }, day + 1)).unwrap();
    assert_eq!(read!(db, |tx| entry_points::messages_counted_to(tx, alpha, day)).unwrap(), Cursor::default());
    let nobody = domain::id::TenantId::new(db.uuid());
    write!(db, |tx| entry_points::count_messages(tx, Counted { tenant: nobody, day, messages: 1, to: at(10) }, day)).unwrap();
}

async fn jobs_of_all_companies_are_counted(db: Arc<TestDb>) {
    let (alpha, beta) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    let first = db.now().0;
    for tenant in [alpha, beta] {
        let job = NewJob { id: db.uuid(), kind: domain::job::JobKind::Letter, lane: vec![1], payload: vec![2] };
        write!(db, |tx| jobs::add(tx, tenant, &job)).unwrap();
        db.clock.advance(1);
    }
    let counted = entry_points::job_counts(&db).await.unwrap();
    assert_eq!(counted.len(), 1);
    assert_eq!((counted[0].kind.as_str(), counted[0].waiting, counted[0].dead, counted[0].oldest_at), ("letter", 2, 0, Some(first)));
}

async fn the_last_backup_and_what_failed_since_are_known(db: Arc<TestDb>) {
    assert_eq!(entry_points::last_backups(&db).await.unwrap(), (None, None));
    let backup = |begun: i64, failure: Option<&str>| NotedBackup {
        begun_at: db.now().plus(begun),
        ended_at: db.now().plus(begun + 5),
        place: format!("/backups/{begun}"),
        bytes: 7,
        is_sealed: begun > 0,
        failure: failure.map(str::to_owned),
    };
    let (old, failed, good, again) = (backup(0, None), backup(10, Some("the disk is full")), backup(20, None), backup(30, Some("not mounted")));
    for (one, last) in [(&old, (Some(&old), None)), (&failed, (Some(&old), Some(&failed))), (&good, (Some(&good), None)), (&again, (Some(&good), Some(&again)))]
    {
        entry_points::note_backup(&db, db.uuid(), one.clone()).await.unwrap();
        assert_eq!(entry_points::last_backups(&db).await.unwrap(), (last.0.cloned(), last.1.cloned()));
    }
    let (id, later) = (db.uuid(), backup(366 * DAY, Some("later")));
    for _ in 0..2 {
        entry_points::note_backup(&db, id, later.clone()).await.unwrap();
    }
    assert_eq!(entry_points::last_backups(&db).await.unwrap(), (None, Some(later)), "what is older than a year is forgotten");
}
