//! The part of the public protocol that the demo needs: docs/PROTOCOL.md over a WebSocket, and the endpoints used before connecting.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Client, RequestBuilder, Response, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// A server and an HTTP client for it. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    base: Arc<str>,
    http: Client,
}

/// A WebSocket connection.
pub struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<Value>,
}

impl Server {
    /// The server at this address.
    pub fn at(url: &str) -> anyhow::Result<Self> {
        let base = url.trim_end_matches('/');
        if !base.starts_with("http://") {
            bail!("--url is http://host:port: the demo's traffic is for a server nearby");
        }
        let http = Client::builder().connect_timeout(Duration::from_secs(5)).timeout(Duration::from_secs(30)).no_proxy().build()?;
        Ok(Self { base: base.into(), http })
    }

    /// The key of the hall's site.
    pub async fn site(&self) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Hall {
            site: String,
        }
        Ok(self.get::<Hall>("/api/v1/hall").await?.site)
    }

    /// Requests a path and parses the answer.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        Ok(send(self.http.get(format!("{}{path}", self.base))).await?.json().await?)
    }

    /// Posts to a path and parses the answer.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> anyhow::Result<T> {
        Ok(self.send_post(path, body).await?.json().await?)
    }

    /// Signs a member of the staff in with a link; returns the cookie and the member.
    pub async fn redeem<T: DeserializeOwned>(&self, token: &str, password: Option<String>) -> anyhow::Result<(String, T)> {
        let response = self.send_post("/api/v1/auth/links/redeem", &json!({"token": token, "password": password})).await?;
        let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        let cookie = cookie.context("signing in set no cookie")?.to_owned();
        Ok((cookie, response.json().await?))
    }

    /// Sets a member's state.
    pub async fn set_state(&self, cookie: &str, state: &str) -> anyhow::Result<()> {
        let request = self.http.put(format!("{}/api/v1/me/state", self.base)).header(header::ORIGIN, &*self.base).header(header::COOKIE, cookie);
        send(request.json(&json!({"state": state}))).await.map(drop)
    }

    /// Connects and sends the hello frame.
    pub async fn connect(&self, cookie: Option<&str>, hello: &Value) -> anyhow::Result<Wire> {
        let mut request = format!("{}/ws", self.base.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("origin", HeaderValue::from_str(&self.base)?);
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", HeaderValue::from_str(cookie)?);
        }
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        let mut wire = Wire { socket, waiting: VecDeque::new() };
        wire.send(hello).await?;
        Ok(wire)
    }

    async fn send_post(&self, path: &str, body: &Value) -> anyhow::Result<Response> {
        send(self.http.post(format!("{}{path}", self.base)).header(header::ORIGIN, &*self.base).json(body)).await
    }
}

async fn send(request: RequestBuilder) -> anyhow::Result<Response> {
    let response = request.send().await?;
    if response.status().is_success() {
        return Ok(response);
    }
    let (status, path) = (response.status(), response.url().path().to_owned());
    bail!("{path} answered {status}: {}", response.text().await.unwrap_or_default())
}

impl Wire {
    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::text(frame.to_string())).await?)
    }

    /// The next frame. Can be cancelled.
    pub async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            if let Some(frame) = self.waiting.pop_front() {
                if frame["t"] == "no" && frame["client_id"].is_null() {
                    bail!("the server ends the connection: {}", frame["code"]);
                }
                return Ok(frame);
            }
            match self.socket.next().await.context("the connection ended")?? {
                Message::Text(text) => {
                    for line in text.lines() {
                        self.waiting.push_back(serde_json::from_str(line)?);
                    }
                }
                Message::Close(_) => bail!("the connection was closed"),
                _ => {}
            }
        }
    }
}
