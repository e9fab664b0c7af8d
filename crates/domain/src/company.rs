//! Companies of an installation: what their names and addresses must satisfy.

use normal::{domain, typed::typed};

use crate::{
    line,
    refusal::Code,
    staff::{DECEPTIVE, is_line},
};

/// Why a company was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CompanyError {
    /// The field of the request that the error is about.
    pub field: &'static str,
    /// What the user has to do about it.
    pub why: &'static str,
    /// The code of the error; codes are only ever added.
    pub code: Code,
}

const fn invalid(field: &'static str, why: &'static str) -> CompanyError {
    CompanyError { field, why, code: Code::InvalidValue }
}

/// The short name of a company in the form in which it is stored. It stands in addresses, so that letters which look like others are refused.
pub fn slug(raw: &str) -> Result<String, CompanyError> {
    let slug = typed(raw).to_lowercase();
    let fits = (2..=40).contains(&slug.len()) && slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if fits && !slug.starts_with('-') && !slug.ends_with('-') {
        Ok(slug)
    } else {
        Err(invalid("slug", "a short name must have 2 to 40 characters, Latin a-z, 0-9 and -, and neither begin nor end with -"))
    }
}

/// The name of a company in the form in which it is stored.
pub fn name(raw: &str) -> Result<String, CompanyError> {
    let name = line::name(raw);
    if !is_line(&name, 60) {
        return Err(invalid("name", "a name must be one line of 1 to 60 characters"));
    }
    if line::deceives(&name) { Err(CompanyError { field: "name", why: DECEPTIVE, code: Code::NameDeceptive }) } else { Ok(name) }
}

/// A host name, with a port if that is not the usual one, in the form in which browsers send it.
pub fn host(raw: &str) -> Result<String, CompanyError> {
    let wrong = || invalid("host", "this is not a host name: write it like shop.example.com, without https:// and without a path");
    let typed = typed(raw);
    let (name, port) = typed.rsplit_once(':').map_or((typed.as_str(), None), |(name, port)| (name, Some(port)));
    let name = domain::ascii(name).ok_or_else(wrong)?;
    match port.map(|port| port.parse::<u16>()) {
        None => Ok(name),
        Some(Ok(port)) if port > 0 => Ok(format!("{name}:{port}")),
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_has_no_letters_that_look_like_others() {
        for (raw, kept) in [(" Muyu ", "muyu"), ("ｓｈｏｐ-1", "shop-1"), ("a1", "a1")] {
            assert_eq!(slug(raw).as_deref(), Ok(kept));
        }
        // The second letter is Cyrillic.
        for raw in ["", "a", "s\u{43d}op", "木屿", "-shop", "shop-", "a b", "a/b", "a.b", &"a".repeat(41)] {
            assert_eq!(slug(raw).unwrap_err().field, "slug", "{raw}");
        }
    }

    #[test]
    fn a_host_is_stored_as_browsers_send_it() {
        for (raw, kept) in [("Shop.Example", "shop.example"), ("bücher.example:8443", "xn--bcher-kva.example:8443")] {
            assert_eq!(host(raw).as_deref(), Ok(kept));
        }
        for raw in ["", "https://shop.example", "shop.example/x", "shop.example:", "shop.example:0", "shop.example:99999", "a b.example"] {
            assert_eq!(host(raw).unwrap_err().field, "host", "{raw}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_deceives_nobody() {
        assert_eq!(name(" 木屿家居 ").as_deref(), Ok("木屿家居"));
        for raw in ["", " ", "a\nb", "Sh\u{43e}p", "a\u{202e}b", &"a".repeat(61)] {
            assert_eq!(name(raw).unwrap_err().field, "name", "{raw:?}");
        }
    }
}
