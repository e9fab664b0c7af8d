//! The bot: understands a customer's line in Chinese or English and answers from the company's own knowledge.
//!
//! [`Bot::train`] takes a [`Knowledge`]; [`Bot::answer`] takes one line and returns one [`Answer`]. The crate uses no database, no clock and no network.
//! [`classify`], [`calibration`], [`eval`], [`suspects`] and [`mining`] are independent of it: a linear classifier for large labelled sets, how sure it is, its
//! measurement, the search for mislabelled lines, and clusters of lines without labels.

mod answer;
mod attributes;
pub mod bench;
mod bot;
pub mod calibration;
pub mod classify;
mod concepts;
mod csv;
mod decision;
pub mod eval;
pub mod explain;
mod features;
pub mod fitting;
pub mod gate;
mod grams;
pub mod human;
pub mod knowledge;
pub mod labelled;
mod likelihood;
mod likeness;
mod logistic;
pub mod mining;
pub mod mood;
mod neighbours;
pub mod ranking;
pub mod replay;
mod replies;
mod retrieval;
mod search;
mod sheet;
mod small_talk;
mod spelling;
mod stem;
mod suggest;
pub mod suspects;
mod svm;
pub mod text;
mod timing;
mod vector;

pub use answer::{Answer, Opt, Outcome, Source};
pub use bot::{Bot, Turn};
pub use csv::CsvError;
pub use decision::Rule;
pub use grams::sounds;
pub use knowledge::{Attribute, Bilingual, Entry, Knowledge, KnowledgeError, Plan, Product, Thesaurus, Wordings};
pub use search::Hit;
pub use spelling::edits;
pub use suggest::Suggestion;
pub use text::Lang;
