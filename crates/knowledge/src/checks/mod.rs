//! Checks of a draft: with single sentences, and with the test set.

pub mod evaluate;
pub mod test_set;
pub mod try_out;
