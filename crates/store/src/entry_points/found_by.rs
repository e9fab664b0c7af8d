//! What members of the staff are found by is stored in the normal form of text. When that form changes, it is derived again before anybody is served.
//!
//! A node of an earlier release that still runs during an update writes the former form: such a member is found by it until the next start of a node, which
//! derives all of them, or until somebody changes the member.

use db::{Db, q};
use uuid::Uuid;

use crate::{Result, staff};

/// The number of members read, and written if need be, at once.
const AT_ONCE: i64 = 256;

/// Derives what each member is found by, once, and stores it where it differs; returns in how many rows it did.
pub async fn fill_found_by(db: &Db) -> Result<usize> {
    let (mut after, mut filled) = ((Uuid::nil(), Uuid::nil()), 0);
    loop {
        let members: Vec<(Uuid, Uuid, String, String, String, String)> = {
            let mut tx = db.read().await?;
            q!(tx, |c| sqlx::query_as(
                "SELECT tenant_id, id, name, number, email, found_by FROM agents WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3"
            )
            .bind(after.0)
            .bind(after.1)
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?
        };
        let Some((tenant, id, ..)) = members.last() else { return Ok(filled) };
        after = (*tenant, *id);
        let derive = |(tenant, id, name, number, email, stored): (Uuid, Uuid, String, String, String, String)| {
            let words = staff::found_by(&name, &number, &email);
            (words != stored).then_some((tenant, id, stored, words))
        };
        let outdated: Vec<_> = members.into_iter().filter_map(derive).collect();
        if !outdated.is_empty() {
            filled += outdated.len();
            store_found_by(db, outdated).await?;
        }
    }
}

/// Stores what members, given by company and id, are found by, where it still is what it was.
async fn store_found_by(db: &Db, outdated: Vec<(Uuid, Uuid, String, String)>) -> Result<()> {
    let stored = db.writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            for (tenant, id, was, words) in outdated {
                q!(tx, |c| sqlx::query("UPDATE agents SET found_by = $4 WHERE tenant_id = $1 AND id = $2 AND found_by = $3")
                    .bind(tenant)
                    .bind(id)
                    .bind(&was)
                    .bind(&words)
                    .execute(c)
                    .await
                    .map(drop))?;
            }
            Ok::<_, crate::Error>(())
        })
    });
    stored.await
}
