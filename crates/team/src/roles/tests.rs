//! Composed roles over HTTP against `tests/permissions.csv`, the table written by hand: what real operations allow is what `tests/permissions-oracle.mjs` decides
//! from that table. `crates/domain/tests/it/permissions.rs` compares many more roles with the policy itself.

use std::{collections::BTreeSet, process::Command};

use domain::{
    id::{AgentId, CannedReplyId, QueueId, RoleId},
    policy::FIRST_ROLE,
};
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp, VisitorClient};
use testkit_server::{Client, Realtime};

const ROLES: usize = 20;
const SEED: &str = "8";

/// The random roles, with what the table says about each.
fn oracle() -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/permissions-oracle.mjs");
    let output = Command::new("node").args([script, SEED, &ROLES.to_string()]).output().unwrap();
    assert!(output.status.success(), "the oracle fails: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let all = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    all.filter(|line| line["t"] == "role" && line["name"].is_null()).collect()
}

/// A company in which a member has to do with everybody as in the table, and a conversation in each of these situations.
struct House {
    app: TestApp,
    administrator: StaffClient,
    member: StaffClient,
    people: Vec<(&'static str, AgentId)>,
    conversations: Vec<(&'static str, String)>,
}

async fn act(who: &Client, conversation: &str, body: Value) -> Value {
    let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
    who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
}
async fn done(who: &Client, conversation: &str, body: Value) {
    let answer = act(who, conversation, body).await;
    assert_eq!(answer["t"], "ok", "{answer}");
}

/// A customer who waits in the queue of the site, which everybody serves.
async fn waiting(app: &TestApp) -> (VisitorClient, String) {
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    let answer = visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    assert_eq!(answer["t"], "ok", "{answer}");
    (visitor, conversation)
}

impl House {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let administrator = app.staff(FIRST_ROLE, "tara").await;
        let mut house = Self { member: app.agent("ada").await, administrator, app, people: Vec::new(), conversations: Vec::new() };
        house.settle().await;
        house
    }

    async fn add(&self, path: &str, new: Value) -> Value {
        self.administrator.post(path, new).await.expect(201)["id"].clone()
    }

    /// Changes somebody as an administrator does.
    async fn change(&self, agent: AgentId, mut change: Value) {
        let path = format!("/api/v1/staff/{agent}");
        change["seen"] = self.administrator.get(&path).await.expect(200)["updated_at"].clone();
        self.administrator.patch(&path, change).await.expect(200);
    }

    /// Everybody in their places, and then what they are about.
    async fn settle(&mut self) {
        let department = async |name: &str, parent: &Value| self.add("/api/v1/departments", json!({"name": name, "parent": parent})).await;
        let above = department("care", &Value::Null).await;
        let own = department("north", &above).await;
        let below = department("night", &own).await;
        let beside = department("shop", &Value::Null).await;
        let group = async |name: &str, department: &Value| self.add("/api/v1/groups", json!({"name": name, "department": department})).await;
        let (bills, lines) = (group("bills", &own).await, group("lines", &own).await);
        let (nights, leads, goods) = (group("nights", &below).await, group("leads", &above).await, group("goods", &beside).await);
        self.change(self.member.member.id, json!({"group": bills})).await;
        let (mut people, mut colleagues) = (vec![("the member", self.member.member.id)], Vec::new());
        for (who, name, group) in [
            ("a colleague of the group", "gus", &bills),
            ("a colleague of the department", "dee", &lines),
            ("a colleague of a department below", "bea", &nights),
            ("somebody of the department above", "abe", &leads),
            ("somebody elsewhere", "eve", &goods),
        ] {
            let colleague = self.app.agent(name).await;
            self.change(colleague.member.id, json!({"group": group})).await;
            people.push((who, colleague.member.id));
            colleagues.push(colleague);
        }
        let members: Vec<AgentId> = colleagues.iter().map(|colleague| colleague.member.id).collect();
        let other = self.add("/api/v1/queues", json!({"name": {"zh": "另一个", "en": "Other"}, "everybody": false, "members": members})).await;
        (self.people, self.conversations) = (people, self.situations(&colleagues, &other).await);
    }

    async fn situations(&self, colleagues: &[StaffClient], other: &Value) -> Vec<(&'static str, String)> {
        let app = &self.app;
        let to_other = async || {
            let (visitor, conversation) = waiting(app).await;
            done(&self.administrator, &conversation, json!({"type": "transfer", "to": other})).await;
            (visitor, conversation)
        };
        let mut all = vec![
            ("a customer talks to the bot", app.visitor().await.open("hello").await),
            ("a customer waits in a queue that the member serves", waiting(app).await.1),
            ("a customer waits in another queue", to_other().await.1),
            ("the member serves a customer", waiting(app).await.1),
            ("the member settled a conversation", waiting(app).await.1),
            ("a customer of another company talks to the bot", app.visitor_of(&app.other_company("beta").await).await.open("hello").await),
        ];
        for (_, conversation) in &all[3..5] {
            done(&self.member, conversation, json!({"type": "take"})).await;
        }
        done(&self.member, &all[4].1, json!({"type": "resolve"})).await;
        let served = [
            "a colleague of the group serves a customer",
            "a colleague of the department serves a customer",
            "a colleague of a department below serves a customer",
            "somebody of the department above serves a customer",
            "somebody else serves a customer",
        ];
        for (situation, colleague) in served.into_iter().zip(colleagues) {
            let conversation = to_other().await.1;
            done(colleague, &conversation, json!({"type": "take"})).await;
            all.push((situation, conversation));
        }
        for (situation, waits) in
            [("a message was left in a queue that the member serves", waiting(app).await), ("a message was left in another queue", to_other().await)]
        {
            let (visitor, conversation) = waits;
            let left = visitor.say(&conversation, false, json!({"type": "leave_message", "text": "Call me", "contact": null})).await;
            assert_eq!(left["t"], "ok", "{left}");
            all.push((situation, conversation));
        }
        let (visitor, conversation) = to_other().await;
        done(&colleagues[4], &conversation, json!({"type": "take"})).await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "I want to kill myself"})).await;
        let path = format!("/api/v1/conversations/{conversation}");
        eventually("the danger is heard", async || self.administrator.get(&path).await.expect(200)["alerted_at"].is_i64().then_some(())).await;
        all.push(("a customer whom somebody else serves may be in danger", conversation));
        app.bot_is_done().await;
        all
    }

    /// The member with a role that the administrator composes and gives them.
    async fn with(&self, n: usize, role: &Value) -> Client {
        let composed = self.add("/api/v1/roles", json!({"name": format!("role {n}"), "grants": role["grants"], "hides": role["hides"]})).await;
        self.change(self.member.member.id, json!({"role": composed})).await;
        self.member.with_cookie(&self.app.company.session(self.app.app().db(), self.member.member.id).await)
    }

    /// The situations of these conversations.
    fn named<'a>(&self, ids: impl IntoIterator<Item = &'a Value>) -> BTreeSet<&'static str> {
        let name = |id: &Value| self.conversations.iter().find(|(_, conversation)| id == conversation.as_str()).unwrap().0;
        ids.into_iter().map(name).collect()
    }
}

/// What the table lets through of what there is in the house.
fn by_table(through: &Value, there_is: impl IntoIterator<Item = &'static str>) -> BTreeSet<&str> {
    let through: BTreeSet<&str> = through.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    there_is.into_iter().filter_map(|name| through.get(name).copied()).collect()
}

/// What differs between the table and the server.
#[derive(Default)]
struct Differences {
    compared: usize,
    found: Vec<String>,
}

impl Differences {
    fn compare<'a>(&mut self, what: &str, table: &BTreeSet<&'a str>, server: &BTreeSet<&'a str>) {
        self.compared += 1;
        let (missing, beyond) = (table - server, server - table);
        if !missing.is_empty() || !beyond.is_empty() {
            self.found.push(format!("{what}: refused {missing:?}, allowed {beyond:?}"));
        }
    }
}

/// Which conversations are read and listed, and in which the member can act.
async fn compare_conversations(house: &House, who: &Client, role: &Value, all: &mut Differences) {
    let situations = || house.conversations.iter().map(|(situation, _)| *situation);
    let reads = by_table(&role["reads"], situations());
    let serves = by_table(&role["serves"], situations());
    let (mut read, mut noted) = (BTreeSet::new(), BTreeSet::new());
    for (situation, conversation) in &house.conversations {
        if who.get(&format!("/api/v1/conversations/{conversation}")).await.status.is_success() {
            read.insert(*situation);
        }
        if act(who, conversation, json!({"type": "note", "text": "seen", "files": []})).await["t"] == "ok" {
            noted.insert(*situation);
        }
    }
    all.compare("reads", &reads, &read);
    all.compare("serves", &serves, &noted);
    let list = who.get("/api/v1/conversations?list=queue").await.expect(200);
    let wait = situations().filter(|situation| situation.starts_with("a customer waits"));
    all.compare("lists as waiting", &by_table(&role["reads"], wait), &house.named(list["items"].as_array().unwrap().iter().map(|item| &item["id"])));
    let left = who.get("/api/v1/left-messages").await;
    let listed = if left.status.is_success() { left.json()["items"].as_array().unwrap().clone() } else { Vec::new() };
    let messages = situations().filter(|situation| situation.starts_with("a message was left"));
    all.compare("lists as left", &by_table(&role["serves"], messages), &house.named(listed.iter().map(|item| &item["conversation"])));
}

/// Which conversations and which people are followed in real time.
async fn compare_streams(house: &House, who: &Client, role: &Value, all: &mut Differences) {
    let streams = house.conversations.iter().map(|(name, id)| (*name, id.clone())).chain(house.people.iter().map(|(name, id)| (*name, id.to_string())));
    let streams: Vec<(&str, String)> = streams.collect();
    let cursors: serde_json::Map<String, Value> = streams.iter().map(|(_, stream)| (stream.clone(), Value::Null)).collect();
    let mut live = Realtime::connect(who).await;
    live.send(&json!({"t": "hello", "version": 1, "cursors": cursors})).await;
    let (mut open, mut ended) = (BTreeSet::new(), 0);
    while open.len() + ended < streams.len() {
        let frame = live.find("what becomes of each stream", |frame| frame["t"] == "reset" || frame["t"] == "gone").await;
        match streams.iter().find(|(_, stream)| frame["stream"] == stream.as_str()) {
            Some((name, _)) if frame["t"] == "reset" => drop(open.insert(*name)),
            Some(_) => ended += 1,
            None => {}
        }
    }
    let people: BTreeSet<&str> = house.people.iter().map(|(name, _)| *name).collect();
    let conversations = house.conversations.iter().map(|(situation, _)| *situation);
    all.compare("follows conversations", &by_table(&role["reads"], conversations), &(&open - &people));
    // Everybody follows themselves.
    let follows = &by_table(&role["follows"], people.iter().copied()) | &BTreeSet::from(["the member"]);
    all.compare("follows people", &follows, &(&open & &people));
}

/// Which people are listed and shown, and which roles can be given to them.
async fn compare_people(house: &House, who: &Client, role: &Value, all: &mut Differences) {
    let people = || house.people.iter().map(|(name, _)| *name);
    let mut shown = BTreeSet::new();
    for (name, id) in &house.people {
        if who.get(&format!("/api/v1/staff/{id}")).await.status.is_success() {
            shown.insert(*name);
        }
    }
    let manages = by_table(&role["manages"], people());
    all.compare("shows people", &manages, &shown);
    let list = who.get("/api/v1/staff").await;
    let rows = if list.status.is_success() { list.json()["items"].as_array().unwrap().clone() } else { Vec::new() };
    let person = |row: &Value| house.people.iter().find(|(_, id)| row["id"] == id.to_string()).map(|(name, _)| *name);
    all.compare("lists people", &manages, &rows.iter().filter_map(person).collect());
    let roles = who.get("/api/v1/roles").await;
    let given = if roles.status.is_success() { roles.json()["items"].as_array().unwrap().clone() } else { Vec::new() };
    let given: Vec<&str> = given.iter().filter(|row| row["may_give"] == true).filter_map(|row| row["id"].as_str()).collect();
    let over = role["over"].as_array().unwrap().iter().filter(|other| other["name"].is_string());
    let (named, may): (Vec<&str>, Vec<bool>) = over.map(|other| (other["name"].as_str().unwrap(), other["give"] == true)).unzip();
    let table = named.iter().zip(may).filter(|(_, may)| *may).map(|(name, _)| *name).collect();
    all.compare("gives roles", &table, &named.iter().copied().filter(|name| given.contains(name)).collect());
}

/// Which permissions without an object are held, by an operation that needs each.
async fn compare_permissions(who: &Client, role: &Value, all: &mut Differences) {
    let id = uuid::Uuid::from_u128(44);
    let (reply, queue, composed) = (CannedReplyId::new(id), QueueId::new(id), RoleId::new(id));
    let operations = [
        ("desk", "GET", "/api/v1/colleagues".to_owned()),
        ("people.manage", "GET", "/api/v1/staff".to_owned()),
        ("panel", "GET", "/api/v1/boards".to_owned()),
        ("days.recount", "POST", "/api/v1/warehouse/days/2001-01-01/recount".to_owned()),
        ("canned_replies.edit", "DELETE", format!("/api/v1/canned-replies/{reply}")),
        ("goods.edit", "GET", "/api/v1/goods?deleted=true".to_owned()),
        ("goods.asked", "GET", "/api/v1/goods/404/conversations".to_owned()),
        ("queues.manage", "DELETE", format!("/api/v1/queues/{queue}")),
        ("knowledge.curate", "GET", "/api/v1/knowledge/changes".to_owned()),
        ("knowledge.edit", "GET", "/api/v1/recommendations".to_owned()),
        ("walls.manage", "GET", "/api/v1/wall-links".to_owned()),
        ("roles.manage", "DELETE", format!("/api/v1/roles/{composed}")),
        ("audit", "GET", "/api/v1/audit".to_owned()),
        ("integrations", "GET", "/api/v1/webhooks".to_owned()),
        ("single_sign_on", "GET", "/api/v1/single-sign-on".to_owned()),
        ("settings", "GET", "/api/v1/company".to_owned()),
        ("tokens.manage", "GET", "/api/v1/tokens".to_owned()),
    ];
    let mut allowed = BTreeSet::new();
    for (permission, method, path) in &operations {
        let answer = match *method {
            "GET" => who.get(path).await,
            "POST" => who.post(path, json!({})).await,
            _ => who.delete(path).await,
        };
        match answer.status.as_u16() {
            403 => drop(answer.problem(403, "not_permitted")),
            // What the operation is about need not exist: whoever asks is told so only if they hold the permission.
            200 | 404 | 422 => drop(allowed.insert(*permission)),
            other => panic!("{path}: {other}"),
        }
    }
    all.compare("is allowed", &by_table(&role["holds"], operations.iter().map(|(permission, ..)| *permission)), &allowed);
    let me = who.get("/api/v1/me").await.expect(200);
    for (what, table, told) in [("is told to hold", &role["holds"], &me["permissions"]), ("is told to hide", &role["hides"], &me["hides"])] {
        let texts = |list: &'_ Value| list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
        let (table, told) = (texts(table), texts(told));
        all.compare(what, &table.iter().map(String::as_str).collect(), &told.iter().map(String::as_str).collect());
    }
}

/// Fails if nothing would be noticed: each thing must be allowed to some of the roles and refused to others.
fn require_both_answers(roles: &[Value], house: &House) {
    let ours = house.conversations.iter().map(|(situation, _)| *situation).filter(|situation| !situation.starts_with("a customer of another company"));
    let conversations: Vec<&'static str> = ours.collect();
    let people: Vec<&'static str> = house.people.iter().map(|(name, _)| *name).collect();
    for (key, all) in [("reads", &conversations), ("serves", &conversations), ("manages", &people), ("follows", &people)] {
        for name in all {
            let allowed = roles.iter().filter(|role| !by_table(&role[key], [*name]).is_empty()).count();
            assert!((1..roles.len()).contains(&allowed), "{key} {name}: {allowed} of {} roles", roles.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_composed_roles_are_allowed_what_the_table_says() {
    let roles = oracle();
    assert_eq!(roles.len(), ROLES);
    let house = House::new().await;
    require_both_answers(&roles, &house);
    let mut found = Vec::new();
    for (n, role) in roles.iter().enumerate() {
        let who = house.with(n, role).await;
        let mut all = Differences::default();
        compare_conversations(&house, &who, role, &mut all).await;
        compare_streams(&house, &who, role, &mut all).await;
        compare_people(&house, &who, role, &mut all).await;
        compare_permissions(&who, role, &mut all).await;
        assert_eq!(all.compared, 12);
        found.extend(all.found.into_iter().map(|difference| format!("{difference}, with {}", role["grants"])));
    }
    assert!(found.is_empty(), "{} differences: {found:#?}", found.len());
}
