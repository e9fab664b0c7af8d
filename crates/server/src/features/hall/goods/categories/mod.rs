//! The sorts of goods a company has.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
