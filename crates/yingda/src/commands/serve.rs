//! `yingda serve`

use std::{
    io::{IsTerminal as _, Write as _},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use letters::mail::Server;
use platform::{
    env::SystemClock,
    seal_key::{SEAL_KEY_FILE, SealKey, SealKeyFrom},
    settings::{self, EmbeddingModel, MailRoute, Settings, SmsRoute, TextLimits},
};
use serde::Serialize;
use server::{serve::CLOSURE_LIMIT, setup, start};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

use super::data;
use crate::{
    backup::schedule::Schedule,
    config::{Config, Embedding, Mail, Secret, Sms},
    process,
};

/// Flags of `serve`; they override the environment, which overrides the file.
#[derive(Args, Serialize)]
pub struct Serve {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// The address and port to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDR:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// The file of the sealing key.
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    seal_key_file: Option<PathBuf>,
    /// The URL of PostgreSQL, used instead of the embedded SQLite.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// The URL of Redis, through which nodes on one PostgreSQL notify each other.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    redis_url: Option<String>,
    /// The folder for uploaded files; the nodes of a cluster share it.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<PathBuf>,
    /// The address at which browsers reach the server.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    /// Fill an empty data folder with the demo operator.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    #[command(flatten)]
    #[serde(skip_serializing_if = "LimitFlags::is_empty")]
    limits: LimitFlags,
}

#[derive(Args, Serialize)]
struct LimitFlags {
    /// Sends per second and person.
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    sends_per_second: Option<f64>,
    /// Sends at once per person.
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    sends_burst: Option<f64>,
    /// Simultaneous connections of one visitor, or of one staff session.
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<usize>,
}

impl LimitFlags {
    const fn is_empty(&self) -> bool {
        self.sends_per_second.is_none() && self.sends_burst.is_none() && self.connections.is_none()
    }
}

impl Serve {
    /// Serves until SIGTERM or SIGINT.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = Config::read(self.config.as_deref(), &self)?;
        log_to_stderr(&config.log)?;
        check(&config)?;
        let outside = super::kafka::outside(&config.analytics)?;
        data::create(&config.data)?;
        let Some(_lock) = data::lock(&config.data)? else {
            bail!("another yingda uses the data folder {}", config.data.display());
        };
        let stop = stop_signal()?;
        let listener = listen(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr()?;
        let settings = settings(&config, address)?;
        let backups = Schedule::of(&config.backup, settings.seal_key.clone())?;
        data::close(&settings.files);
        let opened = start::open(settings, outside, Arc::new(SystemClock::default())).await?;
        let links = setup::first_start(opened.app(), config.demo).await?;
        let app = opened.run_jobs();
        setup::admin::listen(app.clone(), &config.data).await?;
        data::tell_first_links(&config.data, &links)?;
        if let Some(backups) = backups {
            backups.start(&app);
        }
        tracing::info!(version = env!("CARGO_PKG_VERSION"), engine = app.db().engine(), data = %config.data.display(), "serving");
        let mut stdout = std::io::stdout();
        writeln!(stdout, "ready http://{address}")?;
        stdout.flush()?;
        server::serve::serve(app, listener, stop).await?;
        if let Err(error) = setup::admin::hang_up(&config.data) {
            tracing::warn!(error = %error, "the socket for commands could not be removed");
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Rejects settings that do not fit together.
fn check(config: &Config) -> anyhow::Result<()> {
    if config.redis_url.is_some() && config.database_url.is_none() {
        bail!("`redis_url` is for several nodes on one PostgreSQL: set `database_url` too, or leave `redis_url` out");
    }
    Ok(())
}

/// The maximum number of connections waiting to be accepted; the kernel uses the lesser
/// of this and `net.core.somaxconn`. After a restart, all clients reconnect at once.
const BACKLOG: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A start right after a stop finds connections of the previous process still closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The part of the configuration that the server needs.
pub fn settings(config: &Config, address: SocketAddr) -> anyhow::Result<Settings> {
    let reachable = if address.ip().is_unspecified() { format!("http://127.0.0.1:{}", address.port()) } else { format!("http://{address}") };
    Ok(Settings {
        data: config.data.clone(),
        seal_key: seal_key(config)?,
        files: config.files.clone().unwrap_or_else(|| config.data.join("files")),
        redis_url: config.redis_url.as_ref().map(|url| url.reveal().to_owned()),
        drain: Duration::from_secs(config.drain_seconds),
        closure_limit: CLOSURE_LIMIT,
        database_url: config.database_url.as_ref().map(|url| url.reveal().to_owned()),
        public_url: config.public_url.as_ref().map_or(reachable, |url| url.trim_end_matches('/').to_owned()),
        open_companies: config.open_companies.unwrap_or(config.demo),
        behind_proxy: config.behind_proxy,
        open_files: process::raise_open_files(),
        sends_per_second: config.limits.sends_per_second,
        sends_burst: config.limits.sends_burst,
        connections: config.limits.connections,
        files_bytes: i64::try_from(config.limits.files_mb.saturating_mul(1024 * 1024)).unwrap_or(i64::MAX),
        allow_private: config.egress.allow_private,
        embedding: embedding(&config.embedding)?,
        mail: mail(&config.mail)?,
        sms: sms(&config.sms)?,
        texts: texts(&config.sms)?,
    })
}

/// Where the sealing key is found.
pub fn seal_key(config: &Config) -> anyhow::Result<SealKeyFrom> {
    match (&config.seal_key, &config.seal_key_file) {
        (Some(_), Some(file)) => {
            bail!("the sealing key was given twice: as YINGDA_SEAL_KEY, and by `seal_key_file` ({}). Leave one of them out", file.display())
        }
        (Some(key), None) => Ok(SealKeyFrom::Given(SealKey::parse(key.reveal(), "YINGDA_SEAL_KEY")?)),
        (None, file) => Ok(SealKeyFrom::File(file.clone().unwrap_or_else(|| config.data.join(SEAL_KEY_FILE)))),
    }
}

fn mail(mail: &Mail) -> anyhow::Result<MailRoute> {
    Ok(match mail.transport.as_str() {
        "file" => MailRoute::File,
        "console" => MailRoute::Console,
        "smtp" if mail.host.is_empty() || mail.from.is_empty() => bail!("[mail] `transport = \"smtp\"` needs `host` and `from`"),
        "smtp" => MailRoute::Smtp(Server {
            host: mail.host.clone(),
            port: mail.port,
            encryption: mail.encryption,
            credentials: mail.user.clone().map(|user| (user, mail.password.as_ref().map_or_else(String::new, |password| password.reveal().to_owned()))),
            from: mail.from.clone(),
        }),
        other => bail!("[mail] `transport` is \"file\", \"console\" or \"smtp\", not {other:?}"),
    })
}

fn embedding(embedding: &Embedding) -> anyhow::Result<Option<settings::Embedding>> {
    let Embedding { url, model, key_file, key, folder, deadline_ms, batch } = embedding;
    let model = match (url.as_str(), folder) {
        ("", None) => return Ok(None),
        ("", Some(folder)) => EmbeddingModel::Folder(folder.clone()),
        (_, Some(_)) => bail!("[embedding] takes `url` or `folder`, not both"),
        _ if model.trim().is_empty() => bail!("[embedding] `url` needs `model`, the name of the model there"),
        (url, None) => EmbeddingModel::Endpoint { url: url.to_owned(), name: model.trim().to_owned(), key: embedding_key(key_file.as_deref(), key.as_ref())? },
    };
    if !(10..=5_000).contains(deadline_ms) {
        bail!("[embedding] `deadline_ms` must be from 10 to 5000, not {deadline_ms}");
    }
    if !(1..=512).contains(batch) {
        bail!("[embedding] `batch` must be from 1 to 512, not {batch}");
    }
    Ok(Some(settings::Embedding { model, deadline: Duration::from_millis(*deadline_ms), batch: *batch }))
}

fn embedding_key(file: Option<&Path>, key: Option<&Secret>) -> anyhow::Result<Option<String>> {
    match (file, key) {
        (Some(file), Some(_)) => {
            bail!("the key for embeddings was given twice: as YINGDA_EMBEDDING__KEY, and by `key_file` ({}). Leave one of them out", file.display())
        }
        (None, key) => Ok(key.map(|key| key.reveal().to_owned())),
        (Some(file), None) => {
            let named = || format!("[embedding] `key_file` ({})", file.display());
            let mode = std::fs::metadata(file).with_context(named)?.permissions().mode();
            if mode & 0o077 != 0 {
                bail!("{} can be read by others: chmod 600", named());
            }
            Ok(Some(std::fs::read_to_string(file).with_context(named)?.trim().to_owned()))
        }
    }
}

fn sms(sms: &Sms) -> anyhow::Result<SmsRoute> {
    Ok(match sms.transport.as_str() {
        "file" => SmsRoute::File,
        "console" => SmsRoute::Console,
        "http" if sms.url.is_empty() => bail!("[sms] `transport = \"http\"` needs `url`"),
        "http" => SmsRoute::Gateway {
            url: sms.url.clone(),
            template: sms.template.clone(),
            authorization: sms.authorization.as_ref().map(|value| value.reveal().to_owned()),
        },
        other => bail!("[sms] `transport` is \"file\", \"console\" or \"http\", not {other:?}"),
    })
}

fn texts(sms: &Sms) -> anyhow::Result<TextLimits> {
    let is_prefix =
        |country: &str| country.strip_prefix('+').is_some_and(|digits| (1..=14).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
    if let Some(other) = sms.countries.iter().find(|country| !is_prefix(country)) {
        bail!("[sms] `countries` holds prefixes of numbers like \"+86\", not {other:?}");
    }
    let Sms { countries, daily, daily_per_country, daily_per_range, .. } = sms.clone();
    Ok(TextLimits { countries, daily, daily_per_country, daily_per_range })
}

fn log_to_stderr(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("`log = {filter:?}` is no filter"))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    Ok(())
}

fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}
