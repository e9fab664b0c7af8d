//! A company with a row in every table, and something to look for in each of them.

use db::{Db, Shard, cells::Cell};
use domain::id::TenantId;
use portability::{
    binding::{Binding, Keys},
    holdings::{Bound, Column, Kind, Purpose, Table, tables},
    rows::{self, Positions, Row, Whose},
};
use seal::{Sealer, vault::Vault};
use uuid::Uuid;

/// The keys of an installation.
pub fn keys(secret: &[u8]) -> Keys {
    Keys { sealer: Sealer::new(secret), vault: Vault::new(secret) }
}

/// What columns may contain that may not contain just anything.
fn checked(table: &str, column: &str) -> Option<&'static str> {
    Some(match (table, column) {
        ("agents", "state") => "available",
        ("erasures", "kind") => "message",
        ("erasures", "state") => "done",
        ("consents", "purpose") => "pages",
        ("consents", "place") => "widget",
        ("sites", "state") => "active",
        ("goods" | "plans", "state") => "live",
        ("webhooks", "state") => "enabled",
        ("webhook_deliveries", "state") => "pending",
        ("jobs", "state") => "dead",
        ("knowledge_runs", "state") => "done",
        ("knowledge_runs", "kind") => "tests",
        ("unanswered", "state") => "open",
        ("unanswered", "reason") => "unsure",
        ("conversations", "state") => "closed",
        ("episodes", "began_with") => "bot",
        ("customer_identifiers", "kind") => "email",
        ("customer_codes", "purpose") => "register",
        ("recommendation_signals", "kind") => "product",
        ("files", "owner_kind") => "visitor",
        ("journal_entries", "actor_kind") => "agent",
        ("journal_entries", "body_state") => "plain",
        ("journal_entries", "kind") => "message",
        ("journal_marks", "side") => "customer",
        ("audit_heads" | "audit_anchors" | "audit_retention", "signature") => "signed",
        (_, "lang") => "en",
        _ => return None,
    })
}

/// What is looked for, of a column of a company.
pub fn planted(tenant: TenantId, table: &str, column: &str) -> String {
    format!("{}@{table}.{column}.example", tenant.uuid().as_simple())
}

fn id(tenant: TenantId, table: &str, column: &str) -> Uuid {
    // An id of one thing has the same value wherever it is named.
    let name = if column == "id" { format!("{table} id") } else { column.to_owned() };
    Uuid::new_v5(&tenant.uuid(), name.as_bytes())
}

fn cell(tenant: TenantId, table: &Table, column: Column, n: i64) -> Cell {
    let bound = table.bound.iter().find(|(name, _)| *name == column.name).map(|(_, bound)| *bound);
    let text = planted(tenant, table.name, column.name);
    match (bound, column.kind) {
        (Some(Bound::Sealed(Purpose::SaidBySite)), _) => {
            Cell::Bytes(serde_json::json!({"subject": text, "email": null, "phone": null}).to_string().into_bytes())
        }
        (_, Kind::Id) if Some(column.name) == table.company_column() => Cell::Id(tenant.uuid()),
        (_, Kind::Id) if table.name.starts_with("single_sign_on_ident") => Cell::Id(id(tenant, "agents", "id")),
        (_, Kind::Id) if column.name == "label_id" => Cell::Id(id(tenant, "labels", "id")),
        (_, Kind::Id) if table.name == "webhook_attempts" => Cell::Id(id(tenant, "webhook_deliveries", "id")),
        (_, Kind::Id) if column.name == "client_id" && n > 1 => Cell::Null,
        (_, Kind::Id) => Cell::Id(id(tenant, table.name, column.name)),
        (_, Kind::Int) if ["seq", "pseq", "pos"].contains(&column.name) => Cell::Int(n),
        (_, Kind::Int) if column.name == "suspended_at" => Cell::Null,
        (_, Kind::Int) if column.name == "is_root" => Cell::Int(0),
        (_, Kind::Int) => Cell::Int(1),
        (_, Kind::Bytes) => Cell::Bytes(text.into_bytes()),
        (_, Kind::Text) => Cell::Text(checked(table.name, column.name).map_or(text, str::to_owned)),
    }
}

/// Puts a row into every table that has rows of companies, and a few entries into the audit.
pub async fn plant(db: &Db, tenant: TenantId, keys: &Keys) {
    let mut binding = Binding::new(keys.clone(), tenant);
    let company = tables().filter(|table| table.company_column().is_some());
    let (last, others): (Vec<&Table>, Vec<&Table>) = company.partition(|table| table.name == "audit_heads");
    for table in others.into_iter().chain(last) {
        let many = if table.name == "journal_entries" { 1..=3 } else { 1..=1 };
        let mut planted: Vec<Row> = many.map(|n| table.columns().map(|column| cell(tenant, table, column, n)).collect()).collect();
        if table.name == "journal_entries" {
            planted.extend((1..=3).map(|n| audited(tenant, table, n)));
        }
        for row in &mut planted {
            if table.name == "audit_heads" {
                set(table, row, "seq", Cell::Int(3));
            }
            *row = binding.seal(table, row.clone()).unwrap_or_else(|| panic!("{} is sealed", table.name));
        }
        let write = db
            .writer()
            .write_patiently::<_, store::Error, _>(Shard::Any, move |tx| Box::pin(async move { Ok(rows::insert(tx, table, &planted, Positions::New).await?) }));
        write.await.unwrap_or_else(|error| panic!("{}: {error}", table.name));
    }
}

/// An entry of the audit.
fn audited(tenant: TenantId, table: &Table, n: i64) -> Row {
    let mut row: Row = table.columns().map(|column| cell(tenant, table, column, n)).collect();
    let body = serde_json::json!({"operation": "POST /x", "path": "/x", "values": "c2VjcmV0", "digest": "d", "chain": "c"});
    for (column, cell) in [
        ("stream_id", Cell::Id(id(tenant, "audit", "id"))),
        ("kind", Cell::Text("audited".to_owned())),
        ("body", Cell::Text(body.to_string())),
        ("client_id", Cell::Null),
        ("pseq", Cell::Null),
    ] {
        set(table, &mut row, column, cell);
    }
    row
}

fn set(table: &Table, row: &mut Row, column: &str, cell: Cell) {
    let at = table.columns().position(|known| known.name == column).unwrap();
    row[at] = cell;
}

/// All rows of a company in a table with what is sealed opened, in the order of the key.
pub async fn opened(db: &Db, table: &'static Table, tenant: TenantId, keys: &Keys) -> Vec<Row> {
    let (mut all, mut after, mut binding) = (Vec::new(), None, Binding::new(keys.clone(), tenant));
    let mut tx = db.read().await.unwrap();
    loop {
        let page = rows::page(&mut tx, table, Whose::Company(tenant), after.as_deref()).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(rows::key_of(table, last));
        for row in page {
            let mut row = binding.open(table, row).unwrap();
            if table.name == "journal_entries" {
                // A record gives entries positions of its own.
                set(table, &mut row, "pos", Cell::Null);
            }
            all.push(row);
        }
    }
}
