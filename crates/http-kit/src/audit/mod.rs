//! The audit: which member of the staff did what by a permission, from where, and what it changed; who signed in, what was exported and what was refused. Each
//! act is an entry of the company's audit stream, written by [`crate::permitted`] in the transaction of the change itself.
//!
//! The details are sealed together with a salt, and bound to the entry by their digest. Each entry is chained to the previous one by a digest that takes the
//! installation's key, and the end is signed with it: somebody who can write the record but lacks the key can neither change, remove nor insert an entry unnoticed.
//!
//! - [`chain`]: what chains and signs; [`details`]: what is sealed; [`verify`]: finds what was altered
//! - [`witness`]: remembers the ends outside the record, in [`known_ends`]
//! - [`retention`]: deletes what a company does not keep, and signs an anchor in its place
//! - [`refusals`]: counts what was refused, which is the one way in which it gets here; [`note_refusals`]: writes it down

pub mod chain;
pub mod details;
mod from_request;
pub mod known_ends;
pub mod note_refusals;
pub mod refusals;
pub mod retention;
pub mod verify;
pub mod witness;

use axum::{extract::MatchedPath, http::request::Parts};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{
    entry::body::{Audited, RefusedTries},
    journal::Actor,
};
use seal::{CannotSeal, Sealer, vault::hex};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{TenantTx, audit::Chained};

use self::{
    chain::{chain, link, purpose, signature},
    details::{Details, Origin},
};
use crate::secret;

/// The longest request body kept in full; of a longer one only the length and digest are kept.
const MOST_BYTES: usize = 8 * 1024;
/// Random bytes sealed with a request, so that its digest does not reveal the request to anybody who guesses at it.
const SALT_BYTES: usize = 16;
/// The name under which the audit knows whoever uses the program's terminal.
const TERMINAL: &str = "terminal";
/// The name under which the audit knows the installation's operator.
const OPERATOR: &str = "operator";

/// Whoever uses the program's terminal: nobody signs in there.
pub fn at_terminal() -> Actor {
    Actor { name: Some(TERMINAL.to_owned()), ..Actor::system() }
}

/// Whether an act was done at the program's terminal.
pub fn is_at_terminal(by: &Actor) -> bool {
    *by == at_terminal()
}

/// The installation's operator, who is of no company and has no name in any.
pub fn by_operator() -> Actor {
    Actor { name: Some(OPERATOR.to_owned()), ..Actor::system() }
}

/// Whether an act was done by the installation's operator.
pub fn is_by_operator(by: &Actor) -> bool {
    *by == by_operator()
}

/// What a request asked for, as the audit records it.
#[derive(Debug, Clone)]
pub struct Asked {
    operation: String,
    path: String,
    request: Value,
    /// Whether the request is what somebody said in place of the body.
    is_said: bool,
    made: Option<String>,
    from: Option<Origin>,
    refused: Option<RefusedTries>,
}

impl Asked {
    /// What a command asks for that is given at the terminal.
    pub fn by_command(command: &str, request: Value) -> Self {
        Self { operation: format!("yingda {command}"), path: String::new(), request, is_said: true, made: None, from: None, refused: None }
    }
    /// What somebody asks for who is no member of the staff, or whose token is refused before it is read. `request` must not identify a customer.
    pub fn from_outside(operation: &str, path: &str, request: Value) -> Self {
        Self { operation: operation.to_owned(), path: path.to_owned(), request, is_said: true, made: None, from: None, refused: None }
    }
    /// Whether it asks for one of these operations, such as `DELETE /api/v1/me/view`.
    pub fn is_one_of(&self, operations: &[&str]) -> bool {
        operations.contains(&self.operation.as_str())
    }
    /// Says what is to be known of the request in place of its body.
    pub fn saying(self, request: Value) -> Self {
        Self { request, is_said: true, ..self }
    }
    /// Adds a field to what is to be known of the request.
    pub fn saying_also(mut self, field: &str, value: Value) -> Self {
        match &mut self.request {
            Value::Object(fields) => drop(fields.insert(field.to_owned(), value)),
            other => *other = json!({field: value}),
        }
        self
    }
    /// Adds the request's body, unless it was said what is to be known in its place. Those of its texts that were read as a [`secret::Secret`] are left out.
    pub fn with_body(self, body: &[u8], secrets: &[String]) -> Self {
        if body.is_empty() || self.is_said { self } else { Self { request: kept_body(body, secrets), ..self } }
    }
    /// Sets the id of what is created, where it is known in advance, or of whom it is about.
    pub fn making(self, id: &impl ToString) -> Self {
        Self { made: Some(id.to_string()), ..self }
    }
    /// It was refused.
    pub(crate) fn refused(self, code: &str, times: i64) -> Self {
        Self { refused: Some(RefusedTries { code: code.to_owned(), times }), ..self }
    }
    /// The operation.
    pub(crate) fn operation(&self) -> &str {
        &self.operation
    }
    /// What it is about, if that is known in advance.
    pub(crate) fn object(&self) -> Option<&str> {
        self.made.as_deref()
    }

    /// Notes the act in its own transaction, with what that noted as changed; `answer` is the response to the request, which may contain the id of what was
    /// created.
    pub async fn note(self, tx: &mut TenantTx<'_>, sealer: &Sealer, answer: &[u8]) -> store::Result<()> {
        let cannot = |error: CannotSeal| store::Error::Db(db::Error::Corrupt(error.to_string()));
        let Self { operation, path, request, is_said: _, made, from, refused } = self;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| cannot(CannotSeal))?;
        let tenant = tx.tenant();
        let details = Details { salt: hex(&salt), request, changes: details::audit_changes(tx.take_changes()), from };
        let plain = serde_json::to_string(&details).map_err(|_| cannot(CannotSeal))?;
        let values = BASE64.encode(sealer.seal(&purpose(tenant), plain.as_bytes()).map_err(cannot)?);
        let made = made.or_else(|| created_id(&operation, answer));
        let mut entry = Audited { operation, path, made, refused, values, digest: hex(&Sha256::digest(&plain)), chain: String::new() };
        tx.audit(|tx, end| {
            let (seq, at) = (end.seq + 1, tx.now().max(end.at));
            entry.chain = chain(sealer, &link(sealer, tenant, end), tenant, seq, at, &tx.by(), &entry);
            Chained { at, signature: signature(sealer, tenant, seq, &entry.chain, at), entry }
        })
        .await
    }
}

/// The operation of a request: its method and path template, with the parameters' names in place of their values.
pub fn operation(parts: &Parts) -> String {
    format!("{} {}", parts.method, parts.extensions.get::<MatchedPath>().map_or_else(|| parts.uri.path(), MatchedPath::as_str))
}

/// The body as it is kept: the JSON itself without secrets, or length and digest if it is too long or not JSON.
fn kept_body(body: &[u8], secrets: &[String]) -> Value {
    let parsed = if body.len() <= MOST_BYTES { serde_json::from_slice(body).ok() } else { None };
    match parsed {
        Some(parsed) => secret::without(parsed, secrets),
        // A digest of a secret would let anybody try whether they guess it.
        None if !secrets.is_empty() => json!({"bytes": body.len()}),
        None => json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))}),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_long_or_not_json_is_kept_as_its_digest() {
        assert_eq!(kept_body(b"{\"a\":1}", &[]), json!({"a": 1}));
        let long = vec![b' '; MOST_BYTES + 1];
        for body in [&b"a,b"[..], &long] {
            assert_eq!(kept_body(body, &[]), json!({"bytes": body.len(), "sha256": hex(&Sha256::digest(body))}));
        }
        assert_eq!(kept_body(&long, &["x".to_owned()]), json!({"bytes": long.len()}));
    }
}
