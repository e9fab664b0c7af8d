//! Hears what customers write, and alerts the staff where somebody may be in danger ([`service::danger`]).

use std::time::Duration;

use db::feed::Fed;
use http_kit::App;
use service::danger;

pub use danger::FOLLOWER;

/// How often to listen: an alert follows within a second.
pub const EVERY: Duration = Duration::from_millis(200);

/// Hears these entries; returns whether anything was alarming.
pub async fn take(app: &App, fed: Vec<Fed>) -> store::Result<bool> {
    danger::hear(app.db(), fed).await
}
