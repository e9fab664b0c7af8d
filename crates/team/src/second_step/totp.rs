//! Codes that an authenticator app computes from a shared secret and the time: RFC 6238 with SHA-1, 6 digits and 30 seconds, which every app knows.

use std::fmt::Write as _;

use domain::time::{SECOND, Ts};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

/// The length of a secret, in bytes: that of the hash (RFC 4226, section 4, R6).
pub const SECRET_BYTES: usize = 20;
/// How long a code is shown, in milliseconds.
const STEP_MS: i64 = 30 * SECOND;
/// How many steps a clock may be off, in either direction.
const DRIFT: i64 = 1;
/// Codes have six digits.
const MODULUS: u32 = 1_000_000;
/// The length of a code.
pub const DIGITS: usize = 6;

/// The code of a time step (RFC 4226, section 5.3).
fn code_at(secret: &[u8], step: i64) -> u32 {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return MODULUS };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[digest.len() - 1] & 0x0f);
    let word = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    u32::from_be_bytes(word) % MODULUS
}

/// The time step whose code this is, if it is one of those that are accepted now and comes after the last one that was used.
pub fn step_of(secret: &[u8], code: u32, now: Ts, last_step: i64) -> Option<i64> {
    let current = now.0.div_euclid(STEP_MS);
    (current - DRIFT..=current + DRIFT).find(|step| *step > last_step && code_at(secret, *step) == code)
}

/// The code that an app shows at this time.
#[cfg(test)]
pub fn code_now(secret: &[u8], now: Ts) -> String {
    format!("{:06}", code_at(secret, now.0.div_euclid(STEP_MS)))
}

/// The secret as people type it into an app: base 32 (RFC 4648) without padding.
pub fn setup_key(secret: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut key = String::new();
    for chunk in secret.chunks(5) {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        let letters = (8 * chunk.len()).div_ceil(5);
        key.extend((0..letters).map(|n| char::from(LETTERS[(bits >> (35 - 5 * n) & 31) as usize])));
    }
    key
}

/// The address that a QR code hands to an app: the secret, and the names under which the app lists it.
pub fn address(company: &str, email: &str, secret: &[u8]) -> String {
    let (company, email) = (percent(company), percent(email));
    format!("otpauth://totp/{company}:{email}?secret={}&issuer={company}&algorithm=SHA1&digits=6&period=30", setup_key(secret))
}

/// Text as a part of an address. Some apps show `+` as it is, so that a space is `%20`.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of eight digits.
        for (seconds, code) in
            [(59, 287_082), (1_111_111_109, 81_804), (1_111_111_111, 50_471), (1_234_567_890, 5_924), (2_000_000_000, 279_037), (20_000_000_000, 353_130)]
        {
            assert_eq!(code_at(SECRET, seconds / 30), code, "{seconds}");
            assert_eq!(code_now(SECRET, Ts(seconds * 1_000)), format!("{code:06}"));
        }
    }

    #[test]
    fn one_step_of_drift_is_accepted_and_no_step_twice() {
        let code = code_at(SECRET, 100);
        let at = |step: i64, last| step_of(SECRET, code, Ts(step * STEP_MS), last);
        assert_eq!([98, 99, 100, 101, 102].map(|step| at(step, 0)), [None, Some(100), Some(100), Some(100), None]);
        assert_eq!((at(100, 99), at(100, 100), at(100, 101)), (Some(100), None, None));
    }

    #[test]
    fn the_key_is_base_32_and_the_address_names_the_company_and_the_member() {
        // RFC 4648, section 10.
        for (plain, key) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(setup_key(plain.as_bytes()), key);
        }
        let expected = "otpauth://totp/A%20%26%20B:ada%40b.example?secret=MZXW6YTBOI&issuer=A%20%26%20B&algorithm=SHA1&digits=6&period=30";
        assert_eq!(address("A & B", "ada@b.example", b"foobar"), expected);
        assert_eq!(percent("临空"), "%E4%B8%B4%E7%A9%BA");
    }
}
