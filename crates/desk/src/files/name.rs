//! Makes file names from outside safe to show and to save.

use std::fmt::Write as _;

use domain::{graphemes, line};

/// The longest name that is kept, in characters.
const MAX_CHARS: usize = 120;
/// The name of a file that has none.
const NAMELESS: &str = "file";

/// A name that can be shown and saved: without folders, invisible characters or characters that reverse the writing direction, and with its extension kept.
pub fn clean(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = line::visible(last);
    // Some systems drop dots and spaces at the end, so that `a.exe.` runs there: all of them are removed, in whatever order they occur.
    let name = shown.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let count = name.chars().count();
    if count == 0 {
        return NAMELESS.to_owned();
    }
    if count <= MAX_CHARS {
        return name.to_owned();
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).filter(|extension| extension.chars().count() <= 10);
    match extension {
        Some(extension) => {
            let stem = graphemes::within(name, MAX_CHARS - extension.chars().count() - 1);
            format!("{}.{extension}", if stem.is_empty() { NAMELESS } else { stem })
        }
        None => Some(graphemes::within(name, MAX_CHARS)).filter(|name| !name.is_empty()).unwrap_or(NAMELESS).to_owned(),
    }
}

/// `Content-Disposition` with the name for every browser (RFC 6266, section 4.3, and RFC 8187).
pub fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        for (raw, expected) in [
            ("照片 1.png", "照片 1.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.txt", "a.txt"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
            ("cod\u{202e}gnp.exe", "codgnp.exe"),
            (".htaccess", "htaccess"),
            ("a.exe\u{200b}", "a.exe"),
            ("a.exe\u{200d}.\u{2800} \u{fe0f}", "a.exe"),
            ("a.e\u{ad}xe\u{3164}", "a.exe"),
            ("👩\u{200d}💻.png", "👩\u{200d}💻.png"),
            ("a.exe. . ", "a.exe"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(clean(raw), expected);
        }
        let long = clean(&format!("{}.jpeg", "长".repeat(300)));
        assert!(long.ends_with("长.jpeg") && long.chars().count() == 120, "{long}");
        // Characters are kept or left out as a whole.
        for (last, kept) in [("🇨🇳🇨🇳", "🇨🇳"), ("👍🏽👍🏽", "👍🏽"), ("x👨\u{200d}👩\u{200d}👧", "x"), ("e\u{301}e\u{301}", "e\u{301}")]
        {
            let stem = "长".repeat(113);
            assert_eq!(clean(&format!("{stem}{last}长长长长长长长.jpeg")), format!("{stem}{kept}.jpeg"));
            assert_eq!(clean(&format!("{stem}长长长长长{last}长长")), format!("{stem}长长长长长{kept}"));
        }
        assert_eq!(clean(&format!("a{}.png", "\u{301}".repeat(200))), "file.png");
    }

    #[test]
    fn a_header_holds_no_raw_name() {
        assert_eq!(disposition("attachment", "账单 \"11\".pdf"), "attachment; filename=\"__ _11_.pdf\"; filename*=UTF-8''%E8%B4%A6%E5%8D%95%20%2211%22.pdf");
    }
}
