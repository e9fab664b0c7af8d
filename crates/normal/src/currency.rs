//! Currencies: how people who use one write and say its amounts.

/// A currency.
#[derive(Debug, PartialEq, Eq)]
pub struct Currency {
    /// The code of ISO 4217.
    pub code: &'static str,
    /// What stands before an amount.
    pub sign: &'static str,
    /// What stands behind an amount in Chinese.
    pub zh: &'static str,
    /// What is said behind an amount in English.
    pub en: &'static str,
    /// What else people call it, in lower case, parted by bars.
    pub also: &'static str,
}

/// The currencies in which a company may have its prices. `web/api/src/money.ts` has the same.
pub const CURRENCIES: [Currency; 13] = [
    currency("CNY", "¥", "元", "yuan", "rmb|cny|人民币"),
    currency("HKD", "HK$", "港元", "dollars", "dollar|hkd|港币|港纸"),
    currency("MOP", "MOP$", "澳门元", "patacas", "pataca|mop|澳门币|葡币"),
    currency("TWD", "NT$", "新台币", "dollars", "dollar|twd|ntd|台币"),
    currency("SGD", "S$", "新元", "dollars", "dollar|sgd|新币|坡币|新加坡元"),
    currency("MYR", "RM", "令吉", "ringgit", "myr|rm|马币"),
    currency("THB", "฿", "泰铢", "baht", "thb"),
    currency("JPY", "JP¥", "日元", "yen", "jpy|日圆"),
    currency("KRW", "₩", "韩元", "won", "krw|韩币"),
    currency("USD", "US$", "美元", "dollars", "dollar|usd|美金"),
    currency("EUR", "€", "欧元", "euros", "euro|eur"),
    currency("GBP", "£", "英镑", "pounds", "pound|gbp|quid"),
    currency("AUD", "A$", "澳元", "dollars", "dollar|aud|澳币"),
];

const fn currency(code: &'static str, sign: &'static str, zh: &'static str, en: &'static str, also: &'static str) -> Currency {
    Currency { code, sign, zh, en, also }
}

impl Currency {
    /// The currency with this code; `None` if it is not listed.
    pub fn of(code: &str) -> Option<&'static Currency> {
        CURRENCIES.iter().find(|currency| currency.code == code)
    }

    /// Whether a word, in lower case, is a name of the currency.
    pub fn is_called(&self, word: &str) -> bool {
        word == self.zh || word == self.en || self.also.split('|').any(|name| name == word)
    }

    /// The signs that may stand before an amount of it, the longest first: with the country, or as people of that country write it.
    pub fn signs(&self) -> impl Iterator<Item = &'static str> {
        let short = self.sign.trim_start_matches(|c: char| c.is_ascii_uppercase());
        [self.sign, self.code, short].into_iter().filter(|sign| !sign.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_signs_are_unique_and_found() {
        for (at, currency) in CURRENCIES.iter().enumerate() {
            assert_eq!(Currency::of(currency.code), Some(currency));
            assert!(CURRENCIES[at + 1..].iter().all(|other| other.code != currency.code && other.sign != currency.sign), "{}", currency.code);
            assert!(currency.is_called(currency.zh) && currency.is_called(currency.en) && !currency.is_called(""));
        }
        assert_eq!(Currency::of("XXX"), None);
    }

    #[test]
    fn an_amount_may_have_the_sign_with_or_without_its_country() {
        let signs = |code: &str| Currency::of(code).map(|currency| currency.signs().collect::<Vec<_>>());
        assert_eq!(signs("SGD"), Some(vec!["S$", "SGD", "$"]));
        assert_eq!(signs("CNY"), Some(vec!["¥", "CNY", "¥"]));
        assert_eq!(signs("MYR"), Some(vec!["RM", "MYR"]));
    }
}
