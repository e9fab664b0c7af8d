//! The normal form of the name of a host: one host has one name, whether it is written in its own script or in ASCII (IDNA, UTS 46).

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// The name as it is sent to other machines: ASCII, lower case, with `xn--` for labels in other scripts. `None` if no host can have this name.
pub fn ascii(name: &str) -> Option<String> {
    Uts46::new().to_ascii(name.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify).ok().map(std::borrow::Cow::into_owned)
}

/// The name as it is stored and shown: lower case, each label in its own script. `None` if no host can have this name.
pub fn in_own_script(name: &str) -> Option<String> {
    let ascii = ascii(name)?;
    let (shown, fits) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    fits.ok()?;
    Some(shown.into_owned())
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
    fn what_no_host_can_be_called_is_refused() {
        let long = format!("{}.example", "a".repeat(64));
        for raw in ["", "a..b", "-a.example", "a-.example", "a b.example", "a_b.example", "xn--zzzzzz---.example", "a/b", &long] {
            assert_eq!((ascii(raw), in_own_script(raw)), (None, None), "{raw}");
        }
    }
}
