//! A running server that belongs to one test.

use std::{
    collections::HashSet,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use db::{Engine, Shard, SqliteFiles};
use desk::jobs::hear_danger;
use domain::{staff::Role, time::Ts};
use http_kit::{App, auth::password::BothPasswords};
use platform::{
    env::Env,
    seal_key::{SEAL_KEY_FILE, SealKey, SealKeyFrom},
    settings::{MailRoute, Settings, SmsRoute, TextLimits},
};
use serde_json::{Value, json};
use server::{
    setup::{self, admin},
    start,
};
use service::follow::Follower;
use store::{entry_points::At, limits::Limits, staff::Member};
use tempfile::TempDir;
use testkit::{
    Company, Must, TestClock,
    company::both,
    database::{PostgresDatabase, postgres_url},
    eventually, ids, in_time,
};
use testkit_server::Client;
use tokio::{
    net::TcpListener,
    sync::{OnceCell, oneshot},
    task::JoinHandle,
};

use crate::Kept;

/// A server on a free port of this machine, with one company (site key `alpha`), and with a clock that only tests move.
pub struct TestApp {
    app: App,
    /// The server's clock.
    pub clock: TestClock,
    /// The first company.
    pub company: Company,
    anyone: Client,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
    folder: TempDir,
    database: Option<PostgresDatabase>,
    taken: Mutex<HashSet<String>>,
}

/// The sealing key of a server: in its data folder, or, on PostgreSQL, one key that all servers are given.
fn seal_key(folder: &TempDir, is_on_postgres: bool) -> SealKeyFrom {
    if is_on_postgres {
        return SealKeyFrom::Given(SealKey::parse("the same key on all nodes of these tests".replace(' ', "-").as_str(), "the tests").must("a key"));
    }
    SealKeyFrom::File(folder.path().join(SEAL_KEY_FILE))
}

/// Where a server keeps its data, and how it is set up.
struct Place {
    folder: TempDir,
    files: Option<PathBuf>,
    url: Option<String>,
    database: Option<PostgresDatabase>,
    redis: Option<String>,
    clock: TestClock,
    behind_proxy: bool,
    files_bytes: i64,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().must("a temporary folder");
        Self { folder, files: None, url: None, database: None, redis: None, clock: TestClock::default(), behind_proxy: false, files_bytes: 1 << 30 }
    }
    /// The place for another node on the same record.
    fn beside(&self) -> Self {
        Self { files: self.files.clone(), url: self.url.clone(), redis: self.redis.clone(), clock: self.clock.clone(), ..Self::new() }
    }
}

/// A stopped server, with the data it left.
pub struct Stopped {
    settings: Option<Settings>,
    clock: TestClock,
    company: Company,
    folder: TempDir,
    database: Option<PostgresDatabase>,
}

impl Stopped {
    /// The settings, which may be changed before the next start.
    pub fn settings(&mut self) -> &mut Settings {
        self.settings.as_mut().must("settings")
    }
    /// The data folder.
    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }
    /// The clock.
    pub const fn clock(&self) -> &TestClock {
        &self.clock
    }
    /// Starts the server again, on a different port.
    pub async fn start(mut self) -> TestApp {
        let listener = TcpListener::bind("127.0.0.1:0").await.must("a free port");
        self.settings().public_url = format!("http://{}", listener.local_addr().must("an address"));
        let app = start::start(self.settings().clone(), Arc::new(self.clock.clone())).await.must("the server starts again");
        TestApp::serving(app, listener, self)
    }
    /// The error with which the server refuses to start.
    pub async fn refusal(&mut self) -> String {
        let clock = Arc::new(self.clock.clone());
        start::start(self.settings().clone(), clock).await.err().must("a refusal").to_string()
    }
}

/// What a record contains at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Company,
    DemoAndCompany,
}

/// Records that are filled once for all tests.
static COMPANY: OnceCell<Kept> = OnceCell::const_new();
static DEMO: OnceCell<Kept> = OnceCell::const_new();

/// A signed-in staff member.
#[derive(Debug, Clone)]
pub struct StaffClient {
    /// The staff member.
    pub member: Member,
    client: Client,
}

impl Deref for StaffClient {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A visitor with a widget session.
#[derive(Debug, Clone)]
pub struct VisitorClient {
    /// The answer that created the session.
    pub session: Value,
    client: Client,
}

impl VisitorClient {
    /// Sends a body into a conversation, as its first send if it is new, and waits for the answer frame. A send that a crowded machine answers with `busy` is
    /// repeated.
    pub async fn say(&self, conversation: &str, new: bool, body: Value) -> Value {
        let id = ids::uuid();
        let mut frame = json!({"t": "send", "conversation": conversation, "client_id": id, "body": body});
        if new {
            frame["open"] = json!({"lang": "en"});
        }
        // On a crowded machine a write may take too long; every client repeats it then.
        eventually("an answer other than busy", || async {
            let answer = self.post("/rt/send", json!({"token": self.token, "frames": [frame]})).await.expect(200);
            Some(answer["frames"][0].clone()).filter(|answer| answer["t"] != "busy")
        })
        .await
    }
    /// Agrees that the page is stored on which a conversation takes place, and says which one it is.
    pub async fn stands_on(&self, page: Value) {
        let answers = json!([{"purpose": "pages", "granted": true}]);
        self.put("/api/v1/widget/consents", json!({"answers": answers, "wording": 1, "place": "widget"})).await.expect(200);
        self.put("/api/v1/widget/page", page).await.expect(204);
    }
    /// Opens a conversation with this text; returns its id.
    pub async fn open(&self, words: &str) -> String {
        let conversation = format!("cnv_{}", ids::uuid().as_simple());
        let answer = self.say(&conversation, true, json!({"type": "text", "text": words})).await;
        assert_eq!(answer["t"], "ok", "{answer}");
        conversation
    }
}

impl Deref for VisitorClient {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Deref for TestApp {
    type Target = Client;
    /// The anonymous client.
    fn deref(&self) -> &Client {
        &self.anyone
    }
}

/// Settings of a server on this folder that does not listen.
fn settings_in(folder: &Path) -> Settings {
    Settings {
        data: folder.to_owned(),
        files: folder.join("files"),
        seal_key: SealKeyFrom::File(folder.join(SEAL_KEY_FILE)),
        database_url: None,
        redis_url: None,
        drain: Duration::from_secs(3),
        closure_limit: Duration::from_secs(3),
        public_url: "http://127.0.0.1".to_owned(),
        open_companies: true,
        behind_proxy: false,
        sends_per_second: 1000.0,
        sends_burst: 1000.0,
        connections: 20,
        open_files: 1 << 20,
        files_bytes: 1 << 30,
        allow_private: true,
        embedding: None,
        mail: MailRoute::File,
        sms: SmsRoute::File,
        texts: TextLimits::default(),
    }
}

/// The inside of a server, on the record in this folder; it does not listen.
pub async fn started_on(folder: &Path) -> App {
    start::start(settings_in(folder), Arc::new(TestClock::default())).await.must("the record is opened")
}

impl TestApp {
    /// A server on SQLite.
    pub async fn new() -> Self {
        Self::begin(Place::new(), Content::Company).await
    }

    /// A server on SQLite, behind a proxy that names the client's address: see [`Client::from_address`].
    pub async fn behind_proxy() -> Self {
        Self::begin(Place { behind_proxy: true, ..Place::new() }, Content::Company).await
    }

    /// A server on SQLite, where a company may keep this many bytes of files.
    pub async fn with_room_for(files_bytes: i64) -> Self {
        Self::begin(Place { files_bytes, ..Place::new() }, Content::Company).await
    }

    /// A server on SQLite with an empty record; it has no company.
    pub async fn empty() -> Self {
        Self::begin(Place::new(), Content::Nothing).await
    }

    /// A server on SQLite that holds the demo tenant (site key `demo`) besides the company.
    pub async fn with_demo() -> Self {
        Self::begin(Place::new(), Content::DemoAndCompany).await
    }

    /// The same, where the demo was started for the first time at this moment.
    pub async fn with_demo_since(now: Ts) -> Self {
        let place = Place::new();
        place.clock.set(now);
        Self::filled(place, Content::DemoAndCompany).await
    }

    /// A server on PostgreSQL; `None` if the test command started none.
    pub async fn on_postgres() -> Option<Self> {
        let database = PostgresDatabase::migrated(&postgres_url()?).await;
        let place = Place { url: Some(database.url().to_owned()), database: Some(database), ..Place::new() };
        Some(Self::begin(place, Content::Company).await)
    }

    /// Several nodes on one PostgreSQL, with one clock and one folder of files; `None` if the test command started no PostgreSQL.
    pub async fn cluster(nodes: usize, redis: Option<&str>) -> Option<Vec<Self>> {
        let database = PostgresDatabase::migrated(&postgres_url()?).await;
        let redis = redis.map(str::to_owned);
        let mut first = Place { url: Some(database.url().to_owned()), database: Some(database), redis, ..Place::new() };
        let files = first.folder.path().join("files");
        first.files = Some(files);
        let others: Vec<Place> = (1..nodes).map(|_| first.beside()).collect();
        let mut all = vec![Self::begin(first, Content::Company).await];
        for place in others {
            let mut node = Self::begin(place, Content::Nothing).await;
            node.company = all[0].company.clone();
            all.push(node);
        }
        Some(all)
    }

    /// A server on a record that an earlier version left at this time: in this folder, or in a database.
    pub async fn on_record(folder: TempDir, database: Option<PostgresDatabase>, left_at: Ts) -> Self {
        let place = Place { folder, url: database.as_ref().map(|database| database.url().to_owned()), database, ..Place::new() };
        place.clock.set(left_at);
        Self::filled(place, Content::Nothing).await
    }

    /// A server on a copy of a kept record, at the time at which tests begin.
    pub async fn on_kept(kept: &Kept) -> Self {
        Self::on_copy(kept, Place::new()).await
    }

    /// Stops the server, which must be on SQLite, and keeps the contents of its folder.
    pub async fn keep(mut self) -> Kept {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        Kept::of(self.folder.path(), self.company)
    }

    /// A server for the same company on a different PostgreSQL, to which its record was moved.
    pub async fn moved_to(&self, url: &str) -> Self {
        let place = Place { url: Some(url.to_owned()), clock: self.clock.clone(), ..Place::new() };
        let mut app = Self::begin(place, Content::Nothing).await;
        app.company = self.company.clone();
        app
    }

    /// The URL of the PostgreSQL database; `None` on SQLite.
    pub fn database_url(&self) -> Option<&str> {
        self.app.settings().database_url.as_deref()
    }

    /// On SQLite, a record is filled once for all tests, and each test begins with a copy of it.
    async fn begin(place: Place, content: Content) -> Self {
        let first = match content {
            _ if place.url.is_some() => None,
            Content::Nothing => None,
            Content::Company => Some(&COMPANY),
            Content::DemoAndCompany => Some(&DEMO),
        };
        let Some(first) = first else { return Box::pin(Self::filled(place, content)).await };
        let kept = first.get_or_init(async || Box::pin(Self::filled(Place::new(), content)).await.keep().await).await;
        Self::on_copy(kept, place).await
    }

    async fn on_copy(kept: &Kept, place: Place) -> Self {
        kept.write(place.folder.path());
        let mut app = Box::pin(Self::filled(place, Content::Nothing)).await;
        app.company = kept.company.clone();
        app
    }

    async fn filled(place: Place, content: Content) -> Self {
        let Place { folder, files, url, database, redis, clock, behind_proxy, files_bytes } = place;
        let listener = TcpListener::bind("127.0.0.1:0").await.must("a free port");
        let base = format!("http://{}", listener.local_addr().must("an address"));
        let (seal_key, public_url) = (seal_key(&folder, url.is_some()), base.clone());
        let mut settings = Settings { database_url: url, redis_url: redis, public_url, behind_proxy, files_bytes, seal_key, ..settings_in(folder.path()) };
        if let Some(files) = files {
            settings.files = files;
        }
        let opened = start::open(settings, None, Arc::new(clock.clone())).await.must("the server starts");
        if content == Content::DemoAndCompany {
            setup::first_start(opened.app(), true).await.must("the demo");
        }
        let app = opened.run_jobs();
        let company = match content {
            Content::Nothing => Company::nobody(),
            Content::Company | Content::DemoAndCompany => Company::create(app.db(), "alpha").await,
        };
        Self::serving(app, listener, Stopped { settings: None, clock, company, folder, database })
    }

    fn serving(app: App, listener: TcpListener, of: Stopped) -> Self {
        let base = app.settings().public_url.clone();
        let (stop, stopped) = oneshot::channel();
        let serving = server::serve::serve(app.clone(), listener, async {
            let _ = stopped.await;
        });
        let Stopped { settings: _, clock, company, folder, database } = of;
        Self { app, clock, company, anyone: Client::new(&base), stop: Some(stop), served: tokio::spawn(serving), folder, database, taken: Mutex::default() }
    }

    /// Stops the server. Its data may be changed before it is started again.
    pub async fn stopped(mut self) -> Stopped {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        self.app.db().close().await;
        // Connections end on threads of their own; the last one removes the log. A record that is read or replaced before then is damaged. Of two that end at
        // the same time, each may leave the log to the other: one that is opened and closed after them removes it.
        let log = self.folder.path().join("yingda.db-wal");
        let record = Engine::Sqlite(SqliteFiles { path: self.folder.path().join("yingda.db"), durable: true });
        eventually("the record is closed", async || {
            if log.exists() {
                let _ = db::empty_log(&record).await;
            }
            (!log.exists()).then_some(())
        })
        .await;
        Stopped { settings: Some(self.app.settings().clone()), clock: self.clock, company: self.company, folder: self.folder, database: self.database }
    }

    /// The running application.
    pub fn app(&self) -> &App {
        &self.app
    }
    /// The data folder.
    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }
    /// The source of time, ids and secrets.
    pub fn env(&self) -> &Env {
        self.app.env()
    }

    /// Adds a member to the first company, and signs them in.
    pub async fn staff(&self, role: Role, name: &str) -> StaffClient {
        self.staff_of(&self.company, role, name).await
    }
    /// Adds an agent to the first company, and signs them in.
    pub async fn agent(&self, name: &str) -> StaffClient {
        self.staff(Role::Agent, name).await
    }
    /// Adds a manager to the first company, and signs them in.
    pub async fn manager(&self, name: &str) -> StaffClient {
        self.staff(Role::Manager, name).await
    }
    /// Adds a member to any company, and signs them in.
    pub async fn staff_of(&self, company: &Company, role: Role, name: &str) -> StaffClient {
        let member = company.member(self.app.db(), role, name).await;
        let secret = company.session(self.app.db(), member.id).await;
        StaffClient { member, client: self.anyone_at(company).with_cookie(&secret) }
    }
    /// Has an administrator compose a role for a member of the first company, who is signed in again with it.
    pub async fn composed(&self, administrator: &StaffClient, member: &StaffClient, role: Value) -> StaffClient {
        let role = administrator.post("/api/v1/roles", role).await.expect(201)["id"].clone();
        let member = member.member.clone();
        let path = format!("/api/v1/staff/{}", member.id);
        let seen = administrator.get(&path).await.expect(200)["updated_at"].clone();
        administrator.patch(&path, json!({"role": role, "seen": seen})).await.expect(200);
        let secret = self.company.session(self.app.db(), member.id).await;
        StaffClient { member, client: self.anyone_at(&self.company).with_cookie(&secret) }
    }
    /// The secret of a new one-time link for the first member with this role.
    pub async fn link(&self, role: Role) -> String {
        let link = admin::sign_in_link(&self.app, role, None, None).await.must("a link");
        link.url.split_once("/console/welcome#").must("a link with a secret").1.to_owned()
    }
    /// Says what the first company may use.
    pub async fn limited(&self, limits: Limits) {
        let tenant = self.company.tenant;
        let write = self.app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::limits::set(tx, tenant, limits).await }));
        write.await.must("limits");
    }
    /// Sets a member's password.
    pub async fn set_password(&self, member: &Member, password: &str) {
        let hash = BothPasswords::default().staff.hash(password.to_owned()).await.must("a hash");
        let (tenant, agent) = (member.tenant, member.id);
        let write = self.app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::staff::set_password(tx, tenant, agent, &hash).await }));
        write.await.must("a password");
    }
    /// The demo tenant, which must exist.
    pub async fn demo(&self) -> Company {
        let demo = store::entry_points::company_at(self.app.db(), At::Root).await.must("the record").must("the demo").tenant;
        let mut tx = self.app.db().read().await.must("the record");
        let site = store::sites::of_hall(&mut tx, demo).await.must("the record").must("its site");
        Company { tenant: site.tenant, queue: site.queue, site: site.id, key: site.key, is_root: true }
    }
    /// Adds a knowledge category to the company, named like its key.
    pub async fn topic(&self, key: &str) {
        let (tenant, key, name) = (self.company.tenant, key.to_owned(), both(key));
        let category = store_knowledge::knowledge_categories::Category { key, name, updated_at: self.env().now() };
        let write = self.app.db().writer().write(Shard::Any, move |tx| {
            let category = category.clone();
            Box::pin(async move { store_knowledge::knowledge_categories::insert(tx, tenant, &category).await })
        });
        write.await.must("a category");
    }
    /// Adds a company to the same installation.
    pub async fn other_company(&self, slug: &str) -> Company {
        Company::create(self.app.db(), slug).await
    }
    /// A new visitor of a company's site.
    pub async fn visitor_of(&self, company: &Company) -> VisitorClient {
        let asked = json!({"site": company.key, "device": null, "lang": "en"});
        let session = self.anyone_at(company).post("/api/v1/widget/sessions", asked).await.expect(201);
        self.widget_at(company, session)
    }
    /// Somebody unknown who asks this company.
    pub fn anyone_at(&self, company: &Company) -> Client {
        if company.is_root { self.anyone.clone() } else { self.anyone.at_company(&company.key) }
    }
    /// A widget of the first company with the session from this answer.
    pub fn widget_with(&self, session: Value) -> VisitorClient {
        self.widget_at(&self.company, session)
    }
    /// A widget of a company with the session from this answer.
    pub fn widget_at(&self, company: &Company, session: Value) -> VisitorClient {
        let client = self.anyone_at(company).with_token(session["token"].as_str().must("a token"));
        VisitorClient { session, client }
    }
    /// The messages that a test has looked at.
    pub(crate) fn taken(&self) -> MutexGuard<'_, HashSet<String>> {
        self.taken.lock().must("the messages")
    }
    /// A new visitor of the first company's site.
    pub async fn visitor(&self) -> VisitorClient {
        self.visitor_of(&self.company).await
    }

    /// Makes the server stop, as a signal would.
    pub fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits until the bot has answered, or skipped, everything that was sent to it.
    pub async fn bot_is_done(&self) {
        eventually("the bot is done", || async {
            let open = store::entry_points::unanswered_by_bot(self.app().db(), Ts(i64::MAX), Ts(i64::MAX), 1).await.must("what is unanswered");
            open.is_empty().then_some(())
        })
        .await;
    }

    /// Hears whether somebody may be in danger in everything that was committed.
    pub async fn hear(&self) {
        let (db, generation) = (self.app().db(), self.app().cluster().generation());
        let mut follower = Follower::new(hear_danger::FOLLOWER);
        follower.step(db, generation, |fed| hear_danger::take(self.app(), fed)).await.must("everything is heard");
    }

    /// Makes the panel take in everything that was committed. On PostgreSQL the feed waits for transactions in every database of the server, including those of
    /// other tests.
    pub async fn feed_panel(&self) {
        eventually("the feed waits for nobody", || async {
            let mut tx = self.app().db().read().await.must("a reader");
            db::feed::horizon_lag_ms(&mut tx).await.must("the feed's lag").is_none().then_some(())
        })
        .await;
        insight::jobs::feed_panel::step(self.app()).await.must("the panel is fed");
    }

    /// Stops the server, and drops its PostgreSQL database if it has one.
    pub async fn stop(mut self) {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        if let Some(database) = &self.database {
            database.drop_it().await;
        }
    }
}
