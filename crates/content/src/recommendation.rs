//! What visitors took an interest in, for recommendations: ids and numbers, never a word of theirs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    rating::{self, MIDDLE},
    text_enum,
    time::{DAY, Ts},
};

/// For how long an interest is kept after it was last shown.
pub const INTEREST_MS: i64 = 180 * DAY;
/// The most interests kept per company, the latest ones; more are deleted in the following night.
pub const MOST_INTERESTS: i64 = 500_000;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A product.
    Product,
    /// A plan.
    Plan,
    /// A question that the bot answers.
    Question,
}
text_enum!(ItemKind { Product = "product", Plan = "plan", Question = "question" });

/// A visitor's interest in an item so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest {
    /// How often the visitor looked at it.
    pub looked: i64,
    /// How often the visitor asked about it, or showed it.
    pub asked: i64,
    /// How the visitor last rated a conversation about it.
    pub score: Option<i64>,
    /// When it was last shown.
    pub at: Ts,
}

impl Interest {
    /// How strong it is: asking shows more than looking, and a conversation that was rated poorly counts less.
    pub fn weight(&self) -> f32 {
        let shown = if self.asked > 0 { 1.5 } else { 1.0 };
        shown
            * match self.score {
                Some(score) if score < MIDDLE => 0.5,
                Some(score) if rating::is_good(score) => 1.2,
                _ => 1.0,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_counts_more_than_looking_and_a_poor_rating_less() {
        let weight = |looked, asked, score| Interest { looked, asked, score, at: Ts(0) }.weight();
        assert!(weight(0, 1, None) > weight(9, 0, None));
        assert!(weight(0, 1, Some(1)) < weight(0, 1, None));
        assert!(weight(0, 1, Some(5)) > weight(0, 1, Some(3)));
        assert_eq!(weight(1, 0, Some(3)), 1.0);
    }
}
