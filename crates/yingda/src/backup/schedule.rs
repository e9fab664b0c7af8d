//! Backups that the server makes by itself: one after the other, into a folder in which the oldest ones are deleted.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use domain::time::{HOUR, Ts};
use http_kit::App;
use jiff::Timestamp;
use platform::{seal_key::SealKeyFrom, settings::Settings};
use server::setup::admin::{self, MadeBackup};

use super::take::{BackedUp, Source};
use crate::{config, passphrase};

/// How often it is looked whether a backup is due.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// After a failure the next try is this much later, or earlier if backups are more frequent.
const TRY_AGAIN_MS: i64 = HOUR;
/// How the names of these backups begin, and their time (UTC) follows.
const NAME: &str = "yingda-";
const TIME: &str = "%Y-%m-%dT%H%M%SZ";
/// What the name of a backup ends in until it is complete.
const UNFINISHED: &str = ".part";

/// When and where backups are made.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The folder that contains them.
    to: PathBuf,
    /// From the beginning of one backup to that of the next, in milliseconds.
    every_ms: i64,
    /// How many are kept.
    keep: usize,
    /// The file of the passphrase under which they are sealed.
    passphrase_file: Option<PathBuf>,
    /// Where the sealing key is found, with which they are signed.
    key: SealKeyFrom,
}

impl Schedule {
    /// The schedule that the configuration names, if it names one.
    pub fn of(settings: &config::Backup, key: SealKeyFrom) -> anyhow::Result<Option<Self>> {
        let config::Backup { to, every_hours, keep, passphrase_file } = settings.clone();
        let Some(to) = to else { return Ok(None) };
        ensure!((1..=24 * 366).contains(&every_hours), "[backup] `every_hours` must be from 1 to 8784, not {every_hours}");
        ensure!(keep > 0, "[backup] `keep` must be at least 1");
        if let Some(file) = &passphrase_file {
            passphrase::read_private(file).context("[backup] `passphrase_file`")?;
        }
        let every_ms = i64::try_from(every_hours).unwrap_or(i64::MAX).saturating_mul(HOUR);
        Ok(Some(Self { to, every_ms, keep, passphrase_file, key }))
    }

    /// Makes backups for as long as the program runs: on the node that leads, if there are several.
    pub fn start(self, app: &App) {
        let (background, app) = (app.background(), app.clone());
        background.spawn(async move {
            let mut tick = tokio::time::interval(LOOK_EVERY);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                if !app.cluster().leads() || app.cluster().is_draining() {
                    continue;
                }
                if let Err(error) = self.step(&app).await {
                    tracing::warn!(error = %error, "whether a backup is due could not be found out and is asked again");
                }
            }
        });
    }

    /// Makes a backup if one is due, and notes what became of it.
    async fn step(&self, app: &App) -> anyhow::Result<()> {
        let (last, failed) = store::entry_points::last_backups(app.db()).await?;
        let due = due(last.map(|last| last.begun_at), failed.map(|failed| failed.ended_at), self.every_ms);
        let begun_at = app.env().now();
        if due.is_some_and(|due| begun_at < due) {
            return Ok(());
        }
        let place = self.to.join(name(begun_at)?);
        let (this, settings, to) = (self.clone(), app.settings().clone(), place.clone());
        let runtime = tokio::runtime::Handle::current();
        // It copies files for minutes, which must not keep a thread from those who wait for answers.
        let made = tokio::task::spawn_blocking(move || runtime.block_on(this.make(&settings, &to))).await;
        let made = made.unwrap_or_else(|error| Err(error.into()));
        let (bytes, failure) = match &made {
            Ok(bytes) => (*bytes, None),
            Err(error) => (0, Some(format!("{error:#}"))),
        };
        match &failure {
            None => tracing::info!(place = %place.display(), bytes, is_sealed = self.passphrase_file.is_some(), "a backup was made"),
            Some(why) => tracing::error!(place = %place.display(), error = why, "a backup failed and will be tried again"),
        }
        admin::note_backup(app, MadeBackup { begun_at, place, bytes, is_sealed: self.passphrase_file.is_some(), failure }).await?;
        Ok(())
    }

    /// Makes a backup, and then deletes those that are too many; returns how many bytes it has.
    async fn make(&self, settings: &Settings, to: &Path) -> anyhow::Result<u64> {
        ensure!(self.to.is_dir(), "the folder {} for backups does not exist or is not mounted", self.to.display());
        self.remove_unfinished()?;
        let passphrase = self.passphrase_file.as_deref().map(passphrase::read_private).transpose()?;
        let Settings { data, files, database_url, .. } = settings;
        let source = Source { data, files, key: &self.key, database_url: database_url.as_deref(), passphrase: passphrase.as_deref() };
        let BackedUp { manifest, lost, unsigned } = source.back_up(to).await?;
        if let Some(why) = unsigned {
            tracing::warn!(why, "the backup is not signed");
        }
        if !lost.is_empty() {
            let (many, first) = (lost.len(), lost.first().map_or("", String::as_str));
            // What is lost stays lost: the backup has all there is, and making it again would only fill the disk.
            tracing::error!(many, first, files = %files.display(), backup = %to.display(), "files that the record names are missing: the backup was made without them");
        }
        self.remove_old()?;
        Ok(manifest.record.bytes + manifest.file_bytes())
    }

    /// Deletes what a program that was killed left half-written.
    fn remove_unfinished(&self) -> anyhow::Result<()> {
        for name in self.names()?.iter().filter(|name| name.strip_suffix(UNFINISHED).is_some_and(is_name)) {
            remove(&self.to.join(name))?;
        }
        Ok(())
    }

    /// Deletes the oldest backups; those with other names are not touched.
    fn remove_old(&self) -> anyhow::Result<()> {
        let mut names: Vec<String> = self.names()?.into_iter().filter(|name| is_name(name)).collect();
        names.sort();
        let many = names.len().saturating_sub(self.keep);
        names.iter().take(many).try_for_each(|name| remove(&self.to.join(name)))
    }

    fn names(&self) -> anyhow::Result<Vec<String>> {
        let entries = fs::read_dir(&self.to).with_context(|| format!("{} cannot be read", self.to.display()))?;
        entries.filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose()).collect::<Result<_, _>>().map_err(Into::into)
    }
}

/// When the next backup is to be begun: at once if there was none.
fn due(last: Option<Ts>, failed: Option<Ts>, every_ms: i64) -> Option<Ts> {
    let again = failed.map(|at| at.plus(TRY_AGAIN_MS.min(every_ms)));
    let next = last.map(|at| at.plus(every_ms));
    // After a failure it is not waited for longer than until the next try, and not for less.
    again.or(next)
}

fn name(at: Ts) -> anyhow::Result<String> {
    Ok(format!("{NAME}{}", Timestamp::from_millisecond(at.0)?.strftime(TIME)))
}

/// Whether a backup that this made has such a name.
fn is_name(name: &str) -> bool {
    let Some(time) = name.strip_prefix(NAME) else { return false };
    let form = time.chars().map(|char| if char.is_ascii_digit() { '0' } else { char });
    form.eq("0000-00-00T000000Z".chars())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    fs::remove_dir_all(folder).with_context(|| format!("{} cannot be deleted", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(to: &Path) -> Schedule {
        Schedule { to: to.to_owned(), every_ms: HOUR, keep: 2, passphrase_file: None, key: SealKeyFrom::File(to.join("seal.key")) }
    }

    #[test]
    fn one_is_due_at_once_then_at_intervals_and_after_a_failure_soon() {
        let (now, day) = (Ts(1_000 * HOUR), 24 * HOUR);
        assert_eq!(due(None, None, day), None);
        assert_eq!(due(Some(now), None, day), Some(now.plus(day)));
        assert_eq!(due(Some(now), Some(now.plus(day)), day), Some(now.plus(day + HOUR)));
        assert_eq!(due(None, Some(now), HOUR / 2), Some(now.plus(HOUR / 2)));
    }

    #[test]
    fn the_oldest_and_the_half_written_are_deleted_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let others = ["yingda-2026-03-01", "yingda-2026-03-01T031500Z-kept", "notes", "other.part"];
        let mine: Vec<String> = (1..=4).map(|n| name(Ts(n * HOUR)).unwrap()).collect();
        assert_eq!(mine[0], "yingda-1970-01-01T010000Z");
        for name in others.iter().copied().chain(mine.iter().map(String::as_str)).chain(["yingda-1970-01-01T000000Z.part"]) {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let schedule = schedule(folder.path());
        schedule.remove_unfinished().unwrap();
        schedule.remove_old().unwrap();
        let mut left = schedule.names().unwrap();
        left.sort();
        let mut expected: Vec<&str> = others.iter().copied().chain(mine[2..].iter().map(String::as_str)).collect();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }

    #[test]
    fn a_schedule_that_makes_no_sense_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = || SealKeyFrom::File(folder.path().join("seal.key"));
        let settings = config::Backup { to: Some(folder.path().to_owned()), ..config::Backup::default() };
        assert!(Schedule::of(&config::Backup::default(), key()).unwrap().is_none() && Schedule::of(&settings, key()).unwrap().is_some());
        let refused = |settings: config::Backup| format!("{:#}", Schedule::of(&settings, key()).unwrap_err());
        assert!(refused(config::Backup { every_hours: 0, ..settings.clone() }).contains("every_hours"));
        assert!(refused(config::Backup { keep: 0, ..settings.clone() }).contains("keep"));
        let file = Some(folder.path().join("none"));
        assert!(refused(config::Backup { passphrase_file: file, ..settings }).contains("passphrase_file"));
    }
}
