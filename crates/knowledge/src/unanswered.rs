//! `/api/v1/knowledge/unanswered`: customers' questions that the bot can learn from, grouped by what they ask.

use std::cmp::Reverse;

use axum::{Json, extract::State};
use content::knowledge::is_key;
use domain::{entry::Changed, id::ConversationId, learning::Reason, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::learning::proposals::{self, Asked, QuestionGroup, UnansweredQuestions};
use store_knowledge::unanswered::{Settled, Wanted};
use utoipa::{IntoParams, ToSchema};

/// Groups per page.
const PAGE: usize = 50;
/// The most questions settled at once.
const MOST_SETTLED: usize = 2_000;

/// How questions are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettledAs {
    /// They are open again.
    Open,
    /// An entry answers them.
    Answered,
    /// Nobody wants to answer them.
    Dismissed,
}

/// Which questions to settle, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleUnanswered {
    /// The questions, at most 2,000.
    pub asked: Vec<Asked>,
    /// How they are settled.
    pub settled: SettledAs,
    /// The entry that answers them.
    #[serde(default)]
    pub entry: Option<String>,
}

/// How many questions were settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettledQuestions {
    /// How many changed; the others had this state already or are not known to the member.
    pub changed: u64,
}

/// Which questions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListUnanswered {
    /// Only groups with a question that is worth teaching for this reason.
    #[serde(default)]
    #[param(inline)]
    pub reason: Option<Reason>,
    /// The group of this question comes first: the conversation, a dot, and the number of the message.
    #[serde(default)]
    pub asked: Option<String>,
    /// Only questions of this time or later.
    #[serde(default)]
    pub from: Option<Ts>,
    /// Only questions before this time.
    #[serde(default)]
    pub to: Option<Ts>,
    /// Only questions to which the bot had no answer, or after which the customer asked for a person.
    #[serde(default)]
    pub missed: bool,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of the questions that the bot can learn from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnansweredQuestions)]
pub struct UnansweredPage {
    /// The most frequently asked first.
    pub items: Vec<QuestionGroup>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// The number of groups on all pages.
    pub groups: usize,
    /// The number of questions in all that the reader may know, whatever the reason.
    pub total: usize,
}

/// How many questions the bot can learn from.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnansweredCount {
    /// The number of groups that ask the same.
    pub groups: usize,
    /// The number of questions in all that the reader may know.
    pub total: usize,
}

/// Where a group stands in the list.
type Place = (Reverse<usize>, Reverse<Ts>, ConversationId, i64);

fn place_of(group: &QuestionGroup) -> Option<Place> {
    group.asked.first().map(|newest| (Reverse(group.count), Reverse(group.last_at), newest.conversation, newest.seq))
}

/// The place of the last group of the previous page.
fn after(cursor: &str) -> Result<Place, Problem> {
    let mut parts = cursor.split('.');
    let mut next = || parts.next().ok_or_else(cursor::problem);
    Ok((Reverse(cursor::parse(next()?)?), Reverse(Ts(cursor::parse(next()?)?)), cursor::parse(next()?)?, cursor::parse(next()?)?))
}

fn question(text: &str) -> Result<Asked, Problem> {
    let place = text.split_once('.').and_then(|(conversation, seq)| Some(Asked { conversation: conversation.parse().ok()?, seq: seq.parse().ok()? }));
    place.ok_or_else(|| Problem::invalid("asked", Code::InvalidValue, "it must be a conversation, a dot, and the number of a message"))
}

/// Lists the questions of the last 90 days that the bot did not answer well and nobody has settled, grouped by similarity, with what agents answered.
///
/// Agents see those asked and answered in conversations that they may read, and those that at least three people asked, or were told, in the same words.
#[utoipa::path(get, path = "/knowledge/unanswered", tag = "knowledge", security(("staff" = [])), params(ListUnanswered),
    responses((status = 200, body = UnansweredPage), Problems))]
pub async fn list_unanswered(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListUnanswered>,
) -> Result<Json<UnansweredPage>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let (asked, after) = (query.asked.as_deref().map(question).transpose()?, query.cursor.as_deref().map(after).transpose()?);
    let wanted = Wanted { since: query.from.unwrap_or(Ts(0)), until: query.to.unwrap_or(Ts(i64::MAX)), is_missed: query.missed };
    let known = proposals::list(app.bots(), app.db(), &actor.staff, wanted).await?;
    let UnansweredQuestions { items, total } = &*known;
    let mut items: Vec<&QuestionGroup> = items.iter().collect();
    items.retain(|group| query.reason.is_none_or(|reason| group.reasons.iter().any(|one| one.reason == reason)));
    let groups = items.len();
    let first = asked.and_then(|asked| items.iter().position(|group| group.asked.contains(&asked))).map(|at| items.remove(at));
    items.sort_by_key(|group| place_of(group));
    items.retain(|group| after.is_none_or(|after| place_of(group).is_some_and(|place| place > after)));
    let Page { mut items, next } = Page::light(items, PAGE, |last| {
        let newest = last.asked.first().map(|one| format!("{}.{}", one.conversation, one.seq)).unwrap_or_default();
        format!("{}.{}.{newest}", last.count, last.last_at.0)
    });
    if let Some(first) = first.filter(|_| after.is_none()) {
        items.insert(0, first);
    }
    Ok(Json(UnansweredPage { items: items.into_iter().cloned().collect(), next, groups, total: *total }))
}

/// Counts the questions of the last 90 days that the bot did not answer well and nobody has settled.
#[utoipa::path(get, path = "/knowledge/unanswered/count", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = UnansweredCount), Problems))]
pub async fn count_unanswered(State(app): State<App>, actor: StaffActor) -> Result<Json<UnansweredCount>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let known = proposals::list(app.bots(), app.db(), &actor.staff, Wanted::since(Ts(0))).await?;
    Ok(Json(UnansweredCount { groups: known.items.len(), total: known.total }))
}

/// Settles questions; `open` reverts that.
///
/// Questions that the member may not know are passed over, as if nobody had asked them.
#[utoipa::path(post, path = "/knowledge/unanswered/settle", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = SettleUnanswered,
    responses((status = 200, body = SettledQuestions), Problems))]
pub async fn settle_unanswered(State(app): State<App>, actor: StaffActor, OnceJson(once, which): OnceJson<SettleUnanswered>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let SettleUnanswered { asked, settled, entry } = which;
    if asked.len() > MOST_SETTLED {
        return Err(Problem::invalid("asked", Code::InvalidValue, format!("at most {MOST_SETTLED} at a time")));
    }
    if entry.as_deref().is_some_and(|entry| !is_key(entry)) {
        return Err(Problem::invalid("entry", Code::InvalidValue, "it must be the id of an entry"));
    }
    let settled = match settled {
        SettledAs::Open => Settled::Open,
        SettledAs::Answered => Settled::Answered,
        SettledAs::Dismissed => Settled::Dismissed,
    };
    let tenant = actor.tenant();
    let which: Vec<(ConversationId, i64)> = asked.into_iter().map(|one| (one.conversation, one.seq)).collect();
    let which = proposals::known_questions(app.db(), &actor.staff, which).await?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let changed = store_knowledge::unanswered::settle(tx, tenant, &which, settled, entry.as_deref()).await?;
            if changed > 0 {
                tx.announce(Changed::Unanswered).await?;
            }
            Answer::json(axum::http::StatusCode::OK, &SettledQuestions { changed })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/unanswered";

    async fn listed(who: &testkit_server::Client, total: usize) -> Value {
        eventually("the questions are noted", async || {
            let list = who.get(PATH).await.expect(200);
            (list["total"] == total).then_some(list)
        })
        .await
    }

    #[tokio::test]
    async fn what_goes_unanswered_is_grouped_masked_settled_and_brought_back() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let first = app.visitor().await.open("月球上有信号吗").await;
        listed(&mira, 1).await;
        app.clock.advance(1000);
        app.visitor().await.open("月球上有信号吗？").await;
        app.visitor().await.open("请查13800138000的恐龙").await;
        let list = listed(&mira, 3).await;
        let moon = &list["items"][0];
        assert_eq!((&moon["count"], &moon["lang"], &moon["near"]), (&json!(2), &json!("zh-CN"), &json!(null)));
        assert_eq!(moon["asked"][1]["conversation"], json!(first));
        let other = &list["items"][1];
        assert_eq!((&other["question"], &other["phrasings"]), (&json!("请查•••的恐龙"), &json!([])));
        assert_eq!(mira.get("/api/v1/knowledge").await.expect(200)["unanswered"], 3);
        // Those of a stretch of time.
        let last = moon["last_at"].as_i64().unwrap();
        for (query, total) in [
            (format!("from={last}"), 2),
            (format!("to={last}"), 1),
            (format!("from={}&to={}", last - 999, last), 0),
            ("from=0".to_owned(), 3),
            ("missed=true".to_owned(), 3),
        ] {
            assert_eq!(mira.get(&format!("{PATH}?{query}")).await.expect(200)["total"], total, "{query}");
        }
        assert_eq!((&list["groups"], &list["next"]), (&json!(2), &json!(null)));
        assert_eq!(mira.get(&format!("{PATH}/count")).await.expect(200), json!({"groups": 2, "total": 3}));
        let one = format!("{}.{}", other["asked"][0]["conversation"].as_str().unwrap(), other["asked"][0]["seq"]);
        for (query, expected) in [
            (format!("asked={one}"), vec!["请查•••的恐龙", "月球上有信号吗？"]),
            (format!("asked={one}&reason=unanswered"), vec!["请查•••的恐龙", "月球上有信号吗？"]),
            ("reason=not_helpful".to_owned(), vec![]),
            (format!("cursor=2.{}.{}.{}", moon["last_at"], moon["asked"][0]["conversation"].as_str().unwrap(), moon["asked"][0]["seq"]), vec!["请查•••的恐龙"]),
            (format!("asked={one}&cursor=1.0.{one}"), vec![]),
        ] {
            let found = mira.get(&format!("{PATH}?{query}")).await.expect(200)["items"].clone();
            let found: Vec<_> = found.as_array().unwrap().iter().map(|group| group["question"].as_str().unwrap()).collect();
            assert_eq!(found, expected, "{query}");
        }
        mira.get(&format!("{PATH}?cursor=1.2")).await.problem_at(422, "invalid_value", "cursor");
        mira.get(&format!("{PATH}?asked=1")).await.problem_at(422, "invalid_value", "asked");

        let settle = |settled: &str| json!({"asked": moon["asked"], "settled": settled});
        let tenant = app.company.tenant.to_string();
        let mut desk = testkit_server::Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: null}})).await;
        desk.until("welcome").await;
        assert_eq!(mira.post(&format!("{PATH}/settle"), settle("dismissed")).await.expect(200)["changed"], 2);
        assert_eq!(desk.until("entries").await["entries"][0]["kind"], "unanswered_changed");
        assert_eq!(listed(&mira, 1).await["items"][0]["question"], "请查•••的恐龙");
        mira.post(&format!("{PATH}/settle"), settle("open")).await.expect(200);
        listed(&mira, 3).await;

        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200)["total"], 0);
        assert_eq!(bob.post(&format!("{PATH}/settle"), settle("dismissed")).await.expect(200)["changed"], 0);
        listed(&mira, 3).await;
        let ada = app.agent("ada").await;
        assert_eq!(ada.get(PATH).await.expect(200)["total"], 0, "agents curate, too, but may not read these conversations");
        assert_eq!(ada.get("/api/v1/knowledge").await.expect(200)["unanswered"], 0);
        let settled = async |who: &testkit_server::Client, asked: &Value, settled: &str| {
            who.post(&format!("{PATH}/settle"), json!({"asked": asked, "settled": settled})).await.expect(200)["changed"].clone()
        };
        for asked in [&moon["asked"], &other["asked"]] {
            assert_eq!(settled(&ada, asked, "dismissed").await, 0, "what she may not know is to her as if nobody had asked it");
        }
        listed(&mira, 3).await;
        app.clock.advance(1000);
        app.visitor().await.open("月球上有信号吗").await;
        listed(&mira, 4).await;
        let known = ada.get(PATH).await.expect(200);
        assert_eq!((&known["total"], known["items"].as_array().unwrap().len(), &known["items"][0]["count"]), (&json!(3), 1, &json!(3)), "{known}");
        assert_eq!(ada.get("/api/v1/knowledge").await.expect(200)["unanswered"], 3, "three people asked it in the same words");
        let both: Value = [&known["items"][0]["asked"], &other["asked"]].iter().flat_map(|asked| asked.as_array().unwrap().clone()).collect();
        for (state, total) in [("dismissed", 1), ("open", 4)] {
            assert_eq!(settled(&ada, &both, state).await, 3, "{state}: only what three people asked");
            listed(&mira, total).await;
        }
        mira.post(&format!("{PATH}/settle"), json!({"asked": [], "settled": "answered", "entry": "a b"})).await.problem_at(422, "invalid_value", "entry");
    }

    /// The bot's last answer in a conversation.
    async fn answer(app: &TestApp, who: &testkit_server::Client, conversation: &str) -> Value {
        app.bot_is_done().await;
        let mut line = testkit_server::Realtime::connect(who).await;
        line.send(&json!({"t": "hello", "version": 1, "cursors": {conversation: 0}})).await;
        let is_bots = |entry: &&Value| entry["by"]["kind"] == "bot";
        let said = line.find("the bot's answer", |frame| frame["entries"].as_array().is_some_and(|entries| entries.iter().any(|entry| is_bots(&entry)))).await;
        said["entries"].as_array().unwrap().iter().rfind(is_bots).unwrap()["body"].clone()
    }

    async fn staff_says(who: &testkit_server::Client, conversation: &str, body: Value) {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": testkit::ids::uuid(), "body": body});
        let told = who.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
        assert_eq!(told["frames"][0]["t"], "ok", "{told}");
    }

    #[tokio::test]
    async fn what_customers_judge_press_and_ask_a_person_about_is_learned_with_what_agents_answered() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let body = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "在大厅里换。"}});
        let plan = mira.post("/api/v1/knowledge/entries", body).await.expect(201)["id"].clone();
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
        app.bot_is_done().await;

        // The answer did not help, then it did, then not again: only one change counts.
        let visitor = app.visitor().await;
        let conversation = visitor.open("怎么换套餐").await;
        let given = answer(&app, &mira, &conversation).await;
        assert_eq!(given["outcome"], "confident", "{given}");
        let judge = |helpful: bool| json!({"type": "judge_answer", "answer": given["ord"], "helpful": helpful});
        visitor.say(&conversation, false, judge(false)).await;
        let list = listed(&mira, 1).await;
        assert_eq!(list["items"][0]["reasons"], json!([{"reason": "not_helpful", "count": 1}]));
        assert_eq!((&list["items"][0]["poor"]["id"], &list["items"][0]["question"]), (&plan, &json!("怎么换套餐")));
        assert_eq!(mira.get(&format!("{PATH}?missed=true")).await.expect(200)["total"], 0, "the bot had an answer");
        assert_eq!(visitor.say(&conversation, false, judge(false)).await["code"], "already_judged");
        visitor.say(&conversation, false, judge(true)).await;
        listed(&mira, 0).await;
        assert_eq!(visitor.say(&conversation, false, judge(false)).await["code"], "already_judged");
        let other = app.visitor().await;
        assert_eq!(other.say(&conversation, false, judge(false)).await["code"], "not_found");

        // A person answers what the bot did not know.
        let ada = app.agent("ada").await;
        let asked = app.visitor().await;
        let conversation = asked.open("月球上有信号吗").await;
        let given = answer(&app, &mira, &conversation).await;
        let judged = asked.say(&conversation, false, json!({"type": "judge_answer", "answer": given["ord"], "helpful": true})).await;
        assert_eq!(judged["code"], "not_an_answer", "{given}");
        asked.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        for body in [
            json!({"type": "take"}),
            json!({"type": "text", "text": "您好，我是小周，很高兴为您服务。"}),
            json!({"type": "text", "text": "月球上目前没有信号，请在地面使用手机。"}),
        ] {
            staff_says(&ada, &conversation, body).await;
        }
        let list = listed(&mira, 1).await;
        let moon = &list["items"][0];
        assert_eq!(moon["reasons"], json!([{"reason": "handed_over", "count": 1}]));
        assert_eq!((&moon["answer"]["text"], &moon["answer"]["conversation"]), (&json!("月球上目前没有信号，请在地面使用手机。"), &json!(conversation)));
        assert_eq!((&moon["answer"]["masked"], &moon["answer"]["replies"]), (&json!(false), &json!(1)));
    }
}
