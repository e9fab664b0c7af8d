//! The statements of records.

pub mod found;
pub mod said;
