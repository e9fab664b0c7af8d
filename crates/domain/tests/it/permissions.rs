//! The policy against `tests/permissions.csv`, a table written by hand. `tests/permissions-oracle.mjs` decides from that table alone what 500 random roles may do.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

use domain::{
    conversation::State,
    id::{AgentId, GroupId, Id},
    policy::{
        Circle, Contact, GrantList, Grants, OverPeople, Permission, Reach, Staff, Standing, may_give, may_manage, may_place, may_read_where_it_stands,
        may_serve_where_it_stands,
        permissions::{ROWS, row_of},
    },
    staff::Role,
};
use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const ROLES: usize = 500;
const SEED: &str = "20260727";

/// What the oracle prints, from the table or from an altered one.
fn oracle(roles: usize, table: Option<&str>) -> Vec<Value> {
    let script = format!("{ROOT}/tests/permissions-oracle.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(SEED).arg(roles.to_string()).args(table.map(|_| "-"));
    let mut node = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    node.stdin.take().unwrap().write_all(table.unwrap_or_default().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the oracle fails");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn id<T>(n: u128) -> Id<T> {
    Id::new(uuid::Uuid::from_u128(n))
}
fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}
fn list(role: &Value) -> GrantList {
    serde_json::from_value(json!({"grants": role["grants"], "hides": role["hides"]})).unwrap()
}

/// The person of the table, who may be nobody.
fn person(name: &str) -> Option<AgentId> {
    Some(id(match name {
        "nobody" => return None,
        "the member" => 1,
        "a colleague of the group" => 2,
        "a colleague of the department" => 3,
        "a colleague of a department below" => 4,
        "somebody of the department above" => 5,
        "somebody elsewhere" => 6,
        other => panic!("the table has a person {other:?} whom the test does not know"),
    }))
}

/// The group of the table, which may be none.
fn group(name: &str) -> Option<GroupId> {
    Some(id(match name {
        "no group" => return None,
        "the group of the member" => 1,
        "another group of the department" => 2,
        "a group of a department below" => 3,
        "a group of the department above" => 4,
        "a group elsewhere" => 5,
        other => panic!("the table has a group {other:?} that the test does not know"),
    }))
}

/// The member who asks, related to everybody as the table says, whatever their role needs of it.
fn member(grants: Grants) -> Staff {
    let circle = Circle {
        queues: [id(1)].into(),
        own_group: Some(id(1)),
        departments: [id(1), id(2)].into(),
        groups: [id(1), id(2), id(3)].into(),
        group: [id(1), id(2)].into(),
        department: [id(1), id(2), id(3), id(4)].into(),
    };
    Staff { agent: id(1), tenant: id(1), grants, circle: Arc::new(circle), name: String::new(), number: String::new() }
}

/// Where a conversation of the table stands.
fn standing(row: &Value) -> Standing {
    let text = |key: &str| row[key].as_str().unwrap();
    let is = |key: &str| match text(key) {
        "yes" => true,
        "no" => false,
        other => panic!("{key}: neither yes nor no: {other:?}"),
    };
    let queue = match text("queue") {
        "no queue" => None,
        "served queue" => Some(id(1)),
        "another queue" => Some(id(2)),
        other => panic!("the table has a queue {other:?} that the test does not know"),
    };
    let tenant = match text("of") {
        "the company" => id(1),
        "another company" => id(2),
        other => panic!("the table has a company {other:?} that the test does not know"),
    };
    let state = State::parse(text("state")).unwrap();
    Standing { tenant, state, agent: person(text("agent")), queue, is_left: is("left"), is_alerted: is("alert") }
}

/// The lines of a kind.
fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["t"] == kind).collect()
}

/// What is not the same, in words.
#[derive(Default)]
struct Differences {
    compared: usize,
    found: Vec<String>,
}

impl Differences {
    fn compare<T: PartialEq + Debug>(&mut self, what: impl FnOnce() -> String, table: &T, policy: &T) {
        self.compared += 1;
        if table != policy {
            self.found.push(format!("{}: by the table {table:?}, by the policy {policy:?}", what()));
        }
    }
    /// Compares what the table lets through with what the policy does, one by one.
    fn compare_each<'a>(&mut self, of: &str, all: &[&'a Value], through: &Value, is_let: impl Fn(&'a Value) -> bool) {
        let through = texts(through);
        for row in all {
            let name = row["name"].as_str().unwrap();
            self.compare(|| format!("{of}: {name}"), &through.contains(name), &is_let(row));
        }
    }
}

/// Everything in which the policy decides otherwise than the table.
fn compare(lines: &[Value]) -> Differences {
    let mut all = Differences::default();
    compare_table(&mut all, lines);
    for role in of(lines, "role") {
        compare_role(&mut all, lines, role);
    }
    for role in of(lines, "impossible") {
        all.compare(|| format!("{} is refused", words(role)), &true, &Grants::parse(&list(role)).is_err());
    }
    all
}

/// Which permissions there are, and how far each can reach.
fn compare_table(all: &mut Differences, lines: &[Value]) {
    let rows = of(lines, "permission");
    let names = |rows: &[&Value]| rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    all.compare(|| "the permissions".to_owned(), &names(&rows), &ROWS.iter().map(|row| row.name.to_owned()).collect());
    all.compare(|| "the reaches".to_owned(), &names(&of(lines, "reach")), &Reach::EACH.iter().map(|reach| reach.as_str().to_owned()).collect());
    all.compare(|| "the contacts".to_owned(), &names(&of(lines, "contact")), &Contact::EACH.iter().map(|contact| contact.as_str().to_owned()).collect());
    for row in rows {
        for reach in Reach::EACH {
            let one = json!({"grants": [{"permission": row["name"], "reach": [reach]}], "hides": []});
            let may_have = texts(&row["reach"]).contains(reach.as_str());
            all.compare(|| format!("{} with {}", row["name"], reach.as_str()), &may_have, &Grants::parse(&list(&one)).is_ok());
        }
    }
}

/// A role in a few words.
fn words(role: &Value) -> String {
    let GrantList { grants, hides } = list(role);
    let each = grants.into_iter().map(|grant| format!("{}:{}", grant.permission, grant.reach.into_iter().map(Reach::as_str).collect::<Vec<_>>().join("+")));
    format!("[{} hiding {hides:?}]", each.collect::<Vec<_>>().join(" "))
}

fn compare_role(all: &mut Differences, lines: &[Value], role: &Value) {
    let called = words(role);
    let grants = match role["name"].as_str() {
        Some(name) => Grants::of(Role::parse(name).unwrap()),
        None => Grants::parse(&list(role)).unwrap_or_else(|error| panic!("{called}: {error}")),
    };
    let (staff, held) = (member(grants), grants.list());
    let pairs = |list: GrantList| list.grants.into_iter().map(|grant| (grant.permission, format!("{:?}", grant.reach))).collect::<BTreeSet<_>>();
    all.compare(|| format!("what {} holds", role["name"]), &pairs(list(role)), &pairs(held));
    all.compare(|| format!("{called} is stored"), &Some(grants), &Grants::from_stored(&grants.to_stored()));

    all.compare_each(&format!("{called} holds"), &of(lines, "permission"), &role["holds"], |row| grants.names().contains(&row["name"].as_str().unwrap()));
    all.compare_each(&format!("{called} hides"), &of(lines, "contact"), &role["hides"], |row| {
        grants.hidden_contacts().contains(Contact::parse(row["name"].as_str().unwrap()).unwrap_or_else(|| panic!("the table has a contact {row}")))
    });
    let conversations = of(lines, "conversation");
    all.compare_each(&format!("{called} reads"), &conversations, &role["reads"], |row| may_read_where_it_stands(&staff, &standing(row)));
    all.compare_each(&format!("{called} serves"), &conversations, &role["serves"], |row| may_serve_where_it_stands(&staff, &standing(row)));
    let people = of(lines, "person");
    let within = |right, row: &Value| staff.reaches_member(grants.reach(right), person(row["name"].as_str().unwrap()).unwrap());
    all.compare_each(&format!("{called} manages"), &people, &role["manages"], |row| within(OverPeople::Manage, row));
    all.compare_each(&format!("{called} follows"), &people, &role["follows"], |row| within(OverPeople::Follow, row));
    all.compare_each(&format!("{called} puts people into"), &of(lines, "group"), &role["places"], |row| {
        may_place(&staff, group(row["name"].as_str().unwrap()))
    });
    for other in role["over"].as_array().unwrap() {
        compare_holder(all, &staff, &called, role, other);
    }
}

/// Whether a member may give another role, manage who has it, and compose it.
fn compare_holder(all: &mut Differences, staff: &Staff, called: &str, role: &Value, other: &Value) {
    let held = match other["name"].as_str() {
        Some(name) => Grants::of(Role::parse(name).unwrap()),
        None => Grants::parse(&list(other)).unwrap(),
    };
    let words = |what: &str| format!("{called} {what} {}", other["name"].as_str().map_or_else(|| words(other), str::to_owned));
    all.compare(|| words("gives"), &other["give"].as_bool().unwrap(), &may_give(staff, held));
    all.compare(|| words("composes"), &other["compose"].as_bool().unwrap(), &(staff.may(Permission::ManageRoles) && staff.grants.cover(held)));
    for colleague in ["a colleague of the group", "somebody elsewhere"] {
        let may = texts(&role["manages"]).contains(colleague) && other["give"] == true;
        all.compare(|| words("manages a holder, of"), &may, &may_manage(staff, person(colleague).unwrap(), held));
    }
}

fn table() -> String {
    std::fs::read_to_string(format!("{ROOT}/tests/permissions.csv")).unwrap()
}

#[test]
fn the_policy_decides_as_the_table_says_about_500_random_roles() {
    let lines = oracle(ROLES, None);
    assert_eq!((of(&lines, "role").len(), of(&lines, "impossible").len()), (Role::BUILT_IN.len() + ROLES, ROLES / 5));
    let all = compare(&lines);
    let first: Vec<&String> = all.found.iter().take(10).collect();
    assert!(all.found.is_empty(), "{} of {} differ: {first:#?}", all.found.len(), all.compared);
    assert!(all.compared > 80_000, "only {} decisions were compared", all.compared);
}

#[test]
fn a_line_of_the_table_that_is_altered_is_found() {
    let table = table();
    // What the row begins with, what it ends with, and what stands there instead.
    let alterations = [
        ("panel,", "the company,no,no,yes,yes,no,no,yes,yes", "the company,yes,no,yes,yes,no,no,yes,yes"),
        ("desk,", "company,no,own + own customers,company,no", "company,own,own + own customers,company,no"),
        ("a customer waits in another queue,", "no,no,no,no,no,no,no,yes,no", "no,no,no,no,yes,no,no,yes,no"),
        ("a customer of another company may be in danger,", "no,yes,no,no,no,no,no,no,no", "no,yes,no,no,no,no,no,no,yes"),
        ("a customer of the bot may be in danger,", "no,no,no,no,yes,yes", "no,no,no,no,yes,no"),
        ("a colleague of a department below,no", ",yes,yes", ",no,yes"),
        ("another group of the department,", "no,yes,yes", "yes,yes,yes"),
        ("as much as the member’s,", "no,yes,yes", "yes,yes,yes"),
        ("more than the member’s,", "no,yes,no", "no,yes,yes"),
    ];
    for (row, was, is) in alterations {
        let line = table.lines().filter(|line| line.starts_with(row)).collect::<Vec<_>>();
        let [line] = line[..] else { panic!("the table has {} rows {row:?}", line.len()) };
        assert!(line.ends_with(was), "{line}");
        let altered = table.replace(line, &format!("{}{is}", &line[..line.len() - was.len()]));
        assert!(!compare(&oracle(60, Some(&altered))).found.is_empty(), "nobody finds that {line:?} now ends with {is:?}");
    }
    // Without a row, the permission is one that only the program has.
    let short: String = table.lines().filter(|line| !line.starts_with("walls.manage,")).map(|line| format!("{line}\n")).collect();
    assert!(!compare(&oracle(60, Some(&short))).found.is_empty());
}

#[test]
fn the_words_of_the_table_are_those_of_the_page_of_roles() {
    let page: Value = serde_json::from_str(&std::fs::read_to_string(format!("{ROOT}/web/console/src/settings/settings.en.json")).unwrap()).unwrap();
    for line in oracle(1, None) {
        let kind = line["t"].as_str().unwrap();
        if let "permission" | "reach" | "contact" = kind {
            let key = format!("{kind}.{}", line["name"].as_str().unwrap());
            assert_eq!(line["words"], page[&key], "{key}");
        }
    }
    // The other way round, too: the page has no permission that the table does not have.
    let named = page.as_object().unwrap().keys().filter_map(|key| key.strip_prefix("permission."));
    assert_eq!(named.filter(|name| row_of(name).is_none()).collect::<Vec<_>>(), Vec::<&str>::new());
}
