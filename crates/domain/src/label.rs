//! Labels: what a company's conversations are about, in its own words.

use normal::text::name as key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{LabelId, TenantId},
    line,
    refusal::Code,
    text::{self, Bilingual},
    text_enum::text_enum,
    time::Ts,
};

/// The most labels of a company, those that are archived included.
pub const MAX_LABELS: usize = 200;
/// The most labels of one conversation.
pub const MAX_LABELS_OF_CONVERSATION: usize = 10;
/// The longest name of a label in one language, in characters.
pub const MAX_LABEL_CHARS: usize = 30;

/// A label of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The id of the label.
    pub id: LabelId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// Its name, in at least one language; in each, no other label of the company has it.
    pub name: Bilingual,
    /// Its colour.
    pub colour: LabelColour,
    /// Since when it is kept only for the conversations that have it; `None` while it can be given.
    pub archived_at: Option<Ts>,
    /// When it was last changed; an editor sends it back, so that two people do not overwrite each other's changes.
    pub updated_at: Ts,
}

/// The colour of a label, by the role that it has on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelColour {
    /// Grey.
    Plain,
    /// The colour of the product.
    Brand,
    /// Green.
    Ok,
    /// Yellow.
    Warn,
    /// Red.
    Hot,
    /// The colour of the bot.
    Bot,
}

text_enum!(LabelColour { Plain = "plain", Brand = "brand", Ok = "ok", Warn = "warn", Hot = "hot", Bot = "bot" });

/// Why a label was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// It has no name, or one that is too long or deceptive.
    #[error("a label needs a name in at least one language, at most {MAX_LABEL_CHARS} characters each, on one line and none of them invisible")]
    Name,
    /// A different label has this name.
    #[error("another label already has this name")]
    NameTaken,
    /// There would be too many.
    #[error("a company can have at most {MAX_LABELS} labels, archived ones included: delete one first")]
    TooMany,
}

impl LabelError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        "name"
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Name => Code::InvalidValue,
            Self::NameTaken => Code::LabelNameTaken,
            Self::TooMany => Code::TooManyLabels,
        }
    }
}

impl Label {
    /// Checks a label that is added or changed beside the other labels of its company, among which it may stand itself.
    pub fn check(&self, all: &[Self]) -> Result<(), LabelError> {
        let fits = |name: &str| name.is_empty() || (text::check(name, 1024).is_ok() && name.chars().count() <= MAX_LABEL_CHARS && !line::deceives(name));
        let Bilingual { zh, en } = &self.name;
        if (zh.is_empty() && en.is_empty()) || !fits(zh) || !fits(en) {
            return Err(LabelError::Name);
        }
        let is_same = |one: &str, other: &str| !one.is_empty() && key(one) == key(other);
        if all.iter().any(|other| other.id != self.id && (is_same(zh, &other.name.zh) || is_same(en, &other.name.en))) {
            return Err(LabelError::NameTaken);
        }
        if all.iter().all(|other| other.id != self.id) && all.len() >= MAX_LABELS {
            return Err(LabelError::TooMany);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn label(n: u128, zh: &str, en: &str) -> Label {
        let name = Bilingual { zh: zh.into(), en: en.into() };
        let (id, tenant) = (LabelId::new(Uuid::from_u128(n)), TenantId::new(Uuid::nil()));
        Label { id, tenant, name, colour: LabelColour::Plain, archived_at: None, updated_at: Ts(1) }
    }

    #[test]
    fn a_name_is_unique_in_each_language_however_it_is_written() {
        let all = [label(1, "退费", "Refund"), label(2, "投诉", "")];
        assert_eq!(label(3, "开票", "REFUND").check(&all), Err(LabelError::NameTaken));
        assert_eq!(label(3, "投诉", "Complaint").check(&all), Err(LabelError::NameTaken));
        assert_eq!(label(3, "", "Complaint").check(&all), Ok(()), "what has no name in a language takes none");
        assert_eq!(label(1, "退费", "refund").check(&all), Ok(()), "its own name is not taken");
        for (zh, en) in [("", ""), ("a\u{202e}b", ""), ("", &*"x".repeat(MAX_LABEL_CHARS + 1)), ("a\nb", "")] {
            assert_eq!(label(3, zh, en).check(&all), Err(LabelError::Name), "{zh:?} {en:?}");
        }
    }

    #[test]
    fn there_are_two_hundred_at_most_and_each_of_them_can_still_be_changed() {
        let all: Vec<Label> = (0..MAX_LABELS).map(|n| label(n as u128, &format!("标签{n}"), "")).collect();
        assert_eq!(label(1000, "新", "").check(&all), Err(LabelError::TooMany));
        assert_eq!(label(1000, "新", "").check(&all[1..]), Ok(()));
        assert_eq!(label(7, "改名", "").check(&all), Ok(()));
    }
}
