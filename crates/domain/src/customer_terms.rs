//! The terms by which staff find customers. Only a keyed digest of each is stored, so a term is found whole or not at all: words of a name, pairs of neighbours of
//! what is written without blanks, an address or number, and the last four digits of a number.

use std::collections::BTreeSet;

use normal::pieces::{Piece, pieces};

use crate::customer::{Identifier, IdentifierKind};

/// The form of the terms. Whoever changes what a term is counts it up, and those of all customers are derived again.
pub const FORM: i64 = 1;
/// How many digits at the end of a number are enough to find it.
pub const LAST_DIGITS: usize = 4;
/// The most terms that are looked for together.
pub const MAX_SOUGHT: usize = 12;

/// The terms of a customer with this name and these addresses and numbers.
pub fn terms_of(name: Option<&str>, identifiers: &[Identifier]) -> BTreeSet<String> {
    let mut terms: BTreeSet<String> = name.into_iter().flat_map(of_name).collect();
    for identifier in identifiers {
        terms.extend(identifier.spellings().iter().map(|text| whole(text)));
        terms.extend(end_of(identifier));
    }
    terms
}

/// The terms that a customer has to have in order to be found by what somebody typed; none if there is nothing in it that can be looked for.
pub fn terms_to_find(typed: &str) -> Vec<String> {
    if let Ok(identifier) = Identifier::parse(typed) {
        return vec![whole(identifier.text())];
    }
    let trimmed = normal::typed::typed(typed);
    if trimmed.len() == LAST_DIGITS && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return vec![end(&trimmed)];
    }
    let terms: BTreeSet<String> = of_name(typed).into_iter().collect();
    terms.into_iter().take(MAX_SOUGHT).collect()
}

fn of_name(name: &str) -> Vec<String> {
    // Between the parts of a Chinese name some write a blank.
    let mut run: Vec<char> = Vec::new();
    let mut terms = Vec::new();
    for piece in pieces(name) {
        match piece {
            Piece::Word(word) => terms.push(format!("name {word}")),
            Piece::Run(chars) => run.extend(chars),
        }
    }
    match run[..] {
        [] => {}
        [only] => terms.push(format!("name {only}")),
        _ => terms.extend(run.windows(2).map(|pair| format!("name {}{}", pair[0], pair[1]))),
    }
    terms
}

fn whole(text: &str) -> String {
    format!("is {text}")
}

fn end(digits: &str) -> String {
    format!("ends {digits}")
}

fn end_of(identifier: &Identifier) -> Option<String> {
    let text = identifier.text();
    (identifier.kind() == IdentifierKind::Mobile).then(|| text.get(text.len().checked_sub(LAST_DIGITS)?..).map(end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> bool {
        let identifiers = [Identifier::parse("13800138000").unwrap(), Identifier::parse("Li.Lei@bücher.example").unwrap()];
        let has = terms_of(Some("李雷·Ray Li"), &identifiers);
        let sought = terms_to_find(typed);
        !sought.is_empty() && sought.iter().all(|term| has.contains(term))
    }

    #[test]
    fn a_customer_is_found_by_words_of_the_name_and_by_addresses_and_numbers_as_people_write_them() {
        for typed in [
            "李雷",
            "李 雷",
            "ＲＡＹ",
            "ray 李雷",
            "138 0013-8000",
            "+86 13800138000",
            "8000",
            "８０００",
            "li.lei@BÜCHER.example",
            "li.lei@xn--bcher-kva.example",
        ] {
            assert!(found(typed), "{typed}");
        }
        // Neither another person nor a part that would have to be guessed.
        for typed in ["韩梅梅", "雷李", "ra", "ray 韩梅梅", "13800138001", "800", "0138", "li.lei", "", "·?"] {
            assert!(!found(typed), "{typed}");
        }
    }

    #[test]
    fn traditional_and_simplified_characters_are_one() {
        assert_eq!(terms_to_find("張偉"), terms_of(Some("张伟"), &[]).into_iter().collect::<Vec<_>>());
    }
}
