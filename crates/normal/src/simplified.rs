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

/// The characters that are simplified in some words only: elsewhere they are simplified characters themselves.
const IN_CONTEXT: [char; 8] = ['著', '瞭', '覆', '藉', '甚', '乾', '祇', '彷'];

/// A text of simplified characters in which those that depend on their neighbours are simplified, too.
pub fn in_context(text: String) -> String {
    if !text.contains(IN_CONTEXT) {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| chars.get(place)).copied().unwrap_or(' ');
    let form = |(place, c): (usize, &char)| {
        let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
        match c {
            // 看著, not 显著 and 著名.
            '著' if !"显卓土名原专巨论编译合昭遗拙".contains(before) && !"名作称者述录书".contains(after) => '着',
            // 瞭解, not 瞭望.
            '瞭' if after != '望' => '了',
            // 回覆, not 覆盖.
            '覆' if "回答反批函重".contains(before) => '复',
            // 藉口, not 慰藉.
            '藉' if !"慰狼蕴枕".contains(before) => '借',
            // 甚麼, not 甚至.
            '甚' if after == '么' => '什',
            // 乾洗, not 乾坤.
            '乾' if !"坤隆陵".contains(after) => '干',
            // 祇有, not 神祇.
            '祇' if before != '神' => '只',
            // 彷彿, not 彷徨.
            '彷' if after == '佛' => '仿',
            c => *c,
        }
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
        assert_eq!(RANGE.filter(|c| simplified(*c) != *c).count(), 3165);
    }
}
