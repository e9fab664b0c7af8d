//! How well the bot understands wordings that it has not seen: each wording of the demo's entries is left out once, the bot is trained on the rest and asked
//! the one that was left out. These wordings were written to differ from each other, so the required floors are low; real lines score better.

use crate::common;
use bot::fitting::{FOLDS, without_wording};
use bot::{Bot, Outcome, Turn};

#[derive(Debug, Default)]
struct Shares {
    lines: f32,
    first: f32,
    three: f32,
    right: f32,
    wrong: f32,
    helped: f32,
}

#[test]
fn unseen_wordings_find_their_entry() {
    let knowledge = common::demo();
    let mut shares = [Shares::default(), Shares::default()];
    for fold in 0..FOLDS {
        let (reduced, out) = without_wording(&knowledge, fold);
        let bot = Bot::train(reduced);
        for lang in common::LANGS {
            let share = &mut shares[lang as usize];
            for (at, line) in &out[lang as usize] {
                let entry = &knowledge.entries[*at];
                let (ids, _) = bot.ranked_ids(line, lang);
                let answer = bot.answer(&Turn { text: line, lang_hint: lang, product: None, thread: None });
                let right = answer.source.as_ref().is_some_and(|source| source.id == entry.id);
                let offered = answer.options.iter().any(|option| option.id == entry.id);
                let answered = answer.outcome == Outcome::Confident;
                share.lines += 1.0;
                share.first += f32::from(u8::from(ids[0] == entry.id));
                share.three += f32::from(u8::from(ids[..3].contains(&entry.id.as_str())));
                share.right += f32::from(u8::from(answered && right));
                share.wrong += f32::from(u8::from(answered && !right));
                share.helped += f32::from(u8::from((answered && right) || offered));
            }
        }
    }
    for (lang, share) in common::LANGS.iter().zip(&shares) {
        let of = |value: f32| value / share.lines;
        println!(
            "{}: {} lines, top-1 {:.3}, top-3 {:.3}, answered right {:.3}, answered wrong {:.3}, helped {:.3}",
            lang.tag(),
            share.lines,
            of(share.first),
            of(share.three),
            of(share.right),
            of(share.wrong),
            of(share.helped)
        );
    }
    let [zh, en] = shares.map(|s| [s.first, s.three, s.right, s.helped].map(|value| value / s.lines));
    assert!(zh[0] >= 0.62 && zh[1] >= 0.81, "Chinese top-1 {} top-3 {}", zh[0], zh[1]);
    assert!(en[0] >= 0.57 && en[1] >= 0.78, "English top-1 {} top-3 {}", en[0], en[1]);
    // some of these lines are answered from goods and plans instead of the entry that tells the same
    assert!(zh[2] >= 0.49 && zh[3] >= 0.70, "Chinese right {} helped {}", zh[2], zh[3]);
    assert!(en[2] >= 0.40 && en[3] >= 0.67, "English right {} helped {}", en[2], en[3]);
}

#[test]
fn lines_about_other_things_are_seldom_answered() {
    let bot = Bot::train(common::demo());
    for lang in common::LANGS {
        let (mut lines, mut answered) = (0, Vec::new());
        for line in include_str!("../data/out_of_scope.tsv").lines() {
            let Some((tag, text)) = line.split_once('\t') else { panic!("no tab in {line:?}") };
            if bot::Lang::from_tag(tag) != lang {
                continue;
            }
            lines += 1;
            let answer = bot.answer(&Turn { text, lang_hint: lang, product: None, thread: None });
            if matches!(answer.outcome, Outcome::Confident | Outcome::Attribute) {
                answered.push(text);
            }
        }
        println!("{}: {} of {lines} answered", lang.tag(), answered.len());
        assert!(lines >= 75 && answered.len() * 100 <= lines * 18, "{}: {answered:?}", lang.tag());
    }
}
