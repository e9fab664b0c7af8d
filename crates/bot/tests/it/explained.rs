//! The explanation of an answer, and the grouping of lines that ask the same question.

use std::sync::OnceLock;

use bot::Rule;
use bot::{Bot, Lang, Outcome, Turn};

use crate::common::demo;

fn bot() -> &'static Bot {
    static BOT: OnceLock<Bot> = OnceLock::new();
    BOT.get_or_init(|| Bot::train(demo()))
}
fn turn(text: &str) -> Turn<'_> {
    Turn { text, lang_hint: Lang::Zh, product: None, thread: None }
}

#[test]
fn the_explanation_tells_the_answer_that_is_given() {
    for text in
        ["怎么更换套餐？", "想把套餐换便宜点", "你好", "转人工", "月球上有信号吗", "???", "how do I switch my plan to a cheaper one", "Trelan X9 多少钱"]
    {
        let told = bot().explain(&turn(text), 3);
        assert_eq!(told.answer, bot().answer(&turn(text)), "{text}");
        assert!(told.candidates.len() <= 3 && told.limits.likely <= told.limits.surely_covered, "{text}");
    }
}

#[test]
fn the_rule_that_decided_is_named() {
    for (text, rule) in [
        ("怎么更换套餐", Rule::WordForWord),
        ("你好", Rule::SmallTalk),
        ("转人工", Rule::AsksForPerson),
        ("？？", Rule::NothingSaid),
        ("帮我写一首诗", Rule::Unknown),
    ] {
        assert_eq!(bot().explain(&turn(text), 3).rule, rule, "{text}");
    }
}

#[test]
fn scores_fall_and_stand_on_the_scale_of_the_limits() {
    for text in ["我想换一个便宜的套餐", "宽带装机师傅没来", "how can I cancel my broadband", "帮我写一首诗"] {
        let told = bot().explain(&turn(text), 3);
        let scores: Vec<f32> = told.candidates.iter().map(|one| one.score).collect();
        assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "{text} {scores:?}");
        assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{text} {scores:?}");
        match told.answer.outcome {
            Outcome::Confident => assert!(scores[0] >= told.limits.sure && told.covered >= told.limits.surely_covered, "{text}"),
            Outcome::DidYouMean => assert!(told.covered >= told.limits.likely || scores[0] >= told.limits.sure, "{text}"),
            Outcome::NoAnswer => assert!(told.covered < told.limits.likely, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn the_words_that_were_shared_are_named() {
    let told = bot().explain(&turn("新套餐什么时候才能换"), 3);
    let first = &told.candidates[0];
    assert!(!first.nearest.is_empty());
    assert!(first.shared.iter().chain(&first.synonyms).any(|word| word.contains("套餐") || word.contains('换')), "{first:?}");
}

#[test]
fn a_new_wording_that_another_entry_answers_is_noticed() {
    let knowledge = demo();
    let entry = &knowledge.entries[1];
    let clash = bot().similar(&entry.question.zh, Lang::Zh, None, 3);
    assert_eq!(clash.first().map(|one| one.id.as_str()), Some(entry.id.as_str()));
    let others = bot().similar(&entry.question.zh, Lang::Zh, Some(&entry.id), 3);
    assert!(others.iter().all(|one| one.id != entry.id));
    assert!(bot().similar("帮我写一首诗", Lang::Zh, None, 3).is_empty());
    assert!(bot().similar("  ", Lang::Zh, None, 3).is_empty());
}

#[test]
fn lines_that_ask_the_same_come_together() {
    let lines = [
        ("副卡能不能单独充话费", Lang::Zh),
        ("月球上有信号吗", Lang::Zh),
        ("副卡能不能单独充话费？", Lang::Zh),
        ("副卡可以单独充话费吗", Lang::Zh),
        ("is there signal on the moon", Lang::En),
        ("月球有没有信号", Lang::Zh),
    ];
    assert_eq!(bot().alike(&lines), [vec![0, 2, 3], vec![1, 5], vec![4]]);
    assert_eq!(bot().alike(&[]), Vec::<Vec<usize>>::new());
}
