//! `POST /api/v1/goods-imports/{id}/apply`: applies what was shown, entirely or not at all.

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::ImportId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_hall::goods::{Kept, PriceChange};
use utoipa::ToSchema;

use super::{
    plan::{Change, fingerprint},
    preview::{Made, begin, make, read_table},
};
use crate::goods::frame;

/// The confirmation of a preview.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyImport {
    /// The `seen` of the preview.
    pub seen: String,
}

/// The result of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppliedImport {
    /// How many products were added.
    pub new: usize,
    /// How many products were changed.
    pub changed: usize,
}

fn import_outdated() -> Problem {
    Problem::conflict(Code::ImportOutdated, "the catalogue has changed since this was shown; look at it again")
}

/// The changes of prices.
fn prices(app: &App, made: &Made, actor: &StaffActor) -> Vec<PriceChange> {
    let price = |change: &Change| {
        let (old, new) = (change.before.as_ref().map(|before| before.product.price_fen), change.kept.product.price_fen);
        (old != Some(new)).then(|| PriceChange {
            id: app.env().uuid(),
            goods: change.kept.product.id.clone(),
            old_fen: old,
            new_fen: new,
            currency: made.catalogue.frame.currency.clone(),
            reason: String::new(),
            agent: Some(actor.staff.agent),
            at: change.kept.updated_at,
        })
    };
    made.plan.changes.iter().filter_map(price).collect()
}

/// Applies an import as it was previewed, in one transaction.
///
/// It is refused if somebody has changed these products or the categories in the meantime.
#[utoipa::path(post, path = "/goods-imports/{id}/apply", tag = "goods", security(("staff" = [])), params(("id" = ImportId, Path), OnceHeader),
    request_body = ApplyImport, responses((status = 200, body = AppliedImport), Problems))]
pub async fn apply_import(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ImportId>,
    OnceJson(once, ApplyImport { seen }): OnceJson<ApplyImport>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let tenant = actor.tenant();
    let at_it = begin(&app, tenant)?;
    let made = make(&app, &actor, read_table(&app, tenant, id).await?, at_it).await?;
    if made.seen != seen {
        return Err(import_outdated());
    }
    if !made.plan.bad.is_empty() {
        return Err(Problem::conflict(Code::ImportBad, "some rows are wrong; correct the file and choose it again"));
    }
    let prices = prices(&app, &made, &actor);
    let kept: Vec<Kept> = made.plan.changes.iter().map(|change| change.kept.clone()).collect();
    let new = made.plan.changes.iter().filter(|change| change.before.is_none()).count();
    let (ids, done) = (made.plan.ids, AppliedImport { new, changed: kept.len() - new });
    let answer = Answer::json(StatusCode::OK, &done)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (versions, (_, frame_at)) = (store_hall::goods::versions(tx, tenant).await?, frame(tx, tenant).await?);
            if fingerprint(&ids, &versions, frame_at) != seen {
                return Err(import_outdated().into());
            }
            store_hall::goods_imports::delete(tx, tenant, id).await?;
            store_hall::goods::put(tx, tenant, &kept).await?;
            store_hall::goods::note_prices(tx, tenant, &prices).await?;
            tx.announce(Changed::Catalogue).await?;
            Ok(answer)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn shop(app: &TestApp) -> StaffClient {
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": "phones", "name": {"zh": "远帆", "en": "Farsail"}, "price_fen": 299_900, "stock": 3, "state": "live"});
        ada.post("/api/v1/goods", new).await.expect(201);
        ada
    }
    async fn prepare(who: &StaffClient, text: &str) -> (String, Value) {
        let preview = who.upload("/api/v1/goods-imports", "text/csv", text.as_bytes().to_vec()).await.expect(201);
        (format!("/api/v1/goods-imports/{}/apply", preview["id"].as_str().unwrap()), json!({"seen": preview["seen"]}))
    }
    const GOOD: &str = "ID,Category,Name (English),Price,State\ng-001,Phones,Farsail,2599,On sale\nN-7,Phones,Nearhill,99.5,On sale\n,Phones,Third,1,\n";

    #[tokio::test]
    async fn one_wrong_row_changes_nothing_and_the_corrected_file_everything() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let before = ada.get("/api/v1/goods").await.expect(200);
        let (path, yes) = prepare(&ada, GOOD).await;
        ada.post(&path, yes).await.problem(409, "import_bad");
        assert_eq!(ada.get("/api/v1/goods").await.expect(200), before);

        let (path, yes) = prepare(&ada, &GOOD.replace("1,\n", "1,draft\n")).await;
        app.clock.advance(1000);
        assert_eq!(ada.post(&path, yes.clone()).await.expect(200), json!({"new": 2, "changed": 1}));
        ada.post(&path, yes).await.problem(404, "not_found");
        assert_eq!(app.get("/api/v1/sites/alpha/goods/N-7").await.expect(200)["price_fen"], 9950);
        let first = ada.get("/api/v1/goods/g-001").await.expect(200);
        assert_eq!((&first["price_fen"], &first["name"]["zh"], &first["stock"]), (&json!(259_900), &json!("远帆"), &json!(3)));
        assert_eq!(ada.get("/api/v1/goods/g-002").await.expect(200)["state"], "draft");
        let prices = ada.get("/api/v1/goods/g-001/prices").await.expect(200);
        assert_eq!((&prices["items"][0]["old_fen"], &prices["items"][0]["new_fen"]), (&json!(299_900), &json!(259_900)));
    }

    #[tokio::test]
    async fn who_may_not_set_prices_imports_files_that_leave_them_as_they_are() {
        let app = TestApp::new().await;
        let (mira, ada) = (shop(&app).await, app.agent("bo").await);
        let text = "ID,Category,Name (English),Price,Stock\ng-001,Phones,Farsail,2599,4\n,Phones,Nearhill,99.5,1\n";
        let preview = ada.upload("/api/v1/goods-imports", "text/csv", text.as_bytes().to_vec()).await.expect(201);
        let bad = |line: i64, cell: &str| json!({"line": line, "column": "price", "fault": "price_not_permitted", "text": cell});
        assert_eq!(preview["bad"], json!([bad(2, "2599"), bad(3, "99.5")]));
        let path = format!("/api/v1/goods-imports/{}", preview["id"].as_str().unwrap());
        ada.post(&format!("{path}/apply"), json!({"seen": preview["seen"]})).await.problem(409, "import_bad");
        assert_eq!(mira.get(&path).await.expect(200)["bad_total"], 0, "the same file, looked at by who may set prices");
        let (path, yes) = prepare(&ada, "ID,Category,Name (English),Price,Stock\ng-001,Phones,Farsail,2999,4\n").await;
        assert_eq!(ada.post(&path, yes).await.expect(200), json!({"new": 0, "changed": 1}));
        let first = ada.get("/api/v1/goods/g-001").await.expect(200);
        assert_eq!((&first["price_fen"], &first["stock"]), (&json!(299_900), &json!(4)));
    }

    #[tokio::test]
    async fn properties_are_kept_digit_by_digit_and_computed_prices_are_rounded() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let text = "ID,Price,Stock,Properties\ng-001,1699.1499999999999,12.000000000000002,\
            \"serial | 序列号 | Serial | 6222021234567890 | 6222021234567890 |\nratio | 比例 | Ratio | 0.30000000000000004 | 1699.1499999999999 |\"\n";
        let (path, yes) = prepare(&ada, text).await;
        ada.post(&path, yes).await.expect(200);
        let first = ada.get("/api/v1/goods/g-001").await.expect(200);
        assert_eq!((&first["price_fen"], &first["stock"]), (&json!(169_915), &json!(12)));
        let values: Vec<&Value> = first["attributes"].as_array().unwrap().iter().map(|line| &line["value"]).collect();
        let both = |zh: &str, en: &str| json!({"zh": zh, "en": en});
        assert_eq!(values, [&both("6222021234567890", "6222021234567890"), &both("0.30000000000000004", "1699.1499999999999")]);
    }

    #[tokio::test]
    async fn who_may_not_set_prices_puts_nothing_on_sale_by_a_file() {
        let app = TestApp::new().await;
        let (mira, ada) = (shop(&app).await, app.agent("bo").await);
        let new = json!({"category": "phones", "name": {"en": "Nearhill"}, "price_fen": 9_900, "stock": 3, "state": "off"});
        mira.post("/api/v1/goods", new).await.expect(201);
        let file = |states: [&str; 2]| format!("ID,Name (English),State\ng-001,Farsail,{}\ng-002,Nearhill 2,{}\n", states[0], states[1]);
        let preview = ada.upload("/api/v1/goods-imports", "text/csv", file(["off", "在售"]).into_bytes()).await.expect(201);
        assert_eq!(preview["bad"], json!([{"line": 3, "column": "state", "fault": "state_not_permitted", "text": "在售"}]));
        let path = format!("/api/v1/goods-imports/{}", preview["id"].as_str().unwrap());
        ada.post(&format!("{path}/apply"), json!({"seen": preview["seen"]})).await.problem(409, "import_bad");
        assert_eq!(mira.get(&path).await.expect(200)["bad_total"], 0);
        // What is on sale stays so or is taken off, and what is not is renamed.
        for states in [["live", "off"], ["off", "draft"]] {
            let (path, yes) = prepare(&ada, &file(states)).await;
            ada.post(&path, yes).await.expect(200);
            for (id, state) in [("g-001", states[0]), ("g-002", states[1])] {
                assert_eq!(ada.get(&format!("/api/v1/goods/{id}")).await.expect(200)["state"], state);
            }
        }
        assert_eq!(ada.get("/api/v1/goods/g-002").await.expect(200)["name"]["en"], "Nearhill 2");
    }

    #[tokio::test]
    async fn what_was_shown_for_another_catalogue_is_not_done() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let good = GOOD.replace("1,\n", "1,draft\n");
        let (path, yes) = prepare(&ada, &good).await;
        let seen = ada.get("/api/v1/goods/g-001").await.expect(200)["updated_at"].clone();
        let changed = ada.patch("/api/v1/goods/g-001", json!({"stock": 1, "seen": seen})).await.expect(200);
        ada.post(&path, yes.clone()).await.problem(409, "import_outdated");
        assert_eq!(ada.get("/api/v1/goods/g-001").await.expect(200), changed);
        // After another preview, it is applied.
        let again = ada.get(path.trim_end_matches("/apply")).await.expect(200);
        ada.post(&path, json!({"seen": again["seen"]})).await.expect(200);

        let (path, yes) = prepare(&ada, &good.replace("Third", "Fourth")).await;
        ada.post("/api/v1/goods-categories", json!({"name": {"en": "Lamps"}})).await.expect(201);
        ada.post(&path, yes.clone()).await.problem(409, "import_outdated");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.post(&path, yes).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn numbers_too_long_to_go_on_from_are_passed_over() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let text = "ID,Category,Name (English),Price\ng-999999999,Phones,A,1\ng-1000000001,Phones,B,1\n,Phones,C,1\n,Phones,D,1\n";
        let (path, yes) = prepare(&ada, text).await;
        ada.post(&path, yes).await.expect(200);
        for (id, name) in [("g-1000000000", "C"), ("g-1000000002", "D")] {
            assert_eq!(ada.get(&format!("/api/v1/goods/{id}")).await.expect(200)["name"]["en"], name);
        }
        let new = json!({"category": "phones", "name": {"en": "E"}, "price_fen": 1, "stock": 1});
        assert_eq!(ada.post("/api/v1/goods", new).await.expect(201)["id"], "g-1000000003");
    }

    #[tokio::test]
    async fn the_largest_file_is_done_at_once() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let rows: String = (0..1000).map(|n| format!("x-{n},Phones,Product {n},{n}.5,{n},On sale\n")).collect();
        let (path, yes) = prepare(&ada, &format!("ID,Category,Name (English),Price,Stock,State\n{rows}")).await;
        assert_eq!(ada.post(&path, yes).await.expect(200), json!({"new": 1000, "changed": 0}));
        let catalogue = app.get("/api/v1/sites/alpha/catalogue").await.expect(200);
        let ids: Vec<&str> = catalogue["goods"].as_array().unwrap().iter().map(|goods| goods["id"].as_str().unwrap()).collect();
        assert_eq!((ids.len(), ids[0], ids[999], ids[1000]), (1001, "x-0", "x-999", "g-001"));
    }
}
