//! What the staff note of a customer.

use serde::{Deserialize, Serialize};

use crate::customer::Identifier;

/// What the staff noted of a customer. Nobody has proved it, and nobody signs in with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFacts {
    /// The e-mail address, normalised.
    pub email: Option<String>,
    /// The mobile number, normalised.
    pub mobile: Option<String>,
    /// What else the staff have to know.
    pub note: Option<String>,
}

impl CustomerFacts {
    /// The addresses and numbers in it.
    pub fn identifiers(&self) -> Vec<Identifier> {
        self.email.iter().chain(&self.mobile).cloned().map(Identifier::stored).collect()
    }
    /// Whether nothing is noted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
