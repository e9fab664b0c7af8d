//! What a draft is held against: single sentences and the test set.

pub mod evaluate;
pub mod test_set;
pub mod try_out;
