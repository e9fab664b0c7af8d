//! What a request asks for, taken from it before it is carried out.

use axum::{
    extract::{FromRequestParts, Query, RawPathParams},
    http::request::Parts,
};
use platform::client_address::ClientAddress;
use serde_json::{Map, Value, json};

use super::{Asked, details::Origin, operation};
use crate::{App, user_agent::user_agent};

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let operation = operation(parts);
        let (_, names) = operation.split_once(' ').unwrap_or_default();
        let mut path = names.to_owned();
        if let Ok(params) = RawPathParams::from_request_parts(parts, &()).await {
            params.iter().for_each(|(name, value)| path = path.replace(&format!("{{{name}}}"), value));
        }
        let query = Query::<Map<String, Value>>::try_from_uri(&parts.uri).map(|Query(query)| query).unwrap_or_default();
        let request = if query.is_empty() { Value::Null } else { json!({"query": query}) };
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let from = Some(Origin { address: address.to_canonical().to_string(), browser: user_agent(&parts.headers) });
        Ok(Self { operation, path, request, is_said: false, made: None, from, refused: None })
    }
}
