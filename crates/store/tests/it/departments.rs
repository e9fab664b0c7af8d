//! Departments, the groups in them, what members reach by either, and who learns that the tree has changed.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    department::Department,
    entry::body::Revoked,
    id::{AgentId, DepartmentId, GroupId, InboxId, TenantId},
    policy::{Circle, Reach},
    staff::Role,
    time::Ts,
};
use store::{
    Error,
    departments::{self, Size},
    groups::{self, Group},
    reach,
    staff::{
        self, Member,
        roster::{self, Person, Wanted, Within},
    },
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, revoked, write},
    on_every_engine,
};

on_every_engine!(
    a_department_is_listed_by_name_and_counted_with_what_belongs_to_it,
    a_department_is_changed_by_the_last_who_read_it,
    a_department_that_is_dissolved_leaves_its_place_to_what_is_part_of_it,
    a_group_takes_its_members_along,
    a_member_reaches_no_more_than_their_role_needs,
    who_reaches_by_department_begins_again_when_the_tree_changes,
    whoever_reaches_somebody_begins_again_when_they_are_placed_elsewhere,
    a_list_and_the_queues_are_narrowed_to_a_reach,
);

/// Changes a member as their managers do.
pub async fn change_person(db: &TestDb, tenant: TenantId, agent: AgentId, change: impl FnOnce(&mut Person)) {
    let mut person = read!(db, |tx| roster::get(tx, tenant, agent)).unwrap();
    let seen = person.updated_at;
    person.updated_at = Ts(seen.0 + 1);
    change(&mut person);
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
}

async fn add(db: &TestDb, tenant: TenantId, id: DepartmentId, parent: Option<DepartmentId>, name: &str) -> Department {
    let department = Department { id, parent, name: name.to_owned(), updated_at: db.now() };
    let stored = department.clone();
    write!(db, |tx| departments::insert(tx, tenant, &stored)).unwrap();
    department
}
async fn add_group(db: &TestDb, tenant: TenantId, id: GroupId, department: DepartmentId) {
    let group = Group { id, name: id.to_string(), department: Some(department), updated_at: db.now() };
    write!(db, |tx| groups::insert(tx, tenant, &group)).unwrap();
}
/// Puts members into a department, and into a group.
async fn place(db: &TestDb, tenant: TenantId, agents: &[AgentId], department: DepartmentId, group: Option<GroupId>) {
    for agent in agents {
        change_person(db, tenant, *agent, |person| (person.department, person.group) = (Some(department), group)).await;
    }
}

/// Care has north, which has night and the group shop. Ada is in north, eve in shop, noa in night, and zoe in care.
///
/// Another company has rows with the same ids: there, ada is in the group shop of north, and care is part of north.
struct Staffed {
    fixture: Fixture,
    stranger: TenantId,
    care: Department,
    north: Department,
    night: Department,
    theirs: Department,
    shop: GroupId,
    ada: Member,
    eve: AgentId,
    noa: AgentId,
    zoe: AgentId,
}

async fn staffed(db: &Arc<TestDb>, role: Role) -> Staffed {
    let fixture = Fixture::new(db).await;
    let (tenant, stranger) = (fixture.company.tenant, Company::create(db, "beta").await.tenant);
    let [care, north, night] = std::array::from_fn(|_| DepartmentId::new(db.uuid()));
    let shop = GroupId::new(db.uuid());
    let night = add(db, tenant, night, Some(north), "b night").await;
    let north = add(db, tenant, north, Some(care), "c north").await;
    let care = add(db, tenant, care, None, "a care").await;
    add(db, stranger, north.id, None, "north").await;
    let theirs = add(db, stranger, care.id, Some(north.id), "care").await;
    let ada = fixture.company.member(db, role, "ada").await;
    let twin = Member { tenant: stranger, inbox: InboxId::new(db.uuid()), ..ada.clone() };
    write!(db, |tx| staff::insert(tx, stranger, &twin)).unwrap();
    let (eve, noa, zoe) = (fixture.agent("eve").await.id, fixture.agent("noa").await.id, fixture.agent("zoe").await.id);
    for of in [tenant, stranger] {
        add_group(db, of, shop, north.id).await;
    }
    place(db, tenant, &[ada.id], north.id, None).await;
    place(db, tenant, &[eve], north.id, Some(shop)).await;
    place(db, tenant, &[noa], night.id, None).await;
    place(db, tenant, &[zoe], care.id, None).await;
    place(db, stranger, &[ada.id], north.id, Some(shop)).await;
    Staffed { fixture, stranger, care, north, night, theirs, shop, ada, eve, noa, zoe }
}

/// Checks that the other company has what it had.
async fn assert_theirs_stands(db: &TestDb, staffed: &Staffed) {
    let Staffed { stranger, north, theirs, shop, ada, .. } = staffed;
    let (stranger, north) = (*stranger, north.id);
    let all = read!(db, |tx| departments::list_with_sizes(tx, stranger)).unwrap();
    let rows: Vec<_> = all.iter().map(|(department, size)| (department.id, department.parent, *size)).collect();
    assert_eq!(rows, [(theirs.id, Some(north), Size::default()), (north, None, Size { groups: 1, members: 1 })]);
    let twin = read!(db, |tx| roster::get(tx, stranger, ada.id)).unwrap();
    assert_eq!((twin.department, twin.group), (Some(north), Some(*shop)));
    let of_agents = read!(db, |tx| departments::of_agents(tx, stranger)).unwrap();
    assert_eq!(of_agents.into_iter().collect::<Vec<_>>(), [(ada.id, north)]);
}

async fn department_of(db: &TestDb, tenant: TenantId, agent: AgentId) -> Option<DepartmentId> {
    read!(db, |tx| roster::get(tx, tenant, agent)).unwrap().department
}

async fn a_department_is_listed_by_name_and_counted_with_what_belongs_to_it(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Agent).await;
    let (tenant, stranger) = (all.fixture.company.tenant, all.stranger);
    let (care, north, night) = (all.care.id, all.north.id, all.night.id);
    assert_eq!(read!(db, |tx| departments::list(tx, tenant)).unwrap(), [all.care.clone(), all.night.clone(), all.north.clone()]);
    let sizes: Vec<_> = read!(db, |tx| departments::list_with_sizes(tx, tenant)).unwrap().into_iter().map(|(_, size)| size).collect();
    let expected = [Size { groups: 0, members: 1 }, Size { groups: 0, members: 1 }, Size { groups: 1, members: 2 }];
    assert_eq!(sizes, expected);
    for (id, size) in [care, night, north].into_iter().zip(expected) {
        assert_eq!(read!(db, |tx| departments::size(tx, tenant, id)).unwrap(), size);
    }
    assert_eq!(read!(db, |tx| departments::size(tx, stranger, north)).unwrap(), Size { groups: 1, members: 1 });
    assert_eq!(read!(db, |tx| departments::size(tx, stranger, night)).unwrap(), Size::default());
    let under = async |of, id| read!(db, |tx| departments::under(tx, of, id)).unwrap();
    let sorted = |ids: &[DepartmentId]| ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    assert_eq!(under(tenant, care).await, sorted(&[care, north, night]));
    assert_eq!(under(tenant, north).await, sorted(&[north, night]));
    assert_eq!(under(stranger, north).await, sorted(&[north, care]));
    assert_eq!(under(stranger, night).await, []);
    assert_theirs_stands(&db, &all).await;
}

async fn a_department_is_changed_by_the_last_who_read_it(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Agent).await;
    let (tenant, stranger, night, care) = (all.fixture.company.tenant, all.stranger, all.night.clone(), all.care.id);
    let (seen, moved) = (night.updated_at, Department { parent: Some(care), name: "late".to_owned(), updated_at: Ts(night.updated_at.0 + 1), ..night });
    let (first, second, foreign) = (moved.clone(), moved.clone(), moved.clone());
    assert!(matches!(write!(db, |tx| departments::update(tx, stranger, &foreign, seen)), Err(Error::Stale)));
    write!(db, |tx| departments::update(tx, tenant, &first, seen)).unwrap();
    assert!(matches!(write!(db, |tx| departments::update(tx, tenant, &second, seen)), Err(Error::Stale)));
    let id = moved.id;
    assert_eq!(read!(db, |tx| departments::get(tx, tenant, id)).unwrap(), moved);
    assert!(matches!(read!(db, |tx| departments::get(tx, stranger, id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| departments::get(tx, tenant, care)).unwrap(), all.care);
    // No change makes a circle; one that is stored nevertheless is walked once.
    let circle = Department { parent: Some(id), ..all.care.clone() };
    write!(db, |tx| departments::update(tx, tenant, &circle, seen)).unwrap();
    assert_eq!(read!(db, |tx| departments::under(tx, tenant, id)).unwrap().len(), 3);
}

async fn a_department_that_is_dissolved_leaves_its_place_to_what_is_part_of_it(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Agent).await;
    let (tenant, stranger, care, night, shop) = (all.fixture.company.tenant, all.stranger, all.care.id, all.night.id, all.shop);
    let (north, foreign) = (all.north.clone(), all.night.clone());
    assert!(matches!(write!(db, |tx| departments::dissolve(tx, stranger, &foreign)), Err(Error::NotFound)));
    write!(db, |tx| departments::dissolve(tx, tenant, &north)).unwrap();
    let departments = read!(db, |tx| departments::list(tx, tenant)).unwrap();
    assert_eq!(departments, [all.care.clone(), Department { parent: Some(care), ..all.night.clone() }]);
    assert_eq!(read!(db, |tx| groups::get(tx, tenant, shop)).unwrap().department, Some(care));
    for (agent, expected) in [(all.ada.id, care), (all.eve, care), (all.noa, night), (all.zoe, care)] {
        assert_eq!(department_of(&db, tenant, agent).await, Some(expected));
    }
    let (top, again) = (all.care.clone(), all.care.clone());
    write!(db, |tx| departments::dissolve(tx, tenant, &top)).unwrap();
    assert!(matches!(write!(db, |tx| departments::dissolve(tx, tenant, &again)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| departments::get(tx, tenant, night)).unwrap().parent, None);
    assert_eq!(read!(db, |tx| groups::get(tx, tenant, shop)).unwrap().department, None);
    for (agent, expected) in [(all.ada.id, None), (all.eve, None), (all.noa, Some(night)), (all.zoe, None)] {
        assert_eq!(department_of(&db, tenant, agent).await, expected);
    }
    assert_theirs_stands(&db, &all).await;
}

async fn a_group_takes_its_members_along(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Agent).await;
    let (tenant, stranger, shop, night) = (all.fixture.company.tenant, all.stranger, all.shop, all.night.id);
    change_person(&db, tenant, all.eve, |person| person.disabled_at = Some(Ts(1))).await;
    assert_eq!(read!(db, |tx| groups::members_of(tx, tenant, shop)).unwrap(), [all.eve]);
    assert_eq!(read!(db, |tx| groups::members_of(tx, stranger, shop)).unwrap(), [all.ada.id]);
    let of = async |agent| department_of(&db, tenant, agent).await;
    for department in [Some(night), None] {
        let moved = Group { department, ..read!(db, |tx| groups::get(tx, tenant, shop)).unwrap() };
        write!(db, |tx| groups::move_members(tx, tenant, &moved)).unwrap();
        assert_eq!((of(all.eve).await, of(all.ada.id).await), (department, Some(all.north.id)));
    }
    assert_theirs_stands(&db, &all).await;
}

async fn a_member_reaches_no_more_than_their_role_needs(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Supervisor).await;
    let (fixture, tenant, stranger, shop, ada) = (&all.fixture, all.fixture.company.tenant, all.stranger, all.shop, all.ada.id);
    let circle = async |of, agent| {
        let member = read!(db, |tx| staff::get(tx, of, agent)).unwrap();
        Circle::clone(&read!(db, |tx| member.staff(tx)).unwrap().circle)
    };
    let (general, own) = (fixture.company.queue, fixture.add_queue("own", false, vec![ada]).await.id);
    fixture.add_queue("other", false, vec![all.eve]).await;
    let by_department = Circle {
        queues: [general, own].into(),
        departments: [all.north.id, all.night.id].into(),
        groups: [shop].into(),
        department: [ada, all.eve, all.noa].into(),
        ..Circle::default()
    };
    assert_eq!(circle(tenant, ada).await, by_department);
    place(&db, tenant, &[ada], all.north.id, Some(shop)).await;
    let by_both = Circle { own_group: Some(shop), group: [ada, all.eve].into(), ..by_department.clone() };
    assert_eq!(circle(tenant, ada).await, by_both);
    for (role, expected) in [
        (Role::SeniorAgent, Circle { departments: BTreeSet::new(), groups: BTreeSet::new(), department: BTreeSet::new(), ..by_both.clone() }),
        (Role::Agent, Circle { queues: [general, own].into(), ..Circle::default() }),
        (Role::Manager, Circle::default()),
    ] {
        change_person(&db, tenant, ada, |person| person.role = role).await;
        assert_eq!(circle(tenant, ada).await, expected, "{role:?}");
    }
    // Who belongs to no department has nobody in common with others who belong to none.
    change_person(&db, tenant, all.noa, |person| person.department = None).await;
    change_person(&db, tenant, ada, |person| (person.role, person.department, person.group) = (Role::Supervisor, None, None)).await;
    assert_eq!(circle(tenant, ada).await, Circle { queues: [general, own].into(), ..Circle::default() });
    let theirs = circle(stranger, ada).await;
    assert_eq!((theirs.department, theirs.groups, theirs.group), ([ada].into(), [shop].into(), [ada].into()));
}

async fn who_reaches_by_department_begins_again_when_the_tree_changes(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Supervisor).await;
    let (company, tenant) = (&all.fixture.company, all.fixture.company.tenant);
    let follower = company.member(&db, Role::Supervisor, "mia").await.id;
    company.member(&db, Role::Manager, "mira").await;
    revoked(&db);
    write!(db, |tx| reach::begin_departments_anew(tx, tenant)).unwrap();
    assert_eq!(revoked(&db), [Revoked::Reach(all.ada.id), Revoked::Reach(follower)]);
    let mut some = [all.zoe, all.eve];
    some.sort_unstable();
    write!(db, |tx| reach::begin_anew(tx, tenant, some)).unwrap();
    assert_eq!(revoked(&db), some.map(Revoked::Reach));
    write!(db, |tx| reach::begin_anew(tx, tenant, [])).unwrap();
    assert_eq!(revoked(&db), []);
}

async fn whoever_reaches_somebody_begins_again_when_they_are_placed_elsewhere(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Supervisor).await;
    let (company, tenant, ada, shop) = (&all.fixture.company, all.fixture.company.tenant, all.ada.id, all.shop);
    let senior = company.member(&db, Role::SeniorAgent, "mia").await.id;
    place(&db, tenant, &[senior], all.north.id, Some(shop)).await;
    revoked(&db);
    let (eve, zoe) = (all.eve, all.zoe);
    for (who, by, groups, expected) in [
        (eve, vec![Reach::Group], vec![shop], vec![senior]),
        (eve, vec![Reach::Department], vec![], vec![ada]),
        (eve, vec![Reach::Queue], vec![], vec![eve]),
        (zoe, vec![Reach::Group], vec![], vec![]),
        (zoe, vec![], vec![shop], vec![]),
    ] {
        let given = by.clone();
        write!(db, |tx| async move { reach::begin_around(tx, tenant, who, &given, &groups).await }).unwrap();
        assert_eq!(revoked(&db), expected.into_iter().map(Revoked::Reach).collect::<Vec<_>>(), "{by:?}");
    }
}

async fn a_list_and_the_queues_are_narrowed_to_a_reach(db: Arc<TestDb>) {
    let all = staffed(&db, Role::Supervisor).await;
    let (fixture, tenant, ada, shop) = (&all.fixture, all.fixture.company.tenant, all.ada.id, all.shop);
    let listed = async |within: Within| {
        let wanted = Wanted { within: Some(within), ..Wanted::default() };
        let page = read!(db, |tx| roster::page(tx, tenant, &wanted, (Ts(i64::MIN), uuid::Uuid::nil()), 9)).unwrap();
        page.into_iter().map(|person| person.id).collect::<BTreeSet<_>>()
    };
    assert_eq!(listed(Within::default()).await, [].into());
    assert_eq!(listed(Within { own: Some(ada), group: Some(shop), ..Within::default() }).await, [ada, all.eve].into());
    assert_eq!(listed(Within { department_of: Some(ada), ..Within::default() }).await, [ada, all.eve, all.noa].into());
    let own = fixture.add_queue("own", false, vec![ada, all.zoe]).await.id;
    for (members, expected) in [(BTreeSet::from([ada, all.eve]), BTreeSet::from([own])), (BTreeSet::from([all.eve]), BTreeSet::new())] {
        assert_eq!(read!(db, |tx| roster::queues_among(tx, tenant, &members)).unwrap(), expected);
    }
    let everybody = BTreeSet::from([ada]);
    assert_eq!(read!(db, |tx| roster::queues_among(tx, all.stranger, &everybody)).unwrap(), BTreeSet::new());
}
