//! `PUT /api/v1/knowledge/graph/{id}`

use axum::{extract::State, http::StatusCode};
use content::{
    graph::{Addition, GraphItem, Relation},
    knowledge::Phrasings,
};
use domain::{policy::Permission, revision::Revision, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whole, check};
use crate::{graph::GraphItemView, teach};

/// What shall be added to an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphItemChange {
    /// Its other names, at most 20 in each language, of at most 40 characters.
    #[serde(default)]
    pub aliases: Phrasings,
    /// What it is to other products and plans, at most 50.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The ids of the entries of the knowledge about it, at most 20.
    #[serde(default)]
    pub faqs: Vec<String>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes what is added to an item, which the bot uses at once, and notifies the other editors.
///
/// Another name that a different item has is accepted: the bot then asks which is meant.
#[utoipa::path(put, path = "/knowledge/graph/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = GraphItemChange, responses((status = 200, body = GraphItemView), Problems))]
pub async fn put_graph_item(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<GraphItemChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let GraphItemChange { aliases, relations, faqs, seen } = change;
    let addition = Addition { aliases, relations, faqs }.tidied();
    let catalogue = app.catalogue(tenant).await?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            let whole = Whole::new(&catalogue, Vec::new());
            whole.item(&id)?;
            check(tx, tenant, &whole.items, &id, &addition).await?.map_err(Problem::from)?;
            let item = GraphItem { id: id.clone(), addition, updated_at: Revision(seen).next(now) };
            store_knowledge::graph::put_item(tx, tenant, &item, seen).await?;
            let whole = Whole::new(&catalogue, store_knowledge::graph::items(tx, tenant).await?);
            let view = whole.view(tx, tenant, whole.item(&id)?).await?;
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/graph";

    #[tokio::test]
    async fn an_item_gets_names_relations_and_entries_from_one_editor_at_a_time() {
        let app = TestApp::with_demo().await;
        let company = app.demo().await;
        let (ada, mira) = (app.staff_of(&company, Role::Agent, "ada").await, app.staff_of(&company, Role::Manager, "mira").await);
        let one = format!("{PATH}/g-003");
        let before = ada.get(&one).await.expect(200);
        let body = json!({
            "aliases": {"zh": [" 皇帝版 ", "皇帝版"], "en": ["the emperor"]}, "relations": [{"kind": "upgrade_of", "to": "cloud-59"}], "faqs": ["kb-002"],
            "seen": before["updated_at"],
        });
        let made = ada.put(&one, body.clone()).await.expect(200);
        assert_eq!(
            (&made["aliases"]["zh"], &made["relates"][0]["item"], &made["entries"][0]["id"]),
            (&json!(["皇帝版"]), &json!("cloud-59"), &json!("kb-002"))
        );
        assert!(made["relates"][0]["name"]["zh"].is_string() && made["entries"][0]["question"]["zh"].is_string());
        mira.put(&one, body).await.problem(409, "conflict");
        let other = mira.get(&format!("{PATH}/cloud-59")).await.expect(200);
        assert!(other["referred_by"].to_string().contains("g-003"), "{other}");
        let found = mira.get(&format!("{PATH}?q=皇帝&only=named")).await.expect(200);
        assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &json!("g-003")));
        // The name of another item is accepted, and shown as ambiguous with both.
        let four = format!("{PATH}/g-004");
        let seen = mira.get(&four).await.expect(200)["updated_at"].clone();
        let other = mira.put(&four, json!({"aliases": {"zh": ["皇帝版"]}, "seen": seen})).await.expect(200);
        assert_eq!(other["ambiguous"], json!(["皇帝版"]));
        let ambiguous = mira.get(&format!("{PATH}?only=ambiguous&q=皇帝版")).await.expect(200);
        assert_eq!(ambiguous["total"], json!(2));
        let entries = ada.get("/api/v1/knowledge/graph-entries?q=kb-002").await.expect(200);
        assert_eq!(entries["items"][0]["id"], json!("kb-002"));
    }

    #[tokio::test]
    async fn what_does_not_exist_is_refused_by_field() {
        let app = TestApp::with_demo().await;
        let ada = app.staff_of(&app.demo().await, Role::Agent, "ada").await;
        let seen = ada.get(&format!("{PATH}/g-001")).await.expect(200)["updated_at"].clone();
        for (field, value, named) in [
            ("relations", json!([{"kind": "upgrade_of", "to": "g-999"}]), "relations"),
            ("relations", json!([{"kind": "upgrade_of", "to": "g-001"}]), "relations"),
            ("faqs", json!(["kb-none"]), "faqs"),
            ("aliases", json!({"zh": ["！！"]}), "aliases.zh"),
        ] {
            let mut body = json!({"seen": seen});
            body[field] = value;
            ada.put(&format!("{PATH}/g-001"), body).await.problem_at(422, "invalid_value", named);
        }
        ada.put(&format!("{PATH}/category:phone"), json!({"faqs": ["kb-002"], "seen": 0})).await.problem_at(422, "invalid_value", "faqs");
        ada.put(&format!("{PATH}/g-999"), json!({"seen": 0})).await.problem(404, "not_found");
        app.get(PATH).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn the_bot_is_trained_with_it_at_once() {
        let app = TestApp::with_demo().await;
        let company = app.demo().await;
        let ada = app.staff_of(&company, Role::Agent, "ada").await;
        let is_known = async || {
            let (_, bot) = app.app().bots().draft_of(app.app().db(), company.tenant).await.unwrap();
            bot.knowledge().graph.aliases.iter().any(|one| one.item == "g-003" && one.zh.contains(&"大金刚".to_owned()))
        };
        assert!(!is_known().await);
        let seen = ada.get(&format!("{PATH}/g-003")).await.expect(200)["updated_at"].clone();
        ada.put(&format!("{PATH}/g-003"), json!({"aliases": {"zh": ["大金刚"]}, "seen": seen})).await.expect(200);
        assert!(is_known().await);
    }
}
