//! `/api/v1/knowledge/categories`: the categories into which entries are sorted.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State, http::StatusCode};
use content::knowledge::{KnowledgeEntry, category_key, check_category_name, is_key};
use db::Tx;
use domain::{id::TenantId, policy::Permission, refusal::Code, revision::Revision, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_knowledge::knowledge_categories::Category;
use utoipa::ToSchema;

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeCategory)]
pub struct CategoryView {
    /// The category's key, by which entries refer to it.
    pub key: String,
    /// The name shown to people.
    pub name: Bilingual,
    /// How many entries of the draft are in it.
    pub entries: usize,
    /// When it was last changed; send it back as `seen` with a change. 0 for a category that entries refer to and nobody has named.
    pub updated_at: Ts,
}

/// All categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeCategories {
    /// Sorted by key.
    pub items: Vec<CategoryView>,
}

/// A category to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKnowledgeCategory {
    /// The name shown to people, in at least one language, at most 40 characters each.
    pub name: Bilingual,
}

/// A new name for a category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeCategoryChange {
    /// The new name shown to people.
    pub name: Bilingual,
    /// `updated_at` as last read.
    pub seen: Ts,
}

fn tidy(name: Bilingual) -> Result<Bilingual, Problem> {
    let name = name.trimmed();
    check_category_name(&name)?;
    Ok(name)
}

/// Categories that have a name and those that entries merely mention, each with its number of entries.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> store::Result<Vec<CategoryView>> {
    let mut entries: BTreeMap<String, usize> = BTreeMap::new();
    for draft in store_knowledge::knowledge_drafts::list(tx, tenant).await?.into_iter().filter(|draft| !draft.removed) {
        *entries.entry(draft.entry.category).or_default() += 1;
    }
    let mut all: BTreeMap<String, CategoryView> = BTreeMap::new();
    for Category { key, name, updated_at } in store_knowledge::knowledge_categories::list(tx, tenant).await? {
        let count = entries.remove(&key).unwrap_or_default();
        all.insert(key.clone(), CategoryView { key, name, entries: count, updated_at });
    }
    for (key, count) in entries {
        let name = Bilingual { zh: key.clone(), en: key.clone() };
        all.insert(key.clone(), CategoryView { key, name, entries: count, updated_at: Ts(0) });
    }
    Ok(all.into_values().collect())
}

async fn entries_in(tx: &mut Tx, tenant: TenantId, key: &str) -> store::Result<i64> {
    Ok(all(tx, tenant).await?.iter().find(|category| category.key == key).map_or(0, |category| category.entries as i64))
}

/// Refuses entries in categories that do not exist. Call it after [`crate::edit`], so that none of them is removed in the meantime.
pub async fn must_be_there(tx: &mut Tx, tenant: TenantId, entries: &[&KnowledgeEntry]) -> Result<(), Fault> {
    let mut missing = BTreeSet::new();
    for category in entries.iter().map(|entry| entry.category.as_str()).collect::<BTreeSet<_>>() {
        if !store_knowledge::knowledge_categories::exists(tx, tenant, category).await? {
            missing.insert(category);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    // A category that entries merely mention is a category too.
    let known = all(tx, tenant).await?;
    let there = missing.iter().all(|category| known.iter().any(|known| known.key == *category));
    if there {
        return Ok(());
    }
    Err(Problem::invalid("category", Code::InvalidValue, "there is no such category; use one from GET /knowledge/categories, or add it first").into())
}

/// Lists the categories.
#[utoipa::path(get, path = "/knowledge/categories", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = KnowledgeCategories), Problems))]
pub async fn list_knowledge_categories(State(app): State<App>, actor: StaffActor) -> Result<Json<KnowledgeCategories>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    Ok(Json(KnowledgeCategories { items: all(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await? }))
}

fn name_taken() -> Problem {
    Problem { field: Some("name".to_owned()), ..Problem::conflict(Code::KnowledgeCategoryTaken, "another category already has this name") }
}

/// Adds a category.
#[utoipa::path(post, path = "/knowledge/categories", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = NewKnowledgeCategory,
    responses((status = 201, body = CategoryView), Problems))]
pub async fn create_knowledge_category(
    State(app): State<App>,
    actor: StaffActor,
    OnceJson(once, new): OnceJson<NewKnowledgeCategory>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let name = tidy(new.name)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let id = app.env().uuid().as_simple().to_string();
    let category = Category { key: category_key(&name, &format!("topic_{}", &id[24..])), name, updated_at: now };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            store_knowledge::knowledge_categories::insert(tx, tenant, &category).await.map_err(Fault::if_taken(name_taken))?;
            let Category { key, name, updated_at } = category;
            Answer::json(StatusCode::CREATED, &CategoryView { key, name, entries: 0, updated_at })
        })
    });
    done.await
}

/// Renames a category, unless somebody else has renamed it in the meantime.
#[utoipa::path(patch, path = "/knowledge/categories/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = KnowledgeCategoryChange, responses((status = 200, body = CategoryView), Problems))]
pub async fn rename_knowledge_category(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(key): ValidPath<String>,
    OnceJson(once, change): OnceJson<KnowledgeCategoryChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let (tenant, now, seen) = (actor.tenant(), app.env().now(), change.seen);
    let name = tidy(change.name)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            let known = all(tx, tenant).await?.into_iter().find(|category| category.key == key).ok_or(store::Error::NotFound)?;
            let category = Category { key, name, updated_at: Revision(known.updated_at).next(now) };
            if known.updated_at == Ts(0) {
                store_knowledge::knowledge_categories::insert(tx, tenant, &category).await?;
            } else {
                store_knowledge::knowledge_categories::update(tx, tenant, &category, seen).await?;
            }
            let Category { key, name, updated_at } = category;
            Answer::json(StatusCode::OK, &CategoryView { key, name, entries: known.entries, updated_at })
        })
    });
    done.await
}

/// Removes a category without entries; a refusal says how many entries it has.
#[utoipa::path(delete, path = "/knowledge/categories/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 204, description = "The category was deleted"), Problems))]
pub async fn delete_knowledge_category(State(app): State<App>, actor: StaffActor, ValidPath(key): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    if !is_key(&key) {
        return Err(Problem::not_found());
    }
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            let entries = entries_in(tx, tenant, &key).await?;
            if entries > 0 {
                return Err(Problem::in_use(Code::KnowledgeCategoryInUse, "entries", entries, format!("{entries} entries are in it; move them first")).into());
            }
            store_knowledge::knowledge_categories::delete(tx, tenant, &key).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/categories";

    #[tokio::test]
    async fn a_category_is_added_renamed_and_removed() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post(PATH, json!({"name": {"zh": "套餐", "en": "Plans"}})).await.expect(201);
        assert_eq!((&made["key"], &made["entries"]), (&json!("plans"), &json!(0)));
        mira.post(PATH, json!({"name": {"zh": "别的", "en": "plans"}})).await.problem_at(409, "knowledge_category_taken", "name");
        mira.post(PATH, json!({"name": {"zh": " ", "en": ""}})).await.problem_at(422, "invalid_value", "name");
        assert!(mira.post(PATH, json!({"name": {"zh": "宽带"}})).await.expect(201)["key"].as_str().unwrap().starts_with("topic_"));
        let path = format!("{PATH}/plans");
        let renamed = mira.patch(&path, json!({"name": {"zh": "资费", "en": "Tariffs"}, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&renamed["key"], &renamed["name"]["en"]), (&json!("plans"), &json!("Tariffs")));
        mira.patch(&path, json!({"name": {"zh": "旧", "en": ""}, "seen": made["updated_at"]})).await.problem(409, "conflict");
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        let ada = app.agent("ada").await;
        ada.get(PATH).await.expect(200);
        ada.post(PATH, json!({"name": {"en": "Own"}})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_category_in_use_stays_and_says_how_many_use_it() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        mira.post(PATH, json!({"name": {"zh": "套餐", "en": "Plans"}})).await.expect(201);
        let entry = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let refused = mira.delete(&format!("{PATH}/plans")).await.problem(409, "knowledge_category_in_use");
        assert_eq!((&refused["count"], &refused["field"]), (&json!(1), &json!("entries")));
        assert_eq!(mira.get(PATH).await.expect(200)["items"][0]["entries"], 1);
        mira.delete(&format!("/api/v1/knowledge/entries/{}", entry["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(mira.delete(&format!("{PATH}/plans")).await.status.as_u16(), 204);
    }

    #[tokio::test]
    async fn an_entry_cannot_be_put_into_a_category_that_is_removed_on_another_node_meanwhile() {
        let Some(nodes) = TestApp::cluster(2, None).await else { return };
        let mira = nodes[0].manager("mira").await;
        let elsewhere = mira.at(&nodes[1].base);
        for n in 0..12 {
            let category = mira.post(PATH, json!({"name": {"en": format!("Topic {n}")}})).await.expect(201)["key"].as_str().unwrap().to_owned();
            let new = json!({"category": category, "question": {"zh": format!("第{n}个问题")}});
            let path = format!("{PATH}/{category}");
            let (made, removed) = tokio::join!(mira.post("/api/v1/knowledge/entries", new), elsewhere.delete(&path));
            match (made.status.as_u16(), removed.status.as_u16()) {
                (201, 409) => assert_eq!(removed.json()["count"], 1),
                (422, 204) => assert_eq!(made.json()["field"], "category"),
                told => panic!("an entry without its category, or neither: {told:?}"),
            }
        }
        for node in nodes.into_iter().rev() {
            node.stop().await;
        }
    }
}
