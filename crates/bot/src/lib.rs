//! The bot: understands a customer's line in Chinese or English and answers from the tenant's own knowledge.

pub mod bot;
pub mod knowledge;
pub mod ranking;
mod concepts;
mod grams;
mod human;
mod likelihood;
mod retrieval;
mod spelling;
mod stem;
pub mod text;
mod vector;
pub use bot::Bot;
