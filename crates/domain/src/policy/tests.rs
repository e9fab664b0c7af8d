//! The policy by examples; `tests/it/permissions.rs` compares it with a table that was written by hand.

use super::{permissions::BUILT_IN, *};
use crate::{conversation::State, id::RoleId};

fn id<T>(n: u128) -> crate::id::Id<T> {
    crate::id::Id::new(uuid::Uuid::from_u128(n))
}

fn member(role: Role, circle: Circle) -> Staff {
    Staff { agent: id(1), tenant: id(1), grants: Grants::of(role), circle: Arc::new(circle), name: String::new(), number: String::new() }
}

#[test]
fn managers_manage_those_who_hold_less_and_administrators_everybody() {
    let may = |by: Role| Role::BUILT_IN.into_iter().filter(|whom| may_give(&member(by, Circle::default()), Grants::of(*whom))).collect::<Vec<_>>();
    for nobody in [Role::Agent, Role::SeniorAgent, Role::KnowledgeEditor, Role::AccountManager, Role::Auditor] {
        assert_eq!(may(nobody), []);
    }
    assert_eq!(may(Role::Supervisor), [Role::Agent, Role::SeniorAgent]);
    // An auditor sees the audit, which a manager does not.
    assert_eq!(may(Role::Manager), [Role::Agent, Role::SeniorAgent, Role::Supervisor, Role::KnowledgeEditor, Role::AccountManager]);
    assert_eq!(may(Role::Administrator), Role::BUILT_IN);
    // Every reach beside the company adds nothing to it.
    let more = GrantList { grants: vec![Grant { permission: "people.manage".to_owned(), reach: Reach::EACH[3..].to_vec() }], hides: Vec::new() };
    let same = Grants::parse(&more).unwrap();
    let people = GrantList { grants: vec![Grant { reach: vec![Reach::Company], ..more.grants[0].clone() }], hides: Vec::new() };
    let holder = Staff { grants: Grants::parse(&people).unwrap(), ..member(Role::Agent, Circle::default()) };
    assert!(!may_give(&holder, same) && may_give(&holder, Grants::NONE));
}

#[test]
fn an_administrator_holds_everything() {
    let all = Grants::of(Role::Administrator);
    for (row, held) in ROWS.iter().zip(all.reaches) {
        assert_eq!(held, Reaches::COMPANY, "{}", row.name);
    }
    for role in Role::BUILT_IN {
        assert!(all.cover(Grants::of(role)), "{role:?}");
    }
}

#[test]
fn every_reach_of_a_built_in_role_can_also_be_given() {
    for row in &ROWS {
        for (column, held) in row.built_in.iter().enumerate() {
            assert!(held.each().all(|reach| row.possible.contains(reach)), "{} in column {column}", row.name);
        }
    }
}

#[test]
fn what_is_read_is_what_the_reaches_relate_one_to() {
    let circle = || Circle { queues: [id(10)].into(), group: [id(1), id(2)].into(), department: [id(1), id(2), id(3)].into(), ..Circle::default() };
    let at = |state, agent: Option<u128>, queue: Option<u128>| Standing {
        tenant: id(1),
        state,
        agent: agent.map(id),
        queue: queue.map(id),
        is_left: false,
        is_alerted: false,
    };
    // Own, of the group, of the department, of somebody else, waiting in the own queue, in none, in another; left in another; alerted in another.
    let each = [
        at(State::Active, Some(1), Some(11)),
        at(State::Active, Some(2), None),
        at(State::Active, Some(3), None),
        at(State::Active, Some(4), None),
        at(State::Queued, None, Some(10)),
        at(State::Queued, None, None),
        at(State::Queued, None, Some(11)),
        Standing { is_left: true, ..at(State::Resolved, Some(4), Some(11)) },
        Standing { is_alerted: true, ..at(State::Active, Some(4), Some(11)) },
        at(State::Bot, None, None),
    ];
    let read = |role: Role| each.map(|standing| u8::from(may_read_where_it_stands(&member(role, circle()), &standing)));
    assert_eq!(read(Role::Agent), [1, 0, 0, 0, 1, 1, 0, 0, 1, 0]);
    assert_eq!(read(Role::SeniorAgent), [1, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
    assert_eq!(read(Role::Supervisor), [1, 1, 1, 0, 1, 1, 0, 0, 1, 0]);
    assert_eq!(read(Role::AccountManager), [1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(read(Role::KnowledgeEditor), [0; 10]);
    for role in [Role::Manager, Role::Administrator, Role::Auditor] {
        assert_eq!(read(role), [1; 10], "{role:?}");
    }
    let elsewhere = Staff { tenant: id(2), ..member(Role::Administrator, circle()) };
    assert!(!may_read_where_it_stands(&elsewhere, &each[0]));
}

#[test]
fn who_reads_further_than_they_serve_only_reads_there() {
    let held = [("desk", vec![Reach::Own]), ("conversations.read", vec![Reach::Company])];
    let grants = held.map(|(permission, reach)| Grant { permission: permission.to_owned(), reach }).to_vec();
    let staff = Staff { grants: Grants::parse(&GrantList { grants, hides: Vec::new() }).unwrap(), ..member(Role::Agent, Circle::default()) };
    let own = Standing { tenant: id(1), state: State::Active, agent: Some(id(1)), queue: None, is_left: false, is_alerted: false };
    let waits = Standing { state: State::Queued, agent: None, ..own };
    let may = |standing: &Standing| (may_read_where_it_stands(&staff, standing), may_serve_where_it_stands(&staff, standing));
    assert_eq!((may(&own), may(&waits), may(&Standing { is_alerted: true, ..waits })), ((true, true), (true, false), (true, true)));
}

#[test]
fn people_are_put_into_groups_and_departments_within_the_reach_of_managing_people() {
    // Somebody who serves the whole department, but manages the people of the group alone.
    let held = [("desk", vec![Reach::Department]), ("people.manage", vec![Reach::Group])];
    let grants = held.map(|(permission, reach)| Grant { permission: permission.to_owned(), reach }).to_vec();
    let circle = Circle { own_group: Some(id(1)), groups: [id(1), id(2)].into(), departments: [id(1)].into(), ..Circle::default() };
    let staff = Staff { grants: Grants::parse(&GrantList { grants, hides: Vec::new() }).unwrap(), ..member(Role::Agent, circle) };
    assert_eq!([Some(id(1)), Some(id(2)), Some(id(3)), None].map(|group| may_place(&staff, group)), [true, false, false, false]);
    let placed = |reach: Reach| {
        let manages = Grant { permission: "people.manage".to_owned(), reach: vec![reach] };
        let staff = Staff { grants: Grants::parse(&GrantList { grants: vec![manages], hides: Vec::new() }).unwrap(), ..staff.clone() };
        [Some(id(1)), Some(id(2)), None].map(|department| may_place_in_department(&staff, department))
    };
    assert_eq!([Reach::Group, Reach::Department, Reach::Company].map(placed), [[false; 3], [true, false, false], [true; 3]]);
}

#[test]
fn a_list_is_read_as_it_is_written_and_what_is_wrong_is_named() {
    for role in Role::BUILT_IN {
        let held = Grants::of(role);
        assert_eq!(Grants::parse(&held.list()), Ok(held));
        assert_eq!(Grants::from_stored(&held.to_stored()), Some(held));
    }
    let list = |permission: &str, reach: &[Reach]| GrantList {
        grants: vec![Grant { permission: permission.to_owned(), reach: reach.to_vec() }],
        hides: vec![Contact::Phone],
    };
    assert!(Grants::parse(&list("desk", &[Reach::Own])).unwrap().hidden_contacts().contains(Contact::Phone));
    assert_eq!(Grants::parse(&list("fly", &[Reach::Own])), Err(GrantError::Unknown("fly".to_owned())));
    assert_eq!(Grants::parse(&list("panel", &[Reach::Own])), Err(GrantError::Reach("panel".to_owned(), "own")));
    assert_eq!(Grants::parse(&list("desk", &[])), Err(GrantError::Listed("desk".to_owned())));
    let twice = GrantList { grants: [list("desk", &[Reach::Own]).grants, list("desk", &[Reach::Queue]).grants].concat(), hides: Vec::new() };
    assert_eq!(Grants::parse(&twice), Err(GrantError::Listed("desk".to_owned())));
}

#[test]
fn a_permission_that_is_not_known_here_is_not_held() {
    let later = r#"{"grants": [{"permission": "fly", "reach": ["own"]}, {"permission": "desk", "reach": ["own", "moon"]}], "hides": ["phone", "scent"]}"#;
    let held = Grants::from_stored(later).unwrap();
    assert_eq!((held.names(), held.reach(OverConversations::Desk)), (vec!["desk"], Reaches::one(Reach::Own)));
}

#[test]
fn nobody_shows_by_a_role_what_is_hidden_from_themselves() {
    let hiding = Grants { hidden: [Contact::Phone].into_iter().collect(), ..Grants::of(Role::Manager) };
    assert!(
        !hiding.cover(Grants::of(Role::Agent))
            && hiding.cover(Grants { hidden: [Contact::Phone, Contact::Email].into_iter().collect(), ..Grants::of(Role::Agent) })
    );
}

#[test]
fn a_role_is_written_as_its_name_or_id() {
    let composed = Role::Composed(RoleId::new(uuid::Uuid::from_u128(5)));
    for role in Role::BUILT_IN.into_iter().chain([composed]) {
        assert_eq!(Role::parse(&role.text()), Some(role));
    }
    assert_eq!((Role::parse("owner"), Grants::of(composed)), (None, Grants::NONE));
}

#[test]
fn the_table_in_the_documentation_is_fresh() {
    let cell = |held: Reaches| if held.is_empty() { "–".to_owned() } else { held.each().map(Reach::as_str).collect::<Vec<_>>().join(", ").replace('_', " ") };
    let mut table = String::from(
        "# Permissions\n\nA test writes this page from [`policy/permissions.rs`](../crates/domain/src/policy/permissions.rs).\n\
         A permission reaches a set of objects, by how they relate to the member: *own* (what the member serves, or served last), *own customers* (what belongs to customers \
         whom the member looks after), *queue* (what waits in queues that the member serves, or in none), *group* and *department* (what belongs to members of the same one) \
         and *company* (everything); – means that the role does not hold the permission.\n\
         An alert of danger reaches everybody who serves conversations, whatever the queue.\n\
         Companies compose further roles of the same permissions.\n\n| permission | what it allows |",
    );
    for role in Role::BUILT_IN {
        table += &format!(" {} |", role.text().replace('_', " "));
    }
    table += &format!("\n|---|---|{}\n", "---|".repeat(BUILT_IN));
    for row in &ROWS {
        table += &format!("| `{}` |{} |{}\n", row.name, row.about, row.built_in.iter().map(|held| format!(" {} |", cell(*held))).collect::<String>());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PERMISSIONS.md");
    if std::fs::read_to_string(path).is_ok_and(|written| written == table) {
        return;
    }
    std::fs::write(path, table).unwrap();
    panic!("docs/PERMISSIONS.md was not fresh; it has been written anew, commit it");
}
