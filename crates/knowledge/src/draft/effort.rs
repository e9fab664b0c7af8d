//! How much work the entries of a draft are to learn, and what is refused because of it: a training takes no longer than for very many usual entries, whatever is
//! written.

use axum::http::StatusCode;
use bot::effort::{MOST, MOST_OF_ENTRY};
use content::knowledge::KnowledgeEntry;
use domain::{refusal::Code, text::Bilingual};
use http_kit::{fault::Fault, problem::Problem};
use store::TenantTx;
use store_knowledge::knowledge_drafts;

/// The problem with an entry that would be too much work.
pub fn heavy_entry(question: Bilingual) -> Problem {
    let title = "the phrasings of this entry have too many different words to learn from; leave some out, or divide it into several entries";
    Problem { names: Some([question].into()), ..Problem::invalid("similar", Code::KnowledgeEntryHeavy, title) }
}

/// How much work an entry is to learn.
///
/// # Errors
/// [`Code::KnowledgeEntryHeavy`] with its question, if it is too much.
pub fn of_entry(entry: &KnowledgeEntry) -> Result<i64, Problem> {
    let effort = service::bots::effort_of(entry);
    if effort > MOST_OF_ENTRY {
        return Err(heavy_entry(entry.question.clone()));
    }
    Ok(i64::try_from(effort).unwrap_or(i64::MAX))
}

/// Checks what was written: all entries together, which were so much work `before`. What makes them less is always possible.
///
/// # Errors
/// [`Code::KnowledgeHeavy`] with the question of the entry that is the most work.
pub async fn must_fit(tx: &mut TenantTx<'_>, before: i64) -> Result<(), Fault> {
    let tenant = tx.tenant();
    let now = knowledge_drafts::effort(tx, tenant).await?;
    if now <= before || u64::try_from(now).is_ok_and(|now| now <= MOST) {
        return Ok(());
    }
    let heaviest = knowledge_drafts::heaviest(tx, tenant).await?;
    let title = "all entries together would be too much work to learn; shorten or remove some, beginning with the one that is named";
    let problem = Problem {
        field: heaviest.as_ref().map(|entry| format!("entries.{}", entry.id)),
        names: heaviest.map(|entry| [entry.question].into()),
        ..Problem::new(StatusCode::CONFLICT, Code::KnowledgeHeavy, title)
    };
    Err(problem.into())
}

#[cfg(test)]
mod tests {
    use db::Shard;
    use serde_json::json;
    use store_knowledge::knowledge_drafts;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/entries";

    /// Lines of characters that hardly ever stand beside each other twice.
    fn random(count: u32, length: u32) -> Vec<String> {
        let character = |n: u32| char::from_u32(0x4e00 + n.wrapping_mul(2_654_435_761).rotate_left(13) % 8_000).unwrap();
        (0..count).map(|line| (0..length).map(|at| character(line * length + at)).collect()).collect()
    }

    #[tokio::test]
    async fn an_entry_of_too_many_different_words_is_refused_by_its_question_wherever_it_comes_in() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let lines = random(200, 190);
        let heavy = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "similar": {"zh": lines, "en": []}, "answer": {"zh": "在营业厅换。"}});
        let refused = mira.post(PATH, heavy).await.problem_at(422, "knowledge_entry_heavy", "similar");
        assert_eq!(refused["names"][0]["zh"], "怎么换套餐");
        let long = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "similar": {"zh": vec!["怎么把我的套餐换成别的套餐"; 1], "en": []}, "answer": {"zh": "长".repeat(4_000)}});
        let made = mira.post(PATH, long).await.expect(201);
        let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
        let grown = json!({"similar": {"zh": random(200, 190), "en": []}, "seen": made["updated_at"]});
        mira.patch(&path, grown).await.problem_at(422, "knowledge_entry_heavy", "similar");
        let file = format!("category,question_zh,similar_zh\nplans,怎么查话费,\"{}\"\nplans,怎么充话费,充值\n", random(200, 190).join("\n"));
        let shown = mira.upload("/api/v1/knowledge/import", "text/csv", file.clone().into_bytes()).await.expect(200);
        assert_eq!((&shown["new"], &shown["bad"]), (&json!(1), &json!(1)));
        assert_eq!(
            (&shown["rows"][0]["line"], &shown["rows"][0]["errors"][0]["column"], &shown["rows"][0]["errors"][0]["code"]),
            (&json!(2), &json!("row"), &json!("heavy"))
        );
        mira.upload("/api/v1/knowledge/import?apply=true", "text/csv", file.into_bytes()).await.problem_at(422, "knowledge_rows", "line 2");
        assert_eq!(mira.get(PATH).await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_all_entries_together_may_be_is_full_and_the_heaviest_is_named() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let entry = |n: u32| json!({"category": "plans", "question": {"zh": format!("第{n}个问题")}, "similar": {"zh": [], "en": []}, "answer": {"zh": "答"}});
        let first = mira.post(PATH, entry(1)).await.expect(201);
        let (tenant, id) = (app.company.tenant, first["id"].as_str().unwrap().to_owned());
        let fill = |effort: i64| {
            let id = id.clone();
            app.app().db().writer().write(Shard::Any, move |tx| {
                let id = id.clone();
                Box::pin(async move {
                    let found = knowledge_drafts::get(tx, tenant, &id).await?;
                    let seen = found.updated_at;
                    knowledge_drafts::update(tx, tenant, &knowledge_drafts::Draft { effort, ..found }, seen, None).await
                })
            })
        };
        fill(i64::try_from(super::MOST).unwrap()).await.unwrap();
        let refused = mira.post(PATH, entry(2)).await.problem_at(409, "knowledge_heavy", &format!("entries.{id}"));
        assert_eq!(refused["names"][0]["zh"], "第1个问题");
        mira.upload("/api/v1/knowledge/import?apply=true", "text/csv", "category,question_zh\nplans,另一个问题\n".as_bytes().to_vec())
            .await
            .problem(409, "knowledge_heavy");
        let shorter = json!({"answer": {"zh": ""}, "seen": first["updated_at"]});
        mira.patch(&format!("{PATH}/{id}"), shorter).await.expect(200);
        mira.post(PATH, entry(2)).await.expect(201);
    }
    #[tokio::test]
    async fn an_effort_that_was_not_noted_is_estimated_when_the_entry_is_written_or_comes_back() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let (db, tenant) = (app.app().db().clone(), app.company.tenant);
        let effort = async || knowledge_drafts::effort(&mut db.read().await.unwrap(), tenant).await.unwrap();
        let made = mira.post(PATH, json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "答"}})).await.expect(201);
        let (id, noted) = (made["id"].as_str().unwrap().to_owned(), effort().await);
        let path = format!("{PATH}/{id}");
        for removed in [false, true] {
            let id = id.clone();
            let forget = db.writer().write(Shard::Any, move |tx| {
                let id = id.clone();
                Box::pin(async move {
                    let found = knowledge_drafts::get(tx, tenant, &id).await?;
                    let seen = found.updated_at;
                    knowledge_drafts::update(tx, tenant, &knowledge_drafts::Draft { effort: 0, removed, ..found }, seen, None).await
                })
            });
            forget.await.unwrap();
            assert_eq!(effort().await, 0);
            let seen = mira.get(&path).await.expect(200)["updated_at"].clone();
            mira.patch(&path, json!({"removed": false, "seen": seen})).await.expect(200);
            assert_eq!((effort().await, noted > 0), (noted, true), "{removed}");
        }
    }
}
