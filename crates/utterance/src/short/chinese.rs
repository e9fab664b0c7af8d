//! Chinese short answers. What picks is read by a grammar: "第" with a number and a measure, also where the keyboard chose a character of the same sound, and
//! places, which are put together from how far, which end, which side, and what stands there: "最上边那条", "排第一的", "倒数第二个", "末一个".

use pinyin::ToPinyin as _;

use super::words::{FOLLOWS_ZH, MEASURES_ZH, ZH};
use super::{Seat, Sign, digit, english};
use crate::text::list;

/// The numbers, as they are read and as they are written on forms.
const NUMERALS: [&str; 2] = ["一二三四五六七八九", "壹贰叁肆伍陆柒捌玖"];
/// Beyond these, what merely sounds like a number is none.
const MOST_BY_SOUND: usize = 5;

/// How far something stands at its end.
const FARTHEST: &str = "最|最最|靠|最靠|靠最|排|排在|排最|排在最|在最|放在最|位于最|列在最";
/// The words for the ends, with the place that each means.
const ENDS: [(Seat, &str); 3] = [
    (Seat::At(0), "上|顶|头|首|前|开头|打头|起头|排头|领头"),
    (Seat::FromEnd(0), "下|底|末|尾|后|末尾|垫底|结尾|收尾"),
    (Seat::Middle, "中间|正中|正中间|当中|居中"),
];
/// Ends that name a place without a side: "首个", "末一个", "头条".
const ENDS_ALONE: &str = "头|首|末|尾|前|后|开头|打头|起头|排头|领头|末尾|垫底|结尾|收尾";
/// What makes an end a side.
const SIDES: &str = "边|面|头|部|方|端|间|尾|上|下";
/// What points at the thing that stands there.
const POINTERS: &str = "那一|这一|那|这|一";
/// From where it is counted backwards, before "第".
const FROM_END: &str = "倒数|倒着数|从下往上|从下往上数|从后往前|从后往前数|从下数|从后数|从下面数|从后面数|从底下数|从底数|往回数|末尾";
/// The same forwards.
const FROM_START: &str = "从上往下|从上往下数|从前往后|从前往后数|从上数|从前数|从头数|从上面数|从前面数|顺着数|正数";

/// What stands before a place that is refused.
const REFUSES: &str = "不是|不要|不想|不想看|不看|不选|不想要|不是要|不是说|别|不是问|没问";
/// What only a question, and nothing that a customer has, is counted by.
const QUESTIONS: &str = "条|问题|选项|链接|按钮|答案|条问题|行";

/// A place in a text, with the length of what names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub seat: Seat,
    pub length: usize,
    /// Whether a measure shows that it is the place of a thing: "第一次" and "最后" name none.
    pub is_of_thing: bool,
}

/// What the words of a clause say; `None` if one of them says anything else.
pub(super) fn signs(clause: &str) -> Option<Vec<Sign>> {
    let bare: String = clause.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = bare.as_str();
    let mut found: Vec<Sign> = Vec::new();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            found.push(english::phrase(&[&rest[..end]]).or_else(|| letter(&rest[..end], &found, &rest[end..]))?);
            rest = &rest[end..];
        } else if let Some(named) = place(rest) {
            found.push(Sign::Seat(named.seat));
            rest = &rest[named.length..];
        } else {
            let known = ZH.iter().flat_map(|(sign, words)| list(words).map(move |word| (*sign, word)));
            let (sign, word) = known.filter(|(_, word)| rest.starts_with(word)).max_by_key(|(_, word)| word.len()).or_else(|| {
                // "一个" counts
                let number = numeral(rest).filter(|_| measure(&rest[first.len_utf8()..]) == 0).or_else(|| pair(rest))?;
                Some((Sign::Seat(Seat::At(number - 1)), &rest[..first.len_utf8()]))
            })?;
            // "看不了" says what cannot be done
            if found.last() == Some(&Sign::Act) && matches!(word, "不" | "不了" | "没") {
                return None;
            }
            found.push(sign);
            rest = &rest[word.len()..];
        }
    }
    Some(found)
}

/// The place of an option that is named by a letter: "选b".
fn letter(word: &str, before: &[Sign], after: &str) -> Option<Sign> {
    let at = "abcdefgh".find(word).filter(|_| word.len() == 1)?;
    let is_alone = before.iter().all(|sign| matches!(sign, Sign::Act | Sign::Filler | Sign::Set)) && !after.starts_with(|c: char| c.is_ascii_digit());
    is_alone.then_some(Sign::Seat(Seat::At(at)))
}

/// The place with which a text begins.
pub(super) fn place(text: &str) -> Option<Named> {
    ordinal(text).or_else(|| position(text))
}

/// Whether what follows the place of a thing may follow it, and is not rather the name of the thing: "第二个怎么办" goes on, "第二个月怎么收费" names months.
pub(super) fn ends_well(after: &str) -> bool {
    after.chars().next().is_none_or(|c| !c.is_alphanumeric()) || list(FOLLOWS_ZH).any(|word| after.starts_with(word))
}

/// The longest member of a list with which a text begins, and what follows it.
fn leading(text: &str, words: &'static str) -> Option<(&'static str, usize)> {
    list(words).filter(|word| text.starts_with(word)).max_by_key(|word| word.len()).map(|word| (word, word.len()))
}

/// The place that a clause names while it says more than that, and whether what stands there can only be a question; not where it is refused.
pub(super) fn within(clause: &str) -> Option<(Seat, bool)> {
    let places = clause.char_indices().filter_map(|(at, _)| Some((at, place(&clause[at..])?)));
    places.filter(|(at, place)| place.is_of_thing && !is_inside(clause, *at) && ends_well(&clause[at + place.length..])).find_map(|(at, place)| {
        let refused = list(REFUSES).any(|word| clause[..at].ends_with(word));
        let is_question = list(QUESTIONS).any(|word| clause[at..at + place.length].ends_with(word));
        (!refused).then_some((place.seat, is_question))
    })
}

/// Whether a place begins inside a longer number or place: the "2个" of "12个", the "头一个" of "心头一个".
fn is_inside(clause: &str, at: usize) -> bool {
    clause[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit() || "第十百千万倒数最".contains(c))
}

/// The length of the measure with which a text begins.
fn measure(text: &str) -> usize {
    leading(text, MEASURES_ZH).map_or(0, |(_, length)| length)
}

/// "第二个", "倒数第一", "2号", "第二各".
fn ordinal(text: &str) -> Option<Named> {
    let backwards = leading(text, FROM_END);
    let head = backwards.or_else(|| leading(text, FROM_START)).map_or(0, |(_, length)| length);
    let seat = |number: usize| if backwards.is_some() { Seat::FromEnd(number - 1) } else { Seat::At(number - 1) };
    let rest = &text[head..];
    if let Some((number, length)) = by_sound(rest) {
        return Some(Named { seat: seat(number), length: head + length, is_of_thing: true });
    }
    if let Some(after) = rest.strip_prefix('第')
        && let Some(number) = numeral(after)
    {
        let length = head + rest.len() - after.len() + first_length(after);
        let measured = measure(&text[length..]);
        return Some(Named { seat: seat(number), length: length + measured, is_of_thing: measured > 0 });
    }
    // "倒数一个" counts without "第"
    let number = numeral(rest)?;
    let length = head + first_length(rest);
    let measured = match backwards {
        Some(_) => measure(&text[length..]),
        None => leading(&text[length..], "号|号选项").map_or(0, |(_, length)| length),
    };
    (measured > 0).then_some(Named { seat: seat(number), length: length + measured, is_of_thing: true })
}

/// "弟二个", "第二各", "第而个": an ordinal with its measure in which one character is another of the same sound.
fn by_sound(text: &str) -> Option<(usize, usize)> {
    let three: Vec<char> = text.chars().take(3).collect();
    let [head, number, thing] = three.as_slice() else { return None };
    let sounds = |c: char, like: char| c != like && c.to_pinyin().is_some_and(|own| like.to_pinyin().is_some_and(|other| own.plain() == other.plain()));
    let exact = numeral(&text[head.len_utf8()..]);
    let by_sound = || NUMERALS[0].chars().take(MOST_BY_SOUND).position(|known| sounds(*number, known)).map(|at| at + 1);
    let found = match (*head, exact, *thing) {
        ('第', None, '个') => by_sound()?,
        ('第', Some(number), thing) if sounds(thing, '个') => number,
        (head, Some(number), '个') if sounds(head, '第') => number,
        _ => return None,
    };
    Some((found, three.iter().map(|c| c.len_utf8()).sum()))
}

/// "最上边那条", "底下那个", "末一个", "前者", "中间".
fn position(text: &str) -> Option<Named> {
    let farthest = leading(text, FARTHEST).map_or(0, |(_, length)| length);
    let ends = ENDS.iter().filter_map(|(seat, words)| leading(&text[farthest..], words).map(|(word, length)| (*seat, word, length)));
    let (seat, end, length) = ends.max_by_key(|(_, _, length)| *length)?;
    let mut at = farthest + length;
    let mut take = |words: &'static str| {
        let length = leading(&text[at..], words).map_or(0, |(_, length)| length);
        at += length;
        length > 0
    };
    if farthest == 0 && matches!(end, "前" | "后") && take("者") {
        return Some(Named { seat, length: at, is_of_thing: true });
    }
    let has_side = take(SIDES);
    take("的");
    let points = take(POINTERS);
    let is_of_thing = take(MEASURES_ZH);
    // "最后两个" are several
    let of_several = !points && text[at..].starts_with(|c: char| "两几二三四五俩仨".contains(c));
    let is_end = list(ENDS_ALONE).any(|known| known == end);
    let is_place = farthest > 0 || seat == Seat::Middle || is_of_thing && (is_end || points && has_side);
    (is_place && !of_several).then_some(Named { seat, length: at, is_of_thing })
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The number from 1 to 9 with which a text begins, unless more digits follow.
fn numeral(text: &str) -> Option<usize> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let written = || NUMERALS.iter().find_map(|all| all.chars().position(|known| known == first).map(|at| at + 1));
    let number = digit(first).or_else(written)?;
    let goes_on = letters.next().is_some_and(|c| c.is_ascii_digit() || "十百千万".contains(c));
    (!goes_on).then_some(number)
}

/// Who writes "两" for the second counts nothing with it.
fn pair(text: &str) -> Option<usize> {
    let after = text.strip_prefix('两')?;
    (after.is_empty() || ends_well(after)).then_some(2)
}
