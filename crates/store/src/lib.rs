//! SQL that reads and writes the record: one module per aggregate, whose functions take the tenant first. Look-ups that run before a tenant is known are in
//! [`entry_points`].
//!
//! Here is what all statements share, and what other statements and rules are built on: conversations, visitors, staff, queues, sites and companies. The crates
//! `store-…` have a group of statements each, which use nothing but this.

pub mod access;
pub mod announcements;
pub mod api_tokens;
pub mod audit;
pub mod audit_retention;
pub mod boards;
pub mod bot_answers;
pub mod bot_threads;
pub mod changes;
mod columns;
pub mod company_keys;
pub mod consents;
pub mod conversations;
pub mod departments;
pub mod due;
pub mod entry_points;
pub mod feedback;
pub mod fragments;
pub mod groups;
pub mod hidden_numbers;
pub mod jobs;
pub mod judgements;
pub mod known_networks;
pub mod left_messages;
pub mod limits;
pub mod passkeys;
pub mod people;
pub mod practice;
pub mod question_kinds;
pub mod queues;
pub mod rating_comments;
pub mod reach;
pub mod request_keys;
pub mod roles;
pub mod routing;
pub mod schema;
pub mod second_steps;
pub mod sends;
pub mod sign_in_links;
pub mod sign_in_steps;
pub mod single_sign_on;
pub mod site_secrets;
pub mod site_sightings;
pub mod sites;
pub mod skills;
pub mod staff;
pub mod staff_sessions;
pub mod table;
mod tenant_tx;
pub mod tenants;
pub mod visitor_blocks;
pub mod visitor_moves;
pub mod visitors;
pub mod wall_links;

pub use tenant_tx::TenantTx;

/// Why the store could not carry out a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist in this tenant.
    #[error("not found")]
    NotFound,
    /// Someone changed it since the caller read it.
    #[error("changed since it was read")]
    Stale,
    /// A name, key or address that must be unique is already in use.
    #[error("taken")]
    Taken,
    /// The rules refuse it.
    #[error("{0}")]
    Refused(#[from] domain::refusal::Refusal),
    /// A database error.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(e) = &error
            && e.is_unique_violation()
        {
            return Self::Taken;
        }
        Self::Db(db::Error::Sql(error))
    }
}

impl db::writer::WriteError for Error {
    fn as_db(&self) -> Option<&db::Error> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// The result of a store function.
pub type Result<T> = std::result::Result<T, Error>;

/// A stored JSON document and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The id, unique within the company.
    pub id: String,
    /// The document's JSON.
    pub json: String,
}

/// Whether both engines can store a text: PostgreSQL refuses U+0000, so a text that contains it is stored nowhere and need not be looked up.
pub fn can_be_stored(text: &str) -> bool {
    !text.contains('\0')
}

/// The maximum number of ids in one statement: an engine accepts a few thousand parameters, so longer lists take several statements.
pub const AT_ONCE: usize = 500;

/// The placeholders of `count` parameters, starting with number `first`: `$3, $4, $5`.
pub fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
