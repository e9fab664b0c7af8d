//! Opens a company: with one queue that everybody serves, one site, and an administrator who signs in with a one-time link.

use domain::{
    id::{AgentId, InboxId, QueueId, SiteId, TenantId},
    policy::FIRST_ROLE,
    refusal::Code,
    routing::rules::QueueRules,
    site::SiteState,
    staff::AgentState,
    text::Bilingual,
};
use http_kit::{App, addressing, audit::Asked, auth::link, fault::Fault, permitted::Permitted, problem::Problem};
use store::{
    entry_points::At,
    limits::Limits,
    queues::Queue,
    sites::{Site, SiteSettings},
    staff::Member,
    tenants::Tenant,
};

/// How many conversations the first administrator serves at once.
const CAPACITY: i64 = 5;

/// A company to be opened; its values are as [`domain::company`] stores them.
#[derive(Debug, Clone)]
pub struct NewCompany {
    /// The short name.
    pub slug: String,
    /// The name.
    pub name: String,
    /// A host name of its own.
    pub host: Option<String>,
    /// The address of the first administrator; without one, they are given one that no mail reaches.
    pub email: Option<String>,
    /// What it may use.
    pub limits: Limits,
}

/// A company that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The company.
    pub company: TenantId,
    /// The name of its administrator.
    pub administrator: String,
    /// The link that signs them in once.
    pub sign_in_link: String,
}

/// Refuses a short name that another company has.
pub async fn refuse_taken(app: &App, slug: &str) -> Result<(), Problem> {
    if store::entry_points::company_at(app.db(), At::Slug(slug)).await?.is_some() { Err(slug_taken()) } else { Ok(()) }
}

/// The refusal of a short name that another company has.
pub fn slug_taken() -> Problem {
    Problem { field: Some("slug".to_owned()), ..Problem::conflict(Code::CompanySlugTaken, "another company has this short name; choose a different one") }
}

/// Opens a company; `asked` is noted in its audit.
pub async fn open(app: &App, new: NewCompany, asked: Asked) -> Result<Opened, Problem> {
    refuse_taken(app, &new.slug).await?;
    if let Some(host) = &new.host {
        let is_ours = app.settings().public_url.split_once("://").is_some_and(|(_, authority)| authority == host);
        if is_ours || store::entry_points::company_at(app.db(), At::Host(host)).await?.is_some() {
            let why = "this host name is in use; choose a different one";
            return Err(Problem { field: Some("host".to_owned()), ..Problem::conflict(Code::CompanyHostTaken, why) });
        }
    }
    let key = free_key(app, &new.slug).await?;
    let (tenant, queue, site, member) = content(app, &new, key);
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let (id, administrator, host, token, limits) = (tenant.id, member.name.clone(), new.host, secret.clone(), new.limits);
    let written = Permitted::at_terminal(id, asked.making(&id)).write(app, move |tx| {
        Box::pin(async move {
            store::tenants::insert(tx, id, &tenant).await.map_err(Fault::if_taken(slug_taken))?;
            store::tenants::set_host(tx, id, host.as_deref()).await?;
            store::limits::set(tx, id, limits).await?;
            store::queues::insert(tx, id, &queue).await?;
            let member = Member { number: store::staff::next_number(tx, id).await?, ..member };
            store::staff::insert(tx, id, &member).await?;
            link::insert(tx, id, member.id, &token).await?;
            Ok(store::sites::insert(tx, id, &site).await?)
        })
    });
    written.await?;
    app.in_memory().addresses.forget();
    let sign_in_link = link::url(addressing::of(app, id).await?.base(), &secret);
    Ok(Opened { company: id, administrator, sign_in_link })
}

/// A key for the first site: the short name, or what is like it; keys are those of the whole installation.
async fn free_key(app: &App, slug: &str) -> Result<String, Problem> {
    let mut tx = app.db().read().await?;
    if !store::entry_points::is_site_key_taken(&mut tx, slug).await? {
        return Ok(slug.to_owned());
    }
    let more = &app.env().secret().map_err(|error| Problem::internal(&error))?[..6];
    Ok(format!("{}-{more}", slug.get(..33).unwrap_or(slug).trim_end_matches('-')))
}

fn content(app: &App, new: &NewCompany, key: String) -> (Tenant, Queue, Site, Member) {
    let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    let (env, now) = (app.env(), app.env().now());
    let tenant = Tenant {
        id: TenantId::new(env.uuid()),
        access_stream: env.uuid(),
        slug: new.slug.clone(),
        name: both(&new.name, &new.name),
        time_zone: "Asia/Shanghai".to_owned(),
        is_demo: false,
        brand: None,
        hours: None,
        created_at: now,
        updated_at: now,
    };
    let queue =
        Queue {
            id: QueueId::new(env.uuid()), name: both("综合服务", "General"), everybody: true, hours: None, rules: QueueRules::default(), updated_at: now
        };
    let settings = SiteSettings {
        name: both("在线客服", "Customer service"),
        bot_name: both("小应", "Ying"),
        greeting: both("您好，请问有什么可以帮您？", "Hello, how can we help?"),
        privacy_note: both("对话会保存下来，用于提供和改进服务。", "This chat is stored to serve you and to improve our service."),
        ..SiteSettings::default()
    };
    let site = Site { id: SiteId::new(env.uuid()), tenant: tenant.id, key, settings, queue: queue.id, state: SiteState::Active, updated_at: now };
    let member = Member {
        id: AgentId::new(env.uuid()),
        tenant: tenant.id,
        inbox: InboxId::new(env.uuid()),
        email: new.email.clone().unwrap_or_else(|| "administrator@localhost".to_owned()),
        name: "管理员".to_owned(),
        number: String::new(),
        role: FIRST_ROLE,
        role_grants: None,
        group: None,
        password_hash: None,
        state: AgentState::Offline,
        state_since: now,
        capacity: CAPACITY,
        created_at: now,
    };
    (tenant, queue, site, member)
}
