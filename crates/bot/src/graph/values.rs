//! The units of data sheets, as customers call them.

use normal::currency::{CURRENCIES, Currency};

use crate::text::list;

/// What people call money whatever its currency.
const MONEY_SPOKEN: &str = "元|块|块钱|kuai|大洋|刀|bucks";

/// Whether a word is a name of money that is not the company's.
pub(crate) fn is_foreign_money(word: &str, currency: &Currency) -> bool {
    !currency.is_called(word) && CURRENCIES.iter().any(|other| other.is_called(word)) && !list(MONEY_SPOKEN).any(|spoken| spoken == word) && word.len() > 2
}

/// The dimension of a unit, as a key of the properties it can measure, the first being the most likely; and what one of it is in the unit in which they are
/// compared, for weights a kilogram.
pub(crate) fn unit(word: &str, currency: &Currency) -> Option<(&'static [&'static str], f64)> {
    const MONEY: &[&str] = &["@price"];
    const BYTES: &[&str] = &["storage", "memory", "@data", "local", "@roaming"];
    const HOURS: &[&str] = &["battery_life"];
    const GRAMS: &[&str] = &["weight_g", "weight_kg"];
    if list(MONEY_SPOKEN).any(|spoken| spoken == word) || currency.is_called(word) {
        return Some((MONEY, 1.0));
    }
    Some(match word {
        "g" | "gb" | "gig" | "gigs" | "gigabyte" | "gigabytes" | "个g" => (BYTES, 1.0),
        "t" | "tb" => (BYTES, 1024.0),
        "mah" | "毫安" | "毫安时" => (&["battery_mah"], 1.0),
        "wh" => (&["battery_wh"], 1.0),
        "w" | "瓦" | "watt" | "watts" => (&["charging", "power_w"], 1.0),
        "hz" | "hertz" | "赫兹" | "赫" => (&["refresh"], 1.0),
        "mp" | "megapixel" | "megapixels" => (&["camera", "cam", "front_camera"], 1.0),
        "万像素" => (&["camera", "cam", "front_camera"], 0.01),
        "in" | "inch" | "inches" | "寸" | "英寸" => (&["screen"], 1.0),
        "h" | "小时" | "钟头" | "hour" | "hours" | "hrs" => (HOURS, 1.0),
        "d" | "天" | "day" | "days" => (&["standby"], 1.0),
        "分钟" | "minute" | "minutes" | "mins" | "min" => (&["@voice"], 1.0),
        "克" | "gram" | "grams" => (GRAMS, 0.001),
        "kg" | "公斤" | "千克" | "kilo" | "kilos" | "kilogram" | "kilograms" => (&["weight_kg", "capacity_kg", "weight_g", "load", "dry_kg"], 1.0),
        "斤" => (&["weight_kg", "weight_g"], 0.5),
        "磅" | "lb" | "lbs" | "pound" | "pounds" => (&["weight_kg", "weight_g"], 0.4536),
        "l" | "升" | "litre" | "litres" | "liter" | "liters" => (&["capacity_l"], 1.0),
        "db" | "分贝" | "decibel" | "decibels" => (&["noise"], 1.0),
        "吋" => (&["screen"], 1.0),
        "terabyte" | "terabytes" => (BYTES, 1024.0),
        "平" | "平米" | "平方" | "平方米" | "m²" | "sqm" | "square" | "m2" => (&["coverage"], 1.0),
        "兆" | "m" | "mbps" | "mbit" => (&["@broadband", "speed"], 1.0),
        "个月" | "month" | "months" => (&["@contract", "warranty"], 1.0),
        "年" | "year" | "years" => (&["warranty"], 12.0),
        "条" | "text" | "texts" | "sms" => (&["@sms"], 1.0),
        "张" | "card" | "cards" => (&["@cards"], 1.0),
        "度" | "kwh" => (&["power_year"], 1.0),
        "转" | "rpm" => (&["spin"], 1.0),
        _ => return None,
    })
}
