//! Renders facts of goods and plans as text, in either language.

use crate::graph::facts::{Fact, Node};
use crate::text::Lang;

/// The name of a node; English puts an article before products.
pub(super) fn name(node: &Node, lang: Lang) -> String {
    let name = node.name.get(lang);
    if lang == Lang::En && !node.plan { format!("the {name}") } else { name.to_owned() }
}

/// A sentence with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An English label within a sentence: a small first letter, unless the first word is a name or an abbreviation.
pub(super) fn within(label: &str) -> String {
    let first = label.split(' ').next().unwrap_or_default();
    let is_word = first.chars().skip(1).all(|c| c.is_lowercase()) && first.chars().count() > 1 && !matches!(first, "Bluetooth" | "Wi-Fi" | "Ethernet");
    if !is_word {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// One fact as a sentence.
pub(super) fn sentence(node: &Node, fact: &Fact, lang: Lang) -> String {
    let (label, shown) = (fact.label.get(lang), fact.shown.get(lang));
    let own = node.name.get(lang);
    if lang == Lang::Zh {
        return match (fact.key.as_str(), fact.nothing) {
            ("@price", _) if node.plan => format!("{own} 月费 {shown}。"),
            ("@price", _) => format!("{own} 现价 {shown}。"),
            ("@stock", _) => format!("{own} {shown}。"),
            ("@data" | "@voice" | "@sms", false) => format!("{own} 每月含 {shown}{label}。"),
            ("@roaming" | "@roaming_voice" | "@destinations", true) => format!("{own} 不含漫游流量和漫游通话，可以另买漫游包。"),
            ("@roaming" | "@roaming_voice", false) => format!("{own} 每月含 {shown}{label}。"),
            ("@destinations", false) => format!("{own} 的漫游覆盖 {shown}目的地。"),
            ("@broadband", false) => format!("{own} 含 {shown} 宽带。"),
            ("@contract", true) => format!("{own} 没有合约期。"),
            ("@contract", false) => format!("{own} 合约期 {shown}。"),
            ("@cards", true) => format!("{own} 不可办副卡。"),
            ("@cards", false) => format!("{own} {}可办 {} 张副卡。", "最多", fact.number.unwrap_or_default()),
            ("@free_cards", false) => format!("{own} 前 {shown}副卡免费。"),
            ("@data" | "@voice" | "@sms" | "@broadband" | "@free_cards", true) => format!("{own} 不含{label}。"),
            _ => format!("{own} 的{label}：{shown}。"),
        };
    }
    match (fact.key.as_str(), fact.nothing) {
        ("@price", _) if node.plan => format!("{own} costs {shown} a month."),
        ("@price", _) => format!("The {own} costs {shown}."),
        ("@stock", _) => format!("The {own} is {shown}."),
        ("@data", false) => format!("{own} includes {shown} of data a month."),
        ("@voice", false) => format!("{own} includes {shown} of calls a month."),
        ("@sms", false) => format!("{own} includes {shown} (text messages) a month."),
        ("@sms", true) => format!("{own} includes no texts."),
        ("@roaming" | "@roaming_voice" | "@destinations", true) => format!("{own} includes no roaming. Roaming passes can be bought separately."),
        ("@roaming", false) => format!("{own} includes {shown} of roaming data a month."),
        ("@roaming_voice", false) => format!("{own} includes {shown} of calls abroad a month."),
        ("@destinations", false) => format!("Roaming with {own} covers {shown} destinations."),
        ("@broadband", false) => format!("{own} includes {shown} broadband."),
        ("@contract", true) => format!("{own} has no contract."),
        ("@contract", false) => format!("{own} has a contract of {shown}."),
        ("@cards", true) => format!("{own} allows no supplementary cards."),
        ("@cards", false) if fact.number == Some(1.0) => format!("{own} allows {shown} supplementary card."),
        ("@cards", false) => format!("{own} allows {shown} supplementary cards."),
        ("@free_cards", false) if fact.number == Some(1.0) => format!("The first supplementary card of {own} is free."),
        ("@free_cards", false) => format!("The first {shown} supplementary cards of {own} are free."),
        (_, true) => format!("{own} includes no {}.", within(label)),
        _ if node.plan => format!("{label} of {own}: {shown}."),
        _ => format!("{label} of the {own}: {shown}."),
    }
}

/// A description of an item in a few lines.
pub(super) fn overview(node: &Node, lang: Lang) -> String {
    let gap = if lang == Lang::En { " " } else { "" };
    let mut lines = Vec::new();
    if node.plan {
        let keys = ["@price", "@data", "@voice", "@sms"];
        let facts: Vec<String> = keys.iter().filter_map(|key| node.fact(key)).map(|fact| sentence(node, fact, lang)).collect();
        lines.push(facts.join(gap));
        let notes = node.sentences[lang as usize].join(gap);
        let stop = if lang == Lang::Zh { "。" } else { "." };
        lines.push(if notes.is_empty() || notes.ends_with(stop) { notes } else { notes + stop });
    } else {
        let facts: Vec<String> = ["@price", "@stock"].iter().filter_map(|key| node.fact(key)).map(|fact| sentence(node, fact, lang)).collect();
        lines.push(facts.join(gap));
        lines.extend(node.sentences[lang as usize].iter().take(3).map(|point| format!("• {point}")));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// A line of a list: the name, the price, and what else is of interest.
pub(super) fn list_line(node: &Node, extra: Option<&Fact>, lang: Lang) -> String {
    let price = node.fact("@price").map(|fact| fact.shown.get(lang)).unwrap_or_default();
    let month = match (node.plan, lang) {
        (true, Lang::Zh) => "/月",
        (true, Lang::En) => " a month",
        _ => "",
    };
    let extra = extra.filter(|fact| fact.key != "@price").map(|fact| {
        let (label, shown) = (fact.label.get(lang), fact.shown.get(lang));
        if lang == Lang::Zh { format!("，{label} {shown}") } else { format!(", {}: {shown}", within(label)) }
    });
    let gone = match (node.available, lang) {
        (true, _) => "",
        (false, Lang::Zh) => "（现在缺货）",
        (false, Lang::En) => " (out of stock now)",
    };
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    format!("• {}{colon}{price}{month}{}{gone}", node.name.get(lang), extra.unwrap_or_default())
}

/// The statement that the data sheet does not list the property.
pub(super) fn unlisted_text(node: &Node, lang: Lang) -> String {
    let name = node.name.get(lang);
    match lang {
        Lang::Zh => format!("{name} 的资料里没有写这一项，我不乱猜，可以找人工核实。"),
        Lang::En => format!("The data sheet for {name} does not list that, and I would rather not guess. A person can check."),
    }
}

/// A sentence about an item, with the item's name before it.
pub(super) fn quoted(node: &Node, text: &str, lang: Lang) -> String {
    let name = node.name.get(lang);
    let ends = text.ends_with(['。', '.', '！', '!', '；', ';']);
    match lang {
        Lang::Zh => format!("{name}：{}{}", text.trim_end_matches(['；', ';']), if ends { "" } else { "。" }),
        Lang::En => format!("{name}: {}{}", text.trim_end_matches(';'), if ends { "" } else { "." }),
    }
}

/// Names in a row: "A、B 和 C".
pub(super) fn names(nodes: &[&Node], lang: Lang) -> String {
    let all: Vec<&str> = nodes.iter().map(|node| node.name.get(lang)).collect();
    match (all.as_slice(), lang) {
        ([], _) => String::new(),
        ([one], _) => (*one).to_owned(),
        ([head @ .., last], Lang::Zh) => format!("{} 和 {last}", head.join("、")),
        ([head @ .., last], Lang::En) => format!("{} and {last}", head.join(", ")),
    }
}
