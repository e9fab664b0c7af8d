//! Phrasings that looked as if they belonged to a different entry, and that an editor left where they are. Another text is another phrasing.

use std::collections::HashSet;

use db::{Tx, q};
use domain::{id::TenantId, text::Lang};
use store::Result;

/// A phrasing of an entry: the entry's id, the language, and the text.
pub type Phrasing = (String, Lang, String);

/// All phrasings that stay.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<HashSet<Phrasing>> {
    let rows: Vec<(String, String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT entry_id, lang, phrasing FROM kept_phrasings WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(entry, lang, phrasing)| (entry, Lang::from_tag(&lang), phrasing)).collect())
}

/// Leaves a phrasing where it is.
pub async fn keep(tx: &mut Tx, tenant: TenantId, (entry, lang, phrasing): &Phrasing) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO kept_phrasings (tenant_id, entry_id, lang, phrasing, kept_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, entry_id, lang, phrasing) DO UPDATE SET kept_at = excluded.kept_at"
    )
    .bind(tenant.uuid())
    .bind(entry)
    .bind(lang.tag())
    .bind(phrasing)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Doubts a phrasing again; nothing happens if it was not kept.
pub async fn doubt(tx: &mut Tx, tenant: TenantId, (entry, lang, phrasing): &Phrasing) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM kept_phrasings WHERE tenant_id = $1 AND entry_id = $2 AND lang = $3 AND phrasing = $4")
        .bind(tenant.uuid())
        .bind(entry)
        .bind(lang.tag())
        .bind(phrasing)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
