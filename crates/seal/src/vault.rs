//! Identifying data of people: sealed field by field in the record and looked up by a keyed digest.
//! Both keys are derived from the installation's key, so neither is usable for anything else.

use domain::{
    customer::Identifier,
    id::{CustomerId, SiteId, TenantId, VisitorId},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{CannotSeal, Sealer, digest};

/// A sealed field of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The customer's name.
    Name,
    /// The e-mail address or number the customer signs in with.
    Identifier,
    /// What a site says of the customer by a signed token.
    Signed,
    /// What staff noted of the customer.
    Facts,
}

impl Field {
    const fn purpose(self) -> &'static [u8] {
        match self {
            Self::Name => b"customer name",
            Self::Identifier => b"customer identifier",
            Self::Signed => b"customer signed",
            Self::Facts => b"customer facts",
        }
    }
}

/// Seals identifying data and computes its lookup digests. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    sealer: Sealer,
    index_key: Vec<u8>,
    code_key: Vec<u8>,
    former: Option<Box<Self>>,
}

/// The first byte of a digest under a former key after it has been digested again; it makes such a digest one byte longer than any other.
const AGAIN: u8 = 1;

/// The length of a digest in bytes.
const DIGEST_BYTES: usize = 32;

/// The number of bytes of a digest that make a pseudonym.
const PSEUDONYM_BYTES: usize = 16;

impl Vault {
    /// The vault of an installation.
    pub fn new(seal_key: &[u8]) -> Self {
        Self {
            sealer: Sealer::new(&digest(seal_key, &[b"personal fields 1"])),
            index_key: digest(seal_key, &[b"personal index 1"]),
            code_key: digest(seal_key, &[b"personal codes 1"]),
            former: None,
        }
    }

    /// The same vault, which also recognises digests made with a former key.
    pub fn after(self, former_key: &[u8]) -> Self {
        Self { former: Some(Box::new(Self::new(former_key))), ..self }
    }

    /// Digests a digest made with a former key again, where the original value is no longer known. `None` if that has been done already.
    pub fn again(&self, digested: &[u8]) -> Option<Vec<u8>> {
        (digested.len() == DIGEST_BYTES).then(|| [&[AGAIN][..], &digest(&self.index_key, &[b"again", digested])].concat())
    }

    /// Like [`Self::again`], for a digest written as hex digits.
    pub fn hex_again(&self, digested: &str) -> Option<String> {
        (digested.len() == 2 * DIGEST_BYTES).then(|| format!("{AGAIN:02x}{}", hex(&digest(&self.index_key, &[b"again", digested.as_bytes()]))))
    }

    /// The digest by which an identifier is found in a company. Without the key, candidates cannot be tried.
    pub fn lookup(&self, tenant: TenantId, identifier: &Identifier) -> Vec<u8> {
        self.lookup_of(tenant, identifier.text())
    }

    /// All forms under which an identifier may be recorded, that of what was typed first: earlier versions recorded the domain of an address as it was typed.
    pub fn lookups(&self, tenant: TenantId, identifier: &Identifier) -> Vec<Vec<u8>> {
        identifier.spellings().iter().map(|spelling| self.lookup_of(tenant, spelling)).collect()
    }

    fn lookup_of(&self, tenant: TenantId, text: &str) -> Vec<u8> {
        digest(&self.index_key, &[tenant.uuid().as_bytes(), text.as_bytes()])
    }

    /// The digest of a term by which staff find a customer of a company ([`domain::customer_terms`]).
    pub fn term(&self, tenant: TenantId, term: &str) -> Vec<u8> {
        digest(&self.index_key, &[b"term", tenant.uuid().as_bytes(), term.as_bytes()])
    }

    /// The digest by which a site's customer is found by the site's own id. The same id on another site is somebody else.
    pub fn subject(&self, tenant: TenantId, site: SiteId, subject: &str) -> Vec<u8> {
        digest(&self.index_key, &[b"subject", tenant.uuid().as_bytes(), site.uuid().as_bytes(), subject.as_bytes()])
    }

    /// The digest under which messages to a mailbox or number in a company are counted; variations of an address share one digest.
    pub fn mailbox(&self, tenant: TenantId, identifier: &Identifier) -> Vec<u8> {
        digest(&self.index_key, &[b"mailbox", tenant.uuid().as_bytes(), identifier.mailbox().as_bytes()])
    }

    /// The digest under which messages to a mailbox or number are counted whichever company sends them.
    pub fn mailbox_anywhere(&self, identifier: &Identifier) -> Vec<u8> {
        digest(&self.index_key, &[b"mailbox anywhere", identifier.mailbox().as_bytes()])
    }

    /// The digest under which messages to a range of numbers are counted.
    pub fn range(&self, tenant: TenantId, digits: &str) -> String {
        hex(&digest(&self.index_key, &[b"range", tenant.uuid().as_bytes(), digits.as_bytes()]))
    }

    /// All forms under which the range may be recorded: the current one, and the one derived from a former key.
    pub fn ranges(&self, tenant: TenantId, digits: &str) -> Vec<String> {
        let former = self.former.as_ref().and_then(|former| self.hex_again(&former.range(tenant, digits)));
        std::iter::once(self.range(tenant, digits)).chain(former).collect()
    }

    /// The digest stored for a network, which groups what comes from it. Without the key it cannot be turned back into an address.
    pub fn network(&self, tenant: TenantId, network: &str) -> Vec<u8> {
        digest(&self.index_key, &[b"network", tenant.uuid().as_bytes(), network.as_bytes()])
    }

    /// All forms under which the network may be recorded: the current one, and the one derived from a former key.
    pub fn networks(&self, tenant: TenantId, network: &str) -> Vec<Vec<u8>> {
        let former = self.former.as_ref().and_then(|former| self.again(&former.network(tenant, network)));
        std::iter::once(self.network(tenant, network)).chain(former).collect()
    }

    /// The name that analysis knows a visitor by: without the key it leads back to nobody, and it is different in each company.
    pub fn pseudonym(&self, tenant: TenantId, visitor: VisitorId) -> String {
        let digested = digest(&self.index_key, &[b"pseudonym", tenant.uuid().as_bytes(), visitor.uuid().as_bytes()]);
        hex(digested.get(..PSEUDONYM_BYTES).unwrap_or_default())
    }

    /// The digest stored for a code of a few digits; a reader of the record cannot try all codes.
    pub fn code(&self, handle: &str, digits: &str) -> Vec<u8> {
        digest(&self.code_key, &[handle.as_bytes(), &[0], digits.as_bytes()])
    }

    /// All forms under which the code may be recorded: the current one, and the one derived from a former key.
    pub fn codes(&self, handle: &str, digits: &str) -> Vec<Vec<u8>> {
        let former = self.former.as_ref().and_then(|former| self.again(&former.code(handle, digits)));
        std::iter::once(self.code(handle, digits)).chain(former).collect()
    }

    /// Whether a text was issued by this installation: it carries a mark made with the current or a
    /// former key. Marks are compared by their digests, so that the time it takes reveals nothing.
    pub fn is_marked(&self, text: &str, mark: &str) -> bool {
        let former = self.former.as_ref().is_some_and(|former| former.is_marked(text, mark));
        Sha256::digest(mark) == Sha256::digest(self.mark(text)) || former
    }

    /// The mark that proves that a text was issued by this installation.
    pub fn mark(&self, text: &str) -> String {
        hex(&digest(&self.code_key, &[b"puzzle", text.as_bytes()]))
    }

    /// Seals a field of a customer.
    pub fn seal(&self, tenant: TenantId, customer: CustomerId, field: Field, text: &str) -> Result<Vec<u8>, CannotSeal> {
        self.sealer.seal(&purpose(tenant, customer.uuid(), field.purpose()), text.as_bytes())
    }

    /// Opens a field of a customer; `None` if it belongs to a different customer or was tampered with.
    pub fn open(&self, tenant: TenantId, customer: CustomerId, field: Field, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.sealer.open(&purpose(tenant, customer.uuid(), field.purpose()), sealed)?).ok()
    }

    /// Seals the action to be taken once a code is verified.
    pub fn seal_payload(&self, handle_hash: &[u8], json: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        self.sealer.seal(handle_hash, json)
    }

    /// Opens the payload again.
    pub fn open_payload(&self, handle_hash: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.sealer.open(handle_hash, sealed)
    }
}

fn purpose(tenant: TenantId, customer: Uuid, field: &[u8]) -> Vec<u8> {
    [tenant.uuid().as_bytes(), customer.as_bytes(), field].concat()
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
        let (shown, ascii) = (of("bob@b\u{fc}cher.example"), of("bob@xn--bcher-kva.example"));
        assert_eq!(vault.lookup(alpha, &shown), vault.lookup(alpha, &ascii));
        let former = vault.lookup(alpha, &Identifier::stored("bob@xn--bcher-kva.example".to_owned()));
        assert!(vault.lookups(alpha, &shown).contains(&former) && vault.lookups(alpha, &ascii).first() == Some(&former));
    }
    #[test]
    fn what_a_former_key_digested_is_known_again_and_anew_only_once() {
        let (tenant, old, new) = (TenantId::new(Uuid::from_u128(1)), Vault::new(b"old"), Vault::new(b"new"));
        let after = new.clone().after(b"old");
        let code = new.again(&old.code("handle", "123456")).unwrap();
        assert!(
            after.codes("handle", "123456").contains(&code)
                && !after.codes("handle", "123457").contains(&code)
                && !new.codes("handle", "123456").contains(&code)
        );
        assert!(after.codes("handle", "123456").contains(&new.code("handle", "123456")));
        assert_eq!(new.again(&code), None);
        let network = new.again(&old.network(tenant, "203.0.113.7")).unwrap();
        assert!(after.networks(tenant, "203.0.113.7").contains(&network) && !after.networks(tenant, "203.0.113.8").contains(&network));
        let range = new.hex_again(&old.range(tenant, "+861380013")).unwrap();
        assert!(after.ranges(tenant, "+861380013").contains(&range) && !after.ranges(tenant, "+861380014").contains(&range));
        assert_eq!(new.hex_again(&range), None);
        let mark = old.mark("text");
        assert!(
            after.is_marked("text", &mark) && after.is_marked("text", &new.mark("text")) && !new.is_marked("text", &mark) && !after.is_marked("texts", &mark)
        );
    }
}
