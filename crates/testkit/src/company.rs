//! A company with a queue, a site and staff, created directly in the record.

use db::{Db, Shard};
use domain::{
    id::{AgentId, InboxId, QueueId, SessionId, SiteId, TenantId},
    routing::rules::QueueRules,
    site::SiteState,
    staff::{AgentState, Role},
    text::Bilingual,
};
use store::{
    queues::Queue,
    sites::{Site, SiteSettings},
    staff::Member,
    tenants::Tenant,
};

use crate::{
    Must,
    ids::{hash, secret, uuid},
};

/// A company for a test.
#[derive(Debug, Clone)]
pub struct Company {
    /// The id of the company.
    pub tenant: TenantId,
    /// The only queue of the company.
    pub queue: QueueId,
    /// The only site of the company.
    pub site: SiteId,
    /// The key of the site, which is the company's slug.
    pub key: String,
    /// Whether it is the company at the root of the installation's address.
    pub is_root: bool,
}

/// The same text in both languages.
pub fn both(text: &str) -> Bilingual {
    Bilingual { zh: text.to_owned(), en: text.to_owned() }
}

impl Company {
    /// A placeholder where there is no company.
    pub fn nobody() -> Self {
        let nil = uuid::Uuid::nil();
        Self { tenant: TenantId::new(nil), queue: QueueId::new(nil), site: SiteId::new(nil), key: String::new(), is_root: true }
    }

    /// Creates a company.
    pub async fn create(db: &Db, slug: &str) -> Self {
        let id = TenantId::new(uuid());
        let tenant = Tenant {
            id,
            access_stream: uuid(),
            slug: slug.to_owned(),
            name: both(slug),
            time_zone: "Asia/Shanghai".to_owned(),
            is_demo: false,
            brand: None,
            hours: None,
            created_at: db.now(),
            updated_at: db.now(),
        };
        let queue = Queue { id: QueueId::new(uuid()), name: both("General"), everybody: true, hours: None, rules: QueueRules::default(), updated_at: db.now() };
        let settings =
            SiteSettings { name: both(slug), bot_name: both("Lin"), greeting: both("Hello"), privacy_note: both("Stored"), ..SiteSettings::default() };
        let (site, state) = (SiteId::new(uuid()), SiteState::Active);
        let site = Site { id: site, tenant: id, key: slug.to_owned(), settings, queue: queue.id, state, updated_at: db.now() };
        let mut company = Self { tenant: id, queue: queue.id, site: site.id, key: slug.to_owned(), is_root: true };
        let address = db
            .writer()
            .write(Shard::Any, move |tx| {
                Box::pin(async move {
                    store::tenants::insert(tx, id, &tenant).await?;
                    store::queues::insert(tx, id, &queue).await?;
                    store::sites::insert(tx, id, &site).await?;
                    store::tenants::address(tx, id).await
                })
            })
            .await
            .must("a company");
        company.is_root = address.is_root;
        company
    }

    /// Adds a member of staff who is not at work yet.
    pub async fn member(&self, db: &Db, role: Role, name: &str) -> Member {
        let tenant = self.tenant;
        let member = Member {
            id: AgentId::new(uuid()),
            tenant,
            inbox: InboxId::new(uuid()),
            email: format!("{name}@{}.example", self.key),
            name: name.to_owned(),
            number: "0101".to_owned(),
            role,
            role_grants: None,
            group: None,
            password_hash: None,
            state: AgentState::Offline,
            state_since: db.now(),
            capacity: 5,
            created_at: db.now(),
        };
        let stored = member.clone();
        db.writer().write(Shard::Any, move |tx| Box::pin(async move { store::staff::insert(tx, tenant, &stored).await })).await.must("a member");
        member
    }

    /// Signs a member in; returns the secret of the session.
    pub async fn session(&self, db: &Db, agent: AgentId) -> String {
        let (tenant, id, secret) = (self.tenant, SessionId::new(uuid()), secret());
        let token = hash(&secret);
        db.writer()
            .write(Shard::Any, move |tx| Box::pin(async move { store::staff_sessions::insert(tx, tenant, agent, id, &token, "test").await }))
            .await
            .must("a session");
        secret
    }
}
