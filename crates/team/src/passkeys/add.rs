//! `POST /api/v1/me/passkeys`: adds a passkey.

use axum::{Json, extract::State, http::StatusCode};
use domain::{id::PasskeyId, refusal::Code, staff};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use store::passkeys::Passkey;

use super::{
    ceremony,
    view::{NewPasskey, PasskeyView},
};
use crate::second_step::prove;

/// The most passkeys of a member.
pub const MOST: usize = 20;

/// Adds a passkey that a browser made for the options of `POST /me/passkeys/options`; it signs in from then on.
///
/// It takes no `Idempotency-Key`: a challenge is answered once.
#[utoipa::path(post, path = "/me/passkeys", tag = "me", security(("staff" = [])), request_body = NewPasskey, responses((status = 201, body = PasskeyView), Problems))]
pub async fn add_my_passkey(
    State(app): State<App>,
    actor: StaffActor,
    ValidJson(new): ValidJson<NewPasskey>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    prove::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let name = staff::name(&new.name)?;
    let (credential_id, credential) = ceremony::finish_making(&app, (tenant, agent), &new).await?;
    let id = PasskeyId::new(app.env().uuid());
    let passkey = Passkey { id, tenant, agent, credential_id, credential, name, created_at: app.env().now(), used_at: None };
    let added = passkey.clone();
    let done = actor.oneself().on(db::Shard::Any).write(&app, move |tx| {
        Box::pin(async move {
            if store::passkeys::list(tx, tenant, agent).await?.len() >= MOST {
                return Err(too_many().into());
            }
            store::passkeys::insert(tx, tenant, &added).await.map_err(Fault::if_taken(ceremony::passkey_refused))
        })
    });
    done.await?;
    Ok((StatusCode::CREATED, Json(passkey.into())))
}

pub(super) fn too_many() -> Problem {
    Problem::conflict(Code::TooManyPasskeys, format!("a member has at most {MOST} passkeys; remove one first"))
}
