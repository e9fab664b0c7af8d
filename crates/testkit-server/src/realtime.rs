//! A client of the real-time protocol: frames over a WebSocket.

use std::collections::VecDeque;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderValue, StatusCode},
        protocol::CloseFrame,
    },
};

use testkit::{Must, in_time};

use crate::Client;

/// An open connection.
pub struct Realtime {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    frames: VecDeque<Value>,
}

impl Realtime {
    /// Connects as this client: staff by cookie, programs by their token; a visitor's token belongs in the hello.
    pub async fn connect(client: &Client) -> Self {
        Self::try_connect(client, Some(&client.base)).await.must("a WebSocket")
    }

    /// Connects with this `Origin`; returns the status if the server refuses.
    pub async fn try_connect(client: &Client, origin: Option<&str>) -> Result<Self, StatusCode> {
        let mut request = format!("{}/ws", client.place().replacen("http", "ws", 1)).into_client_request().must("a request");
        let headers = request.headers_mut();
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_str(origin).must("an origin"));
        }
        if let Some(secret) = &client.cookie {
            headers.insert("cookie", HeaderValue::from_str(&client.cookie("__Host-yingda", secret)).must("a cookie"));
        }
        if let Some(token) = client.token.as_ref().filter(|token| token.starts_with("ydt_")) {
            headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).must("a token"));
        }
        match in_time("the upgrade", connect_async(request)).await {
            Ok((socket, _)) => Ok(Self { socket, frames: VecDeque::new() }),
            Err(Error::Http(response)) => Err(response.status()),
            Err(other) => panic!("the upgrade: {other}"),
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) {
        in_time("a frame leaves", self.socket.send(Message::text(frame.to_string()))).await.must("a frame leaves");
    }

    /// Sends a message as it is: several frames, or none at all.
    pub async fn send_text(&mut self, text: &str) {
        in_time("a message leaves", self.socket.send(Message::text(text.to_owned()))).await.must("a message leaves");
    }

    /// Sends bytes, which the protocol does not use.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        in_time("a message leaves", self.socket.send(Message::binary(bytes.to_vec()))).await.must("a message leaves");
    }

    /// The next text as it arrived, whatever it contains.
    pub async fn next_text(&mut self) -> String {
        loop {
            match in_time("a message comes", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return text.as_str().to_owned(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("no text but {other:?}"),
            }
        }
    }

    /// Sends a close frame with a status; [`Self::farewell`] reads the server's response.
    pub async fn say_goodbye(&mut self, status: u16) {
        let close = CloseFrame { code: status.into(), reason: "".into() };
        in_time("a goodbye leaves", self.socket.send(Message::Close(Some(close)))).await.must("a goodbye leaves");
    }

    /// Reads until the server closes; returns the code of its last `no`, and the status of its close.
    pub async fn farewell(&mut self) -> (Option<String>, Option<u16>) {
        let mut code = None;
        loop {
            match in_time("the server closes", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => {
                    let no = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find(|frame| frame["t"] == "no");
                    code = no.and_then(|frame| frame["code"].as_str().map(str::to_owned)).or(code);
                }
                Some(Ok(Message::Close(close))) => return (code, close.map(|close| close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (code, None),
            }
        }
    }

    /// The next frame; `None` once the server has closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Some(frame);
            }
            match in_time("a frame comes", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => {
                    let lines = text.lines().filter(|line| !line.is_empty());
                    self.frames.extend(lines.map(|line| serde_json::from_str::<Value>(line).must("a frame")));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_) | Err(_)) | None => return None,
            }
        }
    }

    /// The next frame of this type; other frames are skipped.
    pub async fn until(&mut self, t: &str) -> Value {
        self.find(t, |frame| frame["t"] == t).await
    }

    /// The next frame that matches; other frames are skipped.
    pub async fn find(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        in_time(what, async {
            while let Some(frame) = self.next().await {
                if fits(&frame) {
                    return frame;
                }
            }
            panic!("the connection closed before {what}");
        })
        .await
    }

    /// Reads until the server closes.
    pub async fn closed(&mut self) {
        in_time("the server closes", async { while self.next().await.is_some() {} }).await;
    }
}
