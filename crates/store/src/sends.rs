//! Sends that were stored before: a repeated one gets the numbers of the first, whatever it was about.

use db::{Tx, journal::WITHDRAWN, q, row};
use domain::{
    id::TenantId,
    journal::Appended,
    refusal::{Code, Refusal},
    time::Ts,
};
use uuid::Uuid;

use crate::Result;

row! {
    struct KnownRow { seq: i64, pseq: Option<i64>, at: i64, actor_id: Option<Uuid>, send_hash: i64 }
}

/// The numbers assigned to an earlier send with this `client_id`, or a refusal if its content was different. If its words were taken back since, the sender alone decides.
pub async fn find(tx: &mut Tx, tenant: TenantId, stream: Uuid, client_id: Uuid, actor: Option<Uuid>, hash: i64) -> Result<Option<Appended>> {
    let row: Option<KnownRow> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, pseq, at, actor_id, send_hash FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $3"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .bind(client_id)
    .fetch_optional(c)
    .await)?;
    match row {
        None => Ok(None),
        Some(first) if first.actor_id == actor && (first.send_hash == hash || first.send_hash == WITHDRAWN) => {
            Ok(Some(Appended { seq: first.seq, pseq: first.pseq, at: Ts(first.at) }))
        }
        Some(_) => Err(Refusal::new(Code::ClientIdReused).into()),
    }
}
