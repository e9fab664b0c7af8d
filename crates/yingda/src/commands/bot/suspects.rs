//! `yingda bot suspects`

use std::{io::Write as _, path::PathBuf};

use bot_lab::labelled::{Part, read};
use clap::Args;

/// The file has one of the forms that `bot eval` reads.
#[derive(Args)]
pub struct Suspects {
    /// The labelled set to search.
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// Print at most this many rows, most suspicious first; without it, as many as are probably mislabelled.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    budget: Option<u32>,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Suspects {
    /// Searches and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let rows = read(&self.train, Part::Train, false)?;
        let found = bot::suspects::find(&rows, self.budget.map(|budget| budget as usize))?;
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::json!({ "suspects": found }))?;
            return Ok(());
        }
        for suspect in &found {
            let text = rows.get(suspect.row - 1).map_or("", |(text, _)| text.as_str());
            writeln!(out, "row {}: {} -> {}: {text}", suspect.row, suspect.label, suspect.likely)?;
        }
        writeln!(out, "{} of {} rows are probably mislabelled", found.len(), rows.len())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_a_positive_number() {
        let parse = |arguments: &[&str]| Suspects::augment_args(clap::Command::new("suspects")).try_get_matches_from(arguments);
        assert!(parse(&["suspects"]).unwrap_err().to_string().contains("--train"));
        for wrong in ["0", "-1", "many"] {
            assert!(parse(&["suspects", "--train", "a", &format!("--budget={wrong}")]).unwrap_err().to_string().contains("--budget"), "{wrong}");
        }
        assert!(parse(&["suspects", "--train", "a", "--budget", "20", "--json"]).is_ok());
    }
}
