//! The list is the schema: a migration that adds a table or a column without an entry fails here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use portability::holdings::{
    Bound, Column, Kind, Leaves, Owner, PLACES, Table, leaving,
    persons::{PERSONS, Person},
    tables,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use testkit::{TestDb, on_every_engine};

on_every_engine!(the_list_has_every_table_and_column, what_a_row_refers_to_is_inserted_before_it);

/// A column of the schema: its name and the engine's type, and its place in the primary key, from 1; 0 if it is not in it.
type Described = (String, String, i64);

/// The tables of a record with their columns, and the tables that each refers to.
struct Schema {
    columns: BTreeMap<String, Vec<Described>>,
    refers: BTreeMap<String, BTreeSet<String>>,
}

async fn schema(db: &TestDb) -> Schema {
    match db.url() {
        Some(url) => of_postgres(&mut PgConnection::connect(url).await.unwrap()).await,
        None => of_sqlite(&mut SqliteConnection::connect(db.path().to_str().unwrap()).await.unwrap()).await,
    }
}

async fn of_sqlite(conn: &mut SqliteConnection) -> Schema {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    let names: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut *conn).await.unwrap();
    let (mut columns, mut refers) = (BTreeMap::new(), BTreeMap::new());
    for (name,) in names {
        let described = sqlx::query_as(AssertSqlSafe(format!("SELECT name, type, pk FROM pragma_table_info('{name}')"))).fetch_all(&mut *conn).await.unwrap();
        let to: Vec<(String,)> =
            sqlx::query_as(AssertSqlSafe(format!("SELECT \"table\" FROM pragma_foreign_key_list('{name}')"))).fetch_all(&mut *conn).await.unwrap();
        columns.insert(name.clone(), described);
        refers.insert(name, to.into_iter().map(|(to,)| to).collect());
    }
    Schema { columns, refers }
}

async fn of_postgres(conn: &mut PgConnection) -> Schema {
    let sql = "SELECT c.table_name::text, c.column_name::text, c.data_type::text, COALESCE((
          SELECT k.ordinal_position::bigint FROM information_schema.table_constraints t
          JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name
          WHERE t.table_schema = 'yingda' AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' AND k.column_name = c.column_name), 0)
        FROM information_schema.columns c WHERE c.table_schema = 'yingda' AND c.table_name NOT LIKE '\\_sqlx%' AND c.data_type <> 'xid8'
        ORDER BY c.table_name, c.ordinal_position";
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(sql).fetch_all(&mut *conn).await.unwrap();
    let mut columns = BTreeMap::<String, Vec<Described>>::new();
    for (table, column, kind, key) in rows {
        columns.entry(table).or_default().push((column, kind, key));
    }
    let sql = "SELECT a.relname::text, b.relname::text FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid
        WHERE c.contype = 'f' AND c.connamespace = 'yingda'::regnamespace";
    let mut refers = BTreeMap::<String, BTreeSet<String>>::new();
    for (from, to) in sqlx::query_as::<_, (String, String)>(sql).fetch_all(&mut *conn).await.unwrap() {
        refers.entry(from).or_default().insert(to);
    }
    Schema { columns, refers }
}

/// What an engine calls the kind of a column.
const fn types(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Id => ["BLOB", "uuid"],
        Kind::Bytes => ["BLOB", "bytea"],
        Kind::Int => ["INTEGER", "bigint"],
        Kind::Text => ["TEXT", "text"],
    }
}

fn listed(table: &Table, name: &str) -> Option<Column> {
    table.columns().find(|column| column.name == name)
}

async fn the_list_has_every_table_and_column(db: Arc<TestDb>) {
    let schema = schema(&db).await;
    let names: BTreeSet<&str> = tables().map(|table| table.name).collect();
    assert_eq!(names.len(), tables().count(), "a table is listed twice");
    let there: BTreeSet<&str> = schema.columns.keys().map(String::as_str).collect();
    assert_eq!(names, there, "each table of the record has an entry in holdings, and each entry a table");
    for table in tables() {
        let described = &schema.columns[table.name];
        let of: BTreeSet<&str> = described.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(table.columns().map(|column| column.name).collect::<BTreeSet<_>>(), of, "{}", table.name);
        for (name, kind, _) in described {
            let column = listed(table, name).unwrap();
            assert!(types(column.kind).contains(&kind.as_str()), "{}.{name} is a {kind}, and is listed as {:?}", table.name, column.kind);
        }
        let mut key: Vec<(i64, &str)> = described.iter().filter(|(.., key)| *key > 0).map(|(name, _, key)| (*key, name.as_str())).collect();
        key.sort_unstable();
        assert_eq!(table.key().iter().map(|column| column.name).collect::<Vec<_>>(), key.iter().map(|(_, name)| *name).collect::<Vec<_>>(), "{}", table.name);
        for (name, bound) in table.bound {
            assert!(listed(table, name).is_some(), "{}.{name}", table.name);
            if let Bound::DigestOf(of) = bound {
                assert!(listed(table, of).is_some(), "{}.{of}", table.name);
            }
        }
    }
}

async fn what_a_row_refers_to_is_inserted_before_it(db: Arc<TestDb>) {
    let schema = schema(&db).await;
    let (mut before, leaves) = (BTreeSet::new(), leaving().map(|table| table.name).collect::<BTreeSet<_>>());
    for table in tables() {
        for to in schema.refers.get(table.name).into_iter().flatten() {
            assert!(before.contains(to.as_str()), "{} refers to {to}, which is listed later", table.name);
            assert!(!leaves.contains(table.name) || leaves.contains(to.as_str()), "{} leaves, and {to} does not", table.name);
        }
        before.insert(table.name);
    }
    assert!(schema.refers.values().map(BTreeSet::len).sum::<usize>() > 40, "foreign keys are read");
}

#[test]
fn a_table_with_a_company_names_it_by_that_column() {
    for table in tables() {
        let has_company = listed(table, "tenant_id").is_some();
        let expected = if table.name == "tenants" { Some("id") } else { has_company.then_some("tenant_id") };
        assert_eq!(table.company_column(), expected, "{}", table.name);
        if let Owner::Installation(because) = table.owner {
            assert!(because.len() > 10, "{}: why it is no company's", table.name);
        }
        if let Leaves::Stays(because) = table.leaves {
            assert!(because.len() > 10, "{}: why it stays", table.name);
        }
    }
}

#[test]
fn each_place_says_where_it_is_and_how_it_is_erased() {
    assert!(PLACES.iter().all(|place| !place.erased.is_empty() && !place.at.is_empty()));
}

#[test]
fn of_each_table_it_is_said_how_one_persons_rows_are_erased() {
    let unsaid: Vec<&str> = tables().filter(|table| table.person().is_none()).map(|table| table.name).collect();
    assert_eq!(unsaid, [""; 0], "say in holdings/persons.rs how a person is erased there, or why nobody is");
    assert_eq!(PERSONS.len(), tables().count(), "what is said there is about tables that there are");
    for (name, person) in PERSONS {
        let (Person::Erased(how) | Person::None(how)) = person;
        assert!(how.len() >= 7, "{name}");
    }
}
