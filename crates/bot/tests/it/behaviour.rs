//! What a caller can rely on, whatever the knowledge.

use bot::{Answer, Bilingual, Bot, Entry, Knowledge, Lang, Outcome, Turn, Wordings};

use crate::common;

fn ask(bot: &Bot, text: &str) -> Answer {
    bot.answer(&Turn { text, lang_hint: Lang::Zh, product: None, thread: None })
}

fn bilingual(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

fn shop() -> Knowledge {
    let entry = |id: &str, zh: &str, en: &str, answer: (&str, &str)| Entry {
        id: id.to_owned(),
        topic: "shop".to_owned(),
        question: bilingual(zh, en),
        answer: bilingual(answer.0, answer.1),
        ..Entry::default()
    };
    Knowledge {
        entries: vec![
            entry("hours", "几点开门？", "When do you open?", ("早上九点开门。", "We open at nine.")),
            entry("parking", "能停车吗？", "Can I park?", ("楼下可以停车。", "You can park downstairs.")),
            entry("pets", "能带宠物吗？", "Are pets allowed?", ("可以带小型犬。", "Small dogs are welcome.")),
        ],
        ..Knowledge::default()
    }
}

#[test]
fn a_line_has_one_answer_in_whatever_characters_it_is_written() {
    let bot = Bot::train(common::demo());
    for (plain, others) in [
        ("怎么查话费", &["怎麼查話費", "怎么\u{200b}查话费", "\u{feff}怎么查话费\u{200d}", "怎\u{ad}么查话费"][..]),
        ("流量不够用怎么办", &["流量不夠用怎麼辦", "流\u{2060}量不够用怎么办"]),
        ("云享59多少钱", &["雲享59多少錢", "云享５９多少钱", "雲享５\u{200b}９多少錢"]),
        ("转人工", &["轉人工", "转\u{200b}人工"]),
        (
            "how do i check my bill",
            &["ｈｏｗ ｄｏ ｉ ｃｈｅｃｋ ｍｙ ｂｉｌｌ", "how do i check my bi\u{200b}ll", "HOW DO I CHECK MY BILL", "how\u{a0}do i check my bill"],
        ),
    ] {
        let expected = ask(&bot, plain);
        assert!(matches!(expected.outcome, Outcome::Confident | Outcome::Attribute | Outcome::HumanRequest | Outcome::DidYouMean), "{plain}: {expected:?}");
        for other in others {
            let given = ask(&bot, other);
            let of = |answer: &Answer| (answer.outcome, answer.text.clone(), answer.source.as_ref().map(|source| source.id.clone()));
            assert_eq!(of(&given), of(&expected), "{other:?}");
        }
    }
}

#[test]
fn a_bot_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&Bot::train(Knowledge::default()));
}

#[test]
fn a_bot_that_knows_nothing_says_so_and_still_greets_and_hands_over() {
    let bot = Bot::train(Knowledge::default());
    assert_eq!(ask(&bot, "怎么充话费").outcome, Outcome::NoAnswer);
    assert_eq!(ask(&bot, "how do I top up").outcome, Outcome::NoAnswer);
    assert_eq!(ask(&bot, "你好").outcome, Outcome::SmallTalk);
    let human = ask(&bot, "转人工");
    assert_eq!(human.outcome, Outcome::HumanRequest);
    assert!(human.text.is_empty());
    assert!(bot.suggest("充值", Lang::Zh, 4).is_empty());
    assert!(bot.entry_answer("kb-001", Lang::Zh).is_none());
}

#[test]
fn three_entries_without_similar_wordings_are_enough_to_start() {
    let bot = Bot::train(shop());
    let hours = ask(&bot, "几点开门");
    assert_eq!((hours.outcome, hours.text.as_str()), (Outcome::Confident, "早上九点开门。"));
    let parking = ask(&bot, "is there a place to park my car");
    let named = parking.source.iter().map(|source| source.id.as_str()).chain(parking.options.iter().map(|option| option.id.as_str()));
    assert!(named.into_iter().any(|id| id == "parking"), "{parking:?}");
}

#[test]
fn every_wording_of_the_knowledge_gets_its_own_answer_letter_for_letter() {
    let knowledge = common::demo();
    let bot = Bot::train(knowledge.clone());
    for entry in &knowledge.entries {
        for lang in common::LANGS {
            for line in entry.similar.side(lang).iter().map(String::as_str).chain([entry.question.side(lang)]) {
                let answer = ask(&bot, line);
                if answer.outcome == Outcome::HumanRequest {
                    continue;
                }
                assert_eq!(answer.outcome, Outcome::Confident, "{line}");
                assert_eq!(answer.source.map(|source| source.id), Some(entry.id.clone()), "{line}");
                assert_eq!(answer.text, entry.answer.side(answer.lang), "{line}");
            }
        }
    }
}

#[test]
fn the_answer_speaks_the_language_of_the_question_whatever_the_screen() {
    let bot = Bot::train(common::demo());
    for hint in common::LANGS {
        let turn = |text| Turn { text, lang_hint: hint, product: None, thread: None };
        assert_eq!(bot.answer(&turn("怎么查话费余额？")).lang, Lang::Zh);
        assert_eq!(bot.answer(&turn("How do I check my points?")).lang, Lang::En);
        assert_eq!(bot.answer(&turn("???")).lang, hint);
    }
}

#[test]
fn an_action_for_a_person_offers_one_and_related_questions_follow() {
    let bot = Bot::train(common::demo());
    let answer = bot.entry_answer("kb-005", Lang::En).unwrap_or_else(|| panic!("kb-005 is missing"));
    assert!(answer.offer_human);
    assert_eq!(answer.outcome, Outcome::Confident);
    assert!(!answer.related.is_empty() && answer.related.len() <= 3);
    assert!(answer.related.iter().all(|option| option.id != "kb-005" && !option.text.is_empty()));
    assert!(bot.entry_answer("kb-001", Lang::Zh).is_some_and(|answer| !answer.offer_human));
}

#[test]
fn did_you_mean_offers_two_or_three_and_no_answer_offers_a_person() {
    let bot = Bot::train(common::demo());
    let unsure = ask(&bot, "携号转网怎么办理");
    assert_eq!(unsure.outcome, Outcome::DidYouMean);
    assert!((2..=3).contains(&unsure.options.len()));
    assert!(unsure.source.is_none());
    let none = ask(&bot, "帮我写一首诗");
    assert_eq!(none.outcome, Outcome::NoAnswer);
    assert!(none.offer_human && none.options.is_empty());
}

#[test]
fn a_side_left_empty_is_answered_in_the_other_language() {
    let mut knowledge = shop();
    knowledge.entries[0].answer.en.clear();
    let bot = Bot::train(knowledge);
    assert_eq!(ask(&bot, "When do you open?").text, "早上九点开门。");
}

#[test]
fn links_to_entries_that_are_gone_and_doubled_ids_do_no_harm() {
    let mut knowledge = shop();
    knowledge.entries[0].related = vec!["gone".to_owned(), "hours".to_owned(), "pets".to_owned()];
    let mut twin = knowledge.entries[1].clone();
    twin.answer = bilingual("另一个", "Another");
    knowledge.entries.push(twin);
    let bot = Bot::train(knowledge);
    let hours = ask(&bot, "几点开门");
    assert_eq!(hours.related.iter().map(|option| option.id.as_str()).collect::<Vec<_>>(), ["pets"]);
    assert_eq!(bot.entry_answer("parking", Lang::Zh).map(|answer| answer.text).as_deref(), Some("楼下可以停车。"));
}

#[test]
fn training_is_repeatable() {
    let (a, b) = (Bot::train(common::demo()), Bot::train(common::demo()));
    for line in ["流量不够用了", "国外怎么上网", "my parcel is late", "bill too high"] {
        assert_eq!(ask(&a, line), ask(&b, line));
    }
}

#[test]
fn any_text_is_survived() {
    let bot = Bot::train(common::demo());
    let long = "流量".repeat(20_000);
    let odd = [
        "\u{0}",
        "\u{202e}abc",
        "🤖🤖🤖",
        "ﷺ",
        "a\u{301}\u{301}",
        "''''",
        "9.9.9.",
        "ß",
        "İ",
        long.as_str(),
        "𠮷野家",
        "\n\n\n",
        "<script>alert(1)</script>",
        "%s%s%n",
        "X9 X9 X9 X9",
    ];
    for text in odd {
        for product in [None, Some("g-001"), Some("cloud-59"), Some("no-such-thing")] {
            let answer = bot.answer(&Turn { text, lang_hint: Lang::En, product, thread: None });
            assert!(answer.confidence.is_finite(), "{text:?}");
            assert!(answer.text.is_empty() == (answer.outcome == Outcome::HumanRequest), "{text:?}");
        }
        assert!(bot.suggest(text, Lang::Zh, 4).len() <= 4);
    }
    let plea = format!("{} 转人工", "我的宽带坏了".repeat(100));
    assert_eq!(ask(&bot, &plea).outcome, Outcome::HumanRequest);
}

#[test]
fn suggestions_complete_what_is_typed_by_characters_words_or_sound() {
    let bot = Bot::train(common::demo());
    let ids = |typed: &str, lang: Lang| -> Vec<String> { bot.suggest(typed, lang, 4).into_iter().map(|suggestion| suggestion.id).collect() };
    assert!(ids("怎么充", Lang::Zh).contains(&"kb-041".to_owned()));
    assert!(ids("liuliang", Lang::Zh).iter().any(|id| ["kb-013", "kb-014", "kb-015", "kb-016"].contains(&id.as_str())));
    assert!(ids("how do I top", Lang::En).contains(&"kb-041".to_owned()));
    assert!(ids("points exp", Lang::En).contains(&"kb-053".to_owned()));
    assert!(ids("怎", Lang::Zh).is_empty());
    assert!(ids("zzzzqq", Lang::En).is_empty());
    assert_eq!(bot.suggest("怎么", Lang::Zh, 4).len(), 4);
    assert!(bot.suggest("流量", Lang::En, 4).iter().all(|suggestion| suggestion.text.is_ascii()));
}

#[test]
fn a_search_finds_answers_by_words_misspellings_and_other_words_for_the_same() {
    let bot = Bot::train(common::demo());
    let ids = |text: &str, lang: Lang| -> Vec<String> { bot.search(text, lang, 5).into_iter().map(|hit| hit.id).collect() };
    for (text, lang, id) in [
        ("漫游费", Lang::Zh, "kb-023"),
        ("慢游费", Lang::Zh, "kb-023"),
        ("发票", Lang::Zh, "kb-036"),
        ("roaming", Lang::En, "kb-022"),
        ("raoming", Lang::En, "kb-022"),
        ("invoice", Lang::En, "kb-036"),
        ("how do I get my bill", Lang::Zh, "kb-028"),
    ] {
        assert!(ids(text, lang).contains(&id.to_owned()), "{text}: {:?}", ids(text, lang));
    }
    assert!(ids("帮我写一首诗", Lang::Zh).is_empty() && ids("x", Lang::En).is_empty() && ids("", Lang::Zh).is_empty());
    let bill = bot.search("how do I get my bill", Lang::Zh, 5).into_iter().find(|hit| hit.id == "kb-028");
    assert_eq!(bill.map(|hit| hit.question).as_deref(), Some("怎么查询我的话费账单？"));
    assert!(bot.rewordings("移动电话多少钱").contains(&"手机多少钱".to_owned()));
    assert!(bot.rewordings("zzz").is_empty());
}

#[test]
fn a_tenants_own_property_is_answered_by_its_label() {
    let mut knowledge = common::demo();
    let Some(product) = knowledge.products.iter_mut().find(|product| product.id == "g-001") else { panic!("g-001 is missing") };
    product.attributes.push(bot::Attribute {
        key: "antenna".to_owned(),
        label: bilingual("天线数量", "Antennas"),
        value: bilingual("6", "6"),
        unit: "".to_owned(),
    });
    let bot = Bot::train(knowledge);
    assert_eq!(ask(&bot, "X9 Pro 的天线数量").text, "澈岚 X9 Pro 的天线数量：6。");
    assert_eq!(ask(&bot, "how many antennas does the X9 Pro have?").text, "Antennas of the Trelan X9 Pro: 6.");
}

#[test]
fn similar_wordings_may_be_missing_on_one_side() {
    let mut knowledge = shop();
    knowledge.entries[1].similar = Wordings { zh: vec!["车停哪里".to_owned()], en: Vec::new() };
    knowledge.entries[2].question.en.clear();
    let bot = Bot::train(knowledge);
    assert_eq!(ask(&bot, "车停哪里？").source.map(|source| source.id).as_deref(), Some("parking"));
    assert!(ask(&bot, "are dogs allowed inside").source.is_none_or(|source| source.id != "pets"));
}
