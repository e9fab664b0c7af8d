//! The list of what is kept, and the copier, on both engines.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod holdings;
mod leaving;
mod moving;
mod plant;
