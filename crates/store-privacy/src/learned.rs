//! Erases what the bot learned from somebody's words: phrasings of the knowledge, sentences of the test set, and results that quote them.

use content::knowledge::KnowledgeEntry;
use db::{Tx, q};
use domain::id::TenantId;
use store::Result;

use crate::{Places, count};

/// Takes a text out of an entry of the knowledge; `None` if the entry does not have it. Another phrasing takes the place of a question; an entry that has no
/// other one keeps none.
fn without(document: &str, text: &str) -> Option<String> {
    let mut entry: KnowledgeEntry = serde_json::from_str(document).ok()?;
    let mut has_any = false;
    for (question, similar) in [(&mut entry.question.zh, &mut entry.similar.zh), (&mut entry.question.en, &mut entry.similar.en)] {
        let before = similar.len();
        similar.retain(|one| one.trim() != text);
        has_any |= similar.len() < before;
        if question.trim() == text {
            *question = if similar.is_empty() { String::new() } else { similar.remove(0) };
            has_any = true;
        }
    }
    if has_any { serde_json::to_string(&entry).ok() } else { None }
}

/// Takes a text, which was taught as a phrasing of an entry, out of the knowledge: the draft, what is in force, and earlier versions. Returns what was changed.
pub async fn forget_phrasing(tx: &mut Tx, tenant: TenantId, entry: &str, text: &str) -> Result<Places> {
    let mut changed = 0;
    for (read, write) in [
        (
            "SELECT document, CAST(0 AS BIGINT) AS number FROM knowledge WHERE tenant_id = $1 AND id = $2",
            "UPDATE knowledge SET document = $3 WHERE tenant_id = $1 AND id = $2 AND $4 = 0",
        ),
        (
            "SELECT document, CAST(0 AS BIGINT) AS number FROM knowledge_drafts WHERE tenant_id = $1 AND id = $2",
            "UPDATE knowledge_drafts SET document = $3 WHERE tenant_id = $1 AND id = $2 AND $4 = 0",
        ),
        (
            "SELECT document, number FROM knowledge_version_entries WHERE tenant_id = $1 AND id = $2",
            "UPDATE knowledge_version_entries SET document = $3 WHERE tenant_id = $1 AND id = $2 AND number = $4",
        ),
    ] {
        let found: Vec<(String, i64)> = q!(tx, |c| sqlx::query_as(read).bind(tenant.uuid()).bind(entry).fetch_all(c).await)?;
        for (document, number) in found {
            let Some(document) = without(&document, text) else { continue };
            changed +=
                q!(tx, |c| sqlx::query(write).bind(tenant.uuid()).bind(entry).bind(&document).bind(number).execute(c).await.map(|done| done.rows_affected()))?;
        }
    }
    let mut places = Places::new();
    count(&mut places, "phrasings", changed);
    Ok(places)
}

/// Deletes a text that customers wrote where it was kept for checks of the knowledge: in the test set, among the phrasings that stay, and in results.
pub async fn forget_sentence(tx: &mut Tx, tenant: TenantId, text: &str) -> Result<Places> {
    let mut places = Places::new();
    for (place, sql) in [
        ("tests", "DELETE FROM knowledge_tests WHERE tenant_id = $1 AND sentence = $2"),
        ("phrasings", "DELETE FROM kept_phrasings WHERE tenant_id = $1 AND phrasing = $2"),
    ] {
        let gone = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(text).execute(c).await.map(|done| done.rows_affected()))?;
        count(&mut places, place, gone);
    }
    Ok(places)
}

/// Deletes the results of checks that quote what customers wrote: they can be computed again.
pub async fn delete_results(tx: &mut Tx, tenant: TenantId) -> Result<Places> {
    let mut places = Places::new();
    let gone = q!(tx, |c| sqlx::query("DELETE FROM knowledge_runs WHERE tenant_id = $1 AND state <> 'running' AND kind IN ('yesterday', 'tests')")
        .bind(tenant.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    count(&mut places, "results", gone);
    Ok(places)
}
