//! A text as it is cut in order to be looked up: into words, and of scripts that are written without blanks, into runs of characters.

use crate::text::folded;

/// Longer words are cut, in characters: nobody types them whole.
const LONGEST: usize = 64;

/// A piece of a text, [`folded`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A word.
    Word(String),
    /// Characters of a script that is written without blanks, which follow each other; at least one.
    Run(Vec<char>),
}

/// Whether words of this character's script are written without blanks between them.
pub const fn is_joined(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{e00}'..='\u{eff}')
}

/// The pieces of a text, in their order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut goes_on = false;
    for c in folded(text).chars() {
        if !c.is_alphanumeric() {
            goes_on = false;
            continue;
        }
        match (found.last_mut(), is_joined(c)) {
            (Some(Piece::Run(run)), true) if goes_on => run.push(c),
            (Some(Piece::Word(word)), false) if goes_on => {
                if word.chars().count() < LONGEST {
                    word.push(c);
                }
            }
            (_, true) => found.push(Piece::Run(vec![c])),
            (_, false) => found.push(Piece::Word(c.to_string())),
        }
        goes_on = true;
    }
    found
}
