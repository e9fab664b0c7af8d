//! `Idempotency-Key`: a request that is repeated with the same key takes effect once and is given the first answer again.
//!
//! An endpoint that changes something takes [`Once`] (or [`OnceJson`] with its body) as its last argument and passes it to
//! [`crate::permitted::Permitted::change`]: key, effect and answer are one transaction. A repeated request does not reach the handler: the extractor answers
//! it. Refusals are not kept, because they had no effect.
//!
//! A key belongs to whoever sent the request ([`KeyOwner`]): a member of the staff, or a customer with an account.

use std::{borrow::Cow, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use db::Tx;
use domain::{
    id::TenantId,
    refusal::{Code, Refusal},
};
use seal::Sealer;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use store::request_keys::{KEEP_BRIEFLY_MS, KEEP_MS, Kept, RequestKey};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    App, audit,
    auth::{CustomerActor, StaffActor},
    extract::{self, WholeBody},
    fault::Fault,
    problem::Problem,
    secret,
};

/// The longest key, in bytes.
const MAX_KEY_BYTES: usize = 255;
/// The header's name.
const HEADER: &str = "Idempotency-Key";
/// Marks an answer as that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The header, for the API document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceHeader {
    /// Chosen by the client, e.g. a UUID: 1 to 255 printable ASCII characters. The same request with the same key takes effect once; for 7 days it is answered
    /// like the first time, with `Idempotency-Replayed: true` (for 10 minutes if the answer contains a secret or personal data). A different request with the
    /// same key, or the same request in a different role, is refused: 409 `idempotency_key_reused`.
    #[param(rename = "Idempotency-Key", max_length = 255, min_length = 1, nullable = false)]
    pub idempotency_key: Option<String>,
}

/// What an endpoint answers after its write: a status, and JSON or no body.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    body: Bytes,
    replayed: bool,
}

impl Answer {
    /// A JSON body with a status.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_vec(value).map_err(|error| db::Error::Corrupt(error.to_string()))?;
        Ok(Self { status, body: body.into(), replayed: false })
    }
    /// 204 No Content.
    pub const fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new(), replayed: false }
    }
    /// The body; empty if there is none.
    pub(crate) const fn body(&self) -> &Bytes {
        &self.body
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = if self.body.is_empty() {
            self.status.into_response()
        } else {
            (self.status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.body).into_response()
        };
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// Why a request does not reach its handler.
#[derive(Debug)]
pub enum Stopped {
    /// It was refused.
    Refused(Box<Problem>),
    /// It was answered already, as an earlier request with the same key.
    Answered(Answer),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl IntoResponse for Stopped {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(problem) => problem.into_response(),
            Self::Answered(answer) => answer.into_response(),
        }
    }
}

/// The sender of a request, with what distinguishes their requests from those of others.
pub trait KeyOwner: FromRequestParts<App, Rejection = Problem> + Send + Sync {
    /// The company.
    fn tenant(&self) -> TenantId;
    /// The id of the member or customer.
    fn id(&self) -> Uuid;
    /// The role in which they ask: somebody whose role has changed is not given an answer they received in their former role.
    fn standing(&self) -> Cow<'static, str>;
}

impl KeyOwner for StaffActor {
    fn tenant(&self) -> TenantId {
        self.staff.tenant
    }
    fn id(&self) -> Uuid {
        self.staff.agent.uuid()
    }
    fn standing(&self) -> Cow<'static, str> {
        // A composed role may hold something else now.
        self.member.role_grants.map_or_else(|| self.member.role.text(), |grants| Cow::Owned(format!("{} {}", self.member.role.text(), grants.to_stored())))
    }
}

impl KeyOwner for CustomerActor {
    fn tenant(&self) -> TenantId {
        self.tenant
    }
    fn id(&self) -> Uuid {
        self.customer.uuid()
    }
    fn standing(&self) -> Cow<'static, str> {
        Cow::Borrowed("customer")
    }
}

/// A request that may carry a key, and does not repeat an earlier request.
#[derive(Clone)]
pub struct Once<W = StaffActor> {
    pub(crate) claim: Option<Claim>,
    /// The body of the request.
    pub(crate) body: Bytes,
    /// What of it the audit must not keep.
    pub(crate) secrets: Vec<String>,
    /// Whether the answer contains a secret that is shown once, or personal data.
    pub(crate) is_brief: bool,
    of: PhantomData<W>,
}

/// [`Once`] with a JSON body. If the body does not fit, the problem names the field.
pub struct OnceJson<T, W = StaffActor>(pub Once<W>, pub T);

/// A key that no earlier request used, until its transaction claims it.
#[derive(Clone)]
pub(crate) struct Claim {
    tenant: TenantId,
    key: RequestKey,
    fingerprint: Vec<u8>,
    sealer: Sealer,
}

impl<W: KeyOwner> Once<W> {
    async fn begin(parts: &mut Parts, app: &App, body: Bytes) -> Result<Self, Stopped> {
        let Some(key) = key(parts)? else { return Ok(Self::new(None, body)) };
        let owner = W::from_request_parts(parts, app).await?;
        let key = RequestKey { actor: owner.id(), operation: audit::operation(parts), key };
        let fingerprint = fingerprint(&parts.uri.to_string(), &owner.standing(), &body);
        let claim = Claim { tenant: owner.tenant(), key, fingerprint, sealer: app.sealer() };
        match store::request_keys::find(&mut app.db().read_of(claim.tenant).await.map_err(Problem::from)?, claim.tenant, &claim.key, app.env().now()).await {
            Ok(None) => Ok(Self::new(Some(claim), body)),
            Ok(Some(kept)) => Err(claim.answer_of(kept).map_or_else(|error| Stopped::from(Problem::from(error)), Stopped::Answered)),
            Err(error) => Err(Problem::from(error).into()),
        }
    }
}

impl<W> Once<W> {
    const fn new(claim: Option<Claim>, body: Bytes) -> Self {
        Self { claim, body, secrets: Vec::new(), is_brief: false, of: PhantomData }
    }
    /// The id of a part of what is asked for that is done in a transaction of its own, before the key is claimed: the same when the request is repeated, so that
    /// the part is done once. `None` if the request has no key.
    pub fn id_of_part(&self, part: Uuid) -> Option<Uuid> {
        self.claim.as_ref().map(|claim| Uuid::new_v5(&part, &[claim.key.purpose(), claim.fingerprint.clone()].concat()))
    }
    /// Marks a request whose answer contains a secret that is shown once, or personal data: the answer is kept for minutes only.
    pub fn briefly(self) -> Self {
        Self { is_brief: true, ..self }
    }
}

impl Claim {
    /// Claims the key for this transaction; returns the answer of another request if that one was faster. Of two simultaneous requests one takes effect, and
    /// both get its answer.
    pub(crate) async fn take(&self, tx: &mut Tx, is_brief: bool) -> store::Result<Option<Answer>> {
        let keep_ms = if is_brief { KEEP_BRIEFLY_MS } else { KEEP_MS };
        if store::request_keys::claim(tx, self.tenant, &self.key, &self.fingerprint, keep_ms).await? {
            return Ok(None);
        }
        let now = tx.now();
        let kept = store::request_keys::find(tx, self.tenant, &self.key, now).await?;
        self.answer_of(kept.ok_or(store::Error::Db(db::Error::Busy))?).map(Some)
    }

    /// Keeps the answer to the request, sealed.
    pub(crate) async fn keep(&self, tx: &mut Tx, answer: &Answer) -> store::Result<()> {
        let sealed = self.sealer.seal(&self.key.purpose(), &answer.body).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))?;
        store::request_keys::keep(tx, self.tenant, &self.key, answer.status.as_u16(), &sealed).await
    }

    /// The answer of the request that was made with this key, if it was the same request.
    fn answer_of(&self, kept: Kept) -> store::Result<Answer> {
        if kept.fingerprint != self.fingerprint {
            return Err(store::Error::Refused(Refusal::new(Code::IdempotencyKeyReused)));
        }
        let corrupt = || store::Error::Db(db::Error::Corrupt("a kept answer does not open".to_owned()));
        let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok()).ok_or_else(corrupt)?;
        let body = self.sealer.open(&self.key.purpose(), &kept.body).ok_or_else(corrupt)?;
        Ok(Answer { status, body: body.into(), replayed: true })
    }
}

/// Identifies a request. The role is part of it: somebody who may no longer do this is not given the answer they received when they could.
fn fingerprint(uri: &str, standing: &str, body: &[u8]) -> Vec<u8> {
    let asked = Sha256::new_with_prefix(uri).chain_update([0]).chain_update(standing).chain_update([0]);
    asked.chain_update(body).finalize().to_vec()
}

/// The key, if the request has one; an error if it is not valid.
fn key(parts: &Parts) -> Result<Option<String>, Problem> {
    let mut all = parts.headers.get_all(HEADER).iter();
    let Some(first) = all.next() else { return Ok(None) };
    let fits = all.next().is_none() && (1..=MAX_KEY_BYTES).contains(&first.len()) && first.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~'));
    match first.to_str() {
        Ok(key) if fits && !key.trim().is_empty() => Ok(Some(key.to_owned())),
        _ => {
            let title = format!("{HEADER} must be a single header of 1 to {MAX_KEY_BYTES} printable ASCII characters");
            Err(Problem { field: Some(HEADER.to_owned()), ..Problem::new(StatusCode::BAD_REQUEST, Code::IdempotencyKeyInvalid, title) })
        }
    }
}

impl<W: KeyOwner> FromRequestParts<App> for Once<W> {
    type Rejection = Stopped;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stopped> {
        Self::begin(parts, app, Bytes::new()).await
    }
}

impl<T: DeserializeOwned, W: KeyOwner> FromRequest<App> for OnceJson<T, W> {
    type Rejection = Stopped;

    async fn from_request(request: Request, app: &App) -> Result<Self, Stopped> {
        extract::require_json(request.headers())?;
        let (mut parts, body) = request.into_parts();
        let WholeBody(body) = WholeBody::from_request(Request::from_parts(parts.clone(), body), app).await?;
        let once = Once::begin(&mut parts, app, body.clone()).await?;
        let (value, secrets) = secret::gather_secrets(|| extract::parse(&body));
        Ok(Self(Once { secrets, ..once }, value?))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_request_is_another_one_in_another_role() {
        let asked = super::fingerprint("/x", "administrator", b"{}");
        assert_eq!(asked, super::fingerprint("/x", "administrator", b"{}"));
        for other in [("/x", "agent", "{}"), ("/y", "administrator", "{}"), ("/x", "administrator", "{ }")] {
            assert_ne!(asked, super::fingerprint(other.0, other.1, other.2.as_bytes()), "{other:?}");
        }
    }
}
