//! Traditional characters in simplified form. A text in simplified characters stays as it is.

use std::sync::LazyLock;

/// The first and the last of the characters that may have a simplified form.
const RANGE: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// The form of each character of [`RANGE`].
static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut forms: Vec<char> = RANGE.collect();
    for line in include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut chars = line.chars();
        let Some(simplified) = chars.next() else { continue };
        for traditional in chars {
            if let Some(form) = place(traditional).and_then(|at| forms.get_mut(at)) {
                *form = simplified;
            }
        }
    }
    forms
});

fn place(c: char) -> Option<usize> {
    RANGE.contains(&c).then(|| c as usize - *RANGE.start() as usize)
}

/// A character in simplified form, wherever it stands.
pub fn simplified(c: char) -> char {
    place(c).and_then(|at| FORMS.get(at).copied()).unwrap_or(c)
}

/// The neighbours that decide whether a character is simplified.
struct Neighbours {
    /// Whether it is simplified only beside one of them, or not beside any of them.
    only: bool,
    /// Whether the neighbour before the character decides, or the one after it.
    before: bool,
    chars: &'static str,
}

/// A character that is simplified in some words only: elsewhere it is a simplified character itself.
struct InContext {
    c: char,
    form: char,
    neighbours: Vec<Neighbours>,
}

static IN_CONTEXT: LazyLock<Vec<InContext>> = LazyLock::new(|| {
    let neighbours = |part: &'static str| {
        let mut chars = part.chars();
        let (only, before) = (chars.next()? == '+', chars.next()? == '<');
        Some(Neighbours { only, before, chars: chars.as_str() })
    };
    let rule = |line: &'static str| {
        let mut parts = line.split(' ');
        let (c, form) = (parts.next()?.chars().next()?, parts.next()?.chars().next()?);
        Some(InContext { c, form, neighbours: parts.filter_map(neighbours).collect() })
    };
    include_str!("in_context.txt").lines().filter(|line| !line.starts_with('#')).filter_map(rule).collect()
});

/// A text of simplified characters in which those that depend on their neighbours are simplified, too.
pub fn in_context(text: String) -> String {
    let of = |c: char| IN_CONTEXT.iter().find(|one| one.c == c);
    if text.is_ascii() || !text.chars().any(|c| of(c).is_some()) {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| chars.get(place)).copied().unwrap_or(' ');
    let form = |(place, c): (usize, &char)| {
        let Some(one) = of(*c) else { return *c };
        let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
        let allows = |of: &Neighbours| of.only == of.chars.contains(if of.before { before } else { after });
        if one.neighbours.iter().all(allows) { one.form } else { *c }
    };
    chars.iter().enumerate().map(form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_has_a_form_of_its_own() {
        for c in RANGE {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
        assert_eq!(RANGE.filter(|c| simplified(*c) != *c).count(), 3167);
        assert_eq!(IN_CONTEXT.iter().map(|one| one.c).collect::<String>(), "著瞭覆藉甚乾祇彷帐");
    }
}
