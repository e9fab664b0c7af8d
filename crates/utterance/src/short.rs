//! Short answers: lines that mean something only after what was asked, such as "第二个", "2", "neither of them" and "是的".
//!
//! A line is one if it says nothing else: each of its words picks, refuses, agrees, or means nothing by itself. "5G套餐多少钱" begins with a number, and is a
//! question all the same.

mod chinese;
mod english;
mod words;

use self::words::{ANEW_EN, ANEW_ZH, BEFORE_CONTRAST, CALLED_EN, CALLED_ZH, CONTRASTS, DENIALS, LEAVES_EN, LEAVES_ZH, REFUSALS, RESIGNS, TURNS, WANTED};
use crate::text::{is_han, list, normal_of, tokens};

/// Longer lines are no short answers.
const MOST_CHARS: usize = 60;

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
    /// It says that the pick before was a slip: "oh sorry", "点错了".
    Corrects,
    /// It is what is to be done with what is picked: "看", "点开".
    Act,
    /// It says something else, unless something is picked: "could you", "what is", "line".
    Else,
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
    before_clause(normal, clauses_of(normal)).or_else(|| before_clause(normal, phrases_of(normal))).or_else(|| before_word(normal))
}

/// What the clauses say before the first that says something else, and all from that on.
fn before_clause<'a>(normal: &'a str, clauses: Vec<&'a str>) -> Option<(Short, &'a str)> {
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

/// The refusal with which a line begins without any mark behind it: "no i want to cancel", "都不是我想查话费". What follows is then said of the customer, or asks.
fn before_word(normal: &str) -> Option<(Short, &str)> {
    let line = normal.trim_start();
    let refusal = list(REFUSALS).filter(|head| line.strip_prefix(head).is_some_and(|after| begins_anew(head, after))).max_by_key(|head| head.len())?;
    let short = read(refusal).filter(|short| matches!(short, Short::No | Short::NoneOfThem | Short::Drop))?;
    Some((short, line[refusal.len()..].trim_start()))
}

fn begins_anew(head: &str, after: &str) -> bool {
    match after.strip_prefix(' ') {
        Some(after) if head.is_ascii() => list(ANEW_EN).any(|word| after.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))),
        _ => !head.is_ascii() && list(ANEW_ZH).any(|word| after.starts_with(word)),
    }
}

/// What a line says that it is not about, and what it says besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contrast<'a> {
    /// What it is not about.
    pub not: &'a str,
    /// What it says besides; it may be nothing.
    pub rest: &'a str,
    /// Whether it says so of a thing, at its beginning. Elsewhere, it only says so if that is what was shown: "not working" tells of a fault.
    pub is_plain: bool,
}

/// What a normalised line says that it is not about, and what it says besides: "不是账单，是发票", "not turn on, i want roaming off".
pub fn contrast(normal: &str) -> Option<Contrast<'_>> {
    let mut clauses = clauses_of(normal);
    if clauses.len() < 2 && normal.chars().any(is_han) {
        clauses = phrases_of(normal);
    }
    let (at, Denied { what, rest, is_plain }) = clauses.iter().enumerate().find_map(|(at, clause)| Some((at, denial(clause)?)))?;
    let is_first = clauses.iter().take(at).all(|clause| signs(clause).is_some());
    // what is wanted stands behind it, or else before it
    let rest = match clauses.get(at + 1) {
        _ if !rest.is_empty() => &normal[offset(normal, rest)..],
        Some(next) => &normal[offset(normal, next)..],
        None if is_first => "",
        None => &normal[..offset(normal, clauses.get(at)?)],
    };
    let rest = rest.trim_start();
    let rest = list(WANTED).filter_map(|word| rest.strip_prefix(word)).min_by_key(|rest| rest.len()).unwrap_or(rest).trim();
    (!tokens(what).is_empty()).then_some(Contrast { not: what, rest, is_plain: is_plain && is_first })
}

struct Denied<'a> {
    what: &'a str,
    /// What the clause says after that: "不是账单是发票", "not the bill but the invoice".
    rest: &'a str,
    is_plain: bool,
}

fn denial(clause: &str) -> Option<Denied<'_>> {
    let line = clause.trim();
    let is_whole = |head: &str, after: &str| !head.is_ascii() || after.starts_with(' ');
    let opened = list(BEFORE_CONTRAST).filter_map(|word| Some((word, line.strip_prefix(word)?))).filter(|(word, after)| is_whole(word, after));
    let line = opened.map(|(_, rest)| rest.trim_start()).min_by_key(|rest| rest.len()).unwrap_or(line);
    let found = |heads: &'static str| {
        let found = list(heads).filter_map(|head| Some((head, line.strip_prefix(head)?))).filter(|(head, after)| is_whole(head, after));
        found.max_by_key(|(head, _)| head.len()).map(|(_, after)| after)
    };
    let (after, is_plain) = found(CONTRASTS).map(|after| (after, true)).or_else(|| found(DENIALS).map(|after| (after, false)))?;
    let turn = list(TURNS).filter_map(|turn| after.find(turn)).filter(|at| *at > 0).min();
    let (what, rest) = after.split_at(turn.unwrap_or(after.len()));
    Some(Denied { what, rest, is_plain })
}

/// Whether a normalised line only says what its writer will do next, and so wants nothing more here: "我自己去营业厅吧", "i'll just go to the shop".
pub fn leaves(normal: &str) -> bool {
    let line = normal.trim();
    if line.contains(['?', '？']) {
        return false;
    }
    if line.chars().any(is_han) {
        let own = list(LEAVES_ZH.0).any(|word| line.starts_with(word));
        return own && !list(LEAVES_ZH.1).any(|word| line.contains(word));
    }
    let spaced = format!(" {} ", tokens(line).join(" "));
    list(LEAVES_EN.0).any(|head| spaced.starts_with(&format!(" {head} "))) && !list(LEAVES_EN.1).any(|word| spaced.contains(&format!(" {word} ")))
}

/// Whether a normalised line says that its writer will do without help: "行吧，那我自己去营业厅办", "oh well, i'll sort it myself".
pub fn resigns(normal: &str) -> bool {
    let mut line = normal.trim();
    while let Some(rest) = list(RESIGNS.0).filter_map(|word| Some((word, line.strip_prefix(word)?))).find_map(|(word, rest)| {
        let is_whole = !word.is_ascii() || rest.starts_with(|c: char| !c.is_alphanumeric());
        is_whole.then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
    }) {
        line = rest;
    }
    leaves(line) && list(RESIGNS.1).any(|word| line.contains(word))
}

/// What a normalised line calls the one that it means, of what was shown: "税号那个", "the one about limits".
pub fn name_meant(normal: &str) -> Option<&str> {
    let line = normal.trim_matches(|c: char| !c.is_alphanumeric());
    if line.chars().any(is_han) {
        let what = list(CALLED_ZH).filter_map(|tail| line.strip_suffix(tail)).min_by_key(|what| what.len())?;
        return (!what.is_empty()).then_some(what);
    }
    let around = |words: &'static str| list(words);
    let (head, what) = around(CALLED_EN[0]).filter_map(|head| Some((head, line.strip_prefix(head)?.strip_prefix(' ')?))).min_by_key(|(_, what)| what.len())?;
    let inner = around(CALLED_EN[1]).find_map(|tail| what.strip_suffix(tail)?.strip_suffix(' '));
    inner.or((head.len() > "about the".len()).then_some(what))
}

/// What follows the number with which a normalised line begins: "2. how do I check my bill".
pub fn after_number(normal: &str) -> Option<&str> {
    let line = normal.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = line.strip_prefix(|c: char| digit(c).is_some())?;
    rest.starts_with([' ', '.', ')', '、', ',', ':', '-', '】', ']']).then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// The place in a list that a normalised line names while it says more than that, and whether what stands there can only be a question: "第二个怎么办理" may be
/// about something that the customer has, "下面第二条怎么办理" is not.
pub fn seat_within(normal: &str) -> Option<(Seat, bool)> {
    clauses_of(normal).into_iter().find_map(|clause| if clause.chars().any(is_han) { chinese::within(clause) } else { english::within(&tokens(clause)) })
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

/// The clauses of a line in which Chinese clauses may end at a space.
fn phrases_of(normal: &str) -> Vec<&str> {
    let mut phrases = Vec::new();
    for clause in clauses_of(normal) {
        let mut from = 0;
        for (at, _) in clause.match_indices(' ') {
            let after = clause[at..].trim_start().chars().next();
            if clause[from..at].chars().next_back().is_some_and(is_han) && after.is_some_and(is_han) {
                phrases.push(&clause[from..at]);
                from = at + 1;
            }
        }
        phrases.push(&clause[from..]);
    }
    phrases.retain(|phrase| phrase.chars().any(char::is_alphanumeric));
    phrases
}

pub(crate) fn is_end(c: char) -> bool {
    matches!(c, ',' | '。' | '!' | '?' | '.' | ';' | '、' | '\n' | '~' | '…' | '，' | '！' | '？' | '；' | '：' | ':' | '/' | '—' | '(' | ')' | '"')
}

fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// What the words of a clause say; `None` if one of them says anything else.
fn signs(clause: &str) -> Option<Vec<Sign>> {
    if clause.chars().any(is_han) { chinese::signs(clause) } else { english::signs(&tokens(clause)) }
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
    if has(Sign::Else) && picked.is_empty() {
        return None;
    }
    Some(if !picked.is_empty() {
        Short::Picks { seats: picked, goes_on: corrects || has(Sign::GoesOn) || has(Sign::Corrects) }
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
mod tests;
