//! Several companies on one server: each is found at an address of its own, and nothing of another is there.

use db::Shard;
use domain::staff::Role;
use reqwest::header;
use serde_json::json;
use testkit_app::TestApp;
use testkit_server::{Client, Realtime};

#[tokio::test]
async fn a_company_is_found_below_its_name_or_at_its_own_host_and_nowhere_else() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    assert_eq!(app.get("/api/v1/hall").await.expect(200)["site"], "alpha");
    assert_eq!(app.anyone_at(&beta).get("/api/v1/hall").await.expect(200)["site"], "beta");
    // The company at the root is found by its name, too.
    assert_eq!(app.get("/o/alpha/api/v1/hall").await.expect(200)["site"], "alpha");
    for nowhere in ["/o/gamma/api/v1/hall", "/o//api/v1/hall", "/o/BETA/api/v1/hall", "/o/beta/o/beta/api/v1/hall", "/O/beta/api/v1/hall"] {
        assert_eq!(app.get(nowhere).await.status.as_u16(), 404, "{nowhere}");
    }
    let tenant = beta.tenant;
    let hosted = app.app().db().writer().write(Shard::Any, move |tx| Box::pin(store::tenants::set_host(tx, tenant, Some("beta.example"))));
    hosted.await.unwrap();
    let at = async |host: &str, path: &str| app.send(reqwest::Client::new().get(format!("{}{path}", app.base)).header(header::HOST, host)).await;
    assert_eq!(at("Beta.example", "/api/v1/hall").await.expect(200)["site"], "beta");
    assert_eq!(at("beta.example", "/o/beta/api/v1/hall").await.expect(200)["site"], "beta");
    assert_eq!(at("beta.example", "/o/alpha/api/v1/hall").await.status.as_u16(), 404, "at a host of one's own, there is nobody else");
    assert_eq!(at("elsewhere.example", "/api/v1/hall").await.expect(200)["site"], "alpha");
}

#[tokio::test]
async fn a_session_of_one_company_is_a_stranger_in_another() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let (ada, zoe) = (app.staff(Role::Administrator, "ada").await, app.staff_of(&beta, Role::Administrator, "zoe").await);
    let [ada_secret, zoe_secret] = [&ada, &zoe].map(|who| who.cookie.clone().unwrap());
    assert_eq!(ada.get("/api/v1/me").await.expect(200)["name"], "ada");
    assert_eq!(zoe.get("/api/v1/me").await.expect(200)["name"], "zoe");
    let strangers: [Client; 3] =
        [app.with_cookie(&zoe_secret), app.anyone_at(&beta).with_cookie(&ada_secret), app.at_company("gamma").with_cookie(&zoe_secret)];
    for (who, status) in strangers.iter().zip([401, 401, 404]) {
        assert_eq!(who.get("/api/v1/me").await.status.as_u16(), status);
        assert!(Realtime::try_connect(who, Some(&app.base)).await.is_err() || status == 401);
    }
    // In one browser, both are signed in side by side: the names of their cookies differ.
    let both = format!("__Host-yingda={ada_secret}; __Host-yingda.beta={zoe_secret}");
    for (path, name) in [("/api/v1/me", "ada"), ("/o/beta/api/v1/me", "zoe")] {
        let request = reqwest::Client::new().get(format!("{}{path}", app.base)).header(header::COOKIE, &both);
        assert_eq!(app.send(request).await.expect(200)["name"], name);
    }
    // A site and its visitors are found at their own company.
    let visit = json!({"site": "beta", "device": null, "lang": "en"});
    app.post("/api/v1/widget/sessions", visit.clone()).await.problem_at(422, "site_unknown", "site");
    let session = app.anyone_at(&beta).post("/api/v1/widget/sessions", visit).await.expect(201);
    let token = session["token"].as_str().unwrap();
    app.with_token(token).put("/api/v1/widget/recommendations", json!({"wanted": false})).await.problem(401, "not_signed_in");
    let hello = json!({"t": "hello", "version": 1, "token": token, "cursors": {}});
    for (who, is_welcome) in [(app.anyone_at(&beta), true), (app.with_token(token), false)] {
        let mut socket = Realtime::connect(&who).await;
        socket.send(&hello).await;
        assert_eq!(socket.next().await.is_some_and(|frame| frame["t"] == "welcome"), is_welcome);
    }
}

#[tokio::test]
async fn what_is_sent_and_shown_leads_to_the_companys_own_address() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let zoe = app.staff_of(&beta, Role::Administrator, "zoe").await;
    let site = zoe.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
    let place = app.anyone_at(&beta).place();
    assert_eq!(site["snippet"], format!(r#"<script async src="{place}/w.js" data-site="beta"></script>"#));
    let invited = json!({"name": "Noor", "email": "noor@beta.example", "role": "agent", "capacity": 3});
    let link = zoe.post("/api/v1/staff", invited).await.expect(201)["link"].as_str().unwrap().to_owned();
    let secret = link.strip_prefix(&format!("{place}/console/welcome#")).unwrap();
    app.post("/api/v1/auth/links/redeem", json!({"token": secret, "password": "long enough"})).await.problem(404, "link_unknown");
    let redeemed = app.anyone_at(&beta).post("/api/v1/auth/links/redeem", json!({"token": secret, "password": "long enough"})).await;
    assert!(redeemed.header("set-cookie").starts_with("__Host-yingda.beta="), "{redeemed:?}");
}

#[tokio::test]
async fn nobody_is_served_for_a_suspended_company_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let beta = app.other_company("beta").await;
    let zoe = app.staff_of(&beta, Role::Administrator, "zoe").await;
    let suspend = async |is_suspended| {
        let tenant = beta.tenant;
        app.app().db().writer().write(Shard::Any, move |tx| Box::pin(store::tenants::set_suspended(tx, tenant, is_suspended))).await.unwrap();
        app.app().in_memory().addresses.forget();
    };
    suspend(true).await;
    zoe.get("/api/v1/me").await.problem(403, "company_suspended");
    app.anyone_at(&beta).get("/api/v1/hall").await.problem(403, "company_suspended");
    assert!(Realtime::try_connect(&zoe, Some(&app.base)).await.is_err());
    app.get("/api/v1/hall").await.expect(200);
    suspend(false).await;
    assert_eq!(zoe.get("/api/v1/me").await.expect(200)["name"], "zoe");
}
