//! The program `yingda`: configuration and wiring only.

mod commands;
mod config;

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
    /// What an administrator does from a terminal; works beside a running server too.
    Admin(commands::admin::Admin),
    /// What concerns the bot.
    Bot(commands::bot::BotCommand),
    /// Print the API document.
    Openapi,
}

#[tokio::main]
async fn main() -> ExitCode {
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
        Command::Admin(admin) => admin.run().await,
        Command::Bot(bot) => bot.run(),
        Command::Openapi => Ok(std::io::stdout().write_all(server::openapi::json().as_bytes())?),
    }
}
