//! Short answers after what the bot asked or showed, and lines that name a property and ask for something else.

use bot::{Answer, Bot, Lang, Outcome, intent};

use crate::{common::demo, talk::Talk};

/// A conversation in which the bot has asked which of several questions is meant, with their ids.
fn asked(bot: &Bot, lang: Lang) -> (Talk<'_>, Vec<String>) {
    let mut talk = Talk::new(bot, lang);
    let answer = talk.say(if lang == Lang::Zh { "携号转网怎么办理" } else { "bill" });
    assert_eq!(answer.outcome, Outcome::DidYouMean, "{answer:?}");
    (talk, answer.options.into_iter().map(|option| option.id).collect())
}

fn source(answer: &Answer) -> Option<&str> {
    answer.source.as_ref().map(|source| source.id.as_str())
}

#[test]
fn a_number_or_an_ordinal_after_options_picks_one() {
    let bot = Bot::train(demo());
    for (lang, says) in [
        (Lang::Zh, [["1", "①", "第一个", "就第一个吧"], ["2", "2️⃣", "第二条", "我想问的是第二个"], ["最后一个", "最后那个", "最下面那个", "最后一条，谢谢"]]),
        (
            Lang::En,
            [
                ["1", "the first one", "first", "no. 1"],
                ["2", "the second one please", "number two", "2nd"],
                ["last", "the last one", "the bottom one", "the latter"],
            ],
        ),
    ] {
        for (at, lines) in says.iter().enumerate() {
            for line in lines {
                let (mut talk, options) = asked(&bot, lang);
                let answer = talk.say(line);
                let wanted = if at == 2 { options.last() } else { options.get(at) };
                assert_eq!((answer.outcome, source(&answer)), (Outcome::Confident, wanted.map(String::as_str)), "{line}: {answer:?}");
            }
        }
    }
}

#[test]
fn what_was_refused_is_not_given() {
    let bot = Bot::train(demo());
    for (lang, lines) in [
        (Lang::Zh, ["都不是", "不是这些", "不对", "没有我要的", "都不是，算了", "不是", "算了", "neither"].as_slice()),
        (Lang::En, &["neither", "none of these", "no", "No thanks", "not what I meant", "none, sorry", "never mind", "都不是"]),
    ] {
        for line in lines {
            let (mut talk, _) = asked(&bot, lang);
            let answer = talk.say(line);
            assert_eq!(answer.outcome, Outcome::SmallTalk, "{line}: {answer:?}");
            let again = talk.say(line);
            assert_eq!(again.outcome, Outcome::SmallTalk, "{line} again: {again:?}");
        }
    }
    for (lang, line) in [(Lang::Zh, "都不是，我想问怎么开发票"), (Lang::En, "neither, how long does a refund take")] {
        let (mut talk, options) = asked(&bot, lang);
        let answer = talk.say(line);
        let given = answer.items.iter().map(|item| &item.id).chain(answer.options.iter().map(|option| &option.id));
        assert!(matches!(answer.outcome, Outcome::Confident | Outcome::DidYouMean), "{line}: {answer:?}");
        assert!(given.into_iter().all(|id| !options.contains(id)), "{line}: {answer:?}");
    }
    let (mut talk, _) = asked(&bot, Lang::En);
    let first = talk.say("none of these");
    assert!(first.offers_person() && first.options.is_empty() && first.related.is_empty(), "{first:?}");
    assert_ne!(talk.say("none of these").text, first.text);
}

#[test]
fn an_answer_that_picks_nothing_is_asked_back_and_is_nothing_to_learn_from() {
    let bot = Bot::train(demo());
    for (lang, lines) in [(Lang::Zh, ["8", "是的", "对"]), (Lang::En, ["9", "yes", "the eighth one"])] {
        for line in lines {
            let (mut talk, options) = asked(&bot, lang);
            let answer = talk.say(line);
            assert_eq!((answer.outcome, answer.intent.as_deref()), (Outcome::DidYouMean, Some(intent::WHICH_OPTION)), "{line}: {answer:?}");
            assert_eq!(answer.options.iter().map(|option| &option.id).collect::<Vec<_>>(), options.iter().collect::<Vec<_>>(), "{line}");
            assert_eq!(source(&talk.say("1")), options.first().map(String::as_str), "{line}, then 1");
        }
    }
}

#[test]
fn a_pick_is_corrected_and_gone_on_with() {
    let bot = Bot::train(demo());
    for (lang, lines) in [
        (Lang::Zh, ["那第二个呢", "不对，第二个", "不是第一个，是第二个"].as_slice()),
        (Lang::En, &["what about the second one", "no, the second one", "and the second one?"]),
    ] {
        for line in lines {
            let (mut talk, options) = asked(&bot, lang);
            talk.say("1");
            let answer = talk.say(line);
            if line.starts_with("and") {
                assert_eq!(answer.outcome, Outcome::Confident, "{line}: {answer:?}");
            } else {
                assert_eq!(source(&answer), options.get(1).map(String::as_str), "{line}: {answer:?}");
            }
        }
    }
    let (mut talk, options) = asked(&bot, Lang::Zh);
    assert_eq!(source(&talk.say("第二个怎么办理")), options.get(1).map(String::as_str));
}

#[test]
fn related_questions_and_lists_are_picked_from_too() {
    let bot = Bot::train(demo());
    for (lang, line, pick) in [(Lang::Zh, "怎么更换套餐？", "第二个"), (Lang::En, "How do I change my plan?", "2")] {
        let mut talk = Talk::new(&bot, lang);
        let related: Vec<String> = talk.say(line).related.into_iter().map(|option| option.id).collect();
        assert!(related.len() > 1, "{line}");
        assert_eq!(source(&talk.say(pick)), related.get(1).map(String::as_str), "{line}");
    }
    let mut talk = Talk::new(&bot, Lang::Zh);
    let listed: Vec<String> = talk.say("手表1000以内").items.into_iter().map(|item| item.id).collect();
    let answer = talk.say("2");
    assert_eq!((answer.outcome, source(&answer)), (Outcome::Attribute, listed.get(1).map(String::as_str)), "{answer:?}");
    let mut talk = Talk::new(&bot, Lang::Zh);
    let which: Vec<String> = talk.say("X9 Ultra 多少钱").options.into_iter().map(|option| option.id).collect();
    let answer = talk.say("①");
    assert_eq!(source(&answer), which.first().map(String::as_str), "{answer:?}");
    assert!(answer.text.contains('元'), "{answer:?}");
}

#[test]
fn a_question_that_begins_like_a_short_answer_stays_a_question() {
    let bot = Bot::train(demo());
    for (lang, lines) in [
        (Lang::Zh, ["5G套餐多少钱", "两个号码能共享流量吗", "第一个月怎么收费", "不能上网了怎么办", "都有哪些套餐"]),
        (Lang::En, ["2 phones under 2000", "first month, how is it charged", "no signal at home", "how do I top up", "both my SIM cards are lost"]),
    ] {
        for line in lines {
            let (mut talk, options) = asked(&bot, lang);
            let answer = talk.say(line);
            assert!(answer.intent.as_deref() != Some(intent::WHICH_OPTION), "{line}: {answer:?}");
            assert!(
                !(answer.outcome == Outcome::Confident && answer.confidence >= 1.0 && options.iter().any(|id| source(&answer) == Some(id.as_str()))),
                "{line}: {answer:?}"
            );
        }
    }
}

#[test]
fn a_slip_is_corrected_also_after_thanks() {
    let bot = Bot::train(demo());
    for (lang, thanks, line) in [(Lang::Zh, "谢谢", "哦不好意思点错了 是第二个"), (Lang::En, "thanks", "oh sorry I meant the second")] {
        let (mut talk, options) = asked(&bot, lang);
        talk.say("1");
        talk.say(thanks);
        assert_eq!(source(&talk.say(line)), options.get(1).map(String::as_str), "{line}");
    }
}

#[test]
fn who_declines_a_person_and_asks_is_answered() {
    let bot = Bot::train(demo());
    for (lang, line, id) in
        [(Lang::En, "don't want a person. where's my sim, how do i track it", "kb-066"), (Lang::Zh, "不用转人工，告诉我怎么充话费", "kb-041")]
    {
        let answer = Talk::new(&bot, lang).say(line);
        assert!(answer.outcome != Outcome::HumanRequest && !answer.wishes_person, "{line}: {answer:?}");
        assert_eq!(source(&answer), Some(id), "{line}: {answer:?}");
    }
    for (lang, line) in [(Lang::En, "I don't need a person"), (Lang::Zh, "不需要人工")] {
        assert_eq!(Talk::new(&bot, lang).say(line).outcome, Outcome::SmallTalk, "{line}");
    }
    for (lang, line) in [(Lang::En, "no bots, a person please"), (Lang::Zh, "不要机器人，要人工"), (Lang::En, "don't tell me to wait, get me a human")]
    {
        assert_eq!(Talk::new(&bot, lang).say(line).outcome, Outcome::HumanRequest, "{line}");
    }
}

#[test]
fn what_is_refused_after_an_answer_is_told_from_a_fault() {
    let bot = Bot::train(demo());
    for (lang, first, line) in [
        (Lang::En, "How do I order a new home broadband line?", "not a new line!! I want to cancel the broadband I have"),
        (Lang::Zh, "怎么办理新装宽带？", "我家早装好了，不是要新装，是宽带太慢"),
    ] {
        let mut talk = Talk::new(&bot, lang);
        let given = talk.say(first).source.map(|source| source.id);
        let answer = talk.say(line);
        assert!(answer.items.iter().chain(&answer.source).all(|source| Some(&source.id) != given.as_ref()), "{line}: {answer:?}");
        assert!(matches!(answer.outcome, Outcome::Confident | Outcome::DidYouMean), "{line}: {answer:?}");
    }
}

#[test]
fn who_goes_to_do_it_themselves_is_let_go() {
    let bot = Bot::train(demo());
    for (lang, first, line) in [
        (Lang::Zh, "怎么开电子发票？", "唉算了，我自己去营业厅吧"),
        (Lang::Zh, "怎么开电子发票？", "行吧那我自己去营业厅办"),
        (Lang::En, "How do I get an electronic invoice?", "never mind, I'll just go to the shop"),
    ] {
        let mut talk = Talk::new(&bot, lang);
        talk.say(first);
        let answer = talk.say(line);
        assert!(answer.outcome == Outcome::SmallTalk && !answer.offers_person(), "{line}: {answer:?}");
    }
}

#[test]
fn a_question_with_a_number_in_it_is_no_pick_beside_an_answer() {
    let bot = Bot::train(demo());
    for (lang, first, lines) in [
        (Lang::Zh, "怎么更换套餐？", ["第二个月的账单怎么查", "我第一张卡丢了怎么挂失", "最后一次充值没到账", "下面怎么开电子发票"]),
        (
            Lang::En,
            "How do I change my plan?",
            ["my second phone is lost", "the last bill never came", "the first top up has not arrived", "how do I top up one number"],
        ),
    ] {
        for line in lines {
            let mut talk = Talk::new(&bot, lang);
            let related: Vec<String> = talk.say(first).related.into_iter().map(|option| option.id).collect();
            let answer = talk.say(line);
            assert!(!related.iter().any(|id| source(&answer) == Some(id.as_str())), "{line}: {answer:?}");
        }
    }
}

#[test]
fn nothing_that_was_shown_makes_a_number_no_question() {
    let bot = Bot::train(demo());
    for line in ["1", "第一个", "the first one"] {
        assert_eq!(Talk::new(&bot, Lang::Zh).say(line).outcome, Outcome::SmallTalk, "{line}");
    }
}

/// Lines that name a property of the product on the page: told of a fault, a return, an exchange, a delivery or a complaint.
const FAULTS: [(Lang, &str, &[&str]); 4] = [
    (
        Lang::Zh,
        "g-001",
        &[
            "昨天收到的手机屏幕有一条划痕，能换吗",
            "手机屏幕有划痕能换吗",
            "屏幕左上角有个亮点，可以退吗",
            "电池用了三天就鼓起来了，怎么处理",
            "电池掉电特别快，能退货吗",
            "充电充不进去，给换新吗",
            "屏幕收到就是碎的，找谁赔",
            "摄像头拍出来全是雾，能换一台吗",
            "内存和页面写的不一样，我要投诉",
            "收到的颜色发错了，能换回黑色吗",
            "电池能换吗",
            "屏幕一直闪",
            "指纹解锁不灵，送修要几天",
            "快递把屏幕压坏了，谁负责",
        ],
    ),
    (Lang::Zh, "g-025", &["脱水的时候噪音特别大，正常吗", "洗衣机声音有点大正常吗", "容量跟宣传的不符，可以退吗", "电机坏了保修管吗，师傅什么时候来"]),
    (
        Lang::En,
        "g-001",
        &[
            "The phone I received yesterday has a scratch on the screen, can I swap it?",
            "screen has a dead pixel, can you exchange it",
            "my battery dies by noon, can I send it back",
            "the battery gets really hot, is that normal",
            "can I return it if the screen is too big",
            "why does the battery drain so fast",
            "it arrived with the wrong colour, what now",
            "the camera is blurry and I want my money back",
            "the courier dropped it and the screen is gone",
            "battery not charging",
        ],
    ),
    (Lang::En, "g-025", &["the spin is so loud the floor shakes, is that covered", "it came with a dent in the door, can I get another one"]),
];

/// Lines that ask for the value.
const VALUES: [(Lang, &str, &[&str]); 4] = [
    (
        Lang::Zh,
        "g-001",
        &[
            "屏幕多大",
            "屏幕尺寸",
            "电池呢",
            "电池有多少毫安",
            "支持无线充电吗",
            "续航怎么样",
            "重不重",
            "昨天看到的这款手机屏幕多大",
            "我想问一下内存是多少",
            "刷新率有120hz吗",
            "屏幕分辨率是不是4k",
            "多少钱",
            "这个现在多少钱",
            "有货吗",
            "保修多久",
        ],
    ),
    (Lang::Zh, "g-025", &["一次能洗多少公斤", "转速多少", "噪音大吗", "几级能效"]),
    (
        Lang::En,
        "g-001",
        &[
            "how big is the screen",
            "what's the screen size",
            "battery capacity?",
            "and the battery?",
            "does it support wireless charging",
            "how heavy is it",
            "can you tell me the refresh rate",
            "tell me the storage",
            "is it in stock",
            "how much is it",
            "do you know how much memory it has",
        ],
    ),
    (Lang::En, "g-025", &["what is the wash capacity", "how noisy is it", "what's the spin speed"]),
];

#[test]
fn a_property_is_answered_only_where_its_value_is_asked_for() {
    let bot = Bot::train(demo());
    let mut wrong = Vec::new();
    for (table, wants) in [(FAULTS, false), (VALUES, true)] {
        for (lang, page, lines) in table {
            for line in lines {
                let answer = Talk { page: Some(page), ..Talk::new(&bot, lang) }.say(line);
                if (answer.outcome == Outcome::Attribute) != wants {
                    wrong.push(format!("{line} -> {} {:?}", answer.outcome.name(), answer.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_wish_for_another_is_no_question_for_the_price_or_the_size_of_this_one() {
    let bot = Bot::train(demo());
    let mut wrong = Vec::new();
    for (lang, lines) in [
        (Lang::Zh, ["不要贵的", "我不想要太贵的", "不要太贵的吧", "有便宜点的吗", "便宜一点的有吗", "有更便宜的吗", "不要大屏的", "轻一点的有吗"].as_slice()),
        (Lang::En, &["anything cheaper?", "not the big one", "nothing expensive please", "I don't want an expensive one"]),
    ] {
        for line in lines {
            let answer = Talk { page: Some("g-001"), ..Talk::new(&bot, lang) }.say(line);
            if answer.intent.as_deref() != Some(intent::GUIDED_CHOICE) {
                wrong.push(format!("{line} -> {} {:?}", answer.outcome.name(), answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn who_has_not_understood_is_told_the_gist_and_then_offered_a_person() {
    let bot = Bot::train(demo());
    for (lang, question, lines) in [
        (Lang::Zh, "怎么更换套餐？", ["我没听懂", "不明白", "你说的什么意思？", "能不能说简单点"].as_slice()),
        (Lang::En, "How do I change my plan?", &["I don't understand", "what do you mean?", "I'm still confused", "could you explain that again"]),
    ] {
        for line in lines {
            let mut talk = Talk::new(&bot, lang);
            let before = talk.say(question).text;
            let answer = talk.say(line);
            assert_eq!((answer.outcome, answer.offers_person()), (Outcome::SmallTalk, false), "{line}: {answer:?}");
            assert!(answer.text.len() < before.len() && answer.text.get(..12) == before.get(..12), "{line}: {answer:?}");
            let again = talk.say(line);
            assert!(again.outcome == Outcome::SmallTalk && again.offers_person(), "{line} again: {again:?}");
            assert_eq!(Talk::new(&bot, lang).say(line).outcome, Outcome::SmallTalk, "{line} at the beginning");
        }
    }
    for (lang, line) in [(Lang::Zh, "账单看不懂"), (Lang::En, "I don't understand the charges listed")] {
        assert_eq!(source(&Talk::new(&bot, lang).say(line)), Some("kb-032"), "{line}");
    }
}

#[test]
fn what_nothing_is_near_is_not_offered_and_words_of_several_questions_are_asked_about() {
    let bot = Bot::train(demo());
    for (lang, line) in [(Lang::Zh, "明天天气怎么样"), (Lang::En, "what's the weather tomorrow"), (Lang::En, "tell me a joke")] {
        let answer = Talk::new(&bot, lang).say(line);
        assert!(answer.outcome == Outcome::NoAnswer && answer.options.is_empty(), "{line}: {answer:?}");
    }
    for (lang, line, among) in [(Lang::Zh, "我要停机", "kb-010"), (Lang::En, "I want to cancel my plan", "kb-005"), (Lang::En, "cancel my plan", "kb-005")]
    {
        let answer = Talk::new(&bot, lang).say(line);
        let offered = answer.options.iter().any(|option| option.id == among);
        assert!(answer.outcome == Outcome::DidYouMean && offered, "{line}: {answer:?}");
    }
}
