//! `yingda admin …`

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::staff::Role;
use platform::{env::SystemClock, seal_key::SealKey};
use serde::Serialize;
use server::{
    App,
    features::team::staff::new_member::NewMember,
    setup::admin::{self, Command, Reply},
};

use super::{data, serve::settings};
use crate::config::Config;

/// Administrative commands for the terminal.
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
        /// The member's role; without --email, the first member with it.
        #[arg(long)]
        role: RoleName,
        /// The e-mail address of the member.
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
        /// The e-mail address to sign in with.
        #[arg(long)]
        email: String,
        /// The number customers see; by default the next free one.
        #[arg(long)]
        number: Option<String>,
        /// The maximum number of conversations at once.
        #[arg(long, default_value_t = 5)]
        capacity: i64,
    },
    /// Declare that the record was restored in a way the program cannot detect, such as from a
    /// snapshot of the whole disk: clients load everything again, and everyone has to sign in again.
    NewGeneration {
        #[command(flatten)]
        place: Place,
    },
    /// Make a sealing key; all nodes on one PostgreSQL need the same one.
    NewSealKey {
        /// The file to create; it must not exist yet.
        file: PathBuf,
    },
}

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

impl Place {
    /// The configuration of the installation, whose data folder must exist.
    pub fn config(&self) -> anyhow::Result<Config> {
        let config = Config::read(self.config.as_deref(), self)?;
        if !config.data.is_dir() {
            bail!("the data folder {} does not exist: name the one of your installation with --data", config.data.display());
        }
        Ok(config)
    }
}

impl Admin {
    /// Runs the command and prints its result alone on a line; for a key, the fingerprint.
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
        let config = place.config()?;
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
            Reply::Generation(fresh) => println!("generation {fresh}: all clients start over, and everybody has to sign in again"),
            Reply::Files(files) => println!("{}", files.display()),
            Reply::Signature(signature) => println!("{signature}"),
            Reply::Error(error) => bail!(error),
        }
        Ok(())
    }
}
