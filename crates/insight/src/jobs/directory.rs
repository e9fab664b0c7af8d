//! What the numbers are told of the companies besides the facts: read from the record, and kept for a moment, goods until facts say that they changed.

use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet},
    mem,
    sync::Arc,
};

use domain::{
    entry::EntryKind,
    id::{TenantId, VisitorId},
    time::{HOUR, Ts},
};
use http_kit::App;
use warehouse::{Company, Cursor, Directory, Fact, event::Pseudonym};

/// A zone, groups and departments that were read are used for this long, in milliseconds: facts of the next moments may not know yet that somebody changed them.
const KEPT_MS: i64 = 10_000;
/// A company is forgotten when it has had no facts for this long, in milliseconds.
const IDLE_MS: i64 = HOUR;

/// What was read of the companies.
pub struct Companies {
    directory: Arc<Directory>,
    /// When each company of the directory was read.
    read_at: HashMap<TenantId, Ts>,
    /// How far the facts have been followed.
    followed: Cursor,
}

impl Companies {
    /// Nothing has been read yet.
    pub fn new(app: &App) -> Self {
        let directory = Directory { companies: HashMap::new(), pseudonym: pseudonym(app) };
        Self { directory: Arc::new(directory), read_at: HashMap::new(), followed: Cursor::default() }
    }

    /// The directory for these facts, which follow a position of the journal. Usually it is the same as before.
    pub async fn directory<F: Borrow<Fact> + Sync>(&mut self, app: &App, after: Cursor, facts: &[F]) -> store::Result<&Arc<Directory>> {
        let now = app.env().now();
        // If another node has applied facts in between, goods may have changed in them.
        let is_followed = after == self.followed;
        self.read_at.retain(|_, read_at| is_followed && now.since(*read_at) < IDLE_MS);
        if self.directory.companies.len() > self.read_at.len() {
            Arc::make_mut(&mut self.directory).companies.retain(|tenant, _| self.read_at.contains_key(tenant));
        }
        let facts = || facts.iter().map(|fact| -> &Fact { fact.borrow() });
        let tenant_of = |fact: &Fact| TenantId::new(fact.tenant_id);
        let goods_changed: HashSet<_> = facts().filter(|fact| fact.kind == EntryKind::CatalogueChanged.as_str()).map(tenant_of).collect();
        for tenant in facts().map(tenant_of).collect::<HashSet<_>>() {
            let read_at = self.read_at.get(&tenant).copied().filter(|_| !goods_changed.contains(&tenant));
            if read_at.is_some_and(|read_at| now.since(read_at) < KEPT_MS) {
                continue;
            }
            let read = company(app, tenant, read_at.is_none()).await?;
            self.put(tenant, read, read_at.is_some());
            Arc::make_mut(&mut self.directory).pseudonym = pseudonym(app);
            self.read_at.insert(tenant, now);
        }
        Ok(&self.directory)
    }

    /// The directory with these companies, as far as it is needed to sum their days.
    pub async fn of(&mut self, app: &App, tenants: impl IntoIterator<Item = TenantId>) -> store::Result<&Arc<Directory>> {
        let now = app.env().now();
        for tenant in tenants {
            if self.read_at.get(&tenant).is_none_or(|read_at| now.since(*read_at) >= KEPT_MS) {
                let read = company(app, tenant, false).await?;
                self.put(tenant, read, false);
                self.read_at.insert(tenant, now);
            }
        }
        Ok(&self.directory)
    }

    /// The facts up to here have been applied.
    pub const fn on_applied(&mut self, cursor: Cursor) {
        self.followed = cursor;
    }

    /// Puts a company into the directory, with the goods that are known of it if they were not read. It is changed in place unless somebody still uses it.
    fn put(&mut self, tenant: TenantId, mut read: Company, keep_goods: bool) {
        let companies = &mut Arc::make_mut(&mut self.directory).companies;
        if keep_goods && let Some(known) = companies.get_mut(&tenant) {
            read.categories = mem::take(&mut known.categories);
        }
        companies.insert(tenant, read);
    }
}

fn pseudonym(app: &App) -> Pseudonym {
    let vault = app.vault();
    Arc::new(move |tenant, customer| vault.pseudonym(tenant, VisitorId::new(customer)))
}

/// What the record says of a company; of its goods only if that is asked for, because there may be very many.
async fn company(app: &App, tenant: TenantId, with_goods: bool) -> store::Result<Company> {
    let zone = service::hours::zone(app.db(), tenant).await?;
    let mut tx = app.db().read_of(tenant).await?;
    let groups = store::groups::of_agents(&mut tx, tenant).await?.into_iter().map(|(agent, group)| (agent, group.to_string())).collect();
    let departments = store::departments::of_agents(&mut tx, tenant).await?.into_iter().map(|(agent, of)| (agent, of.to_string())).collect();
    let categories = if with_goods { store_hall::goods::categories(&mut tx, tenant).await? } else { HashMap::new() };
    Ok(Company { zone, groups, departments, categories })
}

#[cfg(test)]
mod tests {
    use db::Shard;
    use serde_json::json;
    use store::Document;
    use testkit_app::TestApp;

    use super::*;

    async fn put_goods(app: &TestApp, category: &str) {
        let (tenant, goods) = (app.company.tenant, [Document { id: "g-001".to_owned(), json: json!({"category": category}).to_string() }]);
        let write = app.app().db().writer().write(Shard::Any, move |tx| Box::pin(async move { store_hall::catalogue::put_goods(tx, tenant, 0, &goods).await }));
        write.await.unwrap();
    }

    /// The category of the product, as the directory has it for a fact of this kind that follows a position.
    async fn category(companies: &mut Companies, app: &TestApp, after: i64, kind: &str) -> Option<String> {
        let tenant = app.company.tenant;
        let fact = Fact {
            xid: 0,
            pos: after + 1,
            tenant_id: tenant.uuid(),
            stream_id: tenant.uuid(),
            stream_kind: "tenant".to_owned(),
            seq: 1,
            kind: kind.to_owned(),
            v: 1,
            at: 0,
            actor_kind: "system".to_owned(),
            actor_id: None,
            facts: "{}".to_owned(),
        };
        let directory = companies.directory(app.app(), Cursor { xid: 0, pos: after }, &[fact]).await.unwrap();
        let category = directory.companies[&tenant].categories.get("g-001").cloned();
        companies.on_applied(Cursor { xid: 0, pos: after + 1 });
        category
    }

    #[tokio::test]
    async fn goods_are_read_again_when_they_changed_or_facts_were_missed() {
        let app = TestApp::new().await;
        let mut companies = Companies::new(app.app());
        put_goods(&app, "phone").await;
        assert_eq!(category(&mut companies, &app, 0, "opened").await.as_deref(), Some("phone"));
        put_goods(&app, "spare").await;
        app.clock.advance(KEPT_MS);
        assert_eq!(category(&mut companies, &app, 1, "opened").await.as_deref(), Some("phone"), "nothing said that goods changed");
        assert_eq!(category(&mut companies, &app, 2, "catalogue_changed").await.as_deref(), Some("spare"));
        put_goods(&app, "phone").await;
        assert_eq!(category(&mut companies, &app, 9, "opened").await.as_deref(), Some("phone"), "another node applied what lies between");
        put_goods(&app, "spare").await;
        app.clock.advance(IDLE_MS);
        assert_eq!(category(&mut companies, &app, 10, "opened").await.as_deref(), Some("spare"), "the company was forgotten");
    }
}
