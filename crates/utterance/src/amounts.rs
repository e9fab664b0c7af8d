//! Numbers and amounts of money, as data sheets and customers write them.

use normal::currency::Currency;

use crate::text::{Lang, is_han};

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

/// Rewrites Chinese numerals before a unit, and of ten or more, as digits: "六千块" becomes "6000块", "两三千" "2000到3000", "1.5万" "15000", "3k" "3000".
pub fn with_digits(text: &str) -> String {
    let chars = without_separators(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let digit_run = chars[at..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
        if digit_run > 0 && c.is_ascii_digit() {
            let end = at + digit_run;
            let written: String = chars[at..end].iter().collect();
            let written = written.trim_end_matches('.').to_owned();
            let after = chars.get(end).copied().unwrap_or(' ');
            let next = chars.get(end + 1).copied().unwrap_or(' ');
            let factor = match after {
                '万' if next != '像' => 10_000.0,
                '千' if !matches!(next, '兆' | '克' | '米') => 1_000.0,
                '百' => 100.0,
                'k' if !next.is_alphanumeric()
                    && (is_han(next) || next == ' ' || next.is_ascii_punctuation())
                    && written.len() <= 2
                    && written != "4"
                    && written != "2"
                    && written != "8" =>
                {
                    1_000.0
                }
                _ => 1.0,
            };
            match written.parse::<f64>() {
                Ok(number) if factor > 1.0 => {
                    out.push_str(&format!("{}", number * factor));
                    at = end + 1;
                }
                _ => {
                    out.push_str(&chars[at..end].iter().collect::<String>());
                    at = end;
                }
            }
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
        let large = numeral.iter().any(|c| "十百千万".contains(*c)) && numeral.iter().any(|c| !"十百千万".contains(*c)) || matches!(numeral, ['十', ..]);
        let counted = numeral.len() == 1 && "个张条档分".contains(after) && chars.get(at + run + 1).is_none_or(|next| !matches!(next, '月' | 'g' | 'G' | '钟'));
        let unit_itself = matches!(numeral, ['千'] | ['百'] | ['万'] | ['千', ..]) && numeral.len() == 1;
        if (large || measured && !counted) && !unit_itself && !ordinal(&chars, at) {
            match numeral_value(numeral) {
                Some((low, Some(high))) => out.push_str(&format!("{low}到{high}")),
                Some((number, None)) => out.push_str(&format!("{number}")),
                None => out.extend(numeral),
            }
        } else {
            out.extend(numeral);
        }
        at += run;
    }
    out
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
        assert_eq!(with_digits("under 2,000 yuan, or 1,234,567"), "under 2000 yuan, or 1234567");
        assert_eq!(with_digits("2,5 or 1,0000"), "2,5 or 1,0000");
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
        assert_eq!(with_digits("六千块以内"), "6000块以内");
        assert_eq!(with_digits("两三千的手机"), "2000到3000的手机");
        assert_eq!(with_digits("一千五左右"), "1500左右");
        assert_eq!(with_digits("打一千分钟以上"), "打1000分钟以上");
        assert_eq!(with_digits("1.5万"), "15000");
        assert_eq!(with_digits("under 3k"), "under 3000");
        assert_eq!(with_digits("千兆宽带"), "千兆宽带");
        assert_eq!(with_digits("第一个有货吗"), "第一个有货吗");
        assert_eq!(with_digits("十个g的月包"), "10个g的月包");
        assert_eq!(with_digits("一百二十平"), "120平");
    }
}
