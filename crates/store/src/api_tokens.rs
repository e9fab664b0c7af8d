//! Tokens of programs, and the members of the staff as which the programs act.

use db::{Tx, q};
use domain::{
    api_token::{ApiToken, Credential, Holding, LISTED_MS, Range, Unusable},
    id::{AgentId, ApiTokenId, InboxId, TenantId},
    policy::{Grants, LEAST_ROLE},
    refusal::Code,
    staff::AgentState,
    time::Ts,
};

use crate::{Error, Result, access, staff, staff::Member, staff_sessions, table};

table! {
    ApiToken in "api_tokens" of tenant [tenant_id] {
        key { id: ApiTokenId [id] }
        fixed {
            program: AgentId [agent_id], name: String [name], holds: Holding [holds], ranges: Vec<Range> [ranges], hint: String [hint], version: i64 [version],
            maker: Option<AgentId> [maker_id], made_by: String [made_by], created_at: Ts [created_at], expires_at: Option<Ts> [expires_at],
            last_used_at: Option<Ts> [last_used_at], revoked: Option<(String, Ts)> [revoked_by, revoked_at], refused: i64 [refused],
            last_refused: Option<(Unusable, Ts)> [refused_why, refused_at],
        }
    }
}

/// The member of the staff as which a new token's program acts: nobody can sign in as it, it is never at work, and no list of people shows it.
fn program(token: &ApiToken, inbox: InboxId, number: String) -> Member {
    Member {
        id: token.program,
        tenant: token.tenant,
        inbox,
        // It has no @, so nobody can sign in with it, and it is unique.
        email: token.id.to_string(),
        name: token.name.clone(),
        number,
        role: LEAST_ROLE,
        role_grants: Some(token.holds.grants()),
        group: None,
        password_hash: None,
        state: AgentState::Offline,
        state_since: token.created_at,
        capacity: domain::staff::MAX_CAPACITY,
        created_at: token.created_at,
    }
}

/// Adds a token and its program; only the hash of the secret is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, token: &ApiToken, inbox: InboxId, secret_hash: &[u8]) -> Result<()> {
    let number = staff::next_number(tx, tenant).await?;
    staff::insert_program(tx, tenant, &program(token, inbox, number)).await?;
    table::insert(tx, tenant, token).await?;
    add_secret(tx, tenant, token.id, token.version, secret_hash).await
}

async fn add_secret(tx: &mut Tx, tenant: TenantId, id: ApiTokenId, version: i64, secret_hash: &[u8]) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO api_token_secrets (token_hash, tenant_id, token_id, version) VALUES ($1, $2, $3, $4)")
        .bind(secret_hash)
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(version)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A token by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: ApiTokenId) -> Result<ApiToken> {
    let sql = table::select::<ApiToken>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// All tokens, the newest first; those that were revoked long ago are left out.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<ApiToken>> {
    let since = tx.now().plus(-LISTED_MS);
    let sql = table::select::<ApiToken>("AND (revoked_at IS NULL OR revoked_at > $2) ORDER BY created_at DESC, id DESC");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(since.0).fetch_all(c).await)?)
}

/// Until when earlier secrets of tokens are valid: for each token the latest such time.
pub async fn overlaps(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(ApiTokenId, Ts)>> {
    let now = tx.now();
    let rows: Vec<(uuid::Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT token_id, MAX(valid_until) AS valid_until FROM api_token_secrets WHERE tenant_id = $1 AND valid_until > $2 GROUP BY token_id"
    )
    .bind(tenant.uuid())
    .bind(now.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, until)| (ApiTokenId::new(id), Ts(until))).collect())
}

/// Replaces a token's secret; earlier ones end after the overlap, or at once. Connections opened with them end with them. Returns the token as it is now.
pub async fn rotate(tx: &mut Tx, tenant: TenantId, id: ApiTokenId, (hint, secret_hash): (&str, &[u8]), overlap_ms: i64) -> Result<ApiToken> {
    let until = tx.now().plus(overlap_ms);
    let changed = q!(tx, |c| sqlx::query("UPDATE api_tokens SET version = version + 1, hint = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(hint)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    let sql = "UPDATE api_token_secrets SET valid_until = $3 WHERE tenant_id = $1 AND token_id = $2 AND (valid_until IS NULL OR valid_until > $3)";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).bind(until.0).execute(c).await.map(drop))?;
    let token = get(tx, tenant, id).await?;
    add_secret(tx, tenant, id, token.version, secret_hash).await?;
    if overlap_ms == 0 {
        access::token_ended(tx, tenant, id).await?;
    }
    Ok(token)
}

/// Revokes a token, closes its connections on every node, and disables its program, which gives back what it serves. [`Error::NotFound`] if it is revoked already.
pub async fn revoke(tx: &mut Tx, tenant: TenantId, id: ApiTokenId, by: &str) -> Result<ApiToken> {
    let now = tx.now();
    let changed = q!(tx, |c| sqlx::query("UPDATE api_tokens SET revoked_by = $3, revoked_at = $4 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(by)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    let token = get(tx, tenant, id).await?;
    staff::disable_program(tx, tenant, token.program).await?;
    access::token_ended(tx, tenant, id).await?;
    Ok(token)
}

/// Revokes the tokens that a member made, may know the secrets of, and could not make with what they hold now: all, if they hold nothing any more.
pub async fn revoke_of(tx: &mut Tx, tenant: TenantId, maker: AgentId, held: Grants, by: &str) -> Result<()> {
    let sql = table::select::<ApiToken>("AND maker_id = $2 AND revoked_at IS NULL ORDER BY id");
    let made: Vec<ApiToken> = table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(maker.uuid()).fetch_all(c).await)?)?;
    for token in made.iter().filter(|token| !token.may_be_made_with(held)) {
        revoke(tx, tenant, token.id, by).await?;
    }
    Ok(())
}

/// Records that a token was used.
pub async fn touch(tx: &mut Tx, tenant: TenantId, id: ApiTokenId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE api_tokens SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Adds to how often a token was refused.
pub async fn note_refusals(tx: &mut Tx, tenant: TenantId, id: ApiTokenId, why: Unusable, times: i64) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE api_tokens SET refused = refused + $3, refused_why = $4, refused_at = $5 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(times)
        .bind(why.as_str())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The code with which a connection of the staff ends that was opened with this; `None` while it is valid.
pub async fn end_of(tx: &mut Tx, tenant: TenantId, credential: Credential) -> Result<Option<Code>> {
    let (id, version) = match credential {
        Credential::Session(session) | Credential::View(session) => return Ok((!staff_sessions::lives(tx, tenant, session).await?).then_some(Code::SignedOut)),
        Credential::Token(id, version) => (id, version),
    };
    let now = tx.now();
    let row: Option<(Option<i64>, Option<i64>)> = q!(tx, |c| sqlx::query_as(
        "SELECT t.revoked_at, CASE WHEN (s.valid_until IS NULL OR s.valid_until > $4) AND (t.expires_at IS NULL OR t.expires_at > $4) THEN s.version END
         FROM api_tokens t LEFT JOIN api_token_secrets s ON s.tenant_id = t.tenant_id AND s.token_id = t.id AND s.version = $3
         WHERE t.tenant_id = $1 AND t.id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(version)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(match row {
        Some((Some(_), _)) => Some(Code::TokenRevoked),
        Some((None, Some(_))) => None,
        Some((None, None)) | None => Some(Code::TokenExpired),
    })
}
