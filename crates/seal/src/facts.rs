//! What the staff note of a customer, as it is sealed.

use domain::{
    customer_facts::CustomerFacts,
    id::{CustomerId, TenantId},
};

use crate::{
    CannotSeal,
    vault::{Field, Vault},
};

/// Seals it for its customer.
pub fn seal(facts: &CustomerFacts, vault: &Vault, tenant: TenantId, customer: CustomerId) -> Result<Vec<u8>, CannotSeal> {
    let json = serde_json::to_string(facts).map_err(|_| CannotSeal)?;
    vault.seal(tenant, customer, Field::Facts, &json)
}

/// Opens it; `None` if it is another customer's or was tampered with.
pub fn open(vault: &Vault, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<CustomerFacts> {
    serde_json::from_str(&vault.open(tenant, customer, Field::Facts, sealed)?).ok()
}
