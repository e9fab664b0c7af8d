//! `GET /api/v1/knowledge/graph`, `/{id}` and `/graph-entries`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use normal::find::{Searched, Sought};
use serde::{Deserialize, Serialize};
use service::graph::ItemKind;
use utoipa::{IntoParams, ToSchema};

use super::{GraphEntry, GraphItemView, GraphRow, Whole};

/// Items per page.
const PAGE: usize = 100;
/// Entries that are found.
const ENTRIES: usize = 20;

/// What is added to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GraphFilter {
    /// It has other names.
    Named,
    /// It has no other names.
    Unnamed,
    /// It has another name that is also that of a different item.
    Ambiguous,
    /// It has relations or entries.
    Linked,
}

/// Which items to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListGraph {
    /// What the id, the name or another name contains; if empty, all items match.
    #[serde(default)]
    pub q: String,
    /// Only items of this kind.
    #[serde(default)]
    pub kind: Option<ItemKind>,
    /// Only items to which this is added.
    #[serde(default)]
    #[param(inline)]
    pub only: Option<GraphFilter>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of items.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphList {
    /// Goods in the order of the hall, then plans, categories and tags.
    pub items: Vec<GraphRow>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

fn fits(row: &GraphRow, wanted: &Sought, query: &ListGraph) -> bool {
    let names = [&row.id, &row.name.zh, &row.name.en].into_iter().chain(&row.aliases.zh).chain(&row.aliases.en);
    let is_named = !row.aliases.zh.is_empty() || !row.aliases.en.is_empty();
    query.kind.is_none_or(|kind| kind == row.kind)
        && query.only.is_none_or(|only| match only {
            GraphFilter::Named => is_named,
            GraphFilter::Unnamed => !is_named,
            GraphFilter::Ambiguous => !row.ambiguous.is_empty(),
            GraphFilter::Linked => row.relations + row.faqs > 0,
        })
        && (wanted.is_empty() || names.map(|name| Searched::of(name)).any(|name| wanted.is_in(&name)))
}

/// Lists goods, plans, categories and tags with what is added to them for the bot.
#[utoipa::path(get, path = "/knowledge/graph", tag = "knowledge", security(("staff" = [])), params(ListGraph), responses((status = 200, body = GraphList), Problems))]
pub async fn list_graph(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListGraph>) -> Result<Json<GraphList>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let (whole, wanted) = (Whole::read(&app, actor.tenant()).await?, Sought::of(&query.q));
    let after = query.cursor.as_deref().map(cursor::parse::<usize>).transpose()?.unwrap_or(0);
    let rows = whole.items.iter().map(|item| whole.row(item)).filter(|row| fits(row, &wanted, &query));
    let found: Vec<GraphRow> = rows.collect();
    let total = found.len();
    let Page { items, next } = Page::of(found.into_iter().skip(after).collect(), PAGE, |_| (after + PAGE).to_string());
    Ok(Json(GraphList { items, next, total }))
}

/// Returns an item with all that is added to it, and what refers to it.
#[utoipa::path(get, path = "/knowledge/graph/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path)),
    responses((status = 200, body = GraphItemView), Problems))]
pub async fn get_graph_item(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<GraphItemView>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let whole = Whole::read(&app, actor.tenant()).await?;
    let view = whole.view(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), whole.item(&id)?).await?;
    Ok(Json(view))
}

/// Words that an entry contains.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindGraphEntries {
    /// What the id or the question contains.
    #[serde(default)]
    pub q: String,
}

/// Entries that can be linked with an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphEntries {
    /// At most 20, in the order of the draft.
    pub items: Vec<GraphEntry>,
}

/// Finds entries of the draft that can be linked with an item.
#[utoipa::path(get, path = "/knowledge/graph-entries", tag = "knowledge", security(("staff" = [])), params(FindGraphEntries),
    responses((status = 200, body = GraphEntries), Problems))]
pub async fn find_graph_entries(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<FindGraphEntries>,
) -> Result<Json<GraphEntries>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let wanted = Sought::of(&query.q);
    let drafts = store_knowledge::knowledge_drafts::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let entries = drafts.into_iter().filter(|draft| !draft.removed).map(|draft| draft.entry);
    let found = entries.filter(|entry| [&entry.id, &entry.question.zh, &entry.question.en].into_iter().any(|text| wanted.is_in(&Searched::of(text))));
    let items = found.take(ENTRIES).map(|entry| GraphEntry { id: entry.id, question: Some(entry.question) }).collect();
    Ok(Json(GraphEntries { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn items_are_found_by_kind_and_by_what_is_added() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        ada.post("/api/v1/plans", json!({"name": {"zh": "云享", "en": "Cloud"}, "monthly_fee_fen": 1})).await.expect(201);
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let total = async |query: &str| ada.get(&format!("/api/v1/knowledge/graph?{query}")).await.expect(200)["total"].clone();
        assert_eq!((total("").await, total("kind=plan").await, total("kind=category").await), (json!(2), json!(1), json!(1)));
        assert_eq!((total("only=named").await, total("only=unnamed").await, total("q=cloud").await), (json!(0), json!(2), json!(1)));
        ada.get("/api/v1/knowledge/graph?kind=pet").await.problem_at(422, "invalid_value", "kind");
        ada.get("/api/v1/knowledge/graph/none").await.problem(404, "not_found");
        app.get("/api/v1/knowledge/graph-entries").await.problem(401, "not_signed_in");
    }
}
