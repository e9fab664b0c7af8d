//! Single lines that identify a person, an address or a name: one normalisation for staff and customers, so that equal lines compare equal and none looks like
//! a different one.

use normal::hidden::{SELECTOR, is_hidden, is_joiner};

/// A full-width digit, letter or sign in its usual form.
pub const fn narrow(c: char) -> char {
    match c {
        // The full-width forms are in the same order as ASCII.
        '\u{ff01}'..='\u{ff5e}' => (c as u32 - 0xfee0) as u8 as char,
        '\u{3000}' => ' ',
        other => other,
    }
}

/// An address in the form in which it is compared and stored: half width, lower case, without surrounding white space.
pub fn address(raw: &str) -> String {
    raw.chars().map(narrow).collect::<String>().trim().to_lowercase()
}

/// A name in the form in which it is stored: letters and digits in half width, without surrounding white space. Punctuation stays: Chinese writes it in full
/// width.
pub fn name(raw: &str) -> String {
    let half = |c: char| if narrow(c).is_ascii_alphanumeric() { narrow(c) } else { c };
    raw.trim().chars().map(half).collect()
}

/// Whether a reader could take the line for a different one: it contains characters that are invisible or change the direction of writing, or a word in letters
/// of two scripts that look alike.
pub fn deceives(line: &str) -> bool {
    characters(line).any(|(_, is_seen)| !is_seen) || line.split(|c: char| !c.is_alphabetic()).any(mixes)
}

/// The line without characters that are invisible or change the direction of writing.
pub fn visible(line: &str) -> String {
    characters(line).filter(|(_, is_seen)| *is_seen).map(|(c, _)| c).collect()
}

/// Each character, and whether a reader can see its effect.
fn characters(line: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut before, mut rest) = (None, line.chars().peekable());
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let is_joined = before.is_some_and(takes_joiner);
        let is_chosen = before.is_some_and(takes_selector) || rest.peek() == Some(&KEYCAP);
        let is_seen = !c.is_control() && !is_hidden(c) && (!is_joiner(c) || is_joined) && (c != SELECTOR || is_chosen);
        before = Some(c);
        Some((c, is_seen))
    })
}

/// Draws a key around the preceding digit.
const KEYCAP: char = '\u{20e3}';

/// Characters that can be drawn as text or as an emoji (UTS 51, emoji-variation-sequences.txt), except digits.
const fn takes_selector(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Characters after which a joiner is legitimate: Arabic and Indic letters are written with joiners, and emoji are combined with them.
const fn takes_joiner(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{fe0f}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a word mixes Latin with Cyrillic or Greek (UTS 39, section 5.2: what is not even "highly restrictive").
fn mixes(word: &str) -> bool {
    let has = |of: fn(char) -> bool| word.chars().any(of);
    let latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}');
    let alike = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{1f00}'..='\u{1fff}');
    has(latin) && has(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_in_full_width_is_the_same() {
        for (raw, kept) in [
            (" Ａｄａ＠Ａｌｐｈａ．ｅｘａｍｐｌｅ\u{3000}", "ada@alpha.example"),
            ("Ada@alpha.example", "ada@alpha.example"),
            ("李雷@例子.中国", "李雷@例子.中国"),
        ] {
            assert_eq!(address(raw), kept);
        }
        assert_eq!((name("　Ａｄａ（夜班）１ "), name("周敏")), ("Ada（夜班）1".to_owned(), "周敏".to_owned()));
        assert!(('\u{0}'..='\u{ffff}').all(|c| narrow(c) == c || narrow(c).is_ascii()));
    }

    #[test]
    fn what_is_seen_is_left() {
        for (line, left) in
            [("a.exe\u{200b}", "a.exe"), ("cod\u{202e}gnp.exe", "codgnp.exe"), ("\u{2800}\u{3164}", ""), ("👩\u{200d}💻 Ада", "👩\u{200d}💻 Ада")]
        {
            assert_eq!(visible(line), left, "{line:?}");
        }
    }

    #[test]
    fn what_looks_like_another_deceives() {
        for line in [
            "\u{202e}ada",
            "ada\u{200b}",
            "a\u{ad}da",
            "\u{feff}ada",
            "周\u{2060}敏",
            "ada\u{200d}",
            "周\u{200c}敏",
            "a\nb",
            "\u{2066}x\u{2069}",
            "\u{e0041}",
            "\u{2800}",
            "ada\u{2800}",
            "ada\u{fe0f}",
            "ada1\u{fe0f}",
            "周\u{fe00}",
            "\u{1d173}",
            "\u{430}da",
            "Ad\u{3b1}",
            "ad\u{430}@x.example",
        ] {
            assert!(deceives(line), "{line:?}");
        }
        for line in [
            "ada",
            "周敏（夜班）",
            "Ада Иванова",
            "Ада Smith",
            "Ευα",
            "Zoë Ångström",
            "👩\u{200d}💻",
            "❤\u{fe0f} 1\u{fe0f}\u{20e3}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ada@мир.рф",
            "O'Neil-周 2",
        ] {
            assert!(!deceives(line), "{line:?}");
        }
    }
}
