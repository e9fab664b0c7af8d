//! What an administrator does from a terminal: directly while no server runs, otherwise through the server's socket in the data folder.
//!
//! Each command is one JSON line, and so is its reply. Only the owner of the data folder may use the socket.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use db::Shard;
use domain::{
    id::{ApiTokenId, TenantId},
    mail_address::MailAddress,
    staff::Role,
};
use http_kit::{App, auth::link};
use insight::jobs::{rebuild, verify_days};
use realtime::jobs::follow_others;
use serde::{Deserialize, Serialize};
use team::staff::new_member::{self, NewMember};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
};
use uuid::Uuid;
use warehouse::{day::Checked, edition::State};

use super::{
    FirstLink, SetupError,
    tokens::{self, MadeToken, NewToken},
};

/// The socket's name in the data folder.
pub const SOCKET: &str = "admin.sock";
const MAX_LINE: u64 = 64 * 1024;

/// A command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Creates a one-time link for a member: the one with this address, or the first in this role.
    SignInLink {
        /// The member's role.
        role: Role,
        /// The member's email address; `None` means the first member in the role.
        email: Option<String>,
    },
    /// Adds a member and creates a link for them.
    AddStaff(NewMember),
    /// Makes a token for a program.
    CreateToken(NewToken),
    /// Revokes a token.
    RevokeToken {
        /// The company's short name; may be left out if there is only one.
        company: Option<String>,
        /// The id of the token, or the name of the only one with that name that is not revoked.
        token: String,
    },
    /// Reports that an older copy of the record was restored in a way the program cannot detect: clients request everything again, and everybody signs in
    /// again.
    NewGeneration,
    /// Asks which generation the record has.
    Generation,
    /// Asks where uploaded files are stored.
    Files,
    /// Begins to count the panel's numbers again, beside those that are shown.
    RebuildPanel,
    /// Asks which edition of the panel's numbers is shown, and how far the next one is.
    PanelState,
    /// Counts a day of a company a second time, and compares what is stored.
    CheckDay {
        /// The company, by its place among all companies; the first is 0.
        company: usize,
        /// How many days ago it was.
        back: i64,
    },
    /// Asks to sign a backup of this record with the sealing key, to which not everybody who makes backups has access.
    SignBackup {
        /// SHA-256 of the backup's manifest, 64 hex digits.
        digest: String,
    },
}

/// The result of a command, or why it failed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The link that was created.
    Link(FirstLink),
    /// The token that was made.
    Token(MadeToken),
    /// The id of the token that was revoked.
    Revoked(ApiTokenId),
    /// The generation of the record: a new one, or the one it has.
    Generation(Uuid),
    /// The absolute path of the folder of uploaded files.
    Files(PathBuf),
    /// The editions of the panel's numbers.
    Panel(State),
    /// A day that was to be checked; `None` if there is no such company.
    Checked(Option<Checked>),
    /// The signature of a backup.
    Signature(String),
    /// Why the command did nothing.
    Error(String),
}

/// Executes a command.
pub async fn run(app: &App, command: Command) -> Result<Reply, SetupError> {
    match command {
        Command::SignInLink { role, email } => sign_in_link(app, role, email).await.map(Reply::Link),
        Command::AddStaff(new) => add_staff(app, new).await.map(Reply::Link),
        Command::CreateToken(new) => tokens::create(app, new).await.map(Reply::Token),
        Command::RevokeToken { company, token } => tokens::revoke(app, company, token).await.map(Reply::Revoked),
        Command::NewGeneration => {
            let fresh = app.env().uuid();
            platform::retry::while_busy(|| store::entry_points::begin_generation(app.db(), fresh)).await?;
            follow_others::begin_anew(app).await?;
            Ok(Reply::Generation(fresh))
        }
        Command::Generation => Ok(Reply::Generation(app.cluster().generation())),
        Command::Files => {
            let files = app.settings().files.clone();
            Ok(Reply::Files(std::path::absolute(&files).unwrap_or(files)))
        }
        Command::RebuildPanel => Ok(Reply::Panel(rebuild::begin(app).await?)),
        Command::PanelState => Ok(Reply::Panel(rebuild::state(app).await?)),
        Command::CheckDay { company, back } => Ok(Reply::Checked(verify_days::check_nth(app, company, back).await?)),
        Command::SignBackup { digest } => Ok(Reply::Signature(app.sign_backup(&digest))),
    }
}

/// The first company in the record.
async fn company(app: &App) -> Result<TenantId, SetupError> {
    let tenants = store::entry_points::tenants(app.db()).await?;
    tenants.first().copied().ok_or_else(|| SetupError::Refused("there is no company yet; start the server once".to_owned()))
}

/// Creates a link for the member with this address, or for the first in the role.
pub async fn sign_in_link(app: &App, role: Role, email: Option<String>) -> Result<FirstLink, SetupError> {
    let (tenant, secret) = (company(app).await?, app.env().secret()?);
    let url = link::url(&app.settings().public_url, &secret);
    let wanted = email.map(|email| MailAddress::parse(&email).map_or_else(|| vec![email], |address| address.spellings()));
    let all = store::staff::list(&mut app.db().read().await.map_err(store::Error::from)?, tenant).await?;
    let fits = |member: &&store::staff::Member| member.role == role && wanted.as_ref().is_none_or(|spellings| spellings.contains(&member.email));
    let member = all.iter().find(fits).ok_or_else(|| SetupError::Refused(format!("there is no such member of staff with the role {}", role.as_str())))?;
    let (agent, name) = (member.id, member.name.clone());
    app.db().writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { link::insert(tx, tenant, agent, &secret).await })).await?;
    Ok(FirstLink { role, name, url })
}

async fn add_staff(app: &App, new: NewMember) -> Result<FirstLink, SetupError> {
    let (tenant, secret) = (company(app).await?, app.env().secret()?);
    let url = link::url(&app.settings().public_url, &secret);
    let member = new.checked().map_err(|error| SetupError::Refused(error.to_string()))?.prepare(app.env(), tenant);
    let (role, name) = (member.role, member.name.clone());
    let added = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            new_member::insert(tx, &member).await?;
            link::insert(tx, tenant, member.id, &secret).await
        })
    });
    added.await.map_err(|error| match error {
        store::Error::Taken => SetupError::Refused("somebody already has this address".to_owned()),
        other => other.into(),
    })?;
    Ok(FirstLink { role, name, url })
}

/// Opens the socket and answers commands on it for as long as the program runs.
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

/// Removes the socket when the program ends normally: a socket on which nothing answers shows that the program ended otherwise.
pub fn hang_up(data: &Path) -> std::io::Result<()> {
    std::fs::remove_file(data.join(SOCKET))
}

async fn answer(app: &App, stream: UnixStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(MAX_LINE)).read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(command) => match run(app, command).await {
            Ok(reply) => reply,
            Err(error) => Reply::Error(error.to_string()),
        },
        Err(error) => Reply::Error(error.to_string()),
    };
    let mut text = serde_json::to_string(&reply)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await
}

/// Sends a command to a running server.
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

/// A socket's path may have at most 107 bytes (unix(7)); through the folder's descriptor, any folder works.
fn short<T>(data: &Path, open: impl FnOnce(&Path) -> std::io::Result<T>) -> std::io::Result<T> {
    use std::os::fd::AsRawFd as _;
    let folder = std::fs::File::open(data)?;
    let path = format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd());
    open(Path::new(&path))
}
