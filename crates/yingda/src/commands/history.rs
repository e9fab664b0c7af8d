//! `yingda demo history`

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

use anyhow::bail;
use clap::Args;
use demo::{
    history::{MOST_DAYS, MOST_PER_DAY, PER_DAY, SEED, Wanted, Written},
    past::Progress,
};
use platform::env::SystemClock;
use server::{record_mark::RECORD, setup, start};

use super::{data, place::Place, serve::settings};

/// How many days `--days` stands for by default: a year, and the same weeks of the year before.
const DAYS: i64 = 400;

/// Writes conversations into each of the last days that has none. The demo must have been started once, and the server stopped. A past is written only once.
#[derive(Args)]
pub struct History {
    #[command(flatten)]
    place: Place,
    /// How many days before today the past begins.
    #[arg(long, value_name = "N", default_value_t = DAYS, value_parser = clap::value_parser!(i64).range(1..=MOST_DAYS))]
    days: i64,
    /// Determines everything that is left to chance: the same number gives the same past.
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
    /// The conversations of a usual working day; there are fewer on other days, and the further back the fewer.
    #[arg(long, value_name = "N", default_value_t = PER_DAY, value_parser = clap::value_parser!(u32).range(1..=MOST_PER_DAY))]
    per_day: u32,
}

impl History {
    /// Writes the past, and prints what was written.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = self.place.config()?;
        if config.database_url.is_none() && !config.data.join(RECORD).is_file() {
            bail!(
                "there is no record in the data folder {}: start `yingda serve --demo` on it once, stop the server, and run this command again",
                config.data.display()
            );
        }
        let Some(_lock) = data::lock(&config.data)? else {
            bail!("a server is using the data folder {}: stop it, run this command, and start it again", config.data.display());
        };
        // Without its jobs: what is written is past, and nobody waits for what they do.
        let opened = start::open(settings(&config, config.listen)?, super::kafka::outside(&config.analytics)?, Arc::new(SystemClock::default())).await?;
        let wanted = Wanted { days: self.days, per_day: self.per_day, seed: self.seed };
        let mut shown = Shown::default();
        let written = setup::demo::extend(opened.app(), wanted, |progress| shown.show(&progress)).await;
        shown.end();
        opened.app().db().close().await;
        let Written { from, until, days, conversations } = written?;
        println!("{conversations} conversations on {days} days, from {from} to {until}; the panel counts them when the server starts");
        Ok(())
    }
}

/// The progress on stderr: one line that changes on a terminal, and otherwise a line for every twentieth part.
#[derive(Default)]
struct Shown {
    percent: usize,
    is_open: bool,
}

impl Shown {
    /// A line for every so many percent.
    const STEP: usize = 5;

    fn show(&mut self, progress: &Progress) {
        let percent = 100 * progress.done / progress.of.max(1);
        let line = text(percent, progress);
        if std::io::stderr().is_terminal() {
            eprint!("\r{line}");
            let _ = std::io::stderr().flush();
            self.is_open = true;
        } else if percent / Self::STEP > self.percent / Self::STEP {
            eprintln!("{line}");
        }
        self.percent = percent;
    }

    /// Ends the line that changes.
    fn end(&self) {
        if self.is_open {
            eprintln!();
        }
    }
}

fn text(percent: usize, Progress { date, done, of, conversations }: &Progress) -> String {
    format!("{percent:>3} %  {done} of {of} days, up to {date}: {conversations} conversations")
}
