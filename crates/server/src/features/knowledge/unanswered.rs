//! `/api/v1/knowledge/unanswered`: customers' questions that the bot could not answer, grouped by what they ask.

use std::collections::HashSet;

use axum::{Json, extract::State};
use bot::text::Lang as BotLang;
use domain::{
    entry::Changed,
    id::ConversationId,
    knowledge::is_key,
    masking::{HIDDEN, masked},
    policy::Permission,
    refusal::Code,
    text::Lang,
    time::{DAY, Ts},
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::bots::bot_lang;
use store::unanswered::{Settled, Unanswered};
use utoipa::ToSchema;

use crate::features::knowledge::checks::try_out::CandidateView;

/// Questions older than this many days are no longer shown.
const SHOWN_DAYS: i64 = 90;
/// The most questions that are considered, starting with the newest.
const MOST: i64 = 2_000;
/// The most examples and phrasings of a group.
const EXAMPLES: usize = 20;
/// The most questions settled at once.
const MOST_SETTLED: usize = 2_000;

/// The moment from which questions are shown.
pub fn since(now: Ts) -> Ts {
    now.plus(-SHOWN_DAYS * DAY)
}

/// Questions that the bot could not answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnansweredQuestions {
    /// The most frequently asked first.
    pub items: Vec<QuestionGroup>,
    /// The number of questions in all.
    pub total: usize,
}

/// Questions that ask the same.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnansweredGroup)]
pub struct QuestionGroup {
    /// The question that represents the group, with anything that could identify a person hidden.
    pub question: String,
    /// The language of the question.
    pub lang: Lang,
    /// How often it was asked.
    pub count: usize,
    /// When it was last asked.
    pub last_at: Ts,
    /// Different wordings of it, at most twenty, with the same things hidden.
    pub examples: Vec<String>,
    /// Wordings in which nothing had to be hidden, with which a new entry may begin.
    pub phrasings: Vec<String>,
    /// Where it was asked, newest first.
    pub asked: Vec<Asked>,
    /// When it was asked and in which words, in the same order.
    pub places: Vec<AskedThen>,
    /// The entry of the draft that it resembles most, if any.
    #[schema(required)]
    pub near: Option<CandidateView>,
}

/// Where a question was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The conversation in which it was asked.
    pub conversation: ConversationId,
    /// The number of the customer's message.
    pub seq: i64,
}

/// When and in which words a question was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedThen {
    /// When it was asked.
    pub at: Ts,
    /// The customer's words, with anything that could identify a person hidden.
    pub text: String,
}

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
    /// How many changed; the others had this state already or are not known.
    pub changed: u64,
}

fn group(bot: &bot::Bot, members: &[usize], questions: &[Unanswered]) -> QuestionGroup {
    let leader = &questions[members[0]];
    let mut seen = HashSet::new();
    let different: Vec<String> =
        members.iter().map(|&at| masked(questions[at].text.trim())).filter(|text| seen.insert(bot::text::skeleton(text))).take(EXAMPLES).collect();
    let lang = match bot::text::detect(&leader.text) {
        Some(BotLang::En) => Lang::En,
        Some(BotLang::Zh) => Lang::Zh,
        None => leader.lang,
    };
    let mut asked: Vec<&Unanswered> = members.iter().map(|&at| &questions[at]).collect();
    asked.sort_by_key(|one| std::cmp::Reverse(one.at));
    QuestionGroup {
        question: masked(leader.text.trim()),
        lang,
        count: members.len(),
        last_at: asked.first().map_or(leader.at, |one| one.at),
        phrasings: different.iter().filter(|text| !text.contains(HIDDEN)).cloned().collect(),
        examples: different,
        places: asked.iter().map(|one| AskedThen { at: one.at, text: masked(one.text.trim()) }).collect(),
        asked: asked.into_iter().map(|one| Asked { conversation: one.conversation, seq: one.seq }).collect(),
        near: bot.similar(&leader.text, bot_lang(leader.lang), None, 1).into_iter().next().map(CandidateView::from),
    }
}

/// Lists the questions of the last 90 days that the bot could not answer and nobody has settled, grouped by similarity.
#[utoipa::path(get, path = "/knowledge/unanswered", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = UnansweredQuestions), Problems))]
pub async fn list_unanswered(State(app): State<App>, actor: StaffActor) -> Result<Json<UnansweredQuestions>, Problem> {
    actor.require(Permission::EditKnowledge)?;
    let tenant = actor.tenant();
    let questions = store::unanswered::open(&mut app.db().read().await?, tenant, since(app.env().now()), MOST).await?;
    let bot = app.bots().some_draft_of(app.db(), tenant).await?;
    let sorted = tokio::task::spawn_blocking(move || {
        let lines: Vec<(&str, BotLang)> = questions.iter().map(|one| (one.text.as_str(), bot_lang(one.lang))).collect();
        let items = bot.alike(&lines).iter().map(|members| group(&bot, members, &questions)).collect();
        UnansweredQuestions { items, total: questions.len() }
    });
    Ok(Json(sorted.await.map_err(|_| Problem::busy())?))
}

/// Settles questions; `open` reverts that.
#[utoipa::path(post, path = "/knowledge/unanswered/settle", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = SettleUnanswered,
    responses((status = 200, body = SettledQuestions), Problems))]
pub async fn settle_unanswered(State(app): State<App>, actor: StaffActor, OnceJson(once, which): OnceJson<SettleUnanswered>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
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
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let changed = store::unanswered::settle(tx, tenant, &which, settled, entry.as_deref()).await?;
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

    use crate::testing::TestApp;

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
        app.agent("ada").await.get(PATH).await.problem(403, "not_permitted");
        mira.post(&format!("{PATH}/settle"), json!({"asked": [], "settled": "answered", "entry": "a b"})).await.problem_at(422, "invalid_value", "entry");
    }
}
