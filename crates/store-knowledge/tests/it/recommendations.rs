//! What visitors took an interest in, their choices, the settings, and what was learned.

use std::sync::Arc;

use content::recommendation::{Interest, ItemKind};
use domain::{
    customer::IdentifierKind,
    id::{ConversationId, CustomerId, TenantId, VisitorId},
    text::Lang,
    time::Ts,
};
use store::{
    Error, entry_points,
    people::Seen,
    visitors::{self, Pass},
};
use store_hall::{
    customer_visitors,
    customers::{self, Customer, StoredIdentifier},
};
use store_knowledge::recommendations::{self, Learned, Settings, Signal};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    interests_add_up_and_are_rated_with_their_conversation,
    old_interests_and_those_beyond_the_most_are_deleted,
    the_visitors_of_conversations_are_found,
    an_account_is_one_for_all_its_visitors,
    a_visitor_who_joins_an_account_brings_interests,
    settings_are_changed_by_one_at_a_time,
    what_is_learned_has_versions_and_is_due,
    another_company_sees_and_changes_nothing,
    people_are_told_apart_by_network_and_account,
    what_a_network_has_too_much_of_is_found_and_deleted,
);

fn signal(visitor: VisitorId, item: &str, at: i64) -> Signal {
    let interest = Interest { looked: 1, asked: 0, score: None, at: Ts(at) };
    Signal { visitor, kind: ItemKind::Product, item: item.to_owned(), interest, conversation: None }
}
async fn note(db: &TestDb, tenant: TenantId, signals: Vec<Signal>) {
    write!(db, |tx| async move { recommendations::note(tx, tenant, &signals).await }).unwrap();
}
async fn items(db: &TestDb, tenant: TenantId, visitor: VisitorId) -> Vec<String> {
    read!(db, |tx| recommendations::of_visitor(tx, tenant, visitor, 10)).unwrap().into_iter().map(|signal| signal.item).collect()
}
/// An account with these visitors of its own, on as many sites.
async fn account(fixture: &Fixture, visitors: &[VisitorId]) -> CustomerId {
    let (tenant, db) = (fixture.company.tenant, &fixture.db);
    let id = CustomerId::new(db.uuid());
    let customer = Customer { id, tenant, name: None, lang: Lang::En, password_hash: "x".to_owned(), created_at: db.now(), updated_at: db.now() };
    let identifier = StoredIdentifier { lookup: id.uuid().as_bytes().to_vec(), kind: IdentifierKind::Email, sealed: vec![1], verified_at: db.now() };
    write!(db, |tx| async move { customers::insert(tx, tenant, &customer, &identifier).await }).unwrap();
    for (visitor, first) in visitors.iter().copied().zip([true, false]) {
        let site = if first { fixture.company.site } else { domain::id::SiteId::new(db.uuid()) };
        write!(db, |tx| customer_visitors::bind(tx, tenant, id, site, visitor)).unwrap();
    }
    id
}

async fn interests_add_up_and_are_rated_with_their_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let conversation = fixture.conversation(visitor).await.id;
    let asked = Signal { interest: Interest { looked: 0, asked: 1, score: None, at: Ts(30) }, conversation: Some(conversation), ..signal(visitor, "a", 0) };
    note(&db, tenant, vec![signal(visitor, "a", 50), signal(visitor, "b", 40)]).await;
    note(&db, tenant, vec![asked, Signal { kind: ItemKind::Question, ..signal(visitor, "a", 20) }]).await;
    write!(db, |tx| recommendations::rate(tx, tenant, conversation, 2)).unwrap();
    let found = read!(db, |tx| recommendations::of_visitor(tx, tenant, visitor, 10)).unwrap();
    assert_eq!(found[0].interest, Interest { looked: 1, asked: 1, score: Some(2), at: Ts(50) });
    assert_eq!(found[0].conversation, Some(conversation));
    assert_eq!(
        found.iter().map(|one| (one.kind, one.item.as_str())).collect::<Vec<_>>(),
        [(ItemKind::Product, "a"), (ItemKind::Product, "b"), (ItemKind::Question, "a")]
    );
    assert_eq!(found[1].interest.score, None);
    assert_eq!(read!(db, |tx| recommendations::latest(tx, tenant, 2)).unwrap(), found[..2]);
    assert_eq!(read!(db, |tx| recommendations::count(tx, tenant)).unwrap(), (3, 1));
}

async fn old_interests_and_those_beyond_the_most_are_deleted(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    note(&db, tenant, (1..=6).map(|at| signal(visitor, &at.to_string(), at)).collect()).await;
    let trim = async |before, most, portion| write!(db, |tx| recommendations::trim(tx, tenant, before, most, portion)).unwrap();
    assert!(!trim(Ts(3), 100, 10).await);
    assert_eq!(items(&db, tenant, visitor).await, ["6", "5", "4", "3"]);
    assert!(trim(Ts(3), 2, 1).await);
    assert_eq!(items(&db, tenant, visitor).await, ["6", "5", "4"], "the oldest first");
    assert!(!trim(Ts(3), 2, 10).await);
    assert_eq!(items(&db, tenant, visitor).await, ["6", "5"]);
    let later = db.now().plus(1);
    assert!(!trim(later, 2, 10).await);
    assert_eq!(items(&db, tenant, visitor).await.len(), 0);
}

async fn the_visitors_of_conversations_are_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor, other) = (fixture.company.tenant, fixture.visitor().await, fixture.visitor().await);
    let (mine, theirs) = (fixture.conversation(visitor).await.id, fixture.conversation(other).await.id);
    let mut of = read!(db, |tx| recommendations::visitors_of(tx, tenant, &[mine, theirs])).unwrap();
    of.sort_unstable();
    let mut expected = [(mine, visitor), (theirs, other)];
    expected.sort_unstable();
    assert_eq!(of, expected);
}

async fn an_account_is_one_for_all_its_visitors(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, here, there) = (fixture.company.tenant, fixture.visitor().await, fixture.visitor().await);
    let customer = account(&fixture, &[here, there]).await;
    note(&db, tenant, vec![signal(here, "a", 1), signal(there, "b", 2)]).await;
    assert_eq!(items(&db, tenant, here).await, ["b", "a"]);
    let own = read!(db, |tx| recommendations::of_customer(tx, tenant, customer)).unwrap();
    assert_eq!(own.iter().map(|one| (one.visitor, one.item.as_str())).collect::<Vec<_>>(), [(there, "b"), (here, "a")]);
}

async fn a_visitor_who_joins_an_account_brings_interests(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (from, own) = (fixture.visitor().await, fixture.visitor().await);
    account(&fixture, &[own]).await;
    note(&db, tenant, vec![signal(from, "a", 2), signal(from, "b", 3), signal(own, "a", 1)]).await;
    write!(db, |tx| recommendations::pass_on(tx, tenant, from, own)).unwrap();
    assert_eq!((items(&db, tenant, own).await, items(&db, tenant, from).await.len()), (vec!["b".to_owned(), "a".to_owned()], 0));
}

async fn settings_are_changed_by_one_at_a_time(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let before = read!(db, |tx| recommendations::settings(tx, tenant)).unwrap();
    assert_eq!(before, Settings::default());
    assert!(before.on);
    let new = Settings { on: false, off_sites: vec![site], ..before.clone() };
    let stored = write!(db, |tx| async move { recommendations::set(tx, tenant, &new).await }).unwrap();
    assert_eq!(read!(db, |tx| recommendations::settings(tx, tenant)).unwrap(), stored);
    assert!(!stored.on && stored.off_sites == [site] && stored.updated_at > before.updated_at);
    assert!(matches!(write!(db, |tx| async move { recommendations::set(tx, tenant, &before).await }), Err(Error::Stale)));
}

async fn what_is_learned_has_versions_and_is_due(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let due = async |now| entry_points::due_recommendations(&db, Ts(now)).await.unwrap();
    let learn_at = async |at, again| write!(db, |tx| recommendations::learn_at(tx, tenant, Ts(at), again)).unwrap();
    assert_eq!(read!(db, |tx| recommendations::model(tx, tenant)).unwrap(), None);
    learn_at(100, false).await;
    learn_at(50, false).await;
    assert_eq!((due(99).await, due(100).await), (None, Some(tenant)));
    assert_eq!(read!(db, |tx| recommendations::model(tx, tenant)).unwrap(), Some((None, Ts(100))));
    let learned = Learned { version: 1, trained_at: Ts(100), figures: "{}".to_owned(), model: "[]".to_owned() };
    let new = learned.clone();
    write!(db, |tx| async move { recommendations::put_learned(tx, tenant, &new, Ts(900)).await }).unwrap();
    assert_eq!(read!(db, |tx| recommendations::model(tx, tenant)).unwrap(), Some((Some(learned.clone()), Ts(900))));
    assert_eq!((read!(db, |tx| recommendations::version(tx, tenant)).unwrap(), due(899).await), (1, None));
    learn_at(200, true).await;
    learn_at(300, true).await;
    assert_eq!((due(199).await, due(200).await), (None, Some(tenant)));
    note(&db, tenant, vec![signal(visitor, "a", 1)]).await;
    let forget = async || write!(db, |tx| recommendations::forget(tx, tenant, 1)).unwrap();
    assert_eq!(entry_points::unforgotten_recommendations(&db).await.unwrap(), None, "they are switched on");
    let off = Settings { on: false, ..Settings::default() };
    write!(db, |tx| async move { recommendations::set(tx, tenant, &off).await }).unwrap();
    assert_eq!(entry_points::unforgotten_recommendations(&db).await.unwrap(), Some(tenant));
    assert_eq!((forget().await, forget().await), (true, false));
    assert_eq!(entry_points::unforgotten_recommendations(&db).await.unwrap(), None);
    assert_eq!((due(10_000).await, items(&db, tenant, visitor).await.len()), (None, 0));
    assert_eq!(read!(db, |tx| recommendations::version(tx, tenant)).unwrap(), 0);
    write!(db, |tx| async move { recommendations::put_learned(tx, tenant, &learned, Ts(900)).await }).unwrap();
    assert_eq!(read!(db, |tx| recommendations::model(tx, tenant)).unwrap(), None, "what was forgotten meanwhile does not come back");
}

async fn another_company_sees_and_changes_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, stranger) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let visitor = fixture.visitor().await;
    let customer = account(&fixture, &[visitor]).await;
    let conversation: ConversationId = fixture.conversation(visitor).await.id;
    note(&db, tenant, vec![Signal { conversation: Some(conversation), ..signal(visitor, "a", 5) }]).await;
    write!(db, |tx| async move {
        recommendations::rate(tx, stranger, conversation, 1).await?;
        recommendations::trim(tx, stranger, Ts(100), 0, 10).await?;
        recommendations::forget(tx, stranger, 10).await
    })
    .unwrap();
    let found = read!(db, |tx| recommendations::of_visitor(tx, tenant, visitor, 10)).unwrap();
    assert_eq!((found.len(), found[0].interest.score), (1, None));
    assert_eq!(items(&db, stranger, visitor).await.len(), 0);
    assert_eq!(read!(db, |tx| recommendations::of_customer(tx, stranger, customer)).unwrap(), []);
    assert_eq!(read!(db, |tx| recommendations::latest(tx, stranger, 10)).unwrap(), []);
    assert_eq!(read!(db, |tx| recommendations::count(tx, stranger)).unwrap(), (0, 0));
    assert_eq!(read!(db, |tx| recommendations::visitors_of(tx, stranger, &[conversation])).unwrap(), []);
}

/// Notes the network from which a visitor was last seen.
async fn come_from(fixture: &Fixture, visitor: VisitorId, network: &[u8]) {
    let (tenant, site, secret) = (fixture.company.tenant, fixture.company.site, fixture.db.uuid().as_bytes().to_vec());
    let pass = Pass { device: secret.clone(), token: secret, session: None, network: Some(network.to_vec()) };
    write!(fixture.db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap();
}

async fn people_are_told_apart_by_network_and_account(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (known, other, gone) = (fixture.visitor().await, fixture.visitor().await, VisitorId::new(db.uuid()));
    let customer = account(&fixture, &[other]).await;
    come_from(&fixture, known, b"home").await;
    fixture.visitor().await;
    note(&db, tenant, vec![signal(known, "a", 1), signal(known, "b", 2), signal(other, "a", 3), signal(gone, "a", 4)]).await;
    let mut found = read!(db, |tx| recommendations::visitors_seen(tx, tenant)).unwrap();
    found.sort_by_key(|one| [known, other, gone].iter().position(|visitor| *visitor == one.visitor));
    let seen = |visitor, account, network: Option<&[u8]>| Seen { visitor, account, network: network.map(<[u8]>::to_vec) };
    assert_eq!(found, [seen(known, None, Some(b"home")), seen(other, Some(customer), None), seen(gone, None, None)]);
    let stranger = Company::create(&db, "beta").await.tenant;
    assert_eq!(read!(db, |tx| recommendations::visitors_seen(tx, stranger)).unwrap(), []);
}

async fn what_a_network_has_too_much_of_is_found_and_deleted(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (one, two, other, unknown) = (fixture.visitor().await, fixture.visitor().await, fixture.visitor().await, fixture.visitor().await);
    for (visitor, network) in [(one, &b"flood"[..]), (two, b"flood"), (other, b"home")] {
        come_from(&fixture, visitor, network).await;
    }
    let stranger = Company::create(&db, "beta").await.tenant;
    for (visitor, ats) in [(one, [1, 2]), (two, [3, 4]), (other, [1, 2]), (unknown, [1, 2])] {
        note(&db, tenant, ats.map(|at| signal(visitor, &at.to_string(), at)).to_vec()).await;
    }
    let excess = async |tenant, most, limit| {
        let mut found = read!(db, |tx| recommendations::excess(tx, tenant, most, limit)).unwrap();
        found.sort_by(|one, other| one.2.cmp(&other.2));
        found
    };
    let key = |visitor, item: &str| (visitor, ItemKind::Product, item.to_owned());
    assert_eq!(excess(tenant, 2, 10).await, [key(one, "1"), key(one, "2")]);
    assert_eq!((excess(tenant, 2, 1).await.len(), excess(tenant, 4, 10).await, excess(stranger, 0, 10).await), (1, vec![], vec![]));
    for (whose, left) in [(stranger, 2), (tenant, 0)] {
        let keys = excess(tenant, 2, 10).await;
        write!(db, |tx| async move { recommendations::delete(tx, whose, &keys).await }).unwrap();
        assert_eq!(items(&db, tenant, one).await.len(), left);
    }
    assert_eq!(read!(db, |tx| recommendations::count(tx, tenant)).unwrap(), (6, 3));
}
