//! `yingda-bench epoch`: the bot never speaks after the conversation left it.
#[derive(Debug, clap::Args)]
pub struct Epoch {}
impl Epoch { pub async fn run(self) -> anyhow::Result<()> { Ok(()) } }
