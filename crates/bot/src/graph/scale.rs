//! What more and less of a property is called: a price is lower, a screen larger, a phone lighter.

use crate::graph::facts::Fact;
use crate::text::Lang;

/// A family of properties that share their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Price,
    Height,
    Weight,
    Count,
    Amount,
    Time,
    Size,
}

impl Scale {
    /// The words for a property, by its key or else by its unit.
    pub(super) fn of(fact: &Fact) -> Scale {
        match fact.key.as_str() {
            "@price" => Scale::Price,
            "weight_g" | "weight_kg" => Scale::Weight,
            "@data" | "@voice" | "@sms" | "@cards" | "@free_cards" => Scale::Count,
            "@contract" | "warranty" => Scale::Time,
            "battery_mah" | "battery_wh" | "memory" | "storage" => Scale::Amount,
            _ => match unit_of(&fact.shown.en) {
                "inches" | "m" | "mm" | "m²" | "L" | "kg" | "°" => Scale::Size,
                "hours" | "days" | "months" | "years" => Scale::Time,
                "GB" | "TB" | "mAh" | "Wh" => Scale::Amount,
                _ => Scale::Height,
            },
        }
    }

    /// That something has more of it, or less.
    pub(super) fn comparative(self, more: bool, lang: Lang) -> &'static str {
        let [zh, en] = match self {
            Scale::Price => [["更便宜", "更贵"], ["is cheaper", "is more expensive"]],
            Scale::Height => [["更低", "更高"], ["is lower", "is higher"]],
            Scale::Weight => [["更轻", "更重"], ["is lighter", "is heavier"]],
            Scale::Count => [["更少", "更多"], ["has less", "has more"]],
            Scale::Amount => [["更小", "更大"], ["has less", "has more"]],
            Scale::Time => [["更短", "更长"], ["has less", "has more"]],
            Scale::Size => [["更小", "更大"], ["is smaller", "is larger"]],
        };
        if lang == Lang::Zh { zh[usize::from(more)] } else { en[usize::from(more)] }
    }

    /// The most of it, or the least.
    pub(super) fn superlative(self, most: bool, lang: Lang) -> &'static str {
        let [zh, en] = match self {
            Scale::Price | Scale::Height => [["最低", "最高"], ["lowest", "highest"]],
            Scale::Weight => [["最轻", "最重"], ["lowest", "highest"]],
            Scale::Count => [["最少", "最多"], ["least", "most"]],
            Scale::Time => [["最短", "最长"], ["shortest", "longest"]],
            Scale::Amount | Scale::Size => [["最小", "最大"], ["smallest", "largest"]],
        };
        if lang == Lang::Zh { zh[usize::from(most)] } else { en[usize::from(most)] }
    }
}

/// The unit of a value such as "6.8 inches"; nothing if it is no number with a unit.
pub(super) fn unit_of(shown: &str) -> &str {
    let unit = shown.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).trim_start();
    let is_unit = unit.len() < shown.len() && !unit.contains(|c: char| c.is_ascii_digit() || matches!(c, ' ' | ',' | '，' | '；'));
    if is_unit { unit } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_what_follows_a_number_and_nothing_else() {
        for (shown, unit) in
            [("6.8 inches", "inches"), ("20 GB", "GB"), ("5,500 mAh", "mAh"), ("50+13 MP", ""), ("45°", "°"), ("IPS", ""), ("2 years, parts", "")]
        {
            assert_eq!(unit_of(shown), unit, "{shown}");
        }
    }
}
