//! What an administrator does from a terminal: directly while no server runs, else through the server's socket in the data folder.
//!
//! One JSON line asks, one answers. The socket may be used by the owner of the data folder only.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
};

use super::{
    FirstLink, SetupError,
    members::{self, NewMember},
};
use crate::{App, auth::link};
use domain::{line, staff::Role};

/// The socket's name in the data folder.
pub const SOCKET: &str = "admin.sock";
const MAX_LINE: u64 = 64 * 1024;

/// A command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Makes a one-time link for a member: the one with this address, or the first in this role.
    SignInLink {
        /// The role.
        role: Role,
        /// The address.
        email: Option<String>,
    },
    /// Adds a member and makes a link for them.
    AddStaff(NewMember),
}

/// What a command came to: a link, or why not.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The link it made.
    Link(FirstLink),
    /// Why it did nothing.
    Error(String),
}

/// Carries a command out.
pub async fn run(app: &App, command: Command) -> Result<FirstLink, SetupError> {
    let tenants = store::entry_points::tenants(app.db()).await?;
    let tenant = *tenants.first().ok_or_else(|| SetupError::Refused("there is no company yet: start the server once".to_owned()))?;
    let secret = app.env().secret()?;
    let url = link::url(&app.settings().public_url, &secret);
    match command {
        Command::SignInLink { role, email } => {
            let email = email.map(|email| line::address(&email));
            let all = store::staff::list(&mut app.db().read().await.map_err(store::Error::from)?, tenant).await?;
            let fits = |member: &&store::staff::Member| member.role == role && email.as_ref().is_none_or(|email| *email == member.email);
            let member = all.iter().find(fits).ok_or_else(|| SetupError::Refused(format!("no such member of the staff in the role {}", role.as_str())))?;
            let (agent, name) = (member.id, member.name.clone());
            app.db().writer().write(db::Shard::Any, move |tx| Box::pin(async move { link::insert(tx, tenant, agent, &secret).await })).await?;
            Ok(FirstLink { role, name, url })
        }
        Command::AddStaff(new) => {
            let member = new.checked().map_err(|error| SetupError::Refused(error.to_string()))?.prepare(app.env(), tenant);
            let (role, name) = (member.role, member.name.clone());
            let added = app.db().writer().write(db::Shard::Any, move |tx| {
                Box::pin(async move {
                    members::insert(tx, &member).await?;
                    link::insert(tx, tenant, member.id, &secret).await
                })
            });
            added.await.map_err(|error| match error {
                store::Error::Conflict => SetupError::Refused("the address belongs to somebody already".to_owned()),
                other => other.into(),
            })?;
            Ok(FirstLink { role, name, url })
        }
    }
}

/// Opens the socket and answers on it for as long as the program runs.
pub async fn listen(app: App, data: &Path) -> std::io::Result<()> {
    let path = data.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = short(data, |path| UnixListener::bind(path))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(&app, stream).await {
                    tracing::warn!(error = %error, "a terminal's command was not answered");
                }
            });
        }
    });
    Ok(())
}

async fn answer(app: &App, stream: UnixStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(MAX_LINE)).read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(command) => match run(app, command).await {
            Ok(link) => Reply::Link(link),
            Err(error) => Reply::Error(error.to_string()),
        },
        Err(error) => Reply::Error(error.to_string()),
    };
    let mut text = serde_json::to_string(&reply)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await
}

/// Asks a running server.
pub async fn ask(data: &Path, command: &Command) -> std::io::Result<Reply> {
    let stream = match short(data, |path| std::os::unix::net::UnixStream::connect(path)) {
        Ok(stream) => stream,
        Err(error) => return Err(error),
    };
    stream.set_nonblocking(true)?;
    let (read, mut write) = UnixStream::from_std(stream)?.into_split();
    let mut line = serde_json::to_string(command)?;
    line.push('\n');
    write.write_all(line.as_bytes()).await?;
    let mut reply = String::new();
    BufReader::new(read.take(MAX_LINE)).read_line(&mut reply).await?;
    Ok(serde_json::from_str(&reply)?)
}

/// A socket's path has at most 107 bytes (unix(7)); through the folder's descriptor any folder will do.
fn short<T>(data: &Path, open: impl FnOnce(&Path) -> std::io::Result<T>) -> std::io::Result<T> {
    use std::os::fd::AsRawFd as _;
    let folder = std::fs::File::open(data)?;
    let path = format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd());
    open(Path::new(&path))
}
