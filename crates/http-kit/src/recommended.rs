//! Recommendations as pages show them.

use content::recommendation::ItemKind;
use domain::text::Bilingual;
use serde::Serialize;
use service::recommend::show::{Named, Shown, Why};
use utoipa::ToSchema;

/// Recommendations for a visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommendations {
    /// Whether the site shows recommendations.
    pub on: bool,
    /// Whether the visitor wants them by what they look at and ask about; `null` if they did not say, or are not known.
    #[schema(required)]
    pub wanted: Option<bool>,
    /// Best first; empty if there are none, and if the visitor refused.
    pub items: Vec<RecommendedItem>,
}

/// Something that is recommended.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendedItem {
    /// What it is.
    #[serde(flatten)]
    pub item: NamedItem,
    /// Why it is recommended.
    pub reason: RecommendedBecause,
}

/// A product, a plan or a question, by its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedItem {
    /// What it is.
    pub kind: ItemKind,
    /// Its id among those of its kind.
    pub id: String,
    /// Its name, or the question.
    pub name: Bilingual,
}

/// Why something is recommended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecommendedBecause {
    /// Others who took an interest in what is shown now also took an interest in it.
    AlsoLooked {
        /// The name of what is shown now.
        of: Bilingual,
    },
    /// The visitor took an interest in something that belongs to it.
    BecauseOf {
        /// The name of that.
        of: Bilingual,
    },
    /// It is popular in a category.
    PopularIn {
        /// The name of the category.
        of: Bilingual,
    },
    /// It is popular.
    Popular,
}

impl From<Named> for NamedItem {
    fn from(Named { kind, id, name }: Named) -> Self {
        Self { kind, id, name }
    }
}

impl From<Shown> for Recommendations {
    fn from(shown: Shown) -> Self {
        let because = |why| match why {
            Why::AlsoLooked(of) => RecommendedBecause::AlsoLooked { of: of.name },
            Why::BecauseOf(of) => RecommendedBecause::BecauseOf { of: of.name },
            Why::PopularIn(of) => RecommendedBecause::PopularIn { of },
            Why::Popular => RecommendedBecause::Popular,
        };
        let item = |(named, why): (Named, Why)| RecommendedItem { item: named.into(), reason: because(why) };
        Self { on: shown.on, wanted: shown.wanted, items: shown.items.into_iter().map(item).collect() }
    }
}
