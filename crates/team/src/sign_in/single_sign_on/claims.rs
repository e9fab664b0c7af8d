//! What an identity provider says of somebody.

use std::{collections::HashMap, ops::Deref};

use domain::mail_address::MailAddress;
use openidconnect::{AdditionalClaims, AuthenticationMethodReference, EndUserEmail, LocalizedClaim};
use platform::env;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The claims that OpenID Connect does not define, such as groups.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Others {
    #[serde(flatten)]
    others: HashMap<String, Value>,
}

impl AdditionalClaims for Others {}

impl Others {
    /// The groups listed in a claim; `None` if there is no such claim. A name with dots also leads into objects, as in `realm_access.roles`.
    pub fn groups(&self, claim: &str) -> Option<Vec<String>> {
        let inside = || {
            let mut names = claim.split('.');
            let first = self.others.get(names.next()?)?;
            names.try_fold(first, |value, name| value.get(name))
        };
        match self.others.get(claim).or_else(inside)? {
            Value::String(one) => Some(vec![one.clone()]),
            Value::Array(several) => Some(several.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()),
            _ => None,
        }
    }
}

/// What an identity provider says of somebody, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The hash of who it is at that identity provider.
    pub subject: Vec<u8>,
    /// The mail address.
    pub address: Option<MailAddress>,
    /// Whether the identity provider has verified the address.
    pub is_verified: bool,
    /// The name.
    pub name: Option<String>,
    /// The groups; `None` if it said nothing of them.
    pub groups: Option<Vec<String>>,
    /// Whether it has asked for two proofs.
    pub by_two: bool,
}

/// Whether these ways to prove who one is (`amr`, RFC 8176) are two: the identity provider says so, or names something known and something owned. A one-time
/// password alone may have come by mail.
pub fn are_two(ways: Option<&Vec<AuthenticationMethodReference>>) -> bool {
    let has = |names: &[&str]| ways.is_some_and(|ways| ways.iter().any(|way| names.contains(&way.as_str())));
    has(&["mfa"]) || has(&["pwd", "pin"]) && has(&["otp", "hwk"])
}

/// The hash by which a subject is found again: two identity providers may use the same name for different people.
pub fn subject(issuer: &str, name: &str) -> Vec<u8> {
    env::hash(&format!("{issuer} {name}"))
}

/// An address and whether it was verified, which come from one source or not at all.
pub fn address(email: Option<&EndUserEmail>, is_verified: Option<bool>) -> (Option<MailAddress>, bool) {
    (email.and_then(|email| MailAddress::parse(email.as_str())), is_verified == Some(true))
}

/// The form of a name that is not bound to a language, or any.
pub fn name<T: Deref<Target = String>>(names: Option<&LocalizedClaim<T>>) -> Option<String> {
    let (_, name) = names?.iter().next()?;
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_found_by_the_name_of_their_claim() {
        let others: Others = serde_json::from_value(json!({
            "groups": ["desk", 7, "leads"], "role": "desk", "https://alpha.example/roles": ["a"], "realm_access": {"roles": ["b"]}, "n": 1
        }))
        .unwrap();
        let groups = |claim: &str| others.groups(claim).map(|groups| groups.join(" "));
        for (claim, found) in [
            ("groups", Some("desk leads")),
            ("role", Some("desk")),
            ("https://alpha.example/roles", Some("a")),
            ("realm_access.roles", Some("b")),
            ("realm_access", None),
            ("realm_access.missing", None),
            ("n", None),
            ("", None),
        ] {
            assert_eq!(groups(claim).as_deref(), found, "{claim}");
        }
    }

    #[test]
    fn two_proofs_are_what_is_called_so_or_is_known_and_owned() {
        for (ways, are) in [("mfa", true), ("pwd otp", true), ("hwk pin", true), ("pwd", false), ("otp", false), ("otp sms", false), ("", false)] {
            let ways = ways.split_whitespace().map(|way| AuthenticationMethodReference::new(way.to_owned())).collect();
            assert_eq!(are_two(Some(&ways)), are, "{ways:?}");
        }
        assert!(!are_two(None));
    }

    #[test]
    fn a_subject_is_one_at_its_identity_provider_only() {
        assert_eq!(subject("https://a.example", "1"), subject("https://a.example", "1"));
        assert_ne!(subject("https://a.example", "1"), subject("https://b.example", "1"));
    }
}
