//! Other chat servers to compare ours with: small honest programs, built on what many products use, in `bench/peers`.

use std::{
    fs::File,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail};
use serde::Serialize;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

use crate::{
    postgres::Postgres,
    process, procfs,
    socket::{Message, Socket},
};

const STOP_WITHIN: Duration = Duration::from_secs(10);

/// A peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Socket.IO 4 with an INSERT into PostgreSQL before its acknowledgement.
    Socketio,
    /// A hub on Node's `ws` that stores nothing.
    Ws,
    /// Tinode with PostgreSQL.
    Tinode,
}

/// The choice of a peer, and where its program is.
#[derive(Debug, Clone, clap::Args)]
pub struct Choice {
    /// A chat server to measure after ours, in the same way.
    #[arg(long, value_enum)]
    pub peer: Option<Kind>,
    /// The folder of the peers' programs; by default `bench/peers` in the sources that this program was built from.
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
}

impl Choice {
    /// The peer, if one is requested and can be run; checked before anything is measured.
    pub fn check(&self) -> anyhow::Result<Option<(Kind, PathBuf)>> {
        let Some(kind) = self.peer else { return Ok(None) };
        let folder = match kind {
            Kind::Socketio => "socketio",
            Kind::Ws => "ws",
            Kind::Tinode => bail!(
                "--peer tinode: there is no Tinode server program. It is built from the Go module github.com/tinode/chat, which the Go module proxy does not \
                 serve (403 \"This module version is not available\"); see bench/README.md"
            ),
        };
        let all = self.peers.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/peers"));
        let folder = all.join(folder);
        if !folder.join("server.js").is_file() {
            bail!("there is no peer {}: say --peers DIR", folder.display());
        }
        if !folder.join("node_modules").is_dir() {
            bail!("the peer's packages are missing: run `npm ci` in {}", folder.display());
        }
        Ok(Some((kind, folder)))
    }
}

/// A running peer.
pub struct Peer {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    _folder: TempDir,
    postgres: Option<Postgres>,
    address: SocketAddr,
    /// The protocol that the peer speaks.
    pub dialect: Dialect,
    /// The peer's name and version.
    pub version: String,
    /// What an acknowledgement by the peer means.
    pub durability: String,
}

impl Peer {
    /// Starts a peer and prints on stderr what it is.
    pub async fn start(kind: Kind, program: &Path) -> anyhow::Result<Self> {
        let (dialect, postgres) = match kind {
            Kind::Socketio => (Dialect::SocketIo, Some(Postgres::start().await?)),
            Kind::Ws | Kind::Tinode => (Dialect::Plain, None),
        };
        let folder = tempfile::Builder::new().prefix("yingda-bench-peer-").tempdir()?;
        let log = folder.path().join("log");
        let mut command = Command::new("node");
        command.arg("server.js").current_dir(program).env("NODE_ENV", "production").kill_on_drop(true);
        if let Some(postgres) = &postgres {
            command.env("DATABASE_URL", postgres.url());
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let mut child = command.spawn().context("node does not start: it is needed for peers")?;
        let mut stdout = BufReader::new(child.stdout.take().context("the peer has no stdout")?);
        // The line is `name version address`.
        let mut line = String::new();
        let read = tokio::time::timeout(process::READY_WITHIN, stdout.read_line(&mut line)).await;
        let ready = match read {
            Ok(Ok(_)) => line.trim().rsplit_once(' ').and_then(|(what, address)| Some((what.to_owned(), address.parse().ok()?))),
            _ => None,
        };
        let Some((version, address)) = ready else {
            bail!("the peer did not get ready; it said {line:?}, and in its log:\n{}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        let durability = match &postgres {
            Some(own) => {
                format!("fsync: {}, fsync, full_page_writes and synchronous_commit on, one INSERT per message before its acknowledgement", own.version())
            }
            None => "none: nothing is stored".to_owned(),
        };
        eprintln!("peer: {version}, Node {}; durability: {durability}", procfs::version_of(Path::new("node")));
        Ok(Self { child, _stdout: stdout, _folder: folder, postgres, address, dialect, version, durability })
    }

    /// The peer's process id.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("the peer is not running")
    }
    /// The address that the peer listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
    /// The URL of the peer's database; `None` if it has none.
    pub fn database_url(&self) -> Option<String> {
        self.postgres.as_ref().map(Postgres::url)
    }
    /// Stops the peer, and its database if it has one.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        process::signal("-TERM", self.pid()?).await?;
        if tokio::time::timeout(STOP_WITHIN, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        match self.postgres.take() {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }
}

/// How sends are written and how answers are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The product's frames, as specified in docs/PROTOCOL.md.
    Yingda,
    /// Engine.IO 4 and Socket.IO 4 in text frames.
    SocketIo,
    /// Frames like ours, from a hub that stores nothing.
    Plain,
}

impl Dialect {
    /// Connects to a peer and enters a room.
    pub async fn enter(self, to: SocketAddr, from: Option<IpAddr>, room: &str) -> anyhow::Result<Socket> {
        match self {
            Self::Yingda => bail!("ours is not entered like a peer"),
            Self::Plain => {
                let mut socket = Socket::connect(to, from, "").await?;
                socket.queue(&format!(r#"{{"t":"join","conversation":"{room}"}}"#));
                expect(&mut socket, r#"{"t":"joined""#).await?;
                Ok(socket)
            }
            Self::SocketIo => {
                let mut socket = Socket::connect_at(to, from, "/socket.io/?EIO=4&transport=websocket", "").await?;
                expect(&mut socket, "0{").await?;
                socket.queue("40");
                expect(&mut socket, "40{").await?;
                socket.queue(&format!(r#"420["join","{room}"]"#));
                expect(&mut socket, "430[").await?;
                Ok(socket)
            }
        }
    }

    /// Adds the `number`th send of a side, in one line.
    pub fn write(self, out: &mut String, conversation: &str, number: usize, client_id: &str, text: &str) {
        use std::fmt::Write as _;
        let _ = match self {
            Self::SocketIo => {
                // 0 was the number of the join.
                let packet = number + 1;
                write!(out, r#"42{packet}["send",{{"conversation":"{conversation}","client_id":"{client_id}","text":"{text}"}}]"#)
            }
            Self::Yingda | Self::Plain => {
                write!(out, r#"{{"t":"send","conversation":"{conversation}","client_id":"{client_id}","body":{{"type":"text","text":"{text}"}}}}"#)
            }
        };
    }

    /// Whether one message may contain several sends, one per line.
    pub const fn takes_lines(self) -> bool {
        matches!(self, Self::Yingda)
    }

    /// Whether every reader sees numbers without gaps, so that a missing one can be requested.
    pub const fn has_cursors(self) -> bool {
        matches!(self, Self::Yingda)
    }

    /// The answer to a beat that requires one.
    pub fn is_beat(self, text: &str) -> Option<&'static str> {
        (self == Self::SocketIo && text == "2").then_some("3")
    }
}

/// Reads until a message begins like this.
async fn expect(socket: &mut Socket, start: &str) -> anyhow::Result<()> {
    loop {
        while let Some(message) = socket.next()? {
            match message {
                Message::Text(range) if socket.text(range.clone())?.starts_with(start) => return Ok(()),
                Message::Text(_) => {}
                Message::Closed => bail!("the peer closed a connection before it said {start:?}"),
            }
        }
        socket.flush().await?;
        socket.fill().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, number: usize) -> String {
        let mut out = String::new();
        dialect.write(&mut out, "room", number, "id", "words");
        out
    }

    #[test]
    fn a_send_is_a_packet_that_asks_for_an_acknowledgement() {
        assert_eq!(written(Dialect::SocketIo, 6), r#"427["send",{"conversation":"room","client_id":"id","text":"words"}]"#);
    }

    #[test]
    fn a_send_to_the_plain_hub_is_a_frame_like_ours() {
        assert_eq!(written(Dialect::Plain, 6), written(Dialect::Yingda, 6));
        let frame: serde_json::Value = serde_json::from_str(&written(Dialect::Yingda, 6)).unwrap();
        assert_eq!((&frame["t"], &frame["body"]["text"]), (&"send".into(), &"words".into()));
    }

    #[test]
    fn only_engine_io_beats_and_wants_an_answer() {
        assert_eq!([Dialect::SocketIo.is_beat("2"), Dialect::SocketIo.is_beat("42[]"), Dialect::Plain.is_beat("2")], [Some("3"), None, None]);
    }

    #[test]
    fn a_peer_that_cannot_run_is_refused_with_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |kind| Choice { peer: Some(kind), peers: Some(folder.path().to_owned()) }.check().unwrap_err().to_string();
        assert!(refused(Kind::Tinode).contains("github.com/tinode/chat"));
        assert!(refused(Kind::Ws).contains("--peers"));
        std::fs::create_dir(folder.path().join("ws")).unwrap();
        std::fs::write(folder.path().join("ws/server.js"), "").unwrap();
        assert!(refused(Kind::Ws).contains("npm ci"));
        assert!(Choice { peer: None, peers: None }.check().unwrap().is_none());
    }
}
