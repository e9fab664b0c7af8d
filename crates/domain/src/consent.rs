//! What people allow to be stored about them beyond what the service itself needs, purpose by purpose. Whoever was not asked has not agreed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    text_enum::text_enum,
    time::{DAY, Ts},
};

/// The version of the sentences with which people are asked. It is raised when a sentence changes what it says, so that each answer is kept with what was asked.
pub const WORDING: i64 = 1;
/// An agreement ends when it was not relied on for so long, in milliseconds: somebody who has not been here for that long is asked again.
pub const CONSENT_MS: i64 = 180 * DAY;

/// What something is stored for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The address and title of the page on which a conversation takes place, for the team.
    Pages,
    /// What the person asked about in conversations and how they rated them, for the next time.
    Profile,
    /// What the person looked at, and recommendations made from what is known of them.
    Recommendations,
}
text_enum!(Purpose { Pages = "pages", Profile = "profile", Recommendations = "recommendations" });

/// Where somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredIn {
    /// In the chat.
    Widget,
    /// In the hall.
    Hall,
    /// Before answers were kept with the place: about recommendations, in the chat or in the hall.
    Before,
}
text_enum!(AnsweredIn { Widget = "widget", Hall = "hall", Before = "before" });

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Answer {
    /// What it is about.
    pub purpose: Purpose,
    /// Whether the person agrees.
    pub granted: bool,
    /// When it was given.
    pub at: Ts,
    /// The version of the sentence; 0 from before versions were kept.
    pub wording: i64,
    /// Where it was given.
    pub place: AnsweredIn,
}

/// Whether a version of the sentences is one that somebody may have read.
pub const fn is_wording(version: i64) -> bool {
    version >= 1 && version <= WORDING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_places_are_known_again_by_their_names() {
        for purpose in Purpose::EACH {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(*purpose));
        }
        for place in AnsweredIn::EACH {
            assert_eq!(AnsweredIn::parse(place.as_str()), Some(*place));
        }
        assert!(is_wording(WORDING) && !is_wording(0) && !is_wording(WORDING + 1));
    }
}
