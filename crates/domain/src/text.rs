//! Text in two languages, and the checks that text from outside must pass.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::graphemes;

/// The languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
    /// The language of a tag: English if it starts with `en`, otherwise Chinese.
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Zh }
    }
}

/// A text in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// The Chinese text.
    #[serde(default)]
    #[schema(required)]
    pub zh: String,
    /// The English text.
    #[serde(default)]
    #[schema(required)]
    pub en: String,
}

impl Bilingual {
    /// The text in `lang`, or in the other language if that is empty.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        if first.is_empty() { second } else { first }
    }

    /// The text without surrounding white space.
    #[must_use]
    pub fn trimmed(self) -> Self {
        Self { zh: self.zh.trim().to_owned(), en: self.en.trim().to_owned() }
    }
}

/// What somebody searches for, and a text in which it is.
pub use normal::find::{Searched, Sought};
/// Whether a reader sees nothing of a text.
pub use normal::text::is_blank;
/// The words of a text in the normal form in which texts are searched.
pub use normal::text::words as normal;

/// The longest message: 32 KiB of UTF-8.
pub const MAX_TEXT_BYTES: usize = 32 * 1024;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing to be seen in the text.
    #[error("the text is empty")]
    Empty,
    /// The text is longer than allowed.
    #[error("the text is longer than allowed")]
    TooLong,
    /// The text contains U+0000, which one of the database engines would truncate at.
    #[error("the text contains the character U+0000")]
    Nul,
}

/// Checks a text from outside, which is otherwise kept byte for byte. `max` is in bytes of UTF-8.
pub fn check(text: &str, max: usize) -> Result<(), TextError> {
    if is_blank(text) {
        return Err(TextError::Empty);
    }
    if text.len() > max {
        return Err(TextError::TooLong);
    }
    if text.contains('\0') {
        return Err(TextError::Nul);
    }
    Ok(())
}

/// The first `max` characters, as people count them, on one line, with an ellipsis if something was cut off.
pub fn preview(text: &str, max: usize) -> String {
    let first = graphemes::first(text, max);
    let mut short: String = first.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if first.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_checked_not_changed() {
        assert_eq!(check("你好", 32), Ok(()));
        assert_eq!(check(" \n\t", 32), Err(TextError::Empty));
        assert_eq!(check("\u{200b}\u{feff}", 32), Err(TextError::Empty));
        assert_eq!(check("a\0b", 32), Err(TextError::Nul));
        assert_eq!(check("你好", 5), Err(TextError::TooLong));
    }

    #[test]
    fn a_preview_is_one_line() {
        assert_eq!(preview("第一行\n第二行", 5), "第一行 第…");
        assert_eq!(preview("短", 5), "短");
    }
}
