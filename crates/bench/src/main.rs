//! The load generator: measures a server of its own over the product's public sockets, breaks it, and checks what the clients saw.

mod abuse;
mod broadcast;
mod busy;
mod client_connection;
mod companies;
mod conformance;
mod crowd;
mod disk;
mod epoch;
mod faults;
mod flushes;
mod follower;
mod freshness;
mod fsync;
mod hearing;
mod hello;
mod http;
mod idle;
mod letters;
mod messages;
mod panel;
mod peer;
mod percentile;
mod postgres;
mod process;
mod procfs;
mod proxy;
mod random;
mod reconnect;
mod redis;
mod report;
mod resume;
mod revoke;
mod routing;
mod server;
mod serving;
mod signins;
mod simulate;
mod socket;
mod training;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

/// Loads, breaks and checks a Yingda server. Every command starts a server of its own in a temporary folder; `panel`, `simulate` and `freshness --source feed` need none.
#[derive(Parser)]
#[command(name = "yingda-bench", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the memory that idle connections use.
    Idle(idle::Idle),
    /// Measures messages that are stored, acknowledged and delivered: how many, how fast, and whether every one arrived once and in order.
    Messages(messages::Messages),
    /// Measures how danger is heard in what customers write: the cost of a line, and how soon the staff are alerted.
    Hearing(hearing::Hearing),
    /// Measures what companies cost that nobody uses, and what companies notice of each other.
    Companies(companies::Companies),
    /// Kills servers while they send letters: whether each arrives, once and in order.
    Letters(letters::Letters),
    /// Measures what it costs to train on usual knowledge and on the worst that is accepted, and how soon a training ends.
    Training(training::Training),
    /// Measures the processor time of the panel's numbers: of counting events, and of every read.
    Panel(panel::Panels),
    /// Measures the time until viewers of the live panel see an event in its numbers.
    Freshness(freshness::Freshness),
    /// Sends one entry to very many connections, and measures the time from the send until the last of them has it.
    Broadcast(broadcast::Broadcast),
    /// Kills and restarts the server under very many clients: when all have caught up, and whether anything is lost.
    Reconnect(reconnect::Reconnect),
    /// Reconnects very many connections: whether each gets exactly what it missed.
    Resume(resume::Resume),
    /// Revokes sessions, roles and tokens on one node: how soon that ends them on another, with Redis and without it.
    Revoke(revoke::Revoke),
    /// Measures who gets which conversation: whether in turn, never too many, never two, and what a decision costs.
    Routing(routing::Routing),
    /// Measures what people notice while others do all they can to disrupt the server.
    Abuse(abuse::Abuse),
    /// Measures what it costs when strangers guess passwords, and which people that locks out.
    #[command(name = "signins")]
    SignIns(signins::SignIns),
    /// Checks whether anything acknowledged is lost, duplicated or out of order when things break, again and again.
    Faults(faults::Faults),
    /// Checks that the server conforms to RFC 6455, frame by frame.
    Conformance(conformance::Conformance),
    /// Checks whether the bot ever speaks after the conversation has left it.
    Epoch(epoch::Epoch),
    /// Checks, seed by seed, whether the rules hold in simulated worlds in which everything goes wrong.
    Simulate(simulate::Simulate),
}

/// One thread, because the server shares the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    procfs::raise_open_files_limit()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // When this process is told to stop, what is running is dropped, and the processes it started end with it.
    tokio::select! {
        done = run(Cli::parse().command) => done,
        _ = terminate.recv() => Err(anyhow::anyhow!("terminated")),
        _ = interrupt.recv() => Err(anyhow::anyhow!("interrupted")),
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Idle(idle) => idle.run().await,
        Command::Messages(messages) => messages.run().await,
        Command::Hearing(hearing) => hearing.run().await,
        Command::Companies(companies) => companies.run().await,
        Command::Letters(letters) => letters.run().await,
        Command::Training(training) => training.run().await,
        Command::Panel(panels) => panels.run().await,
        Command::Freshness(freshness) => freshness.run().await,
        Command::Broadcast(broadcast) => broadcast.run().await,
        Command::Reconnect(reconnect) => reconnect.run().await,
        Command::Resume(resume) => resume.run().await,
        Command::Revoke(revoke) => revoke.run().await,
        Command::Routing(routing) => routing.run().await,
        Command::Abuse(abuse) => abuse.run().await,
        Command::SignIns(signins) => signins.run().await,
        Command::Faults(faults) => faults.run().await,
        Command::Conformance(conformance) => conformance.run().await,
        Command::Epoch(epoch) => epoch.run().await,
        Command::Simulate(simulate) => simulate.run(),
    }
}
