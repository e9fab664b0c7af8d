//! The write path on both engines: numbering, the hot lane's guard, closures, faults.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod alone;
mod appending;
mod company_feed;
mod log;
mod news;
mod nodes;
mod row_security;
mod writing;
