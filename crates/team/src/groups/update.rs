//! `PATCH /api/v1/groups/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::GroupId, policy::OverPeople, revision::Revision, staff, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::groups::Group;
use utoipa::ToSchema;

use super::{name_taken, view::GroupView};

/// A new name for a group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    /// A new name.
    pub name: String,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Renames a group, unless somebody else has changed it in the meantime.
#[utoipa::path(patch, path = "/groups/{id}", tag = "groups", security(("staff" = [])), params(("id" = GroupId, Path), OnceHeader),
    request_body = GroupChange, responses((status = 200, body = GroupView), Problems))]
pub async fn update_group(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<GroupId>,
    OnceJson(once, change): OnceJson<GroupChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let (tenant, seen, name) = (actor.tenant(), change.seen, staff::name(&change.name)?);
    let found = store::groups::get(&mut app.db().read().await?, tenant, id).await?;
    let group = Group { id, name, updated_at: Revision(found.updated_at).next(app.env().now()) };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::groups::get(tx, tenant, id).await?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            store::groups::update(tx, tenant, &group, seen).await.map_err(Fault::if_taken(name_taken))?;
            tx.announce(Changed::People).await?;
            let members = store::groups::members(tx, tenant, id).await?;
            let view = GroupView::new(group, members);
            tx.note_change(&GroupView::new(before, members), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_group_is_renamed_unless_somebody_was_faster() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        mira.post("/api/v1/groups", json!({"name": "taken"})).await.expect(201);
        let made = mira.post("/api/v1/groups", json!({"name": "old"})).await.expect(201);
        let path = format!("/api/v1/groups/{}", made["id"].as_str().unwrap());
        mira.patch(&path, json!({"name": "taken", "seen": made["updated_at"]})).await.problem_at(409, "group_name_taken", "name");
        let renamed = mira.patch(&path, json!({"name": "new", "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(renamed["name"], "new");
        mira.patch(&path, json!({"name": "other", "seen": made["updated_at"]})).await.problem(409, "conflict");
        mira.patch(&path, json!({"name": "", "seen": renamed["updated_at"]})).await.problem_at(422, "invalid_value", "name");
    }
}
