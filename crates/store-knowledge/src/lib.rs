//! The statements about what the bot says: the knowledge with its draft and its versions, what it learns from, synonyms, what is added to the catalogue for it,
//! embeddings, and recommendations.

pub mod embeddings;
pub mod graph;
pub mod kept_phrasings;
pub mod knowledge;
pub mod knowledge_categories;
pub mod knowledge_drafts;
pub mod knowledge_runs;
pub mod knowledge_tests;
pub mod knowledge_versions;
pub mod questions;
pub mod recommendations;
pub mod synonyms;
pub mod unanswered;
