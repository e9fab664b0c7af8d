//! What is kept about one person, for a copy of it: of each table the rows that are the person's, or why none of them are in the copy. A test compares the list with
//! that of the tables in which a person is erased, so that a migration without a line here fails.

use db::{
    Tx,
    bulk::Value,
    cells::{self, Cell, Kind},
    q, row,
};
use domain::id::{ConversationId, FileId, TenantId, VisitorId};
use store::Result;
use uuid::Uuid;

/// Whose the rows of a table are: the column has this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A customer's.
    Customer(&'static str),
    /// A visitor's.
    Visitor(&'static str),
    /// Of either.
    Either(&'static str),
    /// They are of a conversation.
    Conversation(&'static str),
}

/// What a copy has of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// These columns of the person's rows, each with its kind. Sealed ones are opened.
    Rows(Whose, &'static str),
    /// The same, in the copy for the company only: it says how the company works, not who the person is.
    ForStaff(Whose, &'static str),
    /// It is in the copy in a form of its own, which is this.
    Apart(&'static str),
    /// Nothing, because of this.
    None(&'static str),
}

use Copied::{Apart, ForStaff, None, Rows};
use Whose::{Conversation, Customer, Either, Visitor};

const LEARNED: &str = "it is what the bot learned: words without whose they are; they are in the conversation that they come from";

/// Every table in which something of a person is kept.
pub const TABLES: &[(&str, Copied)] = &[
    ("alerts", ForStaff(Conversation("subject_id"), "kind:text level:text raised_at:int done_at:int")),
    ("bot_threads", ForStaff(Conversation("conversation_id"), "episode:int state:text updated_at:int")),
    ("consents", Rows(Either("subject_id"), "subject_id:id purpose:text granted:int at:int place:text wording:int is_current:int relied_at:int")),
    (
        "conversations",
        Rows(
            Conversation("id"),
            "site_id:id visitor_id:id channel:text state:text lang:text product:text page:text created_at:int resolved_at:int left_at:int",
        ),
    ),
    ("customer_codes", Rows(Customer("customer_id"), "purpose:text created_at:int expires_at:int spent_at:int")),
    ("customer_facts", Rows(Customer("customer_id"), "sealed:bytes")),
    ("customer_identifiers", Rows(Customer("customer_id"), "kind:text sealed:bytes verified_at:int")),
    ("customer_labels", ForStaff(Customer("customer_id"), "label_id:id at:int")),
    ("customer_merges", None("it says whom the staff take for one person; what they know of each is in the copy of each")),
    ("customer_sessions", Rows(Customer("customer_id"), "user_agent:text created_at:int last_seen_at:int expires_at:int signed_site:id")),
    ("customer_terms", None("it is keyed digests of what is in the copy")),
    ("customer_tickets", None("it is a digest of a secret, and valid for a minute")),
    ("customer_visitors", Rows(Customer("customer_id"), "site_id:id visitor_id:id")),
    ("customers", Rows(Customer("id"), "id:id name:bytes lang:text created_at:int updated_at:int")),
    ("customers_with_terms", None("it says that the digests are there")),
    (
        "episodes",
        Rows(
            Conversation("conversation_id"),
            "number:int began_with:text created_at:int human_requested_at:int accepted_at:int ended_at:int outcome:text score:int comment:text solved:int",
        ),
    ),
    ("erasures", ForStaff(Either("subject"), "kind:text reason:text state:text asked_name:text asked_at:int done_at:int")),
    ("files", Apart("the files themselves")),
    ("hidden_numbers", None("the entries have these numbers shortened, also for whoever wrote them")),
    ("interventions", ForStaff(Conversation("conversation_id"), "mode:text began_at:int ended_at:int")),
    ("jobs", None("a letter to the person that waits is sealed for sending, and reaches them")),
    ("journal_entries", Apart("the entries of each conversation")),
    ("journal_heads", None("it counts the entries")),
    ("journal_marks", Rows(Conversation("stream_id"), "side:text received:int read:int")),
    ("journal_refusals", ForStaff(Conversation("stream_id"), "code:text at:int")),
    ("kept_phrasings", None(LEARNED)),
    ("knowledge", None(LEARNED)),
    ("knowledge_drafts", None(LEARNED)),
    ("knowledge_runs", None(LEARNED)),
    ("knowledge_tests", None(LEARNED)),
    ("knowledge_version_entries", None(LEARNED)),
    ("left_messages", Rows(Conversation("conversation_id"), "episode:int left_at:int promised_by:int done_at:int answered:int contact:bytes")),
    ("rating_comments", Rows(Conversation("conversation_id"), "episode:int rated_at:int done_at:int")),
    ("recommendation_signals", Rows(Visitor("visitor_id"), "kind:text item:text looked:int asked:int score:int at:int")),
    ("request_keys", None("it repeats answers to requests of the last days, all of which tell of rows that are in the copy")),
    ("signed_customers", Rows(Customer("customer_id"), "site_id:id sealed:bytes signed_at:int")),
    ("unanswered", ForStaff(Conversation("conversation_id"), "seq:int at:int state:text reason:text")),
    ("visitor_blocks", ForStaff(Visitor("visitor_id"), "reason:text at:int until:int")),
    ("visitor_devices", Rows(Visitor("visitor_id"), "expires_at:int replaced_at:int")),
    ("visitor_moves", Rows(Visitor("visitor_id"), "into_id:id site_id:id begun_at:int")),
    ("visitor_tokens", Rows(Visitor("visitor_id"), "site_id:id expires_at:int")),
    ("visitors", Rows(Visitor("id"), "id:id site_id:id lang:text first_seen_at:int last_seen_at:int")),
    ("webhook_attempts", None("it is what another system answered; what it was told of is in the conversation")),
];

/// The most rows of one table about one id.
const MOST: i64 = 10_000;

/// The columns of a list such as `id:id at:int`.
pub fn columns(listed: &'static str) -> Vec<(&'static str, Kind)> {
    let kind = |kind| match kind {
        "id" => Kind::Id,
        "bytes" => Kind::Bytes,
        "int" => Kind::Int,
        _ => Kind::Text,
    };
    listed.split(' ').filter_map(|column| column.split_once(':')).map(|(name, of)| (name, kind(of))).collect()
}

/// The rows of a table that are of a customer, a visitor or a conversation, with these columns.
pub async fn rows(tx: &mut Tx, tenant: TenantId, table: &'static str, column: &'static str, id: Uuid, listed: &'static str) -> Result<Vec<Vec<Cell>>> {
    let columns = columns(listed);
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
    let sql = format!("SELECT {names} FROM {table} WHERE tenant_id = $1 AND {column} = $2 ORDER BY {names} LIMIT $3");
    Ok(cells::read(tx, &sql, &[Value::Uuid(tenant.uuid()), Value::Uuid(id), Value::Int(Some(MOST))], &kinds).await?)
}

/// The conversations of a visitor after one, in order, without those that are being erased.
pub async fn conversations_after(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, after: Uuid, limit: i64) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 AND id > $3 AND erasing_at IS NULL ORDER BY id LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

row! {
    struct FileRow { id: Uuid, name: String, mime: String, size: i64, created_at: i64, is_private: i64 }
}

/// A file of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedFile {
    /// Its id.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub mime: String,
    /// Its size, in bytes.
    pub bytes: i64,
    /// When it was uploaded.
    pub created_at: i64,
    /// Whether only the staff sees it.
    pub is_private: bool,
}

fn read(row: FileRow) -> CopiedFile {
    let FileRow { id, name, mime, size, created_at, is_private } = row;
    CopiedFile { id: FileId::new(id), name, mime, bytes: size, created_at, is_private: is_private != 0 }
}

/// The files of a conversation.
pub async fn files_in(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Vec<CopiedFile>> {
    let rows: Vec<FileRow> =
        q!(tx, |c| sqlx::query_as("SELECT id, name, mime, size, created_at, is_private FROM files WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY id")
            .bind(tenant.uuid())
            .bind(conversation.uuid())
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The files that a visitor uploaded and did not send, without those that they took back.
pub async fn files_unsent(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<CopiedFile>> {
    let rows: Vec<FileRow> = q!(tx, |c| sqlx::query_as(
        "SELECT id, name, mime, size, created_at, is_private FROM files
         WHERE tenant_id = $1 AND owner_kind = 'visitor' AND owner_id = $2 AND conversation_id IS NULL AND recalled_at IS NULL ORDER BY id"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(read).collect())
}
