//! What takes more than a file of the rules: the policy against a table that was written by hand, and claims in JSON.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod permissions;
mod signed_identity;
