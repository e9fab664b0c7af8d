//! `yingda bot …`

mod answer;
mod bench;
mod dialogues;
mod eval;
mod files;
mod mine;
mod model;
mod recommend;
mod replay;
mod suspects;

use clap::{Args, Subcommand};

/// Commands for the bot.
#[derive(Args)]
pub struct BotCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer what a customer writes, with the bot of a knowledge in files.
    Answer(answer::Answer),
    /// Measure how long a bot with a large, made-up knowledge takes to answer.
    Bench(bench::Bench),
    /// Hold conversations whose turns are known to be right or wrong, and count how a bot does.
    Dialogues(dialogues::Dialogues),
    /// Train the classifier on one labelled set and measure it on another.
    Eval(eval::Eval),
    /// Find out what unanswered lines ask: clusters, each named by its most central line.
    Mine(mine::Mine),
    /// Measure how long recommendations of many items take to learn, and how good they are.
    Recommend(recommend::Recommend),
    /// Ask a bot questions whose answers are known, and count how it does.
    Replay(replay::Replay),
    /// Find lines of a labelled set that are probably mislabelled.
    Suspects(suspects::Suspects),
}

impl BotCommand {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Answer(answer) => answer.run(),
            Command::Bench(bench) => bench.run(),
            Command::Dialogues(dialogues) => dialogues.run(),
            Command::Eval(eval) => eval.run(),
            Command::Mine(mine) => mine.run(),
            Command::Recommend(recommend) => recommend.run(),
            Command::Replay(replay) => replay.run(),
            Command::Suspects(suspects) => suspects.run(),
        }
    }
}
