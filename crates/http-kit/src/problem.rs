//! Errors on the wire: RFC 9457 problem+json with an append-only `code` that the pages translate.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    refusal::{Code, Refusal},
    text::Bilingual,
};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response as ApiResponse, ResponseBuilder},
};

/// The response when a request is refused or fails.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`; `code` identifies the problem.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: AboutBlank,
    /// A description for people who read a log; pages translate `code` instead.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The problem's name in snake_case. Names are only ever added.
    pub code: Code,
    /// The field of the request that is wrong, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<String>,
    /// How many uses stand in the way, if something is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count: Option<u32>,
    /// The names of what the problem is about, if the page cannot know them: queues that nobody would serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<Bilingual>>)]
    pub names: Option<Box<[Bilingual]>>,
    /// After how many seconds to try again, if that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after: Option<u32>,
    /// The request's id, by which it is found in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>)]
    pub request_id: Option<Box<str>>,
}

/// The `type` of every problem (RFC 9457, 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboutBlank;

impl Serialize for AboutBlank {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("about:blank")
    }
}

impl Problem {
    /// A problem with a status and a code.
    pub fn new(status: StatusCode, code: Code, title: impl Into<String>) -> Self {
        Self {
            kind: AboutBlank,
            title: title.into(),
            status: status.as_u16(),
            code,
            field: None,
            count: None,
            names: None,
            retry_after: None,
            request_id: crate::request_id::current().map(String::into_boxed_str),
        }
    }
    /// Sets the request's id on a problem that was created where it was not known: on another thread, or in another task.
    pub fn of_this_request(self) -> Self {
        Self { request_id: crate::request_id::current().map(String::into_boxed_str), ..self }
    }
    /// A field of the request is wrong: 422.
    pub fn invalid(field: impl Into<String>, code: Code, title: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title) }
    }
    /// It does not exist, or belongs to somebody else: 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "it does not exist")
    }
    /// Nobody is signed in: 401.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Code::NotSignedIn, "sign in first")
    }
    /// The role does not allow it: 403.
    pub fn not_permitted() -> Self {
        Self::new(StatusCode::FORBIDDEN, Code::NotPermitted, "your role does not allow this")
    }
    /// Somebody else changed it, or the name is taken: 409.
    pub fn conflict(code: Code, title: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }
    /// Something is in use, this many times: 409.
    pub fn in_use(code: Code, field: &str, count: i64, title: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), count: Some(u32::try_from(count).unwrap_or(u32::MAX)), ..Self::conflict(code, title) }
    }
    /// An error of the file system. A full disk is a reason to try again later; any other error is internal.
    pub fn storage(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                tracing::error!(error = %error, "no room on the disk");
                Self::busy()
            }
            _ => Self::internal(&error),
        }
    }
    /// Something failed on our side. It is logged here, once; the client gets the request's id only.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let mut chain = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            chain.push_str(": ");
            chain.push_str(&inner.to_string());
            cause = inner.source();
        }
        tracing::error!(error = %chain, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "something went wrong on our side")
    }
    /// Too many tries: 429, with the seconds until the next try may be made.
    pub fn too_many(seconds: u64) -> Self {
        Self {
            retry_after: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, Code::TooManyRequests, "too many attempts; wait")
        }
    }
    /// The server is overloaded, and is expected to be less so after this time: 503.
    pub fn busy_for(after: std::time::Duration) -> Self {
        Self { retry_after: Some(u32::try_from(after.as_secs()).unwrap_or(u32::MAX).saturating_add(1)), ..Self::busy() }
    }
    /// The server is overloaded: 503.
    pub fn busy() -> Self {
        Self { retry_after: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, "the server is busy; try again") }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::not_found(),
            store::Error::Stale | store::Error::Taken => Self::conflict(Code::Conflict, "it was changed by somebody else"),
            store::Error::Refused(Refusal { code: Code::IdempotencyKeyReused, .. }) => {
                let title = "this key was used for a request with different parameters; use a new key for a new request";
                Self { field: Some("Idempotency-Key".to_owned()), ..Self::conflict(Code::IdempotencyKeyReused, title) }
            }
            store::Error::Refused(refusal) => Self::conflict(refusal.code, refusal.code.as_str()),
            store::Error::Db(error) => error.into(),
        }
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Busy => Self::busy(),
            away if away.is_away() => {
                tracing::warn!(error = %away, "the record cannot be reached");
                Self::busy()
            }
            other => Self::internal(&other),
        }
    }
}

/// The responses that every endpoint may give besides its own, for the API document.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, RefOr<ApiResponse>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description("What was refused or failed, and why").content("application/problem+json", content).build();
        [("default".to_owned(), RefOr::T(response))].into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        crate::request_company::note_problem(self.status, self.code);
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
