//! The SQL on Flink, in a process of its own that reads and writes files: a job in batches, or over a stream that is still arriving.

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use db::{Error, Result, bulk::Value};
use serde::Deserialize;
use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
};
use uuid::Uuid;

use super::{World, engines::Sink};
use crate::{
    definition::{DEFINITIONS, Split},
    portable::flink,
    rows::Event,
};

/// In how many pieces the events arrive.
const PIECES: usize = 24;
/// The time between two pieces.
const PAUSE: Duration = Duration::from_millis(60);
/// The time between two looks at what the process has done.
const LOOK: Duration = Duration::from_millis(25);
/// The most time that a run may take.
const PATIENCE: Duration = Duration::from_secs(1_200);
/// What the runner prints once its job works.
const RUNNING: &str = "running";
/// The most lines of the process's log that are shown.
const TOLD: usize = 12;

/// How a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Over everything at once.
    Batch,
    /// Over events that are still arriving, with results that are corrected.
    Stream,
}

/// Flink as an engine.
#[derive(Debug, Clone)]
pub struct Flink {
    /// The folder with Flink's libraries in `lib` and ours in `usrlib`.
    pub home: PathBuf,
    /// A folder for its files, which does not exist yet.
    pub folder: PathBuf,
    /// How the job runs.
    pub mode: Mode,
    /// Whether the process is killed once in the middle of its work: a batch then begins anew, a stream continues from its last checkpoint.
    pub is_killed: bool,
}

/// A line of the result: the amount of a measure in a minute, for one value of each dimension.
#[derive(Deserialize)]
struct Line {
    tenant_id: Uuid,
    cell: String,
    starts_at: i64,
    channel: String,
    queue: String,
    agent: String,
    group_id: String,
    site: String,
    lang: String,
    goods: String,
    category: String,
    topic: String,
    amount: i64,
}

/// What an amount is of.
type Key = (Uuid, String, i64, [String; Split::EACH.len()]);

impl Flink {
    fn events(&self) -> PathBuf {
        self.folder.join("events")
    }
    fn amounts(&self) -> PathBuf {
        self.folder.join("amounts")
    }
    fn checkpoints(&self) -> PathBuf {
        self.folder.join("checkpoints")
    }
    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
    fn script(&self) -> PathBuf {
        self.folder.join("job.sql")
    }

    fn job(&self) -> String {
        let with = |path: &Path| format!("WITH ('connector' = 'yingda-file', 'path' = '{}', 'format' = 'json')", path.display());
        flink::job(&DEFINITIONS, &with(&self.events()), &with(&self.amounts()), false)
    }

    /// Starts the process; its job continues from a checkpoint, if there is one.
    fn start(&self, checkpoint: Option<&Path>) -> Result<Child> {
        let mut options = vec!["parallelism.default=1".to_owned()];
        match self.mode {
            Mode::Batch => options.push("execution.runtime-mode=BATCH".to_owned()),
            Mode::Stream => {
                let own = [
                    "execution.runtime-mode=STREAMING".to_owned(),
                    "execution.checkpointing.interval=400 ms".to_owned(),
                    "execution.checkpointing.externalized-checkpoint-retention=RETAIN_ON_CANCELLATION".to_owned(),
                    format!("execution.checkpointing.dir=file://{}", self.checkpoints().display()),
                    "table.exec.mini-batch.enabled=true".to_owned(),
                    "table.exec.mini-batch.allow-latency=300 ms".to_owned(),
                    "table.exec.mini-batch.size=5000".to_owned(),
                ];
                options.extend(own);
            }
        }
        options.extend(checkpoint.map(|path| format!("execution.state-recovery.path=file://{}", path.display())));
        let libraries = format!("{home}/lib/*:{home}/usrlib/*", home = self.home.display());
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log())?;
        let mut command = Command::new("java");
        command.args(["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]);
        for package in ["java.lang", "java.util", "java.time", "java.nio", "java.net", "java.util.concurrent"] {
            command.arg(format!("--add-opens=java.base/{package}=ALL-UNNAMED"));
        }
        command.arg("-cp").arg(libraries).arg("yingda.flink.SqlRunner").arg(self.script()).args(options);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        command.spawn().map_err(|error| Error::Corrupt(format!("java does not start: {error}")))
    }

    /// Waits until the job works.
    async fn running(&self, child: &mut Child) -> Result<()> {
        let mut log = File::options().append(true).open(self.log()).await?;
        let Some(out) = child.stdout.take() else { return Err(self.failed()) };
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next_line().await? {
            if line == RUNNING {
                // What follows goes to the log as well.
                tokio::spawn(async move {
                    while let Ok(Some(line)) = lines.next_line().await {
                        log.write_all(format!("{line}\n").as_bytes()).await?;
                    }
                    log.flush().await
                });
                return Ok(());
            }
            log.write_all(format!("{line}\n").as_bytes()).await?;
        }
        log.flush().await?;
        Err(self.failed())
    }

    /// Waits until the process has ended.
    async fn ended(&self, mut child: Child) -> Result<()> {
        match child.wait().await?.success() {
            true => Ok(()),
            false => Err(self.failed()),
        }
    }

    /// The latest complete checkpoint.
    fn checkpoint(&self) -> Option<PathBuf> {
        let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let taken = |path: &PathBuf| path.join("_metadata").metadata().and_then(|file| file.modified()).ok();
        inside(self.checkpoints()).flat_map(inside).filter(|path| taken(path).is_some()).max_by_key(taken)
    }

    /// What the end of the log says.
    fn failed(&self) -> Error {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let causes: Vec<&str> = log.lines().filter(|line| !line.trim_start().starts_with("at ") && !line.trim().is_empty()).collect();
        Error::Corrupt(format!("Flink did not finish its job:\n{}", causes.get(causes.len().saturating_sub(TOLD)..).unwrap_or_default().join("\n")))
    }
}

/// Runs the job, and puts what it computed.
pub(super) async fn query(flink: &Flink, world: &World, sink: Sink<'_>) -> Result<()> {
    std::fs::create_dir(&flink.folder)?;
    std::fs::write(flink.script(), flink.job())?;
    tokio::time::timeout(PATIENCE, run(flink, world)).await.map_err(|_| Error::Corrupt("Flink takes too long".to_owned()))??;
    put(flink, sink)
}

async fn run(flink: &Flink, world: &World) -> Result<()> {
    let mut file = File::create(flink.events()).await?;
    let mut child = flink.start(None)?;
    flink.running(&mut child).await?;
    for (piece, facts) in world.facts.chunks(world.facts.len().div_ceil(PIECES)).enumerate() {
        file.write_all(lines(&world.events(facts))?.as_bytes()).await?;
        file.flush().await?;
        if flink.mode == Mode::Stream {
            tokio::time::sleep(PAUSE).await;
        }
        if piece == PIECES / 2 && flink.is_killed {
            child = kill(flink, child).await?;
        }
    }
    // The end.
    file.write_all(b"\n").await?;
    file.flush().await?;
    flink.ended(child).await
}

/// Kills the process, which gets no chance to put anything in order, and starts another one.
async fn kill(flink: &Flink, mut child: Child) -> Result<Child> {
    while flink.mode == Mode::Stream && flink.checkpoint().is_none() {
        if child.try_wait()?.is_some() {
            return Err(flink.failed());
        }
        tokio::time::sleep(LOOK).await;
    }
    child.kill().await?;
    let checkpoint = flink.checkpoint();
    if flink.mode == Mode::Batch && flink.amounts().exists() {
        std::fs::remove_dir_all(flink.amounts())?;
    }
    let mut next = flink.start(checkpoint.as_deref())?;
    flink.running(&mut next).await?;
    Ok(next)
}

/// Events as lines of JSON.
fn lines(events: &[Event]) -> Result<String> {
    let mut text = String::new();
    for event in events {
        let line = serde_json::to_string(&object(event)).map_err(|error| Error::Corrupt(error.to_string()))?;
        writeln!(text, "{line}").map_err(|error| Error::Corrupt(error.to_string()))?;
    }
    Ok(text)
}

/// An event as JSON: what has no value is not there.
fn object(event: &Event) -> serde_json::Map<String, serde_json::Value> {
    let values = Event::COLUMNS.iter().zip(event.values()).filter_map(|(name, value)| {
        let value: serde_json::Value = match value {
            Value::Uuid(id) | Value::Id(Some(id)) => id.to_string().into(),
            Value::Int(Some(number)) => number.into(),
            Value::Text(Some(text)) => text.into(),
            _ => return None,
        };
        Some(((*name).to_owned(), value))
    });
    values.collect()
}

/// Adds up what changed, and puts what came of it.
fn put(flink: &Flink, (amounts, names): Sink<'_>) -> Result<()> {
    let mut parts: Vec<PathBuf> = std::fs::read_dir(flink.amounts())?.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<_>>()?;
    parts.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    parts.sort_by_key(|path| number(path));
    let mut now: HashMap<Key, i64> = HashMap::new();
    for part in &parts {
        for line in std::fs::read_to_string(part)?.lines() {
            apply(&mut now, line)?;
        }
    }
    let none = names.part("");
    for ((tenant, cell, starts_at, parts), amount) in now {
        let parts = parts.each_ref().map(|part| names.part(part));
        amounts.put_minute((tenant, names.cell(&cell)?), starts_at, &parts, none, amount)?;
    }
    Ok(())
}

/// The place of a file among the files of the result, which is the last number in its name.
fn number(path: &Path) -> u64 {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.rsplit(|letter: char| !letter.is_ascii_digit()).find(|piece| !piece.is_empty()).and_then(|piece| piece.parse().ok()).unwrap_or_default()
}

/// One change: `+I` and `+U` bring an amount, `-U` and `-D` take back the one that was there.
fn apply(now: &mut HashMap<Key, i64>, line: &str) -> Result<()> {
    let wrong = || Error::Corrupt(format!("a change that Flink wrote: {line}"));
    let (kind, row) = line.split_at_checked(2).ok_or_else(wrong)?;
    let Line { tenant_id, cell, starts_at, channel, queue, agent, group_id, site, lang, goods, category, topic, amount } =
        serde_json::from_str(row).map_err(|_| wrong())?;
    let key = (tenant_id, cell, starts_at, [channel, queue, agent, group_id, site, lang, goods, category, topic]);
    let before = match kind {
        "+I" | "+U" => now.insert(key, amount),
        "-U" | "-D" => now.remove(&key).filter(|known| *known != amount),
        _ => return Err(wrong()),
    };
    before.map_or(Ok(()), |_| Err(wrong()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"tenant_id":"00000000-0000-0000-0000-00000000000b","cell":"dialogue","starts_at":60000,"channel":"web","queue":"","agent":"","group_id":"","site":"","lang":"","goods":"","category":"","topic":"","amount":"#;

    #[test]
    fn changes_are_added_up_and_must_fit_together() {
        let mut now = HashMap::new();
        let mut change = |kind: &str, amount: i64| apply(&mut now, &format!("{kind}{ROW}{amount}}}")).map(|()| now.values().copied().collect::<Vec<_>>());
        assert_eq!(change("+I", 1).unwrap(), [1]);
        assert_eq!(change("-U", 1).unwrap(), Vec::<i64>::new());
        assert_eq!(change("+U", 2).unwrap(), [2]);
        assert!(change("+U", 3).is_err(), "the one before was not taken back");
        assert!(change("-D", 2).is_err(), "and it is another one now");
        assert!(change("??", 2).is_err() && apply(&mut HashMap::new(), "+").is_err());
    }

    #[test]
    fn files_are_read_in_their_order() {
        let order = |names: [&str; 3]| names.map(|name| number(Path::new(name)));
        assert_eq!(order(["/a/part-0-2", "/a/part-0-10", "/7/part-0-0"]), [2, 10, 0]);
    }
}
