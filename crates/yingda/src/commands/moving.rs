//! `yingda move`

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use db::{Config as DbConfig, Db, Engine, SqliteFiles};
use platform::env::SystemClock;
use portability::moving::{Moved, Moving};
use serde::Serialize;
use serde_json::json;
use server::record_mark::RECORD;

use super::data;
use crate::config::Config;

/// Moves the record of an installation from SQLite to PostgreSQL, while no server is running, and compares every row. Files and the sealing key stay where they
/// are. If it ends in between, the same command goes on.
#[derive(Args, Serialize)]
pub struct Move {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// The URL of an empty PostgreSQL database: postgres://…
    #[arg(long, value_name = "URL")]
    #[serde(skip)]
    to: String,
    /// Print the result as one JSON object.
    #[arg(long)]
    #[serde(skip)]
    json: bool,
}

impl Move {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = Config::read(self.config.as_deref(), &self)?;
        ensure!(config.database_url.is_none(), "the record is in PostgreSQL already: move it with PostgreSQL's own tools, `pg_dump` and `pg_restore`");
        ensure!(self.to.starts_with("postgres://") || self.to.starts_with("postgresql://"), "--to has to be the URL of a PostgreSQL database: postgres://…");
        let record = config.data.join(RECORD);
        ensure!(record.exists(), "there is no record in {}: name the data folder of your installation with --data", config.data.display());
        let Some(_lock) = data::lock(&config.data)? else { bail!("a server uses {}: stop it first, and move then", config.data.display()) };
        let moved = bring(&record, &self.to).await?;
        let rows: u64 = moved.iter().map(|table| table.rows).sum();
        if self.json {
            let tables: Vec<_> = moved.iter().map(|Moved { table, rows, sha256 }| json!({"table": table, "rows": rows, "sha256": sha256})).collect();
            println!("{}", json!({"moved": config.data, "rows": rows, "tables": tables}));
        } else {
            println!(
                "moved and compared: {} tables, {rows} rows\nset `database_url` to the new database before you start the server; keep {} until everything works, then delete it",
                moved.len(),
                record.display()
            );
        }
        Ok(())
    }
}

async fn bring(record: &Path, url: &str) -> anyhow::Result<Vec<Moved>> {
    let from = open(Engine::Sqlite(SqliteFiles { path: record.to_owned(), durable: true })).await.context("the record cannot be opened")?;
    let to = open(Engine::record_in(url)).await.context("the database cannot be opened")?;
    let is_watched = std::io::stderr().is_terminal();
    let on_step = |table: &str, done| {
        if is_watched {
            eprint!("\r{table} {done}          ");
        }
    };
    let moved = Moving { from: &from, to: &to, on_step: &on_step }.run().await;
    from.close().await;
    to.close().await;
    Ok(moved?)
}

async fn open(engine: Engine) -> db::Result<Db> {
    let clock = Arc::new(SystemClock::default());
    Db::open(DbConfig { engine, migrations: store::schema::MIGRATIONS, clock, on_commit: Arc::new(|_| ()) }).await
}
