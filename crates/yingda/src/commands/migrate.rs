//! `yingda migrate`

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use anyhow::bail;
use clap::Args;
use db::{Config as DbConfig, Db, Engine, SqliteFiles, aside};
use platform::env::SystemClock;
use serde::Serialize;
use serde_json::json;
use server::record_mark::RECORD;

use super::data;
use crate::{backup::identity::now, config::Config};

/// Brings the schema of the record up to this version, as the first start of this version does, and ends. If it is interrupted, the same command or a start goes
/// on. On SQLite no server may be running; on PostgreSQL the nodes of the earlier version go on serving.
#[derive(Args, Serialize)]
pub struct Migrate {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// The URL of PostgreSQL, if the record is stored there.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// Print the result as one JSON object.
    #[arg(long)]
    #[serde(skip)]
    json: bool,
}

impl Migrate {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = Config::read(self.config.as_deref(), &self)?;
        let (engine, _lock) = match &config.database_url {
            Some(url) => (Engine::record_in(url.reveal()), None),
            None => {
                let path = config.data.join(RECORD);
                if !path.exists() {
                    bail!("there is no record in {}: name the data folder of your installation with --data", config.data.display());
                }
                let Some(lock) = data::lock(&config.data)? else { bail!("a server uses {}: stop it first", config.data.display()) };
                (Engine::Sqlite(SqliteFiles { path, durable: true }), Some(lock))
            }
        };
        let Some(before) = steps(&engine).await? else { bail!("there is no record yet: the first start makes one") };
        let clock = Arc::new(SystemClock::default());
        Db::open(DbConfig { engine: engine.clone(), migrations: store::schema::MIGRATIONS, clock, on_commit: Arc::new(|_| ()) }).await?.close().await;
        let after = steps(&engine).await?.unwrap_or_default();
        let taken: Vec<&i64> = after.difference(&before).collect();
        let [from, to] = [&before, &after].map(|steps| steps.last().copied().unwrap_or(0));
        if self.json {
            println!("{}", json!({"before": from, "after": to, "taken": taken}));
        } else if taken.is_empty() {
            println!("the schema is up to date: {to}");
        } else {
            println!("the schema was brought from {from} to {to}, in {} steps", taken.len());
        }
        Ok(())
    }
}

/// The numbers of the steps of the schema that were taken; `None` if there is no record.
async fn steps(engine: &Engine) -> anyhow::Result<Option<BTreeSet<i64>>> {
    let Some(mut tx) = db::look(engine, "_sqlx_migrations", now()).await? else { return Ok(None) };
    let steps = aside::steps(&mut tx).await?;
    tx.close().await;
    Ok(Some(steps).filter(|steps| !steps.is_empty()))
}
