//! Lines that refuse things of a kind: "不要贵的", "not the big one".

use crate::text::{Lang, list};

/// Words with which a line begins that refuses something, in Chinese and English.
const REFUSES: [&str; 2] = [
    "不要|不想要|不买|不想买|不考虑|不喜欢|别要|别买|别给我|别推荐",
    "not the|not a|not an|not too|not so|nothing|i don't want|i dont want|i do not want|don't want|i don't like|don't show me|no more",
];

/// Whether a normalised line says what somebody does not want a thing to be like.
pub fn refuses_such(line: &str, lang: Lang) -> bool {
    let said = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    match lang {
        Lang::Zh => {
            let said = said.trim_start_matches('我').trim_end_matches(['了', '吧', '啊', '呀', '啦', '哦', '哈']);
            list(REFUSES[0]).any(|head| said.starts_with(head)) && said.ends_with('的')
        }
        Lang::En => {
            let said = said.trim_end_matches(" please").trim_end_matches(',');
            let refuses = list(REFUSES[1]).any(|head| said.strip_prefix(head).is_some_and(|rest| rest.starts_with(' ')));
            refuses && (said.ends_with(" one") || said.ends_with(" ones") || ["nothing ", "not too ", "not so "].iter().any(|head| said.starts_with(head)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_thing_must_not_be_like_is_told_from_what_is_not_wanted_any_more() {
        for (lang, lines) in [
            (Lang::Zh, ["不要贵的", "我不想要太大的吧", "不考虑合约的"]),
            (Lang::En, ["not the big one", "nothing expensive, please", "i don't want a heavy one"]),
        ] {
            for line in lines {
                assert!(refuses_such(line, lang), "{line}");
            }
        }
        for (lang, lines) in [(Lang::Zh, ["不要了", "不要发票", "贵的有吗"]), (Lang::En, ["i don't want it any more", "nothing", "the big one"])] {
            for line in lines {
                assert!(!refuses_such(line, lang), "{line}");
            }
        }
    }
}
