//! What a company may use and what it uses, as its administrators and the installation's operator see it.

use serde::{Deserialize, Serialize};
use store::limits::{Limits, Used};
use utoipa::ToSchema;

/// What a company may use; `null` is without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompanyLimits {
    /// Members of the staff who are not disabled.
    #[schema(required)]
    pub seats: Option<i64>,
    /// Sites.
    #[schema(required)]
    pub sites: Option<i64>,
    /// Messages that its customers write on a day (UTC).
    #[schema(required)]
    pub daily_messages: Option<i64>,
    /// Text messages that are sent for it on a day (UTC); not more than the installation's settings allow every company.
    #[schema(required)]
    pub daily_texts: Option<i64>,
    /// Bytes of files.
    #[schema(required)]
    pub storage: Option<i64>,
}

impl From<Limits> for CompanyLimits {
    fn from(Limits { seats, sites, daily_messages, daily_texts, storage }: Limits) -> Self {
        Self { seats, sites, daily_messages, daily_texts, storage }
    }
}

/// What a company uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanyUse {
    /// Members of the staff who are not disabled.
    pub seats: i64,
    /// Sites.
    pub sites: i64,
    /// Messages that its customers wrote today (UTC), to a few seconds.
    pub daily_messages: i64,
    /// Text messages that were sent for it today (UTC).
    pub daily_texts: i64,
    /// Bytes of files.
    pub storage: i64,
}

impl From<Used> for CompanyUse {
    fn from(Used { seats, sites, daily_messages, daily_texts, storage }: Used) -> Self {
        Self { seats, sites, daily_messages, daily_texts, storage }
    }
}
