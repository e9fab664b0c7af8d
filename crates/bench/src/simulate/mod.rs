//! `yingda-bench simulate`: the machines of the product against a model of the record, in a world where everything goes wrong, seed by seed.

mod chat;
mod device;
mod journal;
mod node;
mod world;
mod writer;

use std::time::Instant;

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
    /// Sends that were stored after their sender was told `no`.
    pub reversed: u64,
    /// How long it took in the world.
    pub virtual_ms: i64,
}

#[derive(Debug, Serialize)]
struct Result {
    seeds: u64,
    violations: usize,
    first: u64,
    events: u64,
    acked: u64,
    reversed: u64,
    virtual_hours: f64,
    seconds: f64,
    failed: Vec<u64>,
}

/// Which parts of the product a seed is played on.
const PLAYS: [(&str, Play); 1] = [("chat", chat::play)];

type Play = fn(Random, Option<Variant>, bool) -> Outcome;

impl Simulate {
    /// Plays.
    pub fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let (mut events, mut acked, mut reversed, mut ms, mut failed) = (0, 0, 0, 0, Vec::new());
        for seed in self.first..self.first.saturating_add(self.seeds) {
            for (name, play) in PLAYS {
                let outcome = play(random(seed), None, self.trace);
                (events, acked, reversed, ms) = (events + outcome.events, acked + outcome.acked, reversed + outcome.reversed, ms + outcome.virtual_ms);
                if self.trace {
                    println!("{name}, seed {seed}");
                    outcome.trace.iter().for_each(|line| println!("{line}"));
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
            events,
            acked,
            reversed,
            virtual_hours: report::round(ms as f64 / 3_600_000.0),
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
