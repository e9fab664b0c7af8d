//! The program behind a token.

use db::{Db, q, row};
use domain::{api_token::ApiToken, policy::Staff, time::Ts};

use crate::{
    Result, staff,
    staff::Member,
    table::{self, With},
};

row! {
    struct Secret { secret_version: i64, valid_until: Option<i64> }
}

/// A token that was found by its secret.
#[derive(Debug, Clone)]
pub struct FoundToken {
    /// The token, which may be revoked or expired.
    pub token: ApiToken,
    /// The version of the secret.
    pub version: i64,
    /// Until when the secret is valid, if it has been replaced.
    pub valid_until: Option<Ts>,
    /// The member of the staff as which the program acts.
    pub member: Member,
    /// The same as the policy sees it.
    pub staff: Staff,
}

/// The token with a secret that has this hash, whatever its state.
pub async fn api_token(db: &Db, token_hash: &[u8]) -> Result<Option<FoundToken>> {
    let mut tx = db.read().await?;
    let sql = table::select_any::<ApiToken>(
        "s.version AS secret_version, s.valid_until",
        "JOIN api_token_secrets s ON s.tenant_id = t.tenant_id AND s.token_id = t.id",
        "WHERE s.token_hash = $1",
    );
    let row: Option<With<ApiToken, Secret>> = q!(tx, |c| sqlx::query_as(sql).bind(token_hash).fetch_optional(c).await)?;
    let Some(With(token, Secret { secret_version, valid_until })) = row else { return Ok(None) };
    let token = token?;
    let member = staff::get(&mut tx, token.tenant, token.program).await?;
    let staff = member.staff(&mut tx).await?;
    Ok(Some(FoundToken { token, version: secret_version, valid_until: valid_until.map(Ts), member, staff }))
}
