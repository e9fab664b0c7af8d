//! Resealing a record that contains its own key.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use db::{Engine, SqliteFiles, Tx, q};
use domain::{
    customer::IdentifierKind,
    id::{CustomerId, SiteId, TenantId, VisitorId, WebhookId},
    signed_identity::Algorithm,
    text::Lang,
    time::{DAY, Ts},
};
use store::{
    entry_points::{self, After, Chunk, Former, LivingNode, Part, Reseal, Sealed},
    known_networks,
    request_keys::{self, KEEP_MS, RequestKey},
    site_secrets, visitors,
};
use store_hall::{
    customer_codes::{self, NewCode, Purpose, Tried},
    customer_facts, customer_terms,
    customers::{self, Customer, StoredIdentifier},
    signed_customers::{self, Said},
    text_messages,
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    everything_is_sealed_anew_wherever_it_is_begun_again,
    the_key_leaves_the_record_last_and_the_former_one_is_forgotten_in_time,
    a_record_that_was_not_brought_up_to_date_tells_how_it_is_sealed,
    others_that_serve_the_record_are_in_the_way,
);

/// More than are resealed in one transaction.
const MANY: u128 = 130;
/// The number of rows written in one transaction.
const SOME: usize = 26;
/// A digest made with the replaced key, and its replacement.
const OLD: [u8; 32] = [b'o'; 32];
const NEW: [u8; 33] = [b'n'; 33];

/// Seals by writing `new` in place of `old`, and binds the value to what it belongs to.
struct Plain;

fn anew(of: impl std::fmt::Display, sealed: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(sealed).ok()?.strip_prefix("old ")?;
    Some(format!("new {text} {of}").into_bytes())
}

impl Reseal for Plain {
    fn name(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>> {
        anew(format!("{tenant} {customer}"), sealed)
    }
    fn identifier(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let sealed = anew(format!("{tenant} {customer}"), sealed)?;
        Some(([b"found by ", &sealed[..]].concat(), sealed))
    }
    fn payload(&self, handle_hash: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        anew(String::from_utf8_lossy(handle_hash), sealed)
    }
    fn webhook_secret(&self, webhook: WebhookId, sealed: &[u8]) -> Option<Vec<u8>> {
        anew(webhook, sealed)
    }
    fn said_by_site(&self, tenant: TenantId, site: SiteId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let sealed = anew(format!("{tenant} {site} {customer}"), sealed)?;
        Some(([b"found by ", &sealed[..]].concat(), sealed))
    }
    fn facts(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>> {
        anew(format!("{tenant} {customer}"), sealed)
    }
    fn site_secret(&self, site: SiteId, kid: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        anew(format!("{site} {kid}"), sealed)
    }
    fn answer(&self, key: &RequestKey, sealed: &[u8]) -> Option<Vec<u8>> {
        anew(format!("{} {} {}", key.actor, key.operation, key.key), sealed)
    }
    fn digest(&self, digest: &[u8]) -> Option<Vec<u8>> {
        (digest.len() == OLD.len()).then(|| NEW.to_vec())
    }
    fn hex_digest(&self, digest: &str) -> Option<String> {
        (digest.len() == 64).then(|| format!("{digest}+1"))
    }
}

/// Retries a write that exceeded the writer's time limit; such a write has had no effect.
async fn patient<T>(mut write: impl AsyncFnMut() -> store::Result<T>) -> T {
    for _ in 0..20 {
        match write().await {
            Err(store::Error::Db(db::Error::Busy)) => {}
            done => return done.unwrap(),
        }
    }
    panic!("the database stays busy");
}

/// Stores a key in the record, as was once done.
async fn put_key_in(db: &Arc<TestDb>) {
    patient(async || entry_points::installation(db, db.uuid(), "new".to_owned()).await).await;
    let sql = "UPDATE installation SET seal_key = $1, seal_fingerprint = NULL";
    write!(db, |tx| async move { Ok::<_, store::Error>(db::q!(tx, |c| sqlx::query(sql).bind(&b"old key"[..]).execute(c).await.map(drop))?) }).unwrap();
}

/// Reseals up to `most` chunks of a part; returns how many there were.
async fn reseal(db: &Arc<TestDb>, part: Part, most: usize) -> usize {
    let mut after = After::default();
    for done in 1..=most {
        match patient(async || entry_points::reseal_some(db, part, after.clone(), 5_000, Arc::new(Plain)).await).await {
            Chunk::More(last) => after = last,
            other => {
                assert_eq!(other, Chunk::Done);
                return done;
            }
        }
    }
    most
}

async fn everything_is_sealed_anew_wherever_it_is_begun_again(db: Arc<TestDb>) {
    put_key_in(&db).await;
    let fixture = Fixture::new(&db).await;
    let (tenant, now, mira) = (fixture.company.tenant, db.now(), fixture.agent("mira").await.id);
    let customer = |n: u128| CustomerId::new(Uuid::from_u128(n));
    let (visitor, site) = (VisitorId::new(db.uuid()), fixture.company.site);
    let hook = WebhookId::new(db.uuid());
    let key = move |n: u128| RequestKey { actor: mira.uuid(), operation: "POST /x".to_owned(), key: format!("{n:03}") };
    let code = |n: u128| NewCode {
        handle_hash: format!("handle {n}").into_bytes(),
        purpose: Purpose::StepUp,
        customer: None,
        code_hash: Some([&[u8::try_from(n).unwrap()], &OLD[1..]].concat()),
        payload: Some(b"old payload".to_vec()),
    };
    // In batches, because a write must not take long.
    for first in (1..=MANY).step_by(SOME) {
        write!(db, |tx| async move {
            for n in first..first + u128::try_from(SOME).unwrap() {
                let name = Some(format!("old {n}").into_bytes());
                let one = Customer { id: customer(n), tenant, name, lang: Lang::En, password_hash: String::new(), created_at: now, updated_at: now };
                let of = |kind: IdentifierKind| {
                    let (lookup, sealed) = (format!("{n} {kind:?}").into_bytes(), format!("old {n} {kind:?}").into_bytes());
                    StoredIdentifier { lookup, kind, sealed, verified_at: now }
                };
                customers::insert(tx, tenant, &one, &of(IdentifierKind::Email)).await?;
                customers::put_identifier(tx, tenant, customer(n), &of(IdentifierKind::Mobile)).await?;
                customer_codes::insert(tx, tenant, &code(n)).await?;
                request_keys::claim(tx, tenant, &key(n), b"f", KEEP_MS).await?;
                request_keys::keep(tx, tenant, &key(n), 200, b"old answer").await?;
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    }
    let pass = visitors::Pass { device: b"d".to_vec(), token: b"t".to_vec(), session: None, network: Some(OLD.to_vec()) };
    write!(db, |tx| async move {
        insert_webhook(tx, tenant, hook, now).await?;
        visitors::create(tx, tenant, visitor, site, Lang::En).await?;
        visitors::issue(tx, tenant, visitor, site, &pass).await?;
        known_networks::note(tx, tenant, mira, &OLD).await?;
        site_secrets::rotate(tx, tenant, site, "k1", (Algorithm::Hs256, b"old signing"), now).await?;
        let said = Said { lookup: b"u-1".to_vec(), sealed: b"old said".to_vec() };
        signed_customers::reserve(tx, tenant, site, CustomerId::new(Uuid::from_u128(1)), &said).await?;
        customer_facts::put(tx, tenant, customer(1), b"old facts", None).await?;
        customer_terms::set(tx, tenant, customer(1), &[b"term".to_vec()]).await?;
        text_messages::count(tx, tenant, &[(String::new(), 9), ("+86".to_owned(), 9), ("r".repeat(64), 9)], true).await
    })
    .unwrap();

    // Neither a partial nor a full second run does any work twice.
    assert!(matches!(patient(async || entry_points::begin_resealing(&db, "new".to_owned()).await).await, Sealed::KeyInRecord { begun: Some(_), .. }));
    for most in [1, usize::MAX, usize::MAX] {
        let chunks: HashMap<&str, usize> =
            [("names", reseal(&db, Part::Names, most).await), ("identifiers", reseal(&db, Part::Identifiers, most).await)].into();
        assert!(most == 1 || (chunks["names"], chunks["identifiers"]) == (2, 3), "{chunks:?}");
        for part in
            [Part::Codes, Part::Webhooks, Part::Signed, Part::Facts, Part::Terms, Part::SiteSecrets, Part::Answers, Part::Visitors, Part::Networks, Part::Texts]
        {
            assert!(reseal(&db, part, most).await <= 2, "{part:?}");
        }
    }

    for n in 1..=MANY {
        let of = |kind: IdentifierKind| format!("new {n} {kind:?} {tenant} {}", customer(n)).into_bytes();
        let lookup = [&b"found by "[..], &of(IdentifierKind::Mobile)].concat();
        let found = read!(db, |tx| customers::find(tx, tenant, &lookup)).unwrap();
        assert_eq!(found.and_then(|found| found.name), Some(format!("new {n} {tenant} {}", customer(n)).into_bytes()));
        let identifiers = read!(db, |tx| customers::identifiers(tx, tenant, customer(n))).unwrap();
        assert_eq!(identifiers.iter().map(|one| one.sealed.clone()).collect::<Vec<_>>(), [of(IdentifierKind::Email), of(IdentifierKind::Mobile)]);
        let kept = read!(db, |tx| request_keys::find(tx, tenant, &key(n), now)).unwrap().unwrap();
        assert_eq!(String::from_utf8(kept.body).unwrap(), format!("new answer {} POST /x {n:03}", mira.uuid()));
    }
    let handle = b"handle 130";
    let tried = write!(db, |tx| customer_codes::attempt(tx, tenant, Purpose::StepUp, handle, &[NEW.to_vec()])).unwrap();
    assert_eq!(tried, Tried::Right { customer: None, payload: Some(b"new payload handle 130".to_vec()) });
    let secrets = read!(db, |tx| webhook_secrets(tx, tenant, hook)).unwrap();
    let unreadable = b"unreadable".to_vec();
    assert_eq!(secrets, (format!("new secret {hook}").into_bytes(), Some(unreadable)), "what opens under no key stays");
    assert_eq!(read!(db, |tx| customer_facts::find(tx, tenant, customer(1))).unwrap(), Some(format!("new facts {tenant} {}", customer(1)).into_bytes()));
    // By what customers are found is derived again.
    assert_eq!(read!(db, |tx| customer_terms::missing(tx, tenant, Uuid::nil(), 1)).unwrap(), [customer(1)]);
    let secret = read!(db, |tx| site_secrets::find(tx, tenant, site, "k1")).unwrap();
    assert_eq!(secret, Some((Algorithm::Hs256, format!("new signing {site} k1").into_bytes())));
    let lookup = format!("found by new said {tenant} {site} {}", customer(1)).into_bytes();
    assert_eq!(read!(db, |tx| signed_customers::find(tx, tenant, site, &lookup)).unwrap(), Some(customer(1)));
    assert!(
        read!(db, |tx| known_networks::is_known(tx, tenant, mira, &NEW)).unwrap() && !read!(db, |tx| known_networks::is_known(tx, tenant, mira, &OLD)).unwrap()
    );
    // The count of the range was carried over: one more message is one too many.
    let range = format!("{}+1", "r".repeat(64));
    let more = write!(db, |tx| async move { text_messages::count(tx, tenant, &[(range, 1)], true).await });
    assert!(matches!(more, Err(store::Error::Refused(_))), "{more:?}");
    let rest: BTreeSet<String> = texts(&db, "SELECT prefix FROM text_messages").await;
    assert!(rest.contains("+86") && rest.contains("") && rest.len() == 3, "{rest:?}");
    let (network,): (Vec<u8>,) = db::q!(&mut db.read().await.unwrap(), |c| sqlx::query_as("SELECT network FROM visitors").fetch_one(c).await).unwrap();
    assert_eq!(network, NEW);
}

async fn texts(db: &Arc<TestDb>, sql: &'static str) -> BTreeSet<String> {
    let rows: Vec<(String,)> = db::q!(&mut db.read().await.unwrap(), |c| sqlx::query_as(sql).fetch_all(c).await).unwrap();
    rows.into_iter().map(|(text,)| text).collect()
}

async fn the_key_leaves_the_record_last_and_the_former_one_is_forgotten_in_time(db: Arc<TestDb>) {
    put_key_in(&db).await;
    let until = db.now().plus(90 * DAY);
    let former = Former { sealed: b"sealed".to_vec(), until };
    let (old, begun) = (b"old key".to_vec(), Some("new".to_owned()));
    assert_eq!(read!(db, |tx| entry_points::seal_state(tx)).unwrap(), Some(Sealed::KeyInRecord { key: old.clone(), begun: None }));
    assert_eq!(
        patient(async || entry_points::end_resealing(&db, former.clone()).await).await,
        Sealed::KeyInRecord { key: old.clone(), begun: None },
        "it was not begun"
    );
    let chunk = async || patient(async || entry_points::reseal_some(&db, Part::Names, After::default(), 5_000, Arc::new(Plain)).await).await;
    assert_eq!(chunk().await, Chunk::Ended, "it was not begun");
    assert_eq!(
        patient(async || entry_points::begin_resealing(&db, "new".to_owned()).await).await,
        Sealed::KeyInRecord { key: old.clone(), begun: begun.clone() }
    );
    assert_eq!(
        patient(async || entry_points::begin_resealing(&db, "other".to_owned()).await).await,
        Sealed::KeyInRecord { key: old, begun },
        "the first one stays"
    );
    assert_eq!(chunk().await, Chunk::Done);
    let done = Sealed::Under { fingerprint: "new".to_owned(), former: Some(former.clone()) };
    assert_eq!(patient(async || entry_points::end_resealing(&db, former.clone()).await).await, done);
    let again = Former { sealed: b"other".to_vec(), until: Ts(until.0 + 1) };
    assert_eq!(patient(async || entry_points::end_resealing(&db, again.clone()).await).await, done, "once");
    assert_eq!(chunk().await, Chunk::Ended);
    db.clock.advance(90 * DAY - 1);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    assert_eq!(read!(db, |tx| entry_points::seal_state(tx)).unwrap(), Some(done));
    db.clock.advance(1);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    assert_eq!(read!(db, |tx| entry_points::seal_state(tx)).unwrap(), Some(Sealed::Under { fingerprint: "new".to_owned(), former: None }));
}

async fn a_record_that_was_not_brought_up_to_date_tells_how_it_is_sealed(db: Arc<TestDb>) {
    put_key_in(&db).await;
    for column in ["seal_fingerprint", "former_key", "former_until"] {
        let sql = format!("ALTER TABLE installation DROP COLUMN {column}");
        write!(db, |tx| async move { Ok::<_, store::Error>(db::q!(tx, |c| sqlx::query(sqlx::AssertSqlSafe(sql)).execute(c).await.map(drop))?) }).unwrap();
    }
    let engine = match db.url() {
        Some(url) => Engine::record_in(url),
        None => Engine::Sqlite(SqliteFiles { path: db.path(), durable: true }),
    };
    let mut tx = db::look(&engine, "installation", db.now()).await.unwrap().unwrap();
    assert_eq!(entry_points::seal_state(&mut tx).await.unwrap(), Some(Sealed::KeyInRecord { key: b"old key".to_vec(), begun: None }));
    assert!(db::look(&engine, "no_such_table", db.now()).await.unwrap().is_none());
    if let Engine::Sqlite(files) = &engine {
        // As after a power failure: what was written is in the log only.
        let folder = tempfile::tempdir().unwrap();
        for end in ["db", "db-wal"] {
            std::fs::copy(files.path.with_extension(end), folder.path().join("yingda").with_extension(end)).unwrap();
        }
        let cut_off = Engine::Sqlite(SqliteFiles { path: folder.path().join("yingda.db"), durable: true });
        let mut tx = db::look(&cut_off, "installation", db.now()).await.unwrap().unwrap();
        assert!(matches!(entry_points::seal_state(&mut tx).await.unwrap(), Some(Sealed::KeyInRecord { .. })));
    }
    let nowhere = Engine::Sqlite(SqliteFiles { path: "/nowhere/yingda.db".into(), durable: true });
    assert!(db::look(&nowhere, "installation", db.now()).await.unwrap().is_none());
}

async fn others_that_serve_the_record_are_in_the_way(db: Arc<TestDb>) {
    put_key_in(&db).await;
    patient(async || entry_points::begin_resealing(&db, "new".to_owned()).await).await;
    let node = LivingNode { id: db.uuid(), started_at: db.now() };
    patient(async || entry_points::beat(&db, node, &HashMap::new(), db.now(), db.now()).await).await;
    let chunk = async || patient(async || entry_points::reseal_some(&db, Part::Names, After::default(), 5_000, Arc::new(Plain)).await).await;
    assert_eq!(chunk().await, Chunk::NotAlone(1));
    assert_eq!(read!(db, |tx| entry_points::nodes_heard_of(tx, db.now().plus(-1))).unwrap(), 1);
    db.clock.advance(5_001);
    assert_eq!(chunk().await, Chunk::Done);
}

/// A webhook with a secret, and a former one that opens under no key. Its own statements are in a crate above this one.
async fn insert_webhook(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, now: Ts) -> store::Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO webhooks (tenant_id, id, url, description, events, bodies, state, secret, old_secret, old_secret_until, since, created_at, updated_at)
         VALUES ($1, $2, 'https://a.example/', '', 'conversation.rated', 1, 'enabled', $3, $4, $5, $5, $5, $5)"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(&b"old secret"[..])
    .bind(&b"unreadable"[..])
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

async fn webhook_secrets(tx: &mut Tx, tenant: TenantId, webhook: WebhookId) -> store::Result<(Vec<u8>, Option<Vec<u8>>)> {
    let sql = "SELECT secret, old_secret FROM webhooks WHERE tenant_id = $1 AND id = $2";
    Ok(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(webhook.uuid()).fetch_one(c).await)?)
}
