//! `yingda-bench freshness`: measures the time until viewers of the live panel see an event in its numbers.

mod feed;
mod matching;
mod messages;

use std::{path::PathBuf, time::Duration};

use serde::Serialize;

use crate::{percentile::Histogram, procfs, report, server::Common};

/// Where the events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// Customers send durable messages to a server of its own, and viewers follow the panel over WebSocket: the whole way.
    Messages,
    /// In this process, without a server: events are counted and the panel's numbers computed as the server does it, and handed to viewers in memory.
    Feed,
}

/// Measures the time until viewers of the live panel see an event in its numbers.
#[derive(Debug, clap::Args)]
pub struct Freshness {
    /// Where the events come from.
    #[arg(long, value_enum, default_value_t = Source::Messages)]
    source: Source,
    /// Events a second.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    rate: u32,
    /// How many seconds events happen.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// The number of viewers.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    viewers: u32,
    /// With messages: a file that gets the path of the server's data folder once the server runs, for whoever has to start the engine of its numbers.
    #[arg(long, value_name = "FILE")]
    tell: Option<PathBuf>,
    /// With messages: how many seconds it may take until the panel counts anything, which is before the measurement.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1_800))]
    patience: u32,
    #[command(flatten)]
    common: Common,
}

/// The amount of events and of viewers.
#[derive(Debug, Clone, Copy)]
struct Amount {
    rate: u32,
    seconds: u32,
    viewers: usize,
}

/// What was measured.
struct Seen {
    /// The time until an event was seen, once for each event and viewer.
    delays: Histogram,
    /// How many events there were.
    events: usize,
    /// The load average of the machine before.
    load_before: f64,
}

#[derive(Debug, Serialize)]
struct Result {
    source: &'static str,
    viewers: usize,
    events: usize,
    events_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    load_before: f64,
}

impl Freshness {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let amount = Amount { rate: self.rate, seconds: self.seconds, viewers: self.viewers as usize };
        let load = procfs::load();
        let (source, seen) = match self.source {
            Source::Messages => (
                "messages",
                messages::measure(&self.common, amount, messages::Start { tell: self.tell, patience: Duration::from_secs(self.patience.into()) }).await?,
            ),
            Source::Feed => ("feed", feed::measure(amount, load).await?),
        };
        let Seen { delays, events, load_before } = seen;
        let result = Result {
            source,
            viewers: amount.viewers,
            events,
            events_per_s: report::round(events as f64 / f64::from(amount.seconds)),
            p50_ms: delays.ms(0.5),
            p99_ms: delays.ms(0.99),
            max_ms: delays.ms(1.0),
            load_before,
        };
        report::print(&result, self.common.json)
    }
}
