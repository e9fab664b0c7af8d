//! `GET /api/v1/knowledge/entries`

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use db::Tx;
use domain::{
    id::TenantId,
    policy::Permission,
    refusal::Code,
    text::{Bilingual, is_blank},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use normal::find::{Searched, Sought};
use serde::{Deserialize, Serialize};
use store_knowledge::knowledge_drafts::Draft;
use utoipa::{IntoParams, ToSchema};

use crate::draft::view::{DraftState, state_of};

/// Entries per page.
const PAGE: usize = 200;
/// The most ids in one request.
const MOST_IDS: usize = 50;
/// Entries with fewer phrasings than this are called weak, because the bot has little to go by.
pub const FEW_PHRASINGS: usize = 3;

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnowledgeSort {
    /// In the order in which they were added (the default).
    #[default]
    Written,
    /// The most recently changed first.
    Changed,
    /// Fewest phrasings first.
    Phrasings,
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListKnowledge {
    /// Words to find in a question, a phrasing or an answer; if empty, all entries match.
    #[serde(default)]
    pub q: String,
    /// Only the entries with these ids, at most 50, with commas between them; of an id that no entry has, nothing.
    #[serde(default)]
    pub ids: Option<String>,
    /// Only entries of the category with this key.
    #[serde(default)]
    pub category: Option<String>,
    /// Only entries in this state.
    #[serde(default)]
    #[param(inline)]
    pub state: Option<DraftState>,
    /// The order of the list.
    #[serde(default)]
    #[param(inline)]
    pub sort: KnowledgeSort,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of entries of the draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeList {
    /// Matching entries, in the requested order.
    pub items: Vec<KnowledgeItem>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// An entry in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeItem {
    /// The entry's id.
    pub id: String,
    /// The key of its category.
    pub category: String,
    /// The question.
    pub question: Bilingual,
    /// The number of phrasings besides the question.
    pub phrasings: usize,
    /// Whether it has too few phrasings.
    pub weak: bool,
    /// Whether it has an answer in Chinese and in English.
    pub answered: Sides,
    /// How it compares with what is live.
    pub state: DraftState,
    /// When it was last changed.
    pub updated_at: Ts,
}

/// Whether something exists in each of the languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sides {
    /// In Chinese.
    pub zh: bool,
    /// In English.
    pub en: bool,
}

fn item(draft: &Draft) -> Option<KnowledgeItem> {
    let entry = &draft.entry;
    Some(KnowledgeItem {
        id: entry.id.clone(),
        category: entry.category.clone(),
        question: entry.question.clone(),
        phrasings: entry.phrasings(),
        weak: entry.phrasings() < FEW_PHRASINGS,
        answered: Sides { zh: !entry.answer.zh.is_empty(), en: !entry.answer.en.is_empty() },
        state: state_of(draft)?,
        updated_at: draft.updated_at,
    })
}

/// Whether an entry contains each of the words somewhere.
fn holds(draft: &Draft, wanted: &Sought) -> bool {
    let entry = &draft.entry;
    let lines = [&entry.question.zh, &entry.question.en, &entry.answer.zh, &entry.answer.en].into_iter().chain(&entry.similar.zh).chain(&entry.similar.en);
    wanted.is_in(&Searched::of(&lines.map(String::as_str).chain([entry.id.as_str()]).collect::<Vec<_>>().join("\n")))
}

/// Where an entry stands in a list: by what it is sorted, then in the order in which entries were added.
type Place = (i64, i64, String);

impl KnowledgeSort {
    fn place(self, draft: &Draft) -> Place {
        let first = match self {
            Self::Written => 0,
            Self::Changed => -draft.updated_at.0,
            Self::Phrasings => draft.entry.phrasings() as i64,
        };
        (first, draft.position, draft.entry.id.clone())
    }
}

/// The place of the last entry of the previous page.
fn after(cursor: &str) -> Result<Place, Problem> {
    let mut parts = cursor.splitn(3, '.');
    let mut next = || parts.next().ok_or_else(cursor::problem);
    let (first, position, id) = (cursor::parse(next()?)?, cursor::parse(next()?)?, next()?);
    if store::can_be_stored(id) { Ok((first, position, id.to_owned())) } else { Err(cursor::problem()) }
}

/// The entries with these ids, each once.
async fn those(tx: &mut Tx, tenant: TenantId, ids: &str) -> Result<Vec<Draft>, Problem> {
    let ids: BTreeSet<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
    if ids.len() > MOST_IDS {
        return Err(Problem::invalid("ids", Code::InvalidValue, format!("these are more than {MOST_IDS} ids")));
    }
    let mut drafts = Vec::new();
    for id in ids {
        match store_knowledge::knowledge_drafts::get(tx, tenant, id).await {
            Ok(draft) => drafts.push(draft),
            Err(store::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(drafts)
}

/// What a list looks for.
struct Wanted {
    query: ListKnowledge,
    words: Sought,
}

impl Wanted {
    /// The entry with its place in the list, if it is wanted.
    fn find(&self, draft: &Draft) -> Option<(Place, KnowledgeItem)> {
        let Self { query, words } = self;
        let fits = query.category.as_ref().is_none_or(|category| *category == draft.entry.category)
            && (words.is_empty() == is_blank(&query.q))
            && (words.is_empty() || holds(draft, words));
        let item = item(draft).filter(|item| fits && query.state.is_none_or(|state| state == item.state))?;
        Some((query.sort.place(draft), item))
    }

    /// A page of entries in the order in which they were added, and one more if there are more. Those of other pages are not even read.
    async fn find_written(&self, tx: &mut Tx, tenant: TenantId, after: Option<Place>) -> Result<Vec<(Place, KnowledgeItem)>, Problem> {
        let (mut last, mut found) = (after.map_or((i64::MIN, String::new()), |(_, position, id)| (position, id)), Vec::new());
        loop {
            let drafts = store_knowledge::knowledge_drafts::list_after(tx, tenant, (last.0, &last.1), PAGE as i64 + 1).await?;
            found.extend(drafts.iter().filter_map(|draft| self.find(draft)));
            match drafts.last() {
                Some(end) if drafts.len() > PAGE && found.len() <= PAGE => last = (end.position, end.entry.id.clone()),
                _ => return Ok(found),
            }
        }
    }

    /// The same in any other order, for which all entries are read, or all those with the ids.
    async fn find_sorted(&self, tx: &mut Tx, tenant: TenantId, after: Option<Place>) -> Result<Vec<(Place, KnowledgeItem)>, Problem> {
        let drafts = match &self.query.ids {
            Some(ids) => those(tx, tenant, ids).await?,
            None => store_knowledge::knowledge_drafts::list(tx, tenant).await?,
        };
        let mut found: Vec<(Place, KnowledgeItem)> = drafts.iter().filter_map(|draft| self.find(draft)).collect();
        found.retain(|(place, _)| after.as_ref().is_none_or(|after| place > after));
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(found)
    }
}

/// Lists the entries of the draft, including those that the next publish removes.
#[utoipa::path(get, path = "/knowledge/entries", tag = "knowledge", security(("staff" = [])), params(ListKnowledge),
    responses((status = 200, body = KnowledgeList), Problems))]
pub async fn list_knowledge(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListKnowledge>) -> Result<Json<KnowledgeList>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let after = query.cursor.as_deref().map(after).transpose()?;
    let (mut tx, tenant) = (app.db().read_of(actor.tenant()).await?, actor.tenant());
    let wanted = Wanted { words: Sought::of(&query.q), query };
    let found = match wanted.query.sort {
        KnowledgeSort::Written if wanted.query.ids.is_none() => wanted.find_written(&mut tx, tenant, after).await?,
        _ => wanted.find_sorted(&mut tx, tenant, after).await?,
    };
    drop(tx);
    let Page { items, next } = Page::light(found, PAGE, |((first, position, id), _)| format!("{first}.{position}.{id}"));
    Ok(Json(KnowledgeList { items: items.into_iter().map(|(_, item)| item).collect(), next }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    async fn add(who: &testkit_server::Client, category: &str, zh: &str, en: &str, similar: &[&str]) -> Value {
        let body =
            json!({"category": category, "question": {"zh": zh, "en": en}, "similar": {"zh": similar, "en": []}, "answer": {"zh": "答", "en": "An answer"}});
        who.post("/api/v1/knowledge/entries", body).await.expect(201)
    }
    fn questions(list: &Value) -> Vec<&str> {
        list["items"].as_array().unwrap().iter().map(|item| item["question"]["en"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn entries_are_found_in_both_languages_by_category_state_and_order() {
        let app = TestApp::new().await;
        for topic in ["plans", "bills"] {
            app.topic(topic).await;
        }
        let mira = app.manager("mira").await;
        add(&mira, "plans", "怎么换套餐", "Change plan", &["换一个", "改套餐", "套餐在哪改"]).await;
        app.clock.advance(1000);
        add(&mira, "bills", "账单在哪看", "See the bill", &["我要看账单"]).await;
        let list = async |query: &[(&str, &str)]| mira.get_with("/api/v1/knowledge/entries", query).await.expect(200);
        for (query, expected) in [
            (&[("q", "套餐")][..], vec!["Change plan"]),
            (&[("q", "THE bill")], vec!["See the bill"]),
            (&[("q", "我要看")], vec!["See the bill"]),
            (&[("q", "火车")], vec![]),
            (&[("q", "？")], vec![]),
            (&[("category", "plans")], vec!["Change plan"]),
            (&[("state", "new")], vec!["Change plan", "See the bill"]),
            (&[("state", "same")], vec![]),
            (&[("sort", "changed")], vec!["See the bill", "Change plan"]),
            (&[("sort", "phrasings")], vec!["See the bill", "Change plan"]),
            (&[], vec!["Change plan", "See the bill"]),
        ] {
            assert_eq!(questions(&list(query).await), expected, "{query:?}");
        }
        let ids: Vec<String> = list(&[]).await["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        let both = format!("{},gone,{},{}", ids[1], ids[0], ids[1]);
        for (ids, expected) in [(both.as_str(), vec!["Change plan", "See the bill"]), (ids[1].as_str(), vec!["See the bill"]), ("gone", vec![]), ("", vec![])] {
            assert_eq!(questions(&list(&[("ids", ids)]).await), expected, "{ids}");
        }
        assert_eq!(questions(&list(&[("ids", &both), ("q", "bill")]).await), ["See the bill"]);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(questions(&bob.get_with("/api/v1/knowledge/entries", &[("ids", both.as_str())]).await.expect(200)), Vec::<&str>::new());
        let many = (0..51).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        mira.get_with("/api/v1/knowledge/entries", &[("ids", many.as_str())]).await.problem_at(422, "invalid_value", "ids");
        let item = &list(&[("q", "账单")]).await["items"][0];
        assert_eq!((&item["weak"], &item["phrasings"], &item["state"]), (&json!(true), &json!(1), &json!("new")));
        mira.get("/api/v1/knowledge/entries?state=lost").await.problem(422, "invalid_value");
        app.agent("ada").await.get("/api/v1/knowledge/entries").await.expect(200);
    }

    #[tokio::test]
    async fn a_long_list_comes_in_pages_in_every_order() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let rows: String = (0..230).map(|n| format!("e-{n:03},plans,问题{n:03},{n:03} question,答,An answer\n")).collect();
        let file = format!("id,category,question_zh,question_en,answer_zh,answer_en\n{rows}");
        mira.upload("/api/v1/knowledge/import?apply=true", "text/csv", file.into_bytes()).await.expect(200);
        for sort in ["written", "written&q=question&category=plans&state=new", "changed", "phrasings"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = mira.get(&format!("/api/v1/knowledge/entries?sort={sort}{cursor}")).await.expect(200);
                assert!(page["items"].as_array().unwrap().len() <= 200);
                seen.extend(questions(&page).iter().map(|one| (*one)[..3].to_owned()));
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            let mut all = seen.clone();
            all.sort_unstable();
            all.dedup();
            assert_eq!((seen.len(), all.len()), (230, 230), "{sort}");
        }
        let last = mira.get("/api/v1/knowledge/entries?q=229").await.expect(200);
        assert_eq!((questions(&last), &last["next"]), (vec!["229 question"], &json!(null)), "it is looked for on all pages");
        for cursor in ["x", "0.1.%00"] {
            mira.get(&format!("/api/v1/knowledge/entries?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }
}
