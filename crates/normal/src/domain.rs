//! The normal form of the name of a host: one host has one name, whether it is written in its own script or in ASCII (IDNA, UTS 46).

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _, skeleton};

/// The name as it is sent to other machines: ASCII, lower case, with `xn--` for labels in other scripts. `None` if no host can have this name.
pub fn ascii(name: &str) -> Option<String> {
    Uts46::new().to_ascii(name.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify).ok().map(std::borrow::Cow::into_owned)
}

/// The name as it is stored and shown: lower case, each label in its own script, but for those that look like other names: these stay in ASCII, as browsers
/// show them. `None` if no host can have this name.
pub fn in_own_script(name: &str) -> Option<String> {
    let (ascii, whole) = (ascii(name)?, in_any_script(name)?);
    let is_last_ascii = whole.rsplit('.').next().is_some_and(str::is_ascii);
    let labels = ascii.split('.').zip(whole.split('.')).map(|(ascii, own)| if is_deceptive(own, is_last_ascii) { ascii } else { own });
    Some(labels.collect::<Vec<_>>().join("."))
}

/// The name with each label in its own script, whatever it looks like, as earlier versions stored it.
pub fn in_any_script(name: &str) -> Option<String> {
    let ascii = ascii(name)?;
    let (whole, fits) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    fits.ok()?;
    Some(whole.into_owned())
}

/// Whether a label may be taken for another: by characters that no name needs, or of scripts that are not written together (UTS 39, section 5.2), or because
/// each of them looks like a Latin letter. The last is no deceit in a domain whose end is not Latin either, such as `рф`.
fn is_deceptive(label: &str, is_last_ascii: bool) -> bool {
    let is_of_one_writing = || label.check_restriction_level(RestrictionLevel::HighlyRestrictive);
    let looks_latin = || !label.contains(|c: char| c.is_ascii_alphabetic()) && skeleton(label).all(|c| c.is_ascii());
    !label.is_ascii() && (!is_of_one_writing() || is_last_ascii && looks_latin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_has_one_name() {
        for raw in ["bücher.example", "BÜCHER.example", "bu\u{308}cher.example", "xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE", "bücher。example"] {
            assert_eq!((ascii(raw).as_deref(), in_own_script(raw).as_deref()), (Some("xn--bcher-kva.example"), Some("bücher.example")), "{raw}");
        }
        assert_eq!(ascii("例子.中国").as_deref(), Some("xn--fsqu00a.xn--fiqs8s"));
        assert_eq!(
            (in_own_script("Mail.Example.ORG").as_deref(), in_own_script("ab--cd.example").as_deref()),
            (Some("mail.example.org"), Some("ab--cd.example"))
        );
    }

    #[test]
    fn a_label_that_may_be_taken_for_another_is_shown_in_ascii() {
        for (raw, shown) in [
            // One script alone, or scripts that are written together.
            ("bücher.example", "bücher.example"),
            ("пример.example", "пример.example"),
            ("παράδειγμα.example", "παράδειγμα.example"),
            ("例子.example", "例子.example"),
            ("例子abc-1.example", "例子abc-1.example"),
            ("ひらカタ漢字abc.example", "ひらカタ漢字abc.example"),
            ("한국漢字.example", "한국漢字.example"),
            ("straße.example", "straße.example"),
            ("сос.рф", "сос.рф"),
            // Two scripts that are not: the first letter is Cyrillic.
            ("аpple.example", "xn--pple-43d.example"),
            ("例子а.example", "xn--80a5969ajnh.example"),
            // Cyrillic or Greek throughout, and every letter looks Latin.
            ("аррӏе.example", "xn--80ak6aa92e.example"),
            ("сос.example", "xn--n1afb.example"),
            ("ο.example", "xn--0xa.example"),
            ("www.аррӏе.com", "www.xn--80ak6aa92e.com"),
            ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
            // What no name needs.
            ("i❤.example", "xn--i-7iq.example"),
        ] {
            assert_eq!(in_own_script(raw).as_deref(), Some(shown), "{raw}");
            assert_eq!(in_own_script(shown).as_deref(), Some(shown), "{raw}");
            assert_eq!(ascii(shown), ascii(raw));
        }
        assert_eq!(in_any_script("xn--80ak6aa92e.com").as_deref(), Some("аррӏе.com"));
    }

    #[test]
    fn what_no_host_can_be_called_is_refused() {
        let long = format!("{}.example", "a".repeat(64));
        for raw in ["", "a..b", "-a.example", "a-.example", "a b.example", "a_b.example", "xn--zzzzzz---.example", "a/b", &long] {
            assert_eq!((ascii(raw), in_own_script(raw)), (None, None), "{raw}");
        }
    }
}
