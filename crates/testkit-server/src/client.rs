//! Clients that speak HTTP.

use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::Value;

use testkit::Must;

/// How often a request is repeated for which the server was too busy.
const BUSY_TRIES: u32 = 5;

/// An answer, read completely.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: header::HeaderMap,
    /// The body of the answer.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` if it is empty.
    pub fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).must("a JSON body") }
    }
    /// The text of a header; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
    /// The JSON of an answer that must have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
    /// Checks that the answer is a 200 with these bytes.
    #[track_caller]
    pub fn expect_bytes(&self, bytes: &[u8]) {
        assert_eq!((self.status.as_u16(), &self.body[..]), (200, bytes));
    }
    /// The problem document of an answer that must be one, with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(u64::from(status)), Some(code)), "{body}");
        assert!(body["request_id"].is_string() && body["title"].is_string(), "{body}");
        body
    }
    /// The problem document, which must also name this field.
    #[track_caller]
    pub fn problem_at(&self, status: u16, code: &str, field: &str) -> Value {
        let body = self.problem(status, code);
        assert_eq!(body["field"], field);
        body
    }
}

/// The sender of requests: nobody in particular, a member of staff with a cookie, or a visitor with a token.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// The address of the server, e.g. `http://127.0.0.1:port`.
    pub base: String,
    /// The secret of the session, for a member of staff.
    pub cookie: Option<String>,
    /// The secret of the session, for a customer with an account.
    pub customer: Option<String>,
    /// The secret of the session, for the installation's operator.
    pub operator: Option<String>,
    /// The access token, for a visitor.
    pub token: Option<String>,
    /// The client address that the proxy in front reports.
    address: Option<String>,
    /// The short name of the company it asks, unless that is the one at the root.
    company: Option<String>,
    /// Whether it asks where the staff of that company practise.
    is_practising: bool,
}

impl Client {
    /// An unknown client.
    pub fn new(base: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: base.to_owned(),
            cookie: None,
            customer: None,
            operator: None,
            token: None,
            address: None,
            company: None,
            is_practising: false,
        }
    }
    /// The same client at a different network address; the server has to be behind a proxy.
    pub fn from_address(&self, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..self.clone() }
    }
    /// The same server, with this session.
    pub fn with_cookie(&self, secret: &str) -> Self {
        Self { cookie: Some(secret.to_owned()), customer: None, token: None, ..self.clone() }
    }
    /// The same server, with this session of a customer.
    pub fn with_customer(&self, secret: &str) -> Self {
        Self { customer: Some(secret.to_owned()), cookie: None, token: None, ..self.clone() }
    }
    /// The same server, with this session of the installation's operator.
    pub fn with_operator(&self, secret: &str) -> Self {
        Self { operator: Some(secret.to_owned()), cookie: None, customer: None, token: None, ..self.clone() }
    }
    /// The same server, with this access token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), cookie: None, customer: None, ..self.clone() }
    }
    /// The same client, asking a company that is not at the root.
    pub fn at_company(&self, slug: &str) -> Self {
        Self { company: Some(slug.to_owned()), ..self.clone() }
    }
    /// The same client, asking where the staff of the company practise.
    pub fn practising(&self) -> Self {
        Self { is_practising: true, ..self.clone() }
    }
    /// Where that company is found: the address of the server, or one below it.
    pub fn place(&self) -> String {
        let company = self.company.as_ref().map_or_else(|| self.base.clone(), |slug| format!("{}/o/{slug}", self.base));
        if self.is_practising { format!("{company}/practice") } else { company }
    }
    /// A cookie as that company names it.
    pub(crate) fn cookie(&self, name: &str, secret: &str) -> String {
        let suffix = self.company.as_ref().map_or_else(String::new, |slug| format!(".{slug}"));
        format!("{name}{suffix}={secret}")
    }
    /// The same client at another node of the same cluster.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }
    /// The same client at a different server, using that client's connections.
    pub fn at_server(&self, server: &Self) -> Self {
        Self { http: server.http.clone(), base: server.base.clone(), ..self.clone() }
    }
    /// A request as one of our own pages would send it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.place())).header(header::ORIGIN, &self.base);
        if let Some(address) = &self.address {
            request = request.header("x-forwarded-for", address);
        }
        if let Some(secret) = &self.cookie {
            request = request.header(header::COOKIE, self.cookie("__Host-yingda", secret));
        }
        if let Some(secret) = &self.customer {
            request = request.header(header::COOKIE, self.cookie("__Host-yingda-customer", secret));
        }
        if let Some(secret) = &self.operator {
            request = request.header(header::COOKIE, self.cookie("__Host-yingda-operator", secret));
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }
    /// Sends a request.
    pub async fn send(&self, mut request: RequestBuilder) -> Answer {
        // On a busy machine a write may take longer than the server allows; it had no effect then, and a client tries again.
        let mut again = BUSY_TRIES;
        let response = loop {
            let repetition = request.try_clone();
            let response = testkit::in_time("an answer", request.send()).await.must("an answer");
            match repetition {
                Some(repetition) if again > 0 && response.status() == StatusCode::SERVICE_UNAVAILABLE => request = repetition,
                _ => break response,
            }
            again -= 1;
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let body = testkit::in_time("a body", response.bytes()).await.must("a body").to_vec();
        Answer { status, headers, body }
    }
    /// Sends a `GET` request.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }
    /// Sends a `GET` request with a query.
    pub async fn get_with(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::GET, &format!("{path}?{}", encoded(query)))).await
    }
    /// Sends a `POST` request with JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }
    /// Sends a `PUT` request with JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }
    /// Sends a `PATCH` request with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }
    /// Sends a `DELETE` request.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
    /// Sends a `POST` request with bytes.
    pub async fn upload(&self, path: &str, mime: &str, bytes: Vec<u8>) -> Answer {
        self.send(self.request(Method::POST, path).header(header::CONTENT_TYPE, mime).body(bytes)).await
    }
}

/// A query, percent-encoded.
fn encoded(query: &[(&str, &str)]) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    let one = |text: &str| text.bytes().map(byte).collect::<String>();
    query.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&")
}
