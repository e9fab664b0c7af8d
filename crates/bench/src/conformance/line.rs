//! A connection that can send arbitrary bytes and reports what the server answers.

use std::collections::VecDeque;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Heard, Speaker};
use crate::{
    hello,
    socket::{self, CLOSE, Socket, TEXT},
};

const FINAL: u8 = 0x80;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
const READ: usize = 16 * 1024;
/// The payload of the ping that checks whether a connection is intact.
const THERE: &[u8] = b"still there?";
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A masked frame with this first byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 14);
    socket::raw_frame(&mut frame, first, payload);
    let body = frame.len() - payload.len();
    frame[body - MASK.len()..body].copy_from_slice(&MASK);
    frame[body..].iter_mut().zip(MASK.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    frame
}

/// A text in one frame.
pub fn text(words: &str) -> Vec<u8> {
    frame(FINAL | TEXT, words.as_bytes())
}

/// A connection; see the module.
pub struct Line {
    stream: TcpStream,
    input: Vec<u8>,
    heard: VecDeque<Heard>,
    /// The code of the last `no` about the connection.
    parting: Option<String>,
}

impl Line {
    /// Opens a connection that follows the conversation from now on, and waits until the server has greeted it.
    pub async fn open(speaker: &Speaker) -> anyhow::Result<Self> {
        let mut socket = Socket::connect(speaker.to, None, "").await?;
        socket.queue(&hello::hello(Some(&speaker.token), &[(&speaker.conversation, None)]).to_string());
        while !socket.receive().await?.context("the server closed a connection")?.contains(r#""t":"reset""#) {}
        Ok(Self { stream: socket.into_stream(), input: Vec::new(), heard: VecDeque::new(), parting: None })
    }

    /// Writes these one after another. A server that has already ended the connection need not read the rest.
    pub async fn write(&mut self, writes: &[Vec<u8>]) {
        for bytes in writes {
            if self.stream.write_all(bytes).await.is_err() {
                return;
            }
        }
    }

    /// The next event that a case may ask for.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return Ok(heard);
            }
            let mut buffer = [0; READ];
            match self.stream.read(&mut buffer).await? {
                0 => bail!("the connection ended"),
                n => self.input.extend_from_slice(&buffer[..n]),
            }
            while let Some((opcode, body)) = socket::parse(&self.input, 0)? {
                let payload = self.input[body.clone()].to_vec();
                self.input.drain(..body.end);
                self.take(opcode, payload)?;
            }
        }
    }

    fn take(&mut self, opcode: u8, payload: Vec<u8>) -> anyhow::Result<()> {
        match opcode {
            TEXT => {
                for line in String::from_utf8(payload).context("the server sent no UTF-8")?.lines() {
                    let frame: Value = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
                    self.understand(&frame)?;
                }
            }
            PONG => self.heard.push_back(Heard::Pong(payload)),
            CLOSE => {
                let status = match payload[..] {
                    [] => None,
                    [high, low, ..] => Some(u16::from_be_bytes([high, low])),
                    _ => bail!("the server said goodbye with half a status"),
                };
                self.heard.push_back(match (self.parting.take(), status) {
                    (Some(code), Some(status)) => Heard::Refused(code, status),
                    (Some(code), None) => bail!("the server ended with {code} and no status"),
                    (None, status) => Heard::Goodbye(status),
                });
            }
            other => bail!("the server sent a frame of the sort {other}"),
        }
        Ok(())
    }

    fn understand(&mut self, frame: &Value) -> anyhow::Result<()> {
        match frame["t"].as_str() {
            Some("pong") => self.heard.push_back(Heard::Answer),
            Some("entries") => {
                let words = frame["entries"].as_array().into_iter().flatten().filter_map(|entry| entry["body"]["text"].as_str());
                self.heard.extend(words.map(|words| Heard::Words(words.to_owned())));
            }
            Some("no") if frame["client_id"].is_null() => self.parting = frame["code"].as_str().map(str::to_owned),
            Some("no" | "busy" | "gone") => bail!("refused: {frame}"),
            _ => {}
        }
        Ok(())
    }

    /// Checks that the connection is still intact and that nothing unexpected has arrived.
    pub async fn is_whole(&mut self) -> anyhow::Result<()> {
        self.write(&[frame(FINAL | PING, THERE)]).await;
        match self.hear().await.context("the connection should have stayed")? {
            Heard::Pong(payload) if payload == THERE => Ok(()),
            other => bail!("{other:?} came, which nobody had asked for"),
        }
    }

    /// Checks that nothing more arrives.
    pub async fn is_over(&mut self) -> anyhow::Result<()> {
        match self.hear().await {
            Ok(heard) => bail!("{heard:?} came after the goodbye"),
            Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_masked_as_in_the_rfc() {
        assert_eq!(text("Hello"), [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        assert_eq!(frame(0x89, &[0; 300])[..8], [0x89, 0xFE, 0x01, 0x2C, 0x37, 0xfa, 0x21, 0x3d]);
    }
}
