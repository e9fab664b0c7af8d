//! `yingda bot mine`

use std::{io::Write as _, path::PathBuf};

use bot_lab::{labelled::read_texts, mining};
use clap::Args;

/// The file has one text per line, or is a CSV with a column `text`, or JSON lines with `text`.
#[derive(Args)]
pub struct Mine {
    /// The lines that were not answered.
    #[arg(long, value_name = "FILE")]
    unanswered: PathBuf,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Mine {
    /// Clusters and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let lines = read_texts(&self.unanswered)?;
        let clusters = mining::clusters(&lines);
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::json!({ "clusters": clusters }))?;
            return Ok(());
        }
        for cluster in &clusters {
            writeln!(out, "{} x {}", cluster.texts.len(), cluster.name)?;
        }
        let within: usize = clusters.iter().map(|cluster| cluster.texts.len()).sum();
        writeln!(out, "{within} of {} lines are in {} clusters", lines.len(), clusters.len())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_needed() {
        let parse = |arguments: &[&str]| Mine::augment_args(clap::Command::new("mine")).try_get_matches_from(arguments);
        assert!(parse(&["mine", "--json"]).unwrap_err().to_string().contains("--unanswered"));
        assert!(parse(&["mine", "--unanswered", "a.txt", "--json"]).is_ok());
        let error = Mine { unanswered: "no-such.txt".into(), json: true }.run().unwrap_err();
        assert!(error.to_string().contains("cannot read no-such.txt"));
    }
}
