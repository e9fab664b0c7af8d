//! The bot: understands a customer's line in Chinese or English and answers from the company's own knowledge.
//!
//! [`Bot::train`] takes a [`Knowledge`]; [`Bot::answer`] takes one line and returns one [`Answer`]. The crate uses no database, no clock and no network.
//! Training and searching take a bounded [`effort`], whatever the knowledge, and can be [stopped](stop).
//! [`recommend`] learns what belongs together from what visitors took an interest in.
//! [`suspects`] is independent of it: the search for mislabelled lines. What measures the bot, and what trains the models that come with it, is in the crate
//! `bot-lab`.

mod account;
pub mod agent_replies;
mod answer;
mod bot;
mod concepts;
mod context;
mod decision;
pub mod effort;
pub mod embed;
pub mod embedded;
pub mod explain;
pub mod features;
pub mod fitting;
pub mod gate;
mod grams;
pub mod graph;
pub mod human;
pub mod intent;
pub mod knowledge;
mod likelihood;
mod likeness;
pub mod meanings;
mod postings;
pub mod ranking;
mod replies;
mod retrieval;
mod search;
pub mod sheet;
pub mod small_talk;
mod spelling;
pub mod stop;
mod suggest;
pub mod suspects;
pub mod svm;
mod thread;
mod turn;
mod vector;

pub use answer::{Answer, Opt, Outcome, Source};
pub use bot::{Bot, Turn, acknowledgement};
pub use decision::Rule;
pub use grams::{hash, sound_of, sounds};
pub use knowledge::{Attribute, Bilingual, Entry, Knowledge, KnowledgeError, Plan, Product, Thesaurus, Wordings};
pub use search::Hit;
pub use spelling::edits;
pub use suggest::Suggestion;
pub use text::Lang;
pub use thread::Thread;
pub use utterance::short::is_short_answer;
pub use utterance::{mood, text};

use utterance::{declined, short};
