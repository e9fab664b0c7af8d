//! How often a busy server is asked again, which has changed nothing.

use std::time::Duration;

/// How often it is asked.
pub const TRIES: usize = 20;
/// How long after the last time.
pub const WAIT: Duration = Duration::from_secs(1);
