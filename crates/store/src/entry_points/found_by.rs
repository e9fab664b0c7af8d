//! What members of the staff are found by is stored in the normal form of text. When that form changes, a migration empties it, and it is filled in before
//! anybody is served.

use db::{Db, q};
use uuid::Uuid;

use crate::{Result, staff};

/// The number of members filled in by one transaction.
const AT_ONCE: i64 = 256;

/// Fills in what some members are found by, where it is missing; returns how many there were.
pub async fn fill_found_by(db: &Db) -> Result<usize> {
    let missing: Vec<(Uuid, Uuid, String, String, String)> = {
        let mut tx = db.read().await?;
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id, name, number, email FROM agents WHERE found_by = '' LIMIT $1").bind(AT_ONCE).fetch_all(c).await)?
    };
    let count = missing.len();
    if count == 0 {
        return Ok(0);
    }
    let filled = db.writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            for (tenant, id, name, number, email) in missing {
                let words = staff::found_by(&name, &number, &email);
                q!(tx, |c| sqlx::query("UPDATE agents SET found_by = $3 WHERE tenant_id = $1 AND id = $2 AND found_by = ''")
                    .bind(tenant)
                    .bind(id)
                    .bind(&words)
                    .execute(c)
                    .await
                    .map(drop))?;
            }
            Ok::<_, crate::Error>(())
        })
    });
    filled.await?;
    Ok(count)
}
