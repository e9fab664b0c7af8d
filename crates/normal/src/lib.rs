//! The normal forms of text: whatever is compared, searched for or looked up is brought into one of them first, here and nowhere else.
//!
//! - [`text`]: what people say, and what is found by it
//! - [`typed`]: what people type or paste to identify somebody: addresses, numbers, codes
//! - [`domain`]: names of hosts
//! - [`decimal`]: computed numbers
//! - [`hidden`]: characters that nobody sees

pub mod decimal;
pub mod domain;
pub mod hidden;
mod simplified;
pub mod text;
pub mod typed;
