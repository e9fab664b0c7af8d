//! The draft: entries and their categories, beside what is live.

pub mod categories;
pub mod changes;
pub mod create;
pub mod delete;
pub mod effort;
pub mod export;
pub mod get;
pub mod import;
pub mod list;
pub mod table;
pub mod update;
pub mod view;
