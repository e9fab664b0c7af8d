//! Where a line asks, and whether that is where it names a property: only then is the value of the property wanted. "昨天收到的手机屏幕有一条划痕，能换吗" names
//! the screen, tells something of it, and asks for something else.
//!
//! What stands between the property and the nearest word that asks tells the two apart: in "屏幕有多大" nothing does, in "屏幕有划痕能换吗" what is told and what
//! is to be done. In English, what follows "can I" is done by the customer, and what follows "does it" is said of the thing.

use super::Words;
use crate::concepts::Concepts;
use crate::graph::names;
use crate::graph::reading::Aim;
use crate::text::{Lang, is_han, list};

/// Words that ask for a value.
const AMOUNT: [&str; 2] = [
    "多少|多大|多长|多久|多重|多高|多厚|多宽|多快|多远|多亮|多深|多粗|多强|几|什么|啥|哪|哪个|哪款|哪种|怎么样|怎样|咋样|如何|是多|有多",
    "what|what's|whats|which|how|how's|hows|what about|how about",
];
/// Words that open a question for yes or no.
const OPENS: [&str; 2] = ["有没有|是不是|能不能|会不会|支不支持|支持不支持|是否|能否|可否|有无|带不带|可不可以|要不要|行不行", ""];
/// Words that make a question of what stands before them, at the end of a clause, or ask to be told it.
const CLOSES: [&str; 2] =
    ["报一下|报下|报个数|说一下|说下|讲一下|讲下|列一下|列下|告诉我|告诉我一下|吗|么|嘛|没有|没|不|否|呢|咧|捏|吧|对吧|是吧|不啊|不呢|没啊", ""];
/// Words that ask for something that no data sheet says: why, how to, when, who.
const OTHER: [&str; 2] = [
    "为什么|为啥|为何|怎么办|咋办|怎么回事|咋回事|怎么搞|什么时候|啥时候|何时|怎么|咋|什么情况|几天|几次|几个月|几年|几周|几回|几分钟|好几|十几|没什么|没啥|这么|那么|多么|要么|几号|谁|哪里|哪儿|在哪|什么办法|什么问题|什么毛病|什么原因|什么流程|什么手续|啥问题|啥毛病|啥原因|啥情况|啥办法|怎么这么|怎么就|差不多|什么意思",
    "why|when|where|who|whose|how do i|how do we|how do you|how can i|how can we|how can you|how to|how come|how should i|how should we|how could|how would|what do i|what do we|what can i|what can you|what can be done|what should|what if|what happens|what happened|what now|what next|what to do|what are my options|what's wrong|whats wrong|what is wrong|\
what's the problem|what went wrong|what's happening|what is happening|what caused|what causes|what's the process|what is the process|what's the procedure|what is the procedure",
];

/// What asks whether something may happen, and nothing else.
const STANDS: &str = "行吗|行不|行不行|可以吗|可以不|没事吧|没事吗|没事不|要紧吗|要紧不|没问题吧|没关系吧|住吗|住不|得了吗|得了不";
/// What is said of what a thing has: "给不给宽带". "退不退屏幕" asks for something else.
const HAVING: &str = "给有带送含配附包";

/// English words that ask at the beginning of a clause.
const AUXILIARIES: &str = "is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|may|shall|might|isn't|aren't|doesn't|don't|didn't|can't|couldn't|won't|wouldn't|hasn't|haven't|isnt|arent|doesnt|dont|didnt|cant|wont|hasnt|havent";
/// Those that ask anywhere, before who or what does something.
const INVERTED: &str = "can|could|may|will|would|should|shall|do|does|did|can't|won't|doesn't|don't";
/// Who or what does something, in English.
const PERSONS: &str = "i|you|we|they|anyone|someone|anybody|somebody";
const THINGS: &str = "it|this|that|these|those|there|the|my|he|she|there's|theres|it's|that's|i'm|im|i've|ive|we've|you've|they've|here's|our";
/// English words before a question that are no part of it.
const LEADS: &str = "and|but|so|then|ok|okay|well|also|hi|hello|hey|now|please|or|pls|plz|sorry|just|quick|question|actually|anyway|oh|um";
/// English words behind which a clause of its own begins.
const SUBORDINATE: &str = "if|when|because|after|since|while|once|as|until";

/// What a word of a question asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Amount,
    Opens,
    Closes,
    Other,
}

const MARKS: [Mark; 4] = [Mark::Amount, Mark::Opens, Mark::Closes, Mark::Other];

/// The words that ask.
pub(in crate::graph) fn marks(lang: Lang) -> Concepts {
    let mut concepts = Concepts::new();
    for (group, words) in [AMOUNT, OPENS, CLOSES, OTHER].into_iter().enumerate() {
        list(words[lang as usize]).filter(|phrase| !phrase.is_empty()).for_each(|phrase| concepts.add(&names::words(phrase, lang), group as u32));
    }
    concepts
}

/// A property that a line names.
pub(super) struct Asked {
    /// Its tokens.
    pub start: usize,
    pub end: usize,
    /// Its readings.
    pub groups: Vec<u32>,
    /// Whether it is the price.
    pub is_price: bool,
    /// Whether it says what the thing withstands: it is then asked for by what the thing will be exposed to.
    pub is_exposure: bool,
}

/// What is known of the tokens of a line.
pub(super) struct Tokens<'a> {
    /// Those that are understood, or ask nothing by themselves.
    pub explained: &'a [bool],
    /// Those of names, kinds and properties.
    pub core: &'a [bool],
    /// Those of numbers with what they limit.
    pub bounds: &'a [bool],
}

/// What stands between two ends of sentences.
#[derive(Debug, Clone, Copy)]
struct Clause {
    start: usize,
    end: usize,
    /// Whether it ends with a question mark.
    asks: bool,
}

/// What a line wants of each property that it names.
pub(super) fn aims(words: &Words<'_>, marks: &Concepts, asked: &[Asked], tokens: &Tokens<'_>) -> Vec<Aim> {
    let clauses = clauses(words);
    let line = Line { words, tokens, asked, marks: marks_in(words, marks, &clauses), clauses: &clauses };
    asked.iter().map(|property| line.aim(property)).collect()
}

struct Line<'a> {
    words: &'a Words<'a>,
    tokens: &'a Tokens<'a>,
    asked: &'a [Asked],
    marks: Vec<Option<Mark>>,
    clauses: &'a [Clause],
}

impl Line<'_> {
    fn aim(&self, property: &Asked) -> Aim {
        let Some(clause) = self.clauses.iter().find(|clause| (clause.start..clause.end).contains(&property.start)) else { return Aim::Value };
        // a phrase may go on behind the end of a clause: "how big is it? the screen"
        let property = &Asked {
            start: property.start,
            end: property.end.min(clause.end),
            groups: Vec::new(),
            is_price: property.is_price,
            is_exposure: property.is_exposure,
        };
        let has_own = (property.start..property.end).any(|at| self.marks[at].is_some());
        let chinese = self.words.lang == Lang::Zh;
        let found = if has_own || chinese && property.is_exposure && self.is_asked_to_stand(property, clause) {
            Some(Aim::Value)
        } else if chinese {
            self.asked_after(property, clause).or_else(|| self.asked_before(property, clause))
        } else {
            self.asked_in_english(property, clause)
        };
        match found {
            // "修好要多少钱", "how much for a courier": the price of something else
            Some(_) if property.is_price && self.is_of_something_else(property, clause) => Aim::Perhaps,
            Some(aim) => aim,
            None => self.not_asked(property, clause),
        }
    }

    fn open(&self, from: usize, to: usize) -> usize {
        (from..to).filter(|at| !self.tokens.explained[*at] && self.marks[*at].is_none()).count()
    }

    fn is_marked(&self, clause: &Clause) -> bool {
        clause.asks || (clause.start..clause.end).any(|at| self.marks[at].is_some())
    }

    /// Whether another property that the line names holds this token.
    fn is_of_another(&self, at: usize, property: &Asked) -> bool {
        self.asked.iter().any(|other| other.start != property.start && (other.start..other.end).contains(&at))
    }

    /// What is wanted by the Chinese word that asks behind a property.
    fn asked_after(&self, property: &Asked, clause: &Clause) -> Option<Aim> {
        let (mut open, mut is_said_to_be, mut is_bounded) = (0, false, false);
        let near = |open: usize, is_said_to_be: bool, is_bounded: bool| open == 0 || is_said_to_be || is_bounded && open <= 2;
        // "能换电池吗": what is asked is whether that can be done
        let done = property.start > clause.start && !self.tokens.explained[property.start - 1] && self.marks[property.start - 1].is_none();
        let whether = if done { Aim::Perhaps } else { Aim::Value };
        for at in property.end..clause.end {
            match self.marks[at] {
                Some(Mark::Amount) => return (open <= 2 || is_said_to_be).then_some(Aim::Value),
                Some(Mark::Opens) => return (self.words.raw[at] == "是" || self.open(at, clause.end) == 0).then_some(Aim::Value).filter(|_| open == 0),
                Some(Mark::Closes) => return near(open, is_said_to_be, is_bounded).then_some(whether),
                Some(Mark::Other) => return None,
                None if self.is_of_another(at, property) && open > 0 => return None,
                None => {
                    is_bounded |= self.tokens.bounds[at];
                    is_said_to_be |= open == 0 && matches!(self.words.raw[at], "是" | "为");
                    open += usize::from(!self.tokens.explained[at]);
                }
            }
        }
        (clause.asks && near(open, is_said_to_be, is_bounded)).then_some(whether)
    }

    /// What is wanted by the Chinese word that asks before a property.
    fn asked_before(&self, property: &Asked, clause: &Clause) -> Option<Aim> {
        let mut open = 0;
        for at in (clause.start..property.start).rev() {
            match self.marks[at] {
                Some(Mark::Amount) => return (open <= 2).then_some(Aim::Value),
                Some(Mark::Opens) => return (open == 0).then_some(Aim::Value),
                // "给不给宽带": of what closes a question, only "A不A" stands before something
                Some(Mark::Closes) if HAVING.contains(self.words.raw[at]) => return (open == 0).then_some(Aim::Value),
                Some(_) => return None,
                None => open += usize::from(!self.tokens.explained[at]),
            }
        }
        None
    }

    /// The same in English, where the word that asks comes first.
    fn asked_in_english(&self, property: &Asked, clause: &Clause) -> Option<Aim> {
        let is_one_of = |at: usize, known: &'static str| self.words.raw.get(at).is_some_and(|word| list(known).any(|one| one == *word));
        let mut open = 0;
        for at in (clause.start..property.start).rev() {
            match self.marks[at] {
                Some(Mark::Amount) => return (open <= 1).then_some(Aim::Value),
                Some(Mark::Opens) if is_one_of(at + 1, PERSONS) => {
                    let is_done = self.open(property.end, clause.end) > 0;
                    return (open == 0).then_some(if is_done { Aim::Perhaps } else { Aim::Value });
                }
                Some(Mark::Opens) => return (open <= 1).then_some(Aim::Value),
                Some(_) => return None,
                None if is_one_of(at, SUBORDINATE) => return None,
                None => open += usize::from(!self.tokens.explained[at]),
            }
        }
        let is_bare = clause.asks && !(clause.start..clause.end).any(|at| self.marks[at].is_some());
        let open = self.open(clause.start, clause.end);
        (is_bare && open <= 1).then_some(if open == 0 { Aim::Value } else { Aim::Perhaps })
    }

    /// Whether a Chinese clause asks if that may happen which it names: "下大雨挂外头行吗", and not "进水了换一台行吗", which tells that it happened.
    fn is_asked_to_stand(&self, property: &Asked, clause: &Clause) -> bool {
        let behind = &self.words.raw[property.end..clause.end];
        let said = behind.concat();
        !behind.iter().any(|word| matches!(*word, "了" | "过" | "的")) && list(STANDS).any(|end| said.ends_with(end))
    }

    /// Whether the price is that of something which is no name, kind or property.
    fn is_of_something_else(&self, property: &Asked, clause: &Clause) -> bool {
        let is_filler = |at: &usize| self.tokens.explained[*at] && !self.tokens.core[*at] && self.marks[*at].is_none();
        let next = match self.words.lang {
            Lang::Zh => (clause.start..property.start).rev().find(|at| !is_filler(at)),
            Lang::En => (property.end..clause.end).find(|at| !is_filler(at)),
        };
        next.is_some_and(|at| !self.tokens.explained[at])
    }

    /// What is wanted of a property that no word asks for.
    fn not_asked(&self, property: &Asked, clause: &Clause) -> Aim {
        let open = self.open(clause.start, clause.end);
        let is_denied = self.is_denied(property, clause);
        if self.is_marked(clause) {
            let asks_other = (clause.start..clause.end).any(|at| self.marks[at] == Some(Mark::Other));
            return if asks_other || self.tells_what_happened(clause) { Aim::Else } else { Aim::Beside };
        }
        let elsewhere: usize = self.clauses.iter().filter(|other| other.start != clause.start).map(|other| self.open(other.start, other.end)).sum();
        if let Some(asking) = self.clauses.iter().find(|other| self.is_marked(other)) {
            let is_about_it = open == 0 && !is_denied && self.open(asking.start, asking.end) == 0;
            return if is_about_it { Aim::Value } else { Aim::Else };
        }
        if is_denied {
            return Aim::Told;
        }
        if open == 0 && elsewhere <= 2 {
            return Aim::Value;
        }
        let is_wish = self.open(property.end, clause.end) == 0 && open <= 2 && !self.is_statement(clause);
        if is_wish { Aim::Perhaps } else { Aim::Told }
    }

    /// Whether a no stands at a property: "没声音", "屏幕不亮", "the battery is not good".
    fn is_denied(&self, property: &Asked, clause: &Clause) -> bool {
        let says_no = |word: &&str| match self.words.lang {
            Lang::Zh => matches!(*word, "没" | "不" | "无" | "别" | "未"),
            Lang::En => matches!(*word, "no" | "not" | "never") || word.ends_with("n't"),
        };
        let before = self.words.raw[property.start.saturating_sub(2).max(clause.start)..property.start].iter().any(&says_no);
        let after = self.words.raw[property.end..(property.end + 3).min(clause.end)].iter().any(says_no);
        before || after
    }

    /// Whether a clause without a word that asks has the form of a statement: in Chinese, 了 or 过; in English, a subject.
    fn is_statement(&self, clause: &Clause) -> bool {
        let raw = self.words.raw;
        match self.words.lang {
            Lang::Zh => (clause.start..clause.end).any(|at| matches!(raw[at], "了" | "过" | "着") && raw.get(at + 1) != Some(&"解")),
            Lang::En => {
                let is_one_of = |at: usize, known: &'static str| list(known).any(|one| one == raw[at]);
                let first = (clause.start..clause.end).find(|at| !is_one_of(*at, LEADS));
                first.is_some_and(|at| is_one_of(at, PERSONS) || is_one_of(at, THINGS))
            }
        }
    }

    /// Whether a Chinese clause tells what happened: something that is not understood, before 了 or 过, or behind 有一.
    fn tells_what_happened(&self, clause: &Clause) -> bool {
        let raw = self.words.raw;
        (clause.start..clause.end).any(|at| {
            let follows = at > clause.start && !self.tokens.explained[at - 1];
            let exists = raw[at] == "有" && raw.get(at + 1).is_some_and(|next| matches!(*next, "一" | "个" | "条" | "点" | "些" | "道" | "块" | "1"));
            follows && matches!(raw[at], "了" | "过" | "着") || exists && self.open(at + 1, clause.end) > 0
        })
    }
}

/// The clauses of a line.
fn clauses(words: &Words<'_>) -> Vec<Clause> {
    let Words { raw, normal, lang, .. } = *words;
    let place = |at: usize| (raw[at].as_ptr() as usize).saturating_sub(normal.as_ptr() as usize);
    let gap = |at: usize| {
        let next = if at + 1 < raw.len() { place(at + 1) } else { normal.len() };
        normal.get(place(at) + raw[at].len()..next).unwrap_or_default()
    };
    let is_han_at = |at: usize| raw.get(at).is_some_and(|word| word.chars().all(is_han));
    let begins = |at: usize| {
        raw.get(at).is_some_and(|word| [AUXILIARIES, PERSONS, "my|what|how|which|why|when|where"].into_iter().flat_map(list).any(|known| known == *word))
    };
    let mut found = Vec::new();
    let mut start = 0;
    for at in 0..raw.len() {
        let between = gap(at);
        let ends = between.contains([',', '，', '。', '?', '!', ';', '；', '\n', ':', '.', '…'])
            || lang == Lang::Zh && between.contains(' ') && is_han_at(at) && is_han_at(at + 1)
            || lang == Lang::En && raw.get(at + 1).is_some_and(|next| matches!(*next, "but" | "and" | "so")) && begins(at + 2);
        if ends || at + 1 == raw.len() {
            found.push(Clause { start, end: at + 1, asks: between.contains('?') });
            start = at + 1;
        }
    }
    found
}

/// The words that ask, by their tokens.
fn marks_in(words: &Words<'_>, known: &Concepts, clauses: &[Clause]) -> Vec<Option<Mark>> {
    let raw = words.raw;
    let mut marks = vec![None; raw.len()];
    for span in known.spans(words.line) {
        let Some(mark) = span.groups.first().and_then(|group| MARKS.get(*group as usize)).copied() else { continue };
        let is_last =
            || clauses.iter().any(|clause| clause.end == span.end || clause.end == span.end + 1 && matches!(raw[span.end], "啊" | "呀" | "哦" | "哈"));
        if mark != Mark::Closes || is_last() {
            marks[span.start..span.end].fill(Some(mark));
        }
    }
    if words.lang == Lang::Zh {
        // "吵不吵"
        for at in 1..raw.len().saturating_sub(1) {
            if matches!(raw[at], "不" | "没") && raw[at - 1] == raw[at + 1] && marks[at].is_none() {
                marks[at - 1..=at + 1].fill(Some(Mark::Closes));
            }
        }
        return marks;
    }
    let is_one_of = |at: usize, known: &'static str| raw.get(at).is_some_and(|word| list(known).any(|one| one == *word));
    for clause in clauses {
        let first = (clause.start..clause.end).find(|at| !is_one_of(*at, LEADS)).unwrap_or(clause.start);
        if is_one_of(first, AUXILIARIES) && marks[first].is_none() {
            marks[first] = Some(Mark::Opens);
        }
        for at in first + 1..clause.end {
            let follows = marks[clause.start..at].iter().any(Option::is_some);
            if !follows && is_one_of(at, INVERTED) && (is_one_of(at + 1, PERSONS) || is_one_of(at + 1, THINGS)) {
                marks[at] = Some(Mark::Opens);
            }
        }
    }
    marks
}
