//! A copy of everything that is kept about one person, as a ZIP: for the staff, and for the person. What it has is listed in `store_privacy::copies`; it is read page by
//! page while it is sent, so that nothing of it lies on a disk, and however much there is, little of it is in memory.
//!
//! - `person.json`: the person's rows outside conversations, by table
//! - `conversations/ID.json`: each conversation with its rows and its entries
//! - `files/ID/NAME`: the files

mod zipped;

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use db::{Tx, cells::Cell, journal};
use domain::{
    id::{ConversationId, CustomerId, SiteId, TenantId, VisitorId},
    journal::{StoredEntry, View},
    stream::{StreamKind, StreamName},
    text::Bilingual,
};
use seal::{
    company_key::{CompanyKey, Sealed, open_page},
    vault::{Field, Vault},
};
use serde_json::{Map, Value, json};
use service::company_key;
use store_privacy::copies::{self, Copied, CopiedFile, Whose};
use uuid::Uuid;

use crate::{App, problem::Problem};
use zipped::{Gone, Pieces};

/// Entries read at a time, and written as one piece.
const ENTRIES: i64 = 200;
/// Conversations looked up at a time.
const CONVERSATIONS: i64 = 100;

/// A person: an account with its visitors, or a visitor without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub customer: Option<CustomerId>,
    /// The visitors.
    pub visitors: Vec<VisitorId>,
}

impl Person {
    /// A customer with all visitors of the account.
    ///
    /// # Errors
    /// [`store::Error::NotFound`] if there is no such customer.
    pub async fn customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> store::Result<Self> {
        if !store_privacy::people::is_customer(tx, tenant, customer).await? {
            return Err(store::Error::NotFound);
        }
        Ok(Self { customer: Some(customer), visitors: store_privacy::people::visitors_of(tx, tenant, customer).await? })
    }
    /// A visitor alone.
    ///
    /// # Errors
    /// [`store::Error::NotFound`] if there is no such visitor.
    pub async fn visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> store::Result<Self> {
        if !store_privacy::people::is_visitor(tx, tenant, visitor).await? {
            return Err(store::Error::NotFound);
        }
        Ok(Self { customer: None, visitors: vec![visitor] })
    }
}

/// For whom a copy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// The staff: also what the person does not see of their conversations.
    Staff,
    /// The person.
    Person,
}

impl For {
    const fn view(self) -> View {
        match self {
            Self::Staff => View::Staff,
            Self::Person => View::Customer,
        }
    }
    const fn columns(self, copied: Copied) -> Option<(Whose, &'static str)> {
        match (copied, self) {
            (Copied::Rows(whose, columns), _) | (Copied::ForStaff(whose, columns), Self::Staff) => Some((whose, columns)),
            _ => None,
        }
    }
}

/// How an entry is written for whoever reads the copy; `None` if they do not see it.
pub type Encode = fn(&StoredEntry) -> Option<String>;

/// A value of a row, as it is written; `of` is whose the row is.
fn value(reading: &Reading<'_>, of: Uuid, (table, column): (&str, &str), cell: Cell) -> Value {
    let (person, key, conversation) = (reading.person, reading.key.as_ref(), ConversationId::new(of));
    let opened = |field, bytes: &[u8]| person.customer.and_then(|customer| reading.vault.open(reading.tenant, customer, field, bytes));
    match cell {
        Cell::Null => Value::Null,
        Cell::Id(id) => json!(match column {
            "site_id" | "signed_site" => SiteId::new(id).to_string(),
            "visitor_id" | "into_id" => VisitorId::new(id).to_string(),
            "id" if table == "visitors" => VisitorId::new(id).to_string(),
            "id" if table == "customers" => CustomerId::new(id).to_string(),
            "subject_id" if person.customer == Some(CustomerId::new(id)) => CustomerId::new(id).to_string(),
            "subject_id" => VisitorId::new(id).to_string(),
            _ => id.to_string(),
        }),
        Cell::Bytes(bytes) => match table {
            "customers" => json!(opened(Field::Name, &bytes)),
            "customer_identifiers" => json!(opened(Field::Identifier, &bytes)),
            "signed_customers" => opened(Field::Signed, &bytes).and_then(|said| serde_json::from_str(&said).ok()).unwrap_or(Value::Null),
            "customer_facts" => opened(Field::Facts, &bytes).and_then(|facts| serde_json::from_str(&facts).ok()).unwrap_or(Value::Null),
            "left_messages" => json!(key.and_then(|key| key.open(Sealed::Contact, conversation, &bytes))),
            _ => Value::Null,
        },
        Cell::Int(number) if column.starts_with("is_") || column == "granted" => json!(number != 0),
        Cell::Int(number) => json!(number),
        // What is stored as JSON is written as what it says.
        Cell::Text(text) if column == "page" => open_page(key, conversation, &text).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(Value::Null),
        Cell::Text(text) if column == "state" && table == "bot_threads" => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Cell::Text(text) => Value::String(text),
    }
}

/// The name under which what is sealed in a table stands in the copy.
fn shown_name(table: &str, column: &'static str) -> &'static str {
    match (table, column) {
        ("customer_identifiers", "sealed") => "identifier",
        ("signed_customers", "sealed") => "said",
        ("customer_facts", "sealed") => "noted",
        _ => column,
    }
}

/// Reads a copy.
struct Reading<'a> {
    vault: &'a Vault,
    tenant: TenantId,
    person: &'a Person,
    reader: For,
    /// Opens what is sealed of conversations.
    key: Option<CompanyKey>,
}

impl Reading<'_> {
    async fn table(&self, tx: &mut Tx, (table, column): (&'static str, &'static str), id: Uuid, listed: &'static str) -> store::Result<Vec<Value>> {
        let columns = copies::columns(listed);
        let found = copies::rows(tx, self.tenant, table, column, id, listed).await?;
        let row = |cells: Vec<Cell>| {
            let named = columns.iter().zip(cells);
            Value::Object(named.map(|((name, _), cell)| (shown_name(table, name).to_owned(), value(self, id, (table, name), cell))).collect())
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// What is kept about the person outside conversations, by table.
    async fn about(&self, tx: &mut Tx) -> store::Result<Map<String, Value>> {
        let (customer, visitors) = (self.person.customer.map(CustomerId::uuid), self.person.visitors.iter().map(|visitor| visitor.uuid()));
        let (customers, visitors): (Vec<Uuid>, Vec<Uuid>) = (customer.into_iter().collect(), visitors.collect());
        let mut about = Map::new();
        for (table, copied) in copies::TABLES {
            let Some((whose, listed)) = self.reader.columns(*copied) else { continue };
            let (column, ids): (_, Vec<Uuid>) = match whose {
                Whose::Customer(column) => (column, customers.clone()),
                Whose::Visitor(column) => (column, visitors.clone()),
                Whose::Either(column) => (column, customers.iter().chain(&visitors).copied().collect()),
                Whose::Conversation(_) => continue,
            };
            let mut all = Vec::new();
            for id in ids {
                all.extend(self.table(tx, (table, column), id, listed).await?);
            }
            about.insert((*table).to_owned(), Value::Array(all));
        }
        Ok(about)
    }

    /// What is kept about a conversation beside its entries, by table.
    async fn about_conversation(&self, tx: &mut Tx, id: ConversationId) -> store::Result<Map<String, Value>> {
        let mut about = Map::new();
        for (table, copied) in copies::TABLES {
            let Some((Whose::Conversation(column), listed)) = self.reader.columns(*copied) else { continue };
            about.insert((*table).to_owned(), Value::Array(self.table(tx, (table, column), id.uuid(), listed).await?));
        }
        Ok(about)
    }
}

/// What is kept about a person outside conversations, by table: for whoever writes it down in a form of its own.
pub async fn about(tx: &mut Tx, vault: &Vault, tenant: TenantId, person: &Person, reader: For) -> store::Result<Map<String, Value>> {
    Reading { vault, tenant, person, reader, key: None }.about(tx).await
}

/// When to try again if too many are downloaded at the same time.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// Answers with a copy, which is read while it is sent.
///
/// # Errors
/// If so many are being downloaded that there is no room for another.
pub fn answer(app: &App, tenant: TenantId, company: Bilingual, person: Person, reader: For, encode: Encode) -> Result<Response, Problem> {
    let (pieces, body) = zipped::begin(tenant).ok_or_else(|| Problem::busy_for(TRY_AGAIN))?;
    let writing = Writing { app: app.clone(), tenant, person, reader, encode, pieces };
    // Nobody waits for it but whoever downloads it: it ends when they go.
    app.background().spawn(Box::pin(async move {
        if let Err(error) = writing.all(&company).await {
            tracing::warn!(error = %error, "a copy of what is kept about a person was not finished");
        }
    }));
    Ok(attachment(body))
}

fn attachment(body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"person.zip\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A copy that is being written.
struct Writing {
    app: App,
    tenant: TenantId,
    person: Person,
    reader: For,
    encode: Encode,
    pieces: Pieces,
}

/// Why a copy was not finished.
#[derive(Debug)]
enum Unfinished {
    Store(store::Error),
    Gone,
}

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Gone => f.write_str("nobody downloads it any more"),
        }
    }
}

impl From<store::Error> for Unfinished {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}
impl From<db::Error> for Unfinished {
    fn from(error: db::Error) -> Self {
        Self::Store(store::Error::Db(error))
    }
}
impl From<Gone> for Unfinished {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl Writing {
    async fn all(&self, company: &Bilingual) -> Result<(), Unfinished> {
        let vault = self.app.vault();
        let mut tx = self.app.db().read_of(self.tenant).await?;
        let key = company_key::find(&mut tx, &self.app.sealer(), self.tenant).await?;
        let reading = Reading { vault: &vault, tenant: self.tenant, person: &self.person, reader: self.reader, key };
        let about = reading.about(&mut tx).await?;
        drop(tx);
        let id = self.person.customer.map_or_else(|| self.person.visitors.first().map(ToString::to_string), |customer| Some(customer.to_string()));
        let head = json!({"company": company, "made_at": self.app.env().now(), "person": id, "about": about});
        self.pieces.begin("person.json").await?;
        self.pieces.write(head.to_string()).await?;
        for visitor in &self.person.visitors {
            let mut after = Uuid::nil();
            loop {
                let some = copies::conversations_after(&mut self.app.db().read_of(self.tenant).await?, self.tenant, *visitor, after, CONVERSATIONS).await?;
                let Some(last) = some.last() else { break };
                after = last.uuid();
                for conversation in some {
                    self.conversation(&reading, conversation).await?;
                }
            }
            let unsent = copies::files_unsent(&mut self.app.db().read_of(self.tenant).await?, self.tenant, *visitor).await?;
            self.files(unsent).await?;
        }
        Ok(self.pieces.end().await?)
    }

    async fn conversation(&self, reading: &Reading<'_>, id: ConversationId) -> Result<(), Unfinished> {
        let about = reading.about_conversation(&mut self.app.db().read_of(self.tenant).await?, id).await?;
        self.pieces.begin(&format!("conversations/{id}.json")).await?;
        self.pieces.write(format!("{{\"id\":\"{id}\",\"about\":{},\"entries\":[", Value::Object(about))).await?;
        let (mut after, mut is_first) = (0, true);
        loop {
            let stream = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
            let view = self.reader.view();
            let page = journal::page(&mut self.app.db().read_of(self.tenant).await?, self.tenant, stream, view, after, ENTRIES).await?;
            let mut text = String::new();
            for json in page.iter().filter_map(|entry| (self.encode)(entry)) {
                text.push_str(if is_first { "\n" } else { ",\n" });
                text.push_str(&json);
                is_first = false;
            }
            self.pieces.write(text).await?;
            let number = |entry: &StoredEntry| if view == View::Staff { Some(entry.seq) } else { entry.pseq };
            match page.last().and_then(number) {
                Some(last) if page.len() as i64 == ENTRIES => after = last,
                _ => break,
            }
        }
        self.pieces.write("\n]}\n".to_owned()).await?;
        let files = copies::files_in(&mut self.app.db().read_of(self.tenant).await?, self.tenant, id).await?;
        self.files(files).await
    }

    async fn files(&self, files: Vec<CopiedFile>) -> Result<(), Unfinished> {
        for file in files.into_iter().filter(|file| self.reader == For::Staff || !file.is_private) {
            let path = self.app.settings().files.join(self.tenant.uuid().as_simple().to_string()).join(file.id.uuid().as_simple().to_string());
            // A name is what somebody called the file: in a path, it must not lead elsewhere.
            let name: String = file.name.chars().map(|c| if c.is_control() || "/\\:".contains(c) { '_' } else { c }).collect();
            let name = if name.trim_matches(['.', ' ']).is_empty() { "file" } else { name.as_str() };
            self.pieces.file(&format!("files/{}/{name}", file.id), path).await?;
        }
        Ok(())
    }
}
