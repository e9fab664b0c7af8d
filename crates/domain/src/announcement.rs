//! Announcements: what managers and supervisors tell the staff, who confirm that they have read it.

use crate::{
    id::{AgentId, AnnouncementId, GroupId},
    line,
    refusal::Code,
    text,
    time::Ts,
};

/// The most announcements of a company.
pub const MAX_ANNOUNCEMENTS: i64 = 100;
/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 80;
/// The longest text, in characters.
pub const MAX_TEXT_CHARS: usize = 2_000;

/// An announcement to the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The id.
    pub id: AnnouncementId,
    /// The title, on one line.
    pub title: String,
    /// What it says; it may be empty.
    pub text: String,
    /// The group whose members are told; `None` for everybody.
    pub group: Option<GroupId>,
    /// Who made it.
    pub by: AgentId,
    /// When.
    pub at: Ts,
}

/// Why an announcement was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnnouncementError {
    /// The title is missing, too long or deceptive.
    #[error("an announcement needs a title of at most {MAX_TITLE_CHARS} characters, on one line and none of them invisible")]
    Title,
    /// The text is too long.
    #[error("the text of an announcement has at most {MAX_TEXT_CHARS} characters")]
    Text,
    /// There would be too many.
    #[error("a company has at most {MAX_ANNOUNCEMENTS} announcements: withdraw one first")]
    TooMany,
}

impl AnnouncementError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        if matches!(self, Self::Text) { "text" } else { "title" }
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Title | Self::Text => Code::InvalidValue,
            Self::TooMany => Code::TooManyAnnouncements,
        }
    }
}

impl Announcement {
    /// Checks an announcement that is to be added to so many.
    pub fn check(&self, others: i64) -> Result<(), AnnouncementError> {
        let is_title = text::check(&self.title, 1024).is_ok() && self.title.chars().count() <= MAX_TITLE_CHARS && !line::deceives(&self.title);
        if self.title.is_empty() || !is_title {
            return Err(AnnouncementError::Title);
        }
        if self.text.chars().count() > MAX_TEXT_CHARS || (!self.text.is_empty() && text::check(&self.text, 4 * MAX_TEXT_CHARS).is_err()) {
            return Err(AnnouncementError::Text);
        }
        if others >= MAX_ANNOUNCEMENTS { Err(AnnouncementError::TooMany) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn announcement(title: &str, text: &str) -> Announcement {
        let id = Uuid::from_u128(1);
        Announcement { id: AnnouncementId::new(id), title: title.into(), text: text.into(), group: None, by: AgentId::new(id), at: Ts(1) }
    }

    #[test]
    fn a_title_is_needed_a_text_is_not_and_neither_is_endless() {
        let check = |title: &str, text: &str| announcement(title, text).check(0);
        assert_eq!(check("新资费今天生效", ""), Ok(()));
        assert_eq!(check("t", "two\nlines"), Ok(()));
        for title in ["", "a\nb", "a\u{202e}b", &"长".repeat(81)] {
            assert_eq!(check(title, "x"), Err(AnnouncementError::Title), "{title:?}");
        }
        assert_eq!(check("t", &"长".repeat(2_000)), Ok(()));
        assert_eq!(check("t", &"长".repeat(2_001)), Err(AnnouncementError::Text));
        assert_eq!(announcement("t", "").check(MAX_ANNOUNCEMENTS), Err(AnnouncementError::TooMany));
    }
}
