//! Whether a value of a data sheet says what a phrase of the customer asks for.

use crate::graph::facts::Fact;
use crate::graph::names::words;
use crate::text::{Lang, normalise};

/// A text without spaces and hyphens, in its normal form.
pub(super) fn compact(text: &str) -> String {
    normalise(text).chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
}

/// The code in a phrase, such as 5g in "支持5g" or hdmi in "HDMI 口"; `None` if there is none.
pub(super) fn code_of(phrase: &str) -> Option<String> {
    let normal = normalise(phrase);
    let runs = normal.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').filter(|run| run.len() >= 2);
    let mut runs: Vec<&str> = runs.collect();
    runs.sort_by_key(|run| !run.chars().any(|c| c.is_ascii_digit()));
    let mut code: String = runs.first().map(|run| (*run).to_owned()).unwrap_or_default();
    // wifi 6, 5 ghz
    if !code.chars().any(|c| c.is_ascii_digit()) {
        code = compact(phrase).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    }
    let known = code.chars().any(|c| c.is_ascii_digit()) || ["hdmi", "sos", "nfc", "esim", "usb", "usbc", "mesh"].contains(&code.as_str());
    (known && code.len() >= 2).then_some(code)
}

/// Whether a value says what a phrase asks for.
pub(super) fn value_says(fact: &Fact, phrase: &str, lang: Lang) -> bool {
    let value = compact(fact.shown.get(lang));
    if lang == Lang::Zh {
        let phrase = compact(phrase)
            .replace("独显", "独立显卡")
            .replace("集显", "集成显卡")
            .replace("两张卡", "双卡")
            .replace("不用除霜", "无霜")
            .replace("一级能效", "1级")
            .replace("二级能效", "2级");
        let bare = phrase.trim_start_matches(['支', '持', '能', '插', '带', '有', '的']).trim_end_matches('卡');
        return bare.chars().count() >= 2 && value.contains(bare) || code_of(&phrase).is_some_and(|code| value.contains(&code));
    }
    let own = words(fact.shown.get(Lang::En), Lang::En);
    let label = words(fact.label.get(Lang::En), Lang::En);
    let wanted: Vec<&str> = phrase
        .split(' ')
        .filter(|word| !label.iter().any(|known| known == word))
        .filter(|word| !matches!(*word, "card" | "key" | "button" | "port" | "ports" | "sim" | "take" | "a" | "which"))
        .collect();
    !wanted.is_empty() && wanted.iter().all(|word| own.iter().any(|known| known == word))
        || code_of(phrase).is_some_and(|code| code.len() >= 2 && value.contains(&code))
}
