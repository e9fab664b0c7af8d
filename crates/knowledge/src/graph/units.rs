//! `GET /api/v1/knowledge/graph-units` and `PUT /api/v1/knowledge/graph-units/{id}`

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use content::graph::{GraphUnit, check_unit};
use domain::{policy::Permission, revision::Revision, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::graph::{Property, properties};
use utoipa::ToSchema;

use crate::teach;

/// A property of goods and its unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GraphUnit)]
pub struct UnitView {
    /// The key of the property.
    pub id: String,
    /// Its label on the data sheets.
    pub label: Bilingual,
    /// The units that data sheets give.
    pub given: Vec<String>,
    /// How many products have the property.
    pub goods: usize,
    /// How many of these give no unit.
    pub without: usize,
    /// The unit of those that give none; empty if none is set.
    pub unit: String,
    /// When the unit was last changed, 0 if it never was; send it back as `seen` with a change.
    pub updated_at: Ts,
}

/// The properties of a company's goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphUnits {
    /// Those of most goods first.
    pub items: Vec<UnitView>,
}

/// The unit of a property as it shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphUnitChange {
    /// The unit, at most 20 characters; empty for none.
    pub unit: String,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

fn view(property: Property, set: Option<&GraphUnit>) -> UnitView {
    let Property { key, label, given, goods, without } = property;
    let (unit, updated_at) = set.map_or((String::new(), Ts(0)), |set| (set.unit.clone(), set.updated_at));
    UnitView { id: key, label, given: given.into_iter().collect(), goods, without, unit, updated_at }
}

/// Lists the properties on the data sheets of goods, with the units that are set for those sheets that give none.
#[utoipa::path(get, path = "/knowledge/graph-units", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = GraphUnits), Problems))]
pub async fn list_graph_units(State(app): State<App>, actor: StaffActor) -> Result<Json<GraphUnits>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    let units = store_knowledge::graph::units(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let set: BTreeMap<&str, &GraphUnit> = units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let items =
        properties(&catalogue).into_iter().map(|property| (set.get(property.key.as_str()).copied(), property)).map(|(set, property)| view(property, set));
    Ok(Json(GraphUnits { items: items.collect() }))
}

/// Sets the unit of a property for data sheets that give none, which the bot uses at once, and notifies the other editors.
#[utoipa::path(put, path = "/knowledge/graph-units/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = GraphUnitChange, responses((status = 200, body = UnitView), Problems))]
pub async fn put_graph_unit(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<GraphUnitChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let GraphUnitChange { unit, seen } = change;
    let unit = unit.trim().to_owned();
    check_unit(&unit)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let property = properties(&*app.catalogue(tenant).await?).into_iter().find(|property| property.key == id).ok_or(store::Error::NotFound)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            let unit = GraphUnit { id, unit, updated_at: Revision(seen).next(now) };
            store_knowledge::graph::put_unit(tx, tenant, &unit, seen).await?;
            Answer::json(StatusCode::OK, &view(property, Some(&unit)))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/graph-units";

    #[tokio::test]
    async fn a_unit_is_set_for_a_property_that_goods_have() {
        let app = TestApp::with_demo().await;
        let ada = app.staff_of(&app.demo().await, Role::Agent, "ada").await;
        let listed = ada.get(PATH).await.expect(200);
        let first = &listed["items"][0];
        assert!(first["goods"].as_u64() >= listed["items"][1]["goods"].as_u64());
        let one = format!("{PATH}/{}", first["id"].as_str().unwrap());
        let set = ada.put(&one, json!({"unit": " g ", "seen": first["updated_at"]})).await.expect(200);
        assert_eq!((&set["unit"], &set["id"]), (&json!("g"), &first["id"]));
        ada.put(&one, json!({"unit": "kg", "seen": first["updated_at"]})).await.problem(409, "conflict");
        ada.put(&one, json!({"unit": "x".repeat(21), "seen": set["updated_at"]})).await.problem_at(422, "invalid_value", "unit");
        ada.put(&format!("{PATH}/nothing"), json!({"unit": "g", "seen": 0})).await.problem(404, "not_found");
        ada.put(&one, json!({"unit": "", "seen": set["updated_at"]})).await.expect(200);
    }
}
