//! The configuration: one tree in which unknown fields are rejected. Defaults are overridden by the file, the file by `YINGDA_…` variables, and those by flags.

use std::{fmt, net::SocketAddr, path::Path, path::PathBuf};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use letters::mail::Encryption;
use platform::settings::TextLimits;
use serde::{Deserialize, Serialize};

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// Declares a section, with the meaning and default of each field; also generates `config.example.toml`.
macro_rules! section {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $field:ident : $type:ty = $default:expr;)* }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[doc = $doc])+ pub $field: $type),* }
        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default),* }
            }
        }
        impl $name {
            #[cfg(test)]
            fn example() -> String {
                let mut text = String::new();
                let values = serde_json::to_value(Self::default()).unwrap_or_default();
                $(
                    let value = &values[stringify!($field)];
                    if !value.is_object() {
                        text.push('\n');
                        $(text.push_str(&format!("#{}\n", $doc));)+
                        text.push_str(&if value.is_null() { format!("# {} =\n", stringify!($field)) } else { format!("# {} = {value}\n", stringify!($field)) });
                    }
                )*
                text
            }
        }
    };
}

section! {
    /// Everything that can be set.
    Config {
        /// The data folder: the record (on SQLite), data derived from it, and uploads. Each node of a cluster has its own.
        data: PathBuf = PathBuf::from("data");
        /// Where to listen; port 0 takes a free one.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
        /// The address at which browsers reach the server, e.g. "https://chat.example.com". Default: the address in `listen`.
        public_url: Option<String> = None;
        /// Whether anybody may open a company on the page /console/open. Default: only in a demo.
        open_companies: Option<bool> = None;
        /// Whether the server is behind your reverse proxy. The proxy must set X-Forwarded-For and pass Host on.
        behind_proxy: bool = false;
        /// The file of the sealing key, which seals customers' names and addresses in the record. Default: `seal.key` in the data folder, created at the first start. On PostgreSQL it is not created, and all nodes need the same key: `yingda admin new-seal-key FILE`. Keep a copy apart from the backups.
        seal_key_file: Option<PathBuf> = None;
        /// The sealing key itself instead of a file; better given as YINGDA_SEAL_KEY.
        seal_key: Option<Secret> = None;
        /// "postgres://user:password@host/database" instead of the embedded SQLite.
        database_url: Option<Secret> = None;
        /// "redis://host:6379": several nodes on one PostgreSQL notify each other through Redis. Without it they poll the database ten times a second.
        redis_url: Option<Secret> = None;
        /// The folder for uploaded files. Default: `files` in the data folder. Nodes of a cluster need a folder that all of them can write to.
        files: Option<PathBuf> = None;
        /// Fill an empty data folder with the demo operator.
        demo: bool = false;
        /// What to log, in the syntax of tracing's EnvFilter.
        log: String = "info".to_owned();
        /// Seconds a stop may take. Connections are sent away, and work in progress is finished.
        drain_seconds: u64 = 10;
        /// How much one person, one connection and one company may do.
        limits: Limits = Limits::default();
        /// Where requests of the server itself may go.
        egress: Egress = Egress::default();
        /// Who computes the numbers of the panels.
        analytics: Analytics = Analytics::default();
        /// How mail goes out.
        mail: Mail = Mail::default();
        /// How text messages go out.
        sms: Sms = Sms::default();
        /// Sentence embeddings for the bot.
        embedding: Embedding = Embedding::default();
        /// Backups that the server makes by itself.
        backup: Backup = Backup::default();
    }
}

section! {
    /// How mail to customers goes out: codes, links, notices.
    Mail {
        /// "file": to files in the folder `outbox` in the data folder; "console": to the console; "smtp": to the server below.
        transport: String = "file".to_owned();
        /// The mail server, e.g. "smtp.example.com".
        host: String = String::new();
        /// Its port: usually 465 with "tls", 587 with "starttls".
        port: u16 = 465;
        /// How the connection is encrypted: "tls", "starttls", or "none" for a server on this machine.
        encryption: Encryption = Encryption::Tls;
        /// The user name for the mail server. Without it: no authentication.
        user: Option<String> = None;
        /// The password for the mail server; better given as YINGDA_MAIL__PASSWORD.
        password: Option<Secret> = None;
        /// The sender of mail, e.g. "Linkong Telecom <service@example.com>".
        from: String = String::new();
    }
}

section! {
    /// How text messages to customers go out: codes, notices.
    Sms {
        /// "file": to files in the folder `outbox` in the data folder; "console": to the console; "http": to the gateway below.
        transport: String = "file".to_owned();
        /// The address at which the gateway accepts messages by POST, e.g. "https://sms.example.com/send". A private address needs `egress.allow_private`.
        url: String = String::new();
        /// The JSON that the gateway accepts, with {to} for the number (+ and digits) and {text} for the message.
        template: String = r#"{"to":"{to}","text":"{text}"}"#.to_owned();
        /// The value of the Authorization header; better given as YINGDA_SMS__AUTHORIZATION.
        authorization: Option<Secret> = None;
        /// The prefixes of numbers that messages may be sent to: + and a country code, or a longer prefix.
        countries: Vec<String> = TextLimits::default().countries;
        /// The maximum number of messages a company sends in a day (UTC).
        daily: i64 = TextLimits::default().daily;
        /// The maximum number of them to one of the `countries`.
        daily_per_country: i64 = TextLimits::default().daily_per_country;
        /// The maximum number of them to numbers that differ only in the last four digits.
        daily_per_range: i64 = TextLimits::default().daily_per_range;
    }
}

section! {
    /// Who computes the numbers of the panels.
    Analytics {
        /// "embedded": this program; "kafka": Flink, behind the Kafka below, for which the program has to be built with the feature `kafka`.
        engine: String = "embedded".to_owned();
        /// The brokers of Kafka, as "host:port" with commas between them.
        brokers: String = "127.0.0.1:9092".to_owned();
        /// What the names of all topics begin with: letters, digits, dots, hyphens and underscores.
        prefix: String = "yingda".to_owned();
    }
}

section! {
    /// Sentence embeddings: one more way in which the bot compares questions with the knowledge. Off unless `url` or `folder` is set.
    Embedding {
        /// The address of an OpenAI-compatible service, to which `/embeddings` is added, e.g. "https://api.example.com/v1". Texts are sent there with telephone numbers, other long numbers and e-mail addresses masked. A private address needs `egress.allow_private`.
        url: String = String::new();
        /// The name of the model at that address. Vectors are stored under it: a different model needs a different name.
        model: String = String::new();
        /// The file of the key for that address; only its owner may be able to read it.
        key_file: Option<PathBuf> = None;
        /// The key itself instead of a file; better given as YINGDA_EMBEDDING__KEY.
        key: Option<Secret> = None;
        /// A folder with a model instead of an address: a sentence encoder of the BERT family as `config.json`, `tokenizer.json` and `model.safetensors`. Needs a program built with the feature `embed`.
        folder: Option<PathBuf> = None;
        /// How long a customer's question may wait for its vector, in milliseconds; then the bot answers without it.
        deadline_ms: u64 = 300;
        /// The most texts of one request when the knowledge is published.
        batch: usize = 64;
    }
}

section! {
    /// Backups that the server makes by itself.
    Backup {
        /// The folder in which the server makes backups, best on another disk or mounted from another machine. Default: it makes none by itself.
        to: Option<PathBuf> = None;
        /// How many hours after the last backup was begun the next one is.
        every_hours: u64 = 24;
        /// How many backups to keep there. Older ones are deleted after each one that succeeded.
        keep: usize = 14;
        /// The file whose first line is the passphrase, of at least 12 characters, under which backups are sealed, by the server and by `yingda backup`; only its owner may be able to read it. Keep a copy apart from the backups and from this machine.
        passphrase_file: Option<PathBuf> = None;
    }
}

section! {
    /// Where requests of the server itself may go.
    Egress {
        /// Whether webhooks may be sent to private networks, and over http: for intranets and tests. A company's administrators could then reach everything this server can reach.
        allow_private: bool = false;
    }
}

section! {
    /// How much one person, one connection and one company may do.
    Limits {
        /// Sends per second and person, over all their connections to a node.
        sends_per_second: f64 = 10.0;
        /// Sends at once per person.
        sends_burst: f64 = 30.0;
        /// Simultaneous connections of one visitor, or of one staff session.
        connections: usize = 20;
        /// The maximum size of one company's files in megabytes; further uploads are refused.
        files_mb: u64 = 20480;
    }
}

impl Config {
    /// Reads the configuration; `flags` holds the values from the command line.
    pub fn read(file: Option<&Path>, flags: &impl Serialize) -> anyhow::Result<Self> {
        let named = file.map(Path::to_path_buf).or_else(|| Env::var("YINGDA_CONFIG").map(PathBuf::from));
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = named {
            figment = figment.merge(Toml::file_exact(file));
        }
        // The ignored ones belong to the test command and to this file.
        let environment = Env::prefixed("YINGDA_").split("__").ignore(&["test_database_url", "config", "flink_home"]);
        Ok(figment.merge(environment).merge(Serialized::defaults(flags)).extract()?)
    }
}

/// The folder of Flink, as `scripts/flink.sh` fills it.
pub fn flink_home() -> anyhow::Result<PathBuf> {
    let named = Env::var("YINGDA_FLINK_HOME").map(PathBuf::from);
    let home = named.unwrap_or_else(|| PathBuf::from(Env::var("HOME").unwrap_or_default()).join(".cache/yingda/flink"));
    if !home.join("usrlib/yingda-flink.jar").exists() {
        anyhow::bail!("Flink is not in {}: scripts/flink.sh puts it there; YINGDA_FLINK_HOME names a different folder", home.display());
    }
    Ok(home)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> String {
        format!(
            "# Every setting with its default. The environment overrides this file: YINGDA_LISTEN, YINGDA_LIMITS__SENDS_BURST.\n{}\n[limits]\n{}\n[egress]\n{}\n[analytics]\n{}\n[mail]\n{}\n[sms]\n{}\n[embedding]\n{}\n[backup]\n{}",
            Config::example(),
            Limits::example(),
            Egress::example(),
            Analytics::example(),
            Mail::example(),
            Sms::example(),
            Embedding::example(),
            Backup::example()
        )
    }

    #[test]
    fn the_example_file_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config.example.toml");
        let found = std::fs::read_to_string(path).unwrap_or_default();
        if found != example() {
            std::fs::write(path, example()).unwrap();
            panic!("config.example.toml was out of date; it has been rewritten, commit it");
        }
    }

    #[test]
    fn flags_win_and_unknown_fields_are_refused() {
        #[derive(Serialize)]
        struct Flags {
            listen: &'static str,
        }
        let dir = std::env::temp_dir().join(format!("yingda-config-{}", std::process::id()));
        let write = |text: &str| std::fs::write(&dir, text).unwrap();
        write("listen = \"127.0.0.1:1\"\n[limits]\nsends_burst = 5\n");
        let config = Config::read(Some(&dir), &Flags { listen: "127.0.0.1:2" }).unwrap();
        assert_eq!((config.listen.port(), config.limits.sends_burst), (2, 5.0));
        write("lissten = \"127.0.0.1:1\"\n");
        assert!(Config::read(Some(&dir), &Flags { listen: "127.0.0.1:2" }).unwrap_err().to_string().contains("lissten"));
        std::fs::remove_file(&dir).unwrap();
    }

    #[test]
    fn a_secret_is_never_shown() {
        let config = Config { database_url: Some(Secret("postgres://u:geheim@h/d".to_owned())), ..Config::default() };
        assert!(!format!("{config:?}{}", serde_json::to_string(&config).unwrap()).contains("geheim"));
    }
}
