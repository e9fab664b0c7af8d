//! `PATCH /api/v1/staff/{id}`

use axum::{extract::State, http::StatusCode};
use db::Tx;
use domain::{
    entry::Changed,
    id::{AgentId, DepartmentId, GroupId, QueueId, TenantId},
    mail_address::MailAddress,
    policy::{self, Permission, Staff},
    revision::Revision,
    staff::{self, AgentState, PersonError, Role},
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::give_back;
use store::{TenantTx, staff::roster::Person};
use utoipa::ToSchema;

use super::{email_taken, get_managed, grants_to_give, last_administrator, needs_member, place::department_of, queue_unknown, require_place, view::MemberView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffMemberChange {
    /// A new address to sign in with; links sent to the old one become invalid.
    #[serde(default)]
    pub email: Option<String>,
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// A new number.
    #[serde(default)]
    pub number: Option<String>,
    /// A new role; the member is signed out everywhere and has the role at the next sign-in.
    #[serde(default)]
    pub role: Option<Role>,
    /// A new group; `null` for no group.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<GroupId>)]
    pub group: Option<Option<GroupId>>,
    /// A new department; `null` for none. In a group that belongs to a department, it can only be that one, which is also the default.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<DepartmentId>)]
    pub department: Option<Option<DepartmentId>>,
    /// The most conversations they serve at once.
    #[serde(default)]
    pub capacity: Option<i64>,
    /// The queues of which they are a member, replacing the previous ones.
    #[serde(default)]
    pub queues: Option<Vec<QueueId>>,
    /// Whether the member is disabled. Disabling deletes their wall links, signs them out everywhere, and returns the conversations they serve to their queues
    /// with the time already waited.
    #[serde(default)]
    pub disabled: Option<bool>,
    /// Confirms that queues may be left with nobody to serve them; without it, the answer is 409 `queue_needs_member` with the queues' `names`.
    #[serde(default)]
    pub confirm: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl StaffMemberChange {
    fn apply(self, to: &Person, now: Ts) -> Result<Person, Problem> {
        let Self { email, name, number, role, group, department: _, capacity, queues: _, disabled, confirm: _, seen: _ } = self;
        staff::check_capacity(capacity.unwrap_or(to.capacity))?;
        // Values stored before these rules existed stay as they are.
        let kept = |given: Option<String>, before: &str, rule: fn(&str) -> Result<String, PersonError>| match given {
            Some(given) if given != before => rule(&given),
            _ => Ok(before.to_owned()),
        };
        Ok(Person {
            email: kept(email, &to.email, |email| staff::new_email(email).map(MailAddress::into_text))?,
            name: kept(name, &to.name, staff::name)?,
            number: kept(number, &to.number, staff::number)?,
            role: role.unwrap_or(to.role),
            group: group.unwrap_or(to.group),
            capacity: capacity.unwrap_or(to.capacity),
            disabled_at: disabled.map_or(to.disabled_at, |disabled| disabled.then(|| to.disabled_at.unwrap_or(now))),
            updated_at: Revision(to.updated_at).next(now),
            ..to.clone()
        })
    }
}

/// Changes a member, unless somebody else has changed them in the meantime.
#[utoipa::path(patch, path = "/staff/{id}", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), OnceHeader),
    request_body = StaffMemberChange, responses((status = 200, body = MemberView), Problems))]
pub async fn update_member(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    OnceJson(once, change): OnceJson<StaffMemberChange>,
) -> Result<Answer, Problem> {
    let (tenant, queues, department) = (actor.tenant(), change.queues.clone(), change.department);
    let (before, permitted) = get_managed(&app, &actor, id).await?;
    let grants = match change.role {
        Some(role) => grants_to_give(&app, &actor, role).await?,
        None => before.role_grants,
    };
    if let Some(group) = change.group {
        require_place(&actor, group)?;
    }
    if before.updated_at != change.seen {
        return Err(Problem::from(store::Error::Stale));
    }
    let confirmed = change.confirm;
    let after = Person { role_grants: grants, ..change.apply(&before, app.env().now())? };
    let change = Change { department, ..Change::new(before, after, queues, confirmed, actor.staff.clone()) };
    let leaves = change.leaves;
    let answer = permitted.change(&app, once, move |tx| Box::pin(async move { change.write(tx).await })).await?;
    if leaves {
        give_back::of_disabled(app.db(), tenant).await?;
    }
    Ok(answer)
}

/// A change to a member that is about to be stored.
#[derive(Clone)]
struct Change {
    before: Person,
    after: Person,
    queues: Option<Vec<QueueId>>,
    /// The department that was asked for.
    department: Option<Option<DepartmentId>>,
    /// Whether their sessions end.
    ends: bool,
    /// Whether they are disabled.
    leaves: bool,
    /// Whether they may not see the panels; screens they created links for may not either.
    hides: bool,
    /// Whether queues may be left with nobody to serve them.
    confirmed: bool,
    /// Whether there is one administrator fewer.
    steps_down: bool,
    /// Who makes the change.
    reader: Staff,
}

impl Change {
    fn new(before: Person, after: Person, queues: Option<Vec<QueueId>>, confirmed: bool, reader: Staff) -> Self {
        Self {
            leaves: after.disabled_at.is_some(),
            ends: after.role != before.role || after.disabled_at.is_some(),
            hides: after.disabled_at.is_some() || !after.grants().holds(Permission::ManageWalls),
            steps_down: steps_down(&before, &after),
            confirmed,
            reader,
            department: None,
            before,
            after,
            queues,
        }
    }

    async fn write(mut self, tx: &mut TenantTx<'_>) -> Result<Answer, Fault> {
        let (tenant, by, id) = (tx.tenant(), tx.by(), self.after.id);
        let before = MemberView::read(tx, tenant, id, &self.reader).await?;
        let is_readdressed = self.after.email != self.before.email;
        let address = MailAddress::parse(&self.after.email).filter(|_| is_readdressed);
        if let Some(address) = address
            && store::staff::holder_of(tx, tenant, &address).await?.is_some_and(|holder| holder != id)
        {
            return Err(email_taken().into());
        }
        self.after.department = department_of(tx, tenant, self.after.group, self.department, self.before.department).await?;
        store::staff::roster::update(tx, tenant, &self.after, self.before.updated_at).await.map_err(Fault::if_taken(email_taken))?;
        if self.steps_down && store::staff::roster::administrators(tx, tenant).await? == 0 {
            return Err(last_administrator().into());
        }
        let abandoned = if self.confirmed { Vec::new() } else { self.abandons(tx, tenant).await? };
        if !abandoned.is_empty() {
            return Err(needs_member(abandoned, if self.leaves { "disabled" } else { "queues" }).into());
        }
        if let Some(queues) = &self.queues {
            store::staff::roster::set_queues(tx, tenant, id, queues).await.map_err(Fault::if_not_found(queue_unknown))?;
        }
        if self.queues.is_some() || self.after.group != self.before.group {
            let mut moved = vec![id];
            for group in [self.before.group, self.after.group].into_iter().flatten() {
                moved.extend(store::groups::members_of(tx, tenant, group).await?);
            }
            store::access::reach_changed(tx, tenant, moved).await?;
        }
        if self.hides {
            store::wall_links::delete_of(tx, tenant, id).await?;
        }
        if self.leaves {
            store::staff::change_state(tx, tenant, id, AgentState::Offline, by, None).await?;
        }
        if self.ends || is_readdressed {
            // A link issued for the previous role or sent to the previous address must not give access to the new one.
            store::sign_in_links::spend_all(tx, tenant, id).await?;
        }
        if self.ends {
            store::staff_sessions::end_all(tx, tenant, id).await?;
        }
        tx.announce(Changed::People).await?;
        let view = MemberView::read(tx, tenant, id, &self.reader).await?;
        tx.note_change(&before, &view);
        Answer::json(StatusCode::OK, &view)
    }

    /// The queues that this change leaves with nobody to serve them.
    async fn abandons(&self, tx: &mut Tx, tenant: TenantId) -> store::Result<Vec<Bilingual>> {
        if self.before.disabled_at.is_some() || !self.leaves && self.queues.is_none() {
            return Ok(Vec::new());
        }
        let stays = |queue: &QueueId| !self.leaves && self.queues.as_ref().is_none_or(|queues| queues.contains(queue));
        let alone = store::staff::roster::alone_in(tx, tenant, self.after.id).await?;
        Ok(alone.into_iter().filter(|(queue, _)| !stays(queue)).map(|(_, name)| name).collect())
    }
}

fn steps_down(before: &Person, after: &Person) -> bool {
    let administers = |person: &Person| policy::administers(person.role) && person.disabled_at.is_none();
    administers(before) && !administers(after)
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::{Client, Realtime};

    async fn seen(by: &Client, of: &StaffClient) -> Value {
        let all = by.get("/api/v1/staff").await.expect(200);
        all["items"].as_array().unwrap().iter().find(|row| row["id"] == of.member.id.to_string()).unwrap()["updated_at"].clone()
    }
    fn path(of: &StaffClient) -> String {
        format!("/api/v1/staff/{}", of.member.id)
    }
    async fn change(by: &Client, of: &StaffClient, mut change: Value) -> testkit_server::Answer {
        change["seen"] = seen(by, of).await;
        by.patch(&path(of), change).await
    }
    async fn at_work(agent: &StaffClient) -> Realtime {
        agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = Realtime::connect(agent).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine", "queue"]})).await;
        desk.until("welcome").await;
        desk
    }

    #[tokio::test]
    async fn a_disabled_agents_conversations_go_back_at_their_age_and_the_agent_is_out_everywhere() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        app.set_password(&ada.member, "long enough").await;
        let mut desk = at_work(&ada).await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let path_of = format!("/api/v1/conversations/{conversation}");
        let served = testkit::eventually("ada has it", async || {
            let opened = mira.get(&path_of).await.expect(200);
            (opened["state"] == "active").then_some(opened)
        })
        .await;
        let waits_since = served["queued_at"].clone();
        app.clock.advance(60_000);
        // The conversation has been answered: one that waits for the customer is returned too.
        let said =
            json!({"frames": [{"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(7), "body": {"type": "text", "text": "hi"}}]});
        assert_eq!(ada.post("/rt/send", said).await.expect(200)["frames"][0]["t"], "ok");
        let token = app.link(Role::Agent).await;

        let disabled = change(&mira, &ada, json!({"disabled": true})).await.expect(200);
        assert_eq!((&disabled["status"], &disabled["state"]), (&json!("disabled"), &json!("offline")));
        let back = mira.get(&path_of).await.expect(200);
        assert_eq!((&back["state"], &back["queued_at"]), (&json!("queued"), &waits_since));
        desk.closed().await;
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await.problem(401, "sign_in_failed");
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.problem(410, "link_spent");
        mira.post(&format!("{}/link", path(&ada)), json!(null)).await.problem(409, "member_disabled");
        // The history stays, with the agent's name.
        assert_eq!(back["id"], conversation.as_str());

        change(&mira, &ada, json!({"disabled": false})).await.expect(200);
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await.expect(201);
    }

    #[tokio::test]
    async fn the_only_member_of_a_queue_is_disabled_only_after_a_warning_that_names_it() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let queue = async |zh: &str, members: Value| {
            mira.post("/api/v1/queues", json!({"name": {"zh": zh}, "everybody": false, "members": members})).await.expect(201)["id"].clone()
        };
        let (ada_id, eve_id) = (json!(ada.member.id), json!(eve.member.id));
        let (bills, shared) = (queue("账单", json!([ada_id])).await, queue("宽带", json!([ada_id, eve_id])).await);
        let asked = change(&mira, &ada, json!({"disabled": true})).await.problem_at(409, "queue_needs_member", "disabled");
        assert_eq!(asked["names"], json!([{"zh": "账单", "en": ""}]));
        ada.get("/api/v1/me").await.expect(200);
        // The same applies when the queue loses its last member, and after the other member has left.
        let asked = change(&mira, &ada, json!({"queues": [shared]})).await.problem_at(409, "queue_needs_member", "queues");
        assert_eq!(asked["names"], json!([{"zh": "账单", "en": ""}]));
        change(&mira, &eve, json!({"disabled": true})).await.expect(200);
        let asked = change(&mira, &ada, json!({"disabled": true})).await.problem(409, "queue_needs_member");
        assert_eq!(asked["names"].as_array().unwrap().len(), 2);
        // Removing a member who is already disabled leaves no queue unattended.
        change(&mira, &eve, json!({"queues": []})).await.expect(200);
        change(&mira, &ada, json!({"queues": [bills], "confirm": true})).await.expect(200);
        change(&mira, &ada, json!({"disabled": true, "confirm": true})).await.expect(200);
    }

    #[tokio::test]
    async fn a_screen_shows_nothing_more_once_its_maker_is_disabled_or_may_not_see_the_panels() {
        let app = TestApp::new().await;
        let (tara, mira, grace) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.manager("grace").await);
        let mut screens = Vec::new();
        for maker in [&mira, &grace, &tara] {
            let made = maker.post("/api/v1/wall-links", json!({"name": "Floor 3"})).await.expect(201);
            screens.push(app.with_token(made["token"].as_str().unwrap()));
        }
        change(&tara, &mira, json!({"disabled": true})).await.expect(200);
        change(&tara, &grace, json!({"role": "agent"})).await.expect(200);
        screens[0].get("/api/v1/wall").await.problem(401, "not_signed_in");
        screens[1].get("/api/v1/wall").await.problem(401, "not_signed_in");
        screens[2].get("/api/v1/wall").await.expect(200);
        // Enabling the member does not restore the links.
        change(&tara, &mira, json!({"disabled": false})).await.expect(200);
        screens[0].get("/api/v1/wall").await.problem(401, "not_signed_in");
        assert_eq!(tara.get("/api/v1/wall-links").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_last_administrator_can_be_neither_disabled_nor_demoted() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        for refused in [json!({"disabled": true}), json!({"role": "manager"})] {
            change(&tara, &tara, refused).await.problem(409, "last_administrator");
        }
        tara.get("/api/v1/me").await.expect(200);
        let vera = app.staff(Role::Administrator, "vera").await;
        change(&vera, &tara, json!({"disabled": true})).await.expect(200);
        change(&vera, &vera, json!({"role": "agent"})).await.problem(409, "last_administrator");
    }

    #[tokio::test]
    async fn managers_change_agents_only_and_make_nobody_more() {
        let app = TestApp::new().await;
        let (mira, ada, tara) = (app.manager("mira").await, app.agent("ada").await, app.staff(Role::Administrator, "tara").await);
        let changed = change(&mira, &ada, json!({"name": " Ada L. ", "number": "0999", "capacity": 2})).await.expect(200);
        assert_eq!((&changed["name"], &changed["number"], &changed["capacity"]), (&json!("Ada L."), &json!("0999"), &json!(2)));
        change(&mira, &ada, json!({"role": "manager"})).await.problem_at(403, "not_permitted", "role");
        change(&mira, &tara, json!({"disabled": true})).await.problem(403, "not_permitted");
        change(&tara, &mira, json!({"capacity": 9})).await.expect(200);
        ada.patch(&path(&ada), json!({"capacity": 9, "seen": 0})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_new_role_holds_at_once_because_the_old_sessions_end() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let mut floor = at_work(&mira).await;
        change(&tara, &mira, json!({"role": "agent"})).await.expect(200);
        floor.closed().await;
        mira.get("/api/v1/me").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn name_address_and_group_are_changed_and_the_new_address_signs_in() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        app.set_password(&ada.member, "long enough").await;
        let group = tara.post("/api/v1/groups", json!({"name": "Stores"})).await.expect(201)["id"].clone();
        change(&tara, &ada, json!({"email": "TARA@alpha.example"})).await.problem_at(409, "email_taken", "email");
        change(&tara, &ada, json!({"email": "nobody"})).await.problem_at(422, "email_invalid", "email");
        let changed = change(&tara, &ada, json!({"name": "Ada Love", "email": " Ada.Love@alpha.example ", "group": group})).await.expect(200);
        assert_eq!((&changed["name"], &changed["email"], &changed["group"]), (&json!("Ada Love"), &json!("ada.love@alpha.example"), &group));
        assert_eq!(tara.get("/api/v1/staff?q=ada.love").await.expect(200)["items"][0]["id"], changed["id"]);
        ada.get("/api/v1/me").await.expect(200);
        let sign_in = |email: &str| app.post("/api/v1/auth/sessions", json!({"email": email, "password": "long enough"}));
        sign_in("ada@alpha.example").await.problem(401, "sign_in_failed");
        sign_in("ada.love@alpha.example").await.expect(201);
        // A link sent to an address is invalid once the address is no longer the member's.
        let invited = tara.post("/api/v1/staff", json!({"email": "eve@alpha.example", "name": "Eve", "role": "agent"})).await.expect(201);
        let (eve, token) = (invited["member"].clone(), invited["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned());
        let moved = json!({"email": "eva@alpha.example", "seen": eve["updated_at"]});
        tara.patch(&format!("/api/v1/staff/{}", eve["id"].as_str().unwrap()), moved).await.expect(200);
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.problem(410, "link_spent");
    }

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let old = seen(&tara, &ada).await;
        tara.patch(&path(&ada), json!({"capacity": 3, "seen": old})).await.expect(200);
        tara.patch(&path(&ada), json!({"capacity": 4, "seen": old})).await.problem(409, "conflict");
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_changes_nothing() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let beta = app.other_company("beta").await;
        for (wrong, field) in [
            (json!({"name": ""}), "name"),
            (json!({"number": "x".repeat(21)}), "number"),
            (json!({"capacity": 101}), "capacity"),
            (json!({"group": "grp_00000000000000000000000000000001"}), "group"),
            (json!({"capacity": 9, "queues": [beta.queue.to_string()]}), "queues"),
        ] {
            change(&tara, &ada, wrong).await.problem_at(422, "invalid_value", field);
        }
        assert_eq!(tara.get("/api/v1/staff?q=ada").await.expect(200)["items"][0]["capacity"], 5);
    }

    #[tokio::test]
    async fn nothing_is_changed_by_asking_for_it() {
        // A link that is followed or prefetched disables nobody.
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let shown = tara.get(&format!("{}?disabled=true", path(&ada))).await.expect(200);
        assert_eq!(shown["status"], "invited");
        tara.delete(&path(&ada)).await.problem_at(422, "missing_field", "seen");
        ada.get("/api/v1/me").await.expect(200);
    }
}
