//! What a line refuses: "我不想销户，只想停机", "any phone other than the X9", "不要折叠屏的". It is taken out of what is looked for before anything is ranked or
//! selected.

use std::ops::Range;

use crate::text::{Lang, is_han, list};

/// How something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is not what is wanted, or not what is meant: "不想…", "not about the …".
    Wish,
    /// It is left out of a set: "除了…", "other than …".
    Except,
    /// What is wanted must not have it: "不带…", "without …".
    Lack,
}

/// Something that a line refuses, as byte ranges of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The words that refuse.
    pub no: Range<usize>,
    /// What they refuse; never empty.
    pub what: Range<usize>,
    /// How.
    pub kind: Kind,
}

/// The words that refuse what follows them.
const BEFORE: [[(Kind, &str); 3]; 2] = [
    [
        (
            Kind::Wish,
            "不想要|不想买|不想|不要|不买|不考虑|不喜欢|不选|不打算|没想|别给我推荐|别给我看|别给我|别推荐|别要|别买|别选|不是要|不是想|不是问|不是说|不是想问|不是要问|不是|\
我没问|不想问|用不着|不需要",
        ),
        (Kind::Except, "除了|除开|除去|除"),
        (Kind::Lack, "不带|不含|不支持|没有|非"),
    ],
    [
        (
            Kind::Wish,
            "don't want to|dont want to|do not want to|don't wanna|don't want|dont want|do not want|didn't want|not interested in|don't need|dont need|do not need|\
don't show me|dont show me|don't like|dont like|not looking for|not looking to|not asking about|not asking for|not asking how to|not trying to|didn't mean|don't mean|\
did not mean|do not mean|not talking about|isn't about|isn't the|isn't a|isn't that|not about|not to|not the|not a|not an|not my|not",
        ),
        (Kind::Except, "other than|except for|except|excluding|apart from|aside from|anything but|everything but|all but|but not"),
        (
            Kind::Lack,
            "without|with no|doesn't have|doesn't do|doesn't support|don't have a|don't support|mustn't be|mustn't have|shouldn't be|shouldn't have|that doesn't have|that don't have|that doesn't need|that isn't|that aren't|non|no",
        ),
    ],
];

/// The words that refuse what stands before them in their clause, in Chinese: how, and whether only at its end.
const BEHIND: [(Kind, &str, bool); 3] =
    [(Kind::Except, "除外|以外|之外", false), (Kind::Wish, "不算|不要|不考虑|就算了|就不用了", true), (Kind::Except, "不算在内", false)];

/// Words that hold letters of a refusal and are none.
const NONE_ZH: &str = "有没有|不要钱|不要紧|非常|非要|非得|除夕|扫除|删除|解除|消除|免除|不是吗|不是么|并非|没有用|没有反应|没有信号|没有网|没有收到|没有到";

/// Where what is refused ends within a clause.
const ENDS: [&str; 2] = [
    "而是|能退|能换|能取消|能不能|能提前|可以退|可以换|可以取消|想退|想换|帮我|换成|改成| 要|只想|只要|想要|我要|我想|要的是|是想|是问|还有|还能|有没有|有什么|有哪些|有啥|的话|哪|怎么|多少|以外|之外|就行|除外",
    "but|just|only|i|i'd|i'm|im|it's|its|we|what|which|how|where|when|why|do|does|can|could|is|are|please|pls|under|over|below|above|with|that|who|if|because|as|\
instead|rather|thanks|around|between|have|any",
];

/// What a contrast turns with in Chinese, behind what it is not: "不是停机是销户".
const TURN_ZH: &str = "是";

/// How what is wanted begins behind what is not.
const TURNS_ZH: &str = "我要|我想|我只|只想|只要|只是|而是|是想|是要|是问|是|想|要|改|就";
const TURNS_EN: &str = "i want|i just|just|but|it's|its|i need|i meant|i mean|i'd|rather|instead|only|i'm";

/// English words behind "not" and "no" that tell of a fault, a doubt or a degree.
const FAULTS: &str = "able|sure|yet|really|at|bad|enough|good|great|available|possible|only|just|much|many|too|very|so|happy|received|get|got|even|be|been|have|as|all|always|in|on|\
here|there|there's|less|fewer|bigger|larger|heavier|higher|longer|cheaper|smaller|lower|shorter|lighter|greater|over|under|above|below|later|older|now|long|one|luck|idea|problem|worries|way|signal|service|internet|network|connection|wifi|sound|picture|reception|answer|reply|response|thanks|more|longer|matter";

/// English words before "not" that make it tell of a fault or a doubt.
const TELLING: &str =
    "is|are|was|were|does|do|did|can|could|will|would|has|have|had|am|i'm|im|or|if|why|it's|its|he's|she's|that's|still|should|may|might|must";

/// Particles at the end of what is refused.
const PARTICLES: [char; 12] = ['了', '吧', '啊', '呀', '啦', '哦', '哈', '呢', '嘛', '的', '吗', '么'];

/// What a normalised line refuses, in its order.
pub fn refusals(normal: &str, lang: Lang) -> Vec<Refusal> {
    match lang {
        Lang::Zh if normal.contains(['不', '别', '没', '除', '非', '外', '算']) => chinese(normal),
        Lang::En if normal.contains("n't") || normal.contains("no") || normal.contains("ex") || normal.contains("than") || normal.contains("dont") => {
            english(normal)
        }
        Lang::En if ["apart", "aside", "but", "without"].iter().any(|word| normal.contains(word)) => english(normal),
        Lang::Zh | Lang::En => Vec::new(),
    }
}

/// A line without what it refuses and the words that refuse it.
pub fn remainder(normal: &str, refusals: &[Refusal]) -> String {
    let mut rest = String::with_capacity(normal.len());
    let is_refused = |at: usize| refusals.iter().any(|refusal| refusal.no.contains(&at) || refusal.what.contains(&at));
    normal.char_indices().filter(|(at, _)| !is_refused(*at)).for_each(|(_, c)| rest.push(c));
    rest
}

/// The clauses of a line, as byte ranges.
fn clauses(normal: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in normal.match_indices([',', '.', ':', '，', '：', '。', '?', '？', '!', '！', ';', '；', '(', ')', '（', '）', '\n']) {
        // 3,000 is one number
        let within = normal[..at].ends_with(|c: char| c.is_ascii_digit()) && normal[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit());
        if !within {
            out.push(start..at);
            start = at + mark.len();
        }
    }
    out.push(start..normal.len());
    out
}

/// Whether a line that refuses something says what it wants in its place: "不想销户，只想停机", "suspend, not cancel".
pub fn is_contrast(normal: &str, refusal: &Refusal) -> bool {
    let turns = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_start_matches('了');
        let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        list(TURNS_ZH).any(|word| rest.starts_with(word)) || list(TURNS_EN).any(|word| rest.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
    };
    let behind = normal[refusal.what.end..].trim_end_matches(|c: char| !c.is_alphanumeric() || PARTICLES.contains(&c));
    let before = normal[..refusal.no.start].trim_end();
    let stands_last = behind.is_empty() && before.ends_with([',', '，', ';', '；', '。', '.']);
    stands_last || turns(behind) || refusal.kind == Kind::Wish && is_plain_contrast(normal, refusal)
}

/// "not cancel, suspend": what is meant stands alone behind what is not.
fn is_plain_contrast(normal: &str, refusal: &Refusal) -> bool {
    let no = &normal[refusal.no.clone()];
    let rest = normal[refusal.what.end..].trim_start();
    let is_short = rest.trim_start_matches(|c: char| !c.is_alphanumeric()).split_whitespace().count() <= 3 && rest.chars().count() <= 24;
    (no.starts_with("不是") || no.starts_with("not")) && rest.starts_with([',', '，', ';', '；']) && is_short
}

/// The word of a table with which a text begins, the longest.
fn opening<'a>(text: &str, table: &'a [(Kind, &'static str)]) -> Option<(Kind, &'a str)> {
    let all = table.iter().flat_map(|(kind, words)| list(words).map(move |word| (*kind, word)));
    all.filter(|(_, word)| text.starts_with(word)).max_by_key(|(_, word)| word.len())
}

fn chinese(normal: &str) -> Vec<Refusal> {
    let mut out: Vec<Refusal> = Vec::new();
    let held: Vec<Range<usize>> = list(NONE_ZH).flat_map(|word| normal.match_indices(word).map(|(at, word)| at..at + word.len())).collect();
    for clause in clauses(normal) {
        let mut at = clause.start;
        while at < clause.end {
            let Some(c) = normal[at..clause.end].chars().next() else { break };
            let next = at + c.len_utf8();
            if !matches!(c, '不' | '别' | '没' | '除' | '非' | '用' | '我' | '以' | '之' | '就')
                || held.iter().any(|word| word.contains(&at))
                || asks_either_or(&normal[..at], &normal[next..])
            {
                at = next;
                continue;
            }
            let from = out.last().map_or(clause.start, |last| last.what.end.max(clause.start));
            if let Some(found) = behind_it(normal, from..clause.end, at).or_else(|| before_it(normal, &clause, at)) {
                at = found.no.end.max(found.what.end).max(next);
                out.push(found);
            } else {
                at = next;
            }
        }
    }
    out
}

/// Whether a 不 stands between the same word twice: 算不算, 支持不支持.
fn asks_either_or(before: &str, after: &str) -> bool {
    let one = before.chars().next_back().filter(|c| is_han(*c));
    let two = before.char_indices().nth_back(1).map(|(at, _)| &before[at..]).filter(|word| word.chars().all(is_han));
    one.is_some_and(|c| after.starts_with(c)) || two.is_some_and(|word| after.starts_with(word))
}

/// A refusal of what follows.
fn before_it(normal: &str, clause: &Range<usize>, at: usize) -> Option<Refusal> {
    let (kind, word) = opening(&normal[at..clause.end], &BEFORE[0])?;
    let start = at + word.len();
    let said = &normal[start..clause.end];
    let asks = said.ends_with(['吗', '么']) || normal[clause.end..].starts_with(['?', '？']);
    // "这不是5G的吗", "没有别的了吗" ask
    if asks && (word.starts_with("不是") || kind == Kind::Lack) || normal[clause.start..at].ends_with(['能', '可', '还', '也', '都']) && kind != Kind::Except
    {
        return None;
    }
    let mut end = list(ENDS[0]).filter_map(|mark| said.find(mark)).filter(|at| *at > 0).min().unwrap_or(said.len());
    if word.starts_with("不是") {
        end = said[..end].find(TURN_ZH).filter(|at| *at > 0).unwrap_or(end);
    }
    // 不要[折叠屏]的手机: what stands behind is wanted
    let head = said[..end].find('的').filter(|of| said[of + '的'.len_utf8()..end].chars().any(is_han));
    // 没有 alone tells of a fault unless it describes a thing
    if kind == Kind::Lack && head.is_none() && !said[..end].ends_with('的') && (asks || matches!(word, "没有" | "非")) {
        return None;
    }
    let what = trimmed(&said[..head.unwrap_or(end)]);
    let is_plain = what.chars().any(char::is_alphanumeric) && !what.starts_with('了');
    // 不想用了: what is stopped is what the line is about, unless something else is wanted in its place
    let stops =
        kind == Kind::Wish && head.is_none() && said[..end].trim_end_matches(['吧', '啊', '呀', '啦']).ends_with('了') && !turns_behind(normal, clause.end);
    (is_plain && !stops).then(|| Refusal { no: at..start, what: start..start + what.len(), kind })
}

/// A refusal of what stands before it in this part of its clause.
fn behind_it(normal: &str, clause: Range<usize>, at: usize) -> Option<Refusal> {
    let (kind, word, _) = BEHIND.iter().flat_map(|(kind, words, at_end)| list(words).map(move |word| (*kind, word, *at_end))).find(|(_, word, at_end)| {
        let rest = normal[at..clause.end].strip_prefix(word);
        rest.is_some_and(|rest| !at_end || rest.trim_end_matches(['吧', '啊', '呀', '啦', '哈']).is_empty())
    })?;
    let what = trimmed(&normal[clause.start..at]);
    what.chars().any(char::is_alphanumeric).then(|| Refusal { no: at..at + word.len(), what: clause.start..clause.start + what.len(), kind })
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|c: char| PARTICLES.contains(&c) || !c.is_alphanumeric())
}

/// Whether the next clause says what is wanted instead.
fn turns_behind(normal: &str, end: usize) -> bool {
    let rest = normal[end..].trim_start_matches(|c: char| !c.is_alphanumeric());
    list(TURNS_ZH).any(|word| rest.starts_with(word))
}

fn english(normal: &str) -> Vec<Refusal> {
    let mut out: Vec<Refusal> = Vec::new();
    for clause in clauses(normal) {
        let words = words_in(normal, &clause);
        let mut place = 0;
        while place < words.len() {
            let rest = &normal[words[place].start..clause.end];
            let found = opening_words(rest).and_then(|(kind, word)| refused(normal, &words, place, kind, word));
            match found {
                Some(found) => {
                    place = words.iter().position(|word| word.start >= found.what.end).unwrap_or(words.len());
                    out.push(found);
                }
                None => place += 1,
            }
        }
    }
    out
}

fn words_in(normal: &str, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in normal[clause.clone()].char_indices().map(|(at, c)| (at + clause.start, c)).chain([(clause.end, ' ')]) {
        let inner = c.is_alphanumeric() || c == '\'' || c == '.' && normal[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        match (inner, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn opening_words(text: &str) -> Option<(Kind, &'static str)> {
    let whole = |word: &str| text[word.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '\'');
    let all = BEFORE[1].iter().flat_map(|(kind, words)| list(words).map(move |word| (*kind, word)));
    all.filter(|(_, word)| text.starts_with(word) && whole(word)).max_by_key(|(_, word)| word.len())
}

fn refused(normal: &str, words: &[Range<usize>], place: usize, kind: Kind, word: &str) -> Option<Refusal> {
    let no = words[place].start..words[place].start + word.len();
    let from = words.iter().position(|word| word.start >= no.end)?;
    let first = &normal[words[from].clone()];
    let before = place.checked_sub(1).map(|at| &normal[words[at].clone()]);
    let bare = matches!(word, "not" | "no" | "non" | "with no");
    if bare && (list(FAULTS).any(|fault| fault == first) || first.ends_with("ing")) {
        return None;
    }
    // "it is not charging"; but "it's not the bill" says what is meant
    let names_thing = matches!(word, "not the" | "not a" | "not an" | "not my" | "not about");
    let tells = before.is_some_and(|before| list(TELLING).any(|telling| telling == before));
    if tells && (word == "not" || names_thing && !before.is_some_and(|before| matches!(before, "it's" | "its" | "that's" | "im" | "i'm"))) {
        return None;
    }
    // a "not" in the middle of a clause refuses what a contrast names
    if word == "not" && place > 0 && !before.is_some_and(|before| list("but|and|please|no|sorry|then|so|by").any(|known| known == before)) {
        return None;
    }
    let ends = |word: &Range<usize>| list(ENDS[1]).any(|end| end == &normal[word.clone()]);
    let to = words[from..].iter().position(ends).map_or(words.len(), |at| from + at);
    if to == from {
        return None;
    }
    let what = words[from].start..words[to - 1].end;
    // "don't want it any more": what is stopped is what the line is about, unless something else is wanted in its place
    let said = &normal[what.clone()];
    let stops = list("any more|anymore|any longer").any(|end| normal[what.start..].contains(end)) && kind == Kind::Wish;
    let is_pointing = list("it|this|that|them|these|those|to").any(|pronoun| pronoun == said);
    (!stops && !is_pointing).then_some(Refusal { no, what, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, lang: Lang) -> Vec<(&str, Kind)> {
        refusals(line, lang).into_iter().map(|found| (&line[found.what], found.kind)).collect()
    }

    #[test]
    fn what_is_not_wanted_ends_where_something_else_begins() {
        for (line, expected) in [
            ("我不想销户，只想停机", vec![("销户", Kind::Wish)]),
            ("我不想销户了，只想停机", vec![("销户", Kind::Wish)]),
            ("不是停机是销户", vec![("停机", Kind::Wish)]),
            ("不是停机，是销户", vec![("停机", Kind::Wish)]),
            ("不要折叠屏的手机", vec![("折叠屏", Kind::Wish)]),
            ("手机不要折叠屏的", vec![("折叠屏", Kind::Wish)]),
            ("折叠屏的不要", vec![("折叠屏", Kind::Wish)]),
            ("除了澈岚还有什么手机", vec![("澈岚", Kind::Except)]),
            ("除了澈岚以外的手机", vec![("澈岚", Kind::Except)]),
            ("有什么手机，澈岚除外", vec![("澈岚", Kind::Except)]),
            ("笔记本总共几台（平板不算）", vec![("平板", Kind::Wish)]),
            ("不带屏的音箱", vec![("屏", Kind::Lack)]),
            ("不支持5g的手机有哪些", vec![("5g", Kind::Lack)]),
            ("给我推荐个电视，别给我推荐75寸的", vec![("75寸", Kind::Wish)]),
        ] {
            assert_eq!(read(line, Lang::Zh), expected, "{line}");
        }
        for (line, expected) in [
            ("any phone other than trelan", vec![("trelan", Kind::Except)]),
            ("any phones other than trelan under 3000", vec![("trelan", Kind::Except)]),
            ("i don't want to cancel, i just want to suspend", vec![("cancel", Kind::Wish)]),
            ("i dont want to cancel my number i just want to pause it", vec![("cancel my number", Kind::Wish)]),
            ("not cancel, suspend", vec![("cancel", Kind::Wish)]),
            ("suspend, not cancel", vec![("cancel", Kind::Wish)]),
            ("it's not the bill, it's the invoice", vec![("bill", Kind::Wish)]),
            ("not the folding one", vec![("folding one", Kind::Wish)]),
            ("a speaker without a screen please", vec![("a screen", Kind::Lack)]),
            ("everything but the x9", vec![("the x9", Kind::Except)]),
        ] {
            assert_eq!(read(line, Lang::En), expected, "{line}");
        }
    }

    #[test]
    fn faults_questions_and_what_is_stopped_refuse_nothing() {
        for line in [
            "网不能用了",
            "要不要换猫",
            "是不是一定要本人去",
            "想不想换都行",
            "有没有别的",
            "这不是5g的吗",
            "彩铃不想要了",
            "网不要了",
            "刚下的单不想要了，还没发",
            "不想用你家宽带了",
            "一家人打电话不要钱那个",
            "转发的短信算不算条数",
            "特别好的手机",
            "验证码没有收到",
            "还是不行",
            "声音非常小",
            "不想要的商品怎么退",
        ] {
            assert_eq!(read(line, Lang::Zh), [], "{line}");
        }
        for line in [
            "my sim is not working",
            "not working",
            "why is it not charging",
            "i'm not sure which one",
            "i don't want it any more",
            "no signal at home",
            "do you have it or not",
            "not only phones",
            "no thanks",
            "i have no idea",
        ] {
            assert_eq!(read(line, Lang::En), [], "{line}");
        }
    }

    #[test]
    fn what_is_left_is_what_the_line_is_about() {
        let line = "我不想销户，只想停机";
        assert_eq!(remainder(line, &refusals(line, Lang::Zh)), "我，只想停机");
    }
}
