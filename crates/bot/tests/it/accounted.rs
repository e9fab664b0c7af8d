//! Nothing is said as if sure that leaves out a number, a limit, a refusal or a condition of the line.

use bot::{Answer, Bot, Lang, Outcome};

use crate::{common::demo, talk::Talk};

fn ids(answer: &Answer) -> Vec<&str> {
    answer.items.iter().map(|item| item.id.as_str()).collect()
}

fn lang_of(line: &str) -> Lang {
    if line.is_ascii() { Lang::En } else { Lang::Zh }
}

#[test]
fn numbers_are_read_in_words_units_and_ranges() {
    let bot = Bot::train(demo());
    let plans = ["feather-19", "cloud-39", "cloud-59", "cloud-89", "campus-29", "elder-15", "biz-79"];
    for (line, expected) in [
        ("百元以内的套餐", &plans[..]),
        ("a plan with at least fifty gigabytes", &["cloud-89", "cloud-129", "cloud-199", "family-169", "family-239", "campus-29", "globe-299", "biz-79"]),
        ("phones under 2k", &["g-005", "g-006", "g-007", "g-008", "g-009"]),
        ("phones under two grand", &["g-005", "g-006", "g-007", "g-008", "g-009"]),
        ("3-5千的手机", &["g-001", "g-002"]),
        ("手机 200 克以内", &["g-002", "g-004", "g-005", "g-006", "g-008", "g-009"]),
        ("手机超过200克的我拿不住，轻于200克的有哪些", &["g-002", "g-004", "g-005", "g-006", "g-008", "g-009"]),
        ("laptop under three pounds for travelling", &["g-010"]),
        ("fridge not bigger than 250 litres", &["g-021"]),
        ("每月漫游流量至少要5个G", &["globe-299"]),
        ("套餐里送五百兆宽带的", &["cloud-199", "family-169"]),
        ("which router covers 150 square metres", &["g-029"]),
        ("laptops between five thousand and seven thousand yuan", &["g-010", "g-011"]),
        ("phones between two and three thousand", &["g-004"]),
        ("phone no heavier than 190 grams", &["g-004", "g-005", "g-009"]),
        ("plans with no less than 120 gigs", &["cloud-129", "cloud-199", "family-169", "family-239", "globe-299"]),
        ("有现货的5000以内的笔记本", &["g-012"]),
        ("支持不支持5G的手机有哪些", &["g-001", "g-002", "g-003", "g-004", "g-005", "g-006", "g-007", "g-008"]),
    ] {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        assert_eq!(ids(&answer), expected, "{line}: {}", answer.text);
    }
    // a weight is one, in grams or in kilograms
    for (line, expected) in [("X9 超过 0.2 公斤吗", "不，"), ("X9 重量超过 150 克吗", "对，"), ("半斤以内的平板", "没有完全符合的")]
    {
        let text = Talk::new(&bot, Lang::Zh).say(line).text;
        assert!(text.starts_with(expected) && text.contains(" g"), "{line}: {text}");
    }
}

#[test]
fn what_cannot_be_read_is_asked_for() {
    let bot = Bot::train(demo());
    for (line, named) in [
        ("300美元以内的手机", "美元"),
        ("phones under $300", "$"),
        ("any phone below 300 euros", "euros"),
        ("phones under 300 pounds", "pounds"),
        ("X9跟Z20哪个拍照好", "Z20"),
        ("若干元以内的手机", "若干"),
    ] {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        assert!(answer.outcome == Outcome::DidYouMean && answer.text.contains(named), "{line}: {:?} {}", answer.outcome, answer.text);
    }
}

#[test]
fn what_a_line_refuses_is_never_what_it_is_answered_with() {
    let bot = Bot::train(demo());
    let others = ["g-006", "g-007", "g-008", "g-009"];
    for (line, expected) in [
        ("不要折叠屏的手机", &["g-001", "g-002", "g-004", "g-005", "g-006", "g-007", "g-008", "g-009"][..]),
        ("any phone other than Trelan", &others),
        ("除了澈岚还有什么手机", &others),
        ("有什么手机，澈岚除外", &others),
        ("平板不要儿童的", &["g-015", "g-016"]),
        ("不要55寸的电视", &["g-018", "g-020"]),
        ("any tv but not the 55 inch one", &["g-018", "g-020"]),
        ("how many laptops are in your range, not the tablets", &["g-010", "g-011", "g-012", "g-013", "g-014"]),
        ("不是X9，是X9 Pro多少钱", &["g-001"]),
        ("not the X9, the X9 Pro, how much is it", &["g-001"]),
        ("不要超过3000的手机", &["g-004", "g-005", "g-006", "g-007", "g-008", "g-009"]),
        ("路由器我不想花超过三百", &["g-027"]),
        ("我要洗衣机 不带烘干", &["g-024", "g-025"]),
    ] {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        assert_eq!(ids(&answer), expected, "{line}: {}", answer.text);
    }
    // closing the account is refused: the hold is given, or offered first
    for line in ["我不想销户，只想停机", "I don't want to cancel, I just want to suspend my number"] {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        let first = answer.options.first().map(|option| option.id.as_str()).or(ids(&answer).first().copied());
        assert_eq!(first, Some("kb-010"), "{line}: {}", answer.text);
    }
    // what is stopped, or is wanted as well, is what the line is about
    for (line, expected) in [
        ("彩铃不想要了，退掉", "kb-079"),
        ("账单以后别给我发短信了，发邮箱就行", "kb-035"),
        ("别再给我发促销短信了", "kb-186"),
        ("耳机不喜欢能退吗", "kb-143"),
        ("X9不想买，能取消吗", "kb-127"),
        ("不想要副卡，怎么注销", "kb-084"),
        ("不想自动续费，怎么关", "kb-044"),
        ("不想停机，怎么复机", "kb-045"),
        ("不想排队，怎么预约取号", "kb-189"),
        ("don't want marketing texts, how do I stop them", "kb-186"),
        ("don't want to be charged abroad, how do I switch off roaming", "kb-026"),
    ] {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        let named = ids(&answer).into_iter().chain(answer.options.iter().map(|option| option.id.as_str())).any(|id| id == expected);
        assert!(named, "{line}: {}", answer.text);
    }
}

#[test]
fn a_condition_that_nothing_meets_is_told_and_not_left_out() {
    let bot = Bot::train(demo());
    for (line, told) in [("有现货的游戏本", "现在没有现货"), ("gaming laptops in stock", "None in stock")] {
        let text = Talk::new(&bot, lang_of(line)).say(line).text;
        assert!(text.starts_with(told), "{line}: {text}");
    }
    assert!(Talk::new(&bot, Lang::Zh).say("游戏本有哪些").text.contains("缺货"));
}

#[test]
fn a_line_of_unknown_words_continues_nothing() {
    let bot = Bot::train(demo());
    for lang in [Lang::Zh, Lang::En] {
        for unknown in ["VoLTE", "花呗", "qwerty", "鸿蒙"] {
            let mut talk = Talk::new(&bot, lang);
            assert_eq!(ids(&talk.say("PUK")), ["kb-065"]);
            let answer = talk.say(unknown);
            assert_eq!(answer.outcome, Outcome::NoAnswer, "{unknown}: {}", answer.text);
        }
    }
    // a word or two that goes on, or that is known, still does
    let mut talk = Talk::new(&bot, Lang::En);
    talk.say("how much is a week pass for korea");
    assert_eq!(ids(&talk.say("and for spain?")), ["kb-023"]);
}

#[test]
fn a_line_that_only_says_that_a_question_follows_is_no_question() {
    let bot = Bot::train(demo());
    for line in ["我想问一下", "有个问题想咨询", "问个问题", "i have a question", "quick question", "Can I ask you something?"] {
        assert_eq!(Talk::new(&bot, lang_of(line)).say(line).outcome, Outcome::SmallTalk, "{line}");
    }
    assert_eq!(ids(&Talk::new(&bot, Lang::Zh).say("我想问一下，X9多少钱")), ["g-002"]);
}

#[test]
fn what_somebody_calls_their_own_has_to_be_known() {
    let bot = Bot::train(demo());
    for line in ["我的飞梭币还有多少", "我的糯米环丢了，怎么挂失"] {
        assert_eq!(Talk::new(&bot, Lang::Zh).say(line).outcome, Outcome::DidYouMean, "{line}");
    }
    assert_eq!(Talk::new(&bot, Lang::Zh).say("我的话费还有多少").outcome, Outcome::Confident);
}

#[test]
fn what_was_spoken_of_is_left_when_an_entry_answers_something_else() {
    let bot = Bot::train(demo());
    let mut talk = Talk::new(&bot, Lang::Zh);
    assert_eq!(ids(&talk.say("云享129")), ["cloud-129"]);
    talk.say("宽带坏了怎么办");
    let answer = talk.say("多少钱");
    assert!(!ids(&answer).contains(&"cloud-129"), "{}", answer.text);
    // an entry about a thing that the line names leaves that thing what it is
    let mut talk = Talk::new(&bot, Lang::Zh);
    talk.say("X9 能以旧换新吗");
    assert_eq!(ids(&talk.say("它多少钱")), ["g-002"]);
    // of two laptops, one after the other, "which is lighter" is about both
    let mut talk = Talk::new(&bot, Lang::Zh);
    talk.say("轻羽14多少钱");
    talk.say("学伴15呢");
    assert_eq!(ids(&talk.say("哪个更轻")), ["g-010", "g-012"]);
    // who asks which there are of a kind is told, and goes on among them
    let mut talk = Talk::new(&bot, Lang::Zh);
    assert_eq!(ids(&talk.say("冰箱有哪些")), ["g-021", "g-022", "g-023"]);
    assert_eq!(ids(&talk.say("最便宜的")), ["g-021"]);
}

#[test]
fn of_two_questions_neither_is_dropped_in_silence() {
    let bot = Bot::train(demo());
    for (line, of_items, other) in [("X9多少钱，怎么退货", "3699", "kb-149"), ("how much is the X9, and how do I return something", "3,699", "kb-143")]
    {
        let answer = Talk::new(&bot, lang_of(line)).say(line);
        assert!(answer.text.contains(of_items), "{line}: {}", answer.text);
        assert!(answer.related.iter().any(|option| option.id == other), "{line}: {:?}", answer.related);
    }
}
