//! Extractors for requests: JSON bodies and queries whose problems name the wrong field, paths that are answered 404 if they name nothing, and the client's
//! address.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::{
        ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{Extensions, HeaderMap, StatusCode, header, request::Parts},
};
use domain::refusal::Code;
use platform::client_address::ClientAddress;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::{App, problem::Problem};

/// How long a body may take to arrive.
const BODY_WITHIN: Duration = Duration::from_secs(15);

/// The raw body, limited in size and time.
#[derive(Debug, Clone)]
pub struct WholeBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match tokio::time::timeout(BODY_WITHIN, Bytes::from_request(request, state)).await {
            Ok(Ok(body)) => Ok(Self(body)),
            Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
                Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, "the body is larger than allowed"))
            }
            Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, Code::BadRequest, "the body is incomplete, or its chunks are malformed")),
            Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, Code::BadRequest, "the body did not arrive in time")),
        }
    }
}

/// A JSON body. If it does not fit, the problem names the field.
#[derive(Debug, Clone)]
pub struct ValidJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ValidJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let WholeBody(body) = WholeBody::from_request(request, state).await?;
        parse(&body).map(Self)
    }
}

/// Refuses a request whose content type is not JSON.
pub fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().is_some_and(|mime| mime.trim().eq_ignore_ascii_case("application/json")));
    let refused = || Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, "send Content-Type: application/json");
    if is_json { Ok(()) } else { Err(refused()) }
}

/// Parses JSON; the problem names the wrong field.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // Derived code would also accept an array of the fields in their order.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte != b'{') {
        return Err(match serde_json::from_slice::<IgnoredAny>(body) {
            Ok(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::InvalidValue, "the body is not an object"),
            Err(error) => Problem::new(StatusCode::BAD_REQUEST, Code::MalformedJson, error.to_string()),
        });
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let title = inner.to_string();
        // A number in place of one of a fixed set of words is reported as a syntax error, too.
        if inner.is_eof() || (inner.is_syntax() && serde_json::from_slice::<serde_json::Value>(body).is_err()) {
            return Problem::new(StatusCode::BAD_REQUEST, Code::MalformedJson, title);
        }
        let quoted = || title.split('`').nth(1).unwrap_or_default().to_owned();
        let child = |name: String| if path == "." { name } else { format!("{path}.{name}") };
        if title.starts_with("unknown field") {
            return Problem::invalid(if path.ends_with(&quoted()) { path.clone() } else { child(quoted()) }, Code::UnknownField, title);
        }
        if title.starts_with("missing field") {
            return Problem::invalid(child(quoted()), Code::MissingField, title);
        }
        Problem::invalid(path, Code::InvalidValue, title)
    })?;
    deserializer.end().map_err(|error| Problem::new(StatusCode::BAD_REQUEST, Code::MalformedJson, error.to_string()))?;
    Ok(value)
}

/// A query. If it does not fit, the problem names the parameter.
#[derive(Debug, Clone)]
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ValidQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(value) = Query::try_from_uri(&parts.uri).map_err(|rejection| {
            let mut title = rejection.body_text();
            if let Some(cause) = std::error::Error::source(&rejection) {
                title = cause.to_string();
            }
            let code = match &title {
                title if title.contains("unknown field") => Code::UnknownField,
                title if title.contains("missing field") => Code::MissingField,
                _ => Code::InvalidValue,
            };
            // "grain: unknown variant `week`" names the parameter first; "unknown field `evil`" quotes it.
            let before = title.split_once(": ").map(|(before, _)| before).filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            let field = before.or_else(|| title.split('`').nth(1)).or_else(|| title.split(':').next()).unwrap_or_default().to_owned();
            Problem::invalid(field, code, title)
        })?;
        Ok(Self(value))
    }
}

/// The parameters of a path. Text that does not have the form of an id is answered 404, like the id of somebody else's resource.
#[derive(Debug, Clone)]
pub struct ValidPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ValidPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::from_request_parts(parts, state).await.map(|Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(client_address(app, &parts.headers, &parts.extensions))
    }
}

/// The address from which a request with these headers and extensions comes.
pub fn client_address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> ClientAddress {
    if app.settings().behind_proxy {
        return ClientAddress::forwarded(headers);
    }
    ClientAddress(extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip()))
}

/// Deserializes a field of a change that may be omitted or `null`: `None` if it is omitted, `Some(None)` if it is `null`.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use domain::text::Lang;
    use serde::Deserialize;

    use super::*;

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_one_that_is_too_large() {
        let read = async |body: axum::body::Body| {
            let request = axum::http::Request::new(body);
            WholeBody::from_request(request, &()).await.map(|body| body.0).map_err(|problem| (problem.status, problem.code))
        };
        let broken = futures_util::stream::iter([Ok("begun"), Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))]);
        assert_eq!(read(axum::body::Body::from_stream(broken)).await, Err((400, Code::BadRequest)));
        assert_eq!(read(vec![b'x'; 2 * 1024 * 1024 + 1].into()).await, Err((413, Code::TooLarge)));
        assert_eq!(read("all".into()).await, Ok(Bytes::from("all")));
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "zh")]
        _zh: String,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "body")]
        _body: Inner,
        #[serde(rename = "lang", default)]
        _lang: Lang,
    }

    #[test]
    fn a_problem_names_the_field() {
        for (body, code, field) in [
            (r#"{"name":1,"body":{"zh":""}}"#, Code::InvalidValue, Some("name")),
            (r#"{"name":"","body":{"zh":3}}"#, Code::InvalidValue, Some("body.zh")),
            (r#"{"name":"","body":{}}"#, Code::MissingField, Some("body.zh")),
            (r#"{"body":{"zh":""}}"#, Code::MissingField, Some("name")),
            (r#"{"name":"","body":{"zh":""},"tenant_id":1}"#, Code::UnknownField, Some("tenant_id")),
            (r#"{"name":"","body":{"zh":"","role":1}}"#, Code::UnknownField, Some("body.role")),
            (r#"{"name":"","body":{"zh":""},"lang":"fr"}"#, Code::InvalidValue, Some("lang")),
            (r#"{"name":"","body":{"zh":""},"lang":0}"#, Code::InvalidValue, Some("lang")),
            (r#"{"name":"","body":{"zh":""},"lang":[1]}"#, Code::InvalidValue, Some("lang")),
            (r#"{"name":"","body":{"zh":""},"lang":"#, Code::MalformedJson, None),
            (r#"{"name":"#, Code::MalformedJson, None),
            (r#"{"name":"","body":{"zh":""}} x"#, Code::MalformedJson, None),
            (r#"["",{"zh":""}]"#, Code::InvalidValue, None),
            ("[[", Code::MalformedJson, None),
        ] {
            let problem = parse::<Outer>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (code, field), "{body}");
        }
        assert_eq!(parse::<Outer>(b"{\"name\":\"\xff\"}").unwrap_err().code, Code::MalformedJson);
    }

    #[tokio::test]
    async fn a_query_names_its_wrong_parameter() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Page {
            #[serde(rename = "limit")]
            _limit: i64,
            #[serde(rename = "list", default)]
            _list: domain::text::Lang,
        }
        for (query, code, field) in [
            ("limit=x", Code::InvalidValue, "limit"),
            ("", Code::MissingField, "limit"),
            ("limit=1&evil=1", Code::UnknownField, "evil"),
            ("limit=1&list=fr", Code::InvalidValue, "list"),
        ] {
            let (mut parts, _) = axum::http::Request::get(format!("/?{query}")).body(()).unwrap().into_parts();
            let problem = ValidQuery::<Page>::from_request_parts(&mut parts, &()).await.unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (code, Some(field)), "{query}: {}", problem.title);
        }
    }
}
