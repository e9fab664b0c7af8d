//! First start, demo data, and what an administrator does from a terminal.
//!
//! - [`first_start`]: gives an empty record its first company and a sign-in link
//! - [`demo`]: fills an empty record with the fictional operator
//! - [`admin`]: commands used beside a running server

pub mod admin;
pub mod demo;
pub mod tokens;

use db::Shard;
use domain::{
    id::{QueueId, SiteId, TenantId},
    policy::FIRST_ROLE,
    site::SiteState,
    staff::Role,
    text::Bilingual,
};
use http_kit::{App, auth::link};
use store::{queues::Queue, sites::Site, tenants::Tenant};
use team::staff::new_member::{self, NewMember};

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
    Knowledge(#[from] domain::knowledge::KnowledgeError),
    /// The demo's past could not be written.
    #[error(transparent)]
    Past(#[from] ::demo::error::Error),
    /// No random numbers are available.
    #[error("random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Gives an empty record its first company; returns the sign-in links of its staff. Does nothing if the record has a company.
pub async fn first_start(app: &App, with_demo: bool) -> Result<Vec<FirstLink>, SetupError> {
    let tenants = store::entry_points::tenants(app.db()).await?;
    match (tenants.first(), with_demo) {
        (None, true) => demo::write(app).await,
        (None, false) => plain(app).await,
        (Some(_), false) => Ok(Vec::new()),
        (Some(first), true) => {
            let tenant = store::tenants::get(&mut app.db().read().await.map_err(store::Error::from)?, *first).await?;
            if !tenant.is_demo || tenants.len() > 1 {
                return Err(SetupError::NotEmpty);
            }
            match store::entry_points::hall_site(app.db()).await? {
                Some(_) => Ok(Vec::new()),
                None => Err(SetupError::Unfinished),
            }
        }
    }
}

/// A company without content: one queue, one site, one administrator.
async fn plain(app: &App) -> Result<Vec<FirstLink>, SetupError> {
    let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    let env = app.env();
    let tenant = Tenant {
        id: TenantId::new(env.uuid()),
        access_stream: env.uuid(),
        slug: "main".to_owned(),
        name: both("我的公司", "My company"),
        time_zone: "Asia/Shanghai".to_owned(),
        is_demo: false,
        brand: None,
        hours: None,
        created_at: env.now(),
        updated_at: env.now(),
    };
    let queue = Queue { id: QueueId::new(env.uuid()), name: both("综合服务", "General"), everybody: true, hours: None, updated_at: env.now() };
    let settings = store::sites::SiteSettings {
        name: both("在线客服", "Customer service"),
        bot_name: both("小应", "Ying"),
        greeting: both("您好，请问有什么可以帮您？", "Hello, how can we help?"),
        privacy_note: both("对话会保存下来，用于提供和改进服务。", "This chat is stored to serve you and to improve our service."),
        ..store::sites::SiteSettings::default()
    };
    let (id, state) = (SiteId::new(env.uuid()), SiteState::Active);
    let site = Site { id, tenant: tenant.id, key: "main".to_owned(), settings, queue: queue.id, state, updated_at: env.now() };
    let administrator = NewMember { role: FIRST_ROLE, name: "管理员".to_owned(), email: "administrator@localhost".to_owned(), number: None, capacity: 5 };
    let member = administrator.prepare(env, tenant.id);
    let secret = env.secret()?;
    let (name, url) = (member.name.clone(), link::url(&app.settings().public_url, &secret));
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                store::tenants::insert(tx, tenant.id, &tenant).await?;
                store::queues::insert(tx, tenant.id, &queue).await?;
                new_member::insert(tx, &member).await?;
                link::insert(tx, tenant.id, member.id, &secret).await?;
                store::sites::insert(tx, tenant.id, &site).await
            })
        })
        .await?;
    Ok(vec![FirstLink { role: FIRST_ROLE, name, url }])
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
        assert_eq!(links.iter().map(|link| link.role).collect::<Vec<_>>(), [Role::Administrator, Role::Manager, Role::Agent, Role::Agent]);
        assert_eq!(setup::first_start(app.app(), true).await.unwrap(), []);
        app.other_company("beta").await;
        assert!(matches!(setup::first_start(app.app(), true).await, Err(setup::SetupError::NotEmpty)));
        let other = TestApp::new().await;
        assert!(matches!(setup::first_start(other.app(), true).await, Err(setup::SetupError::NotEmpty)));
    }

    #[tokio::test]
    async fn a_member_is_added_and_linked_from_the_terminal() {
        use setup::admin::{self, Command, Reply};
        use team::staff::new_member::NewMember;
        let app = TestApp::new().await;
        admin::listen(app.app().clone(), app.data()).await.unwrap();
        let add =
            |email: &str| Command::AddStaff(NewMember { role: Role::Agent, name: "林夏".to_owned(), email: email.to_owned(), number: None, capacity: 3 });
        let Reply::Link(link) = admin::ask(app.data(), &add("Lin@alpha.example")).await.unwrap() else { panic!("no link") };
        let me = app.post("/api/v1/auth/links/redeem", json!({"token": link.url.split_once('#').unwrap().1, "password": "long enough"})).await.expect(201);
        assert_eq!((&me["email"], &me["number"], &me["capacity"]), (&json!("lin@alpha.example"), &json!("0101"), &json!(3)));
        for refused in [add("lin@ALPHA.example"), add("not an address"), Command::SignInLink { role: Role::Manager, email: None }] {
            assert!(matches!(admin::ask(app.data(), &refused).await.unwrap(), Reply::Error(_)));
        }
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(app.data().join(admin::SOCKET)).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}
