//! How a start obtains the key that the record is sealed with, and which other key the program may open data with. If the key is missing or is not the
//! record's, the start ends before anything is changed.

pub mod resealing;

use db::{Db, Engine};
use domain::time::{Clock, Ts};
use seal::{CannotSeal, Sealer, vault::Vault};
use store::entry_points::{Former, Sealed};

use crate::{
    database_clock::{GONE_AFTER_MS, follow},
    env::Env,
    retry::{until_empty, while_busy},
    seal_key::{SealKey, SealKeyFrom},
    settings::Settings,
};

/// The purpose that a former key is sealed for.
const FORMER: &[u8] = b"former seal key";

/// The keys of this installation.
pub struct Keys {
    key: SealKey,
    former: Option<(Vec<u8>, Ts)>,
}

impl Keys {
    /// The secret that keys for other purposes are derived from.
    pub fn secret(&self) -> &[u8] {
        self.key.bytes()
    }
    /// Signs a backup; see [`SealKey::sign_backup`].
    pub fn sign_backup(&self, digest: &str) -> String {
        self.key.sign_backup(digest)
    }
    /// Seals data that only this installation may read.
    pub fn sealer(&self) -> Sealer {
        Sealer::new(self.secret())
    }
    /// Opens data given to browsers under the former key, for as long as that key is accepted.
    pub fn former_sealer(&self, now: Ts) -> Option<Sealer> {
        self.former(now).map(Sealer::new)
    }
    /// Seals and looks up data that identifies people.
    pub fn vault(&self, now: Ts) -> Vault {
        let vault = Vault::new(self.secret());
        match self.former(now) {
            Some(former) => vault.after(former),
            None => vault,
        }
    }
    fn former(&self, now: Ts) -> Option<&[u8]> {
        self.former.as_ref().filter(|(_, until)| now < *until).map(|(key, _)| key.as_slice())
    }
}

/// What is kept of a key that is being replaced.
fn former(key: &SealKey, replaced: &[u8], until: Ts) -> Result<Former, CannotSeal> {
    Ok(Former { sealed: Sealer::new(key.bytes()).seal(FORMER, replaced)?, until })
}

/// Finds the key before the record is opened. If there is no key and the record does not need a particular one, a key is created: on SQLite, for a record that
/// was never used, or whose key is stored in the record.
pub async fn find(settings: &Settings, engine: &Engine, clock: &dyn Clock) -> store::Result<SealKey> {
    let from = &settings.seal_key;
    let given = from.find().map_err(startup_error)?;
    let kept = match db::look(engine, "installation", clock.now()).await? {
        Some(mut tx) => {
            let sealed = store::entry_points::seal_state(&mut tx).await;
            tx.close().await;
            sealed?
        }
        None => None,
    };
    if let (Some(key), Some(sealed)) = (&given, &kept) {
        must_fit(key, from, sealed)?;
    }
    if matches!(kept, Some(Sealed::KeyInRecord { .. })) {
        must_be_alone(engine, clock).await?;
    }
    match (given, kept) {
        (Some(key), _) => Ok(key),
        (None, None | Some(Sealed::KeyInRecord { begun: None, .. })) => make(from, engine),
        (None, Some(Sealed::Under { fingerprint, .. } | Sealed::KeyInRecord { begun: Some(fingerprint), .. })) => Err(startup_error(format!(
            "there is no sealing key: the file that {from} names does not exist. The record is sealed by the key with the fingerprint {fingerprint}. Put its file back, \
             let `seal_key_file` name it, or give the key in YINGDA_SEAL_KEY. Nothing was changed"
        ))),
    }
}

/// Enters the key into a record that was never used, reseals a record whose key is stored in it, and refuses any key that is not the record's.
pub async fn settle(db: &Db, engine: &Engine, env: &Env, from: &SealKeyFrom, key: SealKey) -> store::Result<Keys> {
    let mut sealed = while_busy(|| store::entry_points::installation(db, env.uuid(), key.fingerprint())).await?;
    must_fit(&key, from, &sealed)?;
    if let Sealed::KeyInRecord { key: replaced, .. } = sealed {
        sealed = resealing::run(db, env, &key, replaced).await?;
        // The replaced key must not remain in SQLite's log either.
        if !until_empty(|| db::empty_log(engine)).await {
            tracing::warn!("the log of the database still holds what the old key sealed: it goes when the program ends");
        }
        must_fit(&key, from, &sealed)?;
    }
    let former = match sealed {
        Sealed::Under { former: Some(Former { sealed, until }), .. } => {
            let opened = Sealer::new(key.bytes()).open(FORMER, &sealed).map(|former| (former, until));
            if opened.is_none() {
                tracing::warn!("the former sealing key does not open: what browsers were given under it is not accepted");
            }
            opened
        }
        _ => None,
    };
    Ok(Keys { key, former })
}

/// The error that stops a start.
fn startup_error(why: impl ToString) -> store::Error {
    store::Error::Db(db::Error::Unsafe(why.to_string()))
}

/// Refuses a key that is not the record's.
fn must_fit(key: &SealKey, from: &SealKeyFrom, sealed: &Sealed) -> store::Result<()> {
    let (Sealed::Under { fingerprint, .. } | Sealed::KeyInRecord { begun: Some(fingerprint), .. }) = sealed else { return Ok(()) };
    let given = key.fingerprint();
    if *fingerprint == given {
        return Ok(());
    }
    Err(startup_error(format!(
        "the sealing key in {from} is not the one the record is sealed by: its fingerprint is {given}, and the record's is {fingerprint}. Let `seal_key_file` name the \
         file of the right key, or give that in YINGDA_SEAL_KEY. Nothing was changed"
    )))
}

/// Refuses to start while other programs serve a record that has to be resealed: what they write would be sealed with the key that is being replaced.
async fn must_be_alone(engine: &Engine, clock: &dyn Clock) -> store::Result<()> {
    let Some(mut tx) = db::look(engine, "nodes", clock.now()).await? else { return Ok(()) };
    follow(&mut tx, clock).await?;
    let others = store::entry_points::nodes_heard_of(&mut tx, clock.now().plus(-GONE_AFTER_MS)).await?;
    // One of them may have resealed it just now.
    let waits = matches!(store::entry_points::seal_state(&mut tx).await?, Some(Sealed::KeyInRecord { .. }));
    if others > 0 && waits { Err(not_alone(others)) } else { Ok(()) }
}

/// The error of a start that other programs prevent.
fn not_alone(others: i64) -> store::Error {
    startup_error(format!(
        "the sealing key of this record is stored in the record itself, and a single program has to re-encrypt everything under a key that is not; {others} other(s) serve it now. \
         Stop all of them, wait five seconds, start one, and the others once that is ready"
    ))
}

fn make(from: &SealKeyFrom, engine: &Engine) -> store::Result<SealKey> {
    match from {
        SealKeyFrom::File(path) if engine.is_embedded() => {
            let key = SealKey::make(path).map_err(startup_error)?;
            tracing::info!(file = %path.display(), fingerprint = key.fingerprint(), "made the sealing key: keep a copy of it apart from the backups");
            Ok(key)
        }
        _ => Err(startup_error(format!(
            "there is no sealing key: the file that {from} names does not exist. All nodes on one PostgreSQL need the same key, so none makes one. Make it once, with \
             `yingda admin new-seal-key FILE`, give each node a copy, and let `seal_key_file` name it (or give the key in YINGDA_SEAL_KEY). Nothing was changed"
        ))),
    }
}
