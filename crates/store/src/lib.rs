//! All SQL of the record: one module per aggregate, each function taking the tenant first. What must look things up before a tenant is known stands in [`entry_points`].

mod access;
pub mod audit;
pub mod canned_replies;
pub mod catalogue;
pub mod conversations;
pub mod customer_codes;
pub mod customer_sessions;
pub mod customer_visitors;
pub mod customers;
pub mod entry_points;
pub mod files;
pub mod goods;
pub mod goods_imports;
pub mod goods_numbers;
pub mod goods_pictures;
pub mod groups;
pub mod knowledge;
pub mod knowledge_categories;
pub mod knowledge_drafts;
pub mod knowledge_runs;
pub mod knowledge_tests;
pub mod knowledge_versions;
pub mod known_networks;
pub mod left_messages;
pub mod lists;
pub mod queues;
pub mod request_keys;
pub mod routing;
pub mod schema;
pub mod sign_in_links;
pub mod sites;
pub mod staff;
pub mod staff_sessions;
mod tenant_tx;
pub mod tenants;
pub mod text_messages;
pub mod unanswered;
pub mod visitor_moves;
pub mod visitors;
pub mod wall_links;
pub mod webhook_deliveries;
pub mod webhooks;

pub use tenant_tx::TenantTx;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this tenant.
    #[error("not found")]
    NotFound,
    /// It is no longer as the caller saw it: somebody changed it since it was read.
    #[error("changed since it was read")]
    Stale,
    /// Something else has the name, key or address that belongs to one only.
    #[error("taken")]
    Taken,
    /// The rules refuse it.
    #[error("{0}")]
    Refused(#[from] domain::refusal::Refusal),
    /// The database's.
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
    /// Its id within the company.
    pub id: String,
    /// The JSON.
    pub json: String,
}

/// Whether both engines take a text: PostgreSQL refuses U+0000, so what holds one is nowhere stored and need not be looked for.
fn can_be_stored(text: &str) -> bool {
    !text.contains('\0')
}

/// Ids that one statement names: an engine takes some thousand parameters, and is told of more in several.
const AT_ONCE: usize = 500;

/// The places of so many parameters, from the `first` on: `$3, $4, $5`.
fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
