//! What is looked up: words, and of Chinese, characters and pairs of neighbours. The same rule reads what was said and what is sought, so that one is found in
//! the other, whatever its case, width or script.

use std::iter;

use normal::{
    pieces::{Piece, is_joined, pieces},
    text::folded,
};

/// A piece of a text that is looked up, and the number of the piece or character at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gram {
    /// Folded.
    pub text: String,
    /// Counted in words and Chinese characters.
    pub at: usize,
}

/// What a text is found by.
pub fn of_text(text: &str) -> Vec<Gram> {
    let (mut grams, mut at) = (Vec::new(), 0);
    for piece in pieces(text) {
        match piece {
            Piece::Word(text) => {
                grams.push(Gram { text, at });
                at += 1;
            }
            Piece::Run(run) => {
                for (n, c) in run.iter().enumerate() {
                    grams.push(Gram { text: c.to_string(), at: at + n });
                    grams.extend(run.get(n + 1).map(|next| Gram { text: [*c, *next].iter().collect(), at: at + n }));
                }
                at += run.len();
            }
        }
    }
    grams
}

/// What one sought word is looked up by: all of it has to follow each other. What is written without blanks is one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Never empty; if there is only one, it is a word of which the beginning may have been typed, or one character.
    pub grams: Vec<Gram>,
}

/// The words of what somebody typed; none if there is no letter, digit or character in it.
pub fn of_query(typed: &str) -> Vec<Sought> {
    typed.split_whitespace().map(sought).filter(|sought| !sought.grams.is_empty()).collect()
}

/// How many words somebody typed that can be looked for.
pub fn words(typed: &str) -> usize {
    of_query(typed).len()
}

fn sought(word: &str) -> Sought {
    let (mut grams, mut at) = (Vec::new(), 0);
    for piece in pieces(word) {
        match piece {
            Piece::Word(text) => {
                grams.push(Gram { text, at });
                at += 1;
            }
            Piece::Run(run) if run.len() == 1 => {
                grams.push(Gram { text: run[0].to_string(), at });
                at += 1;
            }
            // Pairs that do not overlap are enough, but for the last.
            Piece::Run(run) => {
                let last = run.len() - 2;
                let pairs = (0..last).step_by(2).chain(iter::once(last));
                grams.extend(pairs.map(|n| Gram { text: run[n..n + 2].iter().collect(), at: at + n }));
                at += run.len();
            }
        }
    }
    Sought { grams }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// As it is written.
    pub text: String,
    /// Whether it is what was sought.
    pub is_found: bool,
}

/// What of a text is one of the words that were typed, by character.
fn marks(chars: &[char], typed: &str) -> Vec<bool> {
    // Folded, a character may be several or none.
    let (mut plain, mut from) = (String::new(), Vec::new());
    for (n, c) in chars.iter().enumerate() {
        for folded in folded(&c.to_string()).chars() {
            plain.push(folded);
            from.resize(plain.len(), n);
        }
    }
    let mut marks = vec![false; chars.len()];
    for piece in pieces(typed) {
        let (sought, is_word) = match piece {
            Piece::Word(word) => (word, true),
            Piece::Run(run) => (run.into_iter().collect(), false),
        };
        for (at, _) in plain.match_indices(&sought) {
            let begins = !plain[..at].ends_with(|c: char| c.is_alphanumeric() && !is_joined(c));
            if begins || !is_word {
                marks[from[at]..=from[at + sought.len() - 1]].fill(true);
            }
        }
    }
    marks
}

/// The part of a text around the first of the words that were typed, or its beginning if none is in it: at most so many characters. What is left out before or
/// behind it is an ellipsis.
pub fn excerpt(text: &str, typed: &str, most: usize) -> Vec<Part> {
    let chars: Vec<char> = text.trim().chars().collect();
    let marks = marks(&chars, typed);
    let first = marks.iter().position(|is_found| *is_found).unwrap_or(0);
    let begin = if chars.len() <= most { 0 } else { first.saturating_sub(most / 3).min(chars.len() - most) };
    let end = chars.len().min(begin + most);
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |c: char, is_found: bool| match parts.last_mut() {
        Some(part) if part.is_found == is_found => part.text.push(c),
        _ => parts.push(Part { text: c.to_string(), is_found }),
    };
    if begin > 0 {
        add('…', false);
    }
    for n in begin..end {
        add(chars[n], marks[n]);
    }
    if end < chars.len() {
        add('…', false);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_what_was_sought() {
        let long = format!("{} 流量包的資費 {}", "a ".repeat(100), "z ".repeat(100));
        let shown = |text: &str, typed: &str, most| {
            let mark = |part: Part| if part.is_found { format!("[{}]", part.text) } else { part.text };
            excerpt(text, typed, most).into_iter().map(mark).collect::<String>()
        };
        assert_eq!(shown(&long, "资费", 12), "…流量包的[資費] z z z…");
        assert_eq!(shown("ＡＢＣ short, cab", "abc ca", 20), "[ＡＢＣ] short, [ca]b");
        assert_eq!(shown(&long, "nothing", 5), "a a a…");
        assert_eq!(shown("", "x", 5), "");
    }

    fn shown(grams: &[Gram]) -> String {
        grams.iter().map(|gram| format!("{}@{}", gram.text, gram.at)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn characters_are_found_alone_and_in_pairs_and_words_whole() {
        assert_eq!(shown(&of_text("Ｘ９的資費，Wi-Fi!")), "x9@0 的@1 的资@1 资@2 资费@2 费@3 wi@4 fi@5");
        assert_eq!(shown(&of_text(" … ")), "");
    }

    #[test]
    fn what_is_sought_is_cut_as_what_was_said() {
        let all = |typed: &str| of_query(typed).iter().map(|sought| shown(&sought.grams)).collect::<Vec<_>>();
        assert_eq!(all("套餐資費 X9手机"), ["套餐@0 资费@2", "x9@0 手机@1"]);
        assert_eq!(all("流量包 费 ？"), ["流量@0 量包@1", "费@0"]);
        assert_eq!(all("\"a* AND (b\""), ["a@0", "and@0", "b@0"]);
    }
}
