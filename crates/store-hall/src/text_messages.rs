//! The number of text messages a company sent on a day. They cost money, so the counts outlive the process.

use db::{Tx, q};
use domain::{
    id::TenantId,
    refusal::{Code, Refusal},
    time::DAY,
};
use store::Result;

/// The code of the refusal when a day's messages are used up.
pub const USED_UP: Code = Code::TextMessagesUsedUp;

/// Counts one message for each of these prefixes or, if none is really sent, only checks the counts. Each prefix has a daily cap; one that has reached its cap
/// causes a refusal with [`USED_UP`], and nothing is counted.
pub async fn count(tx: &mut Tx, tenant: TenantId, prefixes: &[(String, i64)], is_sent: bool) -> Result<()> {
    let (day, more) = (tx.now().0 / DAY, i64::from(is_sent));
    for (prefix, cap) in prefixes {
        // The row stays locked until the commit: of two simultaneous messages, the second counts on top of the first.
        let (sent,): (i64,) = q!(tx, |c| sqlx::query_as(
            "INSERT INTO text_messages (tenant_id, day, prefix, sent) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, day, prefix) DO UPDATE SET sent = text_messages.sent + $4 RETURNING sent"
        )
        .bind(tenant.uuid())
        .bind(day)
        .bind(prefix)
        .bind(more)
        .fetch_one(c)
        .await)?;
        if sent - more >= *cap {
            return Err(Refusal::new(USED_UP).into());
        }
    }
    Ok(())
}
