//! The plans of a company: what customers pay monthly, and what that includes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{line, text::Bilingual};

use crate::goods::{GoodsError, check_price};

/// The most plans of a company, deleted ones included.
pub const MAX_PLANS: usize = 500;
/// The audience of a plan that anybody can have.
pub const EVERYONE: &str = "everyone";
/// The longest name, in characters.
const MAX_NAME: usize = 120;
/// The longest note in one language, in characters.
const MAX_NOTES: usize = 1_000;
/// The longest audience, in characters.
const MAX_AUDIENCE: usize = 60;
/// The most gigabytes, minutes, messages or Mbit/s.
pub const MAX_ALLOWANCE: i64 = 1_000_000;
/// The most countries and regions covered abroad.
pub const MAX_DESTINATIONS: i64 = 300;
/// The longest contract, in months.
pub const MAX_MONTHS: i64 = 120;
/// The most supplementary cards.
pub const MAX_CARDS: i64 = 20;

/// The monthly allowance for use abroad.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Roaming {
    /// Data in gigabytes.
    pub data_gb: i64,
    /// Calls in minutes.
    pub voice_min: i64,
    /// The number of countries and regions covered.
    pub destinations: i64,
}

/// Supplementary cards on one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplementaryCards {
    /// The maximum number of cards.
    pub max: i64,
    /// The number of those cards that are free of charge.
    pub free: i64,
}

/// A plan, as stored in its document and shown to customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// The id of the plan.
    pub id: String,
    /// The name customers see.
    pub name: Bilingual,
    /// The monthly fee in fen.
    pub monthly_fee_fen: i64,
    /// Gigabytes of data per month.
    pub data_gb: i64,
    /// Minutes of calls per month.
    pub voice_min: i64,
    /// Text messages per month.
    pub sms: i64,
    /// The allowance for use abroad.
    pub roaming: Roaming,
    /// The speed of home broadband in Mbit/s; 0 if there is none.
    pub broadband_mbps: i64,
    /// The minimum contract term in months; 0 if there is none.
    pub contract_months: i64,
    /// The customers who are eligible for the plan.
    pub audience: String,
    /// Anything else the customer should know.
    pub notes: Bilingual,
    /// The supplementary cards.
    pub supplementary_cards: SupplementaryCards,
}

/// Why a plan was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Both names are empty, or one is too long or not on one line.
    #[error("a plan needs a name in at least one language, at most 120 characters each, on one line")]
    Name,
    /// The fee is invalid.
    #[error("{0}")]
    Fee(GoodsError),
    /// An allowance, named by its field, is below zero or too high.
    #[error("{0} must be a whole number from 0 to {1}")]
    Number(&'static str, i64),
    /// More cards are free than can be had.
    #[error("no more cards can be free than the plan has")]
    FreeCards,
    /// The audience is empty, too long or not on one line.
    #[error("an audience has 1 to 60 characters on one line")]
    Audience,
    /// The notes are too long.
    #[error("notes can have at most 1,000 characters in each language")]
    Notes,
}

impl PlanError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Fee(_) => "monthly_fee_fen",
            Self::Number(field, _) => field,
            Self::FreeCards => "supplementary_cards.free",
            Self::Audience => "audience",
            Self::Notes => "notes",
        }
    }
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains('\0')
}
fn on_one_line(text: &str, most: usize) -> bool {
    fits(text, most) && !text.contains(char::is_control)
}

impl Plan {
    /// The plan without white space around its texts, and for everyone unless it says for whom.
    #[must_use]
    pub fn tidied(self) -> Self {
        let audience = if self.audience.trim().is_empty() { EVERYONE } else { self.audience.trim() }.to_owned();
        Self { name: self.name.trimmed(), notes: self.notes.trimmed(), audience, ..self }
    }

    /// The first field in which customers would pay something else than with `other`, get something else for it, or be others; `None` if only texts differ.
    pub fn differing_term(&self, other: &Self) -> Option<&'static str> {
        let Self {
            id: _,
            name: _,
            monthly_fee_fen,
            data_gb,
            voice_min,
            sms,
            roaming,
            broadband_mbps,
            contract_months,
            audience,
            notes: _,
            supplementary_cards,
        } = self;
        let terms = [
            ("monthly_fee_fen", *monthly_fee_fen == other.monthly_fee_fen),
            ("data_gb", *data_gb == other.data_gb),
            ("voice_min", *voice_min == other.voice_min),
            ("sms", *sms == other.sms),
            ("roaming", *roaming == other.roaming),
            ("broadband_mbps", *broadband_mbps == other.broadband_mbps),
            ("contract_months", *contract_months == other.contract_months),
            ("audience", *audience == other.audience),
            ("supplementary_cards", *supplementary_cards == other.supplementary_cards),
        ];
        terms.into_iter().find(|(_, is_same)| !is_same).map(|(field, _)| field)
    }

    /// Checks all fields but the id.
    pub fn check(&self) -> Result<(), PlanError> {
        let ensure = |fine: bool, error: PlanError| if fine { Ok(()) } else { Err(error) };
        let named = [&self.name.zh, &self.name.en].into_iter().any(|name| !line::visible(name).trim().is_empty());
        ensure(named && on_one_line(&self.name.zh, MAX_NAME) && on_one_line(&self.name.en, MAX_NAME), PlanError::Name)?;
        check_price(self.monthly_fee_fen).map_err(PlanError::Fee)?;
        for (field, value, most) in [
            ("data_gb", self.data_gb, MAX_ALLOWANCE),
            ("voice_min", self.voice_min, MAX_ALLOWANCE),
            ("sms", self.sms, MAX_ALLOWANCE),
            ("roaming.data_gb", self.roaming.data_gb, MAX_ALLOWANCE),
            ("roaming.voice_min", self.roaming.voice_min, MAX_ALLOWANCE),
            ("roaming.destinations", self.roaming.destinations, MAX_DESTINATIONS),
            ("broadband_mbps", self.broadband_mbps, MAX_ALLOWANCE),
            ("contract_months", self.contract_months, MAX_MONTHS),
            ("supplementary_cards.max", self.supplementary_cards.max, MAX_CARDS),
            ("supplementary_cards.free", self.supplementary_cards.free, MAX_CARDS),
        ] {
            ensure((0..=most).contains(&value), PlanError::Number(field, most))?;
        }
        ensure(self.supplementary_cards.free <= self.supplementary_cards.max, PlanError::FreeCards)?;
        ensure(!self.audience.trim().is_empty() && on_one_line(&self.audience, MAX_AUDIENCE), PlanError::Audience)?;
        ensure(fits(&self.notes.zh, MAX_NOTES) && fits(&self.notes.en, MAX_NOTES), PlanError::Notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan { name: Bilingual { zh: "云享".to_owned(), en: "Cloud".to_owned() }, audience: EVERYONE.to_owned(), ..Plan::default() }
    }

    #[test]
    fn each_rule_names_its_field() {
        assert_eq!(plan().check(), Ok(()));
        let long = Bilingual { zh: "长".repeat(MAX_NOTES + 1), en: String::new() };
        for (bad, field) in [
            (Plan { name: Bilingual::default(), ..plan() }, "name"),
            (Plan { monthly_fee_fen: -1, ..plan() }, "monthly_fee_fen"),
            (Plan { data_gb: MAX_ALLOWANCE + 1, ..plan() }, "data_gb"),
            (Plan { roaming: Roaming { destinations: 301, ..Roaming::default() }, ..plan() }, "roaming.destinations"),
            (Plan { contract_months: -1, ..plan() }, "contract_months"),
            (Plan { supplementary_cards: SupplementaryCards { max: 1, free: 2 }, ..plan() }, "supplementary_cards.free"),
            (Plan { supplementary_cards: SupplementaryCards { max: 21, free: 0 }, ..plan() }, "supplementary_cards.max"),
            (Plan { audience: "a\nb".to_owned(), ..plan() }, "audience"),
            (Plan { notes: long, ..plan() }, "notes"),
        ] {
            assert_eq!(bad.check().map_err(PlanError::field), Err(field));
        }
    }

    #[test]
    fn a_plan_is_for_everyone_unless_it_says_for_whom() {
        let tidied = |audience: &str| Plan { audience: audience.to_owned(), ..plan() }.tidied().audience;
        assert_eq!((tidied(" "), tidied(" households ")), (EVERYONE.to_owned(), "households".to_owned()));
    }
}
