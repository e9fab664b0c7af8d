//! Customers with an account. Identifying data is passed in and out sealed; it is looked up by a keyed digest.

use db::{Tx, q};
use domain::{
    customer::IdentifierKind,
    id::{CustomerId, TenantId},
    revision::Revision,
    text::Lang,
    time::Ts,
};
use store::{Error, Result, table};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// The company.
    pub tenant: TenantId,
    /// The customer's name, sealed.
    pub name: Option<Vec<u8>>,
    /// The customer's language.
    pub lang: Lang,
    /// The hash of the password.
    pub password_hash: String,
    /// When the account was created.
    pub created_at: Ts,
    /// When the profile was last changed.
    pub updated_at: Ts,
}

/// An e-mail address or number a customer signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIdentifier {
    /// The keyed digest it is found by.
    pub lookup: Vec<u8>,
    /// The kind of identifier.
    pub kind: IdentifierKind,
    /// The text, sealed.
    pub sealed: Vec<u8>,
    /// When the customer proved that it is theirs.
    pub verified_at: Ts,
}

table! {
    Customer in "customers" of tenant [tenant_id] {
        key { id: CustomerId [id] }
        fixed {
            name: Option<Vec<u8>> [name], lang: Lang [lang], password_hash: String [password_hash], created_at: Ts [created_at], updated_at: Ts [updated_at],
        }
    }
}
table! {
    StoredIdentifier in "customer_identifiers" {
        key { lookup: Vec<u8> [lookup] }
        fixed { kind: IdentifierKind [kind], sealed: Vec<u8> [sealed], verified_at: Ts [verified_at] }
    }
}

/// Adds a customer with an identifier; [`Error::Taken`] if someone else has that identifier.
pub async fn insert(tx: &mut Tx, tenant: TenantId, customer: &Customer, identifier: &StoredIdentifier) -> Result<()> {
    table::insert(tx, tenant, customer).await?;
    put_identifier(tx, tenant, customer.id, identifier).await
}

/// Adds a customer who has no identifier and signs in elsewhere.
pub async fn insert_signed(tx: &mut Tx, tenant: TenantId, customer: &Customer) -> Result<()> {
    table::insert(tx, tenant, customer).await
}

/// A customer by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: CustomerId) -> Result<Customer> {
    let sql = table::select::<Customer>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// The customer who signs in with this identifier.
pub async fn find(tx: &mut Tx, tenant: TenantId, lookup: &[u8]) -> Result<Option<Customer>> {
    let joined = "JOIN customer_identifiers i ON i.tenant_id = t.tenant_id AND i.customer_id = t.id";
    let sql = table::select_with::<Customer>("", joined, "AND i.lookup = $2");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(lookup).fetch_optional(c).await)?)
}

/// The customer who signs in with an identifier, in the first of these forms that is known.
pub async fn find_any(tx: &mut Tx, tenant: TenantId, lookups: &[Vec<u8>]) -> Result<Option<Customer>> {
    for lookup in lookups {
        if let Some(found) = find(tx, tenant, lookup).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The identifiers a customer signs in with, e-mail first.
pub async fn identifiers(tx: &mut Tx, tenant: TenantId, id: CustomerId) -> Result<Vec<StoredIdentifier>> {
    let sql = table::select::<StoredIdentifier>("AND customer_id = $2 ORDER BY kind");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_all(c).await)?)
}

/// Sets a customer's address or number, replacing the previous one of that kind; [`Error::Taken`] if it belongs to someone else.
pub async fn put_identifier(tx: &mut Tx, tenant: TenantId, id: CustomerId, identifier: &StoredIdentifier) -> Result<()> {
    let i = identifier;
    q!(tx, |c| sqlx::query("DELETE FROM customer_identifiers WHERE tenant_id = $1 AND customer_id = $2 AND kind = $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(i.kind.as_str())
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| {
        sqlx::query("INSERT INTO customer_identifiers (tenant_id, lookup, customer_id, kind, sealed, verified_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(tenant.uuid())
            .bind(&i.lookup[..])
            .bind(id.uuid())
            .bind(i.kind.as_str())
            .bind(&i.sealed[..])
            .bind(i.verified_at.0)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Updates a profile; [`Error::Stale`] if it changed since it was `seen`.
pub async fn set_profile(tx: &mut Tx, tenant: TenantId, id: CustomerId, name: Option<Vec<u8>>, lang: Lang, seen: Ts) -> Result<()> {
    // Two changes within a millisecond are still two.
    let now = Revision(seen).next(tx.now());
    let changed = q!(tx, |c| sqlx::query("UPDATE customers SET name = $4, lang = $5, updated_at = $6 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(seen.0)
        .bind(name)
        .bind(lang.tag())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Locks a customer's row until the commit; [`Error::NotFound`] if there is none. What is derived from it is derived by one transaction at a time.
pub async fn hold(tx: &mut Tx, tenant: TenantId, id: CustomerId) -> Result<()> {
    let held = q!(tx, |c| sqlx::query("UPDATE customers SET updated_at = updated_at WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if held == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Locks a password until the commit; [`Error::Stale`] if it is no longer the one that was checked.
pub async fn hold_password(tx: &mut Tx, tenant: TenantId, id: CustomerId, checked: &str) -> Result<()> {
    // The update takes the row's lock: a concurrent change of the password has to wait, or was first.
    let held = q!(tx, |c| sqlx::query("UPDATE customers SET password_hash = password_hash WHERE tenant_id = $1 AND id = $2 AND password_hash = $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(checked)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if held == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Sets a password by its hash.
pub async fn set_password(tx: &mut Tx, tenant: TenantId, id: CustomerId, password_hash: &str) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query("UPDATE customers SET password_hash = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(password_hash)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
