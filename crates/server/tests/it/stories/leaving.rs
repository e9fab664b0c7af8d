//! A company leaves with everything, is erased so that nothing of it is found, and comes back.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use domain::staff::Role;
use http_kit::{
    audit::witness,
    transfer::{Ended, Progress},
};
use platform::{
    database_clock::GONE_AFTER_MS,
    erasures::{self, Erasure, Kind},
};
use portability::holdings::{OTHERS, PLACES};
use serde_json::{Value, json};
use server::setup::{
    admin::{self, Command, Reply},
    transfers::{self, NewTransfer, Passphrase},
};
use store::entry_points::{self, LivingNode};
use testkit::{Company, eventually};
use testkit_app::{CUSTOMER_PASSWORD, StaffClient, TestApp, VisitorClient};
use testkit_server::{Client, Realtime, solved_puzzle};

use crate::stories::people::{entries, first, new_conversation, post, send, text};

/// A value that is planted and looked for.
fn planted(n: usize) -> String {
    format!("Quetzalcoatlus{n:02}")
}
/// How many there are.
const MANY: usize = 20;
/// Those of a page: what is stored of them is sealed.
const SEALED: [usize; 2] = [11, 12];

struct People {
    administrator: StaffClient,
    visitor: VisitorClient,
    conversation: String,
    file: String,
}

/// Plants a value wherever people of a company can write something.
async fn plant(app: &TestApp, beta: &Company) -> People {
    let administrator = app.staff_of(beta, Role::Administrator, &planted(0)).await;
    let agent = app.staff_of(beta, Role::Agent, &planted(1)).await;
    let both = |n: usize| json!({"zh": planted(n), "en": planted(n + 1)});
    administrator.post("/api/v1/canned-replies", json!({"shortcode": "q", "title": planted(2), "body": both(3)})).await.expect(201);
    administrator.post("/api/v1/boards", json!({"name": planted(5), "tiles": []})).await.expect(201);
    administrator.post("/api/v1/queues", json!({"name": both(6)})).await.expect(201);
    administrator.post("/api/v1/groups", json!({"name": planted(8)})).await.expect(201);
    administrator.post("/api/v1/departments", json!({"name": planted(9)})).await.expect(201);
    let (visitor, conversation) = (app.visitor_of(beta).await, new_conversation());
    post(&visitor, vec![first(&conversation, text(&planted(10)))]).await;
    visitor.stands_on(json!({"title": planted(11), "url": format!("https://shop.example/{}", planted(12))})).await;
    app.bot_is_done().await;
    let path = format!("/api/v1/widget/files?name={}.txt", planted(13));
    let file = visitor.upload(&path, "text/plain", planted(14).into_bytes()).await.expect(201)["id"].as_str().unwrap().to_owned();
    post(&visitor, vec![send(&conversation, json!({"type": "file", "file": file})), send(&conversation, text(&planted(15)))]).await;
    let mut socket = Realtime::connect(&agent).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
    socket.until("welcome").await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    agent.put("/api/v1/me/state", json!({"state": "break", "reason": planted(16)})).await.expect(200);
    agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    post(&agent, vec![send(&conversation, json!({"type": "take"})), send(&conversation, text(&planted(17)))]).await;
    post(&agent, vec![send(&conversation, json!({"type": "note", "text": planted(18)})), send(&conversation, json!({"type": "resolve"}))]).await;
    post(&visitor, vec![send(&conversation, json!({"type": "rate", "score": 2, "comment": planted(19), "solved": false}))]).await;
    app.feed_panel().await;
    People { administrator, visitor, conversation, file }
}

async fn run(app: &TestApp, command: Command) -> Result<Reply, String> {
    Box::pin(admin::run(app.app(), command)).await.map_err(|error| error.to_string())
}

/// Begins it and waits for its end.
async fn transfer(app: &TestApp, new: NewTransfer) -> Result<Value, String> {
    Box::pin(run(app, Command::BeginTransfer(new))).await?;
    Box::pin(ended(app)).await
}

async fn ended(app: &TestApp) -> Result<Value, String> {
    eventually("it ends", async || match run(app, Command::TransferProgress).await.unwrap() {
        Reply::Transfer(Some(Progress { ended: Some(ended), .. })) => Some(match ended {
            Ended::Done(report) => Ok(report),
            Ended::Failed(why) => Err(why),
        }),
        _ => None,
    })
    .await
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).filter(|path| path.is_file()).collect()
}

/// The sessions of today, hour by hour or however they are shown.
async fn sessions(client: &Client) -> Value {
    client.get("/api/v1/metrics/session_created?days=2").await.expect(200)["series"][0]["points"].clone()
}

/// The planted values that are somewhere in a folder, and where.
fn found(folder: &Path) -> Vec<String> {
    let holds = |bytes: &[u8], value: &str| bytes.windows(value.len()).any(|window| window == value.as_bytes());
    let mut found = Vec::new();
    for path in walk(folder) {
        let bytes = fs::read(&path).unwrap();
        found.extend((0..MANY).map(planted).filter(|value| holds(&bytes, value)).map(|value| format!("{value} in {}", path.display())));
    }
    found
}

/// What is in the data folder and neither listed among the places that keep something of a company nor among the others.
fn unlisted(data: &Path) -> Vec<String> {
    let names = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_listed = |name: &String| PLACES.iter().flat_map(|place| place.files).chain(&OTHERS).any(|begins| name.starts_with(begins));
    names.filter(|name| !is_listed(name)).collect()
}

fn erase() -> NewTransfer {
    NewTransfer::Erase { slug: "beta".to_owned(), confirm: "beta".to_owned() }
}

async fn tells(administrator: &Client, conversation: &str) -> Vec<Value> {
    let mut socket = Realtime::connect(administrator).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {conversation: 0}})).await;
    socket.until("welcome").await;
    let read = socket.find("the conversation", |frame| !entries(frame).is_empty()).await;
    entries(&read)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_leaves_is_erased_and_comes_back_and_another_notices_nothing() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let People { administrator, visitor, conversation, file } = Box::pin(plant(&app, &beta)).await;
    let said = tells(&administrator, &conversation).await;
    let missing: Vec<String> = (0..MANY).map(planted).filter(|value| !found(app.data()).iter().any(|found| found.starts_with(value))).collect();
    assert_eq!(missing, SEALED.map(planted), "each value was planted");
    assert_eq!(unlisted(app.data()), Vec::<String>::new(), "holdings.rs lists every kind of file");
    let counted = sessions(&administrator).await;
    let outside = tempfile::tempdir().unwrap();
    let (out, passphrase) = (outside.path().join("beta"), Passphrase("correct horse battery".to_owned()));
    let export = |passphrase: &str| NewTransfer::Export { slug: "beta".to_owned(), out: out.clone(), passphrase: Passphrase(passphrase.to_owned()) };
    assert!(transfer(&app, export("short")).await.unwrap_err().contains("at least 12"));
    run(&app, Command::BeginTransfer(export(&passphrase.0))).await.unwrap();
    assert!(run(&app, Command::BeginTransfer(erase())).await.unwrap_err().contains("is being exported"));
    let report = ended(&app).await.unwrap();
    assert_eq!((report["files"].as_u64(), report["unreadable"].as_u64()), (Some(1), Some(0)));
    assert_eq!(found(outside.path()), Vec::<String>::new(), "the archive is sealed");

    let unconfirmed = NewTransfer::Erase { slug: "beta".to_owned(), confirm: "alpha".to_owned() };
    assert!(run(&app, Command::BeginTransfer(unconfirmed)).await.unwrap_err().contains("--confirm beta"));
    let known = || fs::read_to_string(app.data().join(witness::FILE)).unwrap().contains(&beta.tenant.uuid().to_string());
    witness::step(app.app()).await.unwrap();
    assert!(known(), "the end of its audit is remembered");
    let report = transfer(&app, erase()).await.unwrap();
    assert!(!known(), "and is not any more");
    assert!(report["rows"].as_u64() > Some(50) && report["panel"].as_u64() > Some(0) && report["files"] == 1, "{report}");
    assert!(run(&app, Command::BeginTransfer(erase())).await.unwrap_err().contains("there is no company with the short name beta"));
    assert_eq!(found(app.data()), Vec::<String>::new(), "nothing of it is left");
    assert_eq!(administrator.get("/api/v1/me").await.status.as_u16(), 404, "nobody is found at its address");
    let erased = erasures::read(app.data()).unwrap();
    assert_eq!(erased.iter().map(|erasure| (erasure.kind, erasure.tenant())).collect::<Vec<_>>(), [(Kind::Company, beta.tenant)]);
    // The other company goes on.
    let other = app.visitor().await;
    other.open("hello").await;

    let import = |passphrase: Passphrase| NewTransfer::Import { from: out.clone(), passphrase, slug: None };
    assert!(transfer(&app, import(Passphrase("a wrong passphrase".to_owned()))).await.unwrap_err().contains("not the passphrase"));
    transfer(&app, import(passphrase.clone())).await.unwrap();
    assert!(transfer(&app, import(passphrase)).await.unwrap_err().contains("in the record already"));
    let secret = beta.session(app.app().db(), administrator.member.id).await;
    let back = administrator.with_cookie(&secret);
    assert_eq!(tells(&back, &conversation).await, said);
    let bytes = back.get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(bytes.body, planted(14).into_bytes());
    let audit = Command::VerifyAudit { company: 1, only: Some("beta".to_owned()), from: Default::default() };
    let Reply::AuditVerified(Some(verified)) = run(&app, audit).await.unwrap() else { panic!("an audit") };
    let verified = verified.verified.unwrap();
    assert!(verified.altered.is_empty() && verified.entries > 5, "{verified:?}");
    drop(visitor);
    app.feed_panel().await;
    assert_eq!(sessions(&back).await, counted, "the numbers are computed again");

    // A backup from before an erasure brings it back: then it is out of sight before anybody is served, and nothing is left of it.
    erasures::note(app.data(), &[Erasure::new(app.env().now(), Kind::Company, beta.tenant, &beta.tenant)]).unwrap();
    let app = app.stopped().await.start().await;
    assert!(!is_here(&app).await);
    until_nothing_is_on_its_way(&app).await;
    assert_eq!(found(app.data()), Vec::<String>::new());
    app.stop().await;
}

async fn is_here(app: &TestApp) -> bool {
    entry_points::company(app.app().db(), Some("beta")).await.unwrap().is_some()
}

async fn until_nothing_is_on_its_way(app: &TestApp) {
    eventually("it is finished", async || entry_points::transfers(app.app().db()).await.unwrap().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_came_back_through_another_node_is_not_erased_again() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let outside = tempfile::tempdir().unwrap();
    let (out, passphrase) = (outside.path().join("beta"), Passphrase("correct horse battery".to_owned()));
    Box::pin(transfer(&app, NewTransfer::Export { slug: "beta".to_owned(), out: out.clone(), passphrase: passphrase.clone() })).await.unwrap();
    Box::pin(transfer(&app, erase())).await.unwrap();
    app.clock.advance(1_000);
    let import = |slug: &str| NewTransfer::Import { from: out.clone(), passphrase: passphrase.clone(), slug: Some(slug.to_owned()) };
    assert!(Box::pin(transfer(&app, import("b"))).await.unwrap_err().contains("2 to 40"), "the rules are those of a new company");
    Box::pin(transfer(&app, import(" Beta "))).await.unwrap();
    // The node that erased it has not heard that it came back.
    let list = erasures::read(app.data()).unwrap();
    assert_eq!(list.iter().map(|erasure| erasure.kind).collect::<Vec<_>>(), [Kind::Company, Kind::CameBack]);
    fs::remove_file(app.data().join(erasures::ERASURES)).unwrap();
    erasures::note(app.data(), &list[..1]).unwrap();
    Box::pin(transfers::finish(app.app())).await.unwrap();
    assert!(is_here(&app).await);
    let app = app.stopped().await.start().await;
    assert!(is_here(&app).await, "the record says that it arrived later");
    // Nobody erases a company while it is served because of a list.
    app.clock.advance(1_000);
    erasures::note(app.data(), &[Erasure::new(app.env().now(), Kind::Company, beta.tenant, &beta.tenant)]).unwrap();
    Box::pin(transfers::finish(app.app())).await.unwrap();
    assert!(is_here(&app).await);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_company_its_letters_go_and_no_others() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    app.customer("ada@example.com").await;
    let client = app.anyone_at(&beta);
    let proof = solved_puzzle(&client).await;
    let new = json!({"site": beta.key, "identifier": "bert@example.com", "password": CUSTOMER_PASSWORD, "lang": "en", "proof": proof});
    client.post("/api/v1/customer/registrations", new).await.expect(202);
    app.message_to("bert@example.com").await;
    Box::pin(transfer(&app, erase())).await.unwrap();
    assert_eq!(app.messages().await.into_iter().map(|sent| sent.to).collect::<Vec<_>>(), ["ada@example.com"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_node_was_doing_goes_on_as_soon_as_that_is_gone() {
    let app = TestApp::new().await;
    let (db, gamma, now) = (app.app().db(), app.other_company("gamma").await, app.env().now());
    let node = LivingNode { id: app.env().uuid(), started_at: now };
    entry_points::beat(db, node, &HashMap::new(), now, now).await.unwrap();
    portability::erase::begin(db, gamma.tenant, node.id).await.unwrap();
    Box::pin(transfers::finish(app.app())).await.unwrap();
    assert_eq!(entry_points::transfers(db).await.unwrap().len(), 1, "that node is there, and does it");
    app.clock.advance(GONE_AFTER_MS + 1);
    Box::pin(transfers::finish(app.app())).await.unwrap();
    assert_eq!(entry_points::transfers(db).await.unwrap(), []);
    assert_eq!(entry_points::slug_of(&mut db.read().await.unwrap(), gamma.tenant).await.unwrap(), None);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasing_that_ended_with_the_program_goes_on_and_nobody_else_starts_over() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let generation = app.app().cluster().generation();
    // The last entry of the record is one of the company that goes.
    app.visitor_of(&beta).await.open("the last words").await;
    app.bot_is_done().await;
    Box::pin(transfer(&app, erase())).await.unwrap();
    let gamma = app.other_company("gamma").await;
    portability::erase::begin(app.app().db(), gamma.tenant, app.app().cluster().this().id).await.unwrap();
    let app = app.stopped().await.start().await;
    assert_eq!(app.app().cluster().generation(), generation, "what was erased is not missed");
    until_nothing_is_on_its_way(&app).await;
    let left = entry_points::slug_of(&mut app.app().db().read().await.unwrap(), gamma.tenant).await.unwrap();
    assert_eq!(left, None);
    app.stop().await;
}
