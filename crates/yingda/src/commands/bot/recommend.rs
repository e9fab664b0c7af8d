//! `yingda bot recommend`

use std::io::Write as _;

use clap::Args;

/// The visitors are made up, with known tastes, the same every time.
#[derive(Args)]
pub struct Recommend {
    /// The number of items.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    items: usize,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Recommend {
    /// Learns, measures and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let report = bot_lab::recommend::run(self.items)?;
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            writeln!(out, "items, visitors     {}, {}", report.items, report.visitors)?;
            writeln!(out, "learning took       {:.1} s, {:.0} MB of matrices", report.train_seconds, report.matrix_mb)?;
            writeln!(out, "measuring took      {:.1} s", report.measure_seconds)?;
            writeln!(out, "the model has       {:.1} MB", report.model_mb)?;
            writeln!(out, "ranking took        {:.0} us", report.rank_us)?;
            writeln!(out, "HR@10, popularity   {:.3}, {:.3}", report.hr10, report.hr10_popularity)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_items_is_checked() {
        let parse = |arguments: &[&str]| Recommend::augment_args(clap::Command::new("recommend")).try_get_matches_from(arguments);
        assert!(parse(&["recommend", "--items", "few"]).unwrap_err().to_string().contains("--items"));
        assert!(parse(&["recommend", "--json"]).is_ok());
        assert!(Recommend { items: 9, json: true }.run().unwrap_err().to_string().contains("9 items"));
    }
}
