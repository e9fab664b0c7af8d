//! Splits a line that asks several questions into its questions.

use crate::text::{Lang, is_han, list, tokens};

/// The most questions of one line that are answered.
const MOST_PARTS: usize = 3;

const ASKS_ZH: &str = "吗|么|多少|几|怎么|咋|啥|什么|哪|能不能|能否|可不可以|行不|要不要|是不是|有没有|如何|是否|为什么|谁|多久|多大|多长|多重|多高|多宽|多厚|不行|要钱不|能不|还有没|收费不|保不保|赔不赔|给不给";
const JOINTS_ZH: &str = "还有就是|还有|另外|顺便问|顺便|再问|再就是|以后|然后|同时";
const ASKS_EN: &str =
    "what|whats|what's|how|hows|which|when|where|wheres|who|why|can|could|does|do|is|are|will|would|should|may|has|have|price|cost|weight|did";

/// The questions of a normalised line, each with what was said before it if that was no question; one if it asks one.
pub fn parts(line: &str, lang: Lang) -> Vec<String> {
    let clauses = clauses(line, lang);
    let mut parts: Vec<String> = Vec::new();
    let mut said = String::new();
    let mut asked = 0;
    for clause in &clauses {
        if asks(clause, lang) {
            asked += 1;
            let mut part = std::mem::take(&mut said);
            if asked > 1 && asks_little(clause, lang) {
                // "改号多少钱，最长多久": the second is about the same
                if let Some(first) = parts.first() {
                    part = format!("{first} ");
                }
            }
            part.push_str(clause);
            parts.push(part);
        } else {
            said.push_str(clause);
            said.push(if lang == Lang::Zh { ',' } else { ' ' });
        }
    }
    if !said.is_empty()
        && let Some(last) = parts.last_mut()
        && asked == 1
    {
        last.push(' ');
        last.push_str(&said);
    }
    if parts.len() > MOST_PARTS || asked < 2 { Vec::new() } else { parts }
}

fn clauses(line: &str, lang: Lang) -> Vec<String> {
    let mut text = line.to_owned();
    if lang == Lang::Zh {
        for joint in list(JOINTS_ZH) {
            text = text.replace(joint, "，");
        }
        // "又" between two questions
        text = text.replace("又多少", "多少");
    } else {
        for joint in [" and also ", " also ", " and then ", ", and ", " and "] {
            text = text.replace(joint, "; ");
        }
    }
    let ends = |c: char| matches!(c, '?' | '。' | ';' | '!' | '\n' | ',' | '，' | '、' | ':' | '：');
    let clauses = text.split(ends).flat_map(|clause| if lang == Lang::Zh { by_spaces(clause) } else { vec![clause.to_owned()] });
    clauses.flat_map(|clause| one_by_one(&clause)).map(|clause| clause.trim().to_owned()).filter(|clause| tokens(clause).len() >= 2).collect()
}

/// A Chinese clause parted at each space that ends a question: on a phone, a space is quicker to type than a comma.
fn by_spaces(clause: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = clause.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = parts.len() - 1;
        let said = &mut parts[last];
        let between = letter == ' ' && said.ends_with(is_han) && letters.peek().copied().is_some_and(is_han);
        if between && asks(said, Lang::Zh) && !asks_little(said, Lang::Zh) {
            parts.push(String::new());
        } else {
            said.push(letter);
        }
    }
    parts
}

/// "查余额和查积分分别怎么查" as what it asks of each; a clause that does not ask one by one as it is.
fn one_by_one(clause: &str) -> Vec<String> {
    let Some((of, asked)) = list("分别|各自").find_map(|word| clause.split_once(word)) else { return vec![clause.to_owned()] };
    of.split(['和', '跟', '与']).map(|of| format!("{of}{asked}")).collect()
}

fn asks(clause: &str, lang: Lang) -> bool {
    match lang {
        Lang::Zh => list(ASKS_ZH).any(|word| clause.contains(word)) || clause.ends_with(['不', '没']),
        Lang::En => {
            let words = tokens(clause);
            let opens = |word: &str| list(ASKS_EN).any(|known| known == word);
            let asks = |word: &str| list("what|whats|what's|how|hows|which|when|where|wheres|who|why|price|weight|cost").any(|known| known == word);
            words.len() >= 3 && (words.first().is_some_and(|word| opens(word)) || words.iter().take(3).any(|word| asks(word)))
        }
    }
}

/// Whether a question says too little to be understood alone.
fn asks_little(clause: &str, lang: Lang) -> bool {
    let words = tokens(clause);
    match lang {
        Lang::Zh => words.len() <= 4,
        Lang::En => words.len() <= 3 || words.len() == 4 && words.ends_with(&["it"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_part_where_the_next_begins() {
        assert_eq!(parts("两件事:副卡一个月多少?亲情网要钱吗", Lang::Zh).len(), 2);
        assert_eq!(parts("寄回去邮费谁出 钱几天回来", Lang::Zh).len(), 2);
        assert_eq!(parts("什么时候 能到 怎么查", Lang::Zh), ["什么时候 能到", "什么时候 能到 怎么查"]);
        assert_eq!(clauses("寄回去的邮费要多少钱，我想 知道", Lang::Zh), ["寄回去的邮费要多少钱", "我想 知道"]);
        assert_eq!(parts("下周去日本，上网买一天多少钱", Lang::Zh).len(), 0);
        assert_eq!(parts("how long does a refund take, and why would you refuse my coupon", Lang::En).len(), 2);
        assert_eq!(parts("怎么充话费", Lang::Zh).len(), 0);
    }
}
