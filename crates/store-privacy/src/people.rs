//! Erases who somebody is: a visitor, or a customer with an account.

use db::{Tx, journal, q};
use domain::{
    id::{CustomerId, TenantId, VisitorId},
    journal::{StoredEntry, View},
};
use store::{Result, access};
use uuid::Uuid;

use crate::{Places, count, each, purposes::INTERESTS};

/// The visitors of a customer: one for each site, and those whose conversations are still on their way to one of these.
pub async fn visitors_of(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<VisitorId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2
         UNION SELECT m.visitor_id FROM visitor_moves m JOIN customer_visitors v ON v.tenant_id = m.tenant_id AND v.visitor_id = m.into_id
           WHERE v.tenant_id = $1 AND v.customer_id = $2 ORDER BY 1 NULLS LAST"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| VisitorId::new(id)).collect())
}

/// Whether there is such a visitor.
pub async fn is_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM visitors WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// All visitors of a company after one, in order: to find those that are known only by a digest.
pub async fn visitors_after(tx: &mut Tx, tenant: TenantId, after: Uuid, limit: i64) -> Result<Vec<VisitorId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM visitors WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(tenant.uuid())
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id,)| VisitorId::new(id)).collect())
}

/// What is known of a visitor.
const VISITOR: &[(&str, &str)] = &[
    ("devices", "DELETE FROM visitor_devices WHERE tenant_id = $1 AND visitor_id = $2"),
    ("devices", "DELETE FROM visitor_tokens WHERE tenant_id = $1 AND visitor_id = $2"),
    INTERESTS,
    ("consents", "DELETE FROM consents WHERE tenant_id = $1 AND subject_id = $2"),
    ("answers", "DELETE FROM request_keys WHERE tenant_id = $1 AND actor_id = $2"),
    ("blocks", "DELETE FROM visitor_blocks WHERE tenant_id = $1 AND visitor_id = $2"),
    ("visitors", "DELETE FROM visitor_moves WHERE tenant_id = $1 AND (visitor_id = $2 OR into_id = $2)"),
    ("visitors", "DELETE FROM customer_visitors WHERE tenant_id = $1 AND visitor_id = $2"),
    ("visitors", "DELETE FROM visitors WHERE tenant_id = $1 AND id = $2"),
];

/// Erases a visitor whose conversations and files are erased. Numbers still count one visitor, under an id that nobody else has.
pub async fn erase_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, successor: VisitorId) -> Result<Places> {
    let places = each(tx, tenant, visitor.uuid(), VISITOR).await?;
    journal::rename_visitor(tx, tenant, visitor.uuid(), successor.uuid()).await?;
    Ok(places)
}

/// What is known of a customer. The identifiers go last: by them, an erasure that was interrupted finds what is left.
const CUSTOMER: &[(&str, &str)] = &[
    ("sessions", "DELETE FROM customer_tickets WHERE tenant_id = $1 AND customer_id = $2"),
    ("sessions", "DELETE FROM customer_sessions WHERE tenant_id = $1 AND customer_id = $2"),
    ("codes", "DELETE FROM customer_codes WHERE tenant_id = $1 AND customer_id = $2"),
    ("consents", "DELETE FROM consents WHERE tenant_id = $1 AND subject_id = $2"),
    ("answers", "DELETE FROM request_keys WHERE tenant_id = $1 AND actor_id = $2"),
    ("account", "DELETE FROM signed_customers WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customer_facts WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customer_labels WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customer_merges WHERE tenant_id = $1 AND (customer_id = $2 OR into_id = $2)"),
    ("account", "DELETE FROM customer_terms WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customers_with_terms WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2"),
    ("account", "DELETE FROM customers WHERE tenant_id = $1 AND id = $2"),
    ("account", "DELETE FROM customer_identifiers WHERE tenant_id = $1 AND customer_id = $2"),
];

/// Erases a customer whose visitors are erased.
pub async fn erase_customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Places> {
    // Whoever changes the customer holds this row, too, and adds nothing beside it once it is gone.
    q!(tx, |c| sqlx::query("UPDATE customers SET updated_at = updated_at WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .execute(c)
        .await
        .map(drop))?;
    each(tx, tenant, customer.uuid(), CUSTOMER).await
}

/// Ends what a customer is signed in with.
pub async fn sign_out(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<()> {
    each(tx, tenant, customer.uuid(), &CUSTOMER[..3]).await.map(drop)
}

/// Whether there is such a customer.
pub async fn is_customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM customers WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// Deletes the letters that wait in a lane.
pub async fn delete_letters(tx: &mut Tx, tenant: TenantId, lane: &[u8]) -> Result<Places> {
    let mut places = Places::new();
    let gone = q!(tx, |c| sqlx::query("DELETE FROM jobs WHERE tenant_id = $1 AND kind = 'letter' AND lane = $2")
        .bind(tenant.uuid())
        .bind(lane)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    count(&mut places, "letters", gone);
    Ok(places)
}

/// The numbers of the audit's entries about something, or by somebody, after one.
pub async fn audit_numbers(tx: &mut Tx, tenant: TenantId, (object, actor): (&str, Option<Uuid>), after: i64, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT seq FROM audit_index WHERE tenant_id = $1 AND (object = $2 OR actor_id = $3) AND seq > $4 ORDER BY seq LIMIT $5")
            .bind(tenant.uuid())
            .bind(object)
            .bind(actor)
            .bind(after)
            .bind(limit)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(seq,)| seq).collect())
}

/// An entry of the audit.
pub async fn audit_entry(tx: &mut Tx, tenant: TenantId, seq: i64) -> Result<Option<StoredEntry>> {
    let stream = store::audit::stream_of(tx, tenant).await?;
    Ok(journal::page(tx, tenant, stream, View::Staff, seq - 1, 1).await?.pop().filter(|entry| entry.seq == seq))
}

/// The operations whose answers may quote what customers wrote, or say who they are.
const QUOTING: [&str; 6] = ["/left-messages", "/conversations", "/customers", "/knowledge", "/unanswered", "/files"];

/// Deletes the answers to requests of the staff that may quote conversations or profiles; whoever repeats such a request within a week of it makes it anew.
pub async fn delete_answers(tx: &mut Tx, tenant: TenantId) -> Result<Places> {
    let mut places = Places::new();
    let operations: Vec<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT DISTINCT operation FROM request_keys WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    for (operation,) in operations.into_iter().filter(|(operation,)| QUOTING.iter().any(|quoting| operation.contains(quoting))) {
        let gone = q!(tx, |c| sqlx::query("DELETE FROM request_keys WHERE tenant_id = $1 AND operation = $2 AND status <> 0")
            .bind(tenant.uuid())
            .bind(&operation)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        count(&mut places, "answers", gone);
    }
    Ok(places)
}

/// What a customer signs in with: the digests it is found by, and the sealed texts.
pub async fn identifiers(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    Ok(q!(tx, |c| sqlx::query_as("SELECT lookup, sealed FROM customer_identifiers WHERE tenant_id = $1 AND customer_id = $2 ORDER BY kind")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_all(c)
        .await)?)
}

/// The revocations of a company after a number, in order.
pub async fn revocations_after(tx: &mut Tx, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<StoredEntry>> {
    let stream = access::stream(tx, tenant).await?;
    Ok(journal::page(tx, tenant, stream, View::Staff, after, limit).await?)
}

/// Takes back in revocations who was meant.
pub async fn withdraw_revocations(tx: &mut Tx, tenant: TenantId, seqs: &[i64]) -> Result<Places> {
    let stream = access::stream(tx, tenant).await?;
    let mut places = Places::new();
    count(&mut places, "devices", journal::withdraw(tx, tenant, stream.id, seqs, journal::Why::Erased).await?);
    Ok(places)
}
