//! Short answers: lines that mean something only after what was asked, such as "第二个", "2", "neither of them" and "是的".
//!
//! A line is one if it says nothing else: each of its words picks, refuses, agrees, or means nothing by itself. "5G套餐多少钱" begins with a number, and is a
//! question all the same.

mod words;

use self::words::{EN, MEASURES_ZH, ORDINALS_EN, ZH, ZH_HEADS};
use crate::text::{is_han, list, normal_of, tokens};

/// Longer lines are no short answers.
const MOST_CHARS: usize = 60;
/// The most words of a phrase.
const MOST_WORDS: usize = 6;

/// How a line begins that says what it is not about.
const CONTRASTS: &str = "不是|并不是|不要|我不是|我不要|我说的不是|我问的不是|not about the|not about|not the|not my|it's not about|it's not the|its not the|it's not|i don't mean|i do not mean|i didn't mean|i am not asking about|i'm not asking about";

/// Where something stands in what was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// At this place, from 0.
    At(usize),
    /// So many places before the last.
    FromEnd(usize),
    /// In the middle.
    Middle,
}

impl Seat {
    /// The place among `count`; `None` if there is no such place.
    pub fn among(self, count: usize) -> Option<usize> {
        let at = match self {
            Seat::At(at) => at,
            Seat::FromEnd(back) => count.checked_sub(back + 1)?,
            Seat::Middle if count % 2 == 1 => count / 2,
            Seat::Middle => return None,
        };
        (at < count).then_some(at)
    }
}

/// What a short answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Short {
    /// It picks these.
    Picks {
        /// Where they stand.
        seats: Vec<Seat>,
        /// Whether it goes on with, or corrects, an earlier pick: "那第三个呢", "no, the second one".
        goes_on: bool,
    },
    /// It picks the one that was not picked before.
    Other,
    /// It picks all of them.
    All,
    /// Any of them will do.
    Any,
    /// It refuses these.
    Not(Vec<Seat>),
    /// It refuses all of them.
    NoneOfThem,
    /// It says no.
    No,
    /// It lets the matter drop: "算了", "never mind".
    Drop,
    /// It says yes.
    Yes,
}

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It picks by a place.
    Seat(Seat),
    /// It answers no.
    No,
    /// It says no to what follows or what went before.
    Not,
    /// It refuses all.
    NoneOfThem,
    /// It names what was shown, or what was wanted: with a no, that is what is refused.
    Set,
    /// It names all of what was shown.
    Whole,
    /// It names any one of what was shown.
    AnyOne,
    /// It lets the matter drop.
    Drop,
    /// It says yes.
    Yes,
    /// It leaves the choice to the other.
    Any,
    /// It picks the one that was not picked before.
    Other,
    /// It goes on with what was picked.
    GoesOn,
    /// It means nothing by itself.
    Filler,
    /// The line is no short answer.
    Bars,
}

/// Whether a line is a short answer, and so asks nothing by itself.
pub fn is_short_answer(text: &str) -> bool {
    read(&normal_of(text)).is_some()
}

/// What a normalised line says as a short answer; `None` if it says more than that.
pub fn read(normal: &str) -> Option<Short> {
    let plain: String = normal.chars().map(|c| digit(c).and_then(|number| char::from_digit(number as u32, 10)).unwrap_or(c)).collect();
    let clauses: Vec<Vec<Sign>> = clauses(&plain)?.into_iter().map(signs).collect::<Option<_>>()?;
    meaning(&clauses)
}

/// What a normalised line says as a short answer before it says something else: "都不是，我想问发票", with the rest.
pub fn opening(normal: &str) -> Option<(Short, &str)> {
    let clauses = clauses_of(normal);
    let (mut heard, mut rest) = (Vec::new(), None);
    for clause in clauses {
        let Some(found) = signs(clause) else {
            rest = Some(normal[offset(normal, clause)..].trim_start());
            break;
        };
        heard.push(found);
    }
    Some((meaning(&heard)?, rest?))
}

/// What a normalised line says that it is not about, and what it says then, which may be nothing: "不是账单，是发票".
pub fn contrast(normal: &str) -> Option<(&str, &str)> {
    let line = normal.trim_start();
    let is_whole = |head: &str, after: &str| !head.is_ascii() || !after.starts_with(|c: char| c.is_alphanumeric());
    let found = list(CONTRASTS).filter_map(|head| Some((head, line.strip_prefix(head)?))).filter(|(head, after)| is_whole(head, after));
    let (_, after) = found.max_by_key(|(head, _)| head.len())?;
    let end = after.find(is_end).unwrap_or(after.len());
    let (what, rest) = after.split_at(end);
    let rest = rest.trim_start_matches(|c: char| is_end(c) || c.is_whitespace());
    let rest = ["而是", "是", "but ", "it's ", "its "].iter().find_map(|head| rest.strip_prefix(head)).unwrap_or(rest);
    (!tokens(what).is_empty()).then_some((what, rest))
}

/// What follows the number with which a normalised line begins: "2. how do I check my bill".
pub fn after_number(normal: &str) -> Option<&str> {
    let line = normal.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = line.strip_prefix(|c: char| digit(c).is_some())?;
    rest.starts_with([' ', '.', ')', '、', ',', ':', '-', '】', ']']).then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// The place in a list that a normalised line names while it says more than that: "第二个怎么办理", "how does the second one work".
pub fn seat_within(normal: &str) -> Option<Seat> {
    if normal.chars().any(is_han) {
        let (at, (seat, length)) = normal.char_indices().find_map(|(at, _)| Some((at, ordinal(&normal[at..])?)))?;
        let measured = list(MEASURES_ZH).any(|measure| normal[at..at + length].ends_with(measure));
        // "第一个月" is a span of time
        let next = normal[at + length..].chars().next();
        let of_time = next.is_some_and(|c| "月星礼小季学年周天人号".contains(c));
        return (measured && !of_time).then_some(seat);
    }
    let words = tokens(normal);
    let pair = words.windows(2).find(|pair| matches!(pair[1], "one" | "option") && list(ORDINALS_EN).any(|known| known == pair[0]))?;
    match phrase(&pair[..1])? {
        Sign::Seat(seat) => Some(seat),
        _ => None,
    }
}

/// The clauses of a line that is short enough.
fn clauses(normal: &str) -> Option<Vec<&str>> {
    let clauses = clauses_of(normal);
    (normal.len() <= 4 * MOST_CHARS && normal.chars().count() <= MOST_CHARS && !clauses.is_empty()).then_some(clauses)
}

/// The clauses of a line that say anything.
fn clauses_of(normal: &str) -> Vec<&str> {
    // "no. 2" is a number
    let numbered = normal.strip_prefix("no.").filter(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    let line = numbered.unwrap_or(normal);
    let is_decimal = |at: usize| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        digit(line[..at].chars().next_back()) && digit(line[at + 1..].chars().next())
    };
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, c) in line.char_indices().filter(|(_, c)| is_end(*c)) {
        if c == '.' && is_decimal(at) {
            continue;
        }
        clauses.push(&line[from..at]);
        from = at + c.len_utf8();
    }
    clauses.push(&line[from..]);
    clauses.into_iter().filter(|clause| clause.chars().any(char::is_alphanumeric)).collect()
}

fn is_end(c: char) -> bool {
    matches!(c, ',' | '。' | '!' | '?' | '.' | ';' | '、' | '\n' | '~' | '…' | '，' | '！' | '？' | '；' | '：' | ':' | '/' | '—' | '(' | ')' | '"')
}

fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// What the words of a clause say; `None` if one of them says anything else.
fn signs(clause: &str) -> Option<Vec<Sign>> {
    if clause.chars().any(is_han) { signs_zh(clause) } else { signs_en(&tokens(clause)) }
}

fn signs_zh(clause: &str) -> Option<Vec<Sign>> {
    let bare: String = clause.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = bare.as_str();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            found.push(phrase(&[&rest[..end]])?);
            rest = &rest[end..];
        } else if let Some((seat, length)) = ordinal(rest) {
            found.push(Sign::Seat(seat));
            rest = &rest[length..];
        } else {
            let known = ZH.iter().flat_map(|(sign, words)| list(words).map(move |word| (*sign, word)));
            let (sign, word) = known.filter(|(_, word)| rest.starts_with(word)).max_by_key(|(_, word)| word.len()).or_else(|| {
                let number = numeral(rest)?;
                Some((Sign::Seat(Seat::At(number - 1)), &rest[..first.len_utf8()]))
            })?;
            found.push(sign);
            rest = &rest[word.len()..];
        }
    }
    Some(found)
}

fn signs_en(words: &[&str]) -> Option<Vec<Sign>> {
    let mut found: Vec<Sign> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=MOST_WORDS.min(words.len() - at)).rev().find_map(|length| Some((phrase(&words[at..at + length])?, length)));
        let (sign, length) = longest?;
        let picks = matches!(found.last(), Some(Sign::Seat(_) | Sign::Set | Sign::Other | Sign::AnyOne | Sign::Whole));
        // "the second one", and "no 2", which is a number
        let sign = match sign {
            Sign::Seat(_) if length == 1 && words[at] == "one" && (picks || at > 0 && words[at - 1] == "the") => Sign::Filler,
            Sign::No if words[at] == "no" && words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit())) => Sign::Filler,
            sign => sign,
        };
        found.push(sign);
        at += length;
    }
    Some(found)
}

/// What an English phrase, or a number, says.
fn phrase(words: &[&str]) -> Option<Sign> {
    if let [number] = words
        && number.len() == 1
        && let Some(number @ 1..=9) = number.parse::<usize>().ok()
    {
        return Some(Sign::Seat(Seat::At(number - 1)));
    }
    let text = words.join(" ");
    EN.iter().find(|(_, phrases)| list(phrases).any(|known| known == text)).map(|(sign, _)| *sign)
}

/// The place with which a Chinese text begins, and its length: "第二个", "最后一条", "2号".
fn ordinal(text: &str) -> Option<(Seat, usize)> {
    let measured = |length: usize| {
        let rest = &text[length..];
        length + list(MEASURES_ZH).filter(|measure| rest.starts_with(measure)).map(str::len).max().unwrap_or(0)
    };
    if text.starts_with("最后两") || text.starts_with("最后三") {
        return None;
    }
    let known = ZH_HEADS.iter().flat_map(|(seat, words)| list(words).map(move |word| (*seat, word)));
    if let Some((seat, word)) = known.filter(|(_, word)| text.starts_with(word)).max_by_key(|(_, word)| word.len()) {
        return Some((seat, word.len()));
    }
    for (head, from_end) in [("倒数第", true), ("第", false)] {
        if let Some(rest) = text.strip_prefix(head) {
            let number = numeral(rest)?;
            let length = head.len() + rest.chars().next().map_or(0, char::len_utf8);
            return Some((if from_end { Seat::FromEnd(number - 1) } else { Seat::At(number - 1) }, measured(length)));
        }
    }
    let number = numeral(text)?;
    let length = text.chars().next().map_or(0, char::len_utf8);
    text[length..].starts_with('号').then_some((Seat::At(number - 1), length + '号'.len_utf8()))
}

/// The number from 1 to 9 with which a text begins, unless more digits follow.
fn numeral(text: &str) -> Option<usize> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let number = digit(first).or_else(|| "一二三四五六七八九".chars().position(|known| known == first).map(|at| at + 1))?;
    let goes_on = letters.next().is_some_and(|c| c.is_ascii_digit() || "十百千万".contains(c));
    (!goes_on).then_some(number)
}

/// The number of a digit from 1 to 9, also of one in a black circle.
fn digit(c: char) -> Option<usize> {
    let from = |first: char| (c as usize).checked_sub(first as usize).filter(|at| *at < 9).map(|at| at + 1);
    ['1', '\u{2776}', '\u{2780}', '\u{278a}', '\u{24f5}'].into_iter().find_map(from)
}

/// What the words of all clauses say together.
fn meaning(clauses: &[Vec<Sign>]) -> Option<Short> {
    let has = |sign: Sign| clauses.iter().flatten().any(|known| *known == sign);
    if has(Sign::Bars) {
        return None;
    }
    let (mut picked, mut refused): (Vec<Seat>, Vec<Seat>) = (Vec::new(), Vec::new());
    let (mut refuses_all, mut says_no, mut corrects) = (false, false, false);
    for clause in clauses {
        let (mut negated, mut of_clause) = (false, Vec::new());
        for sign in clause {
            match sign {
                Sign::Seat(seat) if negated => {
                    refused.push(*seat);
                    (negated, corrects) = (false, true);
                }
                Sign::Seat(seat) => of_clause.push(*seat),
                Sign::Not => negated = true,
                Sign::Yes => negated = false,
                Sign::No => corrects |= of_clause.is_empty(),
                _ => {}
            }
        }
        let contains = |sign: Sign| clause.contains(&sign);
        let (says_not, names) = (contains(Sign::No) || contains(Sign::Not), contains(Sign::Set) || contains(Sign::Whole) || contains(Sign::AnyOne));
        let denies_last = negated
            || contains(Sign::NoneOfThem)
            || says_not && clause.iter().rposition(|sign| *sign == Sign::No) > clause.iter().rposition(|sign| matches!(sign, Sign::Seat(_)));
        if !of_clause.is_empty() && denies_last {
            refused.append(&mut of_clause);
        } else if of_clause.is_empty() && refused.is_empty() {
            refuses_all |= contains(Sign::NoneOfThem) || says_not && names;
            says_no |= says_not;
        }
        corrects |= says_not && picked.is_empty() && of_clause.is_empty();
        picked.extend(of_clause);
    }
    picked.retain(|seat| !refused.contains(seat));
    picked.dedup();
    Some(if !picked.is_empty() {
        Short::Picks { seats: picked, goes_on: corrects || has(Sign::GoesOn) }
    } else if has(Sign::Drop) {
        Short::Drop
    } else if !refused.is_empty() {
        Short::Not(refused)
    } else if refuses_all {
        Short::NoneOfThem
    } else if says_no {
        Short::No
    } else if has(Sign::Other) {
        Short::Other
    } else if has(Sign::Any) {
        Short::Any
    } else if has(Sign::Whole) {
        Short::All
    } else if has(Sign::AnyOne) {
        Short::Any
    } else if has(Sign::Yes) {
        Short::Yes
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    fn said(text: &str) -> Option<Short> {
        read(&normalise(text))
    }

    fn picks(at: &[usize]) -> Vec<Seat> {
        at.iter().copied().map(Seat::At).collect()
    }

    #[test]
    fn numbers_and_ordinals_pick() {
        for (texts, at) in [
            (
                "1|①|１|❶|1️⃣|(1)|1.|1)|1、|第一个|第一条|第1个|第①个|选1|选第一个|就第一个吧|我要第一个|一|1号|一号|前者|头一个|最上面那个|第一个，谢谢|the first one|first|1st|the 1st|no. 1|No 1|#1|number one|option 1|one|one please|the former|ok, the first|I mean the first one|the top one|is the first one",
                0,
            ),
            (
                "2|②|第二个|第二条|第2个呢|那就第二个|我想问的是第二个|好像是第二个|the second one|second|2nd|the 2nd one, please|number 2|option two|two|yes, the second|I'd like the second one|let's go with the second",
                1,
            ),
            ("3|③|第三项|我选3|the third|3rd|third one thanks|show me the third", 2),
        ] {
            for text in texts.split('|') {
                let found = said(text);
                assert!(matches!(&found, Some(Short::Picks { seats, .. }) if *seats == picks(&[at])), "{text}: {found:?}");
            }
        }
        for text in "最后一个|最后那个吧|最后一条|后者|最下面那个|the last one|last|the latter|the bottom one, please|倒数第一个".split('|')
        {
            assert!(matches!(said(text), Some(Short::Picks { seats, .. }) if seats == [Seat::FromEnd(0)]), "{text}");
        }
        assert!(matches!(said("倒数第二个"), Some(Short::Picks { seats, .. }) if seats == [Seat::FromEnd(1)]));
        assert!(matches!(said("中间那个"), Some(Short::Picks { seats, .. }) if seats == [Seat::Middle]));
        for (text, at) in [("1和3", [0, 2]), ("第一个和第三个", [0, 2]), ("the first and the third", [0, 2]), ("1, 2", [0, 1])] {
            assert!(matches!(said(text), Some(Short::Picks { seats, .. }) if seats == picks(&at)), "{text}");
        }
    }

    #[test]
    fn a_pick_may_correct_or_go_on_with_another() {
        for (text, goes_on) in [
            ("不对，第二个", true),
            ("不是第一个，是第二个", true),
            ("那第二个呢", true),
            ("no, the second one", true),
            ("what about the second", true),
            ("not the first, the second", true),
            ("第二个", false),
            ("好的，第二个", false),
            ("yes the second one", false),
        ] {
            assert_eq!(said(text), Some(Short::Picks { seats: picks(&[1]), goes_on }), "{text}");
        }
    }

    #[test]
    fn refusals_are_told_from_a_no_and_from_letting_it_drop() {
        for text in "都不是|都不对|一个都不是|没一个是|没有一个对|哪个都不是|两个都不是|三个都不对|不是这些|不是这几个|不是这个|这些都不是|以上都不是|上面的都不是|都没有|没有我要的|没有我想问的|不是我要的|不是我想问的|我问的不是这些|好像都不是|应该都不是吧|都不太对|都不像|跟这些没关系|我想问的不是这个|都不要|不，都不是|都不是啊，谢谢|都不行|全都不是|这几条都不相关|\
neither|neither of them|none|none of these|none of those, thanks|none of the above|not these|not any of these|no, none of them|it's not one of those|these are not what I meant|not what I meant|that's not what i asked|nope, none|sorry, none of these|neither, sorry|none apply|not this|both are wrong|nothing to do with these|something else"
            .split('|')
        {
            assert_eq!(said(text), Some(Short::NoneOfThem), "{text}");
        }
        for text in "不|不是|不对|没有|不是的|no|nope|nah|No.|not really|wrong|no, sorry".split('|') {
            assert_eq!(said(text), Some(Short::No), "{text}");
        }
        for text in "算了|算了吧|不用了|不用了，谢谢|没事了|不问了|先这样吧|都不是，算了|不用了，我自己看看|no thanks|No, thank you|never mind|nevermind|forget it|not now|maybe later|none of these, never mind".split('|') {
            let found = said(text);
            assert!(found == Some(Short::Drop) || text == "No, thank you" && found == Some(Short::No), "{text}: {found:?}");
        }
        for (text, at) in [
            ("不是第一个", vec![0]),
            ("第一个不对", vec![0]),
            ("not the second", vec![1]),
            ("the second is wrong", vec![1]),
            ("第一个和第二个都不是", vec![0, 1]),
        ] {
            assert_eq!(said(text), Some(Short::Not(picks(&at))), "{text}");
        }
    }

    #[test]
    fn yes_all_and_any_are_heard() {
        for (texts, short) in [
            ("是|是的|对|对的|没错|yes|yeah|yep|exactly|that's it|yes please", Short::Yes),
            ("都要|两个都要|都想知道|全部|both|both please|all of them|all three", Short::All),
            ("随便|都行|哪个都行|any|either|any of them", Short::Any),
            ("另一个|剩下那个|the other one", Short::Other),
        ] {
            for text in texts.split('|') {
                assert_eq!(said(text), Some(short.clone()), "{text}");
            }
        }
    }

    #[test]
    fn what_says_more_is_no_short_answer() {
        for text in "5G套餐多少钱|1元流量包怎么办|2年合约吗|第一个月怎么收费|一个月多少钱|3GB够用吗|第二个怎么办理|第一次充值有优惠吗|12|59|10086|1.5|两个号码能合并吗|都有哪些套餐|不能上网|没有信号|没有验证码|不是会员能积分吗|还是不行|试过了|好的|谢谢|你好|没问题|怎么办|最后两个|是不是|要不要|有没有|\
5g plan price|1 gb costs what|2 year contract|first month charge|how much is the first month|one question|not working|no signal|no invoice came|i have none of the papers|help|ok|thanks|hello|3 phones under 2000|second hand phones|not the bill, the invoice|wait a second|what|how|no problem|all right|last month's bill"
            .split('|')
        {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn what_follows_a_short_answer_is_found() {
        for (text, short, rest) in [
            ("都不是，我想问发票", Short::NoneOfThem, "我想问发票"),
            ("不，是宽带断了", Short::No, "是宽带断了"),
            ("neither, i want to return a phone", Short::NoneOfThem, "i want to return a phone"),
            ("no. my router is offline", Short::No, "my router is offline"),
        ] {
            assert_eq!(opening(text), Some((short, rest)), "{text}");
        }
        assert_eq!(opening("怎么充话费，都不是"), None);
        assert_eq!(contrast("不是账单，是发票"), Some(("账单", "发票")));
        assert_eq!(contrast("not the bill, the invoice"), Some((" bill", "the invoice")));
        assert_eq!(contrast("not theory"), None);
        assert_eq!(after_number("2. how do i check my bill"), Some("how do i check my bill"));
        assert_eq!(after_number("5g套餐多少钱"), None);
        assert_eq!(seat_within("第二个怎么办理"), Some(Seat::At(1)));
        assert_eq!(seat_within("第一个月怎么收费"), None);
        assert_eq!(seat_within("how does the second one work"), Some(Seat::At(1)));
        assert_eq!(seat_within("i have one question"), None);
    }
}
