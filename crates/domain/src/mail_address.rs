//! E-mail addresses: one person has one, however it is written, and only those to which mail can be sent are accepted.

use normal::typed::typed;

use crate::line;

/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const MAX_BYTES: usize = 254;

/// An e-mail address as it is stored and shown: in lower case and half width, without invisible characters, with its domain in its own script unless it looks like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress {
    text: String,
    /// As versions up to 0.2.0 stored what was typed.
    former: String,
    /// With the domain in ASCII; `None` if no host can have the domain's name.
    ascii: Option<String>,
    /// With the domain in its own script, whatever it looks like, as versions up to 0.2.0 stored it.
    whole: Option<String>,
}

impl MailAddress {
    /// Parses what a person typed or pasted; `None` if it does not have two halves, or is too long.
    pub fn parse(raw: &str) -> Option<Self> {
        let typed = typed(raw).to_lowercase();
        let (local, host) = typed.rsplit_once('@').filter(|(local, host)| !local.is_empty() && !host.is_empty())?;
        let ascii = normal::domain::ascii(host).map(|host| format!("{local}@{host}"));
        let whole = normal::domain::in_any_script(host).map(|host| format!("{local}@{host}"));
        let text = format!("{local}@{}", normal::domain::in_own_script(host).as_deref().unwrap_or(host));
        let fits = ascii.as_ref().unwrap_or(&text).len() <= MAX_BYTES;
        fits.then(|| Self { text, former: line::address(raw), ascii, whole })
    }

    /// The form in which it is stored and shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// [`Self::text`], owned.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The form in which it is sent to other machines (RFC 5321), which is ASCII; `None` if mail cannot be sent to it: servers that accept other characters
    /// before the `@` (RFC 6531) are too few to be relied on.
    pub fn wire(&self) -> Option<&str> {
        self.ascii.as_deref().filter(|ascii| ascii.is_ascii())
    }

    /// All forms in which the address may be stored, the one that was typed first: earlier versions stored what was typed.
    pub fn spellings(&self) -> Vec<String> {
        let mut all = vec![self.former.clone()];
        for other in [Some(&self.text), self.ascii.as_ref(), self.whole.as_ref()].into_iter().flatten() {
            if !all.contains(other) {
                all.push(other.clone());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_address() {
        for raw in [
            "bob@bücher.example",
            "Bob@BÜCHER.example",
            "bob@xn--bcher-kva.example",
            "\u{202a}bob@bu\u{308}cher.example\u{202c}",
            "bob\u{200b}@bücher.example\u{200b}",
            "ｂｏｂ＠bücher。example",
        ] {
            let address = MailAddress::parse(raw).unwrap();
            assert_eq!((address.text(), address.wire()), ("bob@bücher.example", Some("bob@xn--bcher-kva.example")), "{raw:?}");
            let spellings = address.spellings();
            assert!(["bob@bücher.example", "bob@xn--bcher-kva.example"].iter().all(|one| spellings.iter().any(|other| other == one)), "{spellings:?}");
        }
        assert_eq!(MailAddress::parse("Ada@Example.com").unwrap().spellings(), ["ada@example.com"]);
        assert_eq!(MailAddress::parse("bob@xn--bcher-kva.example").unwrap().spellings(), ["bob@xn--bcher-kva.example", "bob@bücher.example"]);
        // One that looks like another is stored as it is sent, and found as it was stored before.
        let alike = MailAddress::parse("bob@аррӏе.example").unwrap();
        assert_eq!((alike.text(), alike.wire()), ("bob@xn--80ak6aa92e.example", Some("bob@xn--80ak6aa92e.example")));
        assert_eq!(MailAddress::parse("bob@xn--80ak6aa92e.example").unwrap().spellings(), ["bob@xn--80ak6aa92e.example", "bob@аррӏе.example"]);
        assert_eq!(MailAddress::parse("anna\u{2011}lena@example.com").unwrap().text(), "anna-lena@example.com");
    }

    #[test]
    fn what_mail_cannot_be_sent_to_has_no_form_for_the_wire() {
        for (raw, can_be_sent) in [
            ("a@b", true),
            ("ada@example.com", true),
            ("李雷@例子.中国", false),
            ("bob@例子.中国", true),
            ("ada@a_b.example", false),
            ("ada@exa mple.com", false),
            ("ada@-x.com", false),
        ] {
            assert_eq!(MailAddress::parse(raw).unwrap().wire().is_some(), can_be_sent, "{raw}");
        }
        for raw in ["", "ada", "@example.com", "ada@", &format!("{}@b", "a".repeat(300))] {
            assert_eq!(MailAddress::parse(raw), None, "{raw}");
        }
    }
}
