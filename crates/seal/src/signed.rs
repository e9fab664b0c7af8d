//! What a site says of a customer by a signed token, as it is sealed, and the purpose for which the secrets are sealed with which it signs.

use domain::{
    customer::Identifier,
    id::{CustomerId, SiteId, TenantId},
    signed_identity::Identity,
};
use serde::{Deserialize, Serialize};

use crate::{
    CannotSeal,
    vault::{Field, Vault},
};

/// What a site says of a customer, without the name, which is the customer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidOfCustomer {
    /// The site's own id of the customer.
    pub subject: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The mobile number.
    pub phone: Option<String>,
}

impl SaidOfCustomer {
    /// What a token says.
    pub fn of(identity: &Identity) -> Self {
        let text = |one: &Option<Identifier>| one.as_ref().map(|one| one.text().to_owned());
        Self { subject: identity.subject.clone(), email: text(&identity.email), phone: text(&identity.phone) }
    }

    /// Seals it for its customer.
    pub fn seal(&self, vault: &Vault, tenant: TenantId, customer: CustomerId) -> Result<Vec<u8>, CannotSeal> {
        let json = serde_json::to_string(self).map_err(|_| CannotSeal)?;
        vault.seal(tenant, customer, Field::Signed, &json)
    }

    /// Opens it; `None` if it is another customer's or was tampered with.
    pub fn open(vault: &Vault, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Self> {
        serde_json::from_str(&vault.open(tenant, customer, Field::Signed, sealed)?).ok()
    }

    /// By what the customer can be reached: the mobile number rather than the e-mail address.
    pub fn identifier(&self) -> Option<Identifier> {
        self.phone.as_ref().or(self.email.as_ref()).cloned().map(Identifier::stored)
    }
}

/// The purpose that a site's secret is sealed for.
pub fn secret_purpose(site: SiteId, kid: &str) -> Vec<u8> {
    [&b"site secret"[..], site.uuid().as_bytes(), kid.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_said_of_a_customer_opens_for_that_customer_only() {
        let (vault, tenant) = (Vault::new(b"key"), TenantId::new(Uuid::from_u128(1)));
        let (ada, eve) = (CustomerId::new(Uuid::from_u128(2)), CustomerId::new(Uuid::from_u128(3)));
        let said = SaidOfCustomer { subject: "u-1".to_owned(), email: Some("ada@example.com".to_owned()), phone: None };
        let sealed = said.seal(&vault, tenant, ada).unwrap();
        assert!(!sealed.windows(3).any(|part| part == b"u-1"));
        assert_eq!(SaidOfCustomer::open(&vault, tenant, ada, &sealed).as_ref(), Some(&said));
        assert_eq!(SaidOfCustomer::open(&vault, tenant, eve, &sealed), None);
        assert_eq!(said.identifier().unwrap().text(), "ada@example.com");
        let site = |n| SiteId::new(Uuid::from_u128(n));
        assert_ne!(vault.subject(tenant, site(1), "u-1"), vault.subject(tenant, site(2), "u-1"));
        assert_ne!(secret_purpose(site(1), "a"), secret_purpose(site(1), "b"));
    }
}
