//! Roles that a company composed, those who have them, and who serves a queue by what their role reaches.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    id::{AgentId, RoleId, TenantId},
    policy::{Grant, GrantList, Grants, Reach},
    staff::Role,
    time::Ts,
};
use store::{
    Error, queues,
    roles::{self, ComposedRole},
    staff,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

use crate::{
    api_tokens::{stored, token},
    departments::change_person,
};

on_every_engine!(
    a_role_is_listed_by_name_and_belongs_to_its_company,
    a_change_of_a_role_reaches_its_members_and_nobody_else,
    a_role_stays_while_somebody_has_it,
    who_serves_a_queue_is_who_reaches_it_by_serving,
);

fn grants(permission: &str, reach: &[Reach]) -> Grants {
    let grants = vec![Grant { permission: permission.to_owned(), reach: reach.to_vec() }];
    Grants::parse(&GrantList { grants, hides: Vec::new() }).unwrap()
}

/// Composes a role that serves what waits.
async fn compose(db: &TestDb, tenant: TenantId, id: RoleId, name: &str) -> ComposedRole {
    let (about, now) = (format!("{name} shift"), db.now());
    let role = ComposedRole { id, name: name.to_owned(), about, grants: grants("desk", &[Reach::Queue]), created_at: now, updated_at: now };
    let stored = role.clone();
    write!(db, |tx| roles::insert(tx, tenant, &stored)).unwrap();
    role
}

async fn a_role_is_listed_by_name_and_belongs_to_its_company(db: Arc<TestDb>) {
    let (tenant, stranger) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    let night = compose(&db, tenant, RoleId::new(db.uuid()), "night").await;
    let day = compose(&db, tenant, RoleId::new(db.uuid()), "day").await;
    let theirs = compose(&db, stranger, RoleId::new(db.uuid()), "night").await;
    let again = ComposedRole { id: RoleId::new(db.uuid()), ..night.clone() };
    assert!(matches!(write!(db, |tx| roles::insert(tx, tenant, &again)), Err(Error::Taken)));
    assert_eq!(read!(db, |tx| roles::list(tx, tenant)).unwrap(), [day, night.clone()]);
    assert_eq!(read!(db, |tx| roles::list(tx, stranger)).unwrap(), [theirs]);
    let id = night.id;
    assert_eq!(read!(db, |tx| roles::get(tx, tenant, id)).unwrap(), night);
    assert!(matches!(read!(db, |tx| roles::get(tx, stranger, id)), Err(Error::NotFound)));
    let role = Role::Composed(id);
    assert_eq!(read!(db, |tx| roles::grants_of(tx, tenant, role)).unwrap(), Some(night.grants));
    assert_eq!(read!(db, |tx| roles::name_of(tx, tenant, role)).unwrap().as_deref(), Some("night"));
    assert!(matches!(read!(db, |tx| roles::grants_of(tx, stranger, role)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| roles::name_of(tx, stranger, role)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| roles::grants_of(tx, tenant, Role::Manager)).unwrap(), None);
    assert_eq!(read!(db, |tx| roles::name_of(tx, tenant, Role::Manager)).unwrap(), None);
}

async fn a_change_of_a_role_reaches_its_members_and_nobody_else(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (company, other) = (&fixture.company, Company::create(&db, "beta").await);
    let (tenant, stranger, id) = (company.tenant, other.tenant, RoleId::new(db.uuid()));
    let (mut night, theirs) = (compose(&db, tenant, id, "night").await, compose(&db, stranger, id, "night").await);
    let day = compose(&db, tenant, RoleId::new(db.uuid()), "day").await;
    let (ada, eve) = (company.member(&db, Role::Composed(id), "ada").await.id, company.member(&db, Role::Composed(id), "eve").await.id);
    let (zoe, mia) = (company.member(&db, Role::Composed(day.id), "zoe").await.id, fixture.agent("mia").await.id);
    let bob = other.member(&db, Role::Composed(id), "bob").await.id;
    change_person(&db, tenant, eve, |person| person.disabled_at = Some(Ts(1))).await;
    let seen = night.updated_at;
    let taken = ComposedRole { name: "day".to_owned(), ..night.clone() };
    assert!(matches!(write!(db, |tx| roles::update(tx, tenant, &taken, seen)), Err(Error::Taken)));
    (night.name, night.about, night.updated_at) = ("late".to_owned(), "until ten".to_owned(), Ts(seen.0 + 1));
    night.grants = grants("conversations.read", &[Reach::Company]);
    let (first, second) = (night.clone(), night.clone());
    let members = write!(db, |tx| roles::update(tx, tenant, &first, seen)).unwrap();
    assert_eq!(members.into_iter().collect::<BTreeSet<_>>(), [(ada, false), (eve, true)].into());
    assert!(matches!(write!(db, |tx| roles::update(tx, tenant, &second, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| roles::list(tx, tenant)).unwrap(), [day, night.clone()]);
    assert_eq!(read!(db, |tx| roles::list(tx, stranger)).unwrap(), [theirs]);
    for (of, agent, held) in
        [(tenant, ada, Some(night.grants)), (tenant, eve, Some(night.grants)), (tenant, zoe, None), (tenant, mia, None), (stranger, bob, None)]
    {
        assert_eq!(read!(db, |tx| staff::get(tx, of, agent)).unwrap().role_grants, held);
    }
}

async fn a_role_stays_while_somebody_has_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (company, other) = (&fixture.company, Company::create(&db, "beta").await);
    let (tenant, stranger, id) = (company.tenant, other.tenant, RoleId::new(db.uuid()));
    compose(&db, tenant, id, "night").await;
    let theirs = compose(&db, stranger, id, "night").await;
    let (ada, eve) = (company.member(&db, Role::Composed(id), "ada").await.id, company.member(&db, Role::Composed(id), "eve").await.id);
    fixture.agent("zoe").await;
    stored(&db, &token(&db, tenant, None), b"a program has the role of nobody").await;
    change_person(&db, tenant, eve, |person| person.disabled_at = Some(Ts(1))).await;
    let counted = async |of| read!(db, |tx| roles::count_members(tx, of)).unwrap();
    assert_eq!(counted(tenant).await, [(id.to_string(), 2), ("agent".to_owned(), 1)].into());
    assert!(counted(stranger).await.is_empty());
    assert_eq!(write!(db, |tx| roles::delete(tx, tenant, id)).unwrap(), 2);
    change_person(&db, tenant, ada, |person| person.role = Role::Agent).await;
    assert_eq!(write!(db, |tx| roles::delete(tx, tenant, id)).unwrap(), 1);
    // Nobody can give a removed member another role.
    let person = read!(db, |tx| staff::roster::get(tx, tenant, eve)).unwrap();
    write!(db, |tx| staff::removal::remove(tx, tenant, &person, person.updated_at, "Tara")).unwrap();
    assert_eq!(counted(tenant).await, [("agent".to_owned(), 2)].into());
    assert_eq!(write!(db, |tx| roles::delete(tx, tenant, id)).unwrap(), 0);
    assert!(matches!(write!(db, |tx| roles::delete(tx, tenant, id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| staff::roster::get(tx, tenant, eve)).unwrap().role, Role::Composed(id));
    assert_eq!(read!(db, |tx| roles::get(tx, stranger, id)).unwrap(), theirs);
}

async fn who_serves_a_queue_is_who_reaches_it_by_serving(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await);
    other.member(&db, Role::Agent, "bob").await;
    let (ada, eve) = (fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let mut everybody: BTreeSet<AgentId> = [ada, eve].into();
    let mut listed = vec![ada];
    change_person(&db, tenant, ada, |person| person.disabled_at = Some(Ts(1))).await;
    // Serves everything, looks after customers of their own, reads all, serves nobody.
    for (role, is_reached) in
        [(Role::Manager, false), (Role::AccountManager, false), (Role::Auditor, false), (Role::KnowledgeEditor, false), (Role::Supervisor, true)]
    {
        let agent = fixture.company.member(&db, role, &role.text()).await.id;
        listed.push(agent);
        everybody.extend(is_reached.then_some(agent));
    }
    for (n, (held, is_reached)) in [
        (grants("conversations.read", &[Reach::Queue]), true),
        (grants("conversations.read", &[Reach::Group]), false),
        (grants("desk", &[Reach::Queue, Reach::Company]), false),
    ]
    .into_iter()
    .enumerate()
    {
        let agent = fixture.agent(&format!("n{n}")).await.id;
        change_person(&db, tenant, agent, |person| (person.role, person.role_grants) = (Role::Composed(RoleId::new(db.uuid())), Some(held))).await;
        listed.push(agent);
        everybody.extend(is_reached.then_some(agent));
    }
    let (general, own) = (fixture.company.queue, fixture.add_queue("own", false, listed).await.id);
    let serving = async |of, queue| read!(db, |tx| queues::serving(tx, of, queue)).unwrap();
    assert_eq!(serving(tenant, general).await, everybody);
    everybody.remove(&eve);
    assert_eq!(serving(tenant, own).await, everybody, "eve is not listed");
    assert!(serving(other.tenant, own).await.is_empty() && serving(tenant, other.queue).await.is_empty());
}
