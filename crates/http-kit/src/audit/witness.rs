//! What a node remembers of the ends of the audit logs outside the record: in memory, and in a signed file of the data folder. Whoever puts an older end back into
//! the record, with the signature it had then, is found by it.

use std::{
    collections::HashSet,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use domain::{id::TenantId, time::Ts};
use platform::durable::sync_folder;
use seal::{Sealer, vault::hex};
use serde::{Deserialize, Serialize};
use store::{
    audit::{self, SignedHead},
    audit_retention,
};
use uuid::Uuid;

use super::{
    chain::{is_anchor_signed, is_signed, signature},
    known_ends::KnownEnd,
};
use crate::App;

/// The file's name in the data folder.
pub const FILE: &str = "audit-heads.json";

/// What the file contains.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    signed_at: i64,
    heads: Vec<(Uuid, KnownEnd)>,
    signature: String,
}

/// Compares what this node remembers with the ends that are signed in the record, remembers those, and writes the file. An end that the log does not contain any
/// more stays what it was: the log is altered, and so it is found.
pub async fn step(app: &App) -> store::Result<()> {
    let witness = &app.in_memory().audit_witness;
    let (sealer, path) = (app.sealer(), app.settings().data.join(FILE));
    if !witness.known_ends().is_read {
        let ends = read(&sealer, &path).unwrap_or_else(|error| {
            tracing::error!(error = %error, file = %path.display(), "what this node knew of the audit logs cannot be read, so that it finds no alteration by it");
            Vec::new()
        });
        let mut known = witness.known_ends();
        for (tenant, end) in ends {
            known.ends.entry(TenantId::new(tenant)).or_insert(end);
        }
        known.is_read = true;
    }
    let heads = store::entry_points::audit_heads(app.db()).await?;
    let signed: HashSet<TenantId> = heads.iter().map(|(tenant, _)| *tenant).collect();
    let lost: Vec<TenantId> = witness.known_ends().ends.keys().filter(|tenant| !signed.contains(tenant)).copied().collect();
    for tenant in lost {
        tracing::error!(company = %tenant, "the audit log was altered: see `yingda audit verify`");
    }
    for (tenant, head) in heads {
        if is_signed(&sealer, tenant, &head) && follows(app, tenant, witness.of(tenant), &head).await? {
            witness.known_ends().note(tenant, KnownEnd { seq: head.seq, chain: head.chain });
        } else {
            tracing::error!(company = %tenant, "the audit log was altered: see `yingda audit verify`");
        }
    }
    let ends: Vec<(Uuid, KnownEnd)> = {
        let mut known = witness.known_ends();
        // With thousands of companies the file is large, and mostly nothing has happened in half a minute.
        if known.is_written && path.exists() {
            return Ok(());
        }
        known.is_written = true;
        known.ends.iter().map(|(tenant, end)| (tenant.uuid(), end.clone())).collect()
    };
    let now = app.env().now();
    let written = tokio::task::spawn_blocking(move || write(&sealer, &path, ends, now)).await.map_err(io::Error::other).and_then(|done| done);
    if written.is_err() {
        witness.known_ends().is_written = false;
    }
    Ok(written.map_err(db::Error::Io)?)
}

/// Whether a log that ends like this contains the end that was known before.
async fn follows(app: &App, tenant: TenantId, known: Option<KnownEnd>, head: &SignedHead) -> store::Result<bool> {
    let Some(KnownEnd { seq, chain }) = known else { return Ok(true) };
    if seq >= head.seq {
        return Ok((seq, &chain) == (head.seq, &head.chain));
    }
    let mut tx = app.db().read_of(tenant).await?;
    let stream = audit::stream_of(&mut tx, tenant).await?;
    let anchor = audit_retention::anchor(&mut tx, tenant).await?;
    // Its entry was deleted under the retention rule.
    if anchor.is_some_and(|anchor| seq <= anchor.seq && is_anchor_signed(&app.sealer(), tenant, &anchor)) {
        return Ok(true);
    }
    Ok(audit::chain_at(&mut tx, tenant, stream, seq).await? == Some(chain))
}

/// Signs the ends of logs that an earlier release wrote, which signed none. Called before anything else is written to them. From then on, a log without a signed
/// end is an altered one.
pub async fn begin(app: &App) -> store::Result<()> {
    let sealer = app.sealer();
    if app.settings().data.join(FILE).exists() || !store::entry_points::audit_heads(app.db()).await?.is_empty() {
        return Ok(());
    }
    for tenant in store::entry_points::tenants(app.db()).await? {
        let mut tx = app.db().read_of(tenant).await?;
        let stream = audit::stream_of(&mut tx, tenant).await?;
        if db::journal::head(&mut tx, tenant, stream.id).await?.seq == 0 {
            continue;
        }
        drop(tx);
        let sealer = sealer.clone();
        let signed = app.db().writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                db::journal::lock(tx, &[(tenant.uuid(), stream.id, stream.kind)]).await?;
                let end = audit::end_of(tx, tenant, stream).await?;
                if end.signed.is_some() || end.seq == 0 {
                    return Ok(());
                }
                let at = tx.now();
                let signature = signature(&sealer, tenant, end.seq, &end.chain, at);
                audit::sign(tx, tenant, &SignedHead { seq: end.seq, chain: end.chain, at, signature }).await
            })
        });
        signed.await?;
    }
    Ok(())
}

fn mac(sealer: &Sealer, signed_at: i64, heads: &[(Uuid, KnownEnd)]) -> String {
    let said = serde_json::to_vec(&(signed_at, heads)).unwrap_or_default();
    hex(&sealer.mac(b"audit witness 1", &said))
}

fn read(sealer: &Sealer, path: &Path) -> io::Result<Vec<(Uuid, KnownEnd)>> {
    let text = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let Kept { signed_at, heads, signature } = serde_json::from_slice(&text)?;
    if signature != mac(sealer, signed_at, &heads) {
        return Err(io::Error::other("it was not signed with the key of this installation"));
    }
    Ok(heads)
}

/// Writes the file durably, in place of the former one.
fn write(sealer: &Sealer, path: &Path, mut heads: Vec<(Uuid, KnownEnd)>, now: Ts) -> io::Result<()> {
    heads.sort_unstable_by_key(|(tenant, _)| *tenant);
    let signature = mac(sealer, now.0, &heads);
    let text = serde_json::to_vec(&Kept { signed_at: now.0, heads, signature })?;
    let unfinished = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
    file.write_all(&text)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    sync_folder(platform::durable::folder_of(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_as_it_was_written_and_not_if_it_was_altered() {
        let (folder, sealer) = (tempfile::tempdir().unwrap(), Sealer::new(b"key"));
        let path = folder.path().join(FILE);
        assert_eq!(read(&sealer, &path).unwrap(), []);
        let heads = vec![(Uuid::from_u128(1), KnownEnd { seq: 7, chain: "c".to_owned() })];
        write(&sealer, &path, heads.clone(), Ts(5)).unwrap();
        assert_eq!(read(&sealer, &path).unwrap(), heads);
        assert!(read(&Sealer::new(b"another"), &path).is_err());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("\"seq\":7", "\"seq\":6")).unwrap();
        assert!(read(&sealer, &path).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
