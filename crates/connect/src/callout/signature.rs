//! Signs as Standard Webhooks specifies: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The prefix of a secret as it is shown.
const PREFIX: &str = "whsec_";
/// The length of a new secret, in bytes: a multiple of three, whose base64 ends without `=`. Some libraries refuse a secret that was copied without it.
const SECRET_BYTES: usize = 24;

/// Generates a secret; `None` if no randomness is available.
pub fn new_secret() -> Option<Vec<u8>> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret).ok()?;
    Some(secret)
}

/// A secret in the form in which it is shown, once.
pub fn secret_text(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The signatures of a message under each secret, separated by spaces as the header requires.
pub fn signatures(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &[u8]) -> String {
    let sign = |secret: &Vec<u8>| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    secrets.iter().filter_map(sign).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example from the specification's own libraries.
    #[test]
    fn the_public_example_comes_out() {
        let secret = STANDARD.decode("C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let one = signatures(std::slice::from_ref(&secret), "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        assert_eq!(one, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
        let both = signatures(&[b"other".to_vec(), secret.clone()], "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        assert!(both.ends_with(&format!(" {one}")) && both.starts_with("v1,"));
        assert_eq!(secret_text(&secret), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        let new = new_secret().unwrap();
        assert!(new.len() == SECRET_BYTES && !secret_text(&new).contains('='));
    }
}
