//! The audit: which member of the staff used a permission to change what. Each change is an entry of the company's audit stream, written by
//! [`crate::permitted`] in the transaction of the change itself.
//!
//! The request is sealed together with a salt, and bound to the entry by its digest. Each entry is chained to the previous one by a digest that takes the
//! installation's key: somebody who can write the record but lacks the key can neither change, remove nor insert an entry unnoticed.

use axum::{
    extract::{FromRequestParts as _, MatchedPath, RawPathParams},
    http::request::Parts,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{entry::body::Audited, id::TenantId, journal::Actor, time::Ts};
use seal::{CannotSeal, Sealer, vault::hex};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::TenantTx;

/// The longest request body kept in full; of a longer one only the length and digest are kept.
const MOST_BYTES: usize = 8 * 1024;
/// Random bytes sealed with a request, so that its digest does not reveal the request to anybody who guesses at it.
const SALT_BYTES: usize = 16;

/// What a request asked for, as the audit records it.
#[derive(Debug, Clone)]
pub struct Asked {
    operation: String,
    path: String,
    request: Value,
    made: Option<String>,
}

impl Asked {
    /// What a request asks for, without its body.
    pub async fn of(parts: &mut Parts) -> Self {
        let operation = operation(parts);
        let (_, names) = operation.split_once(' ').unwrap_or_default();
        let mut path = names.to_owned();
        if let Ok(params) = RawPathParams::from_request_parts(parts, &()).await {
            params.iter().for_each(|(name, value)| path = path.replace(&format!("{{{name}}}"), value));
        }
        Self { operation, path, request: Value::Null, made: None }
    }
    /// What somebody asks for who is not signed in yet, and what is to be known of it.
    pub fn by_nobody(operation: &str, known: Value) -> Self {
        let path = operation.split_once(' ').map_or(operation, |(_, path)| path).to_owned();
        Self { operation: operation.to_owned(), path, request: known, made: None }
    }
    /// Adds the request's body.
    pub fn with_body(self, body: &[u8]) -> Self {
        Self { request: kept_body(body), ..self }
    }
    /// Sets the id of what is created, where it is known in advance.
    pub fn making(self, id: &impl ToString) -> Self {
        Self { made: Some(id.to_string()), ..self }
    }

    /// Seals what goes into the audit. Called before the transaction.
    pub fn seal(self, sealer: &Sealer, tenant: TenantId) -> Result<Sealed, CannotSeal> {
        let Self { operation, path, request, made } = self;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| CannotSeal)?;
        let plain = json!({"salt": hex(&salt), "request": request}).to_string();
        let values = BASE64.encode(sealer.seal(&purpose(tenant), plain.as_bytes())?);
        let entry = Audited { operation, path, made, values, digest: hex(&Sha256::digest(&plain)), chain: String::new() };
        Ok(Sealed { entry, sealer: sealer.clone() })
    }
}

/// The operation of a request: its method and path template, with the parameters' names in place of their values.
pub fn operation(parts: &Parts) -> String {
    format!("{} {}", parts.method, parts.extensions.get::<MatchedPath>().map_or_else(|| parts.uri.path(), MatchedPath::as_str))
}

/// The body as it is kept: `null` if empty, the JSON itself, or length and digest if it is too long or not JSON.
fn kept_body(body: &[u8]) -> Value {
    let parsed = match body.len() {
        0 => Some(Value::Null),
        1..=MOST_BYTES => serde_json::from_slice(body).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))}))
}

/// The purpose that the values of a company are sealed for.
pub fn purpose(tenant: TenantId) -> Vec<u8> {
    [&b"audit"[..], tenant.uuid().as_bytes()].concat()
}

/// A change ready to be noted in the audit.
#[derive(Clone)]
pub struct Sealed {
    entry: Audited,
    sealer: Sealer,
}

impl Sealed {
    /// Notes the change in its own transaction; `answer` is the response to the request, which may contain the id of what was created.
    pub async fn note(self, tx: &mut TenantTx<'_>, answer: &[u8]) -> store::Result<()> {
        let Self { mut entry, sealer } = self;
        entry.made = entry.made.or_else(|| created_id(&entry.operation, answer));
        tx.audit(|tx, end| {
            entry.chain = chain(&sealer, &end.chain, tx.tenant(), end.seq + 1, tx.now().max(end.at), &tx.by(), &entry);
            entry
        })
        .await
    }
}

/// The id of what was created, as the response states it.
fn created_id(operation: &str, answer: &[u8]) -> Option<String> {
    if !operation.starts_with("POST ") {
        return None;
    }
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let id = [answer.get("id"), answer.pointer("/member/id"), answer.get("key")].into_iter().flatten().next()?;
    id.as_str().map(ToOwned::to_owned)
}

/// The digest that chains an entry to the previous one; [`Audited::chain`] says what it is made of.
pub fn chain(sealer: &Sealer, before: &str, tenant: TenantId, seq: i64, at: Ts, by: &Actor, entry: &Audited) -> String {
    let linked = json!([before, tenant, seq, at.0, by.kind.as_str(), by.id, by.name, entry.operation, entry.path, entry.made, entry.digest]);
    hex(&sealer.mac(b"audit chain 1", linked.to_string().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_long_or_not_json_is_kept_as_its_digest() {
        assert_eq!((kept_body(b""), kept_body(b"{\"a\":1}")), (Value::Null, json!({"a": 1})));
        let long = vec![b' '; MOST_BYTES + 1];
        for body in [&b"a,b"[..], &long] {
            assert_eq!(kept_body(body), json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))}));
        }
    }

    #[test]
    fn whoever_changes_moves_or_leaves_out_an_entry_breaks_the_chain() {
        let (sealer, company) = (Sealer::new(b"key"), |n| TenantId::new(uuid::Uuid::from_u128(n)));
        let (by, other) = (Actor::system(), Actor { name: Some("ada".to_owned()), ..Actor::system() });
        let entry = Audited {
            operation: "DELETE /api/v1/queues/{id}".to_owned(),
            path: "/1".to_owned(),
            made: None,
            values: String::new(),
            digest: "d".to_owned(),
            chain: String::new(),
        };
        let (elsewhere, otherwise) = (Audited { path: "/2".to_owned(), ..entry.clone() }, Audited { digest: "e".to_owned(), ..entry.clone() });
        let whole = chain(&sealer, "a", company(1), 2, Ts(5), &by, &entry);
        for changed in [
            chain(&Sealer::new(b"another"), "a", company(1), 2, Ts(5), &by, &entry),
            chain(&sealer, "b", company(1), 2, Ts(5), &by, &entry),
            chain(&sealer, "a", company(2), 2, Ts(5), &by, &entry),
            chain(&sealer, "a", company(1), 3, Ts(5), &by, &entry),
            chain(&sealer, "a", company(1), 2, Ts(6), &by, &entry),
            chain(&sealer, "a", company(1), 2, Ts(5), &other, &entry),
            chain(&sealer, "a", company(1), 2, Ts(5), &by, &elsewhere),
            chain(&sealer, "a", company(1), 2, Ts(5), &by, &otherwise),
        ] {
            assert_ne!(changed, whole);
        }
    }
}
