//! A person's rights: what somebody said, and who they are, is erased for good; what is kept about them is copied; and what is stored only if they agree.

pub mod archive;
pub mod consents;
pub mod erasures;
pub mod jobs;
pub mod people;
pub mod proof;
pub mod retention;
pub mod settings;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(archive::router())
        .merge(erasures::router())
        .merge(retention::router())
        .merge(settings::router())
        .merge(consents::router())
        .merge(people::router())
}

#[cfg(test)]
mod testing {
    use domain::{id::ConversationId, journal::View};
    use testkit_app::TestApp;

    /// Everything that is stored of the entries of a conversation, as text.
    pub async fn stored(app: &TestApp, conversation: &str) -> String {
        let (conversation, mut tx) = (conversation.parse::<ConversationId>().unwrap(), app.app().db().read().await.unwrap());
        let stream = domain::stream::StreamName { kind: domain::stream::StreamKind::Conversation, id: conversation.uuid() };
        let entries = db::journal::page(&mut tx, app.company.tenant, stream, View::Staff, 0, 1_000).await.unwrap();
        assert!(!entries.is_empty());
        format!("{entries:?}")
    }
}
