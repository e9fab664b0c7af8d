//! A company that sells other things in another currency.

use bot::{Answer, Bot, Knowledge, Lang};

use crate::talk::Talk;

const SHOP: &str = include_str!("../../../../demo/shop/goods.json");

fn shop() -> Bot {
    let entries = include_str!("../../../../demo/shop/knowledge.jsonl");
    let thesaurus = include_str!("../../../../demo/shop/synonyms.json");
    let (plans, graph) = (include_str!("../../../../demo/shop/plans.json"), include_str!("../../../../demo/shop/graph.json"));
    Bot::train(Knowledge::parse(&[entries], thesaurus, SHOP, plans, graph).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn prices_are_in_the_companys_currency_and_read_in_it() {
    let bot = shop();
    let said = |lang, text: &str| Talk::new(&bot, lang).say(text).text;
    assert!(said(Lang::Zh, "书桌 120 多少钱").contains("229 新元"));
    assert!(said(Lang::En, "How much is the Perch Desk 120").contains("S$229"));
    assert!(said(Lang::En, "desks under S$250").contains("Perch Desk 120: S$229"));
    for text in ["200 新元以内的家具", "S$200 以内的家具", "200块以内的家具"] {
        let answer = Talk::new(&bot, Lang::Zh).say(text);
        assert_eq!(ids(&answer), ["g-031", "g-032", "g-035", "g-036"], "{text}");
        assert!(answer.text.contains("45 新元") && !answer.text.contains("¥"), "{}", answer.text);
    }
}

#[test]
fn what_the_company_sells_is_found_by_its_categories_and_by_what_its_names_end_with() {
    let bot = shop();
    for (lang, text, found) in [
        (Lang::Zh, "最便宜的书桌", &["g-033"][..]),
        (Lang::Zh, "最便宜的灯", &["g-018"]),
        (Lang::Zh, "最便宜的枕头", &["g-005"]),
        (Lang::Zh, "最贵的锅", &["g-008"]),
        (Lang::Zh, "柜子有哪些", &["g-024"]),
        (Lang::Zh, "床品有哪些", &["g-001", "g-002", "g-003", "g-004", "g-005", "g-006"]),
        (Lang::En, "cheapest desk", &["g-033"]),
        (Lang::En, "the cheapest pillow", &["g-005"]),
        (Lang::En, "which kitchen things do you have", &["g-007", "g-008", "g-009", "g-010", "g-011", "g-012"]),
        (Lang::En, "how much is the wok", &["g-009"]),
    ] {
        assert_eq!(ids(&Talk::new(&bot, lang).say(text)), found, "{text}");
    }
    assert_eq!(Talk::new(&bot, Lang::Zh).say("有沙发吗").text, "我们不卖沙发。");
    assert_eq!(Talk::new(&bot, Lang::En).say("do you have sofas").text, "We do not sell sofas.");
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.items.iter().map(|item| item.id.as_str()).collect()
}
