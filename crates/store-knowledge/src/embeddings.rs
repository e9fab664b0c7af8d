//! The vectors of the texts of a company's knowledge, so that what is published again need not be computed again. They can be lost without harm.

use db::{Tx, q};
use domain::id::TenantId;
use store::Result;

/// The hash of a text and its vector, as bytes.
pub type Stored = (Vec<u8>, Vec<u8>);

/// All vectors of a model that a company has.
pub async fn list(tx: &mut Tx, tenant: TenantId, model: &str) -> Result<Vec<Stored>> {
    Ok(q!(tx, |c| sqlx::query_as("SELECT hash, vector FROM embeddings WHERE tenant_id = $1 AND model = $2")
        .bind(tenant.uuid())
        .bind(model)
        .fetch_all(c)
        .await)?)
}

/// Stores vectors of a model in place of previous ones.
pub async fn put(tx: &mut Tx, tenant: TenantId, model: &str, vectors: &[Stored]) -> Result<()> {
    for (hash, vector) in vectors {
        q!(tx, |c| sqlx::query(
            "INSERT INTO embeddings (tenant_id, model, hash, vector) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, model, hash) DO UPDATE SET vector = excluded.vector"
        )
        .bind(tenant.uuid())
        .bind(model)
        .bind(hash)
        .bind(vector)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// Deletes vectors of a model by the hashes of their texts.
pub async fn delete(tx: &mut Tx, tenant: TenantId, model: &str, hashes: &[Vec<u8>]) -> Result<()> {
    for hash in hashes {
        q!(tx, |c| sqlx::query("DELETE FROM embeddings WHERE tenant_id = $1 AND model = $2 AND hash = $3")
            .bind(tenant.uuid())
            .bind(model)
            .bind(hash)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Deletes the vectors of all models but one.
pub async fn delete_others(tx: &mut Tx, tenant: TenantId, model: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM embeddings WHERE tenant_id = $1 AND model <> $2").bind(tenant.uuid()).bind(model).execute(c).await.map(drop))?;
    Ok(())
}
