//! Synonyms: groups of words that mean the same. A change takes effect at once, in the draft and in what is live.

pub mod change;
pub mod file;
pub mod list;
pub mod meanings;

use axum::extract::DefaultBodyLimit;
use content::synonyms::{Synonyms, Uses};
use domain::{
    id::SynonymsId,
    refusal::Code,
    text::{Bilingual, Lang},
    time::Ts,
};
use http_kit::{App, problem::Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::file::MAX_FILE_BYTES;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    let import = OpenApiRouter::new().routes(routes!(file::import_synonyms)).layer(DefaultBodyLimit::max(MAX_FILE_BYTES));
    OpenApiRouter::new()
        .routes(routes!(list::list_synonyms, change::create_synonyms))
        .routes(routes!(list::get_synonyms, change::update_synonyms, change::delete_synonyms))
        .routes(routes!(file::export_synonyms))
        .routes(routes!(meanings::hear_synonyms))
        .merge(import)
}

/// A group of words that mean the same.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SynonymGroup)]
pub struct SynonymsView {
    /// The group's id.
    pub id: SynonymsId,
    /// The language of its words.
    pub lang: Lang,
    /// Its words, the most usual one first.
    pub words: Vec<String>,
    /// Those of its words that another group has as well.
    pub elsewhere: Vec<String>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl SynonymsView {
    /// A group among all groups, whose words are counted.
    fn new(group: Synonyms, uses: &Uses) -> Self {
        let Synonyms { id, lang, words, position: _, updated_at } = group;
        Self { id, lang, elsewhere: uses.beyond(1, lang, &words), words, updated_at }
    }
}

/// Refuses words that another group has, which `anyway` allows: a word can have two meanings.
fn elsewhere(words: Vec<String>) -> Result<(), Problem> {
    if words.is_empty() {
        return Ok(());
    }
    let title = format!("another group has {}; send `anyway` if that is meant", words.join(", "));
    let names = words.into_iter().map(|word| Bilingual { zh: word.clone(), en: word }).collect();
    Err(Problem { field: Some("words".to_owned()), names: Some(names), ..Problem::conflict(Code::SynonymElsewhere, title) })
}
