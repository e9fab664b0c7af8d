//! `yingda bot eval`

use std::{io::Write as _, path::PathBuf, sync::Arc};

use bot::embed::Vectors;
use bot_lab::eval::{self, Report, Sets};
use bot_lab::labelled::{Part, has_parts, read};
use clap::Args;

use super::model::Model;

/// Each file is a CSV with the header `text,label`, JSON lines with `sentence` and `label`, a folder with `seq.in` and `label`, or one JSON object with
/// `train`, `val` and `test`. The latter can be named for both `--train` and `--test`: its own parts are used.
#[derive(Args)]
pub struct Eval {
    /// The set to train on.
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The set to measure on; nothing is chosen by it.
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// The set on which the limit between lines within the scope and lines out of it is chosen. Without it, `val` of the training file, or else training lines.
    #[arg(long, value_name = "FILE")]
    dev: Option<PathBuf>,
    /// The label of lines that are out of scope.
    #[arg(long, value_name = "LABEL")]
    oos: Option<String>,
    /// A folder with a model of sentence embeddings (`config.json`, `tokenizer.json`, `model.safetensors`), whose vectors take part. Needs a program built with
    /// the feature `embed`. The times per line are without those of the model.
    #[arg(long, value_name = "DIR")]
    embed: Option<PathBuf>,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Eval {
    /// Trains and measures.
    pub fn run(self) -> anyhow::Result<()> {
        let with_oos = self.oos.is_some();
        let dev = match &self.dev {
            Some(file) => read(file, Part::Dev, with_oos)?,
            None if has_parts(&self.train)? => read(&self.train, Part::Dev, with_oos)?,
            None => Vec::new(),
        };
        let (train, test) = (read(&self.train, Part::Train, with_oos)?, read(&self.test, Part::Test, with_oos)?);
        let vectors = match &self.embed {
            Some(folder) => {
                let texts = train.iter().chain(&dev).chain(&test).map(|(text, _)| text.clone());
                let vectors: Arc<dyn Vectors> = Arc::new(Model::open(folder)?.vectors(texts)?);
                Some(vectors)
            }
            None => None,
        };
        let report = eval::run(&Sets { train: &train, dev: &dev, test: &test, oos: self.oos.as_deref(), vectors: vectors.as_ref() })?;
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            print(&mut out, &report)?;
        }
        Ok(())
    }
}

fn print(out: &mut impl std::io::Write, report: &Report) -> std::io::Result<()> {
    writeln!(out, "accuracy            {:.2} %", report.accuracy * 100.0)?;
    writeln!(out, "macro F1            {:.3}", report.macro_f1)?;
    writeln!(out, "calibration error   {:.3}", report.ece)?;
    writeln!(out, "risk-coverage area  {:.4}", report.aurc)?;
    writeln!(out, "answered at 90 %    {:.1} %", report.coverage_at_p90 * 100.0)?;
    writeln!(out, "answered at 95 %    {:.1} %", report.coverage_at_p95 * 100.0)?;
    if let Some(separation) = report.oos_auroc {
        writeln!(out, "scope, AUROC        {separation:.3}")?;
    }
    if let Some(recall) = report.oos_recall {
        writeln!(out, "out of scope found  {:.1} %", recall * 100.0)?;
    }
    if let Some(accuracy) = report.in_scope_accuracy_at_threshold {
        writeln!(out, "right within scope  {:.1} %", accuracy * 100.0)?;
    }
    writeln!(out, "p50, p99 per line   {:.0} us, {:.0} us", report.p50_us, report.p99_us)?;
    writeln!(out, "training took       {:.1} s", report.train_seconds)?;
    writeln!(out, "model               {:.1} MB", report.model_bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_needed() {
        let parse = |arguments: &[&str]| Eval::augment_args(clap::Command::new("eval")).try_get_matches_from(arguments);
        assert!(parse(&["eval", "--train", "a.csv"]).unwrap_err().to_string().contains("--test"));
        assert!(parse(&["eval", "--train", "a", "--test", "b", "--oss", "oos"]).unwrap_err().to_string().contains("--oos"));
        assert!(parse(&["eval", "--train", "a", "--test", "b", "--dev", "c", "--oos", "oos", "--json"]).is_ok());
    }

    #[test]
    fn a_missing_file_is_named() {
        let eval = Eval { train: "no-such.csv".into(), test: "no-such.csv".into(), dev: None, oos: None, embed: None, json: true };
        assert!(eval.run().unwrap_err().to_string().contains("cannot read no-such.csv"));
    }

    #[test]
    fn a_model_that_cannot_be_used_is_an_error_that_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lines.csv");
        std::fs::write(&file, "text,label\na,x\nb,y\n").unwrap();
        let embed = Some(folder.path().to_owned());
        let eval = Eval { train: file.clone(), test: file, dev: None, oos: None, embed, json: true };
        let error = eval.run().unwrap_err().to_string();
        let expected = if cfg!(feature = "embed") { "config.json" } else { "--features embed" };
        assert!(error.starts_with("--embed: ") && error.contains(expected), "{error}");
    }
}
