//! What a site's own server says, in a token that it signs, of the customer who is signed in on its page (RFC 7519), and what such a token must satisfy.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    customer::{self, Identifier, IdentifierKind},
    refusal::Code,
    text::Lang,
    time::{DAY, MINUTE, SECOND, Ts},
};

/// A token expires at most this long after it was signed, in milliseconds.
pub const LONGEST_MS: i64 = 10 * MINUTE;
/// What a token brings lasts this long, in milliseconds; then the page has to name the customer again.
pub const SESSION_MS: i64 = DAY;
/// How long the earlier keys of a site stay valid after a new one was made, in milliseconds.
pub const OVERLAP_MS: i64 = DAY;
/// The most valid keys of a site.
pub const MAX_SECRETS: usize = 5;
/// The longest token, in bytes.
pub const MAX_TOKEN_BYTES: usize = 4096;
/// The longest `sub` and `jti`, in characters.
const MAX_ID_CHARS: usize = 200;
/// The latest time that counts in seconds; later ones are most likely in milliseconds.
const LAST_SECOND: f64 = 100_000_000_000.0;

/// How a token is signed; a key is of one algorithm and signs with no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Algorithm {
    /// HMAC-SHA256 under a secret that both sides know (RFC 7518, 3.2).
    #[serde(rename = "HS256")]
    Hs256,
    /// Ed25519 under a private key that only the site's server knows (RFC 8037, 3.1).
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// The name in the header of a token, and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::EdDsa => "EdDSA",
        }
    }
    /// The algorithm of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Hs256, Self::EdDsa].into_iter().find(|one| one.as_str() == name)
    }
}

/// The customer that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The site's own id of the customer.
    pub subject: String,
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<Identifier>,
    /// The mobile number.
    pub phone: Option<Identifier>,
    /// The language.
    pub lang: Option<Lang>,
    /// The token's own id, with which it can be used once.
    pub token_id: String,
    /// When the token expires.
    pub expires_at: Ts,
}

/// Why a token was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct BadIdentity {
    /// The claim that is wrong, as a field of the request.
    pub field: &'static str,
    /// What has to be done about it.
    pub why: &'static str,
    /// The code of the error.
    pub code: Code,
}

const fn invalid(field: &'static str, why: &'static str) -> BadIdentity {
    BadIdentity { field, why, code: Code::IdentityInvalid }
}

/// Reads the claims of a token whose signature was checked, and which is presented to this site now.
pub fn read(claims: &Value, site: &str, now: Ts) -> Result<Identity, BadIdentity> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let id = |name, why| text(name).filter(|id| (1..=MAX_ID_CHARS).contains(&id.chars().count()) && !id.contains('\0')).map(str::to_owned).ok_or(why);
    let subject = id("sub", invalid("identity.sub", "sub must be your own id of the customer: a text of 1 to 200 characters"))?;
    let token_id = id("jti", invalid("identity.jti", "jti must be an id that no other token has: a text of 1 to 200 characters"))?;
    check_audience(claims.get("aud"), site)?;
    let expires_at = expiry(claims, now)?;
    let name = match claims.get("name") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => customer::name(name).map_err(|_| invalid("identity.name", "a name can have at most 60 characters, on one line"))?,
        Some(_) => return Err(invalid("identity.name", "name must be a text")),
    };
    let email = identifier(claims.get("email"), IdentifierKind::Email).ok_or(invalid("identity.email", "email must be an e-mail address"))?;
    let number = "phone must be a number with + and the country code; in mainland China, 11 digits suffice";
    let phone = identifier(claims.get("phone"), IdentifierKind::Mobile).ok_or(invalid("identity.phone", number))?;
    let lang = match claims.get("locale") {
        None | Some(Value::Null) => None,
        Some(Value::String(locale)) => Some(if locale.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }),
        Some(_) => return Err(invalid("identity.locale", "locale must be a language tag such as zh-CN")),
    };
    Ok(Identity { subject, name, email, phone, lang, token_id, expires_at })
}

fn check_audience(audience: Option<&Value>, site: &str) -> Result<(), BadIdentity> {
    let is_ours = match audience {
        Some(Value::String(one)) => one == site,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(site)),
        _ => false,
    };
    let why = "aud must be the key of the site whose chat the page shows";
    if is_ours { Ok(()) } else { Err(BadIdentity { field: "identity.aud", why, code: Code::IdentityAudience }) }
}

fn expiry(claims: &Value, now: Ts) -> Result<Ts, BadIdentity> {
    let unreadable = invalid("identity.exp", "exp must be a time in seconds since 1970");
    let seconds = claims.get("exp").and_then(Value::as_f64).filter(|seconds| (0.0..LAST_SECOND).contains(seconds)).ok_or(unreadable)?;
    // Whole milliseconds: a double holds all of them up to the latest time that is accepted.
    let expires_at = Ts((seconds * SECOND as f64) as i64);
    if expires_at <= now {
        return Err(BadIdentity { field: "identity.exp", why: "the token has expired: sign a new one for each page", code: Code::IdentityExpired });
    }
    if expires_at.since(now) > LONGEST_MS {
        return Err(invalid("identity.exp", "exp must be at most 10 minutes ahead; check the clock of your server"));
    }
    let begins = claims.get("nbf").and_then(Value::as_f64);
    if begins.is_some_and(|begins| begins * SECOND as f64 > now.0 as f64) {
        return Err(invalid("identity.nbf", "the token is not valid yet; check the clock of your server"));
    }
    Ok(expires_at)
}

/// An optional identifier of this kind; `None` if it is something else.
fn identifier(claim: Option<&Value>, kind: IdentifierKind) -> Option<Option<Identifier>> {
    match claim {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) if text.is_empty() => Some(None),
        Some(Value::String(text)) => Identifier::parse(text).ok().filter(|one| one.kind() == kind).map(Some),
        Some(_) => None,
    }
}
