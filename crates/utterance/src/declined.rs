//! Lines that decline a person: "I don't need anybody", "不用转人工，告诉我怎么充值". Their words are those of a wish for a person, and they wish for none.

use crate::short::{self, Short};
use crate::text::{is_han, list, normal_of, tokens};

/// Words that decline what follows.
const DECLINES: [&str; 2] = [
    "不用|不要|不需要|不想|不想要|别|先别|不必|无需|不找|不转|不接|没必要|先不|先不用|暂时不用|暂时不|用不着|犯不着|不打算|不考虑",
    "don't|dont|do not|not|no need|rather not|never|didn't|didnt|won't|needn't|without|no need for",
];
/// Words for somebody.
const PEOPLE: [&str; 2] = [
    "人工|人工客服|人工服务|真人|真人客服|客服|客服人员|人|工作人员|活人|坐席|专员",
    "person|people|human|humans|agent|agents|someone|somebody|anyone|anybody|staff|representative|rep|reps|operator|advisor|adviser|colleague|persons",
];
/// What may stand beside them.
const BESIDE: [&str; 2] = [
    "我|咱|俺|你|您|也|就|都|先|再|还|转|转接|接|找|叫|跟|和|与|说话|说|聊|谈|联系|打扰|麻烦|要|请|给我|帮我|帮忙|了|的|吧|啊|呀|哈|一下|过来|来|个|位|什么|其他|别的|谢谢|唉|哎|嗯|哦",
    "i|i'd|id|i'm|im|i've|want|wanted|need|needed|to|talk|speak|chat|with|a|an|any|the|your|real|live|actual|for|please|you|get|call|me|put|through|connect|transfer|ask|asked|asking|would|like|thanks|really|just|yet|bother|send|find|involve|at|now|all|right|oh|ugh|said|say|that|it's|it|hey",
];
/// Where something else begins without a mark between.
const BEGINS: [&str; 2] = [
    "直接|告诉我|你告诉|我想|我要问|我要查|帮我查|帮我看|怎么|如何|就想|你就|请问|只要|只想",
    "just|tell|how|what|what's|where|where's|when|why|i|can|could|my|is|do|does",
];

/// What a normalised line says after it has declined a person, which may be nothing; `None` if it declines none.
pub fn after_declining(normal: &str) -> Option<&str> {
    let mut rest = normal;
    let mut declined = false;
    while let Some((clause, after)) = first_clause(rest) {
        if is_declined(clause) {
            declined = true;
        } else if let Some(at) = breaks(clause).find(|at| is_declined(&clause[..*at])) {
            return Some(&rest[rest.find(clause)? + at..]);
        } else if declined || !says_no(clause) {
            break;
        }
        rest = after;
    }
    declined.then(|| rest.trim())
}

/// Whether a line declines a person and says nothing else.
pub(crate) fn is_only_that(text: &str) -> bool {
    after_declining(&normal_of(text)).is_some_and(|rest| !rest.chars().any(char::is_alphanumeric))
}

/// Whether a part of a line names somebody who is to answer.
pub(crate) fn names_somebody(part: &str) -> bool {
    let words = tokens(part);
    if part.chars().any(is_han) { list(PEOPLE[0]).any(|word| part.contains(word)) } else { list(PEOPLE[1]).any(|word| words.contains(&word)) }
}

fn says_no(clause: &str) -> bool {
    matches!(short::read(clause), Some(Short::No | Short::Drop | Short::NoneOfThem))
}

/// The first clause that says anything, and what follows it.
fn first_clause(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(short::is_end).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The places in a clause at which something else may begin.
fn breaks(clause: &str) -> impl Iterator<Item = usize> {
    let is_zh = clause.chars().any(is_han);
    clause.char_indices().map(|(at, _)| at).filter(move |at| {
        let (before, after) = clause.split_at(*at);
        let begins = |word: &str| after.strip_prefix(word).is_some_and(|rest| is_zh || rest.starts_with(' '));
        *at > 0 && (is_zh || before.ends_with(' ')) && list(BEGINS[usize::from(!is_zh)]).any(begins)
    })
}

/// Whether each word of a clause declines, names somebody, or may stand beside that, with the refusal before the somebody.
fn is_declined(clause: &str) -> bool {
    let is_zh = clause.chars().any(is_han);
    let lang = usize::from(!is_zh);
    let words: Vec<&str> = tokens(clause);
    let spoken = if is_zh { words.concat() } else { words.join(" ") };
    let mut rest = spoken.as_str();
    let (mut declines, mut person) = (false, false);
    while !rest.is_empty() {
        let longest = |words: &'static str| {
            let whole = |word: &&str| rest.strip_prefix(*word).is_some_and(|after| is_zh || after.is_empty() || after.starts_with(' '));
            list(words).filter(whole).map(str::len).max().unwrap_or(0)
        };
        // "no person", and not "no, I need a person"
        let bare_no = ["no ", "no real ", "no live "].iter().find(|no| {
            !is_zh && rest.strip_prefix(**no).is_some_and(|after| list(PEOPLE[1]).any(|word| after == word || after.starts_with(&format!("{word} "))))
        });
        let [no, somebody, beside] = [longest(DECLINES[lang]).max(bare_no.map_or(0, |no| no.len() - 1)), longest(PEOPLE[lang]), longest(BESIDE[lang])];
        let length = no.max(somebody).max(beside);
        if length == 0 {
            return false;
        }
        if no == length {
            declines |= !person;
        } else if somebody == length {
            person |= declines;
            if !declines {
                return false;
            }
        }
        rest = rest[length..].trim_start();
    }
    declines && person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_declined_whatever_else_is_said() {
        let mut wrong: Vec<String> = Vec::new();
        for (text, rest) in [
            ("don't want a person. where's my sim, how do i track it", "where's my sim, how do i track it"),
            ("no, i don't need anyone. how do i top up", "how do i topup"),
            ("no need for a person just tell me how to top up", "just tell me how to topup"),
            ("no agent please, what's my balance", "what's my balance"),
            ("i'd rather not talk to a human", ""),
            ("不用转人工，告诉我怎么充值", "告诉我怎么充值"),
            ("先别转人工客服，我想查流量", "我想查流量"),
            ("不需要人工直接告诉我怎么查流量", "直接告诉我怎么查流量"),
            ("我不想跟人说话", ""),
        ] {
            let normal = normal_of(text);
            let found = after_declining(&normal).map(|rest| rest.trim_start_matches([',', '，', '.', ' ']));
            if found != Some(rest) {
                wrong.push(format!("{text}: {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn who_wants_a_person_declines_none() {
        let mut wrong: Vec<String> = Vec::new();
        for text in "no, a person please|no i need a person|don't you have a person|i want a person not a bot|why can't i talk to a person|a person, don't make me wait|不要机器人要人工|不要人工智能，我要人工|怎么不转人工|不转人工我就投诉|没有人工吗|别再让我等了转人工|人工，别废话|not a person in sight".split('|') {
            if let Some(rest) = after_declining(&normal_of(text)) { wrong.push(format!("{text}: {rest}")); }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
