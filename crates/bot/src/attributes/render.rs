//! Renders facts from the catalogue as text, in either language.

use super::{Item, names};
use crate::knowledge::{Attribute, Knowledge, Plan, Product};
use crate::text::{Lang, normalise};

enum Thing<'a> {
    Goods(&'a Product),
    Plan(&'a Plan),
}

fn thing(knowledge: &Knowledge, item: Item) -> Option<Thing<'_>> {
    let at = item as usize;
    match knowledge.products.get(at) {
        Some(product) => Some(Thing::Goods(product)),
        None => knowledge.plans.get(at - knowledge.products.len()).map(Thing::Plan),
    }
}

/// The id and name of an item; both are empty if there is no such item.
pub(super) fn title(knowledge: &Knowledge, item: Item, lang: Lang) -> (&str, &str) {
    match thing(knowledge, item) {
        Some(Thing::Goods(product)) => (&product.id, product.name.get(lang)),
        Some(Thing::Plan(plan)) => (&plan.id, plan.name.get(lang)),
        None => ("", ""),
    }
}

/// An amount in yuan with the sign ¥, thousands separators and two decimals.
pub(crate) fn yuan(fen: i64) -> String {
    let whole = (fen / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if fen < 0 { "−" } else { "" };
    format!("{sign}¥{grouped}.{:02}", (fen % 100).unsigned_abs())
}

fn number(value: f64) -> String {
    format!("{value}")
}

/// One property of one item; `None` if the item has no such property.
pub(super) fn value(knowledge: &Knowledge, item: Item, key: &str, lang: Lang) -> Option<String> {
    match thing(knowledge, item)? {
        Thing::Goods(product) => of_goods(product, key, lang),
        Thing::Plan(plan) => of_plan(plan, key, lang),
    }
}

fn of_goods(product: &Product, key: &str, lang: Lang) -> Option<String> {
    let name = product.name.get(lang);
    match (key, lang) {
        ("@price", Lang::Zh) => Some(format!("{name} 现价 {}。", yuan(product.price_fen))),
        ("@price", Lang::En) => Some(format!("The {name} costs {}.", yuan(product.price_fen))),
        ("@stock", _) => Some(stock(product, lang)),
        ("@overview", _) => Some(describe(product, lang)),
        _ => product.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| sheet_line(name, attribute, lang)),
    }
}

fn stock(product: &Product, lang: Lang) -> String {
    let name = product.name.get(lang);
    match (lang, product.stock) {
        (Lang::Zh, ..=0) => format!("{name} 现在缺货。"),
        (Lang::Zh, stock) => format!("{name} 有货，现有 {stock} 件。"),
        (Lang::En, ..=0) => format!("The {name} is out of stock now."),
        (Lang::En, stock) => format!("The {name} is in stock: {stock} left."),
    }
}

fn sheet_line(name: &str, attribute: &Attribute, lang: Lang) -> String {
    let value = with_unit(attribute.value.get(lang), &attribute.unit, lang);
    let label = attribute.label.get(lang);
    match lang {
        Lang::Zh => format!("{name} 的{label}：{value}。"),
        Lang::En => format!("{label} of the {name}: {value}."),
    }
}

fn with_unit(value: &str, unit: &str, lang: Lang) -> String {
    let unit = match (unit, lang) {
        ("", _) => return value.to_owned(),
        ("°", _) => return format!("{value}°"),
        ("in", Lang::Zh) => "英寸",
        ("in", Lang::En) => "inches",
        ("h", Lang::Zh) => "小时",
        ("h", Lang::En) => "hours",
        ("d", Lang::Zh) => "天",
        ("d", Lang::En) => "days",
        ("MP", Lang::Zh) => "MP（百万像素）",
        (unit, _) => unit,
    };
    format!("{value} {unit}")
}

fn describe(product: &Product, lang: Lang) -> String {
    let mut lines = vec![of_goods(product, "@price", lang).unwrap_or_default() + if lang == Lang::En { " " } else { "" } + &availability(product, lang)];
    lines.extend(product.selling_points.side(lang).iter().take(3).map(|point| format!("• {point}")));
    lines.join("\n")
}

fn availability(product: &Product, lang: Lang) -> String {
    match (lang, product.stock > 0) {
        (Lang::Zh, true) => "有货。",
        (Lang::Zh, false) => "现在缺货。",
        (Lang::En, true) => "In stock.",
        (Lang::En, false) => "Out of stock now.",
    }
    .to_owned()
}

/// A description of the item in a few lines.
pub(super) fn overview(knowledge: &Knowledge, item: Item, lang: Lang) -> String {
    value(knowledge, item, "@overview", lang).unwrap_or_default()
}

fn of_plan(plan: &Plan, key: &str, lang: Lang) -> Option<String> {
    let name = plan.name.get(lang);
    let zh = lang == Lang::Zh;
    let line = match key {
        "@price" if zh => format!("{name} 月费 {}。", yuan(plan.monthly_fee_fen)),
        "@price" => format!("{name} costs {} a month.", yuan(plan.monthly_fee_fen)),
        "@data" if zh => format!("{name} 每月含 {} GB 流量。", number(plan.data_gb)),
        "@data" => format!("{name} includes {} GB of data a month.", number(plan.data_gb)),
        "@voice" if zh => format!("{name} 每月含 {} 分钟通话。", plan.voice_min),
        "@voice" => format!("{name} includes {} minutes of calls a month.", plan.voice_min),
        "@sms" if zh && plan.sms == 0 => format!("{name} 不含短信。"),
        "@sms" if zh => format!("{name} 每月含 {} 条短信。", plan.sms),
        "@sms" if plan.sms == 0 => format!("{name} includes no texts."),
        "@sms" => format!("{name} includes {} texts a month.", plan.sms),
        "@roaming" => roaming(plan, lang),
        "@broadband" if zh && plan.broadband_mbps == 0 => format!("{name} 不含宽带。"),
        "@broadband" if zh => format!("{name} 含 {} Mbps 宽带。", plan.broadband_mbps),
        "@broadband" if plan.broadband_mbps == 0 => format!("{name} includes no broadband."),
        "@broadband" => format!("{name} includes {} Mbps broadband.", plan.broadband_mbps),
        "@contract" if zh && plan.contract_months == 0 => format!("{name} 没有合约期。"),
        "@contract" if zh => format!("{name} 合约期 {} 个月。", plan.contract_months),
        "@contract" if plan.contract_months == 0 => format!("{name} has no contract."),
        "@contract" => format!("{name} has a contract of {} months.", plan.contract_months),
        "@cards" => cards(plan, lang),
        "@audience" => format!("{name}{} {}", if zh { "：" } else { ":" }, plan.notes.get(lang)).replace("： ", "："),
        "@overview" => {
            let fee = of_plan(plan, "@price", lang).unwrap_or_default();
            let notes = plan.notes.get(lang);
            if zh {
                format!("{fee}每月 {} GB 流量、{} 分钟通话、{} 条短信。\n{notes}。", number(plan.data_gb), plan.voice_min, plan.sms)
            } else {
                format!("{fee} {} GB of data, {} minutes and {} texts a month.\n{notes}.", number(plan.data_gb), plan.voice_min, plan.sms)
            }
        }
        _ => return None,
    };
    Some(line)
}

fn roaming(plan: &Plan, lang: Lang) -> String {
    let name = plan.name.get(lang);
    let roaming = &plan.roaming;
    let nothing = roaming.data_gb <= 0.0 && roaming.voice_min == 0;
    match lang {
        Lang::Zh if nothing => format!("{name} 不含漫游流量和漫游通话，可以另买漫游包。"),
        Lang::En if nothing => format!("{name} includes no roaming. Roaming passes can be bought separately."),
        Lang::Zh => {
            let voice = if roaming.voice_min > 0 { format!("、{} 分钟漫游通话", roaming.voice_min) } else { String::new() };
            format!("{name} 每月含 {} GB 漫游流量{voice}，覆盖 {} 个目的地。", number(roaming.data_gb), roaming.destinations)
        }
        Lang::En => {
            let voice = if roaming.voice_min > 0 { format!(" and {} minutes", roaming.voice_min) } else { String::new() };
            format!("{name} includes {} GB of roaming data{voice} a month in {} destinations.", number(roaming.data_gb), roaming.destinations)
        }
    }
}

fn cards(plan: &Plan, lang: Lang) -> String {
    let name = plan.name.get(lang);
    let cards = &plan.supplementary_cards;
    match (lang, cards.max, cards.free) {
        (Lang::Zh, 0, _) => format!("{name} 不可办副卡。"),
        (Lang::En, 0, _) => format!("{name} does not allow supplementary cards."),
        (Lang::Zh, max, 0) => format!("{name} 最多可办 {max} 张副卡。"),
        (Lang::En, max, 0) => format!("{name} allows up to {max} supplementary cards."),
        (Lang::Zh, max, free) => format!("{name} 最多可办 {max} 张副卡，前 {free} 张免费。"),
        (Lang::En, max, free) => format!("{name} allows up to {max} supplementary cards, the first {free} free."),
    }
}

/// The statement that the data sheet does not list the property.
pub(super) fn unlisted_text(knowledge: &Knowledge, item: Item, lang: Lang) -> String {
    let (_, name) = title(knowledge, item, lang);
    match lang {
        Lang::Zh => format!("{name} 的资料里没有写这一项，我不乱猜，可以找人工核实。"),
        Lang::En => format!("The data sheet of {name} does not list that, and I would rather not guess. A person can check."),
    }
}

/// The sentence in the free texts that contains one of the pieces; `None` if there is none.
pub(super) fn quote(knowledge: &Knowledge, item: Item, pieces: &[String], lang: Lang) -> Option<String> {
    let Some(Thing::Goods(product)) = thing(knowledge, item) else { return None };
    let points = product.selling_points.side(lang).iter().map(String::as_str);
    let sentences = product.description.side(lang).split_inclusive(['。', '.']).map(str::trim);
    let features = product.attributes.iter().filter(|attribute| attribute.unit.is_empty()).map(|attribute| attribute.value.side(lang));
    let speaks = |text: &str| match lang {
        Lang::Zh => {
            let text = normalise(text);
            pieces.iter().any(|piece| piece.chars().count() >= 2 && text.contains(piece.as_str()))
        }
        Lang::En => {
            let words = names::words(text, lang);
            let wanted: Vec<&str> = pieces.iter().flat_map(|piece| piece.split(' ')).collect();
            wanted.iter().any(|word| word.len() >= 4) && wanted.iter().all(|wanted| words.iter().any(|word| word == wanted))
        }
    };
    let found = points.chain(sentences).chain(features).find(|text| !text.is_empty() && speaks(text))?;
    let name = product.name.get(lang);
    Some(match lang {
        Lang::Zh => format!("{name}：{}", with_full_stop(found, '。')),
        Lang::En => format!("{name}: {}", with_full_stop(found, '.')),
    })
}

fn with_full_stop(text: &str, stop: char) -> String {
    if text.ends_with(['。', '.']) { text.to_owned() } else { format!("{text}{stop}") }
}
