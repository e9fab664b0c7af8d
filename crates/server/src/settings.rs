//! How the server is set up.

use std::{path::PathBuf, time::Duration};

use channels::mail::Server;

use crate::seal_key::SealKeyFrom;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the record (on SQLite), what is derived from it, uploads.
    pub data: PathBuf,
    /// Where uploaded files lie; nodes of a cluster share it.
    pub files: PathBuf,
    /// Where the key is by which the record is sealed.
    pub seal_key: SealKeyFrom,
    /// PostgreSQL, if the record lives there.
    pub database_url: Option<String>,
    /// Redis, which carries hints between nodes on one PostgreSQL.
    pub redis_url: Option<String>,
    /// How long a stop may take.
    pub drain: Duration,
    /// How long a closure may keep the writer from others while the server answers: [`crate::serve::CLOSURE_LIMIT`], and longer only where tests crowd the machine.
    pub closure_limit: Duration,
    /// The address at which browsers reach the server, without a slash at the end, e.g. `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Whether a reverse proxy of ours stands in front and names the client in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Files this process may have open: each connection takes one.
    pub open_files: u64,
    /// Sends per second and person, over all their connections to this node.
    pub sends_per_second: f64,
    /// See `sends_per_second`.
    pub sends_burst: f64,
    /// Connections of one visitor, or of one session of the staff, at the same time.
    pub connections: usize,
    /// Bytes of uploaded files that one company keeps at most.
    pub files_bytes: i64,
    /// Whether requests of ours may go into private networks.
    pub allow_private: bool,
    /// How mail goes out.
    pub mail: MailRoute,
    /// How text messages go out.
    pub sms: SmsRoute,
    /// To whom text messages go, and how many.
    pub texts: TextLimits,
}

/// How mail goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Into files of the data folder's `outbox`.
    File,
    /// Onto the console.
    Console,
    /// To a server.
    Smtp(Server),
}

/// How text messages go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsRoute {
    /// Into files of the data folder's `outbox`.
    File,
    /// Onto the console.
    Console,
    /// To a gateway.
    Gateway {
        /// Where it takes messages.
        url: String,
        /// What it takes: JSON with `{to}` and `{text}`.
        template: String,
        /// Sent as `Authorization`, if it wants that.
        authorization: Option<String>,
    },
}

/// To whom text messages go, and how many a company sends on a day (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLimits {
    /// What a number must begin with: `+` and a country's code, or more of it.
    pub countries: Vec<String>,
    /// All of a company.
    pub daily: i64,
    /// Those to one of the `countries`.
    pub daily_per_country: i64,
    /// Those to numbers that differ in the last four digits only.
    pub daily_per_range: i64,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self { countries: vec!["+86".to_owned()], daily: 5_000, daily_per_country: 5_000, daily_per_range: 100 }
    }
}
