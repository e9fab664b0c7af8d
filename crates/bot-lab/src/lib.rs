//! The bot's laboratory: what measures the bot, and what trains the models that come with it. No part of the product uses it.
//!
//! - [`replay`] asks a bot questions whose answers are known, [`dialogues`] holds conversations with it, and [`bench`] measures how long it takes
//! - [`training`] learns to hear a wish for a person and danger
//! - [`classify`] is a linear classifier for large labelled sets, [`calibration`] knows how sure it is, and [`eval`] measures it; [`labelled`] reads such sets
//! - [`mining`] finds clusters of lines without labels
//! - [`recommend`] measures recommendations

pub mod bench;
pub mod calibration;
pub mod classify;
mod csv;
pub mod dialogues;
pub mod eval;
pub mod labelled;
mod logistic;
pub mod mining;
mod neighbours;
pub mod recommend;
pub mod replay;
mod timing;
pub mod training;

pub use csv::CsvError;
