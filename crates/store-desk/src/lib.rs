//! The statements about what agents work with: conversations as rows of lists, alerts, canned replies, macros, labels, mentions, files, finished lessons, and what of it is there in practice.

pub mod alerts;
pub mod canned_replies;
pub mod files;
pub mod floor;
pub mod labels;
pub mod lessons;
pub mod lists;
pub mod macros;
pub mod mentions;
pub mod practice;
