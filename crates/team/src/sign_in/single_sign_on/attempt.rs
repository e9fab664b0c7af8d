//! An attempt to sign in by way of an identity provider, from the moment at which a browser is sent there until it comes back.
//!
//! The browser keeps a secret in a cookie, so that nobody can make another browser finish an attempt. The nonce of the ID token and the secret of PKCE follow from
//! it and from the installation's key: neither is stored, and neither can be known from what passes through the identity provider.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::{single_sign_on::ATTEMPT_MS, time::SECOND};
use http_kit::problem::Problem;
use openidconnect::{Nonce, PkceCodeVerifier};
use seal::{Sealer, vault::hex};

/// The cookie's name; `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2).
const COOKIE: &str = "__Host-yingda-single-sign-on";
/// The length of the secret, in characters.
const SECRET_CHARS: usize = 64;

/// The nonce that the ID token of an attempt has to contain.
pub(super) fn nonce(sealer: &Sealer, browser: &str) -> Nonce {
    Nonce::new(hex(&sealer.mac(b"single sign-on nonce", browser.as_bytes())))
}

/// The secret that proves that the code is redeemed for the browser for which it was asked (RFC 7636).
pub(super) fn verifier(sealer: &Sealer, browser: &str) -> PkceCodeVerifier {
    PkceCodeVerifier::new(hex(&sealer.mac(b"single sign-on verifier", browser.as_bytes())))
}

/// The browser's secret in the request headers.
pub(super) fn browser(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value).find(|value| value.len() == SECRET_CHARS)
}

/// Sets the cookie. `Lax`, because the browser comes back from another site.
pub(super) fn set(secret: &str) -> Result<HeaderValue, Problem> {
    let seconds = ATTEMPT_MS / SECOND;
    HeaderValue::from_str(&format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")).map_err(|error| Problem::internal(&error))
}

/// Deletes the cookie.
pub(super) const fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-yingda-single-sign-on=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
