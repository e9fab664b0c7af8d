//! A company's categories of goods.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
