//! `POST /api/v1/knowledge/templates`: begins a company's knowledge with twenty questions of its trade.

use axum::{extract::State, http::StatusCode};
use content::knowledge::KnowledgeEntry;
use domain::{
    id::AgentId,
    policy::Permission,
    refusal::{Code, Refusal},
    revision::Revision,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::TenantTx;
use store_knowledge::{
    knowledge_categories::{self, Category},
    knowledge_drafts::{self, Draft, NewDraft},
    knowledge_tests,
    knowledge_versions::{self, NewVersion},
};
use utoipa::ToSchema;

use crate::draft::{create, effort};

/// A trade for which there are questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trade {
    /// A telecom operator.
    Operator,
    /// A shop.
    Shop,
    /// A vendor of software that is used over the web.
    Saas,
}

impl Trade {
    const fn file(self) -> &'static str {
        match self {
            Self::Operator => include_str!("../../../demo/templates/operator.json"),
            Self::Shop => include_str!("../../../demo/templates/shop.json"),
            Self::Saas => include_str!("../../../demo/templates/saas.json"),
        }
    }
}

/// The trade.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseTemplate {
    /// The trade whose questions are added.
    pub trade: Trade,
}

/// What was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateUsed {
    /// How many questions were added.
    pub added: usize,
    /// How many of them are answered at once, without the sentences that have details to fill in. With them, in square brackets, all wait in the draft.
    pub live: usize,
}

/// A file of questions.
#[derive(Deserialize)]
struct Template {
    categories: Vec<Topic>,
    entries: Vec<KnowledgeEntry>,
}
#[derive(Clone, Deserialize)]
struct Topic {
    key: String,
    name: Bilingual,
}

/// The questions of a trade.
#[derive(Clone)]
struct Questions {
    topics: Vec<Topic>,
    /// All of them, with their details to fill in.
    all: Vec<NewDraft>,
    /// What can be said of them without these details.
    sayable: Vec<NewDraft>,
}

impl Questions {
    /// Those of a trade, with ids that no other entry has.
    fn read(app: &App, trade: Trade) -> Result<Self, Problem> {
        let Template { categories: topics, mut entries } = serde_json::from_str(trade.file()).map_err(|error| Problem::internal(&error))?;
        let ids: Vec<(String, String)> = entries.iter().map(|entry| (entry.id.clone(), create::new_id(app))).collect();
        let fresh = |id: &String| ids.iter().find(|(old, _)| old == id).map(|(_, new)| new.clone());
        for entry in &mut entries {
            entry.id = fresh(&entry.id).unwrap_or_default();
            entry.related = entry.related.iter().filter_map(fresh).collect();
            entry.check()?;
        }
        let draft = |entry: KnowledgeEntry| Ok::<_, Problem>(NewDraft { effort: effort::of_entry(&entry)?, entry });
        let sayable = entries.iter().filter_map(without_details).map(draft).collect::<Result<_, _>>()?;
        Ok(Self { topics, all: entries.into_iter().map(draft).collect::<Result<_, _>>()?, sayable })
    }
}

/// The entry without the sentences that have details to fill in; nothing if none is left in one of the languages.
fn without_details(entry: &KnowledgeEntry) -> Option<KnowledgeEntry> {
    let [zh, en] = [&entry.answer.zh, &entry.answer.en].map(|text| {
        let sentences = text.split_inclusive(['。', '！', '？', '\n']).flat_map(|part| part.split_inclusive(". "));
        sentences.filter(|sentence| !sentence.contains(['[', ']'])).collect::<String>().trim().to_owned()
    });
    let is_said = !zh.is_empty() && !en.is_empty();
    is_said.then(|| KnowledgeEntry { answer: Bilingual { zh, en }, related: Vec::new(), ..entry.clone() })
}

/// Adds twenty questions of a trade with their answers. What can be said without details to fill in is live at once; with them, the answers wait in the draft.
///
/// Only a company without any knowledge can begin with them.
#[utoipa::path(post, path = "/knowledge/templates", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = UseTemplate,
    responses((status = 201, body = TemplateUsed), Problems))]
pub async fn use_template(State(app): State<App>, actor: StaffActor, OnceJson(once, UseTemplate { trade }): OnceJson<UseTemplate>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let questions = Questions::read(&app, trade)?;
    let (agent, now) = (actor.staff.agent, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::teach(tx).await?;
            let used = TemplateUsed { added: questions.all.len(), live: questions.sayable.len() };
            begin(tx, questions, agent, now).await?;
            Answer::json(StatusCode::CREATED, &used)
        })
    });
    done.await
}

/// Publishes what can be said, and leaves the whole answers in the draft.
async fn begin(tx: &mut TenantTx<'_>, Questions { topics, all, sayable }: Questions, agent: AgentId, now: Ts) -> Result<(), Fault> {
    let tenant = tx.tenant();
    if knowledge_drafts::count(tx, tenant).await? > 0 || knowledge_tests::count(tx, tenant).await? > 0 {
        return Err(Refusal::new(Code::KnowledgeNotEmpty).into());
    }
    for Topic { key, name } in topics {
        if !knowledge_categories::exists(tx, tenant, &key).await? {
            knowledge_categories::insert(tx, tenant, &Category { key, name, updated_at: now }).await?;
        }
    }
    knowledge_drafts::insert(tx, tenant, &sayable, Some(agent), now).await?;
    let (seen, version) = (knowledge_drafts::state(tx, tenant).await?, NewVersion { note: String::new(), reason: None, checked: None, by: Some(agent) });
    knowledge_versions::publish(tx, tenant, seen, &version).await?;
    let (said, silent): (Vec<_>, Vec<_>) = all.into_iter().partition(|new| sayable.iter().any(|one| one.entry.id == new.entry.id));
    for NewDraft { entry, effort } in said {
        let before = knowledge_drafts::get(tx, tenant, &entry.id).await?;
        let seen = before.updated_at;
        let draft = Draft { entry, effort, updated_at: Revision(seen).next(now), ..before };
        knowledge_drafts::update(tx, tenant, &draft, seen, Some(agent)).await?;
    }
    Ok(knowledge_drafts::insert(tx, tenant, &silent, Some(agent), now).await?)
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/templates";

    #[tokio::test]
    async fn a_company_begins_with_the_questions_of_its_trade() {
        for trade in ["operator", "shop", "saas"] {
            let app = TestApp::new().await;
            let tara = app.staff(Role::Administrator, "tara").await;
            let used = tara.post(PATH, json!({"trade": trade})).await.expect(201);
            assert_eq!(used["added"], 20, "{trade}");
            let live = used["live"].as_u64().unwrap();
            let overview = tara.get("/api/v1/knowledge").await.expect(200);
            assert!(live >= 10, "{trade}: {live}");
            assert_eq!((overview["changes"].as_u64(), overview["version"].as_i64()), (Some(20), Some(1)), "{trade}: {overview}");
            // What is live has nothing to fill in.
            eventually("the bot has learnt them", async || {
                let bot = app.app().bots().of(app.app().db(), app.company.tenant).await.unwrap();
                let answer = bot.answer(&bot::Turn { text: "怎么联系你们", lang_hint: bot::Lang::Zh, product: None, thread: None });
                (!answer.text.contains('[')).then_some(())
            })
            .await;
            tara.post(PATH, json!({"trade": trade})).await.problem(409, "knowledge_not_empty");
        }
        let app = TestApp::new().await;
        app.agent("ada").await.post(PATH, json!({"trade": "shop"})).await.problem(403, "not_permitted");
        app.staff(Role::Administrator, "tara").await.post(PATH, json!({"trade": "bakery"})).await.problem_at(422, "invalid_value", "trade");
    }
}
