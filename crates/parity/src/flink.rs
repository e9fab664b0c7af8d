//! The SQL on Flink, in a process of its own that reads and writes files: a job in batches, or over a stream that is still arriving.

use domain::dimension::Dimension;
use std::{
    collections::HashMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use db::{Error, Result};
use serde::Deserialize;
use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
};
use uuid::Uuid;
use warehouse::{DEFINITIONS, Event, definition::column, outside, portable::flink};

use super::{World, engines::Sink};

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
    amount: i64,
    /// The value of each dimension, by the name of its column.
    #[serde(flatten)]
    parts: HashMap<String, String>,
}

/// What an amount is of.
type Key = (Uuid, String, i64, [String; Dimension::EACH.len()]);

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
        let mut options = vec!["parallelism.default=1".to_owned(), format!("io.tmp.dirs={}", self.folder.display())];
        match self.mode {
            Mode::Batch => options.push("execution.runtime-mode=BATCH".to_owned()),
            Mode::Stream => {
                let own = [
                    "execution.runtime-mode=STREAMING".to_owned(),
                    // As deployed: what is known of every conversation does not fit into the heap for long.
                    "state.backend.type=rocksdb".to_owned(),
                    "taskmanager.memory.managed.size=256m".to_owned(),
                    "execution.checkpointing.incremental=true".to_owned(),
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
        // Otherwise a killed process leaves its files in /tmp.
        command.arg(format!("-Djava.io.tmpdir={}", self.folder.display()));
        for package in ["java.lang", "java.util", "java.time", "java.nio", "java.net", "java.util.concurrent"] {
            command.arg(format!("--add-opens=java.base/{package}=ALL-UNNAMED"));
        }
        command.arg("-cp").arg(libraries).arg("yingda.flink.SqlRunner").arg(self.script()).args(options);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        command.spawn().map_err(|error| Error::Corrupt(format!("java does not start: {error}")))
    }

    /// Waits until the job works.
    async fn wait_until_running(&self, child: &mut Child) -> Result<()> {
        let mut log = File::options().append(true).open(self.log()).await?;
        let Some(out) = child.stdout.take() else { return Err(self.failure()) };
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
        Err(self.failure())
    }

    /// Waits until the process has ended.
    async fn wait_until_ended(&self, mut child: Child) -> Result<()> {
        match child.wait().await?.success() {
            true => Ok(()),
            false => Err(self.failure()),
        }
    }

    /// The latest complete checkpoint.
    fn checkpoint(&self) -> Option<PathBuf> {
        let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let taken = |path: &PathBuf| path.join("_metadata").metadata().and_then(|file| file.modified()).ok();
        inside(self.checkpoints()).flat_map(inside).filter(|path| taken(path).is_some()).max_by_key(taken)
    }

    /// What the end of the log says.
    fn failure(&self) -> Error {
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
    flink.wait_until_running(&mut child).await?;
    let mut killed = false;
    for (piece, facts) in world.facts.chunks(world.facts.len().div_ceil(PIECES)).enumerate() {
        file.write_all(lines(&world.events(facts))?.as_bytes()).await?;
        file.flush().await?;
        if flink.mode == Mode::Stream {
            tokio::time::sleep(PAUSE).await;
        }
        // Half of them, or the last one if there are few.
        if flink.is_killed && !killed && (piece + 1) * 2 >= PIECES {
            child = kill(flink, child).await?;
            killed = true;
        }
    }
    // The end.
    file.write_all(b"\n").await?;
    file.flush().await?;
    flink.wait_until_ended(child).await
}

/// Kills the process, which gets no chance to put anything in order, and starts another one.
async fn kill(flink: &Flink, mut child: Child) -> Result<Child> {
    while flink.mode == Mode::Stream && flink.checkpoint().is_none() {
        if child.try_wait()?.is_some() {
            return Err(flink.failure());
        }
        tokio::time::sleep(LOOK).await;
    }
    child.kill().await?;
    let checkpoint = flink.checkpoint();
    if flink.mode == Mode::Batch && flink.amounts().exists() {
        std::fs::remove_dir_all(flink.amounts())?;
    }
    let mut next = flink.start(checkpoint.as_deref())?;
    flink.wait_until_running(&mut next).await?;
    Ok(next)
}

/// Events as lines of JSON.
fn lines(events: &[Event]) -> Result<String> {
    let mut text = String::new();
    for event in events {
        let line = serde_json::to_string(&outside::json(event)).map_err(|error| Error::Corrupt(error.to_string()))?;
        writeln!(text, "{line}").map_err(|error| Error::Corrupt(error.to_string()))?;
    }
    Ok(text)
}

/// Adds up what changed, and puts what came of it.
fn put(flink: &Flink, (amounts, names): Sink<'_>) -> Result<()> {
    let none = names.part("");
    for ((tenant, cell, starts_at, parts), amount) in add_up(read(&flink.amounts())?)? {
        let parts = parts.each_ref().map(|part| names.part(part));
        amounts.put_minute((tenant, names.cell(&cell)?), starts_at, &parts, none, amount)?;
    }
    Ok(())
}

/// The lines of all complete files; the names of those that are not begin with a dot.
fn read(folder: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            lines.extend(std::fs::read_to_string(entry.path())?.lines().map(str::to_owned));
        }
    }
    Ok(lines)
}

/// What the changes come to. Each line has its number in their order, and what it does: `+I` and `+U` bring an amount, `-U` and `-D` take back the one that was
/// there.
fn add_up(lines: Vec<String>) -> Result<HashMap<Key, i64>> {
    let mut changes = lines.iter().map(|line| change(line).ok_or_else(|| wrong(line))).collect::<Result<Vec<_>>>()?;
    changes.sort_by_key(|(order, ..)| *order);
    let mut now: HashMap<Key, i64> = HashMap::new();
    for (order, comes, key, amount) in changes {
        let fits = match comes {
            true => now.insert(key, amount).is_none(),
            false => now.remove(&key) == Some(amount),
        };
        if !fits {
            return Err(wrong(&order.to_string()));
        }
    }
    Ok(now)
}

/// A line: its number, whether an amount comes, and which.
fn change(line: &str) -> Option<(u64, bool, Key, i64)> {
    let (order, rest) = line.split_once(' ')?;
    let (kind, row) = rest.split_at_checked(2)?;
    let comes = match kind {
        "+I" | "+U" => true,
        "-U" | "-D" => false,
        _ => return None,
    };
    let Line { tenant_id, cell, starts_at, amount, mut parts } = serde_json::from_str(row).ok()?;
    let mut values = [const { String::new() }; Dimension::EACH.len()];
    for (value, split) in values.iter_mut().zip(Dimension::EACH) {
        *value = parts.remove(column(split))?;
    }
    Some((order.parse().ok()?, comes, (tenant_id, cell, starts_at, values), amount))
}

fn wrong(line: &str) -> Error {
    Error::Corrupt(format!("a change that Flink wrote: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: &str =
        r#""channel":"web","queue":"","agent":"","group_id":"","department":"","site":"","lang":"","goods":"","category":"","topic":"","entry":"","band":"""#;

    fn line(order: u64, kind: &str, amount: i64) -> String {
        format!(r#"{order} {kind}{{"tenant_id":"{}","cell":"dialogue","starts_at":60000,{PARTS},"amount":{amount}}}"#, Uuid::from_u128(11))
    }

    #[test]
    fn changes_are_added_up_in_their_order_and_must_fit_together() {
        let amounts = |lines: &[String]| add_up(lines.to_vec()).map(|now| now.into_values().collect::<Vec<_>>());
        let (first, back, second) = (line(8, "+I", 1), line(9, "-U", 1), line(10, "+U", 2));
        assert_eq!(amounts(&[second.clone(), first.clone(), back.clone()]).unwrap(), [2]);
        assert_eq!(amounts(&[back.clone(), first.clone()]).unwrap(), Vec::<i64>::new());
        assert!(amounts(&[first.clone(), second.clone()]).is_err(), "the one before was not taken back");
        assert!(amounts(&[first, line(9, "-D", 2)]).is_err(), "and it is another one");
        assert!(amounts(&[back]).is_err(), "and there is none");
        assert!(amounts(&[line(1, "??", 2)]).is_err() && amounts(&["+".to_owned()]).is_err());
    }

    #[test]
    fn what_is_not_complete_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("part-1", "a\nb\n"), (".part-2.inprogress", "c\n")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(read(folder.path()).unwrap(), ["a", "b"]);
    }

    #[test]
    fn a_job_that_fails_says_why_and_continues_only_from_a_complete_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let flink = Flink { home: folder.path().to_owned(), folder: folder.path().to_owned(), mode: Mode::Stream, is_killed: true };
        std::fs::write(flink.log(), "fine\n\tat yingda.flink.SqlRunner\nCaused by: no such table\n").unwrap();
        let said = flink.failure().to_string();
        assert!(said.ends_with("fine\nCaused by: no such table"), "{said}");
        assert_eq!(flink.checkpoint(), None);
        let complete = flink.checkpoints().join("job/chk-2");
        std::fs::create_dir_all(&complete).unwrap();
        std::fs::create_dir_all(flink.checkpoints().join("job/chk-3")).unwrap();
        assert_eq!(flink.checkpoint(), None, "neither is complete");
        std::fs::write(complete.join("_metadata"), "").unwrap();
        assert_eq!(flink.checkpoint(), Some(complete));
    }
}
