//! Kinds of question: what a customer says, before a person is asked for, that it is about, and which details belong to it.

use normal::text::name as key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    entry::body::{AskedAbout, Detail, QuestionKindRef},
    id::{QuestionKindId, QueueId},
    line,
    refusal::Code,
    text::{self, Bilingual},
    time::Ts,
};

/// The most kinds of question of a company, those that are archived included.
pub const MAX_QUESTION_KINDS: usize = 100;
/// The most details that a kind asks for.
pub const MAX_DETAILS: usize = 3;
/// The longest name of a kind, and the longest label of a detail, in one language, in characters.
pub const MAX_QUESTION_KIND_CHARS: usize = 30;
/// The longest detail that a customer may give, in characters.
pub const MAX_DETAIL_CHARS: usize = 200;

/// A kind of question of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionKind {
    /// The id.
    pub id: QuestionKindId,
    /// Its name, which customers see, in at least one language; in each, no other kind of the company has it.
    pub name: Bilingual,
    /// The queue in which such questions wait; `None` for that of the site.
    pub queue: Option<QueueId>,
    /// What customers are asked to add.
    pub details: Vec<DetailField>,
    /// Since when customers cannot choose it any more; `None` while they can.
    pub archived_at: Option<Ts>,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// A detail that a kind of question asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DetailField {
    /// What is asked for, in at least one language, at most 30 characters each.
    pub label: Bilingual,
    /// Whether it has to be given.
    pub required: bool,
}

/// A detail as a customer gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenDetail {
    /// The label of its field, in either language.
    pub label: String,
    /// The customer's words.
    pub text: String,
}

/// What is wrong with a kind of question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionKindError {
    /// It has no name, or one that is too long or deceptive.
    #[error(
        "a kind of question needs a name in at least one language, at most {MAX_QUESTION_KIND_CHARS} characters each, on one line and none of them invisible"
    )]
    Name,
    /// A different kind has this name.
    #[error("another kind of question already has this name")]
    NameTaken,
    /// There would be too many.
    #[error("a company can have at most {MAX_QUESTION_KINDS} kinds of question, archived ones included")]
    TooMany,
    /// It asks for too many details.
    #[error("a kind of question asks for at most {MAX_DETAILS} details")]
    TooManyDetails,
    /// The label of this detail is missing, too long or deceptive, or another one has it.
    #[error("a detail needs a label in at least one language, at most {MAX_QUESTION_KIND_CHARS} characters each, that no other detail has")]
    Label(usize),
}

impl QuestionKindError {
    /// The field of the request that the error is about.
    pub fn field(&self) -> String {
        match self {
            Self::Name | Self::NameTaken | Self::TooMany => "name".to_owned(),
            Self::TooManyDetails => "details".to_owned(),
            Self::Label(n) => format!("details.{n}.label"),
        }
    }
    /// The code that pages translate.
    pub const fn code(&self) -> Code {
        match self {
            Self::Name | Self::TooManyDetails | Self::Label(_) => Code::InvalidValue,
            Self::NameTaken => Code::QuestionKindNameTaken,
            Self::TooMany => Code::TooManyQuestionKinds,
        }
    }
}

/// Whether a name fits: in at least one language, on one line, and not deceptive.
fn fits(Bilingual { zh, en }: &Bilingual) -> bool {
    let one = |name: &str| name.is_empty() || (text::check(name, 1024).is_ok() && name.chars().count() <= MAX_QUESTION_KIND_CHARS && !line::deceives(name));
    !(zh.is_empty() && en.is_empty()) && one(zh) && one(en)
}

/// Whether two names are the same in one of the languages.
fn is_same(one: &Bilingual, other: &Bilingual) -> bool {
    let same = |one: &str, other: &str| !one.is_empty() && key(one) == key(other);
    same(&one.zh, &other.zh) || same(&one.en, &other.en)
}

/// Whether a word of one is a word of the other, in whichever languages: a customer's detail is known by its label in either.
fn is_alike(one: &Bilingual, other: &Bilingual) -> bool {
    let same = |one: &str, other: &str| !one.is_empty() && key(one) == key(other);
    is_same(one, other) || same(&one.zh, &other.en) || same(&one.en, &other.zh)
}

impl QuestionKind {
    /// Checks a kind that is added or changed beside the other kinds of its company, among which it may stand itself.
    pub fn check(&self, all: &[Self]) -> Result<(), QuestionKindError> {
        if !fits(&self.name) {
            return Err(QuestionKindError::Name);
        }
        if all.iter().any(|other| other.id != self.id && is_same(&self.name, &other.name)) {
            return Err(QuestionKindError::NameTaken);
        }
        if all.iter().all(|other| other.id != self.id) && all.len() >= MAX_QUESTION_KINDS {
            return Err(QuestionKindError::TooMany);
        }
        if self.details.len() > MAX_DETAILS {
            return Err(QuestionKindError::TooManyDetails);
        }
        for (n, DetailField { label, .. }) in self.details.iter().enumerate() {
            if !fits(label) || self.details[..n].iter().any(|before| is_alike(label, &before.label)) {
                return Err(QuestionKindError::Label(n));
            }
        }
        Ok(())
    }

    /// What a customer says who chooses this kind and gives these details: each belongs to one of its fields, and none that is required is missing.
    pub fn asked_about(&self, given: &[GivenDetail]) -> Result<AskedAbout, Code> {
        if self.archived_at.is_some() {
            return Err(Code::QuestionKindUnknown);
        }
        let is_of = |field: &DetailField, one: &GivenDetail| !one.label.is_empty() && (field.label.zh == one.label || field.label.en == one.label);
        if given.iter().any(|one| !self.details.iter().any(|field| is_of(field, one))) {
            return Err(Code::QuestionKindUnknown);
        }
        let mut details = Vec::with_capacity(self.details.len());
        for field in &self.details {
            let text = given.iter().find(|one| is_of(field, one)).map(|one| line::visible(one.text.trim())).unwrap_or_default();
            match text::check(&text, text::MAX_TEXT_BYTES) {
                Ok(()) if text.chars().count() > MAX_DETAIL_CHARS => return Err(Code::TextTooLong),
                Ok(()) => details.push(Detail { label: field.label.clone(), text }),
                Err(text::TextError::Empty) if field.required => return Err(Code::DetailMissing),
                Err(text::TextError::Empty) => {}
                Err(text::TextError::TooLong) => return Err(Code::TextTooLong),
                Err(text::TextError::Nul) => return Err(Code::TextUnacceptable),
            }
        }
        Ok(AskedAbout { question: Some(QuestionKindRef { id: self.id, name: self.name.clone() }), details })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn both(zh: &str, en: &str) -> Bilingual {
        Bilingual { zh: zh.into(), en: en.into() }
    }
    fn kind(n: u128, zh: &str, en: &str) -> QuestionKind {
        let details = vec![DetailField { label: both("订单号", "Order"), required: true }, DetailField { label: both("手机型号", "Phone"), required: false }];
        QuestionKind { id: QuestionKindId::new(Uuid::from_u128(n)), name: both(zh, en), queue: None, details, archived_at: None, updated_at: Ts(1) }
    }
    fn given(label: &str, text: &str) -> GivenDetail {
        GivenDetail { label: label.into(), text: text.into() }
    }

    #[test]
    fn names_and_labels_are_said_once_however_they_are_written() {
        let all = [kind(1, "退费", "Refund")];
        assert_eq!(kind(2, "开票", "REFUND").check(&all), Err(QuestionKindError::NameTaken));
        assert_eq!(kind(1, "退费", "Refund").check(&all), Ok(()));
        assert_eq!(kind(2, "", "").check(&all), Err(QuestionKindError::Name));
        let mut twice = kind(2, "开票", "");
        twice.details[1].label = both("", "order");
        assert_eq!(twice.check(&all), Err(QuestionKindError::Label(1)));
        twice.details[1].label = both("ORDER", "");
        assert_eq!(twice.check(&all), Err(QuestionKindError::Label(1)), "a label is known in either language");
        twice.details = vec![DetailField { label: both("一", ""), required: false }; 4];
        assert_eq!(twice.check(&all), Err(QuestionKindError::TooManyDetails));
        let many: Vec<QuestionKind> = (0..MAX_QUESTION_KINDS).map(|n| kind(n as u128, &format!("类型{n}"), "")).collect();
        assert_eq!(kind(1000, "新", "").check(&many), Err(QuestionKindError::TooMany));
    }

    #[test]
    fn a_customer_gives_what_the_kind_asks_for_and_nothing_else() {
        let kind = kind(1, "退费", "Refund");
        let told = kind.asked_about(&[given("Order", " 8812 ")]).unwrap();
        assert_eq!((told.details.len(), told.details[0].text.as_str()), (1, "8812"));
        assert_eq!(told.question.unwrap().id, kind.id);
        assert_eq!(kind.asked_about(&[]), Err(Code::DetailMissing));
        assert_eq!(kind.asked_about(&[given("订单号", "  ")]), Err(Code::DetailMissing));
        assert_eq!(kind.asked_about(&[given("订单号", "1"), given("地址", "x")]), Err(Code::QuestionKindUnknown));
        assert_eq!(kind.asked_about(&[given("订单号", &"长".repeat(MAX_DETAIL_CHARS + 1))]), Err(Code::TextTooLong));
        assert_eq!(QuestionKind { archived_at: Some(Ts(2)), ..kind }.asked_about(&[given("Order", "1")]), Err(Code::QuestionKindUnknown));
    }
}
