//! The public half of a pair of keys, as an administrator pastes it.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// The longest text of a public key, in bytes.
const MAX_KEY_BYTES: usize = 2048;
/// What precedes the 32 bytes of an Ed25519 key in DER (RFC 8410, 4).
const ED25519_DER: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The bytes of a public Ed25519 key that is given as PEM (RFC 8410) or as JWK (RFC 8037); `None` if it is anything else.
pub fn read(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() > MAX_KEY_BYTES {
        return None;
    }
    if text.starts_with('{') {
        let jwk: Value = serde_json::from_str(text).ok()?;
        let is = |name: &str, value: &str| jwk.get(name).and_then(Value::as_str) == Some(value);
        // Whoever pastes the private half has shown it to us: that pair must not be used.
        if !is("kty", "OKP") || !is("crv", "Ed25519") || jwk.get("d").is_some() {
            return None;
        }
        return URL_SAFE_NO_PAD.decode(jwk.get("x")?.as_str()?).ok()?.try_into().ok();
    }
    let body = text.strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(body).ok()?.strip_prefix(&ED25519_DER)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8037, A.2, and the same as `openssl pkey -pubout` prints it.
    const JWK: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

    #[test]
    fn a_public_key_is_read_from_both_forms_and_a_private_one_is_not() {
        let key = read(JWK).unwrap();
        assert_eq!((key[0], read(PEM)), (0xd7, Some(key)));
        assert_eq!(read(&JWK.replace("\"x\"", "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\"")), None);
        let too_long = format!("{}{}", " ".repeat(MAX_KEY_BYTES), PEM.replace('\n', &"\n".repeat(MAX_KEY_BYTES)));
        for text in
            ["", "{}", &PEM.replace("PUBLIC", "PRIVATE"), &PEM.replace("MCow", "MCoq"), &JWK.replace("Ed25519", "X25519"), &JWK.replace("11q", "q"), &too_long]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
