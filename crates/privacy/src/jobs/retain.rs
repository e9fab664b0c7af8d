//! Erases what a company does not keep any longer: once a day, as one erasure with a proof of its own.

use std::collections::BTreeMap;

use db::Shard;
use domain::{
    erasure::Erased,
    id::{ConversationId, ErasureId, FileId, TenantId},
    time::{DAY, Ts},
};
use http_kit::App;
use service::erasing;
use store_privacy::{
    erasures::{self, Erasure},
    retention::{self, Retention},
};

use super::erase::Work;

/// How often the rules of a company are applied, at most: a little less than a day, so that it stays the same hour.
const AGAIN: i64 = DAY - DAY / 24;
/// Conversations, files and things that were looked at which are erased before other erasures have their turn.
const AT_ONCE: i64 = 50;

/// Runs the job once: begins an erasure for each company that has something that is older than it keeps it. What fails for one does not keep back the others.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for tenant in store::entry_points::companies_with_retention(app.db(), now.plus(-AGAIN)).await? {
        if let Err(error) = apply(app, tenant, now).await {
            tracing::warn!(error = %error, company = %tenant, "what is older than it is kept could not be looked for");
        }
    }
    Ok(())
}

async fn apply(app: &App, tenant: TenantId, now: Ts) -> store::Result<()> {
    let is_due = {
        let mut tx = app.db().read_of(tenant).await?;
        let rules = retention::get(&mut tx, tenant).await?;
        is_any_due(&mut tx, tenant, rules, now).await?
    };
    let new = is_due.then(|| Erasure::by_rule(ErasureId::new(app.env().uuid()), now));
    let write = app.db().writer().write(Shard::Of(tenant.uuid()), move |tx| {
        let new = new.clone();
        Box::pin(async move {
            if let Some(new) = new {
                erasures::insert(tx, tenant, &new).await?;
            }
            retention::note_applied(tx, tenant).await
        })
    });
    write.await
}

/// Whether something is older than these rules keep it.
async fn is_any_due(tx: &mut db::Tx, tenant: TenantId, rules: Retention, now: Ts) -> store::Result<bool> {
    let Retention { conversations, files, views } = rules;
    if let Some(days) = conversations
        && !retention::old_conversations(tx, tenant, before(now, days), 1).await?.is_empty()
    {
        return Ok(true);
    }
    if let Some(days) = files
        && !retention::old_files(tx, tenant, before(now, days), 1).await?.is_empty()
    {
        return Ok(true);
    }
    match views {
        Some(days) => retention::any_view(tx, tenant, before(now, days)).await,
        None => Ok(false),
    }
}

/// How much of each kind is older than it may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dues {
    /// Conversations.
    pub conversations: retention::Due,
    /// Files.
    pub files: retention::Due,
    /// Things that somebody looked at.
    pub views: retention::Due,
}

impl Dues {
    /// Counts what these rules would erase at a time.
    pub async fn of(tx: &mut db::Tx, tenant: TenantId, rules: Retention, now: Ts) -> store::Result<Self> {
        let mut found = Self::default();
        if let Some(days) = rules.conversations {
            found.conversations = retention::due_conversations(tx, tenant, before(now, days)).await?;
        }
        if let Some(days) = rules.files {
            found.files = retention::due_files(tx, tenant, before(now, days)).await?;
        }
        if let Some(days) = rules.views {
            found.views = retention::due_views(tx, tenant, before(now, days)).await?;
        }
        Ok(found)
    }
}

const fn before(now: Ts, days: i64) -> Ts {
    now.plus(-days * DAY)
}

impl Work<'_> {
    /// Erases some of what was older than the company keeps it when the erasure began, by the rules that it has now; returns whether that was all.
    pub(super) async fn rules(&self, began: Ts) -> store::Result<bool> {
        let Retention { conversations, files, views } = retention::get(&mut self.app.db().read_of(self.tenant).await?, self.tenant).await?;
        let mut is_all = true;
        if let Some(days) = conversations {
            is_all &= self.old_conversations(before(began, days)).await?;
        }
        if let Some(days) = files {
            is_all &= self.old_files(before(began, days)).await?;
        }
        if let Some(days) = views {
            is_all &= self.old_views(before(began, days)).await?;
        }
        Ok(is_all)
    }

    async fn old_conversations(&self, before: Ts) -> store::Result<bool> {
        let tenant = self.tenant;
        let some = retention::old_conversations(&mut self.app.db().read_of(tenant).await?, tenant, before, AT_ONCE).await?;
        self.list(&some.iter().map(|id| Erased::Conversation(*id)).collect::<Vec<_>>())?;
        for id in &some {
            let id = *id;
            self.write(id.uuid(), move |tx| Box::pin(async move { erasing::hide_conversation(tx, tenant, id).await })).await?;
            self.conversation(id, None).await?;
        }
        Ok(some.len() < AT_ONCE as usize)
    }

    async fn old_files(&self, before: Ts) -> store::Result<bool> {
        let (tenant, erasure) = (self.tenant, self.id);
        let some = retention::old_files(&mut self.app.db().read_of(tenant).await?, tenant, before, AT_ONCE).await?;
        let mut by_conversation: BTreeMap<ConversationId, Vec<FileId>> = BTreeMap::new();
        for (conversation, file) in &some {
            by_conversation.entry(*conversation).or_default().push(*file);
        }
        for (conversation, files) in by_conversation {
            let seqs = erasing::entries_of_files(&mut self.app.db().read_of(tenant).await?, tenant, conversation, &files).await?;
            self.list(&seqs.iter().map(|seq| Erased::Message(conversation, *seq)).collect::<Vec<_>>())?;
            self.write(conversation.uuid(), move |tx| {
                let seqs = seqs.clone();
                Box::pin(async move { erasing::take_back(tx, tenant, erasure, conversation, &seqs).await })
            })
            .await?;
            self.files(files).await?;
        }
        Ok(some.len() < AT_ONCE as usize)
    }

    async fn old_views(&self, before: Ts) -> store::Result<bool> {
        let tenant = self.tenant;
        self.add(move |tx| Box::pin(async move { retention::delete_views(tx, tenant, before, 10 * AT_ONCE).await })).await?;
        Ok(!retention::any_view(&mut self.app.db().read_of(tenant).await?, tenant, before).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;
    use serde_json::json;
    use testkit_app::{TestApp, VisitorClient};

    /// A visitor with a conversation that has ended, in a company that keeps such for 30 days.
    async fn ended(app: &TestApp) -> (VisitorClient, String) {
        let visitor = app.visitor().await;
        let old = visitor.open("my number is 13912345678").await;
        visitor.say(&old, false, json!({"type": "end"})).await;
        let tara = app.staff(domain::staff::Role::Administrator, "tara").await;
        tara.put("/api/v1/retention", json!({"conversations": 30, "files": null, "views": null})).await.expect(200);
        (visitor, old)
    }

    #[tokio::test]
    async fn what_is_older_than_it_is_kept_is_erased_once_a_day_and_the_rest_stays() {
        let app = TestApp::new().await;
        let (visitor, old) = ended(&app).await;
        let open = visitor.open("is 13800000000 still mine?").await;
        app.clock.advance(40 * DAY);
        super::step(app.app()).await.unwrap();
        crate::jobs::erase::step(app.app()).await.unwrap();
        assert!(!crate::testing::stored(&app, &old).await.contains("13912345678"));
        assert!(crate::testing::stored(&app, &open).await.contains("13800000000"), "it has not ended");
        let mira = app.manager("mira").await;
        let done = mira.get("/api/v1/erasures").await.expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(done.len(), 1, "{done:?}");
        assert_eq!(
            (&done[0]["kind"], &done[0]["reason"], &done[0]["state"], &done[0]["asked_by"]),
            (&json!("rule"), &json!("retention"), &json!("done"), &json!("system"))
        );
        assert!(done[0]["places"].as_array().unwrap().contains(&json!({"place": "conversations", "count": 1})), "{done:?}");
        // There is nothing more to do, neither today nor later.
        super::step(app.app()).await.unwrap();
        app.clock.advance(2 * DAY);
        super::step(app.app()).await.unwrap();
        assert_eq!(app.manager("mona").await.get("/api/v1/erasures").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_was_hidden_when_the_program_ended_is_erased_all_the_same() {
        let app = TestApp::new().await;
        let (_, old) = ended(&app).await;
        app.clock.advance(40 * DAY);
        super::step(app.app()).await.unwrap();
        let (tenant, id) = (app.company.tenant, old.parse().unwrap());
        let hide = app.app().db().writer().write(db::Shard::Any, move |tx| Box::pin(async move { service::erasing::hide_conversation(tx, tenant, id).await }));
        hide.await.unwrap();
        crate::jobs::erase::step(app.app()).await.unwrap();
        assert!(!crate::testing::stored(&app, &old).await.contains("13912345678"));
    }
}
