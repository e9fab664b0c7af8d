//! The statements that erase what somebody said, or who they are, wherever it is stored; and what was erased.
//!
//! They know the tables of all other groups, because whoever is forgotten is forgotten everywhere.

/// The kinds of entries with words that an erasure takes back ([`domain::erasure::has_words`]), as a list of SQL.
macro_rules! kinds_with_words {
    () => {
        "('opened', 'message', 'note', 'rated', 'handoff', 'asked_about', 'corrected', 'note_corrected', 'visitor_blocked')"
    };
}

pub mod conversations;
pub mod copies;
pub mod erasures;
pub mod learned;
pub mod people;
pub mod purposes;
pub mod retention;
pub mod settings;

use std::collections::BTreeMap;

use db::{Tx, q};
use domain::id::TenantId;
use store::Result;
use uuid::Uuid;

/// The same as text, for who compares it with what the rules say.
pub const KINDS_WITH_WORDS: &str = kinds_with_words!();

/// How much was erased, by place.
pub type Places = BTreeMap<String, i64>;

/// Runs statements about something of a company, each with the place it erases from; returns how many rows they changed. Their parameters are the company and the id.
async fn each(tx: &mut Tx, tenant: TenantId, id: Uuid, statements: &[(&str, &'static str)]) -> Result<Places> {
    let mut places = Places::new();
    for (place, sql) in statements {
        let changed = q!(tx, |c| sqlx::query(*sql).bind(tenant.uuid()).bind(id).execute(c).await.map(|done| done.rows_affected()))?;
        count(&mut places, place, changed);
    }
    Ok(places)
}

/// Adds to what was erased from a place.
pub fn count(places: &mut Places, place: &str, rows: u64) {
    if rows > 0 {
        *places.entry(place.to_owned()).or_default() += i64::try_from(rows).unwrap_or(i64::MAX);
    }
}

/// Adds what was erased to what was erased before.
pub fn add(places: &mut Places, more: Places) {
    for (place, rows) in more {
        *places.entry(place).or_default() += rows;
    }
}
