//! Links that open the wall on a screen without signing in, one per screen.

use crate::{
    id::{AgentId, TenantId, WallLinkId},
    line,
    refusal::Code,
    staff::DECEPTIVE,
    time::{DAY, Ts},
};

/// The most links that a company may have at once.
pub const MAX_WALL_LINKS: usize = 50;
/// The longest name of a screen, in characters.
pub const MAX_NAME: usize = 60;
/// The default validity of a link, in days.
pub const DEFAULT_DAYS: i64 = 90;
/// The longest validity of a link, in days.
pub const MAX_DAYS: i64 = 365;

/// A link for a screen. Anybody who has it may read the wall and nothing else, until it expires or is revoked, or its creator is disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallLink {
    /// The id of the link.
    pub id: WallLinkId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The screen it is for, 1 to 60 characters.
    pub name: String,
    /// The member of staff who created it; `None` for the oldest links, whose creator was not recorded.
    pub maker: Option<AgentId>,
    /// The name of the creator.
    pub made_by: String,
    /// When it was created.
    pub created_at: Ts,
    /// When it expires.
    pub expires_at: Ts,
    /// When a screen last used it, to the minute; `None` if none has.
    pub last_seen_at: Option<Ts>,
}

/// Why a link was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WallLinkError {
    /// The name is empty, too long or not on one line.
    #[error("a screen's name must have 1 to {MAX_NAME} characters on one line")]
    Name,
    /// The name is deceptive: a reader could take it for a different one.
    #[error("{DECEPTIVE}")]
    Deceptive,
    /// The validity is less than a day, or too long.
    #[error("a link can be valid for 1 to {MAX_DAYS} days")]
    Days,
}

impl WallLinkError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name | Self::Deceptive => "name",
            Self::Days => "days",
        }
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Deceptive => Code::NameDeceptive,
            Self::Name | Self::Days => Code::InvalidValue,
        }
    }
}

/// When a link that is created now expires.
pub fn expiry(now: Ts, days: i64) -> Result<Ts, WallLinkError> {
    if (1..=MAX_DAYS).contains(&days) { Ok(now.plus(days * DAY)) } else { Err(WallLinkError::Days) }
}

/// The name of a screen, in the form in which it is stored.
pub fn name(raw: &str) -> Result<String, WallLinkError> {
    let name = raw.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        return Err(WallLinkError::Name);
    }
    if line::deceives(name) { Err(WallLinkError::Deceptive) } else { Ok(name.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_has_a_name_of_one_line() {
        assert_eq!(name(" 三楼大厅 ").as_deref(), Ok("三楼大厅"));
        assert_eq!(name(&"字".repeat(MAX_NAME)).map(|name| name.chars().count()), Ok(MAX_NAME));
        for bad in ["", "  ", "a\nb", "a\u{0}", &"x".repeat(MAX_NAME + 1)] {
            assert_eq!(name(bad), Err(WallLinkError::Name), "{bad:?}");
        }
        for bad in ["\u{2800}", "\u{202e}hall", "hall\u{3164}", "ha\u{200b}ll"] {
            assert_eq!(name(bad).map_err(WallLinkError::code), Err(Code::NameDeceptive), "{bad:?}");
        }
    }

    #[test]
    fn a_link_ends() {
        assert_eq!(expiry(Ts(5), DEFAULT_DAYS), Ok(Ts(5 + 90 * DAY)));
        assert_eq!([0, -1, MAX_DAYS + 1].map(|days| expiry(Ts(5), days)), [Err(WallLinkError::Days); 3]);
    }
}
