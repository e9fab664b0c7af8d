//! The sealing key is stored outside the record: which starts are refused, and how an older record, which still contains its key, is resealed without anybody
//! noticing.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use connect::callout::signature;
use db::{Config, Db, Engine, SqliteFiles};
use domain::{
    id::AgentId,
    staff::Role,
    time::{DAY, HOUR},
};
use platform::{
    keys::resealing::{Anew, FORMER_MS},
    retry::while_busy,
    seal_key::{SEAL_KEY_FILE, SealKey, SealKeyFrom},
};
use reqwest::Method;
use seal::{
    Sealer,
    vault::{Vault, hex},
};
use serde_json::{Value, json};
use server::start;
use sha2::{Digest as _, Sha256};
use store::entry_points::{self, After, Chunk, Part, Sealed};
use testkit::{database::fresh_postgres, eventually};
use testkit_app::{CUSTOMER_PASSWORD, CustomerClient, StaffClient, Stopped, TestApp};
use testkit_server::{Client, Receiver, receiver::Answers, solved_puzzle};

/// Opens the record of a stopped server.
async fn record(of: &mut Stopped) -> Db {
    let clock = Arc::new(of.clock().clone());
    let engine = match &of.settings().database_url {
        Some(url) => Engine::record_in(url.clone()),
        None => Engine::Sqlite(SqliteFiles { path: of.settings().data.join("yingda.db"), durable: true }),
    };
    Db::open(Config { engine, migrations: store::schema::MIGRATIONS, clock, on_commit: Arc::new(|_| ()) }).await.unwrap()
}

async fn sealed(of: &mut Stopped) -> Sealed {
    let db = record(of).await;
    let sealed = entry_points::seal_state(&mut db.read().await.unwrap()).await.unwrap().unwrap();
    db.close().await;
    sealed
}

fn key(letter: &str) -> SealKey {
    SealKey::parse(&letter.repeat(40), "a test").unwrap()
}

/// Turns the record into an older one: its key is in it, and nowhere else. On PostgreSQL a new key is given. Returns the key in the record.
async fn of_before(stopped: &mut Stopped) -> Vec<u8> {
    let found = stopped.settings().seal_key.find().unwrap().unwrap().bytes().to_vec();
    match stopped.settings().seal_key.clone() {
        SealKeyFrom::File(path) => fs::remove_file(path).unwrap(),
        SealKeyFrom::Given(_) => stopped.settings().seal_key = SealKeyFrom::Given(key("n")),
    }
    let (db, replaced) = (record(stopped).await, found.clone());
    let sql = "UPDATE installation SET seal_key = $1, seal_fingerprint = NULL, former_key = NULL, former_until = NULL";
    let write = db.writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move { Ok::<_, db::Error>(db::q!(tx, |c| sqlx::query(sql).bind(&replaced[..]).execute(c).await.map(drop))?) })
    });
    write.await.unwrap();
    db.close().await;
    found
}

/// The files in a folder that contain these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let files = contents(folder);
    files.into_iter().filter(|(_, text)| text.windows(bytes.len()).any(|part| part == bytes)).map(|(name, _)| name).collect()
}

/// The digests of a folder's files, once everything written has reached the record itself.
async fn digests(folder: &Path) -> BTreeMap<String, String> {
    let written_back = Engine::Sqlite(SqliteFiles { path: folder.join("yingda.db"), durable: true });
    eventually("the log is empty", async || db::empty_log(&written_back).await.unwrap().then_some(())).await;
    contents(folder).into_iter().map(|(name, bytes)| (name, hex(&Sha256::digest(&bytes)))).collect()
}

/// The files in a folder, except those that SQLite keeps for its readers.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file()).map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()));
    files.filter(|(name, bytes)| !(name.ends_with("-shm") || name.ends_with("-wal") && bytes.is_empty())).collect()
}

/// What people have, and what they are waiting for, when the record is resealed.
struct Before {
    tara: StaffClient,
    ada: CustomerClient,
    pending: Value,
    webhook: Value,
    receiver: Receiver,
    device: Value,
    proof: Value,
}

const NAME: &str = "埃达·洛夫莱斯";

async fn make_webhook(tara: &Client, receiver: &Receiver) -> (Value, bool) {
    let new = json!({"url": receiver.url, "events": ["conversation.opened"], "bodies": true});
    let made = tara.send(tara.request(Method::POST, "/api/v1/webhooks").header("idempotency-key", "k").json(&new)).await;
    (made.expect(201), made.headers.contains_key("idempotency-replayed"))
}

impl Before {
    async fn of(app: &TestApp) -> Self {
        let tara = app.staff(Role::Administrator, "tara").await;
        let receiver = Receiver::new(Answers::Nothing).await;
        let (webhook, _) = make_webhook(&tara, &receiver).await;
        let ada = app.customer("ada@example.com").await;
        let seen = ada.get("/api/v1/customer").await.expect(200)["updated_at"].clone();
        ada.patch("/api/v1/customer", json!({"name": NAME, "seen": seen})).await.expect(200);
        let new = json!({"site": "alpha", "identifier": "13800138000", "password": CUSTOMER_PASSWORD, "lang": "en", "proof": solved_puzzle(app).await});
        let handle = app.post("/api/v1/customer/registrations", new).await.expect(202)["handle"].clone();
        let pending = json!({"handle": handle, "code": app.message_to("+8613800138000").await.code()});
        let device = app.visitor().await.session;
        Self { tara, ada, pending, webhook, receiver, device, proof: solved_puzzle(app).await }
    }

    /// Checks that nobody notices anything.
    async fn holds(&self, app: &TestApp) {
        let (tara, ada) = (self.tara.at(&app.base), self.ada.at(&app.base));
        let me = ada.get("/api/v1/customer").await.expect(200);
        assert_eq!((&me["name"], &me["email"]), (&json!(NAME), &json!("ada@example.com")));
        for identifier in ["ada@example.com", "13800138000"] {
            if identifier.starts_with('1') {
                app.post("/api/v1/customer/registrations/confirm", self.pending.clone()).await.expect(201);
            }
            let sign_in = json!({"site": "alpha", "identifier": identifier, "password": CUSTOMER_PASSWORD});
            app.post("/api/v1/customer/sessions", sign_in).await.expect(201);
        }
        let (made, is_replayed) = make_webhook(&tara, &self.receiver).await;
        assert_eq!((&made, is_replayed), (&self.webhook, true));
        let session = json!({"site": "alpha", "device": null, "sealed": self.device["sealed"], "lang": "en"});
        let known = app.post("/api/v1/widget/sessions", session).await.expect(201);
        assert_eq!(known["visitor"], self.device["visitor"]);
        let new = json!({"site": "alpha", "identifier": "eve@example.com", "password": CUSTOMER_PASSWORD, "lang": "en", "proof": self.proof});
        app.post("/api/v1/customer/registrations", new).await.expect(202);
        app.widget_with(known).open("hello").await;
        let one = eventually("the webhook arrives", async || {
            // The stopped server still holds its lease for some seconds.
            app.clock.advance(10_000);
            self.receiver.received().pop()
        })
        .await;
        let secret = STANDARD.decode(self.webhook["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
        let at = one.headers["webhook-timestamp"].parse().unwrap();
        assert_eq!(one.headers["webhook-signature"], signature::signatures(&[secret], &one.headers["webhook-id"], at, one.body.as_bytes()));
    }
}

/// Does what a start would do, up to this many parts, and then stops.
async fn interrupted(stopped: &mut Stopped, replaced: &[u8], key: &SealKey, parts: usize) {
    let db = record(stopped).await;
    while_busy(|| entry_points::begin_resealing(&db, key.fingerprint())).await.unwrap();
    for part in Part::ALL.iter().copied().take(parts) {
        let anew = Arc::new(Anew::new(replaced, key));
        assert_eq!(while_busy(|| entry_points::reseal_some(&db, part, After::default(), 5_000, anew.clone())).await.unwrap(), Chunk::Done);
    }
    db.close().await;
}

async fn sealed_anew(app: TestApp, parts: Option<usize>) -> TestApp {
    let before = Before::of(&app).await;
    let mut stopped = app.stopped().await;
    let replaced = of_before(&mut stopped).await;
    if let Some(parts) = parts {
        let key = match stopped.settings().seal_key.clone() {
            SealKeyFrom::File(path) => SealKey::make(&path).unwrap(),
            SealKeyFrom::Given(key) => key,
        };
        interrupted(&mut stopped, &replaced, &key, parts).await;
    }
    let app = stopped.start().await;
    assert_eq!(holding(app.data(), &replaced), [""; 0], "the replaced key is still there");
    before.holds(&app).await;
    let mut stopped = app.stopped().await;
    let fingerprint = stopped.settings().seal_key.find().unwrap().unwrap().fingerprint();
    assert!(matches!(sealed(&mut stopped).await, Sealed::Under { fingerprint: of, former: Some(_) } if of == fingerprint));
    stopped.start().await
}

#[tokio::test]
async fn a_record_of_before_is_sealed_anew_and_nobody_notices() {
    sealed_anew(TestApp::new().await, None).await;
    if let Some(app) = TestApp::on_postgres().await {
        sealed_anew(app, None).await.stop().await;
    }
}

#[tokio::test]
async fn wherever_that_is_interrupted_the_next_start_goes_on() {
    for parts in (0..=Part::ALL.len()).step_by(2) {
        sealed_anew(TestApp::new().await, Some(parts)).await;
    }
    if let Some(app) = TestApp::on_postgres().await {
        sealed_anew(app, Some(3)).await.stop().await;
    }
}

#[tokio::test]
async fn what_is_sealed_opens_under_the_new_key_alone() {
    let app = TestApp::new().await;
    let before = Before::of(&app).await;
    let mut stopped = app.stopped().await;
    of_before(&mut stopped).await;
    let mut stopped = stopped.start().await.stopped().await;
    // Removes the former key, to prove that nothing of this was opened with it.
    let db = record(&mut stopped).await;
    let write = db.writer().write(db::Shard::Any, |tx| {
        Box::pin(async move { Ok::<_, db::Error>(db::q!(tx, |c| sqlx::query("UPDATE installation SET former_key = NULL").execute(c).await.map(drop))?) })
    });
    write.await.unwrap();
    db.close().await;
    let app = stopped.start().await;
    let me = before.ada.at(&app.base).get("/api/v1/customer").await.expect(200);
    assert_eq!((&me["name"], &me["email"]), (&json!(NAME), &json!("ada@example.com")));
    app.post("/api/v1/customer/sessions", json!({"site": "alpha", "identifier": "ada@example.com", "password": CUSTOMER_PASSWORD})).await.expect(201);
    assert!(make_webhook(&before.tara.at(&app.base), &before.receiver).await.1);
    app.post("/api/v1/customer/registrations/confirm", before.pending.clone()).await.problem(422, "code_wrong");
    app.post("/api/v1/widget/sessions", json!({"site": "alpha", "sealed": before.device["sealed"], "lang": "en"})).await.problem(401, "device_revoked");
}

#[tokio::test]
async fn what_was_given_out_under_the_replaced_key_is_accepted_for_ninety_days() {
    let app = TestApp::behind_proxy().await;
    let ada = app.agent("ada").await.member;
    app.set_password(&ada, "long enough").await;
    let sign_in = json!({"email": "ada@alpha.example", "password": "long enough"});
    app.from_address("203.0.113.7").post("/api/v1/auth/sessions", sign_in).await.expect(201);
    let (member, household): (AgentId, &str) = (ada.id, "203.0.113.7");
    let mut stopped = app.stopped().await;
    let replaced = of_before(&mut stopped).await;
    let app = stopped.start().await;
    let tenant = app.company.tenant;
    let known = async || {
        let mut found = Vec::new();
        for network in app.app().vault().networks(tenant, &format!("{member} {household}")) {
            found.push(store::known_networks::is_known(&mut app.app().db().read().await.unwrap(), tenant, member, &network).await.unwrap());
        }
        found
    };
    assert_eq!(known().await, [false, true], "as it became of what the replaced key digested");
    // A page that kept something sealed all the time, and comes back late: the secret in it is younger.
    let kept = async || {
        let session = app.visitor().await.session;
        let secret = session["device"].as_str().unwrap();
        let bytes = Sealer::new(&replaced).seal(app.company.site.uuid().as_bytes(), secret.as_bytes()).unwrap();
        let sealed: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({"site": "alpha", "device": null, "sealed": sealed, "lang": "en"})
    };
    app.clock.advance(FORMER_MS - HOUR);
    let puzzle = Vault::new(&replaced).mark("text");
    let (early, late) = (kept().await, kept().await);
    app.post("/api/v1/widget/sessions", early).await.expect(201);
    app.clock.advance(HOUR - 1);
    assert!(app.app().vault().is_marked("text", &puzzle));
    assert!(app.app().former_sealer().is_some() && FORMER_MS == 90 * DAY);
    app.clock.advance(1);
    app.post("/api/v1/widget/sessions", late).await.problem(401, "device_revoked");
    assert!(!app.app().vault().is_marked("text", &puzzle) && app.app().former_sealer().is_none());
    assert_eq!(known().await.len(), 1);
}

#[tokio::test]
async fn without_its_key_or_with_another_a_record_stays_closed_and_as_it_is() {
    let app = TestApp::new().await;
    app.customer("ada@example.com").await;
    let mut stopped = app.stopped().await;
    let (file, kept) = (stopped.data().join(SEAL_KEY_FILE), stopped.data().join("kept"));
    let fingerprint = SealKey::read(&file).unwrap().fingerprint();
    fs::rename(&file, &kept).unwrap();
    let before = digests(stopped.data()).await;
    let told = stopped.refusal().await;
    for part in
        ["there is no sealing key", "`seal_key_file`", file.to_str().unwrap(), &fingerprint, "Put its file back", "YINGDA_SEAL_KEY", "Nothing was changed"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    let another = key("x");
    stopped.settings().seal_key = SealKeyFrom::Given(another.clone());
    let told = stopped.refusal().await;
    for part in ["the sealing key in YINGDA_SEAL_KEY is not the one", &another.fingerprint(), &fingerprint, "`seal_key_file`", "Nothing was changed"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    fs::write(&file, "too short").unwrap();
    stopped.settings().seal_key = SealKeyFrom::File(file.clone());
    let told = stopped.refusal().await;
    assert!(told.contains("does not contain a sealing key") && told.contains("openssl rand -base64 48"), "{told}");
    fs::remove_file(&file).unwrap();
    let after = digests(stopped.data()).await;
    assert_eq!(after, before);
    fs::rename(&kept, &file).unwrap();
    let app = stopped.start().await;
    app.post("/api/v1/customer/sessions", json!({"site": "alpha", "identifier": "ada@example.com", "password": CUSTOMER_PASSWORD})).await.expect(201);
}

#[tokio::test]
async fn an_empty_folder_gets_a_key_that_is_nowhere_in_the_record() {
    let app = TestApp::empty().await;
    app.visitor_of(&app.other_company("beta").await).await.open("hello").await;
    let mut stopped = app.stopped().await;
    let file = stopped.data().join(SEAL_KEY_FILE);
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    let key = SealKey::read(&file).unwrap();
    assert_eq!(sealed(&mut stopped).await, Sealed::Under { fingerprint: key.fingerprint(), former: None });
    assert_eq!(holding(stopped.data(), key.bytes()), [SEAL_KEY_FILE]);
    // A start that ended right after it had created the key.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(SEAL_KEY_FILE);
    let made = SealKey::make(&file).unwrap();
    (stopped.settings().data, stopped.settings().seal_key) = (folder.path().to_owned(), SealKeyFrom::File(file.clone()));
    let mut stopped = stopped.start().await.stopped().await;
    assert_eq!(sealed(&mut stopped).await, Sealed::Under { fingerprint: made.fingerprint(), former: None });
    assert_eq!(SealKey::read(&file).unwrap(), made);
}

#[tokio::test]
async fn once_begun_a_record_of_before_is_sealed_anew_by_that_key_alone() {
    let mut stopped = TestApp::new().await.stopped().await;
    let replaced = of_before(&mut stopped).await;
    let file = stopped.data().join(SEAL_KEY_FILE);
    let begun = SealKey::make(&file).unwrap();
    interrupted(&mut stopped, &replaced, &begun, 2).await;
    fs::remove_file(&file).unwrap();
    assert!(stopped.refusal().await.contains(&begun.fingerprint()));
    assert!(!file.exists(), "no other is made");
    stopped.settings().seal_key = SealKeyFrom::Given(key("x"));
    assert!(stopped.refusal().await.contains(&begun.fingerprint()));
    assert_eq!(sealed(&mut stopped).await, Sealed::KeyInRecord { key: replaced, begun: Some(begun.fingerprint()) });
}

#[tokio::test]
async fn on_postgresql_all_nodes_have_one_key_and_none_makes_one() {
    let Some(database) = fresh_postgres().await else { return };
    let mut stopped = TestApp::empty().await.stopped().await;
    let file = stopped.data().join(SEAL_KEY_FILE);
    fs::remove_file(&file).unwrap();
    stopped.settings().database_url = Some(database.url().to_owned());
    let told = stopped.refusal().await;
    for part in ["there is no sealing key", "`seal_key_file`", "yingda admin new-seal-key FILE", "YINGDA_SEAL_KEY", "Nothing was changed"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let engine = Engine::record_in(database.url());
    assert!(!file.exists() && db::look(&engine, "installation", testkit::clock::START).await.unwrap().is_none());
    stopped.settings().seal_key = SealKeyFrom::Given(key("a"));
    let first = stopped.start().await;
    let second = |seal_key: SealKeyFrom| {
        let settings = platform::settings::Settings { seal_key, ..first.app().settings().clone() };
        start::start(settings, Arc::new(first.clock.clone()))
    };
    let other = second(SealKeyFrom::Given(key("b"))).await.err().unwrap().to_string();
    for part in [key("a"), key("b")].map(|key| key.fingerprint()) {
        assert!(other.contains(&part), "{other}");
    }
    assert!(second(SealKeyFrom::File(file)).await.err().unwrap().to_string().contains(&key("a").fingerprint()));
    second(SealKeyFrom::Given(key("a"))).await.unwrap().db().close().await;
    first.stop().await;
    database.drop_it().await;
}

#[tokio::test]
async fn one_program_alone_seals_a_record_of_before_anew() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let mut stopped = app.stopped().await;
    let replaced = of_before(&mut stopped).await;
    // A node of the older version is serving: its clock and this one's stand still together.
    let db = record(&mut stopped).await;
    let node = entry_points::LivingNode { id: testkit::ids::uuid(), started_at: db.now() };
    entry_points::beat(&db, node, &std::collections::HashMap::new(), db.now(), db.now()).await.unwrap();
    db.close().await;
    let told = stopped.refusal().await;
    assert!(told.contains("1 other(s) serve it now") && told.contains("Stop all of them"), "{told}");
    assert_eq!(sealed(&mut stopped).await, Sealed::KeyInRecord { key: replaced, begun: None });
    stopped.clock().advance(5_001);
    stopped.start().await.stop().await;
}

#[tokio::test]
async fn two_that_start_at_once_seal_a_record_of_before_anew_once() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let before = Before::of(&app).await;
    let mut stopped = app.stopped().await;
    of_before(&mut stopped).await;
    let (settings, clock) = (stopped.settings().clone(), stopped.clock().clone());
    let start = || start::start(settings.clone(), Arc::new(clock.clone()));
    let (one, other) = tokio::join!(start(), start());
    for app in [one.unwrap(), other.unwrap()] {
        entry_points::leave(app.db(), app.cluster().this().id).await.unwrap();
        app.db().close().await;
    }
    let app = stopped.start().await;
    before.holds(&app).await;
    app.stop().await;
}

/// Changes the record of a stopped server.
async fn change(of: &mut Stopped, sql: &'static str, value: &str) {
    let (db, value) = (record(of).await, value.to_owned());
    let write = db.writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move { Ok::<_, db::Error>(db::q!(tx, |c| sqlx::query(sql).bind(&value).execute(c).await.map(drop))?) })
    });
    write.await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn pages_and_contacts_are_sealed_by_a_companys_key_and_older_ones_are_read_as_they_were() {
    let app = TestApp::new().await;
    let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
    let conversation = visitor.open("hello").await;
    visitor.stands_on(json!({"title": "Basket", "url": "https://shop.example/basket-4711"})).await;
    visitor.say(&conversation, false, json!({"type": "leave_message", "text": "call me", "contact": "li.lei@reach.example"})).await;
    let shown = async |app: &TestApp| {
        let mira = mira.at(&app.base);
        let page = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["page"]["url"].clone();
        (page, mira.get("/api/v1/left-messages").await.expect(200)["items"][0]["contact"].clone())
    };
    assert_eq!(shown(&app).await, (json!("https://shop.example/basket-4711"), json!("li.lei@reach.example")));
    let mut stopped = app.stopped().await;
    for secret in [&b"basket-4711"[..], b"li.lei@reach.example"] {
        assert_eq!(holding(stopped.data(), secret), [""; 0]);
    }
    assert_eq!(holding(stopped.data(), b"l***@reach.example"), ["yingda.db"], "the entry has it masked");

    // What an earlier release stored.
    change(&mut stopped, "UPDATE conversations SET page = $1 WHERE page IS NOT NULL", r#"{"title":"Basket","url":"https://shop.example/older-4712"}"#).await;
    change(&mut stopped, "UPDATE left_messages SET contact = NULL WHERE $1 = 'x'", "x").await;
    let older = r#"{"type":"left_message","text":"call me","contact":"older@reach.example"}"#;
    change(&mut stopped, "UPDATE journal_entries SET body = $1 WHERE body LIKE '%l***@reach.example%'", older).await;
    assert_eq!(holding(stopped.data(), b"older-4712"), ["yingda.db"]);
    let app = stopped.start().await;
    assert_eq!(shown(&app).await, (json!("https://shop.example/older-4712"), json!("older@reach.example")));
    let stopped = app.stopped().await;
    assert_eq!(holding(stopped.data(), b"older-4712"), [""; 0], "it is sealed at the start");
}
