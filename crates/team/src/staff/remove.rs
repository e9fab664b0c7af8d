//! `DELETE /api/v1/staff/{id}`

use axum::extract::State;
use db::Shard;
use domain::{
    entry::Changed,
    id::AgentId,
    policy::{Grants, Reach},
    revision::Revision,
    staff::AgentState,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, ValidQuery},
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use service::give_back;
use store::{TenantTx, staff::roster::Person};
use utoipa::IntoParams;

use super::{
    get_managed, needs_member,
    role_change::{self, Holder},
    work::{Leaving, WorkTo},
};

/// How to remove a member.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoveMember {
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
    /// Confirms that queues may be left with nobody to serve them; without it, the answer is 409 `queue_needs_member` with the queues' `names`.
    #[serde(default)]
    pub confirm: bool,
    /// Where their conversations go; without it, the answer is 409 `member_has_work` with the `count` if they have any.
    #[serde(default)]
    #[param(value_type = Option<String>, nullable = false)]
    pub move_to: Option<WorkTo>,
}

/// Removes a member for good. The history keeps their name.
///
/// Their address is deleted and can be invited again. The conversations they serve go where `move_to` says, with the time already waited. Their sessions, links,
/// wall links, private boards and memberships end, the tokens of programs that they made are revoked, and the left messages they took care of are for anybody.
/// All of it happens together or not at all.
///
/// Only people can do this; programs are refused.
#[utoipa::path(delete, path = "/staff/{id}", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), RemoveMember, OnceHeader),
    responses((status = 204, description = "The member was removed"), Problems))]
pub async fn remove_member(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    ValidQuery(query): ValidQuery<RemoveMember>,
    once: Once,
) -> Result<Answer, Problem> {
    actor.session()?;
    let tenant = actor.tenant();
    let (person, permitted) = get_managed(&app, &actor, id).await?;
    if person.updated_at != query.seen {
        return Err(Problem::from(store::Error::Stale));
    }
    let leaving = Leaving::read(&mut app.db().read_of(tenant).await?, tenant, id, query.move_to).await?;
    let removal = Removal { person, leaving, is_confirmed: query.confirm };
    // Conversations are locked before the company, which this takes into its own hands therefore.
    let done = permitted.on(Shard::Of(tenant.uuid())).change(&app, once, move |tx| Box::pin(async move { removal.write(tx).await }));
    let answer = done.await?;
    // What they were given in the moment before.
    give_back::of_disabled(app.db(), tenant).await?;
    Ok(answer)
}

/// A removal about to be stored.
#[derive(Clone)]
struct Removal {
    person: Person,
    /// Their conversations, and where these go.
    leaving: Leaving,
    /// Whether queues may be left with nobody to serve them.
    is_confirmed: bool,
}

impl Removal {
    async fn write(self, tx: &mut TenantTx<'_>) -> Result<Answer, Fault> {
        let Self { mut person, leaving, is_confirmed } = self;
        let (tenant, by, id, seen) = (tx.tenant(), tx.by(), person.id, person.updated_at);
        leaving.lock(tx).await?;
        leaving.check(tx).await?;
        let abandoned = if is_confirmed || person.disabled_at.is_some() { Vec::new() } else { store::staff::roster::alone_in(tx, tenant, id).await? };
        if !abandoned.is_empty() {
            return Err(needs_member(abandoned.into_iter().map(|(_, name)| name).collect(), "confirm").into());
        }
        let (held, groups) = (Holder::from(&person).may_do(), person.group.as_slice());
        let by_place = [person.group.map(|_| Reach::Group), person.department.map(|_| Reach::Department)];
        let by_place: Vec<Reach> = by_place.into_iter().flatten().collect();
        let name = by.name.clone().unwrap_or_default();
        // Their address is deleted, here too.
        tx.note_change(
            &json!({"name": person.name, "number": person.number, "role": person.role, "group": person.group, "department": person.department}),
            &(),
        );
        store::staff::change_state(tx, tenant, id, AgentState::Offline, by, None).await?;
        person.updated_at = Revision(seen).next(tx.now());
        store::staff::removal::remove(tx, tenant, &person, seen, &name).await?;
        role_change::keep_administrators(tx, held, Grants::NONE).await?;
        store::reach::begin_around(tx, tenant, id, &by_place, groups).await?;
        leaving.hand_on(tx).await?;
        for changed in [Changed::People, Changed::Queues, Changed::LeftMessages, Changed::Boards] {
            tx.announce(changed).await?;
        }
        Ok(Answer::nothing())
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::{Answer, Client, Realtime};

    fn path(of: &StaffClient) -> String {
        format!("/api/v1/staff/{}", of.member.id)
    }
    async fn seen(by: &Client, of: &StaffClient) -> i64 {
        by.get(&path(of)).await.expect(200)["updated_at"].as_i64().unwrap()
    }
    async fn remove(by: &Client, of: &StaffClient) -> Answer {
        by.delete(&format!("{}?seen={}", path(of), seen(by, of).await)).await
    }

    #[tokio::test]
    async fn a_removed_member_leaves_the_name_and_nothing_else() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        app.set_password(&ada.member, "long enough").await;
        let group = mira.post("/api/v1/groups", json!({"name": "shop"})).await.expect(201)["id"].clone();
        mira.patch(&path(&ada), json!({"group": group, "queues": [app.company.queue.to_string()], "seen": seen(&mira, &ada).await})).await.expect(200);
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine", "queue"]})).await;
        desk.until("welcome").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let path_of = format!("/api/v1/conversations/{conversation}");
        let served = testkit::eventually("ada has it", async || {
            let opened = mira.get(&path_of).await.expect(200);
            (opened["state"] == "active").then_some(opened)
        })
        .await;

        let path_away = format!("{}?seen={}&move_to=own_queues", path(&ada), seen(&mira, &ada).await);
        assert_eq!(mira.delete(&path_away).await.status.as_u16(), 204);
        let gone = app.changed_by("DELETE /api/v1/staff/{id}").await;
        assert!(gone.contains(&("name".to_owned(), json!("ada"), json!(null))) && gone.contains(&("group".to_owned(), group, json!(null))), "{gone:?}");
        let back = mira.get(&path_of).await.expect(200);
        assert_eq!((&back["state"], &back["queued_at"]), (&json!("queued"), &served["queued_at"]));
        desk.closed().await;
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await.problem(401, "sign_in_failed");
        assert_eq!(mira.get("/api/v1/groups").await.expect(200)["items"][0]["members"], 0);
        assert_eq!(mira.get("/api/v1/staff?q=ada").await.expect(200)["items"], json!([]));
        let gone = mira.get("/api/v1/staff?status=removed&q=ada").await.expect(200)["items"][0].clone();
        assert_eq!((&gone["name"], &gone["email"], &gone["group"], &gone["queues"]), (&json!("ada"), &json!(""), &Value::Null, &json!([])));

        // The address is free, for somebody else in the record: it is a new person, who has none of this.
        let again = mira.post("/api/v1/staff", json!({"email": "ada@alpha.example", "name": "ada", "role": "agent"})).await.expect(201)["member"].clone();
        assert_ne!(again["id"], gone["id"]);
        // Whoever is gone is not changed, and does not come back.
        for answer in [
            mira.patch(&path(&ada), json!({"disabled": false, "seen": gone["updated_at"]})).await,
            mira.post(&format!("{}/link", path(&ada)), json!(null)).await,
            remove(&mira, &ada).await,
        ] {
            answer.problem(409, "member_removed");
        }
    }

    #[tokio::test]
    async fn an_invitation_is_withdrawn() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let invited = mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent"})).await.expect(201);
        let member = &invited["member"];
        let removed = mira.delete(&format!("/api/v1/staff/{}?seen={}", member["id"].as_str().unwrap(), member["updated_at"])).await;
        assert_eq!(removed.status.as_u16(), 204);
        let token = invited["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.problem(410, "link_spent");
    }

    #[tokio::test]
    async fn the_last_administrator_stays_and_a_manager_removes_agents_only() {
        let app = TestApp::new().await;
        let (tara, mira, ada) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.agent("ada").await);
        remove(&tara, &tara).await.problem(409, "last_administrator");
        tara.get("/api/v1/me").await.expect(200);
        remove(&mira, &tara).await.problem(403, "not_permitted");
        let when = seen(&mira, &ada).await;
        ada.delete(&format!("{}?seen={when}", path(&ada))).await.problem(403, "not_permitted");
        mira.delete(&format!("{}?seen={}", path(&ada), when - 1)).await.problem(409, "conflict");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&format!("{}?seen={when}", path(&ada))).await.problem(404, "not_found");
        let tom = app.staff(Role::Administrator, "tom").await;
        assert_eq!(remove(&tara, &tom).await.status.as_u16(), 204);
    }

    #[tokio::test]
    async fn the_only_member_of_a_queue_is_removed_only_after_a_warning_that_names_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let queue = json!({"name": {"zh": "账单"}, "everybody": false, "members": [ada.member.id]});
        mira.post("/api/v1/queues", queue).await.expect(201);
        let asked = remove(&mira, &ada).await.problem_at(409, "queue_needs_member", "confirm");
        assert_eq!(asked["names"], json!([{"zh": "账单", "en": ""}]));
        ada.get("/api/v1/me").await.expect(200);
        let confirmed = mira.delete(&format!("{}?seen={}&confirm=true", path(&ada), seen(&mira, &ada).await)).await;
        assert_eq!(confirmed.status.as_u16(), 204);
    }
}
