//! The statements about what agents work with: conversations as rows of lists, alerts, canned replies, and files.

pub mod alerts;
pub mod canned_replies;
pub mod files;
pub mod lists;
