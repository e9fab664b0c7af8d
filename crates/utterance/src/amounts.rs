//! Numbers and amounts of money, as data sheets and customers write them.

use normal::currency::Currency;

use crate::spoken;
use crate::text::{Lang, is_han, list};

/// A value of a data sheet as a number: the middle of a range, the product of dimensions, months for years; the digits of a grade such as IP68 or class 2.
pub fn measure(value: &str, unit: &str) -> Option<f64> {
    let lower = value.to_lowercase();
    // "3×HDMI, 2×USB" counts several things, "Panel, 3 years" tells of something else
    if lower.contains(['、', ',', ';', '+', '：', ':']) {
        return None;
    }
    let numbers = numbers(&lower);
    let first = *numbers.first()?;
    let scaled = |number: f64| match unit.to_lowercase().as_str() {
        "tb" => number * 1024.0,
        _ if lower.contains("year") || lower.contains('年') => number * 12.0,
        _ => number,
    };
    let number = match numbers.as_slice() {
        [low, high] if lower.contains(['–', '-', '~', '至']) => f64::midpoint(*low, *high),
        [_, _] | [_, _, _] if lower.contains(['×', 'x', '*']) && !lower.contains("usb") => numbers.iter().product(),
        [_] => first,
        _ => return None,
    };
    Some(scaled(number))
}

fn numbers(text: &str) -> Vec<f64> {
    let mut out = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() || (c == '.' && !run.is_empty() && !run.contains('.')) {
            run.push(c);
        } else if !run.is_empty() {
            out.extend(run.trim_end_matches('.').parse::<f64>().ok());
            run.clear();
        }
    }
    out
}

/// The characters of a text without the commas that part the thousands of a number.
fn without_separators(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let parts = |at: usize| chars[at] == ',' && at > 0 && is_digit(at - 1) && (1..4).all(|next| is_digit(at + next)) && !is_digit(at + 4);
    (0..chars.len()).filter(|at| !parts(*at)).map(|at| chars[at]).collect()
}

/// The units of which half of one is said: 半斤, 两年半.
const HALVED: [&str; 8] = ["公斤", "千克", "个小时", "小时", "斤", "升", "年", "寸"];

/// Words behind and before a number that show that its `k` stands for thousands: 2k is a resolution, too.
const LIMITED: [&str; 2] = [
    "以内|以下|以上|左右|之内|之下|块|元|or less|or more|or so|yuan|rmb|max|tops|budget",
    "under|over|below|above|than|around|about|budget|budget is|budget of|max|between|and|to|up to|most|least|spend|within|不超过|低于|高于|预算|大概|最多|至少|到",
];

/// Writes the numbers of a normalised line as digits: "六千块" becomes "6000块", "两三千" "2000到3000", "1.5万" "15000", "3k" "3000", "百元以内" "100元以内",
/// "半斤" "0.5斤", "fifteen hundred" "1500".
pub fn with_digits(text: &str, lang: Lang) -> String {
    let limits = |before: &str| list(LIMITED[1]).any(|word| before.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(' ')));
    if lang == Lang::En && text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return digits_of_chinese(&spoken::in_digits(text, limits));
    }
    digits_of_chinese(text)
}

/// The factor that stands for 万, 千, 百 or k behind the digits that end at a place, if they are an amount.
fn factor_behind(chars: &[char], start: usize, end: usize, written: &str) -> Option<f64> {
    let after = chars.get(end).copied().unwrap_or(' ');
    let next = chars.get(end + 1).copied().unwrap_or(' ');
    match after {
        '万' if next != '像' => Some(10_000.0),
        '千' if !matches!(next, '兆' | '克' | '米' | '瓦') => Some(1_000.0),
        '百' => Some(100.0),
        'k' if !next.is_ascii_alphanumeric() => {
            let behind: String = chars[end + 1..].iter().skip_while(|c| **c == ' ').take(12).collect();
            let before: String = chars[..start].iter().collect();
            let before = before.trim_end();
            let is_limited =
                list(LIMITED[0]).any(|word| behind.starts_with(word)) || list(LIMITED[1]).any(|word| before.ends_with(word)) || before.ends_with('-');
            let may_be_code = matches!(written, "2" | "4" | "8") && !is_limited;
            (!may_be_code && written.len() <= 4).then_some(1_000.0)
        }
        _ => None,
    }
}

fn digits_of_chinese(text: &str) -> String {
    let chars = without_separators(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let digit_run = chars[at..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
        if digit_run > 0 && c.is_ascii_digit() {
            let end = at + digit_run;
            let written: String = chars[at..end].iter().collect();
            let written = written.trim_end_matches('.').to_owned();
            let own = factor_behind(&chars, at, end, &written);
            let factor = own.or_else(|| factor_of_range(&chars, end, &written)).unwrap_or(1.0);
            let taken = usize::from(own.is_some());
            match written.parse::<f64>() {
                Ok(number) if factor > 1.0 => {
                    out.push_str(&format!("{}", number * factor));
                    at = end + taken;
                }
                _ => {
                    out.push_str(&chars[at..end].iter().collect::<String>());
                    at = end;
                }
            }
            continue;
        }
        if c == '半'
            && (at == 0 || !matches!(chars[at - 1], '大' | '小' | '一' | '多' | '前' | '后' | '上' | '下'))
            && HALVED.iter().any(|unit| starts_with(&chars[at + 1..], unit))
        {
            out.push_str("0.5");
            at += 1;
            continue;
        }
        let run = chars[at..].iter().take_while(|c| place(**c).is_some()).count();
        if run == 0 {
            out.push(c);
            at += 1;
            continue;
        }
        let numeral = &chars[at..at + run];
        let after = chars.get(at + run).copied().unwrap_or(' ');
        let measured = "块元个寸英公斤克升平分小天年月兆条张毫瓦赫档".contains(after) || matches!(after, 'g' | 'G');
        let halved = starts_with(&chars[at + run..], "个半小时");
        let large = numeral.iter().any(|c| "十百千万".contains(*c)) && numeral.iter().any(|c| !"十百千万".contains(*c)) || matches!(numeral, ['十', ..]);
        let counted = numeral.len() == 1 && "个张条档分".contains(after) && chars.get(at + run + 1).is_none_or(|next| !matches!(next, '月' | 'g' | 'G' | '钟'));
        // 百元以内 is a hundred, a 千元机 a sort of phone
        let is_amount = matches!(after, '元' | '块')
            && chars.get(at + run + 1) != Some(&'机')
            && !matches!(at.checked_sub(1).map(|before| chars[before]), Some('几' | '数' | '上'))
            || matches!(numeral, ['千']) && chars[at + run..].starts_with(&['兆', '宽', '带']);
        if let ([unit @ ('百' | '千' | '万')], true) = (numeral, is_amount) {
            out.push_str(&format!("{}", place(*unit).unwrap_or(1.0)));
            at += run;
            continue;
        }
        let unit_itself = matches!(numeral, ['千'] | ['百'] | ['万']);
        if halved || (large || measured && !counted) && !unit_itself && !ordinal(&chars, at) {
            match numeral_value(numeral) {
                Some((low, Some(high))) => out.push_str(&format!("{low}到{high}")),
                Some((number, None)) => {
                    // 两年半, 三个半小时
                    let unit = HALVED.iter().find(|unit| starts_with(&chars[at + run..], unit)).copied();
                    let behind = unit.map(|unit| at + run + unit.chars().count()).filter(|end| chars.get(*end) == Some(&'半'));
                    let within = halved.then_some(at + run + 2);
                    match (behind, within, unit) {
                        (Some(end), _, Some(unit)) => {
                            out.push_str(&format!("{}{unit}", number + 0.5));
                            at = end + 1;
                            continue;
                        }
                        (_, Some(end), _) => {
                            out.push_str(&format!("{}", number + 0.5));
                            at = end;
                            continue;
                        }
                        _ => out.push_str(&format!("{number}")),
                    }
                }
                None => out.extend(numeral),
            }
        } else {
            out.extend(numeral);
        }
        at += run;
    }
    out
}

fn starts_with(chars: &[char], word: &str) -> bool {
    word.chars().enumerate().all(|(at, c)| chars.get(at) == Some(&c))
}

/// The factor that stands only behind the second number of a range: 3-5千, 3到5k.
fn factor_of_range(chars: &[char], end: usize, written: &str) -> Option<f64> {
    let behind: String = chars.get(end..)?.iter().take(5).collect();
    let sign = ["-", "~", "到", "至", "–", "- ", " - ", " to ", " and "].into_iter().filter(|sign| behind.starts_with(sign)).max_by_key(|sign| sign.len())?;
    let from = end + sign.chars().count();
    let second: String = chars.get(from..)?.iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    let (low, high) = (written.parse::<f64>().ok()?, second.parse::<f64>().ok()?);
    (low < high && low < 100.0).then(|| factor_behind(chars, from, from + second.len(), &second)).flatten()
}

/// Whether the numeral at this place counts off or belongs to a word: 第一, 一个, 一下.
fn ordinal(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or(' ');
    let (own, after) = (chars[at], chars.get(at + 1).copied().unwrap_or(' '));
    matches!(before, '第' | '哪' | '这' | '那')
        || (own == '一' && matches!(after, '个' | '下' | '条' | '张' | '点' | '些' | '天' | '年' | '分' | '月'))
        || (matches!(own, '两' | '二' | '三') && after == '个' && !matches!(chars.get(at + 2), Some('月' | 'g')))
}

fn place(c: char) -> Option<f64> {
    Some(match c {
        '零' => 0.0,
        '一' => 1.0,
        '二' | '两' => 2.0,
        '三' => 3.0,
        '四' => 4.0,
        '五' => 5.0,
        '六' => 6.0,
        '七' => 7.0,
        '八' => 8.0,
        '九' => 9.0,
        '十' => 10.0,
        '百' => 100.0,
        '千' => 1_000.0,
        '万' => 10_000.0,
        _ => return None,
    })
}

/// A spoken numeral; two numbers if it is a range such as 两三千.
fn numeral_value(numeral: &[char]) -> Option<(f64, Option<f64>)> {
    if let [a, b, unit] = numeral
        && "十百千万".contains(*unit)
        && let (Some(low), Some(high)) = (place(*a), place(*b))
        && low < high
        && high < 10.0
    {
        let factor = place(*unit)?;
        return Some((low * factor, Some(high * factor)));
    }
    let (mut total, mut number, mut last): (f64, f64, f64) = (0.0, 0.0, 1.0);
    for c in numeral {
        let value = place(*c)?;
        if value >= 10.0 {
            let of = if number > 0.0 { number } else { 1.0 };
            if value >= 10_000.0 {
                total = (total + if number > 0.0 { number } else { 0.0 }).max(1.0) * value;
            } else {
                total += of * value;
            }
            number = 0.0;
            last = value;
        } else {
            number = value;
        }
    }
    // 一千五 is 1500, 十五 is 15
    let tail = if number > 0.0 && last > 10.0 && numeral.last().is_some_and(|c| place(*c).is_some_and(|v| v < 10.0)) && !numeral.contains(&'零') {
        number * last / 10.0
    } else {
        number
    };
    Some((total + tail, None))
}

/// Writes the name of the currency behind amounts that have its sign before them: "under s$200" becomes "under 200 dollars", "s$200以内" "200新元以内".
pub fn with_amounts(text: &str, currency: &Currency, lang: Lang) -> String {
    let signs: Vec<String> = currency.signs().map(str::to_lowercase).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let within = out.chars().next_back().is_some_and(|before| before.is_alphanumeric() && !is_han(before));
        let behind = signs.iter().filter(|_| !within).find_map(|sign| rest.strip_prefix(sign.as_str())).map(str::trim_start);
        let Some(amount) = behind.filter(|amount| amount.starts_with(|c: char| c.is_ascii_digit())) else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let end = amount.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(amount.len());
        let number = amount[..end].trim_end_matches('.');
        out.push_str(number);
        rest = &amount[number.len()..];
        match lang {
            Lang::Zh => out.push_str(currency.zh),
            Lang::En => out.extend([" ", currency.en]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_sheets_become_numbers() {
        assert_eq!(measure("1.5–2.2", "m"), Some(1.85));
        assert_eq!(measure("200×200", "mm"), Some(40_000.0));
        assert_eq!(measure("2 years", ""), Some(24.0));
        assert_eq!(measure("6 个月", ""), Some(6.0));
        assert_eq!(measure("IP68", ""), Some(68.0));
        assert_eq!(measure("Class 2", ""), Some(2.0));
        assert_eq!(measure("3×HDMI, 2×USB", ""), None);
        assert_eq!(measure("1", "TB"), Some(1024.0));
        assert_eq!(measure("Dual SIM", ""), None);
    }

    #[test]
    fn commas_part_the_thousands_of_a_number_only() {
        assert_eq!(with_digits("under 2,000 yuan, or 1,234,567", Lang::En), "under 2000 yuan, or 1234567");
        assert_eq!(with_digits("2,5 or 1,0000", Lang::En), "2,5 or 1,0000");
    }

    #[test]
    fn amounts_with_a_sign_get_the_name_of_their_currency() {
        let written = |text: &str, code: &str, lang| with_amounts(text, Currency::of(code).unwrap(), lang);
        for (text, code, lang, expected) in [
            ("tables under s$200.", "SGD", Lang::En, "tables under 200 dollars."),
            ("between $80 and $120", "SGD", Lang::En, "between 80 dollars and 120 dollars"),
            ("sgd 12.50 or less", "SGD", Lang::En, "12.50 dollars or less"),
            ("s$200以内的书桌", "SGD", Lang::Zh, "200新元以内的书桌"),
            ("预算s$200", "SGD", Lang::Zh, "预算200新元"),
            ("¥2000以内", "CNY", Lang::Zh, "2000元以内"),
            ("hk$200 and ¥5, a1", "SGD", Lang::En, "hk$200 and ¥5, a1"),
        ] {
            assert_eq!(written(text, code, lang), expected);
        }
    }

    #[test]
    fn spoken_numbers_become_digits() {
        assert_eq!(with_digits("六千块以内", Lang::Zh), "6000块以内");
        assert_eq!(with_digits("两三千的手机", Lang::Zh), "2000到3000的手机");
        assert_eq!(with_digits("一千五左右", Lang::Zh), "1500左右");
        assert_eq!(with_digits("打一千分钟以上", Lang::Zh), "打1000分钟以上");
        assert_eq!(with_digits("1.5万", Lang::Zh), "15000");
        assert_eq!(with_digits("under 3k", Lang::En), "under 3000");
        assert_eq!(with_digits("千兆宽带", Lang::Zh), "1000兆宽带");
        assert_eq!(with_digits("千兆网口", Lang::Zh), "千兆网口");
        assert_eq!(with_digits("百元以内的套餐", Lang::Zh), "100元以内的套餐");
        assert_eq!(with_digits("千元机", Lang::Zh), "千元机");
        assert_eq!(with_digits("几百块", Lang::Zh), "几百块");
        assert_eq!(with_digits("3-5千的手机", Lang::Zh), "3000-5000的手机");
        assert_eq!(with_digits("between 2 and 4k", Lang::En), "between 2000 and 4000");
        assert_eq!(with_digits("between two and three thousand", Lang::En), "between 2000 and 3000");
        assert_eq!(with_digits("2k以内的手机", Lang::Zh), "2000以内的手机");
        assert_eq!(with_digits("2k屏的手机", Lang::Zh), "2k屏的手机");
        assert_eq!(with_digits("phones under 2k", Lang::En), "phones under 2000");
        assert_eq!(with_digits("a 4k tv under 1.5k", Lang::En), "a 4k tv under 1500");
        assert_eq!(with_digits("半斤以内", Lang::Zh), "0.5斤以内");
        assert_eq!(with_digits("两年半", Lang::Zh), "2.5年");
        assert_eq!(with_digits("三个半小时", Lang::Zh), "3.5小时");
        assert_eq!(with_digits("上半年, 半天没到", Lang::Zh), "上半年, 半天没到");
        assert_eq!(with_digits("第一个有货吗", Lang::Zh), "第一个有货吗");
        assert_eq!(with_digits("十个g的月包", Lang::Zh), "10个g的月包");
        assert_eq!(with_digits("一百二十平", Lang::Zh), "120平");
    }
}
