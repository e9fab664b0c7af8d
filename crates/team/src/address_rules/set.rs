//! `PUT /api/v1/address-rules`

use axum::{extract::State, http::StatusCode};
use domain::{address_rules::AddressRules, entry::Changed, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;

use super::AddressRulesView;

/// Sets from where the company is used.
///
/// It counts within seconds on all nodes. Members of the staff who are connected connect anew, and are refused where the rules no longer let them in; visitors
/// are refused at their next request.
///
/// Rules that would keep out whoever sets them are refused (409 `locks_you_out`). Only people can do this; programs are refused.
#[utoipa::path(put, path = "/address-rules", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = AddressRules,
    responses((status = 200, body = AddressRulesView), Problems))]
pub async fn set_address_rules(
    State(app): State<App>,
    actor: StaffActor,
    from: ClientAddress,
    OnceJson(once, rules): OnceJson<AddressRules>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    actor.session()?;
    if let Some(list) = rules.too_long() {
        return Err(Problem::invalid(list, Code::InvalidValue, "a list has at most 100 ranges"));
    }
    if !rules.let_staff_in(from.0) {
        let why = "with these rules you could no longer use the console from where you are";
        return Err(Problem::new(StatusCode::CONFLICT, Code::LocksYouOut, why));
    }
    let tenant = actor.tenant();
    let set = permitted.change(&app, once, move |tx| {
        let rules = rules.clone();
        Box::pin(async move {
            let before = store::tenants::address(tx, tenant).await?.rules.unwrap_or_default();
            store::tenants::set_address_rules(tx, tenant, &rules).await?;
            tx.announce(Changed::Settings).await?;
            tx.note_change(&before, &rules);
            if (&before.staff_allowed, &before.staff_denied) != (&rules.staff_allowed, &rules.staff_denied) {
                let members = store::staff::list(tx, tenant).await?;
                store::reach::begin_anew(tx, tenant, members.into_iter().map(|member| member.id)).await?;
            }
            Answer::json(StatusCode::OK, &AddressRulesView::new(rules, from))
        })
    });
    let answer = set.await?;
    app.in_memory().addresses.forget();
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use db::Shard;
    use domain::{address_rules::AddressRules, staff::Role};
    use http_kit::auth::link;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    fn rules(staff_allowed: &[&str], staff_denied: &[&str], visitors_denied: &[&str]) -> Value {
        json!({"staff_allowed": staff_allowed, "staff_denied": staff_denied, "visitors_denied": visitors_denied})
    }

    /// Rules that were set elsewhere: whoever sets them here is let in.
    async fn rule(app: &TestApp, rules: Value) {
        let (tenant, rules): (_, AddressRules) = (app.company.tenant, serde_json::from_value(rules).unwrap());
        let set = app.app().db().writer().write(Shard::Any, move |tx| {
            let rules = rules.clone();
            Box::pin(async move { store::tenants::set_address_rules(tx, tenant, &rules).await })
        });
        set.await.unwrap();
        app.app().in_memory().addresses.forget();
    }

    #[tokio::test]
    async fn administrators_set_them_and_lock_nobody_out_who_does() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let set = tara.put("/api/v1/address-rules", rules(&["127.0.0.0/8", "2001:db8::/32"], &[], &["203.0.113.7"])).await.expect(200);
        assert_eq!(set["rules"], rules(&["127.0.0.0/8", "2001:db8::/32"], &[], &["203.0.113.7/32"]));
        assert_eq!(tara.get("/api/v1/address-rules").await.expect(200), set);
        let changed = app.changed_by("PUT /api/v1/address-rules").await;
        assert_eq!(changed.iter().map(|(field, ..)| field.as_str()).collect::<Vec<_>>(), ["staff_allowed", "visitors_denied"]);
        tara.put("/api/v1/address-rules", rules(&["203.0.113.0/24"], &[], &[])).await.problem(409, "locks_you_out");
        tara.put("/api/v1/address-rules", rules(&[], &["127.0.0.1"], &[])).await.problem(409, "locks_you_out");
        tara.put("/api/v1/address-rules", rules(&[], &["10.0.0.0/33"], &[])).await.problem_at(422, "invalid_value", "staff_denied[0]");
        tara.put("/api/v1/address-rules", rules(&vec!["127.0.0.1"; 101], &[], &[])).await.problem_at(422, "invalid_value", "staff_allowed");
        mira.put("/api/v1/address-rules", rules(&[], &[], &[])).await.problem(403, "not_permitted");
        assert_eq!(tara.get("/api/v1/address-rules").await.expect(200), set);
    }

    #[tokio::test]
    async fn members_are_let_in_nowhere_else_except_with_a_link_from_the_terminal() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        app.set_password(&ada.member, "long enough").await;
        rule(&app, rules(&["203.0.113.0/24"], &[], &[])).await;
        ada.get("/api/v1/me").await.problem(403, "address_denied");
        let sign_in = json!({"email": "ada@alpha.example", "password": "long enough"});
        app.post("/api/v1/auth/sessions", sign_in.clone()).await.problem(403, "address_denied");
        let (tenant, agent) = (app.company.tenant, ada.member.id);
        let invite = app.app().db().writer().write(Shard::Any, move |tx| Box::pin(link::insert(tx, tenant, agent, "invited")));
        invite.await.unwrap();
        app.post("/api/v1/auth/links/redeem", json!({"token": "invited"})).await.problem(403, "address_denied");
        let way_back = app.link(Role::Agent).await;
        let answer = app.post("/api/v1/auth/links/redeem", json!({"token": way_back})).await;
        let cookie = answer.header("set-cookie");
        answer.expect(201);
        let secret = cookie["__Host-yingda=".len()..].split(';').next().unwrap();
        app.with_cookie(secret).get("/api/v1/me").await.expect(200);
        rule(&app, rules(&[], &[], &[])).await;
        ada.get("/api/v1/me").await.expect(200);
        app.post("/api/v1/auth/sessions", sign_in).await.expect(201);
    }

    #[tokio::test]
    async fn members_who_are_connected_connect_anew() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        tara.put("/api/v1/address-rules", rules(&["127.0.0.1"], &[], &[])).await.expect(200);
        desk.closed().await;
    }

    #[tokio::test]
    async fn visitors_are_refused_where_they_are_denied_and_members_are_not() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let beta = app.other_company("beta").await;
        let visitor = app.visitor().await;
        rule(&app, rules(&[], &[], &["127.0.0.0/8"])).await;
        for path in ["/api/v1/sites/alpha", "/api/v1/hall", "/api/v1/sites/alpha/catalogue", "/api/v1/customer"] {
            app.get(path).await.problem(403, "address_denied");
        }
        app.post("/api/v1/widget/sessions", json!({"site": "alpha", "lang": "en"})).await.problem(403, "address_denied");
        app.post("/api/v1/customer/sessions", json!({"identifier": "x@alpha.example", "password": "long enough"})).await.problem(403, "address_denied");
        visitor.post("/api/v1/widget/views", json!({})).await.problem(403, "address_denied");
        ada.get("/api/v1/me").await.expect(200);
        app.anyone_at(&beta).get("/api/v1/hall").await.expect(200);
        rule(&app, rules(&[], &[], &["203.0.113.0/24"])).await;
        app.get("/api/v1/sites/alpha").await.expect(200);
    }
}
