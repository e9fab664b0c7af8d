//! The form of the secrets of programs: a prefix by which people and scanners recognise one, 256 random bits, and a checksum by which a secret that was not
//! copied completely is noticed before anything is looked up.

use domain::api_token::PREFIX;
use sha2::{Digest as _, Sha256};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The number of digits that hold 128 bits; a secret has two such halves.
const HALF: usize = 22;
/// The number of digits that hold the 32 bits of the checksum.
const CHECK: usize = 6;
/// The length of what follows the prefix.
const LENGTH: usize = 2 * HALF + CHECK;
/// How many of the last characters are shown, so that people can tell secrets apart.
const HINT: usize = 4;

/// A new secret.
pub fn fresh() -> Result<String, getrandom::Error> {
    let mut halves = [[0; 16]; 2];
    for half in &mut halves {
        getrandom::fill(half)?;
    }
    let random: String = halves.into_iter().map(|half| base62(u128::from_be_bytes(half), HALF)).collect();
    Ok(format!("{PREFIX}{random}{}", checksum(&random)))
}

/// Whether a text has the form of a secret, with the right checksum.
pub fn is_whole(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else { return false };
    let fits = rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits && checksum(&rest[..2 * HALF]) == rest[2 * HALF..]
}

/// The last characters, which are kept and shown.
pub fn hint(secret: &str) -> &str {
    secret.get(secret.len().saturating_sub(HINT)..).unwrap_or_default()
}

fn checksum(random: &str) -> String {
    let digest = Sha256::digest(random);
    base62(u128::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])), CHECK)
}

fn base62(mut number: u128, length: usize) -> String {
    let mut digits = vec![DIGITS[0]; length];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_was_not_copied_completely_is_noticed() {
        let secret = fresh().unwrap();
        assert!(is_whole(&secret) && secret.len() == 54 && secret.ends_with(hint(&secret)), "{secret}");
        assert_ne!(secret, fresh().unwrap());
        let mut changed = secret.clone().into_bytes();
        changed[9] = if changed[9] == b'a' { b'b' } else { b'a' };
        let changed = String::from_utf8(changed).unwrap();
        for broken in [&secret[..53], &secret[1..], &format!("{secret}0"), "", PREFIX, &"字".repeat(18), &changed] {
            assert!(!is_whole(broken), "{broken}");
        }
    }

    #[test]
    fn the_largest_numbers_have_room() {
        assert_eq!(base62(61, 2), "0z");
        assert_eq!((base62(u128::MAX, HALF).len(), base62(u128::from(u32::MAX), CHECK)), (22, "4gfFC3".to_owned()));
        assert!(62_f64.powi(22) > u128::MAX as f64);
    }
}
