//! `GET /api/v1/knowledge/synonyms` and `/{id}`

use axum::{Json, extract::State};
use content::synonyms::{Synonyms, Uses};
use domain::{
    id::{SynonymsId, SynonymsKind},
    policy::Permission,
    text::Lang,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use normal::find::{Searched, Sought};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SynonymsView;

/// Groups per page.
const PAGE: usize = 100;

/// Which groups to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSynonyms {
    /// What a word of the group contains; if empty, all groups match.
    #[serde(default)]
    pub q: String,
    /// Only groups of this language.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// Only groups with a word that another group has as well.
    #[serde(default)]
    pub shared: bool,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct SynonymGroups {
    /// In the order in which the bot reads them, which is that in which they were added.
    pub items: Vec<SynonymsView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

/// Lists groups of synonyms.
#[utoipa::path(get, path = "/knowledge/synonyms", tag = "knowledge", security(("staff" = [])), params(ListSynonyms),
    responses((status = 200, body = SynonymGroups), Problems))]
pub async fn list_synonyms(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListSynonyms>) -> Result<Json<SynonymGroups>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let groups = store_knowledge::synonyms::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let (uses, wanted) = (Uses::of(&groups), Sought::of(&query.q));
    let fits = |group: &Synonyms| {
        query.lang.is_none_or(|lang| lang == group.lang)
            && group.words.iter().any(|word| wanted.is_in(&Searched::of(word)))
            && (!query.shared || !uses.beyond(1, group.lang, &group.words).is_empty())
    };
    let mut found: Vec<Synonyms> = groups.into_iter().filter(fits).collect();
    let total = found.len();
    if let Some(cursor) = query.cursor {
        let (at, id) = cursor::at_shown_id::<SynonymsKind>(&cursor)?;
        found.retain(|group| (group.position, group.id.uuid()) > (at.0, id));
    }
    let Page { items, next } = Page::of(found, PAGE, |last| format!("{}.{}", last.position, last.id));
    Ok(Json(SynonymGroups { items: items.into_iter().map(|group| SynonymsView::new(group, &uses)).collect(), next, total }))
}

/// Returns a group of synonyms.
#[utoipa::path(get, path = "/knowledge/synonyms/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = SynonymsId, Path)),
    responses((status = 200, body = SynonymsView), Problems))]
pub async fn get_synonyms(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SynonymsId>) -> Result<Json<SynonymsView>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let groups = store_knowledge::synonyms::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let uses = Uses::of(&groups);
    let group = groups.into_iter().find(|group| group.id == id).ok_or(store::Error::NotFound)?;
    Ok(Json(SynonymsView::new(group, &uses)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/synonyms";

    #[tokio::test]
    async fn groups_are_listed_page_by_page_in_the_order_in_which_they_were_added() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let rows: String = (0..120).map(|n| format!("zh-CN,\"甲{n}、乙{n}\"\n")).collect();
        ada.upload("/api/v1/knowledge/synonyms-import?apply=true", "text/csv", format!("lang,words\n{rows}").into_bytes()).await.expect(200);
        let first = ada.get(PATH).await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["total"]), (100, &json!(120)));
        assert_eq!(first["items"][0]["words"], json!(["甲0", "乙0"]));
        let second = ada.get(&format!("{PATH}?cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (20, &json!(null)));
        ada.get(&format!("{PATH}?cursor=x")).await.problem_at(422, "invalid_value", "cursor");
    }
}
