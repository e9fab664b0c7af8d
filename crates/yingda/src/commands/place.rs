//! Which installation a command acts on: through the running server, or directly if there is none.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Args;
use http_kit::App;
use platform::env::SystemClock;
use serde::Serialize;
use server::{
    setup::admin::{self, Command, Reply},
    start,
};

use super::{data, serve::settings};
use crate::config::Config;

/// Which installation to act on.
#[derive(Args, Serialize)]
pub struct Place {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// The file of the sealing key, if no server is running.
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    seal_key_file: Option<PathBuf>,
    /// The URL of PostgreSQL, if the record is stored there.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

/// An installation that answers commands.
pub enum Installation {
    /// A server uses the data folder, and answers on its socket.
    Running(PathBuf),
    /// Nobody else uses the data folder for as long as this is kept.
    Opened(App, #[expect(dead_code, reason = "held, not read")] data::DataLock),
}

impl Place {
    /// The configuration of the installation, whose data folder must exist.
    pub fn config(&self) -> anyhow::Result<Config> {
        let config = Config::read(self.config.as_deref(), self)?;
        if !config.data.is_dir() {
            bail!("the data folder {} does not exist: name the one of your installation with --data", config.data.display());
        }
        Ok(config)
    }

    /// Finds the running server, or opens the installation.
    pub async fn open(&self) -> anyhow::Result<Installation> {
        let config = self.config()?;
        Ok(match data::lock(&config.data)? {
            Some(lock) => Installation::Opened(open(&config).await?, lock),
            None => Installation::Running(config.data),
        })
    }
}

/// Opens the installation; whoever computes its numbers goes on doing so.
async fn open(config: &Config) -> anyhow::Result<App> {
    let outside = super::kafka::outside(&config.analytics)?;
    Ok(start::open(settings(config, config.listen)?, outside, Arc::new(SystemClock::default())).await?.run_jobs())
}

impl Installation {
    /// Sends one command, and ends the use of the installation.
    pub async fn ask(self, command: Command) -> anyhow::Result<Reply> {
        let reply = self.ask_one(command).await;
        self.close().await;
        reply
    }

    /// Sends one of several commands.
    pub async fn ask_one(&self, command: Command) -> anyhow::Result<Reply> {
        match self {
            Self::Opened(app, _) => Ok(admin::run(app, command).await?),
            Self::Running(data) => admin::ask(data, &command).await.context("the running server does not answer on its socket in the data folder"),
        }
    }

    /// Ends the use of the installation.
    pub async fn close(self) {
        if let Self::Opened(app, _) = self {
            app.editions().close().await;
            app.db().close().await;
        }
    }
}
