//! Erases what the derived store has of a company, in all editions that are open.

use db::{
    Db, Result, Tx,
    bulk::{self, Value},
};
use domain::id::TenantId;

use crate::{edition::Editions, panel::Panel, store::SHARD};

/// The most rows that are deleted in one transaction.
const AT_ONCE: i64 = 500;

/// The tables of an edition that have rows of companies, and their keys.
const OF_EDITION: [(&str, &str); 13] = [
    ("ods_event", "tenant_id, conversation_id, seq"),
    ("dwd_session", "tenant_id, conversation_id, episode"),
    ("dwd_dialogue", "tenant_id, conversation_id, seq"),
    ("dwd_reply", "tenant_id, conversation_id, seq"),
    ("dwd_service", "tenant_id, conversation_id, seq"),
    ("dwd_work", "tenant_id, conversation_id, piece"),
    ("dws_minute", "tenant_id, dimension, starts_at, part"),
    ("dws_quarter", "tenant_id, dimension, starts_at, part"),
    ("dws_day", "tenant_id, dimension, starts_at, part"),
    ("dws_day_packed", "tenant_id, dimension, starts_at"),
    ("dws_day_zone", "tenant_id"),
    ("refused_fact", "tenant_id, reason, kind"),
    OUTSIDE,
];
/// The one that only an edition has that an engine outside of this program fills.
const OUTSIDE: (&str, &str) =
    ("outside_amount", "tenant_id, cell, starts_at, channel, queue, agent, group_id, department, site, lang, goods, category, topic, entry, band");
/// The same for what is kept beside the editions.
const OF_LIST: [(&str, &str); 3] = [
    ("dws_timing_minute", "tenant_id, minute, kind, bucket"),
    ("dws_timing_quarter", "tenant_id, minute, kind, bucket"),
    ("day_run", "tenant_id, day, run, asked_at"),
];

impl Editions {
    /// Deletes every row of a company; returns how many there were. Facts of the company must not come any more: they are deleted before.
    pub async fn erase(&self, tenant: TenantId) -> Result<u64> {
        let mut erased = 0;
        for panel in self.to_fill() {
            erased += erase_edition(&panel, tenant, self.outside().is_some()).await?;
        }
        for (table, key) in OF_LIST {
            erased += erase_table(self.list(), table, key, tenant).await?;
        }
        Ok(erased)
    }
}

async fn erase_edition(panel: &Panel, tenant: TenantId, is_from_outside: bool) -> Result<u64> {
    // A batch that is being applied may have facts of the company.
    let _alone = panel.applying.lock().await;
    panel.forget_cached();
    let mut erased = 0;
    for (table, key) in OF_EDITION.into_iter().filter(|table| is_from_outside || *table != OUTSIDE) {
        erased += erase_table(&panel.db, table, key, tenant).await?;
    }
    Ok(erased)
}

async fn erase_table(db: &Db, table: &'static str, key: &'static str, tenant: TenantId) -> Result<u64> {
    let mut all = 0;
    loop {
        let erased = db.writer().write_patiently(SHARD, move |tx| Box::pin(erase_some(tx, table, key, tenant))).await?;
        all += erased;
        if erased == 0 {
            return Ok(all);
        }
    }
}

async fn erase_some(tx: &mut Tx, table: &'static str, key: &'static str, tenant: TenantId) -> Result<u64> {
    let sql = format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE tenant_id = $1 LIMIT $2)");
    bulk::run(tx, sql, &[Value::Uuid(tenant.uuid()), Value::Int(Some(AT_ONCE))]).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema;

    /// The tables with a company that these steps create, unless a later one drops them.
    fn tables(steps: &[(&str, &'static str)]) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        for (_, sql) in steps {
            let plain = sql.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
            for statement in plain.split(';') {
                let words: Vec<&'static str> = sql.split_whitespace().collect();
                let name = |after: &str| statement.trim().strip_prefix(after).and_then(|rest| rest.split_whitespace().next().map(str::to_owned));
                if let Some(name) = name("CREATE TABLE ").filter(|_| statement.contains("tenant_id")) {
                    found.extend(words.iter().find(|word| **word == name));
                }
                if let Some(name) = name("DROP TABLE ") {
                    found.retain(|known| *known != name);
                }
            }
        }
        found
    }

    #[test]
    fn every_table_with_a_company_is_erased() {
        let listed = |list: &[(&'static str, &str)]| list.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>();
        assert_eq!(listed(&OF_EDITION), tables(schema::EDITION_FROM_OUTSIDE.sqlite));
        assert_eq!(listed(&OF_LIST), tables(schema::LIST.sqlite));
        assert!(!tables(schema::EDITION.sqlite).contains("outside_amount"));
    }
}
