//! One line that stands for a person, an address or a name: one normalisation for staff and customers, so that equal ones are equal and none looks like another.

/// A full-width digit, letter or sign as its usual form.
pub const fn narrow(c: char) -> char {
    match c {
        // The full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => (c as u32 - 0xfee0) as u8 as char,
        '\u{3000}' => ' ',
        other => other,
    }
}

/// An address as it is compared and kept: half width, lower case, without white space around.
pub fn address(raw: &str) -> String {
    raw.chars().map(narrow).collect::<String>().trim().to_lowercase()
}

/// A name as it is kept: letters and digits half width, without white space around. Signs stay: Chinese sets them full width.
pub fn name(raw: &str) -> String {
    let half = |c: char| if narrow(c).is_ascii_alphanumeric() { narrow(c) } else { c };
    raw.trim().chars().map(half).collect()
}

/// Whether somebody who reads the line would take it for another: it holds what cannot be seen or turns the direction of writing, or a word in letters of
/// two scripts that look alike.
pub fn deceives(line: &str) -> bool {
    let mut before = None;
    let hides = line.chars().any(|c| {
        let hidden = c.is_control() || is_hidden(c) || is_joiner(c) && !before.is_some_and(takes_joiner);
        before = Some(c);
        hidden
    });
    hides || line.split(|c: char| !c.is_alphabetic()).any(mixes)
}

/// Directions (UAX 9), zero widths, fillers and tags: characters that are drawn as nothing.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Arabic and Indic letters are written with joiners, and emoji are put together with them.
const fn takes_joiner(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{fe0f}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

/// Latin beside Cyrillic or Greek in one word (UTS 39, section 5.2: what is not even "highly restrictive").
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
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ada@мир.рф",
            "O'Neil-周 2",
        ] {
            assert!(!deceives(line), "{line:?}");
        }
    }
}
