//! `yingda-bench simulate`: plays the product's machines against a model of the record, in a world where everything goes wrong, seed by seed.

mod chat;
mod claims;
mod deliveries;
mod device;
mod diary;
mod journal;
mod node;
#[cfg(test)]
mod planted;
mod session;
mod world;
mod writer;

use std::{io::Write as _, time::Instant};

use anyhow::bail;
use serde::Serialize;

use crate::{random::Random, report};

/// The number of trace lines that are shown unless all are requested.
const SHORT_TRACE: usize = 40;
/// The number of failing seeds that are shown with a trace.
const SHOWN: usize = 3;

/// Checks whether anything is lost, duplicated or out of order in simulated worlds.
#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// The number of seeds.
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Only this part: chat, claims or deliveries.
    #[arg(long, value_name = "PART")]
    only: Option<String>,
    /// Print everything that happens; for a single seed.
    #[arg(long)]
    trace: bool,
    /// Print the result as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// A rule that is broken on purpose, to show that the breach is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// `ok` leaves when the write is done, not when it is on disk.
    AckBeforeCommit,
    /// The head is read first, and the subscription to pushes begins afterwards.
    CatchUpBeforeSubscribe,
    /// The cursor is saved as soon as it moves, and the state that it stands for later.
    CursorBeforeApply,
    /// A node numbers entries from its own memory, not from the head row.
    NumberFromMemory,
    /// The sweep continues after the highest number it saw, although a lower one may still be uncommitted.
    SweepSkipsLateCommits,
    /// What the bot says is stored, whoever has the conversation by then.
    BotWithoutEpoch,
    /// Customers are given the numbers of entries among all entries, not among public ones.
    CustomersHearOfStaffEntries,
    /// A transaction that picks a conversation and an agent does not lock them and look again.
    ClaimWithoutSecondLook,
    /// An agent who takes a conversation does not lock the agent's own row, under which routing counts what the agent serves.
    TakeWithoutLock,
    /// Routing does not see to whom something is offered already.
    ForgetsOffers,
    /// A refusal is not remembered, so that another copy of the send may be accepted later.
    ForgetsRefusals,
    /// A client that reconnects repeats only its newest send.
    ResendsTheNewestOnly,
    /// A node goes on writing to a client that does not read.
    WritesWithoutRoom,
    /// The next delivery leaves before the outcome of the previous one is written.
    GoesOnBeforeItIsRecorded,
    /// A node reads deliveries that are due, although an older one of the conversation waits for its next attempt.
    ReadsOnlyWhatIsDue,
    /// Several nodes serve a receiver at once.
    ServesWithoutLease,
    /// A restarted node goes on under the lease of the one that was killed.
    KeepsLeasesOverRestarts,
}

/// The outcome of one seed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What must never happen, and did.
    pub violations: Vec<String>,
    /// What happened.
    pub trace: Vec<String>,
    /// How much happened.
    pub events: u64,
    /// Acknowledged sends.
    pub acked: u64,
    /// Conversations that were assigned.
    pub assigned: u64,
    /// Requests to receivers.
    pub delivered: u64,
    /// Transactions that ended in a deadlock.
    pub deadlocks: u64,
    /// How long the world lasted in its own time.
    pub virtual_ms: i64,
}

impl Outcome {
    /// Adds the figures of another seed, without its texts.
    fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.acked += other.acked;
        self.assigned += other.assigned;
        self.delivered += other.delivered;
        self.deadlocks += other.deadlocks;
        self.virtual_ms += other.virtual_ms;
    }
}

#[derive(Debug, Serialize)]
struct Result {
    seeds: u64,
    violations: usize,
    first: u64,
    events: u64,
    acked: u64,
    assigned: u64,
    delivered: u64,
    deadlocks: u64,
    virtual_hours: f64,
    seconds: f64,
    failed: Vec<u64>,
}

/// The parts of the product that a seed is played on.
const PLAYS: [(&str, Play); 3] = [("chat", chat::play), ("claims", claims::play), ("deliveries", deliveries::play)];

type Play = fn(Random, Option<Variant>, bool) -> Outcome;

impl Simulate {
    /// Plays the seeds and prints the result.
    pub fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let plays: Vec<(&str, Play)> = PLAYS.into_iter().filter(|(name, _)| self.only.as_deref().is_none_or(|only| only == *name)).collect();
        if plays.is_empty() {
            bail!("--only takes one of {:?}", PLAYS.map(|(name, _)| name));
        }
        let (mut sum, mut failed) = (Outcome::default(), Vec::new());
        for seed in self.first..self.first.saturating_add(self.seeds) {
            for (name, play) in plays.iter().copied() {
                let outcome = play(random(seed), None, self.trace);
                sum.add(&outcome);
                if self.trace {
                    let told = outcome.trace.iter().fold(format!("{name}, seed {seed}\n"), |told, line| told + line + "\n");
                    std::io::stdout().write_all(told.as_bytes())?;
                }
                if !outcome.violations.is_empty() {
                    failed.push(seed);
                    if failed.len() <= SHOWN && !self.trace {
                        show(name, seed, play);
                    }
                }
            }
        }
        failed.dedup();
        let result = Result {
            seeds: self.seeds,
            violations: failed.len(),
            first: self.first,
            events: sum.events,
            acked: sum.acked,
            assigned: sum.assigned,
            delivered: sum.delivered,
            deadlocks: sum.deadlocks,
            virtual_hours: report::round(sum.virtual_ms as f64 / 3_600_000.0),
            seconds: report::round(begun.elapsed().as_secs_f64()),
            failed,
        };
        report::print(&result, self.json)?;
        if result.violations > 0 {
            bail!("seeds failed: {:?}; replay one with --first SEED --seeds 1 --trace", result.failed);
        }
        Ok(())
    }
}

/// Plays a failing seed again and prints how it ended.
fn show(name: &str, seed: u64, play: Play) {
    let outcome = play(random(seed), None, true);
    eprintln!("seed {seed}, {name}: {}", outcome.violations.join("; "));
    let from = outcome.trace.len().saturating_sub(SHORT_TRACE);
    outcome.trace[from..].iter().for_each(|line| eprintln!("  {line}"));
}

/// Mixes the seed, so that neighbouring seeds give entirely different worlds.
fn random(seed: u64) -> Random {
    Random::seeded((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD1B5_4A32_D192_ED03))
}
