//! What follows when a member may do something else than before: another role, a role that was changed, being disabled or enabled again.

use domain::{
    id::AgentId,
    policy::{Grants, Permission},
    staff::Role,
};
use http_kit::fault::Fault;
use store::{TenantTx, staff::roster::Person};

use super::last_administrator;

/// What decides what a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The member.
    pub agent: AgentId,
    /// The role.
    pub role: Role,
    /// What the role holds.
    pub grants: Grants,
    /// Whether the member is disabled.
    pub is_disabled: bool,
}

impl From<&Person> for Holder {
    fn from(person: &Person) -> Self {
        Self { agent: person.id, role: person.role, grants: person.grants(), is_disabled: person.disabled_at.is_some() }
    }
}

impl Holder {
    /// What the member may do: nothing while disabled.
    pub const fn may_do(&self) -> Grants {
        if self.is_disabled { Grants::NONE } else { self.grants }
    }
}

/// Refuses, after the change was stored, to leave the company without administrators by what one member does not hold any more.
pub(crate) async fn keep_administrators(tx: &mut TenantTx<'_>, before: Grants, after: Grants) -> Result<(), Fault> {
    let tenant = tx.tenant();
    if before.administer() && !after.administer() && store::staff::roster::administrators(tx, tenant).await? == 0 {
        return Err(last_administrator().into());
    }
    Ok(())
}

/// Ends what a member may not have any more, in the transaction in which the change was stored; refuses to leave the company without administrators.
///
/// Links to screens and tokens of programs that the member could not make any more are revoked, in the name of `by`. Whoever has another role signs in again;
/// the connections of whoever holds something else in the same role begin again.
pub(crate) async fn settle(tx: &mut TenantTx<'_>, by: &str, before: Holder, after: Holder) -> Result<(), Fault> {
    let (tenant, agent) = (tx.tenant(), after.agent);
    let (held_before, held) = (before.may_do(), after.may_do());
    keep_administrators(tx, held_before, held).await?;
    if held_before.holds(Permission::ManageWalls) && !held.holds(Permission::ManageWalls) {
        store::wall_links::delete_of(tx, tenant, agent).await?;
    }
    if !held.cover(held_before) {
        store::api_tokens::revoke_of(tx, tenant, agent, held, by).await?;
    }
    if after.is_disabled || after.role != before.role {
        // A link issued for the previous role must not give access to the new one.
        store::sign_in_links::spend_all(tx, tenant, agent).await?;
        store::staff_sessions::end_all(tx, tenant, agent).await?;
        store::reach::outdate(tx, tenant, &[agent].into()).await?;
    } else if after.grants != before.grants {
        store::reach::begin_anew(tx, tenant, [agent]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::{Client, Realtime};

    async fn change(by: &StaffClient, who: &StaffClient, mut change: Value) {
        let path = format!("/api/v1/staff/{}", who.member.id);
        change["seen"] = by.get(&path).await.expect(200)["updated_at"].clone();
        by.patch(&path, change).await.expect(200);
    }
    async fn program(app: &TestApp, maker: &Client, permission: &str) -> Client {
        let new = json!({"name": permission, "permissions": [{"permission": permission, "reach": ["company"]}]});
        app.with_token(maker.post("/api/v1/tokens", new).await.expect(201)["secret"].as_str().unwrap())
    }

    #[tokio::test]
    async fn tokens_end_with_their_maker_and_with_what_the_maker_could_give() {
        let app = TestApp::new().await;
        let (tara, toni, theo) =
            (app.staff(Role::Administrator, "tara").await, app.staff(Role::Administrator, "toni").await, app.staff(Role::Administrator, "theo").await);
        let [of_tara, of_toni, of_theo] = [program(&app, &tara, "desk").await, program(&app, &toni, "desk").await, program(&app, &theo, "desk").await];
        let mut socket = Realtime::connect(&of_toni).await;
        socket.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        socket.until("welcome").await;
        change(&tara, &toni, json!({"disabled": true})).await;
        assert_eq!(socket.farewell().await.0.as_deref(), Some("token_revoked"));
        change(&tara, &theo, json!({"role": "manager"})).await;
        for ended in [&of_toni, &of_theo] {
            ended.get("/api/v1/me").await.problem(401, "token_revoked");
        }
        of_tara.get("/api/v1/me").await.expect(200);
        // Enabling the member does not restore them.
        change(&tara, &toni, json!({"disabled": false})).await;
        of_toni.get("/api/v1/me").await.problem(401, "token_revoked");
        assert_eq!(tara.get("/api/v1/tokens").await.expect(200)["items"][0]["revoked_by"], "tara");
    }

    #[tokio::test]
    async fn a_role_that_holds_less_ends_the_tokens_that_need_more_and_no_others() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let grants = |names: &[&str]| names.iter().map(|name| json!({"permission": name, "reach": ["company"]})).collect::<Vec<_>>();
        let all = ["desk", "settings", "walls.manage", "tokens.manage"];
        let role = tara.post("/api/v1/roles", json!({"name": "it", "grants": grants(&all)})).await.expect(201);
        change(&tara, &mira, json!({"role": role["id"]})).await;
        let mira = mira.with_cookie(&app.company.session(app.app().db(), mira.member.id).await);
        let (desk, settings) = (program(&app, &mira, "desk").await, program(&app, &mira, "settings").await);
        let screen = mira.post("/api/v1/wall-links", json!({"name": "Floor 3"})).await.expect(201);
        let screen = app.with_token(screen["token"].as_str().unwrap());
        let path = format!("/api/v1/roles/{}", role["id"].as_str().unwrap());
        let less = json!({"name": "it", "grants": grants(&["desk", "tokens.manage"]), "seen": role["updated_at"]});
        tara.patch(&path, less).await.expect(200);
        settings.get("/api/v1/me").await.problem(401, "token_revoked");
        screen.get("/api/v1/wall").await.problem(401, "not_signed_in");
        desk.get("/api/v1/me").await.expect(200);
        mira.get("/api/v1/me").await.expect(200);
    }
}
