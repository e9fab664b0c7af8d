//! The statements, on both engines.

use std::sync::Arc;

use customers::table::{
    labels, listed, merges,
    timeline::{self, Kind, Place},
};
use domain::{
    customer::IdentifierKind,
    id::{CustomerId, LabelId, TenantId},
    label::{Label, LabelColour},
    policy::Staff,
    staff::Role,
    text::{Bilingual, Lang},
    time::Ts,
};
use store_hall::{
    customer_facts, customer_terms, customer_visitors,
    customers::{self as accounts, Customer, StoredIdentifier},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    customers_are_listed_the_last_first_and_found_by_all_of_their_terms,
    whoever_reads_less_than_everything_sees_those_they_may_read_or_added,
    what_happened_is_listed_the_newest_first,
    merged_customers_are_found_and_seen_as_one_and_nothing_is_left_of_it_afterwards,
);

const FIRST: (Ts, Uuid) = (Ts(i64::MAX), Uuid::max());

async fn customer(db: &Arc<TestDb>, tenant: TenantId, term: &str) -> CustomerId {
    let (id, now) = (CustomerId::new(db.uuid()), db.now());
    let one = Customer { id, tenant, name: Some(b"name".to_vec()), lang: Lang::En, password_hash: String::new(), created_at: now, updated_at: now };
    let proved = StoredIdentifier { lookup: term.as_bytes().to_vec(), kind: IdentifierKind::Email, sealed: term.as_bytes().to_vec(), verified_at: now };
    let terms = vec![b"all".to_vec(), term.as_bytes().to_vec()];
    write!(db, |tx| async move {
        accounts::insert(tx, tenant, &one, &proved).await?;
        customer_terms::set(tx, tenant, id, &terms).await
    })
    .unwrap();
    id
}

async fn reader(fixture: &Fixture, role: Role) -> Staff {
    let member = fixture.company.member(&fixture.db, role, "mira").await;
    read!(fixture.db, |tx| member.staff(tx)).unwrap()
}

async fn customers_are_listed_the_last_first_and_found_by_all_of_their_terms(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, mira) = (fixture.company.tenant, reader(&fixture, Role::Manager).await);
    let mut all = Vec::new();
    for n in 0..3 {
        db.clock.advance(1);
        all.insert(0, customer(&db, tenant, &format!("term {n}")).await);
    }
    let ids = |found: &[listed::Known]| found.iter().map(|one| CustomerId::new(one.id)).collect::<Vec<_>>();
    let page = read!(db, |tx| listed::newest(tx, tenant, &mira, (&[], None), FIRST, 2)).unwrap();
    assert_eq!(ids(&page), all[..2]);
    let place = (Ts(page[1].created_at), page[1].id);
    assert_eq!(ids(&read!(db, |tx| listed::newest(tx, tenant, &mira, (&[], None), place, 2)).unwrap()), all[2..]);
    let terms = [b"all".to_vec(), b"term 1".to_vec()];
    assert_eq!(ids(&read!(db, |tx| listed::newest(tx, tenant, &mira, (&terms, None), FIRST, 9)).unwrap()), all[1..2]);
    let both = [b"term 0".to_vec(), b"term 1".to_vec()];
    assert!(read!(db, |tx| listed::newest(tx, tenant, &mira, (&both, None), FIRST, 9)).unwrap().is_empty());

    assert!(read!(db, |tx| listed::has_term(tx, tenant, b"term 1", None)).unwrap());
    assert!(!read!(db, |tx| listed::has_term(tx, tenant, b"term 1", Some(all[1]))).unwrap());
    assert_eq!(read!(db, |tx| listed::identifiers(tx, tenant, &[all[0].uuid()])).unwrap()[&all[0].uuid()], [b"term 2".to_vec()]);
    assert!(read!(db, |tx| customer_terms::missing(tx, tenant, Uuid::nil(), 9)).unwrap().is_empty());

    let other = Company::create(&db, "beta").await.tenant;
    let stranger = Staff { tenant: other, ..mira.clone() };
    assert!(read!(db, |tx| listed::newest(tx, other, &stranger, (&[], None), FIRST, 9)).unwrap().is_empty());
    assert!(read!(db, |tx| listed::one(tx, other, &stranger, all[0])).unwrap().is_none());
    assert!(!read!(db, |tx| listed::has_term(tx, other, b"term 1", None)).unwrap());
    assert!(read!(db, |tx| listed::identifiers(tx, other, &[all[0].uuid()])).unwrap().is_empty());
}

async fn whoever_reads_less_than_everything_sees_those_they_may_read_or_added(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let ada = reader(&fixture, Role::Agent).await;
    let (theirs, added, neither) = (customer(&db, tenant, "theirs").await, customer(&db, tenant, "added").await, customer(&db, tenant, "neither").await);
    let waiting = fixture.queued(fixture.visitor().await).await;
    let (visitor, agent) = (waiting.visitor, ada.agent);
    write!(db, |tx| async move {
        customer_visitors::bind(tx, tenant, theirs, site, visitor).await?;
        customer_facts::put(tx, tenant, added, b"facts", Some(agent)).await?;
        customer_facts::put(tx, tenant, added, b"more", None).await
    })
    .unwrap();
    let found = read!(db, |tx| listed::newest(tx, tenant, &ada, (&[], None), FIRST, 9)).unwrap();
    let mut ids: Vec<_> = found.iter().map(|one| CustomerId::new(one.id)).collect();
    ids.sort_by_key(|id| *id != theirs);
    assert_eq!(ids, [theirs, added]);
    let one = read!(db, |tx| listed::one(tx, tenant, &ada, theirs)).unwrap().unwrap();
    assert_eq!((one.conversations, one.last_at), (1, Some(waiting.created_at.0)));
    assert_eq!(read!(db, |tx| customer_facts::find(tx, tenant, added)).unwrap(), Some(b"more".to_vec()));
    assert!(read!(db, |tx| listed::one(tx, tenant, &ada, neither)).unwrap().is_none());
}

async fn what_happened_is_listed_the_newest_first(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let id = customer(&db, tenant, "one").await;
    db.clock.advance(1);
    let waiting = fixture.queued(fixture.visitor().await).await;
    let visitor = waiting.visitor;
    write!(db, |tx| customer_visitors::bind(tx, tenant, id, site, visitor)).unwrap();
    let all = read!(db, |tx| timeline::before(tx, tenant, id, Place::NEWEST, 9)).unwrap();
    let kinds: Vec<_> = all.iter().map(Place::kind).collect();
    assert_eq!(kinds.last(), Some(&Some(Kind::Added)));
    assert!(kinds.contains(&Some(Kind::Conversation)) && kinds.contains(&Some(Kind::Visited)), "{kinds:?}");
    let first = read!(db, |tx| timeline::before(tx, tenant, id, Place::NEWEST, 1)).unwrap();
    let rest = read!(db, |tx| timeline::before(tx, tenant, id, first[0], 9)).unwrap();
    assert_eq!([first, rest].concat(), all);
    let (on, _) = read!(db, |tx| timeline::visit(tx, tenant, visitor.uuid())).unwrap().unwrap();
    assert_eq!(on, site);
    let other = Company::create(&db, "beta").await.tenant;
    assert!(read!(db, |tx| timeline::before(tx, other, id, Place::NEWEST, 9)).unwrap().is_empty());
    assert!(read!(db, |tx| timeline::visit(tx, other, visitor.uuid())).unwrap().is_none());
}

async fn merged_customers_are_found_and_seen_as_one_and_nothing_is_left_of_it_afterwards(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let ada = reader(&fixture, Role::Agent).await;
    let (theirs, other) = (customer(&db, tenant, "theirs").await, customer(&db, tenant, "other").await);
    let waiting = fixture.queued(fixture.visitor().await).await;
    let (visitor, agent) = (waiting.visitor, ada.agent);
    write!(db, |tx| customer_visitors::bind(tx, tenant, theirs, site, visitor)).unwrap();
    let found = async |term: &[u8]| {
        let terms = [term.to_vec()];
        let found = read!(db, |tx| listed::newest(tx, tenant, &ada, (&terms, None), FIRST, 9)).unwrap();
        found.iter().map(|one| (CustomerId::new(one.id), one.conversations)).collect::<Vec<_>>()
    };
    let before = (found(b"theirs").await, found(b"other").await);
    assert_eq!(before, (vec![(theirs, 1)], vec![]));
    write!(db, |tx| merges::insert(tx, tenant, theirs, other, agent)).unwrap();
    // Whoever sees one of them sees the one that stays.
    assert_eq!((found(b"theirs").await, found(b"other").await), (vec![(other, 1)], vec![(other, 1)]));
    assert!(read!(db, |tx| listed::one(tx, tenant, &ada, theirs)).unwrap().is_some());
    let all = read!(db, |tx| timeline::before(tx, tenant, other, Place::NEWEST, 9)).unwrap();
    assert_eq!(all.iter().filter(|place| place.kind() == Some(Kind::Added)).count(), 2);
    assert!(all.iter().any(|place| place.kind() == Some(Kind::Conversation)));
    let of = read!(db, |tx| merges::of(tx, tenant, other)).unwrap();
    assert_eq!((of.len(), of[0].customer_id, of[0].into_id, of[0].merged_by.as_deref()), (1, theirs.uuid(), other.uuid(), Some("mira")));
    let beta = Company::create(&db, "beta").await.tenant;
    assert!(read!(db, |tx| merges::of(tx, beta, other)).unwrap().is_empty());
    assert!(matches!(write!(db, |tx| merges::delete(tx, beta, theirs)), Err(store::Error::NotFound)));
    // A label of either finds the one that stays.
    let label = Label {
        id: LabelId::new(db.uuid()),
        tenant,
        name: Bilingual { zh: String::new(), en: "VIP".to_owned() },
        colour: LabelColour::Ok,
        archived_at: None,
        updated_at: Ts(1),
    };
    let id = label.id;
    write!(db, |tx| store_desk::labels::insert(tx, tenant, &label)).unwrap();
    for _ in 0..2 {
        write!(db, |tx| labels::give(tx, tenant, theirs, id, agent)).unwrap();
    }
    let labelled = async || {
        let found = read!(db, |tx| listed::newest(tx, tenant, &ada, (&[], Some(id)), FIRST, 9)).unwrap();
        found.iter().map(|one| CustomerId::new(one.id)).collect::<Vec<_>>()
    };
    assert_eq!(labelled().await, [other]);
    let of = read!(db, |tx| labels::of(tx, tenant, &[theirs.uuid(), other.uuid()])).unwrap();
    assert_eq!((of.len(), &of[&theirs.uuid()][0].id), (1, &id));
    assert!(read!(db, |tx| labels::of(tx, beta, &[theirs.uuid()])).unwrap().is_empty());
    assert!(read!(db, |tx| store_desk::labels::is_in_use(tx, tenant, id)).unwrap());
    write!(db, |tx| labels::take_off(tx, beta, theirs, id)).unwrap();
    assert_eq!(labelled().await, [other]);
    write!(db, |tx| labels::take_off(tx, tenant, theirs, id)).unwrap();
    assert!(labelled().await.is_empty());
    write!(db, |tx| merges::delete(tx, tenant, theirs)).unwrap();
    assert_eq!((found(b"theirs").await, found(b"other").await), before);
}
