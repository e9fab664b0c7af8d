//! Proves who made a backup: its manifest is signed with the sealing key, so that someone who
//! can write to where it is stored, but has no key, cannot change what is restored from it.

use std::{path::Path, time::Duration};

use anyhow::{bail, ensure};
use platform::seal_key::{SealKey, SealKeyFrom};
use server::setup::admin::{self, Command, Reply};

use super::manifest::Manifest;

/// How long a server may take to sign.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Signs a backup: by the server that runs in this data folder, otherwise with the key,
/// if it is where the server would look for it. An error says why it could not be signed.
pub async fn sign(manifest: &Manifest, data: &Path, key: &SealKeyFrom) -> anyhow::Result<String> {
    let digest = manifest.digest()?;
    let asked = tokio::time::timeout(ANSWER_WITHIN, admin::ask(data, &Command::SignBackup { digest: digest.clone() })).await;
    if let Ok(Ok(Reply::Signature(signature))) = asked {
        return Ok(signature);
    }
    let Some(found) = key.find()? else { bail!("no server is running, and the file that {key} names does not exist") };
    ensure!(found.fingerprint() == manifest.seal_key, "no server runs, and the sealing key in {key} is not the record's");
    Ok(found.sign_backup(&digest))
}

/// An error unless the backup's signature under this key is valid, or it is unsigned and `unsigned` acknowledges that.
pub fn check(manifest: &Manifest, key: &SealKey, unsigned: bool) -> anyhow::Result<()> {
    match &manifest.signature {
        Some(signature) => ensure!(
            key.has_signed_backup(&manifest.digest()?, signature),
            "manifest.json in the backup is not what was signed: it was changed or is damaged; use a different backup"
        ),
        None => ensure!(
            unsigned,
            "the backup is not signed, so a change to it would not be noticed: use a different one, or add `--unsigned` if nobody else could write to its folder"
        ),
    }
    Ok(())
}
