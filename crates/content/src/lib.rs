//! The rules for what companies write and sell, as pure as those in `domain`: goods and plans, what the bot is taught, and the words it knows.
//!
//! - [`goods`]: what a product must satisfy, and how people write prices
//! - [`plan`]: what a plan must satisfy
//! - [`knowledge`]: what the bot is taught, and when a new version may go live
//! - [`synonyms`], [`graph`]: words that mean the same, and what is added to goods and plans for the bot
//! - [`lesson`]: what the staff learn about the program
//! - [`practice`]: exercises with simulated customers
//! - [`recommendation`]: what visitors took an interest in, and for how long it is kept

pub mod goods;
pub mod graph;
pub mod knowledge;
pub mod lesson;
pub mod plan;
pub mod practice;
pub mod recommendation;
pub mod synonyms;
