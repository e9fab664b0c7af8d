//! The program `yingda`: configuration and wiring only.

mod backup;
mod commands;
mod config;
mod demo_traffic;
mod process;

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};

/// Yingda (应答): customer service in one program.
#[derive(Parser)]
#[command(name = "yingda", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer: pages, API, real time.
    Serve(commands::serve::Serve),
    /// Copy the record and its files, beside a running server too.
    Backup(commands::backup::Backup),
    /// Put a backup into an empty folder.
    Restore(commands::restore::Restore),
    /// What an administrator does from a terminal; works beside a running server too.
    Admin(commands::admin::Admin),
    /// What concerns the bot.
    Bot(commands::bot::BotCommand),
    /// Things for showing the product.
    #[command(subcommand)]
    Demo(Demo),
    /// Print the API document.
    Openapi,
}

#[derive(Subcommand)]
enum Demo {
    /// Let visitors come to a running server for a while, and agents serve them.
    Traffic(demo_traffic::DemoTraffic),
}

#[tokio::main]
async fn main() -> ExitCode {
    process::keep_files_private();
    match run(Cli::parse().command).await {
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
        Command::Bot(bot) => bot.run(),
        Command::Demo(Demo::Traffic(traffic)) => traffic.run().await,
        Command::Openapi => Ok(std::io::stdout().write_all(server::openapi::json().as_bytes())?),
    }
}
