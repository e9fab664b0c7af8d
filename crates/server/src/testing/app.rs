//! A running server that belongs to one test.

use std::{
    collections::HashSet,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use db::Shard;
use domain::{staff::Role, time::Ts};
use serde_json::{Value, json};
use store::staff::Member;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::{OnceCell, oneshot},
    task::JoinHandle,
};

use testkit::{
    Company, Must, TestClock,
    company::both,
    database::{PostgresDatabase, postgres_url},
    eventually, ids, in_time,
};
use testkit_server::Client;

use crate::{
    App,
    auth::password::BothPasswords,
    env::Env,
    seal_key::{SEAL_KEY_FILE, SealKey, SealKeyFrom},
    settings::{MailRoute, Settings, SmsRoute, TextLimits},
    setup::{self, admin},
    testing::Kept,
};

/// A server on a free port of this machine, with one company (site key `alpha`), on a clock that stands still.
pub struct TestApp {
    app: App,
    /// Its time.
    pub clock: TestClock,
    /// Its first company.
    pub company: Company,
    anyone: Client,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
    folder: TempDir,
    database: Option<PostgresDatabase>,
    taken: Mutex<HashSet<String>>,
}

/// Where a server has its sealing key: in its data folder, or, on PostgreSQL, the one that all of them are given.
fn seal_key(folder: &TempDir, is_on_postgres: bool) -> SealKeyFrom {
    if is_on_postgres {
        return SealKeyFrom::Given(SealKey::parse("the same key on all nodes of these tests".replace(' ', "-").as_str(), "the tests").must("a key"));
    }
    SealKeyFrom::File(folder.path().join(SEAL_KEY_FILE))
}

/// Where a server keeps what it has.
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
    /// For another node on the same record.
    fn beside(&self) -> Self {
        Self { files: self.files.clone(), url: self.url.clone(), redis: self.redis.clone(), clock: self.clock.clone(), ..Self::new() }
    }
}

/// A server that was stopped, with what it left behind.
pub struct Stopped {
    settings: Option<Settings>,
    clock: TestClock,
    company: Company,
    folder: TempDir,
    database: Option<PostgresDatabase>,
}

impl Stopped {
    /// Its settings, to be changed.
    pub fn settings(&mut self) -> &mut Settings {
        self.settings.as_mut().must("settings")
    }
    /// Its data folder.
    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }
    /// Its time.
    pub const fn clock(&self) -> &TestClock {
        &self.clock
    }
    /// Starts it again, on another port.
    pub async fn start(mut self) -> TestApp {
        let listener = TcpListener::bind("127.0.0.1:0").await.must("a free port");
        self.settings().public_url = format!("http://{}", listener.local_addr().must("an address"));
        let app = App::start(self.settings().clone(), Arc::new(self.clock.clone())).await.must("the server starts again");
        TestApp::serving(app, listener, self)
    }
    /// Why it does not start.
    pub async fn refusal(&mut self) -> String {
        let clock = Arc::new(self.clock.clone());
        App::start(self.settings().clone(), clock).await.err().must("a refusal").to_string()
    }
}

/// What a record holds at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Company,
    DemoAndCompany,
}

/// Records that were filled once.
static COMPANY: OnceCell<Kept> = OnceCell::const_new();
static DEMO: OnceCell<Kept> = OnceCell::const_new();

/// A signed-in member of the staff.
#[derive(Debug, Clone)]
pub struct StaffClient {
    /// Who.
    pub member: Member,
    client: Client,
}

impl Deref for StaffClient {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A visitor with a session of the widget.
#[derive(Debug, Clone)]
pub struct VisitorClient {
    /// What the session was answered with.
    pub session: Value,
    client: Client,
}

impl VisitorClient {
    /// Sends a body into a conversation, as the first of it if it is new, and waits for the answer frame. What a crowded machine tells to come back is repeated.
    pub async fn say(&self, conversation: &str, new: bool, body: Value) -> Value {
        let id = ids::uuid();
        let mut frame = json!({"t": "send", "conversation": conversation, "client_id": id, "body": body});
        if new {
            frame["open"] = json!({"lang": "en", "page": {"title": "Shop", "url": "https://shop.example/"}});
        }
        // On a crowded machine a write may take too long; then every client repeats it.
        eventually("an answer other than busy", || async {
            let answer = self.post("/rt/send", json!({"token": self.token, "frames": [frame]})).await.expect(200);
            Some(answer["frames"][0].clone()).filter(|answer| answer["t"] != "busy")
        })
        .await
    }
    /// Opens a conversation with these words; returns its id.
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
    /// Nobody who is known.
    fn deref(&self) -> &Client {
        &self.anyone
    }
}

/// Settings of a server on this folder that nobody waits for.
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
        behind_proxy: false,
        sends_per_second: 1000.0,
        sends_burst: 1000.0,
        connections: 20,
        open_files: 1 << 20,
        files_bytes: 1 << 30,
        allow_private: true,
        mail: MailRoute::File,
        sms: SmsRoute::File,
        texts: TextLimits::default(),
    }
}

/// What is behind a server, on the record in this folder; nobody can connect to it.
pub async fn started_on(folder: &Path) -> App {
    App::start(settings_in(folder), Arc::new(TestClock::default())).await.must("the record is opened")
}

impl TestApp {
    /// On SQLite.
    pub async fn new() -> Self {
        Self::begin(Place::new(), Content::Company).await
    }

    /// On SQLite, behind a proxy that names who asks: see [`Client::from_address`].
    pub async fn behind_proxy() -> Self {
        Self::begin(Place { behind_proxy: true, ..Place::new() }, Content::Company).await
    }

    /// On SQLite, where a company keeps so many bytes of files.
    pub async fn with_room_for(files_bytes: i64) -> Self {
        Self::begin(Place { files_bytes, ..Place::new() }, Content::Company).await
    }

    /// On SQLite, with nothing in it at all; do not ask for its company.
    pub async fn empty() -> Self {
        Self::begin(Place::new(), Content::Nothing).await
    }

    /// On SQLite, filled with the demo operator (site key `demo`) beside the company.
    pub async fn with_demo() -> Self {
        Self::begin(Place::new(), Content::DemoAndCompany).await
    }

    /// On PostgreSQL; `None` where the test command started none.
    pub async fn on_postgres() -> Option<Self> {
        let database = PostgresDatabase::migrated(&postgres_url()?).await;
        let place = Place { url: Some(database.url().to_owned()), database: Some(database), ..Place::new() };
        Some(Self::begin(place, Content::Company).await)
    }

    /// Several nodes on one PostgreSQL, on one clock, with one folder of files; `None` where the test command started no PostgreSQL.
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

    /// Another server on a copy of what was kept, at the time at which tests begin.
    pub async fn on_kept(kept: &Kept) -> Self {
        Self::on_copy(kept, Place::new()).await
    }

    /// Stops the server, which is on SQLite, and keeps what its folder holds.
    pub async fn keep(mut self) -> Kept {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        Kept::of(self.folder.path(), self.company)
    }

    /// The same company on another PostgreSQL, whereto its record was moved.
    pub async fn moved_to(&self, url: &str) -> Self {
        let place = Place { url: Some(url.to_owned()), clock: self.clock.clone(), ..Place::new() };
        let mut app = Self::begin(place, Content::Nothing).await;
        app.company = self.company.clone();
        app
    }

    /// The address of its PostgreSQL database, if it has one.
    pub fn database_url(&self) -> Option<&str> {
        self.app.settings().database_url.as_deref()
    }

    /// On SQLite a record is filled once for all tests, and each begins with a copy of it.
    async fn begin(place: Place, content: Content) -> Self {
        let first = match content {
            _ if place.url.is_some() => None,
            Content::Nothing => None,
            Content::Company => Some(&COMPANY),
            Content::DemoAndCompany => Some(&DEMO),
        };
        let Some(first) = first else { return Self::filled(place, content).await };
        let kept = first.get_or_init(async || Self::filled(Place::new(), content).await.keep().await).await;
        Self::on_copy(kept, place).await
    }

    async fn on_copy(kept: &Kept, place: Place) -> Self {
        kept.write(place.folder.path());
        let mut app = Self::filled(place, Content::Nothing).await;
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
        let app = App::start(settings, Arc::new(clock.clone())).await.must("the server starts");
        if content == Content::DemoAndCompany {
            setup::first_start(&app, true).await.must("the demo");
        }
        let company = match content {
            Content::Nothing => Company::nobody(),
            Content::Company | Content::DemoAndCompany => Company::create(app.db(), "alpha").await,
        };
        Self::serving(app, listener, Stopped { settings: None, clock, company, folder, database })
    }

    fn serving(app: App, listener: TcpListener, of: Stopped) -> Self {
        let base = app.settings().public_url.clone();
        let (stop, stopped) = oneshot::channel();
        let serving = crate::serve::serve(app.clone(), listener, async {
            let _ = stopped.await;
        });
        let Stopped { settings: _, clock, company, folder, database } = of;
        Self { app, clock, company, anyone: Client::new(&base), stop: Some(stop), served: tokio::spawn(serving), folder, database, taken: Mutex::default() }
    }

    /// Stops the server. What lies there may be changed before it is started again.
    pub async fn stopped(mut self) -> Stopped {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        self.app.db().close().await;
        // Connections end on threads of their own; the last one takes the log with it. A record that is read or replaced before then is damaged.
        let log = self.folder.path().join("yingda.db-wal");
        eventually("the record is closed", async || (!log.exists()).then_some(())).await;
        Stopped { settings: Some(self.app.settings().clone()), clock: self.clock, company: self.company, folder: self.folder, database: self.database }
    }

    /// The running program.
    pub fn app(&self) -> &App {
        &self.app
    }
    /// Its data folder.
    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }
    /// Time, ids, secrets.
    pub fn env(&self) -> &Env {
        self.app.env()
    }

    /// Signs a new member of the first company in.
    pub async fn staff(&self, role: Role, name: &str) -> StaffClient {
        self.staff_of(&self.company, role, name).await
    }
    /// Signs a new agent of the first company in.
    pub async fn agent(&self, name: &str) -> StaffClient {
        self.staff(Role::Agent, name).await
    }
    /// Signs a new manager of the first company in.
    pub async fn manager(&self, name: &str) -> StaffClient {
        self.staff(Role::Manager, name).await
    }
    /// Signs a new member of any company in.
    pub async fn staff_of(&self, company: &Company, role: Role, name: &str) -> StaffClient {
        let member = company.member(self.app.db(), role, name).await;
        let secret = company.session(self.app.db(), member.id).await;
        StaffClient { member, client: self.anyone.with_cookie(&secret) }
    }
    /// The secret of a fresh one-time link for the first member in a role.
    pub async fn link(&self, role: Role) -> String {
        let link = admin::sign_in_link(&self.app, role, None).await.must("a link");
        link.url.split_once("/console/welcome#").must("a link with a secret").1.to_owned()
    }
    /// Gives a member a password.
    pub async fn set_password(&self, member: &Member, password: &str) {
        let hash = BothPasswords::default().staff.hash(password.to_owned()).await.must("a hash");
        let (tenant, agent) = (member.tenant, member.id);
        let write = self.app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::staff::set_password(tx, tenant, agent, &hash).await }));
        write.await.must("a password");
    }
    /// The demo operator, where there is one.
    pub async fn demo(&self) -> Company {
        let site = store::entry_points::hall_site(self.app.db()).await.must("the record").must("the demo");
        Company { tenant: site.tenant, queue: site.queue, site: site.id, key: site.key }
    }
    /// Gives the company a category for its knowledge, named like its key.
    pub async fn topic(&self, key: &str) {
        let (tenant, key, name) = (self.company.tenant, key.to_owned(), both(key));
        let category = store::knowledge_categories::Category { key, name, updated_at: self.env().now() };
        let write = self.app.db().writer().write(Shard::Any, move |tx| {
            let category = category.clone();
            Box::pin(async move { store::knowledge_categories::insert(tx, tenant, &category).await })
        });
        write.await.must("a category");
    }
    /// Another company in the same installation.
    pub async fn other_company(&self, slug: &str) -> Company {
        Company::create(self.app.db(), slug).await
    }
    /// A new visitor of a company's site.
    pub async fn visitor_of(&self, company: &Company) -> VisitorClient {
        let session = self.anyone.post("/api/v1/widget/sessions", json!({"site": company.key, "device": null, "lang": "en"})).await.expect(201);
        self.widget_with(session)
    }
    /// A widget with a session it was answered with.
    pub fn widget_with(&self, session: Value) -> VisitorClient {
        let client = self.anyone.with_token(session["token"].as_str().must("a token"));
        VisitorClient { session, client }
    }
    /// Messages a test has looked at.
    pub(crate) fn taken(&self) -> MutexGuard<'_, HashSet<String>> {
        self.taken.lock().must("the messages")
    }
    /// A new visitor of the first company's site.
    pub async fn visitor(&self) -> VisitorClient {
        self.visitor_of(&self.company).await
    }

    /// Tells the server to stop, as a signal would.
    pub fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits until the bot has answered everything that was said to it, or was passed over.
    pub async fn bot_is_done(&self) {
        eventually("the bot is done", || async {
            let open = store::entry_points::unanswered_by_bot(self.app().db(), Ts(i64::MAX), Ts(i64::MAX), 1).await.must("what is unanswered");
            open.is_empty().then_some(())
        })
        .await;
    }

    /// Makes the panel take in everything that was committed. On PostgreSQL the feed waits for transactions of every database of the server: of other tests too.
    pub async fn feed_panel(&self) {
        eventually("the feed waits for nobody", || async {
            let mut tx = self.app().db().read().await.must("a reader");
            db::feed::horizon_lag_ms(&mut tx).await.must("the feed's lag").is_none().then_some(())
        })
        .await;
        crate::features::insight::jobs::feed_panel::step(self.app()).await.must("the panel is fed");
    }

    /// Stops the server and waits until the record is closed.
    pub async fn stop(mut self) {
        self.signal();
        in_time("the server stops", self.served).await.must("the server's task").must("the server stops well");
        if let Some(database) = &self.database {
            database.drop_it().await;
        }
    }
}
