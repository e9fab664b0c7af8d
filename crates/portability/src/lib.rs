//! What a company leaves with, and what a whole installation moves with: one list of everything that is kept, and one copier that goes by it.
//!
//! - [`holdings`]: every table of the record and every other place in which something of a company is kept
//! - [`rows`]: the copier
//! - [`archive`]: the folder of sealed files that a company leaves with; [`binding`]: what in its rows is bound to an installation's key
//! - [`export`], [`import`]: a company leaves, and arrives elsewhere
//! - [`moving`]: a whole record moves into another database
//! - [`erase`]: the rows of a company, erased; [`files`]: its files; [`packed`]: its archive as one file to download

pub mod archive;
pub mod binding;
pub mod erase;
pub mod error;
pub mod export;
pub mod files;
pub mod holdings;
pub mod import;
pub mod moving;
pub mod packed;
pub mod rows;
