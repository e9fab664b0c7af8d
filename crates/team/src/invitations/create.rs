//! `POST /api/v1/staff-invitations`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, policy::OverPeople, refusal::Code, text::Lang, time::Ts};
use http_kit::{
    App,
    auth::{StaffActor, link},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::jobs::NewJob;
use utoipa::ToSchema;

use crate::staff::{
    invitation::{Invitation, Invited, NewStaffMember},
    letter::{self, Invitee},
    view::MemberView,
};

/// The most people invited at once: what one transaction stores while nobody waits noticeably.
const MAX_AT_ONCE: usize = 25;

/// People to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    /// At most 25; send more in further requests.
    #[schema(min_items = 1, max_items = 25)]
    pub people: Vec<NewStaffMember>,
    /// Whether each is sent their link by mail, instead of its being in the answer.
    #[serde(default)]
    pub by_mail: bool,
    /// The language of the mail.
    #[serde(default)]
    pub lang: Lang,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationOutcome {
    /// The person was invited.
    Invited,
    /// Somebody in this company already has the address; nothing was changed.
    Member,
    /// Nothing was changed: see `code` and `field`.
    Refused,
}

/// What became of an invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationResult {
    /// The address, as it was given.
    pub email: String,
    /// What became of it.
    pub outcome: InvitationOutcome,
    /// The new member.
    #[schema(required)]
    pub member: Option<MemberView>,
    /// A one-time link, if it was not sent by mail; it is never shown again.
    #[schema(required, format = "secret")]
    pub link: Option<String>,
    /// Until when the link can be used.
    #[schema(required)]
    pub expires_at: Option<Ts>,
    /// Why it was refused.
    #[schema(required)]
    pub code: Option<Code>,
    /// The field that was refused.
    #[schema(required)]
    pub field: Option<String>,
}

/// What became of the invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationResults {
    /// In the order of the request.
    pub items: Vec<InvitationResult>,
}

/// Invites several people. Each is invited as a whole or not at all, whatever becomes of the others.
///
/// Only people can do this; programs are refused.
#[utoipa::path(post, path = "/staff-invitations", tag = "staff", security(("staff" = [])), params(OnceHeader), request_body = NewInvitations,
    responses((status = 200, body = InvitationResults), Problems))]
pub async fn invite_members(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewInvitations>) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.anywhere();
    actor.session()?;
    let NewInvitations { people, by_mail, lang } = new;
    if !(1..=MAX_AT_ONCE).contains(&people.len()) {
        return Err(Problem::invalid("people", Code::InvalidValue, format!("invite 1 to {MAX_AT_ONCE} people at once")));
    }
    if by_mail && !letter::is_mail_set_up(&app) {
        return Err(Problem::invalid("by_mail", Code::InvalidValue, "mail is not set up: hand the links over"));
    }
    if by_mail {
        letter::take_request(&app, actor.tenant()).await?;
    }
    let mut prepared = Vec::new();
    for person in people {
        prepared.push(Prepared::of(&app, &actor, person, by_mail.then_some(lang)).await?);
    }
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let mut items = Vec::new();
            for one in prepared {
                items.push(one.write(tx).await?);
            }
            if items.iter().any(|item| item.outcome == InvitationOutcome::Invited) {
                tx.announce(Changed::People).await?;
            }
            Answer::json(StatusCode::OK, &InvitationResults { items })
        })
    });
    done.await
}

/// An invitation, or why there is none, and its letter.
#[derive(Clone)]
struct Prepared {
    email: String,
    invitation: Result<Invitation, Box<Problem>>,
    letter: Option<NewJob>,
}

impl Prepared {
    async fn of(app: &App, actor: &StaffActor, person: NewStaffMember, by_mail: Option<Lang>) -> Result<Self, Problem> {
        let email = person.email.clone();
        let invitation = Invitation::prepare(app, actor, person);
        let letter = match (&invitation, by_mail) {
            (Ok(Invitation { member, link, .. }), Some(lang)) => {
                let invitee = Invitee { agent: member.id, email: &member.email, link, until: app.env().now().plus(link::LIFE_MS) };
                letter::job(app, actor.tenant(), lang, invitee).await.map(Some)
            }
            _ => Ok(None),
        };
        let letter = match letter {
            Ok(letter) => letter,
            Err(problem) if problem.code == Code::TooManyRequests => return Ok(Self { email, invitation: Err(Box::new(problem)), letter: None }),
            Err(problem) => return Err(problem),
        };
        Ok(Self { email, invitation: invitation.map_err(Box::new), letter })
    }

    /// Stores the invitation with its letter, unless something prevents it.
    async fn write(self, tx: &mut store::TenantTx<'_>) -> Result<InvitationResult, Fault> {
        let Self { email, invitation, letter } = self;
        let checked = match &invitation {
            Ok(invitation) => invitation.check(tx).await,
            Err(problem) => Err(Fault::Problem(problem.clone())),
        };
        let checked = match checked {
            Ok(checked) => checked,
            Err(Fault::Problem(problem)) => return Ok(InvitationResult::refused(email, &problem)),
            Err(fault) => return Err(fault),
        };
        let Invited { member, link, expires_at } = invitation.map_err(Fault::Problem)?.store(tx, checked).await?;
        if let Some(letter) = &letter {
            let tenant = tx.tenant();
            store::jobs::add(tx, tenant, letter).await?;
        }
        let link = letter.is_none().then_some(link);
        Ok(InvitationResult { email, outcome: InvitationOutcome::Invited, member: Some(member), link, expires_at: Some(expires_at), code: None, field: None })
    }
}

impl InvitationResult {
    fn refused(email: String, problem: &Problem) -> Self {
        let outcome = if problem.code == Code::EmailTaken { InvitationOutcome::Member } else { InvitationOutcome::Refused };
        Self { email, outcome, member: None, link: None, expires_at: None, code: Some(problem.code), field: problem.field.clone() }
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/staff-invitations";

    fn person(email: &str, change: Value) -> Value {
        let mut body = json!({"email": email, "name": "new", "role": "agent"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    }

    #[tokio::test]
    async fn each_person_is_invited_as_a_whole_or_not_at_all() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let queue = app.company.queue.to_string();
        let people = json!([
            person("lin@alpha.example", json!({"queues": [queue], "capacity": 3})),
            person("ADA@alpha.example", json!({})),
            person("lin@alpha.example", json!({"name": "twice"})),
            person("boss@alpha.example", json!({"role": "administrator"})),
            person("lost@alpha.example", json!({"queues": ["que_00000000000000000000000000000001"]})),
            person("nobody", json!({})),
            person("min@alpha.example", json!({"number": "0700"})),
        ]);
        let done = mira.post(PATH, json!({"people": people})).await.expect(200);
        let items = done["items"].as_array().unwrap();
        let outcomes: Vec<_> = items.iter().map(|item| (item["outcome"].as_str().unwrap(), item["code"].as_str(), item["field"].as_str())).collect();
        assert_eq!(
            outcomes,
            [
                ("invited", None, None),
                ("member", Some("email_taken"), Some("email")),
                ("member", Some("email_taken"), Some("email")),
                ("refused", Some("not_permitted"), Some("role")),
                ("refused", Some("invalid_value"), Some("queues")),
                ("refused", Some("email_invalid"), Some("email")),
                ("invited", None, None),
            ]
        );
        assert_eq!((&items[0]["member"]["queues"], &items[0]["member"]["capacity"]), (&json!([queue]), &json!(3)));
        let token = items[6]["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        let me = app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.expect(201);
        assert_eq!((&me["agent"], &me["number"]), (&items[6]["member"]["id"], &json!("0700")));
        assert_eq!(mira.get("/api/v1/staff").await.expect(200)["items"].as_array().unwrap().len(), 4);
        ada.post(PATH, json!({"people": people})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn too_many_at_once_none_and_mail_that_is_not_set_up_are_refused() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let many: Vec<Value> = (0..26).map(|n| person(&format!("n{n}@x"), json!({}))).collect();
        for people in [json!(many), json!([])] {
            tara.post(PATH, json!({"people": people})).await.problem_at(422, "invalid_value", "people");
        }
        tara.post(PATH, json!({"people": [person("a@b", json!({}))], "by_mail": true})).await.problem_at(422, "invalid_value", "by_mail");
        assert_eq!(tara.get("/api/v1/staff").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
