//! `PATCH /api/v1/staff/{id}`

use axum::{extract::State, http::StatusCode};
use db::Shard;
use domain::{
    entry::Changed,
    id::{AgentId, DepartmentId, GroupId, QueueId},
    mail_address::MailAddress,
    policy::{Reach, Staff, may_manage},
    refusal::Code,
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
use store::{TenantTx, jobs::NewJob, staff::roster::Person};
use utoipa::ToSchema;

use super::{
    email_taken, get_managed, grants_to_give, letter, needs_member, no_seat,
    place::{department_of, require_group, require_queues},
    queue_unknown,
    role_change::{self, Holder},
    view::MemberView,
    work::{Leaving, WorkTo},
};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffMemberChange {
    /// A new address to sign in with; links sent to the old one become invalid. Of a member who has joined, only administrators change it.
    #[serde(default)]
    pub email: Option<String>,
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// A new number.
    #[serde(default)]
    pub number: Option<String>,
    /// A new role; the member is signed out everywhere and has the role at the next sign-in. Wall links and tokens that they could not make with it are revoked.
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
    /// Whether the member is disabled. Disabling deletes their wall links, revokes the tokens they made, signs them out everywhere, and has the
    /// conversations they serve go where `move_to` says, with the time already waited.
    #[serde(default)]
    pub disabled: Option<bool>,
    /// Where the conversations of a member who is disabled go; without it, the answer is 409 `member_has_work` with the `count` if they have any.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    pub move_to: Option<WorkTo>,
    /// Confirms that queues may be left with nobody to serve them; without it, the answer is 409 `queue_needs_member` with the queues' `names`.
    #[serde(default)]
    pub confirm: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl StaffMemberChange {
    fn apply(self, to: &Person, now: Ts) -> Result<Person, Problem> {
        let Self { email, name, number, role, group, department: _, capacity, queues: _, disabled, move_to: _, confirm: _, seen: _ } = self;
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
///
/// Only people can do this; programs are refused. Only administrators change the address of a member who has joined, because a password can be reset by way of it;
/// the member is then signed out everywhere, and told at the old address.
#[utoipa::path(patch, path = "/staff/{id}", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), OnceHeader),
    request_body = StaffMemberChange, responses((status = 200, body = MemberView), Problems))]
pub async fn update_member(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    OnceJson(once, asked): OnceJson<StaffMemberChange>,
) -> Result<Answer, Problem> {
    actor.session()?;
    let tenant = actor.tenant();
    let (person, permitted) = get_managed(&app, &actor, id).await?;
    if let Some(group) = asked.group {
        require_group(&actor.staff, group)?;
    }
    let leaves = asked.disabled.unwrap_or(person.disabled_at.is_some());
    if asked.move_to.is_some() && (asked.disabled != Some(true) || person.disabled_at.is_some()) {
        return Err(Problem::invalid("move_to", Code::InvalidValue, "only who is disabled by this request leaves conversations: send it with `disabled`"));
    }
    let leaving = match asked.disabled {
        Some(true) if person.disabled_at.is_none() => Some(Leaving::read(&mut app.db().read_of(tenant).await?, tenant, id, asked.move_to).await?),
        _ => None,
    };
    let letter = letter_to_old_address(&app, &actor.staff, person, &asked).await?;
    // Conversations are locked before the company, which this takes into its own hands where somebody leaves.
    let permitted = if leaving.is_some() { permitted.on(Shard::Of(tenant.uuid())) } else { permitted };
    let change = Change { id, asked, letter, leaving, reader: actor.staff };
    let answer = permitted.change(&app, once, move |tx| Box::pin(async move { change.write(tx).await })).await?;
    if leaves {
        give_back::of_disabled(app.db(), tenant).await?;
    }
    Ok(answer)
}

/// What tells a member that they sign in with another address from now on; `None` if they do not, or have not joined yet.
async fn letter_to_old_address(app: &App, by: &Staff, person: Person, asked: &StaffMemberChange) -> Result<Option<NewJob>, Problem> {
    let (agent, tenant, has_joined, old) = (person.id, by.tenant, person.has_joined, person.email.clone());
    let new = asked.clone().apply(&person, app.env().now())?.email;
    // What is refused anyway uses up nobody's letters.
    let is_refused = person.updated_at != asked.seen || agent != by.agent && !by.administers();
    if new == old || !has_joined || is_refused {
        return Ok(None);
    }
    Ok(Some(letter::job_of_new_address(app, tenant, agent, &old, &new).await?))
}

/// A change to a member that is about to be stored.
#[derive(Clone)]
struct Change {
    /// The member.
    id: AgentId,
    /// What is asked for.
    asked: StaffMemberChange,
    /// What tells them of a new address.
    letter: Option<NewJob>,
    /// Their conversations and where these go, if they are disabled by it.
    leaving: Option<Leaving>,
    /// Who makes the change.
    reader: Staff,
}

impl Change {
    async fn write(self, tx: &mut TenantTx<'_>) -> Result<Answer, Fault> {
        let Self { id, asked, letter, leaving, reader } = self;
        let (tenant, now, by) = (tx.tenant(), tx.now(), tx.by());
        if let Some(leaving) = &leaving {
            leaving.lock(tx).await?;
        }
        let before = store::staff::roster::get(tx, tenant, id).await?;
        if before.updated_at != asked.seen {
            return Err(store::Error::Stale.into());
        }
        // The role may hold more by now than when it was looked at.
        if !may_manage(&reader, id, before.grants()) {
            return Err(Problem::not_permitted().into());
        }
        let role_grants = match asked.role {
            Some(role) => grants_to_give(tx, &reader, role).await?,
            None => before.role_grants,
        };
        let mut after = Person { role_grants, ..asked.clone().apply(&before, now)? };
        if before.disabled_at.is_some() && after.disabled_at.is_none() {
            store::limits::require_seat(tx, tenant).await.map_err(Fault::if_refused(Code::SeatLimitReached, no_seat))?;
        }
        after.department = department_of(tx, tenant, &reader, after.group, asked.department, before.department).await?;
        readdress(tx, &reader, (&before, &after), letter).await?;
        store::staff::roster::update(tx, tenant, &after, before.updated_at).await.map_err(Fault::if_taken(email_taken))?;
        role_change::settle(tx, &reader.name, Holder::from(&before), Holder::from(&after)).await?;
        let leaves = after.disabled_at.is_some();
        let abandoned = if asked.confirm { Vec::new() } else { abandons(tx, &before, leaves, asked.queues.as_deref()).await? };
        if !abandoned.is_empty() {
            return Err(needs_member(abandoned, if leaves { "disabled" } else { "queues" }).into());
        }
        if let Some(leaving) = &leaving {
            leaving.check(tx).await?;
        }
        if let Some(queues) = &asked.queues {
            require_queues(tx, tenant, &reader, queues, &before.queues).await?;
            store::staff::roster::set_queues(tx, tenant, id, queues).await.map_err(Fault::if_not_found(queue_unknown))?;
        }
        begin_around(tx, &before, &after, asked.queues.is_some()).await?;
        if leaves {
            store::staff::change_state(tx, tenant, id, AgentState::Offline, by, None).await?;
        }
        if let Some(leaving) = leaving {
            leaving.hand_on(tx).await?;
        }
        tx.announce(Changed::People).await?;
        let view = MemberView::read(tx, tenant, id, &reader).await?;
        tx.note_change(&MemberView::new(before, now, &reader), &view);
        Answer::json(StatusCode::OK, &view)
    }
}

/// What follows from a new address: nobody else has it, links that were sent to the old one are invalid, and a member who has joined is told at the old one and
/// signed out, unless they changed it themselves.
async fn readdress(tx: &mut TenantTx<'_>, by: &Staff, (before, after): (&Person, &Person), letter: Option<NewJob>) -> Result<(), Fault> {
    let (tenant, id, is_oneself) = (tx.tenant(), after.id, after.id == by.agent);
    if after.email == before.email {
        return Ok(());
    }
    if before.has_joined && !is_oneself && !by.administers() {
        return Err(address_kept().into());
    }
    if let Some(address) = MailAddress::parse(&after.email)
        && store::staff::holder_of(tx, tenant, &address).await?.is_some_and(|holder| holder != id)
    {
        return Err(email_taken().into());
    }
    store::sign_in_links::spend_all(tx, tenant, id).await?;
    if before.has_joined && !is_oneself {
        store::staff_sessions::end_all(tx, tenant, id).await?;
    }
    if let Some(letter) = &letter {
        store::jobs::add(tx, tenant, letter).await?;
    }
    Ok(())
}

/// The queues that a change leaves with nobody to serve them.
async fn abandons(tx: &mut TenantTx<'_>, before: &Person, leaves: bool, queues: Option<&[QueueId]>) -> store::Result<Vec<Bilingual>> {
    if before.disabled_at.is_some() || !leaves && queues.is_none() {
        return Ok(Vec::new());
    }
    let stays = |queue: &QueueId| !leaves && queues.is_none_or(|queues| queues.contains(queue));
    let tenant = tx.tenant();
    let alone = store::staff::roster::alone_in(tx, tenant, before.id).await?;
    Ok(alone.into_iter().filter(|(queue, _)| !stays(queue)).map(|(_, name)| name).collect())
}

/// Has the connections of everybody begin again who reaches something else now, because a member is in another place.
async fn begin_around(tx: &mut TenantTx<'_>, before: &Person, after: &Person, changes_queues: bool) -> store::Result<()> {
    let tenant = tx.tenant();
    let changes = [(Reach::Queue, changes_queues), (Reach::Group, after.group != before.group), (Reach::Department, after.department != before.department)];
    let by_place: Vec<Reach> = changes.into_iter().filter(|(_, changes)| *changes).map(|(reach, _)| reach).collect();
    let groups: Vec<GroupId> = [before.group, after.group].into_iter().flatten().collect();
    store::reach::begin_around(tx, tenant, after.id, &by_place, &groups).await
}

fn address_kept() -> Problem {
    let title = "this member signs in with this address: only an administrator can change it";
    Problem { field: Some("email".to_owned()), ..Problem::conflict(Code::AddressKept, title) }
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

        let disabled = change(&mira, &ada, json!({"disabled": true, "move_to": "own_queues"})).await.expect(200);
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
    async fn a_company_has_as_many_members_as_it_may_however_they_come() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        app.limited(store::limits::Limits { seats: Some(2), ..Default::default() }).await;
        let person = |name: &str| json!({"email": format!("{name}@alpha.example"), "name": name, "role": "agent"});
        tara.post("/api/v1/staff", person("eve")).await.problem(409, "seat_limit_reached");
        change(&tara, &ada, json!({"disabled": true})).await.expect(200);
        let both = tara.post("/api/v1/staff-invitations", json!({"people": [person("eve"), person("eli")]})).await.expect(200);
        let outcomes = |n: usize| (both["items"][n]["outcome"].clone(), both["items"][n]["code"].clone());
        assert_eq!((outcomes(0), outcomes(1)), ((json!("invited"), json!(null)), (json!("refused"), json!("seat_limit_reached"))), "{both}");
        change(&tara, &ada, json!({"disabled": false})).await.problem(409, "seat_limit_reached");
        // What does not bring anybody back is allowed, and so is everything once there is room.
        change(&tara, &ada, json!({"name": "Ada"})).await.expect(200);
        app.limited(store::limits::Limits::default()).await;
        change(&tara, &ada, json!({"disabled": false})).await.expect(200);
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
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
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
    async fn who_manages_people_cannot_take_over_a_member_by_the_address_and_the_member_is_told_of_a_new_one() {
        let app = TestApp::new().await;
        let (tara, mira, ada) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.agent("ada").await);
        change(&mira, &ada, json!({"email": "ada.l@alpha.example"})).await.expect(200);
        app.set_password(&ada.member, "long enough").await;
        change(&mira, &ada, json!({"email": "mira+ada@alpha.example"})).await.problem_at(409, "address_kept", "email");
        change(&mira, &ada, json!({"email": "ada.l@alpha.example", "capacity": 2})).await.expect(200);
        ada.get("/api/v1/me").await.expect(200);
        change(&tara, &ada, json!({"email": "lovelace@alpha.example"})).await.expect(200);
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        let told = app.message_to("ada.l@alpha.example").await.text;
        assert!(told.contains("l***@alpha.example") && !told.contains("lovelace"), "{told}");
    }

    #[tokio::test]
    async fn letters_to_an_old_address_are_as_few_as_invitations() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        app.set_password(&ada.member, "long enough").await;
        for n in 0..40 {
            change(&tara, &ada, json!({"email": format!("ada{n}@alpha.example")})).await.expect(200);
        }
        change(&tara, &ada, json!({"email": "ada40@alpha.example"})).await.problem(429, "too_many_requests");
        assert_eq!(tara.get("/api/v1/staff?q=ada").await.expect(200)["items"][0]["email"], "ada39@alpha.example");
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
