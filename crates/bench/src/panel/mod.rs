//! `yingda-bench panel`: measures the processor time of the panel's numbers, in this process and without a server.
//!
//! An edition of the derived store is filled from random traffic of about 400 days, in batches as large as the server's, and then read as the server reads it.
//! Processor time is that of the whole process, user and system, so it includes the engine's own threads; generating the traffic is not included.

pub mod fill;
pub mod reads;

use std::{collections::BTreeMap, time::Duration};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::{
    percentile::exact_ms,
    procfs,
    report::{self, round},
};
use fill::{Filled, Spent};
use reads::Read;

/// A read is repeated until it has used this much processor time in all, but at least [`LEAST`] times.
const LONG: Duration = Duration::from_secs(10);
const LEAST: usize = 10;

/// Measures the processor time of the panel's numbers.
#[derive(Debug, clap::Args)]
pub struct Panels {
    /// The number of events that are counted first, in 400 days.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..=50_000_000))]
    events: u32,
    /// How often each read is repeated at most; a long one stops after 10 seconds of processor time.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    repeats: u16,
    /// Print the result as JSON on the last line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Result {
    events: usize,
    /// That of the read with the highest one, whose name is `worst_panel`.
    p99_ms: f64,
    worst_panel: String,
    bytes_per_event: f64,
    rebuild_events_per_cpu_s: f64,
    raw_insert_per_cpu_s: f64,
    load_before: f64,
    /// The 99th percentile of each read of the pages, in milliseconds.
    panels: BTreeMap<String, f64>,
    /// The same of reads that only clients of the API make.
    api: BTreeMap<String, f64>,
}

impl Panels {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let (load_before, events) = (procfs::load(), self.events as usize);
        let filled = Filled::new(events).await?;
        let Spent { rebuild, rows, raw, bytes } = filled.spent;
        let panels = self.measure(&filled, reads::of_pages(filled.now, &filled.zone)?).await?;
        let api = self.measure(&filled, reads::of_api(filled.now, &filled.zone)?).await?;
        filled.panel.close().await;
        let (worst_panel, p99_ms) = worst(&panels);
        let per_second = |events: usize, spent: Duration| round(events as f64 / spent.as_secs_f64().max(1e-9));
        let result = Result {
            events,
            p99_ms,
            worst_panel,
            bytes_per_event: round(bytes as f64 / events as f64),
            rebuild_events_per_cpu_s: per_second(events, rebuild),
            raw_insert_per_cpu_s: per_second(rows, raw),
            load_before,
            panels,
            api,
        };
        report::print(&result, self.json)
    }

    /// The 99th percentile of each read.
    async fn measure(&self, filled: &Filled, reads: Vec<Read>) -> anyhow::Result<BTreeMap<String, f64>> {
        let mut all = BTreeMap::new();
        for read in reads {
            let p99 = exact_ms(&self.repeat(filled, &read).await?, 0.99);
            all.insert(read.name, round(p99));
        }
        Ok(all)
    }

    /// The processor time of each repetition; the first one, which prepares statements, is not among them.
    async fn repeat(&self, filled: &Filled, read: &Read) -> anyhow::Result<Vec<Duration>> {
        read.run(filled).await?;
        let (mut samples, mut all) = (Vec::new(), Duration::ZERO);
        while samples.len() < usize::from(self.repeats) && (samples.len() < LEAST || all < LONG) {
            let before = process_time();
            read.run(filled).await?;
            let took = process_time().saturating_sub(before);
            all += took;
            samples.push(took);
        }
        Ok(samples)
    }
}

/// The read with the highest value; of equal ones, the first by name.
fn worst(panels: &BTreeMap<String, f64>) -> (String, f64) {
    let highest = panels.iter().rev().max_by(|one, other| one.1.total_cmp(other.1));
    highest.map(|(name, ms)| (name.clone(), *ms)).unwrap_or_default()
}

/// The processor time that this process has used so far.
fn process_time() -> Duration {
    time_of(ClockId::ProcessCPUTime)
}

/// The processor time that this thread has used so far.
fn thread_time() -> Duration {
    time_of(ClockId::ThreadCPUTime)
}

fn time_of(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_panel_is_the_slowest_and_of_equal_ones_the_first() {
        let of = |panels: &[(&str, f64)]| worst(&panels.iter().map(|(name, ms)| ((*name).to_owned(), *ms)).collect());
        assert_eq!(of(&[("a", 1.0), ("b", 7.5), ("c", 7.5), ("d", 0.0)]), ("b".to_owned(), 7.5));
        assert_eq!(of(&[]), (String::new(), 0.0));
    }

    #[test]
    fn work_takes_processor_time_and_a_thread_no_more_than_its_process() {
        let (process, thread) = (process_time(), thread_time());
        let sum = (0..2_000_000_u64).fold(0, |sum: u64, n| std::hint::black_box(sum ^ n.wrapping_mul(31)));
        assert_ne!(sum, 1);
        let thread = thread_time().saturating_sub(thread);
        assert!(thread > Duration::ZERO && process_time().saturating_sub(process) >= thread);
    }
}
