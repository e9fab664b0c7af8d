//! `DELETE /api/v1/roles/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::RoleId, policy::Permission, refusal::Code, staff::Role};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Removes a composed role that nobody has.
#[utoipa::path(delete, path = "/roles/{id}", tag = "roles", security(("staff" = [])), params(("id" = Role, Path), OnceHeader),
    responses((status = 204, description = "The role was deleted"), Problems))]
pub async fn delete_role(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<RoleId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let members = store::roles::delete(tx, tenant, id).await?;
            if members > 0 {
                return Err(
                    Problem::in_use(Code::RoleInUse, "members", members, format!("{members} members have this role: give them another one first")).into()
                );
            }
            tx.announce(Changed::People).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}
