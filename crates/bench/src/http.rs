//! The product's HTTP endpoints that a client needs before it can talk: sessions, sign-in, presence, and sends without a socket.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{busy, server::Server, socket::Socket};

/// The site key of the demo tenant.
const SITE: &str = "demo";
/// The password that new staff members choose; argon2 is slow whatever it is.
pub const PASSWORD: &str = "bench bench bench";

/// A client of the HTTP endpoints.
#[derive(Debug, Clone)]
pub struct Http {
    address: SocketAddr,
    /// The company's short name; `None` for the one at the root.
    slug: Option<String>,
    /// The key of the site that visitors come from.
    site: String,
    client: Client,
}

/// The session of a staff member, shared by everything that acts for this member: a new sign-in is a new session for all of it.
#[derive(Debug, Clone, Default)]
pub struct Cookie(Arc<Mutex<String>>);

impl Cookie {
    fn now(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn replace(&self, by: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }
}

/// The identity of a visitor, of a staff member or of a program.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A visitor, with the access token.
    Visitor(String),
    /// A staff member, with the session cookie.
    Staff(Cookie),
    /// A program, with the secret of its token.
    Program(String),
}

impl Identity {
    /// The headers for a connection, each with its line break.
    pub fn headers(&self) -> String {
        match self {
            Self::Visitor(_) => String::new(),
            Self::Staff(cookie) => format!("Cookie: {}\r\n", cookie.now()),
            Self::Program(secret) => format!("Authorization: Bearer {secret}\r\n"),
        }
    }
    /// The access token; `None` for those who are known by a header.
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Visitor(token) => Some(token),
            Self::Staff(_) | Self::Program(_) => None,
        }
    }
}

/// A visitor's session.
#[derive(Debug, Clone, Deserialize)]
pub struct Visitor {
    /// The access token.
    pub token: String,
    /// The visitor's id; also the name of its stream.
    pub visitor: String,
}

impl Visitor {
    /// The visitor's identity.
    pub fn identity(&self) -> Identity {
        Identity::Visitor(self.token.clone())
    }
}

/// A signed-in staff member.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    /// The agent number that customers see.
    pub number: String,
    /// The staff member's id.
    pub agent: String,
    /// The stream that reports which conversations the member was given and which it lost.
    pub inbox: String,
    /// The most conversations that the member serves at once.
    pub capacity: usize,
    /// The email address that the member signs in with.
    pub email: String,
    #[serde(skip)]
    cookie: Cookie,
}

impl Member {
    /// The member's identity.
    pub fn identity(&self) -> Identity {
        Identity::Staff(self.cookie.clone())
    }
}

impl Http {
    /// A client of the server at this address.
    pub fn new(address: SocketAddr) -> anyhow::Result<Self> {
        Self::from(address, None)
    }

    /// The same, from an address of this machine.
    pub fn from(address: SocketAddr, source: Option<IpAddr>) -> anyhow::Result<Self> {
        let client = Client::builder().connect_timeout(Duration::from_secs(5)).tcp_nodelay(true).no_proxy().local_address(source).build()?;
        Ok(Self { address, slug: None, site: SITE.to_owned(), client })
    }

    /// A client of the company with this short name, whose visitors come from the site with this key.
    pub fn of_company(&self, slug: &str, site: &str) -> Self {
        Self { slug: Some(slug.to_owned()), site: site.to_owned(), ..self.clone() }
    }

    /// Opens a WebSocket for somebody of this company; what it says first is up to the caller.
    pub async fn socket(&self, who: Option<&Identity>) -> anyhow::Result<Socket> {
        Socket::connect_at(self.address, None, &format!("{}/ws", self.below()), &who.map(Identity::headers).unwrap_or_default()).await
    }

    /// Creates a visitor.
    pub async fn visitor(&self) -> anyhow::Result<Visitor> {
        let body = json!({"site": self.site, "lang": "zh-CN"});
        Ok(patiently(self.post("/api/v1/widget/sessions").json(&body)).await?.json().await?)
    }

    /// Adds agents with these capacities, signs them in and makes them available.
    pub async fn agents(&self, server: &Server, capacities: &[usize]) -> anyhow::Result<Vec<Member>> {
        self.more_agents(server, 0, capacities).await
    }

    /// The same, when `first` agents exist already.
    pub async fn more_agents(&self, server: &Server, first: usize, capacities: &[usize]) -> anyhow::Result<Vec<Member>> {
        let mut agents = Vec::with_capacity(capacities.len());
        for (n, capacity) in capacities.iter().enumerate() {
            let n = first + n;
            let (name, email, capacity) = (format!("压测{n}"), Self::address_of_agent(n), capacity.to_string());
            let mut arguments = vec!["add-staff", "--role", "agent", "--name", &name, "--email", &email, "--capacity", &capacity];
            arguments.extend(self.slug.iter().flat_map(|slug| ["--company", slug]));
            let link = server.admin(&arguments).await?;
            let agent = self.redeem(&link).await?;
            self.available(&agent.identity()).await?;
            agents.push(agent);
        }
        Ok(agents)
    }

    /// Adds an agent who has never signed in.
    pub async fn absent_agent(&self, server: &Server, n: usize) -> anyhow::Result<()> {
        server.admin(&["add-staff", "--role", "agent", "--name", &format!("压测{n}"), "--email", &Self::address_of_agent(n)]).await.map(drop)
    }

    /// The email address that the `n`th agent signs in with.
    pub fn address_of_agent(n: usize) -> String {
        format!("bench{n}@bench.example")
    }

    /// Tries to sign in as a staff member from an address that the proxy in front names; returns the status of the answer.
    pub async fn sign_in(&self, from: &str, email: &str, password: &str, proof: Option<Value>) -> anyhow::Result<StatusCode> {
        let mut body = json!({"email": email, "password": password});
        if let Some(proof) = proof {
            body["proof"] = proof;
        }
        Ok(self.post("/api/v1/auth/sessions").header("x-forwarded-for", from).json(&body).send().await?.status())
    }

    /// Sends something as a page does, once, from an address that the proxy in front names.
    pub async fn post_from(&self, from: &str, path: &str, body: &Value) -> reqwest::Result<Response> {
        self.post(path).header("x-forwarded-for", from).json(body).send().await
    }

    /// A puzzle for people who sign in while many others do.
    pub async fn puzzle(&self) -> anyhow::Result<Value> {
        Ok(checked(self.client.get(self.url("/api/v1/customer/puzzle")).send().await?).await?.json().await?)
    }

    /// Signs in a manager, who may read everything.
    pub async fn manager(&self, server: &Server) -> anyhow::Result<Member> {
        self.sign_in_first(server, "manager").await
    }

    /// Signs in an administrator, who may take everything from others.
    pub async fn administrator(&self, server: &Server) -> anyhow::Result<Member> {
        self.sign_in_first(server, "administrator").await
    }

    async fn sign_in_first(&self, server: &Server, role: &str) -> anyhow::Result<Member> {
        let link = server.admin(&["sign-in-link", "--role", role]).await?;
        self.redeem(&link).await
    }

    async fn redeem(&self, link: &str) -> anyhow::Result<Member> {
        let (_, token) = link.split_once('#').with_context(|| format!("{link:?} is no sign-in link"))?;
        let body = json!({"token": token, "password": PASSWORD});
        let response = patiently(self.post("/api/v1/auth/links/redeem").json(&body)).await?;
        let cookie = cookie(&response)?;
        let member: Member = response.json().await?;
        member.cookie.replace(cookie);
        Ok(member)
    }

    /// Signs a member in with the password, as people do after their session has ended: all holders of the identity use the new session.
    pub async fn sign_in_anew(&self, member: &Member) -> anyhow::Result<()> {
        let body = json!({"email": member.email, "password": PASSWORD});
        member.cookie.replace(cookie(&patiently(self.post("/api/v1/auth/sessions").json(&body)).await?)?);
        Ok(())
    }

    /// Makes a member available.
    pub async fn available(&self, who: &Identity) -> anyhow::Result<()> {
        let request = self.client.put(self.url("/api/v1/me/state")).header(header::ORIGIN, self.origin());
        patiently(self.with_credential(request, who).json(&json!({"state": "available"}))).await.map(drop)
    }

    /// Sends frames in a POST request, beside a stream that only reads; returns the answers in order.
    pub async fn send(&self, who: &Identity, frames: &[Value]) -> anyhow::Result<Vec<Value>> {
        #[derive(Deserialize)]
        struct Answers {
            frames: Vec<Value>,
        }
        let mut body = json!({"frames": frames});
        if let Some(token) = who.token() {
            body["token"] = json!(token);
        }
        let answers: Answers = checked(self.with_credential(self.post("/rt/send"), who).json(&body).send().await?).await?.json().await?;
        Ok(answers.frames)
    }

    /// Requests events: streamed, or the next batch.
    pub async fn events(&self, who: &Identity, hello: &Value, streamed: bool) -> anyhow::Result<Response> {
        checked(self.ask_for_events(who, hello, streamed).await?).await
    }

    /// The same, for those who may be refused.
    pub async fn ask_for_events(&self, who: &Identity, hello: &Value, streamed: bool) -> reqwest::Result<Response> {
        let accept = if streamed { "text/event-stream" } else { "application/x-ndjson" };
        self.with_credential(self.post("/rt/events"), who).header(header::ACCEPT, accept).json(hello).send().await
    }

    /// Sends a request for a resource; returns the answer, `null` if it is empty.
    pub async fn request(&self, method: Method, who: &Identity, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let request = self.with_credential(self.client.request(method, self.url(path)).header(header::ORIGIN, self.origin()), who);
        let answer = patiently(if let Some(body) = body { request.json(body) } else { request }).await?.bytes().await?;
        if answer.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_slice(&answer)?) }
    }

    /// The status with which somebody's request for a resource is answered.
    pub async fn status(&self, who: &Identity, path: &str) -> reqwest::Result<StatusCode> {
        let request = self.client.get(self.url(path)).header(header::ORIGIN, self.origin());
        Ok(self.with_credential(request, who).send().await?.status())
    }

    /// Opens an address without saying who asks; whatever is answered is read to its end.
    pub async fn open(&self, path: &str) -> anyhow::Result<()> {
        self.client.get(self.url(path)).send().await?.bytes().await?;
        Ok(())
    }

    /// One of the numbers that the server tells its operator.
    pub async fn metric(&self, name: &str) -> anyhow::Result<Option<f64>> {
        let text = checked(self.client.get(format!("{}/metrics", self.origin())).send().await?).await?.text().await?;
        Ok(text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok()))
    }

    /// Sends a change as a staff member.
    pub async fn change(&self, who: &Identity, path: &str, body: &Value) -> anyhow::Result<()> {
        patiently(self.with_credential(self.post(path), who).json(body)).await.map(drop)
    }

    /// Imports a table as a staff member; returns the code with which it is refused.
    pub async fn import(&self, who: &Identity, path: &str, table: String) -> anyhow::Result<Option<String>> {
        for _ in 0..busy::TRIES {
            let request = self.with_credential(self.post(path), who).header(header::CONTENT_TYPE, "text/csv").body(table.clone());
            let answer = request.send().await?;
            match answer.status() {
                StatusCode::SERVICE_UNAVAILABLE => tokio::time::sleep(busy::WAIT).await,
                status if status.is_client_error() => {
                    let problem: Value = answer.json().await?;
                    return Ok(Some(problem["code"].as_str().unwrap_or_default().to_owned()));
                }
                _ => return checked(answer).await.map(|_| None),
            }
        }
        bail!("{path} is always busy")
    }

    /// Reads a resource as a staff member.
    pub async fn get(&self, who: &Identity, path: &str) -> anyhow::Result<Value> {
        let request = self.client.get(self.url(path)).header(header::ORIGIN, self.origin());
        Ok(checked(self.with_credential(request, who).send().await?).await?.json().await?)
    }

    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the company's paths begin with.
    fn below(&self) -> String {
        self.slug.as_ref().map(|slug| format!("/o/{slug}")).unwrap_or_default()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin(), self.below())
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).header(header::ORIGIN, self.origin())
    }

    fn with_credential(&self, request: RequestBuilder, who: &Identity) -> RequestBuilder {
        match who {
            Identity::Visitor(_) => request,
            Identity::Staff(cookie) => request.header(header::COOKIE, cookie.now()),
            Identity::Program(secret) => request.bearer_auth(secret),
        }
    }
}

/// The session cookie that an answer sets.
fn cookie(response: &Response) -> anyhow::Result<String> {
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    Ok(cookie.context("signing in set no cookie")?.to_owned())
}

/// Sends a request, and repeats it while the server is busy: a server that answers so has not changed anything.
async fn patiently(request: RequestBuilder) -> anyhow::Result<Response> {
    for _ in 0..busy::TRIES {
        let response = request.try_clone().context("a request that cannot be repeated")?.send().await?;
        if response.status() != StatusCode::SERVICE_UNAVAILABLE {
            return checked(response).await;
        }
        tokio::time::sleep(busy::WAIT).await;
    }
    checked(request.send().await?).await
}

async fn checked(response: Response) -> anyhow::Result<Response> {
    if response.status().is_success() {
        return Ok(response);
    }
    let (status, path) = (response.status(), response.url().path().to_owned());
    bail!("{path} answered {status}: {}", response.text().await.unwrap_or_default())
}
