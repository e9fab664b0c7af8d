//! Records which questions the bot can learn from, out of the journal's feed: where they were asked, not what was said.

use std::time::Duration;

use db::feed::Fed;
use http_kit::App;

/// The name under which this follows the feed.
pub const FOLLOWER: &str = "unanswered";
/// How soon editors see a question.
pub const EVERY: Duration = Duration::from_secs(1);

/// Records what these entries say is worth teaching; returns whether there was anything.
pub async fn take(app: &App, fed: Vec<Fed>) -> store::Result<bool> {
    service::learning::note::note(app.db(), &fed).await
}
