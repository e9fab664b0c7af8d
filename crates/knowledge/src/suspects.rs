//! `/api/v1/knowledge/suspects`: phrasings that probably belong to a different entry.

use axum::{Json, extract::State, http::StatusCode};
use content::knowledge::RunOf;
use domain::{entry::Changed, id::KnowledgeRunId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use service::learning::{
    runs::{self, Progress},
    suspects::{self, SettleSuspect, SuspectPhrasings, Unsettled},
};

use crate::{checks::evaluate::work, draft::effort};

fn problem(why: Unsettled) -> Problem {
    match why {
        Unsettled::Field(error) => error.into(),
        Unsettled::Heavy(question) => effort::heavy_entry(question),
        Unsettled::Changed => Problem::conflict(Code::Conflict, "the entry was changed in the meantime"),
        Unsettled::Store(error) => error.into(),
    }
}

/// Lists the phrasings that probably belong to a different entry and that nobody has settled.
///
/// They are searched after each publish, and on request.
#[utoipa::path(get, path = "/knowledge/suspects", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = SuspectPhrasings), Problems))]
pub async fn list_suspects(State(app): State<App>, actor: StaffActor) -> Result<Json<SuspectPhrasings>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    Ok(Json(suspects::view(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), app.env().now()).await?))
}

/// Begins a search of the draft for doubtful phrasings.
///
/// Only one search runs at a time; `GET /knowledge/suspects` reports its progress.
#[utoipa::path(post, path = "/knowledge/suspects/search", tag = "knowledge", security(("staff" = [])), params(OnceHeader), responses((status = 202, body = Progress), Problems))]
pub async fn search_suspects(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, now, id) = (actor.tenant(), app.env().now(), KnowledgeRunId::new(app.env().uuid()));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let run = runs::begin(tx, tenant, RunOf::Suspects, id, 0).await?;
            tx.announce(Changed::Knowledge).await?;
            Answer::json(StatusCode::ACCEPTED, &Progress::of(&run, now))
        })
    });
    let answer = done.await?;
    work(&app, tenant, id);
    Ok(answer)
}

/// Settles a doubtful phrasing: it stays, is moved to another entry, or is removed. `doubt` and `restore` take that back.
#[utoipa::path(post, path = "/knowledge/suspects/settle", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = SettleSuspect,
    responses((status = 204, description = "Settled"), Problems))]
pub async fn settle_suspect(State(app): State<App>, actor: StaffActor, OnceJson(once, what): OnceJson<SettleSuspect>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, agent, changes_draft) = (actor.tenant(), actor.staff.agent, what.settled.changes_draft());
    let settlement = suspects::prepare(&mut app.db().snapshot_of(actor.tenant()).await?, tenant, what).await.map_err(problem)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if changes_draft {
                crate::edit(tx).await?;
            } else {
                tx.announce(Changed::Knowledge).await?;
            }
            let before = store_knowledge::knowledge_drafts::effort(tx, tenant).await?;
            suspects::settle(tx, tenant, &settlement, agent).await?;
            effort::must_fit(tx, before).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::Client;

    const PATH: &str = "/api/v1/knowledge/suspects";
    const PLANS: [&str; 7] = ["换个套餐", "我要换套餐", "套餐怎么改", "想把套餐换掉", "更换资费套餐", "改成别的套餐", "套餐变更在哪办"];
    const BILLS: [&str; 8] =
        ["查话费", "我的账单在哪看", "话费账单明细", "套餐怎么换成便宜的", "这个月话费多少", "账单怎么查", "查一下上个月账单", "话费余额查询"];

    async fn searched(who: &Client) -> Value {
        who.post(&format!("{PATH}/search"), json!({})).await.expect(202);
        eventually("the search is over", async || {
            let found = who.get(PATH).await.expect(200);
            (found["run"]["state"] == "done").then_some(found)
        })
        .await
    }

    async fn entry(who: &Client, question: &str, similar: &[&str]) -> Value {
        let body = json!({"category": "plans", "question": {"zh": question}, "similar": {"zh": similar}, "answer": {"zh": "在大厅办理。"}});
        who.post("/api/v1/knowledge/entries", body).await.expect(201)["id"].clone()
    }

    #[tokio::test]
    async fn a_doubtful_phrasing_is_moved_kept_or_removed_and_each_can_be_taken_back() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let ada = app.agent("ada").await;
        assert_eq!(ada.get(PATH).await.expect(200), json!({"run": null, "fresh": false, "searched": 0, "items": []}));
        let (plan, bill) = (entry(&ada, "怎么更换套餐", &PLANS).await, entry(&ada, "怎么查话费账单", &BILLS).await);
        let found = searched(&ada).await;
        let doubtful = &found["items"][0];
        assert_eq!((&doubtful["text"], &doubtful["entry"], &doubtful["likely"], &found["fresh"]), (&json!("套餐怎么换成便宜的"), &bill, &plan, &json!(true)));
        assert_eq!((found["items"].as_array().unwrap().len(), &doubtful["likely_name"]["zh"]), (1, &json!("怎么更换套餐")));

        let settle = async |settled: &str, to: Value| {
            let what = json!({"entry": bill, "lang": "zh-CN", "text": "套餐怎么换成便宜的", "settled": settled, "to": to});
            ada.post(&format!("{PATH}/settle"), what).await
        };
        let left = async || ada.get(PATH).await.expect(200);
        settle("keep", json!(null)).await.expect(204);
        assert_eq!(left().await["items"], json!([]));
        assert_eq!(searched(&ada).await["items"], json!([]), "what was kept stays settled");
        settle("doubt", json!(null)).await.expect(204);
        assert_eq!(left().await["items"].as_array().unwrap().len(), 1);
        settle("move", json!("nowhere")).await.problem_at(422, "invalid_value", "to");
        settle("move", bill.clone()).await.problem_at(422, "invalid_value", "to");
        let phrasings =
            async |id: &Value| ada.get(&format!("/api/v1/knowledge/entries/{}", id.as_str().unwrap())).await.expect(200)["draft"]["similar"]["zh"].clone();
        assert_eq!(phrasings(&bill).await.as_array().unwrap().len(), 8, "a refusal changes nothing");
        settle("move", plan.clone()).await.expect(204);
        let moved = left().await;
        assert_eq!((&moved["items"], &moved["fresh"]), (&json!([]), &json!(false)));
        assert!(phrasings(&plan).await.as_array().unwrap().contains(&json!("套餐怎么换成便宜的")));
        assert_eq!(phrasings(&bill).await.as_array().unwrap().len(), 7);
        settle("remove", json!(null)).await.problem(409, "conflict");
        settle("restore", json!(null)).await.expect(204);
        assert_eq!(phrasings(&bill).await.as_array().unwrap().len(), 8);
        settle("remove", json!(null)).await.expect(204);
        assert_eq!(phrasings(&bill).await.as_array().unwrap().len(), 7);

        let bob = app.staff_of(&app.other_company("beta").await, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200)["items"], json!([]));
        let foreign = json!({"entry": plan, "lang": "zh-CN", "text": "换个套餐", "settled": "remove"});
        bob.post(&format!("{PATH}/settle"), foreign).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn a_move_that_makes_all_entries_too_much_work_is_refused() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let ada = app.agent("ada").await;
        let (plan, bill) = (
            entry(&ada, "怎么更换套餐", &PLANS).await,
            entry(&ada, "怎么查话费账单", &["查话费", "便宜一点的套餐要怎么样换", "便宜一点的套餐要怎么样换呀"]).await,
        );
        let (tenant, full) = (app.company.tenant, entry(&ada, "很多", &[]).await.as_str().unwrap().to_owned());
        let fill = app.app().db().writer().write(db::Shard::Any, move |tx| {
            let full = full.clone();
            Box::pin(async move {
                let rest = store_knowledge::knowledge_drafts::effort(tx, tenant).await?;
                let found = store_knowledge::knowledge_drafts::get(tx, tenant, &full).await?;
                let (seen, effort) = (found.updated_at, i64::try_from(bot::effort::MOST).unwrap() - rest + found.effort);
                store_knowledge::knowledge_drafts::update(tx, tenant, &store_knowledge::knowledge_drafts::Draft { effort, ..found }, seen, None).await
            })
        });
        fill.await.unwrap();
        let settle = |settled: &str| json!({"entry": bill, "lang": "zh-CN", "text": "便宜一点的套餐要怎么样换", "settled": settled, "to": plan});
        ada.post(&format!("{PATH}/settle"), settle("move")).await.problem(409, "knowledge_heavy");
        ada.post(&format!("{PATH}/settle"), settle("remove")).await.expect(204);
    }

    #[tokio::test]
    async fn what_was_published_is_searched_once() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        entry(&mira, "怎么更换套餐", &PLANS).await;
        entry(&mira, "怎么查话费账单", &BILLS).await;
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
        crate::jobs::fit_gates::step(app.app()).await.unwrap();
        let found = mira.get(PATH).await.expect(200);
        assert_eq!((&found["run"]["version"], found["items"].as_array().unwrap().len()), (&json!(1), 1));
        assert_eq!(store::entry_points::unsearched_knowledge(app.app().db()).await.unwrap(), None);
    }
}
