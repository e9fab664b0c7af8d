//! What somebody allows to be stored about them, as pages show it.

use domain::{
    consent::{AnsweredIn, Purpose, WORDING},
    time::Ts,
};
use serde::Serialize;
use service::consents::Standing;
use utoipa::ToSchema;

/// What a person allows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Consents {
    /// The version of the sentences that pages show now; an answer says which one was read.
    pub wording: i64,
    /// Every purpose.
    pub purposes: Vec<ConsentView>,
}

/// A purpose, and what the person answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentView {
    /// What something is stored for.
    pub purpose: Purpose,
    /// Whether the company stores anything for it of people who agree. If not, nobody is asked.
    pub used: bool,
    /// Whether the person agrees; `null` if they were not asked, which counts as no.
    #[schema(required)]
    pub granted: Option<bool>,
    /// Since when; `null` if they were not asked.
    #[schema(required)]
    pub since: Option<Ts>,
    /// Where they answered; `null` if they were not asked.
    #[schema(required)]
    pub place: Option<AnsweredIn>,
}

impl From<Standing> for ConsentView {
    fn from(Standing { purpose, used, answer }: Standing) -> Self {
        Self { purpose, used, granted: answer.map(|answer| answer.granted), since: answer.map(|answer| answer.at), place: answer.map(|answer| answer.place) }
    }
}

impl From<Vec<Standing>> for Consents {
    fn from(all: Vec<Standing>) -> Self {
        Self { wording: WORDING, purposes: all.into_iter().map(ConsentView::from).collect() }
    }
}
