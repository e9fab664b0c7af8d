//! `yingda bot bench`

use std::io::Write as _;

use clap::Args;

/// The 99th percentile above which answers are reported as slow, in microseconds.
const SLOW_US: f64 = 50_000.0;

/// The knowledge is made up in both languages, the same every time.
#[derive(Args)]
pub struct Bench {
    /// The number of entries of the knowledge.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    faqs: usize,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Bench {
    /// Trains, asks and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let report = bot_lab::bench::run(self.faqs)?;
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            writeln!(out, "entries             {}", report.faqs)?;
            writeln!(out, "training took       {:.1} s", report.train_seconds)?;
            writeln!(out, "p50, p99 per line   {:.0} us, {:.0} us", report.p50_us, report.p99_us)?;
        }
        if report.p99_us > SLOW_US {
            writeln!(std::io::stderr(), "slow: one answer in a hundred takes more than {:.0} ms", SLOW_US / 1000.0)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_entries_is_checked() {
        let parse = |arguments: &[&str]| Bench::augment_args(clap::Command::new("bench")).try_get_matches_from(arguments);
        assert!(parse(&["bench", "--faqs", "few"]).unwrap_err().to_string().contains("--faqs"));
        assert!(parse(&["bench", "--json"]).is_ok());
        assert!(Bench { faqs: 0, json: true }.run().unwrap_err().to_string().contains("0 entries"));
    }
}
