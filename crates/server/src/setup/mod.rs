//! First start, demo data, and what an administrator does from a terminal.
//!
//! - [`first_start`]: gives an empty record its first company and a sign-in link
//! - [`demo`]: fills an empty record with the fictional operator
//! - [`admin`]: commands used beside a running server; [`companies`], [`tokens`], [`transfers`]: what some of them do

pub mod admin;
pub mod companies;
pub mod demo;
mod demo_customers;
pub mod erase;
pub mod tokens;
pub mod transfers;

use company::openings::open::{NewCompany, open};
use domain::{id::TenantId, policy::FIRST_ROLE, staff::Role};
use http_kit::{App, audit::Asked};
use serde_json::Value;

/// A one-time sign-in link for a member of the staff.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FirstLink {
    /// The member's role.
    pub role: Role,
    /// The member's name.
    pub name: String,
    /// The link.
    pub url: String,
}

/// Why the record could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The record is not empty.
    #[error("--demo needs an empty data folder, but this one already contains other data")]
    NotEmpty,
    /// The program ended while the demo data were being written.
    #[error("the demo data was not written completely: delete the data folder and start again")]
    Unfinished,
    /// A command was refused; the text says why.
    #[error("{0}")]
    Refused(String),
    /// The built-in demo content is broken.
    #[error("demo content: {0}")]
    Content(#[from] serde_json::Error),
    /// A rule refuses the built-in demo content.
    #[error("demo content: {0}")]
    Reply(#[from] domain::canned_reply::CannedReplyError),
    /// A rule refuses the demo's knowledge.
    #[error("demo content: {0}")]
    Knowledge(#[from] content::knowledge::KnowledgeError),
    /// The demo's past could not be written.
    #[error(transparent)]
    Past(#[from] ::demo::error::Error),
    /// No random numbers are available.
    #[error("random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A company could not be brought away.
    #[error(transparent)]
    Port(#[from] portability::error::PortError),
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Gives an empty record its first company; returns the sign-in links of its staff. Does nothing if the record has a company.
pub async fn first_start(app: &App, with_demo: bool) -> Result<Vec<FirstLink>, SetupError> {
    let tenants = store::entry_points::tenants(app.db()).await?;
    match (tenants.is_empty(), with_demo) {
        // Boxed, as a demo is much to hold for whoever waits for it.
        (true, true) => Box::pin(demo::write(app)).await,
        (true, false) => plain(app).await,
        (false, false) => Ok(Vec::new()),
        (false, true) => demo_is_there(app, &tenants).await.map(|()| Vec::new()),
    }
}

/// Checks that the record is one that the demo was written into; companies may have been added to it since.
async fn demo_is_there(app: &App, tenants: &[TenantId]) -> Result<(), SetupError> {
    let mut tx = app.db().read().await.map_err(store::Error::from)?;
    let mut of_demo = Vec::new();
    for tenant in tenants {
        if store::tenants::get(&mut tx, *tenant).await?.is_demo {
            of_demo.push(store::sites::of_hall(&mut tx, *tenant).await?);
        }
    }
    match (of_demo.is_empty(), of_demo.iter().all(Option::is_some)) {
        (true, _) => Err(SetupError::NotEmpty),
        (false, true) => Ok(()),
        (false, false) => Err(SetupError::Unfinished),
    }
}

/// A company without content: one queue, one site, one administrator.
async fn plain(app: &App) -> Result<Vec<FirstLink>, SetupError> {
    let new = NewCompany { slug: "main".to_owned(), name: "我的公司".to_owned(), host: None, email: None, limits: store::limits::Limits::default() };
    let opened = open(app, new, Asked::by_command("company add", Value::Null)).await.map_err(|problem| SetupError::Refused(problem.title))?;
    Ok(vec![FirstLink { role: FIRST_ROLE, name: opened.administrator, url: opened.sign_in_link }])
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::setup;

    #[tokio::test]
    async fn a_plain_first_start_makes_one_way_in() {
        let app = TestApp::empty().await;
        let links = setup::first_start(app.app(), false).await.unwrap();
        assert_eq!(links.iter().map(|link| link.role).collect::<Vec<_>>(), [Role::Administrator]);
        let token = links[0].url.split_once('#').unwrap().1;
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.expect(201);
        assert_eq!(app.get("/api/v1/hall").await.expect(200)["site"], "main");
        assert_eq!(setup::first_start(app.app(), false).await.unwrap(), []);
    }

    #[tokio::test]
    async fn the_demo_is_written_once_and_never_beside_other_data() {
        let app = TestApp::empty().await;
        let links = setup::first_start(app.app(), true).await.unwrap();
        for is_shop in [false, true] {
            let roles: Vec<Role> = links.iter().filter(|link| link.url.contains("/o/muyu/") == is_shop).map(|link| link.role).collect();
            assert_eq!(roles, [Role::Administrator, Role::Manager, Role::Agent, Role::Agent], "{is_shop}");
        }
        assert_eq!(setup::first_start(app.app(), true).await.unwrap(), []);
        // Companies that are opened beside it do not keep it from starting again.
        app.other_company("beta").await;
        assert_eq!(setup::first_start(app.app(), true).await.unwrap(), []);
        let other = TestApp::new().await;
        assert!(matches!(setup::first_start(other.app(), true).await, Err(setup::SetupError::NotEmpty)));
    }

    #[tokio::test]
    async fn a_member_is_added_and_linked_from_the_terminal() {
        use setup::admin::{self, Command, Reply};
        use team::staff::new_member::NewMember;
        let app = TestApp::new().await;
        admin::listen(app.app().clone(), app.data()).await.unwrap();
        let add = |email: &str| Command::AddStaff {
            company: None,
            new: NewMember { role: Role::Agent, name: "林夏".to_owned(), email: email.to_owned(), number: None, capacity: 3 },
        };
        let Reply::Link(link) = admin::ask(app.data(), &add("Lin@alpha.example")).await.unwrap() else { panic!("no link") };
        let me = app.post("/api/v1/auth/links/redeem", json!({"token": link.url.split_once('#').unwrap().1, "password": "long enough"})).await.expect(201);
        assert_eq!((&me["email"], &me["number"], &me["capacity"]), (&json!("lin@alpha.example"), &json!("0101"), &json!(3)));
        for refused in [add("lin@ALPHA.example"), add("not an address"), Command::SignInLink { role: Role::Manager, email: None, company: None }] {
            assert!(matches!(admin::ask(app.data(), &refused).await.unwrap(), Reply::Error(_)));
        }
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(app.data().join(admin::SOCKET)).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}
