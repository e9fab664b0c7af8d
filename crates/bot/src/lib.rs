//! The bot: understands a customer's line in Chinese or English and answers from the company's own knowledge.
//!
//! [`Bot::train`] takes a [`Knowledge`]; [`Bot::answer`] takes one line and returns one [`Answer`]. The crate uses no database, no clock and no network.
//! [`recommend`] learns what belongs together from what visitors took an interest in.
//! [`classify`], [`calibration`], [`eval`], [`suspects`] and [`mining`] are independent of it: a linear classifier for large labelled sets, how sure it is, its
//! measurement, the search for mislabelled lines, and clusters of lines without labels.

mod answer;
pub mod bench;
mod bot;
pub mod calibration;
pub mod classify;
mod concepts;
mod context;
mod csv;
mod decision;
pub mod dialogues;
pub mod embed;
pub mod embedded;
pub mod eval;
pub mod explain;
mod features;
pub mod fitting;
pub mod gate;
mod grams;
pub mod graph;
pub mod human;
pub mod intent;
pub mod knowledge;
pub mod labelled;
mod likelihood;
mod likeness;
mod logistic;
pub mod meanings;
pub mod mining;
pub mod mood;
mod neighbours;
mod parts;
pub mod ranking;
pub mod recommend;
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
mod thread;
mod timing;
mod turn;
mod vector;

pub use answer::{Answer, Opt, Outcome, Source};
pub use bot::{Bot, Turn, acknowledgement};
pub use csv::CsvError;
pub use decision::Rule;
pub use grams::sounds;
pub use knowledge::{Attribute, Bilingual, Entry, Knowledge, KnowledgeError, Plan, Product, Thesaurus, Wordings};
pub use search::Hit;
pub use spelling::edits;
pub use suggest::Suggestion;
pub use text::Lang;
pub use thread::Thread;
