//! Every public function of the crate, on both engines, which `on_every_engine!` runs on tokio. The tidy test of the test kit checks that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod webhook_queue;
