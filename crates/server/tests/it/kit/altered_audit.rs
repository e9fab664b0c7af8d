//! An alteration of the audit in the record is found: 100 random alterations, each found by itself.

use domain::{staff::Role, time::DAY};
use http_kit::audit::{
    retention,
    verify::{self, Altered, Place, Why},
    witness,
};
use serde_json::json;
use server::setup::admin::{self, Command, Reply};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use testkit_app::TestApp;

/// How many entries the audit has before it is altered.
const ENTRIES: i64 = 12;
/// How many times it is altered.
const ALTERATIONS: usize = 100;

/// The tables that an audit is in, and which of their rows are its.
const TABLES: [(&str, &str); 5] = [
    ("journal_entries", "kind = 'audited' OR stream_id IN (SELECT stream_id FROM journal_heads WHERE kind = 'audit')"),
    ("journal_heads", "kind = 'audit'"),
    ("audit_heads", "TRUE"),
    ("audit_index", "TRUE"),
    ("audit_anchors", "TRUE"),
];

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % u64::try_from(sides).unwrap()) as i64
    }
    fn seq(&mut self) -> i64 {
        1 + self.roll(ENTRIES)
    }
}

struct Record(SqliteConnection);

impl Record {
    async fn open(app: &TestApp) -> Self {
        let mut record = Self(SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(app.data().join("yingda.db"))).await.unwrap());
        for (table, rows) in TABLES {
            record.run(&format!("CREATE TEMP TABLE kept_{table} AS SELECT * FROM main.{table} WHERE {rows}")).await;
        }
        record
    }
    async fn run(&mut self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut self.0).await.unwrap_or_else(|why| panic!("{sql}: {why}"));
    }
    /// Puts everything back as it was.
    async fn restore(&mut self) {
        let one = |(table, rows): (&str, &str)| format!("DELETE FROM main.{table} WHERE {rows}; INSERT INTO main.{table} SELECT * FROM temp.kept_{table};");
        // The entries are deleted while the head still says which they are.
        let all: String = TABLES.map(one).concat();
        self.run(&format!("BEGIN IMMEDIATE; {all} COMMIT")).await;
    }
}

/// An alteration: the statements, and the numbers of which at least one is found, each if `is_each`.
fn alteration(dice: &mut Dice) -> (String, Vec<i64>) {
    let seq = dice.seq();
    let set = |column: &str, value: &str| format!("UPDATE journal_entries SET {column} = {value} WHERE kind = 'audited' AND seq = {seq}");
    let field = |name: &str, value: &str| set("body", &format!("json_set(body, '$.{name}', {value})"));
    match dice.roll(22) {
        0 => (field("operation", "'GET /api/v1/me'"), vec![seq]),
        1 => (field("path", "'/api/v1/groups/other'"), vec![seq]),
        2 => (field("made", "'grp_other'"), vec![seq]),
        3 => (field("digest", "lower(hex(randomblob(32)))"), vec![seq]),
        4 => (field("chain", "lower(hex(randomblob(32)))"), vec![seq]),
        5 => (field("values", "'AAAA'"), vec![seq]),
        6 => (field("refused", "json('{\"code\":\"not_permitted\",\"times\":1}')"), vec![seq]),
        7 => (field("more", "1"), vec![seq]),
        8 => (set("actor_name", "'somebody'"), vec![seq]),
        9 => (set("actor_id", "randomblob(16)"), vec![seq]),
        10 => (set("at", "at + 1"), vec![seq]),
        11 => (set("kind", "'routing'"), vec![seq]),
        12 => (set("facts", "'{\"a\":1}'"), vec![seq]),
        13 => (set("body", "'{}'"), vec![seq]),
        14 => (format!("DELETE FROM journal_entries WHERE kind = 'audited' AND seq = {seq}"), vec![seq]),
        15 => {
            let other = 1 + (seq + dice.roll(ENTRIES - 1)) % ENTRIES;
            let to = |from: i64, to: i64| format!("UPDATE journal_entries SET seq = {to} WHERE kind = 'audited' AND seq = {from};");
            (format!("{}{}{}", to(seq, -1), to(other, seq), to(-1, other)), vec![seq, other])
        }
        16 => (format!("UPDATE audit_index SET object = 'other' WHERE seq = {seq}"), vec![seq]),
        17 => (format!("DELETE FROM audit_index WHERE seq = {seq}"), vec![seq]),
        18 => ("UPDATE audit_heads SET signature = lower(hex(randomblob(32)))".to_owned(), vec![ENTRIES]),
        // The end is cut off: alone, with the number in the head, and with the signature that belonged to that end.
        19 => (format!("DELETE FROM journal_entries WHERE kind = 'audited' AND seq >= {seq}"), (seq..=ENTRIES).collect()),
        20 => (cut(seq - 1), (seq..=ENTRIES).collect()),
        _ => (format!("{}; DELETE FROM audit_heads", cut(seq - 1)), (seq..=ENTRIES).collect()),
    }
}

/// Cuts off what follows an entry, as if it had been the last one.
fn cut(last: i64) -> String {
    format!(
        "DELETE FROM journal_entries WHERE kind = 'audited' AND seq > {last}; UPDATE journal_heads SET seq = {last} WHERE kind = 'audit'; \
         DELETE FROM audit_index WHERE seq > {last}"
    )
}

async fn found(app: &TestApp) -> Vec<Altered> {
    verify::step(app.app(), app.company.tenant, "alpha", Place::default()).await.unwrap().altered
}

#[tokio::test]
async fn each_of_a_hundred_random_alterations_is_found() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    for n in 0..ENTRIES {
        tara.post("/api/v1/groups", json!({"name": format!("Group {n}")})).await.expect(201);
    }
    witness::step(app.app()).await.unwrap();
    let (mut dice, mut record) = (Dice(0x5eed_2026), Record::open(&app).await);
    for _ in 0..ALTERATIONS {
        assert_eq!(found(&app).await, []);
        let (sql, altered) = alteration(&mut dice);
        record.run(&sql).await;
        let named: Vec<i64> = found(&app).await.into_iter().map(|one| one.seq).collect();
        assert!(altered.iter().all(|seq| named.contains(seq)), "{sql}: {altered:?} in {named:?}");
        record.restore().await;
    }
}

#[tokio::test]
async fn an_entry_that_was_cut_off_is_missed_also_after_the_log_went_on() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let add = async |name: &str| drop(tara.post("/api/v1/groups", json!({"name": name})).await.expect(201));
    add("a").await;
    witness::step(app.app()).await.unwrap();
    add("b").await;
    // No minute has passed: only the signature in the record knows the last entry.
    let mut record = Record::open(&app).await;
    record.run(&cut(1)).await;
    let removed = |seq| Altered { company: "alpha".to_owned(), seq, why: Why::Removed };
    assert!(found(&app).await.contains(&removed(2)));
    add("c").await;
    let after: Vec<(i64, Why)> = found(&app).await.into_iter().map(|one| (one.seq, one.why)).collect();
    assert_eq!(after, [(2, Why::Changed)], "what was written over the gap does not fit what was there");
    let said = admin::run(app.app(), Command::VerifyAudit { company: 0, only: None, from: Place::default() }).await.unwrap();
    let Reply::AuditVerified(Some(part)) = said else { panic!("{said:?}") };
    assert_eq!((part.company.as_str(), part.verified.unwrap().entries), ("alpha", 2));
}

#[tokio::test]
async fn an_alteration_after_an_anchor_of_the_anchor_and_without_it_is_found() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    tara.put("/api/v1/audit/retention", json!({"kept_days": 184})).await.expect(200);
    let add = async |n: i64| {
        let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        drop(tara.post("/api/v1/groups", json!({"name": format!("Group {n}")})).await.expect(201));
    };
    for n in 0..3 {
        add(n).await;
    }
    app.clock.advance(185 * DAY);
    for n in 3..6 {
        add(n).await;
    }
    retention::step(app.app()).await.unwrap();
    let mut record = Record::open(&app).await;
    let first = app.audit().await.len();
    assert_eq!((found(&app).await, first), (vec![], 3), "four were deleted");
    let all = |why: Why, seqs: std::ops::RangeInclusive<i64>| seqs.map(|seq| (seq, why)).collect::<Vec<_>>();
    for (sql, expected) in [
        ("UPDATE journal_entries SET at = at + 1 WHERE kind = 'audited' AND seq = 6", vec![(6, Why::Changed), (6, Why::Unlisted)]),
        ("DELETE FROM journal_entries WHERE kind = 'audited' AND seq = 5", vec![(5, Why::Removed)]),
        ("UPDATE audit_anchors SET at = at + 1", [vec![(4, Why::Unanchored)], all(Why::Removed, 1..=4)].concat()),
        ("UPDATE audit_anchors SET seq = 5", [vec![(5, Why::Unanchored)], all(Why::Removed, 1..=4)].concat()),
        ("UPDATE audit_anchors SET chain = 'x'", [vec![(4, Why::Unanchored)], all(Why::Removed, 1..=4)].concat()),
        ("DELETE FROM audit_anchors", all(Why::Removed, 1..=4)),
        ("UPDATE journal_entries SET seq = 2 WHERE kind = 'audited' AND seq = 5", vec![(2, Why::Changed), (5, Why::Removed)]),
    ] {
        record.run(sql).await;
        let mut named: Vec<(i64, Why)> = found(&app).await.into_iter().map(|one| (one.seq, one.why)).collect();
        let mut expected = expected;
        named.sort_unstable();
        expected.sort_unstable();
        assert_eq!(named, expected, "{sql}");
        record.restore().await;
    }
    // Nothing is deleted by a rule that nobody signed, nor what was altered.
    app.clock.advance(370 * DAY);
    record.run("UPDATE audit_retention SET kept_days = 300").await;
    retention::step(app.app()).await.unwrap();
    assert_eq!(app.audit().await.len(), 3);
    record.run("UPDATE audit_retention SET kept_days = 184; UPDATE audit_index SET object = 'other' WHERE seq = 5").await;
    retention::step(app.app()).await.unwrap();
    assert_eq!(app.audit().await.len(), 3);
    record.restore().await;
    retention::step(app.app()).await.unwrap();
    assert_eq!((app.audit().await.len(), found(&app).await), (1, vec![]), "the end stays");
}

#[tokio::test]
async fn a_log_without_a_signed_end_is_altered_also_where_nobody_remembers_one() {
    let app = TestApp::new().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let add = async |name: &str| drop(tara.post("/api/v1/groups", json!({"name": name})).await.expect(201));
    add("a").await;
    add("b").await;
    let mut record = Record::open(&app).await;
    record.run(&format!("{}; DELETE FROM audit_heads", cut(1))).await;
    let unsigned = Altered { company: "alpha".to_owned(), seq: 1, why: Why::Unsigned };
    assert!(found(&app).await.contains(&unsigned));
    add("c").await;
    let after: Vec<(i64, Why)> = found(&app).await.into_iter().map(|one| (one.seq, one.why)).collect();
    assert_eq!(after, [(2, Why::Changed)], "it does not become whole by going on");
}
