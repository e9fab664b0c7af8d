//! `POST /api/v1/staff`

use super::invitation::{Invitation, Invited, NewStaffMember};
use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, policy::OverPeople};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};

/// Invites a member; the answer contains a link that works once and is valid for seven days.
///
/// Only people can do this; programs are refused.
#[utoipa::path(post, path = "/staff", tag = "staff", security(("staff" = [])), params(OnceHeader), request_body = NewStaffMember,
    responses((status = 201, body = Invited), Problems))]
pub async fn invite_member(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewStaffMember>) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.anywhere();
    actor.session()?;
    let invitation = Invitation::prepare(&app, &actor, new)?;
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let checked = invitation.check(tx).await?;
            let invited = invitation.store(tx, checked).await?;
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &invited)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::DAY};
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    fn token(invited: &Value) -> String {
        invited["link"].as_str().unwrap().split_once("/console/welcome#").unwrap().1.to_owned()
    }

    #[tokio::test]
    async fn who_was_invited_comes_in_by_the_link_once() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let tenant = app.company.tenant.to_string();
        let mut console = Realtime::connect(&tara).await;
        console.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let queue = app.company.queue.to_string();
        let body = json!({"email": " Lin@Alpha.example ", "name": " 林夏 ", "role": "agent", "group": null, "queues": [queue], "capacity": 3});
        let invited = tara.post("/api/v1/staff", body).await.expect(201);
        let member = &invited["member"];
        assert_eq!((&member["email"], &member["name"], &member["status"]), (&json!("lin@alpha.example"), &json!("林夏"), &json!("invited")));
        assert_eq!((&member["capacity"], &member["queues"], &member["link_until"]), (&json!(3), &json!([queue]), &invited["expires_at"]));
        assert_eq!(console.until("entries").await["entries"][0]["kind"], "people_changed");
        let redeem = |token: String| app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"}));
        let me = redeem(token(&invited)).await.expect(201);
        assert_eq!((&me["agent"], &me["role"], &me["capacity"]), (&member["id"], &json!("agent"), &json!(3)));
        redeem(token(&invited)).await.problem(410, "link_spent");
        assert_eq!(tara.get("/api/v1/staff?q=lin").await.expect(200)["items"][0]["status"], "active");
    }

    #[tokio::test]
    async fn an_invitation_runs_out_and_is_renewed() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        app.set_password(&mira.member, "long enough").await;
        let invited = mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent"})).await.expect(201);
        app.clock.advance(7 * DAY);
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&invited), "password": "long enough"})).await.problem(410, "link_expired");
        let again = app.post("/api/v1/auth/sessions", json!({"email": "mira@alpha.example", "password": "long enough"})).await;
        let secret = again.header("set-cookie")["__Host-yingda=".len()..].split(';').next().unwrap().to_owned();
        let mira = app.with_cookie(&secret);
        let id = invited["member"]["id"].as_str().unwrap();
        let renewed = mira.post(&format!("/api/v1/staff/{id}/link"), json!(null)).await.expect(201);
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&renewed), "password": "long enough"})).await.expect(201);
    }

    #[tokio::test]
    async fn a_manager_invites_agents_only() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let body = |role: &str| json!({"email": format!("{role}@new.example"), "name": role, "role": role});
        mira.post("/api/v1/staff", body("agent")).await.expect(201);
        for role in ["manager", "administrator"] {
            mira.post("/api/v1/staff", body(role)).await.problem_at(403, "not_permitted", "role");
        }
        ada.post("/api/v1/staff", body("agent")).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn an_address_is_taken_in_its_own_company_only_and_nobody_learns_of_others() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        app.set_password(&bob.member, "the one of beta").await;
        let body = json!({"email": "Bob@beta.example", "name": "bob too", "role": "agent"});
        let invited = tara.post("/api/v1/staff", body.clone()).await.expect(201);
        tara.post("/api/v1/staff", body).await.problem_at(409, "email_taken", "email");
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&invited), "password": "the one of alpha"})).await.expect(201);
        let there = app.anyone_at(&beta);
        let sign_in = async |at: &testkit_server::Client, password: &str| {
            at.post("/api/v1/auth/sessions", json!({"email": "bob@beta.example", "password": password})).await
        };
        assert_eq!(sign_in(&app, "the one of alpha").await.expect(201)["name"], "bob too");
        assert_eq!(sign_in(&there, "the one of beta").await.expect(201)["name"], "bob");
        sign_in(&app, "the one of beta").await.problem(401, "sign_in_failed");
        sign_in(&there, "the one of alpha").await.problem(401, "sign_in_failed");
    }

    #[tokio::test]
    async fn the_next_number_is_above_the_highest_that_was_ever_given() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let invite = async |n: u8, number: Value| {
            let body = json!({"email": format!("n{n}@x"), "name": "n", "role": "agent", "number": number});
            let member = tara.post("/api/v1/staff", body).await.expect(201)["member"].clone();
            (member["number"].as_str().unwrap().to_owned(), member)
        };
        invite(1, json!("0500")).await;
        assert_eq!(invite(2, Value::Null).await.0, "0501");
        let (_, third) = invite(3, json!("VIP")).await;
        let path = format!("/api/v1/staff/{}", third["id"].as_str().unwrap());
        tara.patch(&path, json!({"number": "0700", "seen": third["updated_at"]})).await.expect(200);
        assert_eq!(invite(4, Value::Null).await.0, "0701");
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_invites_nobody() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        let foreign = bob.post("/api/v1/groups", json!({"name": "x"})).await.expect(201)["id"].clone();
        let with = |change: Value| {
            let mut body = json!({"email": "new@alpha.example", "name": "new", "role": "agent"});
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        for (body, status, code, field) in [
            (with(json!({"email": "nobody"})), 422, "email_invalid", "email"),
            (with(json!({"email": "\u{202d}t\u{200b}ara@alpha.example\u{202c}"})), 409, "email_taken", "email"),
            (with(json!({"email": "李雷@alpha.example"})), 422, "address_unsendable", "email"),
            (with(json!({"email": "t\u{430}ra@alpha.example"})), 422, "email_invalid", "email"),
            (with(json!({"email": "TARA@alpha.example"})), 409, "email_taken", "email"),
            (with(json!({"email": "ｔａｒａ＠alpha.example"})), 409, "email_taken", "email"),
            (with(json!({"name": "\u{202e}arat"})), 422, "name_deceptive", "name"),
            (with(json!({"name": " "})), 422, "invalid_value", "name"),
            (with(json!({"number": ""})), 422, "invalid_value", "number"),
            (with(json!({"capacity": 0})), 422, "invalid_value", "capacity"),
            (with(json!({"role": "owner"})), 422, "invalid_value", "role"),
            (with(json!({"group": foreign})), 422, "invalid_value", "group"),
            (with(json!({"queues": [beta.queue.to_string()]})), 422, "invalid_value", "queues"),
        ] {
            tara.post("/api/v1/staff", body).await.problem_at(status, code, field);
        }
        assert_eq!(tara.get("/api/v1/staff").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
