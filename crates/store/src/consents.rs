//! What people allow to be stored about them: every answer is kept, and the latest of each purpose counts. An account has one answer for all its visitors: what one
//! of them says is stored for the customer and for every other visitor.

use db::{Tx, q, row};
use domain::{
    consent::{Answer, AnsweredIn, Purpose},
    id::{CustomerId, TenantId, VisitorId},
    time::Ts,
};
use uuid::Uuid;

use crate::Result;

row! {
    struct Row { purpose: String, granted: i64, at: i64, wording: i64, place: String }
}

fn read(row: Row) -> Option<Answer> {
    let Row { purpose, granted, at, wording, place } = row;
    Some(Answer { purpose: Purpose::parse(&purpose)?, granted: granted != 0, at: Ts(at), wording, place: AnsweredIn::parse(&place)? })
}

/// The first answer of each purpose: refusals come first, because one of them outweighs everything.
fn that_count(rows: Vec<Row>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for answer in rows.into_iter().filter_map(read) {
        if answers.iter().all(|known| known.purpose != answer.purpose) {
            answers.push(answer);
        }
    }
    answers
}

/// What a visitor, or the visitor's account, answered: at most one answer for each purpose.
pub async fn of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<Answer>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT purpose, granted, at, wording, place FROM consents WHERE tenant_id = $1 AND is_current = 1 AND (subject_id = $2
           OR subject_id IN (SELECT customer_id FROM customer_visitors WHERE tenant_id = $1 AND visitor_id = $2))
         ORDER BY purpose, granted, at DESC"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_all(c)
    .await)?;
    Ok(that_count(rows))
}

/// What a customer, or any visitor of the account, answered: at most one answer for each purpose.
pub async fn of_customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<Answer>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT purpose, granted, at, wording, place FROM consents WHERE tenant_id = $1 AND is_current = 1 AND (subject_id = $2
           OR subject_id IN (SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2))
         ORDER BY purpose, granted, at DESC"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .fetch_all(c)
    .await)?;
    Ok(that_count(rows))
}

/// Whether a visitor agreed to a purpose; `None` if they were not asked.
pub async fn choice(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, purpose: Purpose) -> Result<Option<bool>> {
    Ok(of_visitor(tx, tenant, visitor).await?.into_iter().find(|answer| answer.purpose == purpose).map(|answer| answer.granted))
}

/// For whom an answer of a visitor is kept: the visitor and, if there is an account, its customer and all its visitors.
pub async fn subjects_of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<Uuid>> {
    let others: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(
        "SELECT other.visitor_id, other.customer_id FROM customer_visitors own
         JOIN customer_visitors other ON other.tenant_id = own.tenant_id AND other.customer_id = own.customer_id
         WHERE own.tenant_id = $1 AND own.visitor_id = $2"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_all(c)
    .await)?;
    Ok(each_once(visitor.uuid(), others.iter().flat_map(|(visitor, customer)| [*visitor, *customer])))
}

/// For whom an answer of a customer is kept: the customer and all visitors of the account.
pub async fn subjects_of_customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<Uuid>> {
    let visitors: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_all(c)
        .await)?;
    Ok(each_once(customer.uuid(), visitors.into_iter().map(|(visitor,)| visitor)))
}

fn each_once(first: Uuid, others: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut all: Vec<Uuid> = std::iter::once(first).chain(others).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Keeps an answer for each of these: it counts from now on, and the one before stays as what was answered before.
pub async fn record(tx: &mut Tx, tenant: TenantId, subjects: &[Uuid], answer: &Answer) -> Result<()> {
    for subject in subjects {
        let last: (Option<i64>,) = q!(tx, |c| sqlx::query_as("SELECT MAX(at) FROM consents WHERE tenant_id = $1 AND subject_id = $2 AND purpose = $3")
            .bind(tenant.uuid())
            .bind(*subject)
            .bind(answer.purpose.as_str())
            .fetch_one(c)
            .await)?;
        q!(tx, |c| sqlx::query("UPDATE consents SET is_current = 0 WHERE tenant_id = $1 AND subject_id = $2 AND purpose = $3 AND is_current = 1")
            .bind(tenant.uuid())
            .bind(*subject)
            .bind(answer.purpose.as_str())
            .execute(c)
            .await
            .map(drop))?;
        // Two answers of one millisecond keep their order.
        let at = last.0.map_or(answer.at.0, |last| answer.at.0.max(last + 1));
        q!(tx, |c| {
            sqlx::query(
            "INSERT INTO consents (tenant_id, subject_id, purpose, at, granted, wording, place, is_current, relied_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $4)"
        )
        .bind(tenant.uuid())
        .bind(*subject)
        .bind(answer.purpose.as_str())
        .bind(at)
        .bind(i64::from(answer.granted))
        .bind(answer.wording)
        .bind(answer.place.as_str())
        .execute(c)
        .await
        .map(drop)
        })?;
    }
    Ok(())
}

/// Records what the visitor of an imported conversation answered; what is recorded of them already stays.
pub async fn import(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, answer: &Answer) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO consents (tenant_id, subject_id, purpose, at, granted, wording, place, is_current, relied_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $4) ON CONFLICT DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(answer.purpose.as_str())
    .bind(answer.at.0)
    .bind(i64::from(answer.granted))
    .bind(answer.wording)
    .bind(answer.place.as_str())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether a visitor agreed to a purpose; holds that until the commit, so that nothing is stored after a withdrawal, and notes that something relied on it.
pub async fn hold(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, purpose: Purpose) -> Result<bool> {
    let now = tx.now();
    let held = q!(tx, |c| sqlx::query(
        "UPDATE consents SET relied_at = $4 WHERE tenant_id = $1 AND purpose = $3 AND is_current = 1 AND granted = 1 AND (subject_id = $2
           OR subject_id IN (SELECT customer_id FROM customer_visitors WHERE tenant_id = $1 AND visitor_id = $2))"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(purpose.as_str())
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(held > 0 && choice(tx, tenant, visitor, purpose).await? == Some(true))
}

/// Hands what a visitor answered over to an account's own visitor. A refusal by either is kept for both; an agreement counts where nobody was asked.
pub async fn join(tx: &mut Tx, tenant: TenantId, from: VisitorId, into: VisitorId) -> Result<()> {
    let (theirs, own) = (of_visitor(tx, tenant, from).await?, of_visitor(tx, tenant, into).await?);
    let subjects = subjects_of_visitor(tx, tenant, into).await?;
    let of = |answers: &[Answer], purpose: Purpose| answers.iter().find(|answer| answer.purpose == purpose).copied();
    for purpose in Purpose::EACH {
        match (of(&theirs, *purpose), of(&own, *purpose)) {
            (Some(brought), None) => record(tx, tenant, &subjects, &brought).await?,
            (Some(brought), Some(known)) if known.granted && !brought.granted => record(tx, tenant, &subjects, &brought).await?,
            (theirs, Some(known)) if !known.granted && theirs.is_none_or(|theirs| theirs.granted) => record(tx, tenant, &[from.uuid()], &known).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Ends up to `portion` agreements that nothing has relied on since a time: whoever gave them is asked again. Returns whether there may be more.
pub async fn lapse(tx: &mut Tx, tenant: TenantId, before: Ts, portion: i64) -> Result<bool> {
    let ended = q!(tx, |c| sqlx::query(
        "UPDATE consents SET is_current = 0 WHERE (tenant_id, subject_id, purpose, at) IN (SELECT tenant_id, subject_id, purpose, at FROM consents
           WHERE tenant_id = $1 AND is_current = 1 AND granted = 1 AND relied_at < $2 ORDER BY relied_at LIMIT $3)"
    )
    .bind(tenant.uuid())
    .bind(before.0)
    .bind(portion)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(ended >= portion.unsigned_abs())
}
