//! Characters that are drawn as nothing: they come along with what is copied, and no reader can tell.

/// Directional marks (UAX 9), zero-width characters, fillers, blanks that are not spaces, selectors and tags: characters that are drawn as nothing.
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character joins its neighbours or keeps them apart, and is itself drawn as nothing.
pub const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Requests that the preceding character is drawn as an emoji.
pub const SELECTOR: char = '\u{fe0f}';

/// What a character is for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A blank: white space, the end of a line, or a character that only takes up room.
    Blank,
    /// Nothing.
    Not,
    /// A character.
    As(char),
}

/// What a character is for readers.
pub(crate) fn look_of(c: char) -> Seen {
    match c {
        '\u{2800}' | '\u{3164}' => Seen::Blank,
        c if c.is_whitespace() || c.is_control() => Seen::Blank,
        c if is_hidden(c) || is_joiner(c) || c == SELECTOR => Seen::Not,
        c => Seen::As(c),
    }
}
