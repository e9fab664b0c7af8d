//! What an administrator does from a terminal: directly while no server runs, otherwise through the server's socket in the data folder.
//!
//! Each command is one JSON line, and so is its reply. Only the owner of the data folder may use the socket.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use db::Shard;
use domain::{
    id::{AgentId, ApiTokenId, TenantId},
    mail_address::MailAddress,
    refusal::Code,
    staff::Role,
    time::Ts,
};
use http_kit::{
    App, addressing,
    audit::{
        self, Asked,
        verify::{self, Place, Verified},
    },
    auth::link,
    transfer::Progress,
};
use insight::jobs::{rebuild, verify_days};
use operator::{companies::limits::CompanyLimitsChange, link::OperatorLink};
use realtime::jobs::follow_others;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{
    TenantTx,
    entry_points::{At, NotedBackup},
    limits::Limits,
};
use team::{
    second_step::reset,
    staff::new_member::{self, NewMember},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
};
use uuid::Uuid;
use warehouse::{day::Checked, edition::State};

use super::{
    FirstLink, SetupError,
    companies::{self, AddCompany, AddedCompany},
    erase::{self, ErasedPerson},
    tokens::{self, MadeToken, NewToken},
    transfers::{self, NewTransfer},
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
        /// The company's short name; `None` means the one at the root.
        #[serde(default)]
        company: Option<String>,
    },
    /// Adds a member and creates a link for them.
    AddStaff {
        /// The member.
        new: NewMember,
        /// The company's short name; `None` means the one at the root.
        #[serde(default)]
        company: Option<String>,
    },
    /// Removes the second step of the member with this address, and signs them out everywhere.
    ResetSecondStep {
        /// The member's email address.
        email: String,
        /// The company's short name; `None` means the one at the root.
        #[serde(default)]
        company: Option<String>,
    },
    /// Adds a company.
    AddCompany(AddCompany),
    /// Suspends a company, or has it served again.
    SuspendCompany {
        /// The company's short name.
        slug: String,
        /// Whether it is suspended.
        is_suspended: bool,
    },
    /// Says what a company may use.
    LimitCompany {
        /// The company's short name.
        slug: String,
        /// The limits that change.
        limits: CompanyLimitsChange,
    },
    /// Creates a one-time link for the installation's operator.
    OperatorLink,
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
    /// Verifies a part of a company's audit: finds what was altered.
    VerifyAudit {
        /// The company, by its place among all companies; the first is 0.
        company: usize,
        /// The short name of the only company that is to be verified; others are passed over.
        only: Option<String>,
        /// How far it was verified before.
        from: Place,
    },
    /// Begins to export, import or erase a company.
    BeginTransfer(NewTransfer),
    /// Asks how that is going.
    TransferProgress,
    /// Erases a customer, a visitor, a conversation or a message, and ends when it is done.
    ErasePerson {
        /// The company's short name; may be left out if there is only one.
        company: Option<String>,
        /// What is erased: the id of a customer (`cst_…`), a visitor (`vst_…`) or a conversation (`cnv_…`).
        id: String,
        /// The number of the message in the conversation, if only that is erased.
        message: Option<i64>,
    },
    /// Asks to sign a backup of this record with the sealing key, to which not everybody who makes backups has access.
    SignBackup {
        /// SHA-256 of the backup's manifest, 64 hex digits.
        digest: String,
    },
    /// Note that a backup of this record was made, or failed.
    NoteBackup(MadeBackup),
}

/// The result of a command, or why it failed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The link that was created.
    Link(FirstLink),
    /// The member whose second step was removed.
    SecondStepReset(AgentId),
    /// The company that was added.
    AddedCompany(AddedCompany),
    /// The company that was changed.
    Company(TenantId),
    /// What a company may use.
    Limits(Limits),
    /// The link that was created for the operator.
    OperatorLink(OperatorLink),
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
    /// A part of a company's audit that was verified; `None` if there is no such company.
    AuditVerified(Option<VerifiedAudit>),
    /// How the export, import or erasing of a company is going; `None` if there was none since the start.
    Transfer(Option<Progress>),
    /// What was erased.
    Erased(ErasedPerson),
    /// The signature of a backup.
    Signature(String),
    /// What there was to note is noted.
    Noted,
    /// Why the command did nothing.
    Error(String),
}

/// A backup that was made or failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MadeBackup {
    /// When it was begun.
    pub begun_at: Ts,
    /// Its folder.
    pub place: PathBuf,
    /// How many bytes of the record and of files it has.
    pub bytes: u64,
    /// Whether it is sealed under a passphrase.
    pub is_sealed: bool,
    /// Why it failed; `None` if it did not.
    pub failure: Option<String>,
}

/// A part of a company's audit that was verified.
#[derive(Debug, Serialize, Deserialize)]
pub struct VerifiedAudit {
    /// The company's short name.
    pub company: String,
    /// What was found; `None` if the company was passed over.
    pub verified: Option<Verified>,
}

/// Executes a command. What it changes, and what it lets out of the record, is noted in the audit.
pub async fn run(app: &App, command: Command) -> Result<Reply, SetupError> {
    match command {
        Command::SignInLink { role, email, company } => sign_in_link(app, role, email, company.as_deref()).await.map(Reply::Link),
        Command::AddCompany(new) => companies::add(app, new).await.map(Reply::AddedCompany),
        Command::SuspendCompany { slug, is_suspended } => companies::set_suspended(app, &slug, is_suspended).await.map(Reply::Company),
        Command::LimitCompany { slug, limits } => companies::limit(app, &slug, limits).await.map(Reply::Limits),
        Command::OperatorLink => {
            note_everywhere(app, Asked::by_command("operator sign-in-link", Value::Null)).await?;
            Ok(Reply::OperatorLink(operator::link::make(app).await?))
        }
        Command::AddStaff { new, company } => add_staff(app, new, company.as_deref()).await.map(Reply::Link),
        Command::ResetSecondStep { email, company } => reset_second_step(app, email, company.as_deref()).await.map(Reply::SecondStepReset),
        Command::CreateToken(new) => tokens::create(app, new).await.map(Reply::Token),
        Command::RevokeToken { company, token } => tokens::revoke(app, company, token).await.map(Reply::Revoked),
        Command::NewGeneration => {
            let fresh = app.env().uuid();
            platform::retry::while_busy(|| store::entry_points::begin_generation(app.db(), fresh)).await?;
            follow_others::begin_anew(app).await?;
            note_everywhere(app, Asked::by_command("admin new-generation", Value::Null)).await?;
            Ok(Reply::Generation(fresh))
        }
        Command::Generation => Ok(Reply::Generation(app.cluster().generation())),
        Command::Files => {
            let files = app.settings().files.clone();
            Ok(Reply::Files(std::path::absolute(&files).unwrap_or(files)))
        }
        Command::RebuildPanel => {
            note_everywhere(app, Asked::by_command("warehouse rebuild", Value::Null)).await?;
            Ok(Reply::Panel(rebuild::begin(app).await?))
        }
        Command::PanelState => Ok(Reply::Panel(rebuild::state(app).await?)),
        Command::CheckDay { company, back } => Ok(Reply::Checked(verify_days::check_nth(app, company, back).await?)),
        Command::VerifyAudit { company, only, from } => Ok(Reply::AuditVerified(verify_audit(app, company, only.as_deref(), from).await?)),
        Command::BeginTransfer(new) => Box::pin(transfers::begin(app, new)).await.map(|progress| Reply::Transfer(Some(progress))),
        Command::TransferProgress => Ok(Reply::Transfer(app.in_memory().transfer.progress())),
        Command::ErasePerson { company, id, message } => erase::run(app, company, &id, message).await.map(Reply::Erased),
        Command::SignBackup { digest } => {
            note_everywhere(app, Asked::by_command("backup", json!({"sha256": digest}))).await?;
            Ok(Reply::Signature(app.sign_backup(&digest)))
        }
        Command::NoteBackup(made) => {
            note_backup(app, made).await?;
            Ok(Reply::Noted)
        }
    }
}

/// Notes that a backup was made or failed, for whoever operates the installation.
pub async fn note_backup(app: &App, made: MadeBackup) -> store::Result<()> {
    let MadeBackup { begun_at, place, bytes, is_sealed, failure } = made;
    let (place, bytes) = (place.display().to_string(), i64::try_from(bytes).unwrap_or(i64::MAX));
    store::entry_points::note_backup(app.db(), app.env().uuid(), NotedBackup { begun_at, ended_at: app.env().now(), place, bytes, is_sealed, failure }).await
}

/// Notes in the audit of each company what was done to the whole installation.
async fn note_everywhere(app: &App, asked: Asked) -> store::Result<()> {
    for tenant in store::entry_points::tenants(app.db()).await? {
        let (asked, sealer) = (asked.clone(), app.sealer());
        let noted = app.db().writer().write_patiently(Shard::Any, move |tx| {
            Box::pin(async move { asked.note(&mut TenantTx::new(tx, tenant, audit::at_terminal()), &sealer, b"").await })
        });
        noted.await?;
    }
    Ok(())
}

async fn verify_audit(app: &App, nth: usize, only: Option<&str>, from: Place) -> store::Result<Option<VerifiedAudit>> {
    let Some(tenant) = store::entry_points::tenants(app.db()).await?.get(nth).copied() else { return Ok(None) };
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.slug;
    let is_meant = only.is_none_or(|only| only == company);
    let verified = if is_meant { Some(verify::step(app, tenant, &company, from).await?) } else { None };
    Ok(Some(VerifiedAudit { company, verified }))
}

/// The company with this short name; without one, the one at the root.
async fn company(app: &App, slug: Option<&str>) -> Result<TenantId, SetupError> {
    match slug {
        Some(slug) => companies::find(app, slug).await,
        None => {
            let root = store::entry_points::company_at(app.db(), At::Root).await?;
            root.map(|root| root.tenant).ok_or_else(|| SetupError::Refused("there is no company yet; start the server once".to_owned()))
        }
    }
}

/// Creates a link for the member with this address, or for the first in the role.
pub async fn sign_in_link(app: &App, role: Role, email: Option<String>, slug: Option<&str>) -> Result<FirstLink, SetupError> {
    let (tenant, secret) = (company(app, slug).await?, app.env().secret()?);
    let url = link::url(addressing::of(app, tenant).await?.base(), &secret);
    let asked = Asked::by_command("admin sign-in-link", json!({"role": role, "email": email}));
    let wanted = email.map(|email| MailAddress::parse(&email).map_or_else(|| vec![email], |address| address.spellings()));
    let all = store::staff::list(&mut app.db().read_of(tenant).await.map_err(store::Error::from)?, tenant).await?;
    // A removed member has no address any more.
    let fits = |member: &&store::staff::Member| {
        member.role == role && !member.email.is_empty() && wanted.as_ref().is_none_or(|spellings| spellings.contains(&member.email))
    };
    let member = all.iter().find(fits).ok_or_else(|| SetupError::Refused(format!("there is no such member of staff with the role {}", role.text())))?;
    let (agent, name, sealer) = (member.id, member.name.clone(), app.sealer());
    let asked = asked.making(&agent);
    let made = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            let mut tx = TenantTx::new(tx, tenant, audit::at_terminal());
            link::insert_way_back(&mut tx, tenant, agent, &secret).await?;
            asked.note(&mut tx, &sealer, b"").await
        })
    });
    made.await?;
    Ok(FirstLink { role, name, url })
}

async fn reset_second_step(app: &App, email: String, slug: Option<&str>) -> Result<AgentId, SetupError> {
    let tenant = company(app, slug).await?;
    let asked = Asked::by_command("admin reset-second-step", json!({"email": email}));
    let address = domain::staff::email(&email).map_err(|error| SetupError::Refused(error.to_string()))?;
    let holder = store::staff::holder_of(&mut app.db().read_of(tenant).await.map_err(store::Error::from)?, tenant, &address).await?;
    let agent = holder.ok_or_else(|| SetupError::Refused("there is no member of staff with this address".to_owned()))?;
    let (asked, sealer) = (asked.making(&agent), app.sealer());
    let done = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            let mut tx = TenantTx::new(tx, tenant, audit::at_terminal());
            tx.lock_company().await?;
            reset::forget(&mut tx, agent).await?;
            asked.note(&mut tx, &sealer, b"").await
        })
    });
    done.await?;
    Ok(agent)
}

async fn add_staff(app: &App, new: NewMember, slug: Option<&str>) -> Result<FirstLink, SetupError> {
    let (tenant, secret) = (company(app, slug).await?, app.env().secret()?);
    let url = link::url(addressing::of(app, tenant).await?.base(), &secret);
    let asked = Asked::by_command("admin add-staff", json!(new));
    let member = new.checked().map_err(|error| SetupError::Refused(error.to_string()))?.prepare(app.env(), tenant);
    let (role, name, sealer, asked) = (member.role, member.name.clone(), app.sealer(), asked.making(&member.id));
    let added = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            let mut tx = TenantTx::new(tx, tenant, audit::at_terminal());
            tx.lock_company().await?;
            store::limits::require_seat(&mut tx, tenant).await?;
            new_member::insert(&mut tx, &member).await?;
            link::insert(&mut tx, tenant, member.id, &secret).await?;
            asked.note(&mut tx, &sealer, b"").await
        })
    });
    added.await.map_err(|error| match error {
        store::Error::Taken => SetupError::Refused("somebody already has this address".to_owned()),
        store::Error::Refused(refusal) if refusal.code == Code::SeatLimitReached => {
            SetupError::Refused("the company has as many members as it may: allow more with `yingda company limit`, or disable one".to_owned())
        }
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
