//! Questions over goods and plans, and the thread of a conversation.

use bot::{Answer, Bot, Knowledge, Lang, Outcome, Thread, graph::StoredGraph};

use crate::{
    common::{LANGS, demo},
    talk::Talk,
};

fn ids(answer: &Answer) -> Vec<&str> {
    answer.items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn what_customers_tried_and_missed_is_answered() {
    let bot = Bot::train(demo());
    let mut talk = Talk::new(&bot, Lang::Zh);
    assert_eq!(ids(&talk.say("最贵的手机")), ["g-003"]);
    assert_eq!(ids(&talk.say("500 块以内的耳机")), ["g-042"]);
    assert_eq!(ids(&talk.say("云享39 和 云享59 哪个划算")), ["cloud-39", "cloud-59"]);
    assert!(talk.say("流量哪个多").text.contains("20 GB"));
    assert!(talk.say("差多少钱").text.contains("20 元"));
    assert_eq!(ids(&talk.say("X9 和 S5 有什么区别")), ["g-002", "g-004"]);
    assert!(talk.say("第一个有货吗").text.contains("有货"));
    assert_eq!(ids(&talk.say("X9 Pr0 多少钱")), ["g-001"]);
    let vain = talk.say("宽带太慢");
    assert!(!vain.text.is_empty());
    let still = talk.say("还是不行");
    assert!(still.offer_human && still.text != vain.text);
    let again = talk.say("还是不行");
    assert!(again.offer_human && again.text != still.text);
}

#[test]
fn statements_are_not_taken_for_questions_about_goods() {
    let bot = Bot::train(demo());
    let answers_with = |lang, page: Option<&str>, lines: &[&str]| {
        let mut talk = Talk { page, ..Talk::new(&bot, lang) };
        lines.iter().map(|line| ids(&talk.say(line)).into_iter().map(str::to_owned).collect::<Vec<_>>()).next_back().unwrap()
    };
    assert_eq!(answers_with(Lang::En, None, &["how many products do you sell"]).len(), 44);
    for (lang, page, lines) in [
        (Lang::En, Some("g-028"), ["how many things can i hook up to this"].as_slice()),
        (Lang::Zh, None, &["装了千兆 家里一百来平 路由器买哪个", "便宜的能连多少个设备"]),
        (Lang::Zh, None, &["这个月用不完的 下月还有吗"]),
        (Lang::Zh, None, &["网线插电脑测了 才一百多"]),
    ] {
        assert!(answers_with(lang, page, lines).len() <= 1, "{lines:?}");
    }
    for (page, lines) in [
        (None, ["how do Cloud 59 and Cloud 89 differ", "it came bent and two screws short"].as_slice()),
        (Some("g-036"), &["pause for 4 months"]),
        (Some("cloud-129"), &["say i leave with 5 months to go, what do i owe"]),
    ] {
        let found = answers_with(Lang::En, page, lines);
        assert!(found.iter().all(|id| id.starts_with("kb-")), "{lines:?} {found:?}");
    }
}

#[test]
fn limits_and_doubts_about_goods_are_answered() {
    let bot = Bot::train(demo());
    let said = |lang, page: Option<&str>, line: &str| Talk { page, ..Talk::new(&bot, lang) }.say(line);
    assert_eq!(ids(&said(Lang::Zh, None, "手表1000以内")).len(), 3);
    assert_eq!(ids(&said(Lang::En, None, "is there a router under 1000")).len(), 3);
    assert!(said(Lang::En, Some("g-002"), "does this come in a 512 gb version").text.contains("256 GB"));
    assert!(said(Lang::Zh, None, "有没有30公斤以下的洗衣机").text.contains("33 kg"));
    assert!(said(Lang::Zh, Some("g-025"), "这台是10公斤的吗").text.contains("10 kg"));
    let mut talk = Talk::new(&bot, Lang::Zh);
    talk.say("净澜 10 多少钱");
    assert_ne!(ids(&talk.say("10公斤那个转速多少")), ["g-026"]);
}

#[test]
fn a_number_says_which_one_is_meant() {
    let bot = Bot::train(demo());
    let mut talk = Talk { page: Some("g-010"), ..Talk::new(&bot, Lang::Zh) };
    assert_eq!(ids(&talk.say("这个不插电能用多久")), ["g-010"]);
    assert_eq!(ids(&talk.say("16寸那个呢")), ["g-011"]);
    assert!(talk.say("重不重").text.contains("1.56"));
    assert_eq!(ids(&Talk::new(&bot, Lang::Zh).say("10公斤的洗衣机有几款")), ["g-025", "g-026"]);
}

#[test]
fn a_complaint_that_ends_like_a_question_is_heard() {
    let bot = Bot::train(demo());
    let mut talk = Talk::new(&bot, Lang::Zh);
    let first = talk.say("收不到验证码怎么办");
    assert_eq!(first.outcome, Outcome::Confident);
    let still = talk.say("手机也重启了 还是没");
    assert!(still.offer_human && still.outcome == Outcome::SmallTalk, "{still:?}");
}

#[test]
fn a_model_that_does_not_exist_is_asked_back_for() {
    let bot = Bot::train(demo());
    let answer = Talk::new(&bot, Lang::Zh).say("X9 Ultra 多少钱");
    assert_eq!(answer.outcome, Outcome::DidYouMean);
    assert!(answer.options.iter().any(|option| option.id == "g-001") && answer.options.iter().any(|option| option.id == "g-002"));
    let mut talk = Talk::new(&bot, Lang::En);
    assert_eq!(talk.say("how much is the X9 Ultra").outcome, Outcome::DidYouMean);
    assert!(talk.say("Trelan X9 Pro").text.contains("¥4,999"));
}

#[test]
fn a_choice_is_guided_by_at_most_three_questions() {
    let bot = Bot::train(demo());
    for (lang, begin, any) in [(Lang::Zh, "想买手机", "随便"), (Lang::En, "which laptop should I buy", "any")] {
        let mut talk = Talk::new(&bot, lang);
        let mut answer = talk.say(begin);
        let mut questions = 0;
        while answer.outcome == Outcome::DidYouMean && answer.intent.as_deref() == Some(bot::intent::GUIDED_CHOICE) {
            questions += 1;
            answer = talk.say(any);
        }
        assert!((1..=3).contains(&questions), "{begin}: {questions} questions, then {answer:?}");
        assert!((1..=3).contains(&answer.items.len()), "{begin}: {answer:?}");
    }
    let mut talk = Talk::new(&bot, Lang::Zh);
    talk.say("想买手机");
    let fits = talk.say("两千以内");
    let mut answer = fits;
    while answer.outcome == Outcome::DidYouMean {
        answer = talk.say("随便");
    }
    let dear = answer.items.iter().filter(|item| bot.knowledge().products.iter().any(|product| product.id == item.id && product.price_fen > 200_000));
    assert_eq!(dear.count(), 0, "{answer:?}");
}

#[test]
fn what_is_out_of_reach_is_said_with_the_nearest() {
    let bot = Bot::train(demo());
    let answer = Talk::new(&bot, Lang::En).say("laptops under 1000 yuan");
    assert!(answer.text.starts_with("Nothing fits exactly") && ids(&answer) == ["g-012"], "{answer:?}");
    let gone = Talk::new(&bot, Lang::Zh).say("游戏本有哪些");
    assert!(gone.text.contains("缺货"), "{gone:?}");
}

#[test]
fn names_units_and_links_of_a_company_count() {
    let graph: StoredGraph = serde_json::from_str(
        r#"{"aliases":[{"item":"g-001","zh":["大魔王"],"en":["the beast"]},{"item":"tag:senior","zh":["银发"]},{"item":"gone","zh":["空"]}],
            "relations":[{"from":"g-044","kind":"compatible_with","to":"g-002"}],"units":[{"attribute":"bluetooth","unit":"v"}],"faqs":[{"item":"g-001","entry":"kb-154"}]}"#,
    )
    .unwrap();
    let bot = Bot::train(Knowledge { graph, ..demo() });
    let answer = Talk::new(&bot, Lang::Zh).say("大魔王多重");
    assert_eq!(ids(&answer), ["g-001"]);
    assert_eq!(answer.related.iter().map(|option| option.id.as_str()).collect::<Vec<_>>(), ["kb-154"]);
    assert_eq!(ids(&Talk::new(&bot, Lang::En).say("how heavy is the beast")), ["g-001"]);
    assert_eq!(ids(&Talk::new(&bot, Lang::Zh).say("银发手机有哪些")), ["g-008", "g-009"]);
    assert!(serde_json::from_str::<StoredGraph>(r#"{"alias":[]}"#).is_err());
}

#[test]
fn a_thread_that_cannot_be_read_is_none() {
    assert!(serde_json::from_str::<Thread>("7").is_err());
    assert_eq!(serde_json::from_str::<Thread>(r#"{"of":"another version"}"#).unwrap(), Thread::default());
}

#[test]
fn no_conversation_is_too_odd() {
    const PIECES: [&str; 40] = [
        "X9",
        " Pro",
        "云享59",
        "和",
        "哪个",
        "最",
        "便宜",
        "贵",
        "多少钱",
        "🤖",
        "<script>",
        "'; DROP TABLE goods; --",
        "{\"a\":1}",
        "那",
        "呢",
        "它",
        "第二个",
        "以内",
        "500",
        "块",
        "两三千",
        "999999999999999999999",
        "0",
        ".5",
        "GB",
        "cheapest",
        " phone ",
        "the ",
        "first one",
        " under ",
        "vs ",
        "how many ",
        "不要",
        "还是不行",
        "\u{202e}",
        "ﷺ",
        "随便",
        "想买手机",
        "？",
        "\n",
    ];
    let bot = Bot::train(demo());
    let mut state: u64 = 88_172_645_463_325_252;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for round in 0..300 {
        let mut talk = Talk::new(&bot, LANGS[round % 2]);
        for _ in 0..4 {
            talk.page = [None, Some("g-001"), Some("cloud-59"), Some("no-such-thing")][random(4)];
            let line: String = (0..1 + random(9)).map(|_| PIECES[random(PIECES.len())]).collect();
            let answer = talk.say(&line);
            assert!(answer.text.is_empty() == (answer.outcome == Outcome::HumanRequest), "{line:?}: {answer:?}");
            assert!(!answer.text.contains('<') && answer.text.len() < 6_000, "{line:?}: {answer:?}");
            assert!(serde_json::to_string(&talk.thread).unwrap().len() < 4_000, "{line:?}");
        }
    }
    let long = "云享59 和 云享89 哪个流量多 X9 500 块以内 ".repeat(700);
    assert!(long.len() > 32_000);
    let mut talk = Talk::new(&bot, Lang::Zh);
    for _ in 0..3 {
        assert!(!talk.say(&long).text.is_empty());
    }
}

#[test]
fn another_of_the_family_and_what_fits_the_page_are_understood() {
    let bot = Bot::train(demo());
    let mut talk = Talk::new(&bot, Lang::En);
    talk.say("price of the Vista 43?");
    assert_eq!(ids(&talk.say("and 55 inch")), ["g-019"]);
    let mut case = Talk { page: Some("g-044"), ..Talk::new(&bot, Lang::En) };
    assert_eq!(ids(&case.say("does it fit my X9 Pro")), ["g-044"]);
    assert_eq!(ids(&case.say("whats in it")), ["g-044"]);
    assert_ne!(case.say("how do I return the case for my X9 Pro").outcome, Outcome::Attribute);
    assert_eq!(ids(&case.say("does it fit my X9 Pro")), ["g-044"]);
    let mut films = Talk { page: Some("g-044"), ..Talk::new(&bot, Lang::Zh) };
    assert!(films.say("这个x9pro能用吗").text.contains("适用机型"));
    assert_eq!(ids(&Talk::new(&bot, Lang::Zh).say("X9 Pro下周有货吗")), ["g-001"]);
    assert_ne!(Talk::new(&bot, Lang::Zh).say("我的澈岚X9屏摔裂了 换一块大概多少").outcome, Outcome::Attribute);
    let mut plans = Talk::new(&bot, Lang::Zh);
    plans.say("哪个带宽带的套餐最便宜");
    assert_eq!(ids(&plans.say("1000兆的是哪个")), ["family-239"]);
    assert_eq!(ids(&Talk { page: Some("g-002"), ..Talk::new(&bot, Lang::Zh) }.say("X9 Pro能用多久")), ["g-001"]);
    let mut phone = Talk { page: Some("g-001"), ..Talk::new(&bot, Lang::Zh) };
    phone.say("跟X9比有啥区别");
    assert!(phone.say("便宜的那个多重").text.contains("192"));
    let mut selfie = Talk { page: Some("g-004"), ..Talk::new(&bot, Lang::Zh) };
    assert!(selfie.say("前置多少像素").text.contains("3200"));
}

#[test]
fn a_complaint_with_a_span_of_time_looks_for_no_goods() {
    let bot = Bot::train(demo());
    assert!(ids(&Talk::new(&bot, Lang::Zh).say("手机修了二十天还没好")).iter().all(|id| id.starts_with("kb-")));
}

#[test]
fn two_questions_are_both_answered_or_offered() {
    let bot = Bot::train(demo());
    let both = Talk::new(&bot, Lang::Zh).say("查余额和查积分分别咋查");
    assert_eq!(ids(&both), ["kb-040", "kb-050"]);
    let which = Talk::new(&bot, Lang::Zh).say("流量超了怎么扣，分钟打超了又怎么扣");
    assert_eq!(which.outcome, Outcome::DidYouMean);
}

#[test]
fn who_tells_more_of_the_same_trouble_is_offered_a_person() {
    let bot = Bot::train(demo());
    let mut talk = Talk::new(&bot, Lang::En);
    talk.say("how do i change the wifi password");
    let offered = talk.say("my grandson tried for an hour last night");
    assert!(offered.offer_human && offered.intent.as_deref() == Some("person_offered"), "{offered:?}");
}
