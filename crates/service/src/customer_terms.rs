//! Derives by what staff find a customer. Whoever changes a customer's name, address or number does it in the same transaction.

use db::Tx;
use domain::{
    customer::Identifier,
    customer_terms::terms_of,
    id::{CustomerId, TenantId},
};
use seal::{
    facts::FactsOfCustomer,
    signed::SaidOfCustomer,
    vault::{Field, Vault},
};
use store::{Error, Result};
use store_hall::{customer_facts, customer_terms, customers, signed_customers};

/// The addresses and numbers that a customer signs in with.
async fn proved(tx: &mut Tx, vault: &Vault, tenant: TenantId, id: CustomerId) -> Result<Vec<Identifier>> {
    let stored = customers::identifiers(tx, tenant, id).await?;
    Ok(stored.into_iter().filter_map(|one| vault.open(tenant, id, Field::Identifier, &one.sealed)).map(Identifier::stored).collect())
}

/// Derives the terms of a customer from what is known now.
///
/// # Errors
/// [`Error::NotFound`] if there is no such customer.
pub async fn derive(tx: &mut Tx, vault: &Vault, tenant: TenantId, id: CustomerId) -> Result<()> {
    let name = customers::get(tx, tenant, id).await?.name.and_then(|sealed| vault.open(tenant, id, Field::Name, &sealed));
    let mut identifiers = proved(tx, vault, tenant, id).await?;
    let said = signed_customers::said_of(tx, tenant, id).await?.and_then(|sealed| SaidOfCustomer::open(vault, tenant, id, &sealed));
    identifiers.extend(said.into_iter().flat_map(|said| [said.email, said.phone]).flatten().map(Identifier::stored));
    let facts = customer_facts::find(tx, tenant, id).await?.and_then(|sealed| FactsOfCustomer::open(vault, tenant, id, &sealed));
    identifiers.extend(facts.iter().flat_map(FactsOfCustomer::identifiers));
    let terms: Vec<Vec<u8>> = terms_of(name.as_deref(), &identifiers).iter().map(|term| vault.term(tenant, term)).collect();
    customer_terms::set(tx, tenant, id, &terms).await
}

/// Derives the terms of some customers of a company that have none; returns how many there were.
pub async fn derive_some(tx: &mut Tx, vault: &Vault, tenant: TenantId, limit: i64) -> Result<usize> {
    let missing = customer_terms::missing(tx, tenant, limit).await?;
    for id in &missing {
        match derive(tx, vault, tenant, *id).await {
            // Erased a moment ago.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(missing.len())
}
