//! `yingda-bench simulate`: the machines of the product against a model of the record, in a world where everything goes wrong, seed by seed.

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

/// Lines of a trace that are shown unless all are asked for.
const SHORT_TRACE: usize = 40;
/// Failing seeds that are shown with a trace.
const SHOWN: usize = 3;

/// Whether anything is lost, doubled or out of order in a simulated world.
#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// How many seeds.
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Only this part: chat, claims or deliveries.
    #[arg(long, value_name = "PART")]
    only: Option<String>,
    /// Tell everything that happens; for one seed.
    #[arg(long)]
    trace: bool,
    /// One line for programs.
    #[arg(long)]
    json: bool,
}

/// A rule that is broken on purpose, to show that it would be noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// `ok` leaves when the write is done, not when it is on disk.
    AckBeforeCommit,
    /// The head is read first, and pushes are listened to afterwards.
    CatchUpBeforeSubscribe,
    /// The cursor is kept as soon as it moves, the state it stands for later.
    CursorBeforeApply,
    /// A node numbers entries from its own memory, not from the head row.
    NumberFromMemory,
    /// The sweep goes on behind the highest number it saw, although a lower one may still be on its way.
    SweepSkipsLateCommits,
    /// What the bot says is stored whoever has the conversation by now.
    BotWithoutEpoch,
    /// Customers are told the number of entries among all, not among public ones.
    CustomersHearOfStaffEntries,
    /// Who picks a conversation and an agent does not lock them and look again.
    ClaimWithoutSecondLook,
    /// An agent who takes a conversation does not lock its own row, under which routing counts what it serves.
    TakeWithoutLock,
    /// A refusal is not remembered, so that another copy of the send may be accepted later.
    ForgetsRefusals,
    /// A client that is back repeats its newest send only.
    ResendsTheNewestOnly,
    /// A node goes on writing to a reader that does not read.
    WritesWithoutRoom,
    /// The next delivery leaves before it is written what became of the one before.
    GoesOnBeforeItIsRecorded,
    /// A node reads deliveries that are due, although an older one of the conversation waits for its next attempt.
    ReadsOnlyWhatIsDue,
    /// Several nodes serve a receiver at once.
    ServesWithoutLease,
    /// A node that starts again goes on under the lease of the one that was killed.
    KeepsLeasesOverRestarts,
}

/// What one seed came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What must never be and was.
    pub violations: Vec<String>,
    /// What happened.
    pub trace: Vec<String>,
    /// How much happened.
    pub events: u64,
    /// Acknowledged sends.
    pub acked: u64,
    /// Conversations given out.
    pub assigned: u64,
    /// Requests to receivers.
    pub delivered: u64,
    /// Transactions that waited for each other.
    pub deadlocks: u64,
    /// How long it took in the world.
    pub virtual_ms: i64,
}

impl Outcome {
    /// Adds what another seed came to, without its words.
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

/// Which parts of the product a seed is played on.
const PLAYS: [(&str, Play); 3] = [("chat", chat::play), ("claims", claims::play), ("deliveries", deliveries::play)];

type Play = fn(Random, Option<Variant>, bool) -> Outcome;

impl Simulate {
    /// Plays.
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

/// Plays a failing seed again and tells how it ended.
fn show(name: &str, seed: u64, play: Play) {
    let outcome = play(random(seed), None, true);
    eprintln!("seed {seed}, {name}: {}", outcome.violations.join("; "));
    let from = outcome.trace.len().saturating_sub(SHORT_TRACE);
    outcome.trace[from..].iter().for_each(|line| eprintln!("  {line}"));
}

/// Neighbouring seeds are worlds apart.
fn random(seed: u64) -> Random {
    Random::seeded((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD1B5_4A32_D192_ED03))
}
