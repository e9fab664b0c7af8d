//! What the parts of a split number are called.

use std::collections::BTreeMap;

use content::knowledge::KnowledgeEntry;
use domain::{
    conversation::Channel,
    dimension::Dimension,
    id::TenantId,
    text::{Bilingual, Lang},
};
use http_kit::{App, problem::Problem};
use wire::metrics::AnsweredFrom;

/// What the bot answers without an entry of the knowledge: key, Chinese, English.
const BUILT_IN: [(&str, &str, &str); 11] = [
    ("small_talk", "寒暄", "Small talk"),
    ("attribute", "商品参数", "Product details"),
    ("attribute_unlisted", "没有登记的商品参数", "Product details not on record"),
    ("guided_choice", "帮忙挑选", "Help with choosing"),
    ("which_item", "反问是哪一款", "Asked which item is meant"),
    ("which_option", "反问是哪一个问题", "Asked which question is meant"),
    ("person_offered", "问要不要人工", "Offer of a person"),
    ("help_offered", "告知求助方式", "Where to get help"),
    ("danger", "绝望或危险", "Despair or danger"),
    ("human_request", "要求人工", "Asking for a person"),
    ("file", "文件", "Files"),
];

/// What a part is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Its name.
    pub name: Bilingual,
    /// What it is, if the bot answers from it.
    pub source: Option<AnsweredFrom>,
}

/// The names of the parts of a dimension, by part; one that no longer has a name is missing.
pub async fn names_of(app: &App, tenant: TenantId, split: Dimension) -> Result<BTreeMap<String, Called>, Problem> {
    if split == Dimension::Entry {
        return sources_of(app, tenant).await;
    }
    let names = plain_names_of(app, tenant, split).await?;
    Ok(names.into_iter().map(|(part, name)| (part, Called { name, source: None })).collect())
}

/// What the bot answers from, by id.
async fn sources_of(app: &App, tenant: TenantId) -> Result<BTreeMap<String, Called>, Problem> {
    let mut tx = app.db().read_of(tenant).await?;
    let catalogue = app.catalogues().of(app.db(), tenant).await?;
    let called = |id: &str, name: Bilingual, source| (id.to_owned(), Called { name, source: Some(source) });
    let goods = catalogue.kept.iter().map(|kept| called(&kept.product.id, kept.product.name.clone(), AnsweredFrom::Product));
    let plans = catalogue.plans.iter().map(|plan| called(&plan.id, both(&plan.name.zh, &plan.name.en), AnsweredFrom::Plan));
    let entries = store_knowledge::knowledge::entries(&mut tx, tenant).await?.into_iter();
    let entry = |document: store::Document| {
        let question = serde_json::from_str::<KnowledgeEntry>(&document.json).ok()?.question;
        Some(called(&document.id, question, AnsweredFrom::Entry))
    };
    Ok(goods.chain(plans).chain(entries.filter_map(entry)).collect())
}

/// What is said of what has no part of a dimension.
pub fn without(split: Dimension) -> Bilingual {
    let (zh, en) = match split {
        Dimension::Channel => ("没有渠道", "No channel"),
        Dimension::Queue => ("未经过队列", "No queue"),
        Dimension::Site => ("没有站点", "No site"),
        Dimension::Lang => ("没有语言", "No language"),
        Dimension::Agent => ("只有机器人", "Bot only"),
        Dimension::Group => ("没有分组", "No group"),
        Dimension::Department => ("没有部门", "No department"),
        Dimension::Product => ("没有商品", "No product"),
        Dimension::Category => ("没有商品分类", "No category of goods"),
        Dimension::Entry => ("没有出处", "No source"),
        Dimension::Band => ("没有把握值", "No confidence"),
        Dimension::Topic => ("没有问题分类", "No category of questions"),
    };
    both(zh, en)
}

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

async fn plain_names_of(app: &App, tenant: TenantId, split: Dimension) -> Result<BTreeMap<String, Bilingual>, Problem> {
    let mut tx = app.db().read_of(tenant).await?;
    Ok(match split {
        Dimension::Channel => Channel::EACH.iter().map(|channel| (channel.as_str().to_owned(), channel.name())).collect(),
        Dimension::Lang => [(Lang::Zh.tag().to_owned(), both("中文", "Chinese")), (Lang::En.tag().to_owned(), both("英文", "English"))].into(),
        Dimension::Queue => store::queues::list(&mut tx, tenant).await?.into_iter().map(|queue| (queue.queue.id.to_string(), queue.queue.name)).collect(),
        Dimension::Site => store::sites::list(&mut tx, tenant).await?.into_iter().map(|site| (site.id.to_string(), site.settings.name)).collect(),
        Dimension::Agent => store::staff::names(&mut tx, tenant).await?.into_iter().map(|(id, name)| (id.to_string(), both(&name, &name))).collect(),
        Dimension::Group => store::groups::list(&mut tx, tenant).await?.into_iter().map(|(one, _)| (one.id.to_string(), both(&one.name, &one.name))).collect(),
        Dimension::Department => {
            store::departments::list(&mut tx, tenant).await?.into_iter().map(|one| (one.id.to_string(), both(&one.name, &one.name))).collect()
        }
        Dimension::Product => {
            app.catalogues().of(app.db(), tenant).await?.kept.iter().map(|kept| (kept.product.id.clone(), kept.product.name.clone())).collect()
        }
        Dimension::Category => app.catalogues().of(app.db(), tenant).await?.frame.categories.iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        Dimension::Entry => BTreeMap::new(),
        Dimension::Band => warehouse::rows::BANDS.iter().map(|(_, name)| ((*name).to_owned(), both(&format!("{name}%"), &format!("{name}%")))).collect(),
        Dimension::Topic => {
            let own = store_knowledge::knowledge_categories::list(&mut tx, tenant).await?.into_iter().map(|category| (category.key, category.name));
            BUILT_IN.iter().map(|(key, zh, en)| ((*key).to_owned(), both(zh, en))).chain(own).collect()
        }
    })
}
