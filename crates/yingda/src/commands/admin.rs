//! `yingda admin …`

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::staff::Role;
use serde::Serialize;
use server::{
    App,
    env::SystemClock,
    seal_key::SealKey,
    setup::{
        admin::{self, Command, Reply},
        members::NewMember,
    },
};

use super::{data, serve::settings};
use crate::config::Config;

/// What an administrator does from a terminal.
#[derive(Args)]
pub struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Print a one-time link that signs a member of the staff in.
    SignInLink {
        #[command(flatten)]
        place: Place,
        /// The role; without --email the first member in it.
        #[arg(long)]
        role: RoleName,
        /// Whose link.
        #[arg(long)]
        email: Option<String>,
    },
    /// Add a member of the staff and print their one-time link.
    AddStaff {
        #[command(flatten)]
        place: Place,
        /// The role.
        #[arg(long)]
        role: RoleName,
        /// The name customers see.
        #[arg(long)]
        name: String,
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The number customers see; the next free one if none is given.
        #[arg(long)]
        number: Option<String>,
        /// Conversations at once.
        #[arg(long, default_value_t = 5)]
        capacity: i64,
    },
    /// Say that the record was put back in a way the program cannot see, as by a snapshot of the whole disk: clients ask for everything anew, and everybody signs in again.
    NewGeneration {
        #[command(flatten)]
        place: Place,
    },
    /// Make a sealing key: all nodes on one PostgreSQL are given the same one.
    NewSealKey {
        /// A file that is not there yet.
        file: PathBuf,
    },
}

/// Which installation.
#[derive(Args, Serialize)]
struct Place {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Where the sealing key lies, if no server runs.
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    seal_key_file: Option<PathBuf>,
    /// PostgreSQL, if the record lives there.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Agent,
    Manager,
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Agent => Self::Agent,
            RoleName::Manager => Self::Manager,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

impl Admin {
    /// Carries the command out and prints what came of it, alone on its line; of a key, its fingerprint.
    pub async fn run(self) -> anyhow::Result<()> {
        let (place, command) = match self.command {
            AdminCommand::SignInLink { place, role, email } => (place, Command::SignInLink { role: role.into(), email }),
            AdminCommand::AddStaff { place, role, name, email, number, capacity } => {
                (place, Command::AddStaff(NewMember { role: role.into(), name, email, number, capacity }))
            }
            AdminCommand::NewGeneration { place } => (place, Command::NewGeneration),
            AdminCommand::NewSealKey { file } => {
                println!("{}", SealKey::make(&file)?.fingerprint());
                return Ok(());
            }
        };
        let config = Config::read(place.config.as_deref(), &place)?;
        if !config.data.is_dir() {
            bail!("there is no data folder {}", config.data.display());
        }
        let reply = match data::lock(&config.data)? {
            Some(_lock) => {
                let app = App::start(settings(&config, config.listen)?, Arc::new(SystemClock::default())).await?;
                let done = admin::run(&app, command).await;
                app.db().close().await;
                done?
            }
            None => admin::ask(&config.data, &command).await.context("the running server does not answer on its socket in the data folder")?,
        };
        match reply {
            Reply::Link(link) => println!("{}", link.url),
            Reply::Generation(fresh) => println!("generation {fresh}: everybody connected begins anew, and who had signed in does so again"),
            Reply::Files(files) => println!("{}", files.display()),
            Reply::Signature(signature) => println!("{signature}"),
            Reply::Error(error) => bail!(error),
        }
        Ok(())
    }
}
