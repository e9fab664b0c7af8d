//! Reseals what the record holds under a key that is being replaced, some rows at a
//! time. Completed work is recognised, so it can be resumed wherever it was interrupted.

use std::sync::Arc;

use db::{
    Db, Tx,
    bulk::{self, Value},
    q,
};
use domain::id::{CustomerId, SiteId, TenantId, WebhookId};
use uuid::Uuid;

use crate::{Error, Result, request_keys::RequestKey};

/// The number of rows resealed in one transaction.
const AT_ONCE: i64 = 128;
/// The length of a digest made with the replaced key, in bytes and in hex digits; once redone it is longer.
const DIGEST: (i64, i64) = (32, 64);

/// Reseals values; implementations know both keys. `None` leaves a value as it is: it is sealed by the new key already, or opens with neither.
pub trait Reseal: Send + Sync {
    /// The customer's name.
    fn name(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>>;
    /// An identifier a customer signs in with: its new lookup digest and the sealed text.
    fn identifier(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)>;
    /// The action to take once a code is verified.
    fn payload(&self, handle_hash: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
    /// The secret that signs requests to an endpoint.
    fn webhook_secret(&self, webhook: WebhookId, sealed: &[u8]) -> Option<Vec<u8>>;
    /// What a site says of a customer by a token: its new lookup digest and the sealed text.
    fn said_by_site(&self, tenant: TenantId, site: SiteId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)>;
    /// What staff noted of a customer.
    fn facts(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>>;
    /// A secret with which a site signs, and its name.
    fn site_secret(&self, site: SiteId, kid: &str, sealed: &[u8]) -> Option<Vec<u8>>;
    /// The answer to a request.
    fn answer(&self, key: &RequestKey, sealed: &[u8]) -> Option<Vec<u8>>;
    /// A digest whose original value is no longer known.
    fn digest(&self, digest: &[u8]) -> Option<Vec<u8>>;
    /// Like [`Self::digest`], written as hex digits.
    fn hex_digest(&self, digest: &str) -> Option<String>;
}

/// A part of the record that is sealed, or digested with the record's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Names of customers.
    Names,
    /// The identifiers customers sign in with, and their lookup digests.
    Identifiers,
    /// Codes that were sent, and the actions to take once they are verified.
    Codes,
    /// Secrets of webhook endpoints.
    Webhooks,
    /// What sites say of their customers, and the lookup digests.
    Signed,
    /// What staff noted of customers.
    Facts,
    /// By what staff find customers: it is derived again.
    Terms,
    /// Secrets with which sites sign.
    SiteSecrets,
    /// Answers to requests with an `Idempotency-Key`.
    Answers,
    /// Networks visitors were seen from.
    Visitors,
    /// Networks staff signed in from.
    Networks,
    /// Ranges of numbers that text messages were sent to.
    Texts,
}

impl Part {
    /// All parts.
    pub const ALL: &[Self] = &[
        Self::Names,
        Self::Identifiers,
        Self::Codes,
        Self::Webhooks,
        Self::Signed,
        Self::Facts,
        // Once all is sealed anew that they are derived from.
        Self::Terms,
        Self::SiteSecrets,
        Self::Answers,
        Self::Visitors,
        Self::Networks,
        Self::Texts,
    ];
}

/// The row after which a part continues: its company, its id, and any other columns it is ordered by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct After(Uuid, Uuid, String, String);

/// The result of processing a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// There may be more rows, after this one.
    More(After),
    /// There are no more rows in this part.
    Done,
    /// Another process has resealed all of it.
    Ended,
    /// The number of other processes serving the record; nothing was done.
    NotAlone(i64),
}

/// Reseals some rows of a part. Processes last seen less than `alive_since_ms` ago prevent it.
pub async fn reseal_some(db: &Db, part: Part, after: After, alive_since_ms: i64, anew: Arc<dyn Reseal>) -> Result<Chunk> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                // Of two processes that do this at once, the second waits for the first to finish.
                let held = q!(tx, |c| sqlx::query(
                    "UPDATE installation SET seal_fingerprint = seal_fingerprint WHERE one = 1 AND seal_fingerprint IS NOT NULL AND length(seal_key) > 0"
                )
                .execute(c)
                .await
                .map(|done| done.rows_affected()))?;
                if held == 0 {
                    return Ok(Chunk::Ended);
                }
                let since = tx.now().plus(-alive_since_ms);
                match super::nodes_heard_of(tx, since).await? {
                    0 => {}
                    others => return Ok(Chunk::NotAlone(others)),
                }
                let last = match part {
                    Part::Names => names(tx, after, &*anew).await,
                    Part::Identifiers => identifiers(tx, after, &*anew).await,
                    Part::Codes => codes(tx, after, &*anew).await,
                    Part::Webhooks => webhooks(tx, after, &*anew).await,
                    Part::Signed => said_by_site(tx, after, &*anew).await,
                    Part::Facts => facts(tx, after, &*anew).await,
                    Part::Terms => terms(tx).await,
                    Part::SiteSecrets => site_secrets(tx, after, &*anew).await,
                    Part::Answers => answers(tx, after, &*anew).await,
                    Part::Visitors => visitors(tx, after, &*anew).await,
                    Part::Networks => networks(tx, after, &*anew).await,
                    Part::Texts => texts(tx, after, &*anew).await,
                }?;
                Ok::<_, Error>(last.map_or(Chunk::Done, Chunk::More))
            })
        })
        .await
}

/// Where to continue after a page of rows; `None` after the last one.
fn next<R>(rows: &[R], after: impl FnOnce(&R) -> After) -> Option<After> {
    if i64::try_from(rows.len()) == Ok(AT_ONCE) { rows.last().map(after) } else { None }
}

async fn names(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, name FROM customers WHERE (tenant_id, id) > ($1, $2) AND name IS NOT NULL ORDER BY tenant_id, id LIMIT $3"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    let sealed: Vec<_> =
        rows.iter().filter_map(|(tenant, id, name)| Some((tenant, id, anew.name(TenantId::new(*tenant), CustomerId::new(*id), name)?))).collect();
    let values: Vec<Vec<Value<'_>>> = sealed.iter().map(|(tenant, id, name)| vec![(*tenant).into(), (*id).into(), name.into()]).collect();
    let tail = ") UPDATE customers SET name = v.name FROM v WHERE customers.tenant_id = v.tenant_id AND customers.id = v.id";
    bulk::execute(tx, "WITH v (tenant_id, id, name) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, id, _)| After(*tenant, *id, String::new(), String::new())))
}

async fn identifiers(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, String, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, customer_id, kind, sealed FROM customer_identifiers WHERE (tenant_id, customer_id, kind) > ($1, $2, $3)
         ORDER BY tenant_id, customer_id, kind LIMIT $4"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(&after.2)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    let sealed: Vec<_> = rows
        .iter()
        .filter_map(|(tenant, id, kind, sealed)| Some((tenant, id, kind, anew.identifier(TenantId::new(*tenant), CustomerId::new(*id), sealed)?)))
        .collect();
    let values: Vec<Vec<Value<'_>>> =
        sealed.iter().map(|(tenant, id, kind, (lookup, sealed))| vec![(*tenant).into(), (*id).into(), (*kind).into(), lookup.into(), sealed.into()]).collect();
    let tail = ") UPDATE customer_identifiers SET lookup = v.lookup, sealed = v.sealed FROM v
         WHERE customer_identifiers.tenant_id = v.tenant_id AND customer_identifiers.customer_id = v.customer_id AND customer_identifiers.kind = v.kind";
    bulk::execute(tx, "WITH v (tenant_id, customer_id, kind, lookup, sealed) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, id, kind, _)| After(*tenant, *id, kind.clone(), String::new())))
}

/// A code: its lookup digest, the digest of its digits, and its action.
type CodeRow = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

async fn codes(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<CodeRow> =
        q!(tx, |c| sqlx::query_as("SELECT handle_hash, code_hash, payload FROM customer_codes WHERE length(code_hash) = $1 ORDER BY handle_hash LIMIT $2")
            .bind(DIGEST.0)
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?;
    let changed: Vec<_> = rows
        .iter()
        .filter_map(|(handle, code, payload)| {
            let payload = payload.as_ref().map(|old| anew.payload(handle, old).unwrap_or_else(|| old.clone()));
            Some((handle, anew.digest(code)?, payload))
        })
        .collect();
    let values: Vec<Vec<Value<'_>>> =
        changed.iter().map(|(handle, code, payload)| vec![(*handle).into(), code.into(), Value::Bytes(payload.as_deref())]).collect();
    let tail = ") UPDATE customer_codes SET code_hash = v.code_hash, payload = v.payload FROM v WHERE customer_codes.handle_hash = v.handle_hash";
    bulk::execute(tx, "WITH v (handle_hash, code_hash, payload) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |_| after))
}

/// An endpoint: its company, its id, its secret and the previous secret.
type WebhookRow = (Uuid, Uuid, Vec<u8>, Option<Vec<u8>>);

async fn webhooks(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<WebhookRow> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id, secret, old_secret FROM webhooks WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3")
            .bind(after.0)
            .bind(after.1)
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?;
    for (tenant, id, secret, old) in &rows {
        let webhook = WebhookId::new(*id);
        let secret = anew.webhook_secret(webhook, secret).unwrap_or_else(|| secret.clone());
        let old = old.as_ref().map(|old| anew.webhook_secret(webhook, old).unwrap_or_else(|| old.clone()));
        q!(tx, |c| sqlx::query("UPDATE webhooks SET secret = $3, old_secret = $4 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(&secret[..])
            .bind(old)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(next(&rows, |(tenant, id, ..)| After(*tenant, *id, String::new(), String::new())))
}

/// What a site says of a customer: the company, the customer, the site, and the sealed text.
type SignedRow = (Uuid, Uuid, Uuid, Vec<u8>);

async fn said_by_site(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<SignedRow> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT tenant_id, customer_id, site_id, sealed FROM signed_customers WHERE (tenant_id, customer_id) > ($1, $2) ORDER BY tenant_id, customer_id LIMIT $3"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await
    })?;
    let sealed: Vec<_> = rows
        .iter()
        .filter_map(|(tenant, id, site, sealed)| {
            Some((tenant, id, anew.said_by_site(TenantId::new(*tenant), SiteId::new(*site), CustomerId::new(*id), sealed)?))
        })
        .collect();
    let values: Vec<Vec<Value<'_>>> =
        sealed.iter().map(|(tenant, id, (lookup, sealed))| vec![(*tenant).into(), (*id).into(), lookup.into(), sealed.into()]).collect();
    let tail = ") UPDATE signed_customers SET lookup = v.lookup, sealed = v.sealed FROM v
         WHERE signed_customers.tenant_id = v.tenant_id AND signed_customers.customer_id = v.customer_id";
    bulk::execute(tx, "WITH v (tenant_id, customer_id, lookup, sealed) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, id, ..)| After(*tenant, *id, String::new(), String::new())))
}

async fn facts(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, customer_id, sealed FROM customer_facts WHERE (tenant_id, customer_id) > ($1, $2) ORDER BY tenant_id, customer_id LIMIT $3"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    let sealed: Vec<_> =
        rows.iter().filter_map(|(tenant, id, facts)| Some((tenant, id, anew.facts(TenantId::new(*tenant), CustomerId::new(*id), facts)?))).collect();
    let values: Vec<Vec<Value<'_>>> = sealed.iter().map(|(tenant, id, facts)| vec![(*tenant).into(), (*id).into(), facts.into()]).collect();
    let tail =
        ") UPDATE customer_facts SET sealed = v.sealed FROM v WHERE customer_facts.tenant_id = v.tenant_id AND customer_facts.customer_id = v.customer_id";
    bulk::execute(tx, "WITH v (tenant_id, customer_id, sealed) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, id, _)| After(*tenant, *id, String::new(), String::new())))
}

/// Forgets of some that what they are found by is there: it is replaced when it is derived again.
async fn terms(tx: &mut Tx) -> Result<Option<After>> {
    let gone = q!(tx, |c| sqlx::query(
        "DELETE FROM customers_with_terms WHERE (tenant_id, customer_id) IN (SELECT tenant_id, customer_id FROM customers_with_terms LIMIT $1)"
    )
    .bind(AT_ONCE)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok((i64::try_from(gone) == Ok(AT_ONCE)).then(After::default))
}

async fn site_secrets(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, String, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, site_id, kid, sealed FROM site_secrets WHERE (tenant_id, site_id, kid) > ($1, $2, $3) ORDER BY tenant_id, site_id, kid LIMIT $4"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(&after.2)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    for (tenant, site, kid, sealed) in &rows {
        let Some(sealed) = anew.site_secret(SiteId::new(*site), kid, sealed) else { continue };
        q!(tx, |c| sqlx::query("UPDATE site_secrets SET sealed = $4 WHERE tenant_id = $1 AND site_id = $2 AND kid = $3")
            .bind(tenant)
            .bind(site)
            .bind(kid)
            .bind(&sealed[..])
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(next(&rows, |(tenant, site, kid, _)| After(*tenant, *site, kid.clone(), String::new())))
}

async fn answers(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, String, String, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, actor_id, operation, key, body FROM request_keys WHERE (tenant_id, actor_id, operation, key) > ($1, $2, $3, $4)
         ORDER BY tenant_id, actor_id, operation, key LIMIT $5"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(&after.2)
    .bind(&after.3)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    let key = |actor: &Uuid, operation: &String, key: &String| RequestKey { actor: *actor, operation: operation.clone(), key: key.clone() };
    let sealed: Vec<_> =
        rows.iter().filter_map(|(tenant, actor, of, name, body)| Some((tenant, actor, of, name, anew.answer(&key(actor, of, name), body)?))).collect();
    let values: Vec<Vec<Value<'_>>> =
        sealed.iter().map(|(tenant, actor, of, name, body)| vec![(*tenant).into(), (*actor).into(), (*of).into(), (*name).into(), body.into()]).collect();
    let tail = ") UPDATE request_keys SET body = v.body FROM v
         WHERE request_keys.tenant_id = v.tenant_id AND request_keys.actor_id = v.actor_id AND request_keys.operation = v.operation AND request_keys.key = v.key";
    bulk::execute(tx, "WITH v (tenant_id, actor_id, operation, key, body) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, actor, of, name, _)| After(*tenant, *actor, of.clone(), name.clone())))
}

async fn visitors(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, network FROM visitors WHERE (tenant_id, id) > ($1, $2) AND length(network) = $3 ORDER BY tenant_id, id LIMIT $4"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(DIGEST.0)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?;
    let changed: Vec<_> = rows.iter().filter_map(|(tenant, id, network)| Some((tenant, id, anew.digest(network)?))).collect();
    let values: Vec<Vec<Value<'_>>> = changed.iter().map(|(tenant, id, network)| vec![(*tenant).into(), (*id).into(), network.into()]).collect();
    let tail = ") UPDATE visitors SET network = v.network FROM v WHERE visitors.tenant_id = v.tenant_id AND visitors.id = v.id";
    bulk::execute(tx, "WITH v (tenant_id, id, network) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |(tenant, id, _)| After(*tenant, *id, String::new(), String::new())))
}

async fn networks(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, agent_id, network FROM known_networks WHERE length(network) = $1 ORDER BY tenant_id, agent_id LIMIT $2")
            .bind(DIGEST.0)
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?;
    let changed: Vec<_> = rows.iter().filter_map(|(tenant, agent, network)| Some((tenant, agent, network, anew.digest(network)?))).collect();
    let values: Vec<Vec<Value<'_>>> =
        changed.iter().map(|(tenant, agent, before, network)| vec![(*tenant).into(), (*agent).into(), (*before).into(), network.into()]).collect();
    let tail = ") UPDATE known_networks SET network = v.network FROM v
         WHERE known_networks.tenant_id = v.tenant_id AND known_networks.agent_id = v.agent_id AND known_networks.network = v.before";
    bulk::execute(tx, "WITH v (tenant_id, agent_id, before, network) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |_| after))
}

async fn texts(tx: &mut Tx, after: After, anew: &dyn Reseal) -> Result<Option<After>> {
    let rows: Vec<(Uuid, i64, String)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, day, prefix FROM text_messages WHERE length(prefix) = $1 ORDER BY tenant_id, day LIMIT $2")
            .bind(DIGEST.1)
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?;
    let changed: Vec<_> = rows.iter().filter_map(|(tenant, day, prefix)| Some((tenant, day, prefix, anew.hex_digest(prefix)?))).collect();
    let values: Vec<Vec<Value<'_>>> =
        changed.iter().map(|(tenant, day, before, prefix)| vec![(*tenant).into(), (*day).into(), (*before).into(), prefix.into()]).collect();
    let tail = ") UPDATE text_messages SET prefix = v.prefix FROM v
         WHERE text_messages.tenant_id = v.tenant_id AND text_messages.day = v.day AND text_messages.prefix = v.before";
    bulk::execute(tx, "WITH v (tenant_id, day, before, prefix) AS (VALUES", &values, tail).await?;
    Ok(next(&rows, |_| after))
}
