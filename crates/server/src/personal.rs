//! What identifies a person: sealed field by field in the record, and found again by a keyed digest. Both keys are made of the installation's own, so that neither is
//! good for anything else.

use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::sealing::{CannotSeal, Sealer};

/// What a field of a customer is called where it is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name they go by.
    Name,
    /// What they sign in with.
    Identifier,
}

impl Field {
    const fn purpose(self) -> &'static [u8] {
        match self {
            Self::Name => b"customer name",
            Self::Identifier => b"customer identifier",
        }
    }
}

/// Seals and finds what identifies people. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    sealer: Sealer,
    index_key: Vec<u8>,
    code_key: Vec<u8>,
}

impl Vault {
    /// Of an installation.
    pub fn new(seal_key: &[u8]) -> Self {
        Self {
            sealer: Sealer::new(&digest(seal_key, &[b"personal fields 1"])),
            index_key: digest(seal_key, &[b"personal index 1"]),
            code_key: digest(seal_key, &[b"personal codes 1"]),
        }
    }

    /// By what an identifier is found in a company. Without the key it cannot be tried out.
    pub fn lookup(&self, tenant: TenantId, identifier: &Identifier) -> Vec<u8> {
        digest(&self.index_key, &[tenant.uuid().as_bytes(), identifier.text().as_bytes()])
    }

    /// By what it is counted how often something is sent to a mailbox or number in a company, however its address was varied.
    pub fn mailbox(&self, tenant: TenantId, identifier: &Identifier) -> Vec<u8> {
        digest(&self.index_key, &[b"mailbox", tenant.uuid().as_bytes(), identifier.mailbox().as_bytes()])
    }

    /// By what it is counted how many messages go to a range of numbers.
    pub fn range(&self, tenant: TenantId, digits: &str) -> String {
        hex(&digest(&self.index_key, &[b"range", tenant.uuid().as_bytes(), digits.as_bytes()]))
    }

    /// What is stored of a network, to count what comes from one together: it cannot be turned back into an address without the key.
    pub fn network(&self, tenant: TenantId, network: &str) -> Vec<u8> {
        digest(&self.index_key, &[b"network", tenant.uuid().as_bytes(), network.as_bytes()])
    }

    /// What is stored of a code of few digits: nobody who reads the record can try them all.
    pub fn code(&self, handle: &str, digits: &str) -> Vec<u8> {
        digest(&self.code_key, &[handle.as_bytes(), &[0], digits.as_bytes()])
    }

    /// What shows that a text is ours.
    pub fn mark(&self, text: &str) -> String {
        hex(&digest(&self.code_key, &[b"puzzle", text.as_bytes()]))
    }

    /// Seals a field of a customer.
    pub fn seal(&self, tenant: TenantId, customer: CustomerId, field: Field, text: &str) -> Result<Vec<u8>, CannotSeal> {
        self.sealer.seal(&purpose(tenant, customer.uuid(), field.purpose()), text.as_bytes())
    }

    /// Opens a field of a customer; `None` if it is another's, or was tampered with.
    pub fn open(&self, tenant: TenantId, customer: CustomerId, field: Field, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.sealer.open(&purpose(tenant, customer.uuid(), field.purpose()), sealed)?).ok()
    }

    /// Seals what is to be done once a code is proved.
    pub fn seal_payload(&self, handle_hash: &[u8], json: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        self.sealer.seal(handle_hash, json)
    }

    /// Opens it again.
    pub fn open_payload(&self, handle_hash: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.sealer.open(handle_hash, sealed)
    }
}

fn purpose(tenant: TenantId, customer: Uuid, field: &[u8]) -> Vec<u8> {
    [tenant.uuid().as_bytes(), customer.as_bytes(), field].concat()
}

fn digest(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_opens_for_its_customer_and_its_name_only() {
        let (vault, other) = (Vault::new(b"key"), Vault::new(b"another"));
        let (alpha, beta) = (TenantId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
        let (ada, eve) = (CustomerId::new(Uuid::from_u128(3)), CustomerId::new(Uuid::from_u128(4)));
        let sealed = vault.seal(alpha, ada, Field::Name, "李雷").unwrap();
        assert!(!sealed.windows(6).any(|part| part == "李雷".as_bytes()));
        assert_eq!(vault.open(alpha, ada, Field::Name, &sealed).as_deref(), Some("李雷"));
        assert_ne!(vault.seal(alpha, ada, Field::Name, "李雷").unwrap(), sealed);
        let closed = [
            vault.open(beta, ada, Field::Name, &sealed),
            vault.open(alpha, eve, Field::Name, &sealed),
            vault.open(alpha, ada, Field::Identifier, &sealed),
            other.open(alpha, ada, Field::Name, &sealed),
        ];
        assert_eq!(closed, [const { None }; 4]);
    }

    #[test]
    fn an_identifier_is_found_however_it_was_typed_and_in_its_company_only() {
        let vault = Vault::new(b"key");
        let (alpha, beta) = (TenantId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
        let of = |raw: &str| Identifier::parse(raw).unwrap();
        assert_eq!(vault.lookup(alpha, &of("138 0013 8000")), vault.lookup(alpha, &of("+86-13800138000")));
        assert_ne!(vault.lookup(alpha, &of("13800138000")), vault.lookup(beta, &of("13800138000")));
        assert_ne!(vault.lookup(alpha, &of("13800138000")), Vault::new(b"other").lookup(alpha, &of("13800138000")));
    }
}
