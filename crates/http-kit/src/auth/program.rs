//! The program behind a request: it sends its token as `Authorization: Bearer ydt_…`.
//!
//! A refused token says why. The token's page counts how often that happened, and so does the company's audit.

use axum::http::{HeaderMap, StatusCode, header};
use db::Shard;
use domain::{
    api_token::{ApiToken, Credential, PREFIX, Unusable},
    id::ApiTokenId,
    journal::Actor,
    refusal::Code,
    time::MINUTE,
};
use platform::{client_address::ClientAddress, env};
use serde_json::json;
use store::entry_points::FoundToken;

use super::{caller::Caller, secret};
use crate::{App, audit::Asked, problem::Problem, quota, request_company};

/// How old the stored time of last use may get before it is updated.
const TOUCH_AFTER_MS: i64 = MINUTE;

/// The bearer token of a program in these headers, if there is one: visitors and screens send theirs in the same place.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(PREFIX)).then_some(token)
}

/// The program with this token, if it may be used now and from this address. Counts the request, and notes the token as used.
pub async fn program_of(app: &App, token: &str, from: ClientAddress) -> Result<Caller, Problem> {
    let found = match secret::is_whole(token) {
        true => store::entry_points::api_token(app.db(), &env::hash(token)).await?,
        false => None,
    };
    let found = found.filter(|found| request_company::enter(found.token.tenant));
    let FoundToken { token, version, valid_until, member, staff } = found.ok_or_else(no_such_token)?;
    let now = app.env().now();
    if let Some(why) = token.problem(valid_until, from.0, now) {
        count_refusal(app, &token, why, from).await?;
        return Err(refusal(why));
    }
    take(app, token.id)?;
    if token.last_used_at.is_none_or(|used| now.since(used) > TOUCH_AFTER_MS) {
        let (tenant, id) = (token.tenant, token.id);
        app.db().writer().write(Shard::Any, move |tx| Box::pin(store::api_tokens::touch(tx, tenant, id))).await?;
    }
    Ok(Caller { staff, member, credential: Credential::Token(token.id, version) })
}

fn take(app: &App, id: ApiTokenId) -> Result<(), Problem> {
    match app.in_memory().quotas.take(id, app.env().now()) {
        Ok(left) => {
            request_company::note_quota(left);
            Ok(())
        }
        Err(left) => {
            request_company::note_quota(left);
            let title = format!("a token may make {} requests a minute; wait", quota::PER_MINUTE);
            let retry_after = Some(u32::try_from(left.seconds).unwrap_or(u32::MAX));
            Err(Problem { retry_after, ..Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::TooManyRequests, title) })
        }
    }
}

fn no_such_token() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        Code::TokenUnknown,
        "there is no such token here; check that it was copied completely, and that the address is that of its company",
    )
}

fn refusal(why: Unusable) -> Problem {
    let (status, title) = match why {
        Unusable::Revoked => (StatusCode::UNAUTHORIZED, "this token was revoked; ask an administrator for a new one"),
        Unusable::Expired => (StatusCode::UNAUTHORIZED, "this token has expired or was replaced; use the new one"),
        Unusable::Elsewhere => (StatusCode::FORBIDDEN, "this token cannot be used from this address; ask an administrator to add its range"),
    };
    Problem::new(status, why.code(), title)
}

/// Counts a refusal, for the audit and for the token's page; for that, the count is written down once a minute.
async fn count_refusal(app: &App, token: &ApiToken, why: Unusable, from: ClientAddress) -> Result<(), Problem> {
    let (tenant, id) = (token.tenant, token.id);
    let asked = Asked::from_outside("token.refused", &format!("/api/v1/tokens/{id}"), json!({"from": from.network()}));
    app.in_memory().refusals.count(tenant, Actor::agent(token.program, &token.name), asked.making(&id), why.code());
    let Some(times) = app.in_memory().refused_tokens.count(id, app.env().now()) else { return Ok(()) };
    let noted = app.db().writer().write(Shard::Any, move |tx| Box::pin(store::api_tokens::note_refusals(tx, tenant, id, why, times)));
    noted.await.map_err(|error: store::Error| error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_programs_token_is_taken_for_one() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            token(&headers).map(str::to_owned)
        };
        assert_eq!((with("Bearer ydt_1"), with("bearer  ydt_1 ")), (Some("ydt_1".to_owned()), Some("ydt_1".to_owned())));
        for other in ["Bearer 0123", "Basic ydt_1", "ydt_1", "Bearer"] {
            assert_eq!(with(other), None, "{other}");
        }
    }
}
