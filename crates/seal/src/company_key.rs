//! A key of its own for each company. It seals what the company's customers give in order to be reached, and where they were. It lies in the record sealed by the
//! installation's key, and is erased with the company: whatever it sealed is unreadable from then on.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::id::{ConversationId, TenantId};

use crate::{CannotSeal, Sealer};

/// The length of a key in bytes.
const KEY_BYTES: usize = 32;

/// What a company's key seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// The page on which a conversation takes place.
    Page,
    /// The contact that was left with a message.
    Contact,
    /// Words as they were written, in which numbers are hidden.
    Numbers,
}

impl Sealed {
    fn purpose(self, conversation: ConversationId) -> Vec<u8> {
        let name: &[u8] = match self {
            Self::Page => b"page",
            Self::Contact => b"contact",
            Self::Numbers => b"numbers",
        };
        [name, conversation.uuid().as_bytes()].concat()
    }
}

/// The key of a company.
#[derive(Clone)]
pub struct CompanyKey(Sealer);

impl fmt::Debug for CompanyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompanyKey")
    }
}

impl CompanyKey {
    /// A new random key for a company, sealed by the installation's.
    pub fn generate(sealer: &Sealer, tenant: TenantId) -> Result<Vec<u8>, CannotSeal> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|_| CannotSeal)?;
        sealer.seal(&key_purpose(tenant), &key)
    }

    /// Opens the key of a company; `None` if it is another company's or another installation's.
    pub fn open_key(sealer: &Sealer, tenant: TenantId, sealed: &[u8]) -> Option<Self> {
        Some(Self(Sealer::new(&sealer.open(&key_purpose(tenant), sealed)?)))
    }

    /// Seals something of a conversation.
    pub fn seal(&self, what: Sealed, conversation: ConversationId, text: &str) -> Result<Vec<u8>, CannotSeal> {
        self.0.seal(&what.purpose(conversation), text.as_bytes())
    }

    /// Opens something of a conversation; `None` if it is something else, another conversation's, or was tampered with.
    pub fn open(&self, what: Sealed, conversation: ConversationId, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.0.open(&what.purpose(conversation), sealed)?).ok()
    }

    /// Seals a page, given as JSON, in the form in which a column of text holds it.
    pub fn seal_page(&self, conversation: ConversationId, json: &str) -> Result<String, CannotSeal> {
        Ok(BASE64.encode(self.seal(Sealed::Page, conversation, json)?))
    }
}

/// The JSON of a stored page. Without the key only pages can be read that earlier releases stored as they are.
pub fn open_page(key: Option<&CompanyKey>, conversation: ConversationId, stored: &str) -> Option<String> {
    if is_plain_page(stored) {
        return Some(stored.to_owned());
    }
    key?.open(Sealed::Page, conversation, &BASE64.decode(stored).ok()?)
}

/// Whether a stored page is not sealed: it is JSON.
pub fn is_plain_page(stored: &str) -> bool {
    stored.starts_with('{')
}

/// The purpose that the key of a company is sealed for.
pub fn key_purpose(tenant: TenantId) -> Vec<u8> {
    [&b"company key"[..], tenant.uuid().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PAGE: &str = r#"{"title":"Shop","url":"https://shop.example/"}"#;

    fn key(sealer: &Sealer, tenant: TenantId) -> CompanyKey {
        CompanyKey::open_key(sealer, tenant, &CompanyKey::generate(sealer, tenant).unwrap()).unwrap()
    }

    #[test]
    fn what_a_companys_key_sealed_opens_under_that_key_for_that_purpose_and_conversation_only() {
        let (sealer, other) = (Sealer::new(b"key"), Sealer::new(b"another"));
        let [alpha, beta] = [1, 2].map(|n| TenantId::new(Uuid::from_u128(n)));
        let [one, two] = [3, 4].map(|n| ConversationId::new(Uuid::from_u128(n)));
        let stored = CompanyKey::generate(&sealer, alpha).unwrap();
        assert!(CompanyKey::open_key(&sealer, beta, &stored).is_none() && CompanyKey::open_key(&other, alpha, &stored).is_none());
        let (key_of_alpha, key_of_beta) = (CompanyKey::open_key(&sealer, alpha, &stored).unwrap(), key(&sealer, beta));
        let sealed = key_of_alpha.seal(Sealed::Contact, one, "13800138000").unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"13800"));
        assert_eq!(key_of_alpha.open(Sealed::Contact, one, &sealed).as_deref(), Some("13800138000"));
        let closed =
            [key_of_alpha.open(Sealed::Page, one, &sealed), key_of_alpha.open(Sealed::Contact, two, &sealed), key_of_beta.open(Sealed::Contact, one, &sealed)];
        assert_eq!(closed, [const { None }; 3]);
        assert_eq!(key(&sealer, alpha).open(Sealed::Contact, one, &sealed), None, "a company that comes anew has another key");
    }

    #[test]
    fn a_page_is_read_whether_it_is_sealed_or_older_than_that() {
        let (tenant, conversation) = (TenantId::new(Uuid::from_u128(1)), ConversationId::new(Uuid::from_u128(2)));
        let key = key(&Sealer::new(b"key"), tenant);
        let stored = key.seal_page(conversation, PAGE).unwrap();
        assert!(!is_plain_page(&stored) && is_plain_page(PAGE) && !stored.contains("Shop"));
        for stored in [&stored, PAGE] {
            assert_eq!(open_page(Some(&key), conversation, stored).as_deref(), Some(PAGE));
        }
        assert_eq!((open_page(None, conversation, &stored), open_page(None, conversation, PAGE).as_deref()), (None, Some(PAGE)));
        assert_eq!(open_page(Some(&key), conversation, "neither"), None);
        assert_eq!(format!("{key:?}"), "CompanyKey");
    }
}
