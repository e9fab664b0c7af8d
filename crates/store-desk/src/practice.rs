//! What agents work with, as it is where they practise: a copy of that of their company.

use db::{Tx, q};
use domain::id::{AgentId, TenantId};
use store::{Result, table};

use crate::{canned_replies, labels, macros};

/// The most canned replies that are copied: more than a company has.
const MOST_REPLIES: i64 = 10_000;

/// Copies a company's canned replies, labels and macros to the company in which its staff practise, in place of the former copy. Of the macros that only one
/// member has, those of `member`, for whom `twin` practises. Labels that are gone stay, because conversations may have them.
pub async fn copy(tx: &mut Tx, tenant: TenantId, practice: TenantId, member: AgentId, twin: AgentId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM canned_replies WHERE tenant_id = $1").bind(practice.uuid()).execute(c).await.map(drop))?;
    let mut replies = canned_replies::list(tx, tenant, None, MOST_REPLIES).await?;
    replies.iter_mut().for_each(|reply| reply.tenant = practice);
    table::insert_all(tx, practice, &replies).await?;
    let there = labels::all(tx, practice).await?;
    for label in labels::all(tx, tenant).await? {
        match there.iter().find(|former| former.id == label.id) {
            Some(former) => labels::update(tx, practice, &label, former.updated_at).await?,
            None => labels::insert(tx, practice, &label).await?,
        }
    }
    let former = "DELETE FROM macros WHERE tenant_id = $1 AND (owner_id IS NULL OR owner_id = $2)";
    q!(tx, |c| sqlx::query(former).bind(practice.uuid()).bind(twin.uuid()).execute(c).await.map(drop))?;
    let mut own = macros::of_member(tx, tenant, member).await?;
    own.iter_mut().for_each(|one| one.owner = one.owner.map(|_| twin));
    table::insert_all(tx, practice, &own).await
}
