//! What staff noted of a customer, as it is sealed.

use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
};
use serde::{Deserialize, Serialize};

use crate::{
    CannotSeal,
    vault::{Field, Vault},
};

/// What staff noted of a customer. Nobody has proved it, and nobody signs in with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsOfCustomer {
    /// The e-mail address, normalised.
    pub email: Option<String>,
    /// The mobile number, normalised.
    pub mobile: Option<String>,
    /// What else staff have to know.
    pub note: Option<String>,
}

impl FactsOfCustomer {
    /// Seals it for its customer.
    pub fn seal(&self, vault: &Vault, tenant: TenantId, customer: CustomerId) -> Result<Vec<u8>, CannotSeal> {
        let json = serde_json::to_string(self).map_err(|_| CannotSeal)?;
        vault.seal(tenant, customer, Field::Facts, &json)
    }

    /// Opens it; `None` if it is another customer's or was tampered with.
    pub fn open(vault: &Vault, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Self> {
        serde_json::from_str(&vault.open(tenant, customer, Field::Facts, sealed)?).ok()
    }

    /// The addresses and numbers in it.
    pub fn identifiers(&self) -> Vec<Identifier> {
        self.email.iter().chain(&self.mobile).cloned().map(Identifier::stored).collect()
    }
}
