//! Requests to an identity provider. Its addresses were chosen by an administrator and by itself, so they leave only through the egress.

use axum::{
    body::Bytes,
    http::{HeaderValue, Response, StatusCode, header},
};
use domain::id::TenantId;
use futures_util::future::BoxFuture;
use http_kit::App;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use platform::egress::{self, Call, Egress, Failure, Limits, Purpose};

/// The most bytes read of an answer.
const MOST_BYTES: usize = 128 * 1024;

/// Sends the requests of a company.
pub struct Outgoing {
    egress: Egress,
    tenant: TenantId,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.code())]
pub struct NoAnswer(pub Failure);

impl Outgoing {
    /// For the requests of a company.
    pub fn new(app: &App, tenant: TenantId) -> Self {
        Self { egress: app.egress().clone(), tenant }
    }

    /// Whether requests may go to an address.
    pub fn may_go(&self, url: &str) -> bool {
        self.egress.target(url).is_ok()
    }

    /// Reads what is published at an address; `None` if that is no success.
    pub async fn read(&self, url: &str) -> Result<Option<Bytes>, Failure> {
        let Ok(request) = axum::http::Request::get(url).header(header::ACCEPT, "application/json").body(Vec::new()) else { return Err(Failure::Unreachable) };
        let answer = self.send(request).await.map_err(|NoAnswer(failure)| failure)?;
        Ok((answer.status() == StatusCode::OK).then(|| Bytes::from(answer.into_body())))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let (parts, body) = request.into_parts();
        let target = self.egress.target(&parts.uri.to_string()).map_err(|_| NoAnswer(Failure::Unreachable))?;
        let mut headers = parts.headers;
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Yingda/1"));
        let limits = Limits::within(egress::WITHIN, MOST_BYTES);
        let (tenant, method, body) = (self.tenant, parts.method, Bytes::from(body).into());
        let call = Call { tenant, purpose: Purpose::SingleSignOn, method, headers, body, limits };
        let mut answer = self.egress.open(&target, call).await.map_err(NoAnswer)?;
        let mut response = Response::new(answer.beginning(MOST_BYTES).await.map_err(NoAnswer)?);
        (*response.status_mut(), *response.headers_mut()) = (answer.status, answer.headers.clone());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Outgoing {
    type Error = NoAnswer;
    type Future = BoxFuture<'c, Result<HttpResponse, NoAnswer>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
