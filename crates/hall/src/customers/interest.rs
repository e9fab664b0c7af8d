//! An interest of a customer, as it stands in the file that the customer downloads.

use content::recommendation::{Interest, ItemKind};
use domain::{text::Bilingual, time::Ts};
#[cfg(test)]
use serde::Deserialize;
use serde::Serialize;
use service::recommend::noted::Noted;
use utoipa::ToSchema;

/// Something that the customer took an interest in.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct ExportedInterest {
    /// What it is.
    pub kind: ItemKind,
    /// Its id among those of its kind.
    pub id: String,
    /// Its name, or the question; `null` if it no longer exists.
    #[schema(required)]
    pub name: Option<Bilingual>,
    /// How often the customer looked at it.
    pub looked: i64,
    /// How often the customer asked about it, or showed it.
    pub asked: i64,
    /// How the customer last rated a conversation about it; 1 is the worst.
    #[schema(required)]
    pub score: Option<i64>,
    /// When the interest was last shown.
    pub at: Ts,
}

impl From<Noted> for ExportedInterest {
    fn from(Noted { kind, id, name, interest: Interest { looked, asked, score, at } }: Noted) -> Self {
        Self { kind, id, name, looked, asked, score, at }
    }
}
