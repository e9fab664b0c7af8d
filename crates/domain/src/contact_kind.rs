//! The kinds of contacts of customers, and sets of those that are hidden from somebody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

/// A kind of contact that a role may hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address.
    Address,
}

text_enum!(Contact { Phone = "phone", Email = "email", Address = "address" });

/// The kinds of contacts that are hidden from somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct HiddenContacts(u8);

impl HiddenContacts {
    /// None is hidden.
    pub const NONE: Self = Self(0);

    /// Whether none is hidden.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Whether a kind is hidden.
    pub const fn contains(self, contact: Contact) -> bool {
        self.0 & 1 << contact as u8 != 0
    }
    /// Whether every kind that these hide is hidden by `other`, too.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

impl FromIterator<Contact> for HiddenContacts {
    fn from_iter<I: IntoIterator<Item = Contact>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |hidden, contact| hidden | 1 << contact as u8))
    }
}
