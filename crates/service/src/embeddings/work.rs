//! Computes the vectors of what was published, and fits how much they count.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use bot::{
    embed::{Vector, Vectors as _},
    embedded::texts,
    fitting::embedding,
    gate::Gates,
    stop::Stop,
};
use db::{Db, Shard};
use domain::{entry::Changed, id::TenantId, journal::Actor};
use store::TenantTx;

use super::{Embeddings, Known, bytes_of, hash};
use crate::bots::{Error, can_be_fitted, knowledge, lines};

/// So many vectors are stored or deleted at once: others wait for the writer meanwhile.
const AT_ONCE: usize = 64;
/// So many versions are looked at to find one of a company whose texts the model takes.
const MOST_LOOKED_AT: i64 = 1_000;

/// Computes the missing vectors of one version that is in force and was not fitted with this model, fits it, and tells the nodes to train its bot anew. Returns
/// whether that was done: `false` also if the model fails, and it will be tried again.
///
/// # Errors
/// If the store cannot be read or written, or `stop` stopped it.
pub async fn embed_published(embeddings: &Embeddings, db: &Db, stop: Stop) -> Result<bool, Error> {
    let model = embeddings.model();
    let now = db.now();
    let all = store::entry_points::unembedded_knowledge(db, model, MOST_LOOKED_AT).await?;
    // A company whose texts the model refuses does not keep the others waiting.
    let Some((tenant, number)) = all.into_iter().find(|(tenant, _)| !embeddings.is_paused(*tenant, now)) else { return Ok(false) };
    let mut tx = db.snapshot_of(tenant).await.map_err(store::Error::from)?;
    let Some(gates) = store_knowledge::knowledge_versions::gates(&mut tx, tenant).await? else { return Ok(false) };
    let entries = lines(store_knowledge::knowledge_versions::entries(&mut tx, tenant, number).await?);
    let known = embeddings.vectors_of(&mut tx, tenant).await?;
    let read = knowledge(tx, tenant, entries).await?;
    // what cannot be read or is too large keeps its gates, and is not tried again
    let knowledge = tokio::task::spawn_blocking(move || read().ok().filter(can_be_fitted)).await.map_err(|_| Error::Training)?;
    let mut gates: Gates = serde_json::from_str(&gates).unwrap_or_else(|_| Gates::usual());
    gates.embedded = None;
    if let Some(knowledge) = knowledge {
        let wanted = texts(&knowledge);
        let Some(vectors) = complete(embeddings, db, tenant, &known, wanted).await? else { return Ok(false) };
        let name = model.to_owned();
        let fitted = crate::aside::compute(move || embedding::fit_until(&knowledge, &name, &vectors, &stop)).await;
        gates.embedded = Some(fitted.ok_or(Error::Training)??);
    }
    let (gates, model) = (serde_json::to_string(&gates).map_err(|_| Error::Training)?, model.to_owned());
    let stored = db.writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            store_knowledge::knowledge_versions::put_embedded_gates(tx, tenant, number, &gates, &model).await?;
            store_knowledge::embeddings::delete_others(tx, tenant, &model).await?;
            TenantTx::new(tx, tenant, Actor::system()).announce(Changed::PublishedKnowledge).await
        })
    });
    match stored.await {
        Ok(()) | Err(store::Error::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// The vectors of all texts: those that are stored, and the others from the model, which are stored as they come. What is stored besides is deleted. `None` if
/// the model fails.
async fn complete(embeddings: &Embeddings, db: &Db, tenant: TenantId, known: &Known, texts: Vec<String>) -> Result<Option<HashMap<String, Vector>>, Error> {
    let (mut vectors, mut missing) = (HashMap::new(), Vec::new());
    let mut obsolete: HashSet<&Vec<u8>> = known.0.keys().collect();
    for text in texts {
        obsolete.remove(&hash(&text));
        match known.of(&text) {
            Some(vector) => drop(vectors.insert(text, vector)),
            None => missing.push(text),
        }
    }
    let model: Arc<str> = embeddings.model().into();
    for batch in missing.chunks(embeddings.0.model.batch.max(1)) {
        let Some(found) = embeddings.encode(tenant, batch, db.now()).await else { return Ok(None) };
        let rows: Vec<_> = batch.iter().zip(&found).map(|(text, vector)| (hash(text), bytes_of(vector))).collect();
        for rows in rows.chunks(AT_ONCE) {
            let (rows, model) = (rows.to_vec(), model.clone());
            db.writer().write(Shard::Any, move |tx| Box::pin(async move { store_knowledge::embeddings::put(tx, tenant, &model, &rows).await })).await?;
        }
        vectors.extend(batch.iter().cloned().zip(found));
    }
    let obsolete: Vec<Vec<u8>> = obsolete.into_iter().cloned().collect();
    for hashes in obsolete.chunks(AT_ONCE) {
        let (hashes, model) = (hashes.to_vec(), model.clone());
        db.writer().write(Shard::Any, move |tx| Box::pin(async move { store_knowledge::embeddings::delete(tx, tenant, &model, &hashes).await })).await?;
    }
    Ok(Some(vectors))
}
