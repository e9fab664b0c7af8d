//! Writes the fictional operator 临空通信 Linkong Telecom and, beside it, the fictional shop 木屿家居 Muyu Home: companies, staff, goods, plans, knowledge, canned
//! replies.
//!
//! The site is written last: a demo without a site was not finished.

use ::demo::{
    history::{self, Wanted, Written},
    past::Progress,
};
use bot::knowledge::Thesaurus;
use content::{
    knowledge::{Expected, KnowledgeEntry},
    synonyms::Synonyms,
};
use db::{Shard, Tx};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    entry::Changed,
    id::{CannedReplyId, GroupId, KnowledgeTestId, QueueId, SiteId, SynonymsId, TenantId},
    journal::Actor,
    opening_hours::OpeningHours,
    site::SiteState,
    staff::Role,
    text::{Bilingual, Lang},
    time::Ts,
};
use http_kit::{App, addressing, auth::link, schedule::in_time};
use insight::jobs::feed_panel;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use service::{danger, follow::Follower};
use store::{
    Document, TenantTx,
    groups::Group,
    queues::Queue,
    sites::{Site, SiteSettings},
    staff::Member,
    tenants::Tenant,
};
use store_knowledge::{knowledge_categories::Category, knowledge_tests::KnowledgeTest};
use team::staff::new_member::{self, NewMember};
use uuid::Uuid;

use super::{FirstLink, SetupError, demo_customers};

/// The files of one of the demo's companies.
#[derive(Clone, Copy)]
struct Files {
    site: &'static str,
    goods: &'static str,
    plans: &'static str,
    knowledge: &'static [&'static str],
    categories: &'static str,
    tests: &'static str,
    graph: &'static str,
    thesaurus: &'static str,
    canned_replies: &'static str,
}

/// The operator 临空通信 Linkong Telecom.
const OPERATOR: Files = Files {
    site: include_str!("../../../../demo/site.json"),
    goods: include_str!("../../../../demo/goods.json"),
    plans: include_str!("../../../../demo/plans.json"),
    knowledge: &[include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl")],
    categories: include_str!("../../../../demo/knowledge-categories.json"),
    tests: include_str!("../../../../demo/knowledge-tests.jsonl"),
    graph: include_str!("../../../../demo/graph.json"),
    thesaurus: include_str!("../../../../demo/synonyms.json"),
    canned_replies: include_str!("../../../../demo/canned-replies.json"),
};

/// The shop 木屿家居 Muyu Home.
const SHOP: Files = Files {
    site: include_str!("../../../../demo/shop/site.json"),
    goods: include_str!("../../../../demo/shop/goods.json"),
    plans: include_str!("../../../../demo/shop/plans.json"),
    knowledge: &[include_str!("../../../../demo/shop/knowledge.jsonl")],
    categories: include_str!("../../../../demo/shop/knowledge-categories.json"),
    tests: include_str!("../../../../demo/shop/knowledge-tests.jsonl"),
    graph: include_str!("../../../../demo/shop/graph.json"),
    thesaurus: include_str!("../../../../demo/shop/synonyms.json"),
    canned_replies: include_str!("../../../../demo/shop/canned-replies.json"),
};

/// How many documents are stored in one write, so that none takes long.
const PER_WRITE: usize = 10;

#[derive(Deserialize)]
struct Content {
    tenant: ContentTenant,
    queue: Bilingual,
    /// The hours of all queues: open at any time, so that the demo works at night.
    hours: OpeningHours,
    queues: Vec<ContentQueue>,
    groups: Vec<ContentGroup>,
    site: ContentSite,
    staff: Vec<NewMember>,
}
#[derive(Deserialize)]
struct ContentTenant {
    slug: String,
    name: Bilingual,
    time_zone: String,
    #[serde(default)]
    brand: Option<String>,
}
#[derive(Deserialize)]
struct ContentQueue {
    name: Bilingual,
    members: Vec<String>,
}
#[derive(Deserialize)]
struct ContentGroup {
    name: String,
    members: Vec<String>,
}
#[derive(Deserialize)]
struct ContentSite {
    key: String,
    settings: SiteSettings,
}
#[derive(Deserialize)]
struct ContentGoods {
    currency: Value,
    categories: Value,
    tag_names: Value,
    goods: Vec<Box<RawValue>>,
}
#[derive(Deserialize)]
struct ContentPlans {
    plans: Vec<Box<RawValue>>,
}
#[derive(Deserialize)]
struct Named {
    id: String,
}
#[derive(Deserialize)]
struct ContentReply {
    shortcode: String,
    title: String,
    body: Bilingual,
}

#[derive(Clone, Deserialize)]
struct ContentCategory {
    key: String,
    name: Bilingual,
}
#[derive(Deserialize)]
struct ContentTest {
    sentence: String,
    lang: Lang,
    expected: String,
}

/// Writes the demo into an empty record; returns the sign-in links of its staff. The operator is found at the root, and is finished last.
pub async fn write(app: &App) -> Result<Vec<FirstLink>, SetupError> {
    let (operator, mut links) = begin(app, OPERATOR).await?;
    let (shop, more) = begin(app, SHOP).await?;
    links.extend(more);
    for ((tenant, site), past) in [(&shop, history::OF_SHOP), (&operator, history::OF_OPERATOR)] {
        history::write_first(app.db(), tenant, site, past).await?;
    }
    demo_customers::write(app, operator.0.id).await?;
    finish(app, shop).await?;
    finish(app, operator).await?;
    app.in_memory().addresses.forget();
    // The panel has its numbers before anybody can look at it. If that fails the job does it; the links must not be lost with it, as they are told only once.
    if app.editions().outside().is_none() {
        in_time("the first feeding of the panel", async { Box::pin(feed_panel::step(app)).await.map(drop) }).await;
    }
    Ok(links)
}

/// Serves the widget of a company of which everything else is written, its past among it.
async fn finish(app: &App, (tenant, site): (Tenant, Site)) -> Result<(), SetupError> {
    let generation = app.cluster().generation();
    let written = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            store::sites::insert(tx, tenant.id, &site).await?;
            pass_over_past(tx, generation).await
        })
    });
    Ok(written.await?)
}

/// Writes a company but for its site; returns the sign-in links of its staff.
async fn begin(app: &App, files: Files) -> Result<((Tenant, Site), Vec<FirstLink>), SetupError> {
    let content: Content = serde_json::from_str(files.site)?;
    let env = app.env();
    let tenant = Tenant {
        id: TenantId::new(env.uuid()),
        access_stream: env.uuid(),
        slug: content.tenant.slug,
        name: content.tenant.name,
        time_zone: content.tenant.time_zone,
        is_demo: true,
        brand: content.tenant.brand,
        hours: None,
        created_at: env.now(),
        updated_at: env.now(),
    };
    let id = tenant.id;
    let new_queue = |name, everybody| Queue {
        id: QueueId::new(env.uuid()),
        name,
        everybody,
        hours: Some(content.hours.clone()),
        rules: domain::routing::rules::QueueRules::default(),
        updated_at: env.now(),
    };
    let queue = new_queue(content.queue, true);
    let queues: Vec<(Queue, Vec<String>)> = content.queues.into_iter().map(|one| (new_queue(one.name, false), one.members)).collect();
    let new_group = |name| Group { id: GroupId::new(env.uuid()), name, department: None, updated_at: env.now() };
    let groups: Vec<(Group, Vec<String>)> = content.groups.into_iter().map(|one| (new_group(one.name), one.members)).collect();
    let (site, state) = (SiteId::new(env.uuid()), SiteState::Active);
    let site = Site { id: site, tenant: id, key: content.site.key, settings: content.site.settings, queue: queue.id, state, updated_at: env.now() };
    let staff: Vec<Member> = content.staff.into_iter().map(|new| new.prepare(env, id)).collect();
    let links = company(app, tenant.clone(), queue, staff.clone()).await?;
    structure(app, id, staff, queues, groups).await?;
    canned_replies(app, id, files).await?;
    catalogue(app, id, files).await?;
    knowledge(app, id, files).await?;
    Ok(((tenant, site), links))
}

/// Writes a longer past of the demo ([`history::extend`]). No job of this program may be running: what was written before is heard first, and the past is not.
///
/// # Errors
/// If this record can have no longer past, or cannot be written.
pub async fn extend(app: &App, wanted: Wanted, report: impl FnMut(Progress)) -> Result<Written, SetupError> {
    let generation = app.cluster().generation();
    let mut unheard = Follower::new(danger::FOLLOWER);
    unheard.step(app.db(), generation, |fed| danger::hear(app.db(), fed)).await?;
    let written = history::extend(app.db(), wanted, report).await?;
    app.db().writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { pass_over_past(tx, generation).await })).await?;
    Ok(written)
}

/// Nobody comes to somebody's help in the past: it raises no alerts. All other followers learn from it.
async fn pass_over_past(tx: &mut Tx, generation: Uuid) -> store::Result<()> {
    store::entry_points::pass_over_feed(tx, danger::FOLLOWER, generation).await
}

async fn company(app: &App, tenant: Tenant, queue: Queue, staff: Vec<Member>) -> Result<Vec<FirstLink>, SetupError> {
    let id = tenant.id;
    let mut links = Vec::with_capacity(staff.len());
    let mut secrets = Vec::with_capacity(staff.len());
    for member in &staff {
        let secret = app.env().secret()?;
        links.push((member.role, member.name.clone(), secret.clone()));
        secrets.push((member.id, secret));
    }
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                store::tenants::insert(tx, tenant.id, &tenant).await?;
                store::queues::insert(tx, tenant.id, &queue).await?;
                for member in &staff {
                    new_member::insert(tx, member).await?;
                }
                for (agent, secret) in &secrets {
                    link::insert(tx, tenant.id, *agent, secret).await?;
                }
                Ok::<_, store::Error>(())
            })
        })
        .await?;
    let address = addressing::of(app, id).await?;
    let link = |(role, name, secret): (Role, String, String)| FirstLink { role, name, url: link::url(address.base(), &secret) };
    Ok(links.into_iter().map(link).collect())
}

/// Stores the groups, and the queues that only some of the staff serve.
async fn structure(
    app: &App,
    tenant: TenantId,
    staff: Vec<Member>,
    queues: Vec<(Queue, Vec<String>)>,
    groups: Vec<(Group, Vec<String>)>,
) -> Result<(), SetupError> {
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                let of = |members: &[String]| staff.iter().filter(|one| members.contains(&one.email)).map(|one| one.id).collect::<Vec<_>>();
                for (queue, members) in &queues {
                    store::queues::insert(tx, tenant, queue).await?;
                    store::queues::set_members(tx, tenant, queue.id, &of(members)).await?;
                }
                for (group, members) in &groups {
                    store::groups::insert(tx, tenant, group).await?;
                    for agent in of(members) {
                        let mut person = store::staff::roster::get(tx, tenant, agent).await?;
                        let seen = person.updated_at;
                        (person.group, person.updated_at) = (Some(group.id), group.updated_at);
                        store::staff::roster::update(tx, tenant, &person, seen).await?;
                    }
                }
                Ok::<_, store::Error>(())
            })
        })
        .await?;
    Ok(())
}

async fn canned_replies(app: &App, tenant: TenantId, files: Files) -> Result<(), SetupError> {
    let mut replies = Vec::new();
    for reply in serde_json::from_str::<Vec<ContentReply>>(files.canned_replies)? {
        let reply = CannedReply {
            id: CannedReplyId::new(app.env().uuid()),
            tenant,
            shortcode: Shortcode::parse(&reply.shortcode)?,
            title: reply.title,
            body: reply.body,
            updated_at: app.env().now(),
        };
        reply.check()?;
        replies.push(reply);
    }
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                for reply in &replies {
                    store_desk::canned_replies::insert(tx, tenant, reply).await?;
                }
                Ok::<_, store::Error>(())
            })
        })
        .await?;
    Ok(())
}

fn documents(raw: &[Box<RawValue>]) -> Result<Vec<Document>, SetupError> {
    let document = |raw: &RawValue| Ok(Document { id: serde_json::from_str::<Named>(raw.get())?.id, json: raw.get().to_owned() });
    raw.iter().map(|raw| document(raw)).collect()
}

/// Splits documents into parts, each with the position of its first document.
fn parts(documents: &[Document]) -> Vec<(i64, Vec<Document>)> {
    (0_i64..).step_by(PER_WRITE).zip(documents.chunks(PER_WRITE).map(<[Document]>::to_vec)).collect()
}

/// An entry with how much work it is to learn.
fn with_effort(document: Document) -> Result<(Document, i64), SetupError> {
    let effort = service::bots::effort_of(&serde_json::from_str::<KnowledgeEntry>(&document.json)?);
    Ok((document, i64::try_from(effort).unwrap_or(i64::MAX)))
}

async fn catalogue(app: &App, tenant: TenantId, files: Files) -> Result<(), SetupError> {
    let ContentGoods { currency, categories, tag_names, goods } = serde_json::from_str(files.goods)?;
    let frame = serde_json::json!({"currency": currency, "categories": categories, "tag_names": tag_names}).to_string();
    for (first, part) in parts(&documents(&goods)?) {
        app.db()
            .writer()
            .write_patiently(Shard::Any, move |tx| Box::pin(async move { store_hall::catalogue::put_goods(tx, tenant, first, &part).await }))
            .await?;
    }
    let plans = documents(&serde_json::from_str::<ContentPlans>(files.plans)?.plans)?;
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                store_hall::catalogue::put_plans(tx, tenant, 0, &plans).await?;
                store_hall::catalogue::put_frame(tx, tenant, &frame).await?;
                TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Catalogue).await
            })
        })
        .await?;
    Ok(())
}

async fn knowledge(app: &App, tenant: TenantId, files: Files) -> Result<(), SetupError> {
    let raw: Vec<Box<RawValue>> =
        files.knowledge.iter().flat_map(|file| file.lines()).filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect::<Result<_, _>>()?;
    for (first, part) in parts(&documents(&raw)?) {
        let part = part.into_iter().map(with_effort).collect::<Result<Vec<_>, _>>()?;
        app.db()
            .writer()
            .write_patiently(Shard::Any, move |tx| Box::pin(async move { store_knowledge::knowledge::put_entries(tx, tenant, first, &part).await }))
            .await?;
    }
    let groups = synonyms(app, files)?;
    let (items, units) = service::graph::rows_of(serde_json::from_str(files.graph)?, app.env().now());
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                store_knowledge::synonyms::insert(tx, tenant, &groups).await?;
                for item in &items {
                    store_knowledge::graph::put_item(tx, tenant, item, Ts(0)).await?;
                }
                for unit in &units {
                    store_knowledge::graph::put_unit(tx, tenant, unit, Ts(0)).await?;
                }
                TenantTx::new(tx, tenant, Actor::system()).announce(Changed::PublishedKnowledge).await
            })
        })
        .await?;
    editors(app, tenant, files).await
}

/// The groups of words that mean the same, in the order of the file.
fn synonyms(app: &App, files: Files) -> Result<Vec<Synonyms>, SetupError> {
    let Thesaurus { zh, en } = serde_json::from_str(files.thesaurus)?;
    let group = |lang, words, position| Synonyms { id: SynonymsId::new(app.env().uuid()), lang, words, position, updated_at: app.env().now() };
    let all = zh.into_iter().map(|words| (Lang::Zh, words)).chain(en.into_iter().map(|words| (Lang::En, words)));
    Ok((0..).zip(all).map(|(position, (lang, words))| group(lang, words, position)).collect())
}

/// Writes what editors of the knowledge use: names of its categories, and sentences to test it with.
async fn editors(app: &App, tenant: TenantId, files: Files) -> Result<(), SetupError> {
    let categories: Vec<ContentCategory> = serde_json::from_str(files.categories)?;
    let mut tests = Vec::new();
    for line in files.tests.lines() {
        let ContentTest { sentence, lang, expected } = serde_json::from_str(line)?;
        let expected = Expected::parse(&expected)?;
        let now = app.env().now();
        tests.push(KnowledgeTest { id: KnowledgeTestId::new(app.env().uuid()), sentence, lang, expected, created_at: now, updated_at: now });
    }
    app.db()
        .writer()
        .write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                for ContentCategory { key, name } in &categories {
                    let category = Category { key: key.clone(), name: name.clone(), updated_at: tx.now() };
                    store_knowledge::knowledge_categories::insert(tx, tenant, &category).await?;
                }
                for test in &tests {
                    store_knowledge::knowledge_tests::insert(tx, tenant, test).await?;
                }
                store_knowledge::knowledge_drafts::touch(tx, tenant).await?;
                store_knowledge::knowledge_versions::begin(tx, tenant).await.map(drop)
            })
        })
        .await?;
    Ok(())
}
