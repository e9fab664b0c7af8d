//! The program `yingda`: configuration and wiring only.

mod backup;
mod commands;
mod config;
mod demo_traffic;
mod passphrase;
mod process;

use std::{io::Write as _, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// It gives back what a training used; the system's own keeps it, and takes longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Yingda (应答): customer service in one program.
#[derive(Parser)]
#[command(name = "yingda", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server: web pages, API, real-time connections.
    Serve(commands::serve::Serve),
    /// Back up the record and its files; also works while the server is running.
    Backup(commands::backup::Backup),
    /// Restore a backup into an empty folder.
    Restore(commands::restore::Restore),
    /// Administrative commands; they also work while the server is running.
    Admin(commands::admin::Admin),
    /// Add, suspend, export, import or erase a company; the commands also work while the server is running.
    Company(commands::company::Company),
    /// Commands for whoever runs the installation for several companies; they also work while the server is running.
    Operator(commands::operator::Operator),
    /// Bring the schema of the record up to this version, without serving.
    Migrate(commands::migrate::Migrate),
    /// Move the record from SQLite to PostgreSQL, while no server is running.
    Move(commands::moving::Move),
    /// Commands for the audit: who did what.
    Audit(commands::audit::AuditCommand),
    /// Tokens with which programs use the API; the commands also work while the server is running.
    Token(commands::token::Token),
    /// Commands for the rights of a person; they also work while the server is running.
    Person(commands::person::Person),
    /// Commands for the numbers of the panels.
    Warehouse(commands::warehouse::Warehouse),
    /// Commands for the bot.
    Bot(commands::bot::BotCommand),
    /// Print the definitions of the indicators.
    Metrics(commands::metrics::Metrics),
    /// Commands for demonstrating the product.
    #[command(subcommand)]
    Demo(Demo),
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Subcommand)]
enum Demo {
    /// Simulate visitors on a running server for a while, and agents who serve them.
    Traffic(demo_traffic::DemoTraffic),
    /// Write a made-up past into the record of a demo, while no server is running: a year of conversations, with seasons, holidays, campaigns and outages.
    ///
    /// Start the demo once and stop it; then each of the last days that has no conversation gets some. What is older than the days of the first start is written
    /// only once: delete the data folder to write a different past.
    History(commands::history::History),
}

fn main() -> ExitCode {
    process::keep_files_private();
    let command = Cli::parse().command;
    let done = tokio::runtime::Runtime::new().context("no threads").and_then(|runtime| {
        let done = runtime.block_on(run(command));
        // What has to be done was awaited. What still computes is not waited for, and ends with the process.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yingda: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Admin(admin) => admin.run().await,
        Command::Operator(operator) => operator.run().await,
        Command::Migrate(migrate) => migrate.run().await,
        Command::Move(moving) => moving.run().await,
        Command::Audit(audit) => audit.run().await,
        Command::Company(company) => company.run().await,
        Command::Token(token) => token.run().await,
        Command::Person(person) => person.run().await,
        Command::Warehouse(warehouse) => warehouse.run().await,
        Command::Bot(bot) => bot.run(),
        Command::Metrics(metrics) => metrics.run(),
        Command::Demo(Demo::Traffic(traffic)) => traffic.run().await,
        Command::Demo(Demo::History(history)) => history.run().await,
        Command::Openapi => Ok(std::io::stdout().write_all(server::openapi::json().as_bytes())?),
    }
}
