//! Customers over HTTP, and every public function of the tables on both engines. The tidy test of the test kit checks that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod keeping;
mod tables;
