//! The normal forms of text: whatever is compared, searched for or looked up is brought into one of them first, here and nowhere else.
//!
//! - [`text`]: what people say, and what is found by it
//! - [`typed`]: what people type or paste to identify somebody: addresses, numbers, codes
//! - [`domain`]: names of hosts
//! - [`decimal`]: computed numbers
//! - [`currency`]: amounts of money
//! - [`find`]: what somebody searches for, in texts
//! - [`pieces`]: the words and characters by which a text is looked up
//! - [`hidden`]: characters that nobody sees
//! - [`secret_numbers`]: numbers that are shortened before anybody reads them

pub mod currency;
pub mod decimal;
pub mod domain;
pub mod find;
pub mod hidden;
pub mod pieces;
pub mod secret_numbers;
mod simplified;
pub mod text;
pub mod typed;
