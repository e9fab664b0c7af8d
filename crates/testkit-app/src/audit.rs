//! What the company's audit says.

use domain::{
    entry::{Body, body::Audited},
    journal::{Actor, StoredEntry, View},
    time::MINUTE,
};
use http_kit::audit::{
    details::{self, Details},
    note_refusals,
};
use serde_json::Value;
use testkit::{Must, eventually};

use crate::TestApp;

/// An entry of the audit.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// Who did it.
    pub by: Actor,
    /// The entry.
    pub entry: Audited,
    /// What is sealed in it.
    pub details: Details,
}

impl TestApp {
    /// The company's audit, the oldest entry first; at most 500 entries.
    pub async fn audit(&self) -> Vec<AuditLine> {
        let (tenant, sealer) = (self.company.tenant, self.app().sealer());
        let mut tx = self.app().db().read().await.must("a reader");
        let stream = store::audit::stream_of(&mut tx, tenant).await.must("the audit's stream");
        let stored = db::journal::page(&mut tx, tenant, stream, View::Staff, 0, 500).await.must("the audit");
        let line = |stored: StoredEntry| {
            let Some(Body::Audited(entry)) = stored.body() else { panic!("{stored:?}") };
            let details = details::open(&sealer, tenant, &entry).must("it opens");
            AuditLine { by: stored.entry.actor, entry, details }
        };
        stored.into_iter().map(line).collect()
    }

    /// What was done by operations that end like this: what was asked for, as the audit knows it.
    pub async fn acts_of(&self, operation: &str) -> Vec<AuditLine> {
        self.audit().await.into_iter().filter(|line| line.entry.refused.is_none() && line.entry.operation.ends_with(operation)).collect()
    }

    /// What the last act of such an operation changed: field, value before and value after, without the times.
    pub async fn changed_by(&self, operation: &str) -> Vec<(String, Value, Value)> {
        let line = self.acts_of(operation).await.pop().must("it is noted");
        let changes = line.details.changes.into_iter().map(|change| (change.field, change.before, change.after));
        changes.filter(|(field, ..)| !field.ends_with("_at")).collect()
    }

    /// Waits until the audit has counted this many tries that were refused; returns operation and code of each, in the order of their names.
    pub async fn refusals(&self, many: usize) -> Vec<(String, String)> {
        eventually("the audit counts what was refused", async || {
            note_refusals::note(self.app()).await.must("refusals are noted");
            let lines = self.audit().await;
            let tries = lines.into_iter().filter_map(|line| line.entry.refused.map(|refused| (line.entry.operation, refused)));
            let mut all: Vec<(String, String)> =
                tries.flat_map(|(operation, refused)| (0..refused.times).map(move |_| (operation.clone(), refused.code.clone()))).collect();
            all.sort_unstable();
            // Those of a minute are counted together.
            self.clock.advance(MINUTE);
            (all.len() >= many).then_some(all)
        })
        .await
    }
}
