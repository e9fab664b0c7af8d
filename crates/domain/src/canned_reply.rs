//! Ready-made answers that an agent inserts with `/shortcode`.

use crate::{
    id::{CannedReplyId, TenantId},
    line,
    text::{self, Bilingual},
    time::Ts,
};

/// A canned reply of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    /// The id of the reply.
    pub id: CannedReplyId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// What the agent types after the slash; unique in the company.
    pub shortcode: Shortcode,
    /// The title shown in the list, 1 to 80 characters.
    pub title: String,
    /// The text, in at least one language. `{{customer.name}}` and similar placeholders are filled in by the desk.
    pub body: Bilingual,
    /// When it was last changed; an editor sends it back, so that two people do not overwrite each other's changes.
    pub updated_at: Ts,
}

/// What is typed after the slash: 1 to 40 of a-z, 0-9, `_`, `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcode(String);

/// Why a canned reply was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannedReplyError {
    /// The shortcode is malformed.
    #[error("a shortcode must have 1 to 40 characters: a-z, 0-9, _ and -")]
    Shortcode,
    /// The title is empty, too long or deceptive: a reader could take it for a different one.
    #[error("a title must have 1 to 80 characters on one line, none of them invisible")]
    Title,
    /// The text is empty in both languages, or too long in one.
    #[error("a reply needs text in at least one language, at most 4,000 characters each")]
    Body,
}

impl CannedReplyError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Shortcode => "shortcode",
            Self::Title => "title",
            Self::Body => "body",
        }
    }
}

impl Shortcode {
    /// Parses a shortcode; there is no other way to create one.
    pub fn parse(raw: &str) -> Result<Self, CannedReplyError> {
        let fits = (1..=40).contains(&raw.len()) && raw.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
        fits.then(|| Self(raw.to_owned())).ok_or(CannedReplyError::Shortcode)
    }
    /// The shortcode as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CannedReply {
    /// Checks title and text; the shortcode was checked when it was created.
    pub fn check(&self) -> Result<(), CannedReplyError> {
        if text::check(&self.title, 1024).is_err() || self.title.chars().count() > 80 || line::deceives(self.title.trim()) {
            return Err(CannedReplyError::Title);
        }
        let fits = |words: &str| words.chars().count() <= 4000 && !words.contains('\0');
        let some = !self.body.zh.trim().is_empty() || !self.body.en.trim().is_empty();
        if some && fits(&self.body.zh) && fits(&self.body.en) { Ok(()) } else { Err(CannedReplyError::Body) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcode_is_short_and_plain() {
        for good in ["hi", "refund-2", "a_b", &"x".repeat(40)] {
            assert!(Shortcode::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "Hi", "a b", "你好", "a/b", &"x".repeat(41)] {
            assert_eq!(Shortcode::parse(bad), Err(CannedReplyError::Shortcode), "{bad}");
        }
    }
}
