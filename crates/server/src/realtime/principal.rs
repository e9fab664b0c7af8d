//! Who is at the other end of a connection.

use axum::http::HeaderMap;

use super::{mailbox::Principal, session::Close};
use crate::{App, auth::actor, env, problem::Problem};

/// The member of the staff whose cookie is among the headers.
pub async fn staff(app: &App, headers: &HeaderMap) -> Result<Option<Principal>, Problem> {
    Ok(actor::staff_of(app, headers).await?.map(|actor| Principal::Staff(actor.staff, actor.session)))
}

/// Visitors, by their access token.
pub struct Visitor;

impl Visitor {
    /// Whose token it is.
    pub async fn by_token(app: &App, token: &str) -> Result<Principal, Close> {
        match store::entry_points::visitor_token(app.db(), &env::hash(token)).await {
            Ok(Some((tenant, visitor, site, until))) => Ok(Principal::Visitor { tenant, visitor, site, until }),
            Ok(None) => Err(Close("token_expired")),
            Err(error) => {
                tracing::warn!(error = %error, "a token could not be looked up");
                Err(Close("busy"))
            }
        }
    }
}
