//! What the customer says that it is about, before a person is asked for, and what they are offered while they wait.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{id::QuestionKindId, text::Bilingual, time::Ts};

/// A kind of question, as it was when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuestionKindRef {
    /// The id of the kind.
    pub id: QuestionKindId,
    /// Its name.
    pub name: Bilingual,
}

/// A detail that the customer gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Detail {
    /// What was asked for.
    pub label: Bilingual,
    /// The customer's words.
    pub text: String,
}

/// The customer is offered to leave a message instead of waiting on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageOffered {
    /// By when such a message is answered, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub promised_by: Option<Ts>,
}

/// The customer said what it is about, or skipped that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskedAbout {
    /// The kind of question; none if the customer skipped that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub question: Option<QuestionKindRef>,
    /// The details that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub details: Vec<Detail>,
}
