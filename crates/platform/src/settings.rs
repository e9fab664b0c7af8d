//! The program's settings.

use std::{path::PathBuf, time::Duration};

use letters::mail::Server;

use crate::seal_key::SealKeyFrom;

/// How the program is configured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the record (on SQLite), what is derived from it, and uploads.
    pub data: PathBuf,
    /// Where uploaded files are stored; the nodes of a cluster share it.
    pub files: PathBuf,
    /// Where to find the key that the record is sealed with.
    pub seal_key: SealKeyFrom,
    /// The URL of the PostgreSQL database, if the record is stored there.
    pub database_url: Option<String>,
    /// The URL of Redis, which carries hints between nodes that share one PostgreSQL database.
    pub redis_url: Option<String>,
    /// How long a stop may take.
    pub drain: Duration,
    /// How long a closure may occupy the writer while the server serves: `serve::CLOSURE_LIMIT` of the server, or longer only where tests crowd the machine.
    pub closure_limit: Duration,
    /// The address at which browsers reach the server, without a trailing slash, e.g. `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Whether anybody may open a company at the root of this address.
    pub open_companies: bool,
    /// Whether our own reverse proxy stands in front and names the client in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// How many files this process may have open: each connection takes one.
    pub open_files: u64,
    /// How many messages one person may send per second, over all connections to this node.
    pub sends_per_second: f64,
    /// How many messages one person may send at once.
    pub sends_burst: f64,
    /// How many connections one visitor, or one staff session, may have at the same time.
    pub connections: usize,
    /// The most bytes of uploaded files that one company may keep.
    pub files_bytes: i64,
    /// Whether outgoing requests may go to private networks.
    pub allow_private: bool,
    /// How mail is sent.
    pub mail: MailRoute,
    /// The model of sentence embeddings, if the bots use one.
    pub embedding: Option<Embedding>,
    /// How text messages are sent.
    pub sms: SmsRoute,
    /// Where text messages may be sent, and how many.
    pub texts: TextLimits,
}

/// A model of sentence embeddings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedding {
    /// Where it is.
    pub model: EmbeddingModel,
    /// How long a customer's question may wait for its vector.
    pub deadline: Duration,
    /// The most texts of one request.
    pub batch: usize,
}

/// Where a model of sentence embeddings is.
#[derive(Clone, PartialEq, Eq)]
pub enum EmbeddingModel {
    /// At an endpoint as OpenAI defined it.
    Endpoint {
        /// The address to which `/embeddings` is added.
        url: String,
        /// The name of the model.
        name: String,
        /// Sent as `Authorization: Bearer`, if the endpoint requires it.
        key: Option<String>,
    },
    /// In a folder.
    Folder(PathBuf),
}

impl std::fmt::Debug for EmbeddingModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Endpoint { url, name, key } => f.debug_struct("Endpoint").field("url", url).field("name", name).field("has_key", &key.is_some()).finish(),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
        }
    }
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Written to files in the data folder's `outbox`.
    File,
    /// Printed on the console.
    Console,
    /// Sent by a mail server.
    Smtp(Server),
}

/// How text messages are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsRoute {
    /// Written to files in the data folder's `outbox`.
    File,
    /// Printed on the console.
    Console,
    /// Sent by a gateway.
    Gateway {
        /// The URL at which the gateway accepts messages.
        url: String,
        /// The body it accepts: JSON with `{to}` and `{text}`.
        template: String,
        /// Sent as `Authorization`, if the gateway requires it.
        authorization: Option<String>,
    },
}

/// Where text messages may be sent, and how many a company may send per day (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLimits {
    /// The prefixes a number may begin with: `+` and a country code, or a longer prefix.
    pub countries: Vec<String>,
    /// The daily limit of a company.
    pub daily: i64,
    /// The daily limit for each of the `countries`.
    pub daily_per_country: i64,
    /// The daily limit for numbers that differ only in their last four digits.
    pub daily_per_range: i64,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self { countries: vec!["+86".to_owned()], daily: 5_000, daily_per_country: 5_000, daily_per_range: 100 }
    }
}
