//! What a site's token may say of a customer, claim by claim.

use domain::{refusal::Code, signed_identity, text::Lang, time::Ts};
use serde_json::{Value, json};

const NOW: Ts = Ts(1_800_000_000_000);

fn claims(change: Value) -> Value {
    let mut claims = json!({"sub": "u-1", "aud": "shop", "exp": 1_800_000_300, "jti": "a"});
    claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    claims
}

#[test]
fn a_customer_is_named_with_what_the_site_knows() {
    let all = claims(json!({"name": " 李雷 ", "email": "Li@Example.com", "phone": "138 0013 8000", "locale": "zh-TW", "role": "vip", "aud": ["x", "shop"]}));
    let read = signed_identity::read(&all, "shop", NOW).unwrap();
    assert_eq!((read.subject.as_str(), read.name.as_deref(), read.lang), ("u-1", Some("李雷"), Some(Lang::Zh)));
    assert_eq!((read.email.unwrap().text(), read.phone.unwrap().text()), ("li@example.com", "+8613800138000"));
    assert_eq!(read.expires_at, Ts(1_800_000_300_000));
    let bare = signed_identity::read(&claims(json!({"name": "", "email": null, "exp": 1_800_000_600.0})), "shop", NOW).unwrap();
    assert_eq!((bare.name, bare.email, bare.phone, bare.lang), (None, None, None, None));
}

#[test]
fn each_claim_that_is_wrong_is_named() {
    use Code::{IdentityAudience, IdentityExpired, IdentityInvalid};
    for (change, field, code) in [
        (json!({"sub": null}), "identity.sub", IdentityInvalid),
        (json!({"sub": ""}), "identity.sub", IdentityInvalid),
        (json!({"sub": 7}), "identity.sub", IdentityInvalid),
        (json!({"sub": "x".repeat(201)}), "identity.sub", IdentityInvalid),
        (json!({"jti": null}), "identity.jti", IdentityInvalid),
        (json!({"aud": "other"}), "identity.aud", IdentityAudience),
        (json!({"aud": []}), "identity.aud", IdentityAudience),
        (json!({"aud": null}), "identity.aud", IdentityAudience),
        (json!({"exp": null}), "identity.exp", IdentityInvalid),
        (json!({"exp": "1800000300"}), "identity.exp", IdentityInvalid),
        (json!({"exp": 1_800_000_300_000_i64}), "identity.exp", IdentityInvalid),
        (json!({"exp": 1_800_000_601}), "identity.exp", IdentityInvalid),
        (json!({"exp": 1_800_000_000}), "identity.exp", IdentityExpired),
        (json!({"exp": 1_799_913_600}), "identity.exp", IdentityExpired),
        (json!({"nbf": 1_800_000_060}), "identity.nbf", IdentityInvalid),
        (json!({"name": "x".repeat(61)}), "identity.name", IdentityInvalid),
        (json!({"name": ["x"]}), "identity.name", IdentityInvalid),
        (json!({"email": "13800138000"}), "identity.email", IdentityInvalid),
        (json!({"email": "nobody"}), "identity.email", IdentityInvalid),
        (json!({"phone": "li@example.com"}), "identity.phone", IdentityInvalid),
        (json!({"locale": 1}), "identity.locale", IdentityInvalid),
    ] {
        let refused = signed_identity::read(&claims(change.clone()), "shop", NOW).unwrap_err();
        assert_eq!((refused.field, refused.code), (field, code), "{change}");
    }
    assert_eq!(signed_identity::read(&json!([]), "shop", NOW).unwrap_err().field, "identity.sub");
}
