//! Who made a backup: its manifest is signed under the sealing key, so that who can write where it lies, and has no key, cannot change what comes out of it.

use std::{path::Path, time::Duration};

use anyhow::{bail, ensure};
use server::{
    seal_key::{SealKey, SealKeyFrom},
    setup::admin::{self, Command, Reply},
};

use super::manifest::Manifest;

/// The time that a server has to sign.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Signs a backup: by the server that runs in this data folder, else by the key, if it lies where the server would look for it. An error says why it could not be signed.
pub async fn sign(manifest: &Manifest, data: &Path, key: &SealKeyFrom) -> anyhow::Result<String> {
    let digest = manifest.digest()?;
    let asked = tokio::time::timeout(ANSWER_WITHIN, admin::ask(data, &Command::SignBackup { digest: digest.clone() })).await;
    if let Ok(Ok(Reply::Signature(signature))) = asked {
        return Ok(signature);
    }
    let Some(found) = key.find()? else { bail!("no server runs, and {key} names no file that is there") };
    ensure!(found.fingerprint() == manifest.seal_key, "no server runs, and the sealing key in {key} is not the record's");
    Ok(found.sign_backup(&digest))
}

/// An error unless the backup is what was signed under this key, or is not signed and `unsigned` says that this is known.
pub fn check(manifest: &Manifest, key: &SealKey, unsigned: bool) -> anyhow::Result<()> {
    match &manifest.signature {
        Some(signature) => ensure!(
            key.has_signed_backup(&manifest.digest()?, signature),
            "manifest.json in the backup is not what was signed: somebody changed it, or it is damaged; take another one"
        ),
        None => ensure!(
            unsigned,
            "the backup is not signed, and whether somebody changed it cannot be told: take another one, or say `--unsigned` if nobody else could write where it lay"
        ),
    }
    Ok(())
}
