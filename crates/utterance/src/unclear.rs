//! Whether a line says that the last answer was not understood, and what that answer says first.

use crate::text::{Lang, list, tokens};

/// Words that say that an answer was not understood, or ask for it in simpler ones.
const UNCLEAR_ZH: &str = "没听懂|没听明白|听不懂|听不明白|没看懂|没看明白|看不懂|看不明白|没明白|不明白|没懂|不懂|没太懂|没太明白|没太听懂|没太看懂|没太听明白|没太看明白|没怎么懂|没怎么听懂|没怎么看懂|没怎么明白|不太懂|不太明白|不大懂|不大明白|不是很懂|不是很明白|没搞懂|没搞明白|没弄懂|没弄明白|搞不懂|弄不懂|听得云里雾里|云里雾里|一头雾水|什么意思|啥意思|简单点|简单些|简单一点|通俗点|通俗一点|再说一遍|再说一次|再讲一遍|说人话|讲人话|明白点|明白些|清楚点|清楚些|解释一下|解释下|再解释";
/// The same in English.
const UNCLEAR_EN: &str = "don't understand|dont understand|do not understand|didn't understand|didnt understand|did not understand|can't understand|cant understand|couldn't understand|don't get it|dont get it|don't get that|dont get that|didn't get that|didnt get that|don't get what you mean|don't follow|dont follow|not following|didn't follow|didn't catch that|didnt catch that|not with you|lost me|what do you mean|what d'you mean|what does that mean|what does this mean|what does it mean|wdym|confused|confusing|not clear|isn't clear|unclear|say that again|come again|pardon|simpler|more simply|simple words|simple terms|plain english|layman's terms|explain";
/// Words beside these that ask for nothing else.
const BESIDE_UNCLEAR_ZH: &str = "不好意思|对不起|抱歉|我还是|还是|刚才|上面|有点儿|有点|有些|一下|能不能|可不可以|可以|麻烦|到底|真的|完全|根本|什么|这段|这句|这个|这些|那个|那句|那段|回答|答案|一点|内容|意思|我|还|是|你|您|说|讲|的|得|这|那|话|点|呢|啊|吧|呀|吗|嘛|哦|嗯|啥|能|请|帮|再|真|太|都|了|哈|呃|额|唉";
/// The same in English.
const BESIDE_UNCLEAR_EN: &str = "i|i'm|im|am|i'd|still|sorry|but|to|this|that|it|it's|its|that's|thats|bit|a|really|quite|very|too|so|you|you've|youve|can|could|please|pls|in|is|was|the|your|answer|what|well|just|all|at|of|any|oh|no|put|say|said|saying|use|make|again|me|here|part|ok|okay|hmm|um|er|means|by|and|for|us|once|more|better|we|way|would|be|do|explain|one|time";

/// Whether a line says no more than that the last answer was not understood: by the customer, and not by the bot.
pub fn is_unclear(normal: &str, lang: Lang) -> bool {
    let words = tokens(normal);
    let (cores, beside) = if lang == Lang::Zh { (UNCLEAR_ZH, BESIDE_UNCLEAR_ZH) } else { (UNCLEAR_EN, BESIDE_UNCLEAR_EN) };
    if words.len() > 20 {
        return false;
    }
    let line = if lang == Lang::Zh { words.concat() } else { format!(" {} ", words.join(" ")) };
    let spelt = |word: &str| if lang == Lang::Zh { word.to_owned() } else { format!(" {word} ") };
    let longest = |words: &'static str| {
        let mut words: Vec<String> = list(words).map(spelt).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    };
    let Some((at, core)) = longest(cores).into_iter().find_map(|core| Some((line.find(&core)?, core))) else { return false };
    let before = line[..at].trim_end();
    // "you don't understand", "你没听懂": that is a complaint
    let blames_bot = match lang {
        Lang::Zh => {
            core.contains(['懂', '明']) && !core.contains('点') && before.trim_end_matches(['还', '是', '都', '也', '就', '真']).ends_with(['你', '您'])
        }
        Lang::En => before.ends_with(" you") && ["understand", "get", "follow"].iter().any(|word| core.contains(word)),
    };
    let mut rest = format!("{} {}", &line[..at], &line[at + core.len()..]);
    if lang == Lang::En {
        rest = format!(" {} ", rest.split_whitespace().collect::<Vec<_>>().join("  "));
    }
    for word in longest(beside) {
        rest = rest.replace(&word, " ");
    }
    !blames_bot && rest.trim().is_empty()
}

/// The first sentence of an answer; of a list, with the first of its steps.
pub fn first_sentence(text: &str) -> &str {
    let ends = text.char_indices().filter(|(at, c)| match c {
        '。' | '！' | '？' => true,
        '.' | '!' | '?' => {
            // "1. Ask a person here" begins with a number
            let is_number = text[..*at].ends_with(|c: char| c.is_ascii_digit());
            !is_number && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
        }
        '\n' => !text[..*at].trim_end().ends_with(['：', ':']),
        _ => false,
    });
    let end = ends.map(|(at, c)| at + c.len_utf8()).next().unwrap_or(text.len());
    text[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_of_a_list_has_its_first_step() {
        for (text, first) in [
            ("重启光猫。再试一次。", "重启光猫。"),
            ("更换套餐由客服登记：\n1. 在这里找人工，说想换成哪一款。\n2. 核对身份。", "更换套餐由客服登记：\n1. 在这里找人工，说想换成哪一款。"),
            ("1. Ask a person here, at 8.30 or later.\n2. Pay.", "1. Ask a person here, at 8.30 or later."),
            ("No stop at all", "No stop at all"),
            ("", ""),
        ] {
            assert_eq!(first_sentence(text), first);
        }
    }
}
