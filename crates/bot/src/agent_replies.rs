//! Finds the reply by which agents answer a question: what they said first that was more than a courtesy, and of several such replies the one most like the others.

use std::collections::BTreeMap;

use crate::small_talk::{Reading, read};
use crate::text::{Lang, detect, normalise, skeleton, tokens};

/// The fewest characters of a Chinese sentence that says something.
const LEAST_HAN: usize = 8;
/// The fewest words of an English sentence that says something.
const LEAST_WORDS: usize = 5;
/// Messages in a row that are read as one reply.
const IN_A_ROW: usize = 3;
/// The longest reply, in characters, that is proposed as an answer.
const LONGEST: usize = 2_000;

/// What agents say besides the answer: who they are, that they look something up, how they say goodbye.
const COURTESIES: [&[&str]; 2] = [
    &[
        "为您服务",
        "为你服务",
        "很高兴",
        "工号",
        "请稍等",
        "稍等",
        "等一下",
        "等我",
        "我看一下",
        "我看看",
        "看一下",
        "帮您查",
        "帮你查",
        "帮您看",
        "帮你看",
        "查一下",
        "我查",
        "请问还有",
        "还有其他",
        "还有什么",
        "还需要",
        "祝您",
        "祝你",
        "不客气",
        "抱歉",
        "不好意思",
        "久等",
        "感谢您",
        "感谢你",
        "收到了吗",
        "请问有什么",
        "有什么可以",
        "您贵姓",
        "在的",
    ],
    &[
        "my name is",
        "this is",
        "how can i help",
        "how may i help",
        "one moment",
        "just a moment",
        "moment please",
        "bear with me",
        "let me check",
        "let me look",
        "let me see",
        "i will check",
        "i'll check",
        "i'll look",
        "i will look",
        "looking into",
        "checking",
        "hold on",
        "thank you for",
        "thanks for",
        "anything else",
        "have a nice",
        "have a good",
        "you're welcome",
        "you are welcome",
        "my pleasure",
        "sorry for",
        "apologies",
        "i'm sorry",
        "i am sorry",
        "happy to help",
        "glad to help",
    ],
];

/// What was said after a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    /// Whether an agent said it; otherwise it was the customer.
    pub by_agent: bool,
    /// The text.
    pub text: &'a str,
}

/// A reply of an agent without its courtesies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The position of the message with which it begins.
    pub at: usize,
    /// Its text.
    pub text: String,
}

/// The first reply of an agent that says something, with what the same agent adds to it before the customer speaks again; `None` if there is none.
pub fn first_reply(said: &[Said<'_>]) -> Option<Reply> {
    let at = said.iter().position(|one| one.by_agent && substance(one.text).is_some())?;
    let row = said[at..].iter().take_while(|one| one.by_agent).take(IN_A_ROW);
    let text = row.filter_map(|one| substance(one.text)).collect::<Vec<_>>().join("\n");
    (text.chars().count() <= LONGEST).then_some(Reply { at, text })
}

/// The position of the reply that is most like the others; of equals, the first. `None` if there are none.
pub fn most_typical(replies: &[&str]) -> Option<usize> {
    let vectors: Vec<BTreeMap<String, f32>> = replies.iter().map(|reply| vector(reply)).collect();
    let others = |at: usize| vectors.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, other)| other);
    let likeness = |at: usize| others(at).map(|other| cosine(&vectors[at], other)).sum::<f32>();
    (0..replies.len()).map(|at| (likeness(at), std::cmp::Reverse(at))).max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, at)| at.0)
}

/// What a message says besides courtesies and questions to the customer; `None` if that is nothing.
fn substance(text: &str) -> Option<String> {
    let kept: Vec<&str> = sentences(text).into_iter().filter(|sentence| says_something(sentence)).collect();
    let kept = kept.concat();
    let lang = detect(&kept)?;
    let normal = normalise(&kept);
    let is_long = match lang {
        Lang::Zh => skeleton(&normal).chars().count() >= LEAST_HAN,
        Lang::En => tokens(&normal).len() >= LEAST_WORDS,
    };
    is_long.then(|| kept.trim().to_owned())
}

/// The sentences of a text, each with the mark at its end.
fn sentences(text: &str) -> Vec<&str> {
    let (mut found, mut from) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        // A full stop inside a number or an address ends nothing.
        let ends = matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '；') || c == '.' && text[end..].chars().next().is_none_or(char::is_whitespace);
        if ends {
            found.push(&text[from..end]);
            from = end;
        }
    }
    found.push(&text[from..]);
    found
}

fn says_something(sentence: &str) -> bool {
    let normal = normalise(sentence);
    let normal = normal.trim();
    let Some(lang) = detect(normal) else { return false };
    let is_question = normal.ends_with('?');
    let is_courtesy = COURTESIES[lang as usize].iter().any(|words| normal.contains(words));
    !is_question && !is_courtesy && !matches!(read(normal, lang), Reading::Whole(_))
}

/// How often each pair of neighbouring tokens occurs, and each token.
fn vector(text: &str) -> BTreeMap<String, f32> {
    let normal = normalise(text);
    let tokens = tokens(&normal);
    let mut vector: BTreeMap<String, f32> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        *vector.entry((*token).to_owned()).or_default() += 0.5;
        if let Some(next) = tokens.get(at + 1) {
            *vector.entry(format!("{token} {next}")).or_default() += 1.0;
        }
    }
    let length = vector.values().map(|value| value * value).sum::<f32>().sqrt().max(f32::EPSILON);
    vector.values_mut().for_each(|value| *value /= length);
    vector
}

/// Added up in the order of the grams, so that it is the same from both sides.
fn cosine(a: &BTreeMap<String, f32>, b: &BTreeMap<String, f32>) -> f32 {
    a.iter().filter_map(|(gram, value)| b.get(gram).map(|other| value * other)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(text: &str) -> Said<'_> {
        Said { by_agent: true, text }
    }
    fn customer(text: &str) -> Said<'_> {
        Said { by_agent: false, text }
    }
    fn reply(said: &[Said<'_>]) -> Option<(usize, String)> {
        first_reply(said).map(|reply| (reply.at, reply.text))
    }

    #[test]
    fn courtesies_and_questions_are_passed_over() {
        let said = [
            customer("有人吗"),
            agent("您好，我是客服小周，很高兴为您服务。"),
            agent("请稍等，我帮您查一下。"),
            agent("您是在哪个城市办的卡呢？"),
            customer("临江"),
            agent("好的。异地换卡需要带身份证到营业厅办理，当天就能用。请问还有其他问题吗？"),
            agent("营业厅每天九点到十八点开门。"),
            customer("谢谢"),
            agent("不客气，祝您生活愉快！"),
        ];
        let expected = "异地换卡需要带身份证到营业厅办理，当天就能用。\n营业厅每天九点到十八点开门。";
        assert_eq!(reply(&said), Some((5, expected.to_owned())));
        let said = [
            agent("Hello, my name is Max. How can I help you?"),
            agent("One moment please, let me check that."),
            agent("Sure. You can swap the card at any shop, it costs 10 yuan and takes 5.5 minutes."),
        ];
        assert_eq!(reply(&said), Some((2, "You can swap the card at any shop, it costs 10 yuan and takes 5.5 minutes.".to_owned())));
    }

    #[test]
    fn where_nobody_answered_there_is_no_reply() {
        for said in [
            &[][..],
            &[customer("在吗，异地怎么换卡，急急急急急急")],
            &[agent("您好，请问有什么可以帮您？"), agent("好的")],
            &[agent("？？？"), agent("ok thanks")],
        ] {
            assert_eq!(reply(said), None, "{said:?}");
        }
        let endless = "换卡要带身份证。".repeat(400);
        assert_eq!(reply(&[agent(&endless)]), None);
    }

    #[test]
    fn of_several_replies_the_one_that_says_what_the_others_say_is_typical() {
        let replies = ["这个您打一零零一零问问吧，我不清楚", "带身份证到任何营业厅都能换卡", "异地换卡带身份证去营业厅就可以", "换卡请带身份证到营业厅"];
        assert!(most_typical(&replies).is_some_and(|at| at > 0));
        assert_eq!(most_typical(&["only one"]), Some(0));
        assert_eq!(most_typical(&[]), None);
    }
}
