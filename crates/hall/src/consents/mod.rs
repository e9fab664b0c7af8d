//! What visitors and customers allow to be stored about them, and what they then have stored.

pub mod customer;
pub mod page;
pub mod visitor;

use domain::{
    consent::{AnsweredIn, Purpose, is_wording},
    refusal::Code,
};
use http_kit::{App, problem::Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(visitor::get_visitor_consents, visitor::answer_as_visitor))
        .routes(routes!(customer::get_customer_consents, customer::answer_as_customer))
        .routes(routes!(page::note_page))
}

/// What somebody answers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswers {
    /// An answer for each purpose that was asked about.
    pub answers: Vec<ConsentAnswer>,
    /// The version of the sentences that were shown: `wording` of what was read.
    pub wording: i64,
    /// Where they were shown: `widget` or `hall`.
    pub place: AnsweredIn,
}

/// An answer for a purpose.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswer {
    /// The purpose.
    pub purpose: Purpose,
    /// Whether something may be stored for it. A no deletes what was.
    pub granted: bool,
}

impl ConsentAnswers {
    /// The answers, each purpose once.
    fn checked(&self) -> Result<Vec<(Purpose, bool)>, Problem> {
        let invalid = |field: &str, why: &str| Problem::invalid(field, Code::InvalidValue, why);
        let answers: Vec<(Purpose, bool)> = self.answers.iter().map(|one| (one.purpose, one.granted)).collect();
        let is_once = |at: usize| answers.iter().take(at).all(|(purpose, _)| answers.get(at).is_none_or(|(this, _)| this != purpose));
        if answers.is_empty() || !(0..answers.len()).all(is_once) {
            return Err(invalid("answers", "one answer for each purpose that was asked about"));
        }
        if !is_wording(self.wording) {
            return Err(invalid("wording", "the version of the sentences that were shown"));
        }
        if self.place == AnsweredIn::Before {
            return Err(invalid("place", "`widget` or `hall`"));
        }
        Ok(answers)
    }
}
