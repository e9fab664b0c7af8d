//! Customers with an account: their identifiers and names, the passwords they may choose, and how long codes, tickets and sessions last.

use std::fmt;

use normal::typed::typed;

use crate::{
    conversation::State,
    graphemes, line,
    mail_address::MailAddress,
    refusal::Code,
    staff::{DECEPTIVE, PasswordError, check_password},
    time::{DAY, MINUTE},
};

/// How long a code or link that was sent can be used, in milliseconds.
pub const CODE_MS: i64 = 15 * MINUTE;
/// After this many wrong codes, what was sent is invalid.
pub const CODE_TRIES: i64 = 5;
/// The number of digits of a code.
pub const CODE_DIGITS: usize = 6;
/// How long a ticket for the widget is valid, in milliseconds.
pub const TICKET_MS: i64 = MINUTE;
/// A customer's session ends after this long without use, in milliseconds.
pub const SESSION_IDLE_MS: i64 = 30 * DAY;
/// A customer's session ends this long after it began, in milliseconds.
pub const SESSION_MS: i64 = 180 * DAY;
/// A puzzle has to be solved within this time, in milliseconds.
pub const PUZZLE_MS: i64 = 10 * MINUTE;
/// The number of leading zero bits in the solution of a puzzle: about 32,000 digests, a second or two in a browser.
pub const PUZZLE_BITS: u32 = 15;
/// The longest name of a customer, in characters.
pub const MAX_NAME_CHARS: usize = 60;

/// The longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;
/// The number of digits of an international number, country code included (ITU-T E.164, section 6).
const E164_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// The shortest part of an identifier that a password may not contain, in characters.
const TELLING_CHARS: usize = 4;
/// A password with fewer different characters is refused.
const DISTINCT_CHARS: usize = 4;

/// The kind of identifier that a customer signs in with. Identifiers are normalised, so that equal ones compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// An e-mail address.
    Email,
    /// A mobile number.
    Mobile,
}

crate::text_enum::text_enum!(IdentifierKind { Email = "email", Mobile = "mobile" });

/// An e-mail address in lower case, or a mobile number as `+` and digits. It is personal: `Debug` shows it masked.
#[derive(Clone)]
pub struct Identifier {
    kind: IdentifierKind,
    text: String,
    spellings: Vec<String>,
    can_be_sent: bool,
}

impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.text) == (other.kind, &other.text)
    }
}
impl Eq for Identifier {}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The text is neither an e-mail address nor a mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("enter an e-mail address or a mobile number: 11 digits in mainland China, elsewhere with + and the country code")]
pub struct NoIdentifier;

impl Identifier {
    /// Parses what a person typed or pasted: dashes, brackets and spaces in a number, capitals in an address, the width of characters and what cannot be seen do
    /// not matter.
    pub fn parse(raw: &str) -> Result<Self, NoIdentifier> {
        let text = typed(raw);
        if text.contains('@') { Self::email(raw) } else { Self::mobile(&text) }
    }

    /// An identifier as it is stored. What an earlier version stored is not brought into the form of this one: it is found as it is.
    pub fn stored(text: String) -> Self {
        let kind = if text.contains('@') { IdentifierKind::Email } else { IdentifierKind::Mobile };
        let can_be_sent = kind == IdentifierKind::Mobile || MailAddress::parse(&text).is_some_and(|address| address.wire().is_some());
        Self { kind, spellings: vec![text.clone()], text, can_be_sent }
    }

    fn email(raw: &str) -> Result<Self, NoIdentifier> {
        let address = MailAddress::parse(raw).ok_or(NoIdentifier)?;
        let text = address.text().to_owned();
        let (local, domain) = text.rsplit_once('@').ok_or(NoIdentifier)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
        let local_fits = (1..=MAX_LOCAL_BYTES).contains(&local.len())
            && local.chars().all(|c| plain(c) || (!c.is_ascii() && c.is_alphanumeric()))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let last_fits = domain.rsplit('.').next().is_some_and(|last| last.chars().count() >= 2 && !last.chars().all(|c| c.is_ascii_digit()));
        let fits = local_fits && normal::domain::ascii(domain).is_some() && domain.contains('.') && last_fits;
        if !fits {
            return Err(NoIdentifier);
        }
        Ok(Self { kind: IdentifierKind::Email, spellings: address.spellings(), can_be_sent: address.wire().is_some(), text })
    }

    fn mobile(text: &str) -> Result<Self, NoIdentifier> {
        let kept: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        let (international, digits) = match kept.strip_prefix('+').or_else(|| kept.strip_prefix("00")) {
            Some(digits) => (true, digits),
            None => (false, kept.as_str()),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NoIdentifier);
        }
        let mainland = |digits: &str| digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9');
        let text = match (international, digits.strip_prefix("86")) {
            (false, None) if mainland(digits) => format!("+86{digits}"),
            (_, Some(rest)) if mainland(rest) => format!("+86{rest}"),
            // A number of mainland China that does not fit its numbering plan is a typing error, not a number of a different country.
            (true, None) if E164_DIGITS.contains(&digits.len()) && !digits.starts_with('0') => format!("+{digits}"),
            _ => return Err(NoIdentifier),
        };
        Ok(Self { kind: IdentifierKind::Mobile, spellings: vec![text.clone()], can_be_sent: true, text })
    }

    /// The kind of identifier.
    pub const fn kind(&self) -> IdentifierKind {
        self.kind
    }
    /// The normalised text. It is personal data: never write it to a log, an entry or a fact.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// All forms in which it may be stored, the one that was typed first: earlier versions stored the domain of an address as it was typed.
    pub fn spellings(&self) -> &[String] {
        &self.spellings
    }
    /// Whether a letter can be sent to it. What cannot be is refused where a letter would have to be sent; who already has such an address still signs in.
    pub const fn can_be_sent(&self) -> bool {
        self.can_be_sent
    }
    /// The mailbox behind the address, or the number, for counting only: many providers ignore dots and everything after a `+`. Two addresses may have the same
    /// mailbox although they belong to two people; those people then share what is counted, but never an account.
    pub fn mailbox(&self) -> String {
        match self.kind {
            IdentifierKind::Mobile => self.text.clone(),
            IdentifierKind::Email => {
                let (local, domain) = self.text.rsplit_once('@').unwrap_or((&self.text, ""));
                let plain: String = local.split('+').next().unwrap_or_default().chars().filter(|c| *c != '.').collect();
                let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
                // The part in front may be all there is.
                if plain.is_empty() { format!("{local}@{domain}") } else { format!("{plain}@{domain}") }
            }
        }
    }
    /// The form that may be shown to others: enough to recognise, too little to write to.
    pub fn masked(&self) -> String {
        match self.kind {
            IdentifierKind::Email => {
                let (local, domain) = self.text.rsplit_once('@').unwrap_or((&self.text, ""));
                format!("{}***@{domain}", graphemes::first(local, 1))
            }
            IdentifierKind::Mobile => {
                let text = self.text.strip_prefix("+86").unwrap_or(&self.text);
                let (head, tail) = (text.len().min(3), text.len().saturating_sub(4));
                format!("{}****{}", &text[..head], &text[tail..])
            }
        }
    }
}

/// Why a customer's password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewPasswordError {
    /// The password is too short or too long.
    #[error(transparent)]
    Length(#[from] PasswordError),
    /// The password is one that everybody tries first.
    #[error("this password is too easy to guess: use several words, or a sentence")]
    TooCommon,
    /// The password contains the address or number it belongs to.
    #[error("a password must not contain your own address or number")]
    HoldsIdentifier,
}

/// Words that most of the compromised accounts used, alone or with something appended.
const COMMON: [&str; 48] = [
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "qazwsx",
    "qazwsxedc",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaiwojia",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman",
    "master",
    "shadow",
    "michael",
    "jordan",
    "secret",
    "changeme",
    "default",
    "login",
    "hello",
    "abc",
    "abcd",
    "test",
    "testtest",
    "guest",
    "root",
    "zxcvbnm",
    "asdfghjkl",
    "asdf",
    "trustno",
    "whatever",
    "starwars",
    "mima",
    "taobao",
    "weixin",
    "nihao",
    "china",
    "zhongguo",
];
/// Keyboard rows and sequences along which fingers run.
const RUNS: [&str; 6] = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"];

/// Checks a password that a customer chose for this identifier.
pub fn check_new_password(password: &str, identifier: Option<&Identifier>) -> Result<(), NewPasswordError> {
    check_password(password)?;
    let lower: String = password.trim().to_lowercase();
    if let Some(identifier) = identifier {
        let telling = match identifier.kind {
            IdentifierKind::Email => identifier.text.split('@').next().unwrap_or_default(),
            IdentifierKind::Mobile => identifier.text.strip_prefix("+86").unwrap_or_else(|| identifier.text.trim_start_matches('+')),
        };
        if telling.chars().count() >= TELLING_CHARS && lower.contains(telling) || lower.contains(&identifier.text) {
            return Err(NewPasswordError::HoldsIdentifier);
        }
    }
    let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
    let word = lower.trim_matches(|c: char| !c.is_alphabetic());
    let is_common = distinct.len() < DISTINCT_CHARS || COMMON.contains(&word) || runs(&lower) || repeats(&lower);
    if is_common { Err(NewPasswordError::TooCommon) } else { Ok(()) }
}

/// Whether the password is one run along a row, in either direction, with only non-alphanumeric characters appended.
fn runs(lower: &str) -> bool {
    let core = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    let back: String = core.chars().rev().collect();
    !core.is_empty() && RUNS.iter().any(|row| row.contains(core) || row.contains(&back))
}

/// Whether the password is a short piece repeated again and again.
fn repeats(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    (1..=chars.len() / 2).any(|period| period < DISTINCT_CHARS + 2 && chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// The name is too long, or not on one line.
    #[error("a name can have at most {MAX_NAME_CHARS} characters, on one line")]
    TooLong,
    /// The name is deceptive: it looks like a different one.
    #[error("{DECEPTIVE}")]
    Deceptive,
}

impl BadName {
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::TooLong => Code::InvalidValue,
            Self::Deceptive => Code::NameDeceptive,
        }
    }
}

/// A name as a customer enters it; `None` if it is empty.
pub fn name(raw: &str) -> Result<Option<String>, BadName> {
    let name = line::name(raw);
    if name.is_empty() {
        return Ok(None);
    }
    if name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(BadName::TooLong);
    }
    if line::deceives(&name) { Err(BadName::Deceptive) } else { Ok(Some(name)) }
}

/// Whether a digest has enough leading zero bits to be the solution of a puzzle.
pub fn solves(digest: &[u8], bits: u32) -> bool {
    let mut zeros = 0;
    for byte in digest {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros >= bits
}

/// Which of two open conversations continues when an anonymous visitor turns out to be a customer who already has one: the one that has got further, or else
/// the current one.
pub const fn goes_on(at_hand: State, of_account: State) -> bool {
    const fn far(state: State) -> u8 {
        match state {
            State::Active | State::OnHold | State::Snoozed => 3,
            State::Queued | State::Offered => 2,
            State::Bot => 1,
            State::Resolved | State::Closed => 0,
        }
    }
    far(at_hand) >= far(of_account)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> Option<String> {
        Identifier::parse(raw).ok().map(|identifier| identifier.text)
    }

    #[test]
    fn what_people_type_becomes_one_form() {
        for (raw, text) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("a.b+c@mail.example.org", "a.b+c@mail.example.org"),
            ("李雷@例子.中国", "李雷@例子.中国"),
            ("13800138000", "+8613800138000"),
            ("138 0013 8000", "+8613800138000"),
            ("138-0013-8000", "+8613800138000"),
            ("+86 138 0013 8000", "+8613800138000"),
            ("008613800138000", "+8613800138000"),
            ("8613800138000", "+8613800138000"),
            ("１３８００１３８０００", "+8613800138000"),
            ("+44 7700 900123", "+447700900123"),
            ("0044 7700 900123", "+447700900123"),
            ("\u{202d}138 0013 8002\u{202c}", "+8613800138002"),
            ("138\u{2011}0013\u{2011}8002\u{200b}", "+8613800138002"),
            ("\u{feff}\u{2066}+86\u{2069} 138\u{2007}0013\u{202f}8002\u{200e}", "+8613800138002"),
            ("（138）0013—8002", "+8613800138002"),
            ("\u{200e}Ada@Example.COM\u{200b}", "ada@example.com"),
            ("ａｄａ＠example。com", "ada@example.com"),
            ("bob@bücher.example", "bob@bücher.example"),
            ("bob@XN--BCHER-KVA.example", "bob@bücher.example"),
        ] {
            assert_eq!(parsed(raw).as_deref(), Some(text), "{raw}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        let long = format!("{}@example.com", "x".repeat(65));
        for raw in [
            "",
            " ",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@@example.com",
            "a b@example.com",
            ".a@example.com",
            "a..b@example.com",
            "a@-x.com",
            "a@x.1",
            "a@x..com",
            "a,b@x.com",
            "a@x.com\r\nBcc: b@x.com",
            "12345678",
            "1380013800",
            "138001380000",
            "12800138000",
            "+86123",
            "+0123456789",
            "++8613800138000",
            "13800138000x",
            "+1234567890123456",
            "\0@example.com",
            &long,
        ] {
            assert_eq!(parsed(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn others_see_it_masked() {
        for (raw, masked) in [("ada@example.com", "a***@example.com"), ("13800138000", "138****8000"), ("+447700900123", "+44****0123")] {
            let identifier = Identifier::parse(raw).unwrap();
            assert_eq!((identifier.masked(), format!("{identifier:?}")), (masked.to_owned(), masked.to_owned()));
        }
    }

    #[test]
    fn variants_of_an_address_are_one_mailbox() {
        let mailbox = |raw: &str| Identifier::parse(raw).unwrap().mailbox();
        for variant in ["ada.love@example.com", "adalove+1@example.com", "a.d.a.love+x+y@example.com", "ADA.Love@example.com"] {
            assert_eq!(mailbox(variant), "adalove@example.com", "{variant}");
        }
        assert_eq!(mailbox("a.b@googlemail.com"), mailbox("ab@gmail.com"));
        assert_eq!(mailbox("+x@example.com"), "+x@example.com");
        assert_eq!(mailbox("138 0013 8000"), "+8613800138000");
        assert_ne!(mailbox("ada@example.com"), mailbox("ada@example.org"));
    }

    #[test]
    fn the_passwords_that_strangers_try_first_are_refused() {
        let ada = Identifier::parse("ada.love@example.com").unwrap();
        let mobile = Identifier::parse("13800138000").unwrap();
        for password in [
            "password123",
            "Password2026!",
            "qwertyuiop",
            "1234567890",
            "0987654321",
            "12345678901",
            "aaaaaaaaaa",
            "abcabcabcabc",
            "1q1q1q1q1q",
            "woaini1314520",
            "iloveyou2026",
            "abcdefghij",
            "zyxwvutsrq",
            "1qaz2wsx3edc",
            "admin123456",
            "1212121212",
            "1234567890!",
        ] {
            assert_eq!(check_new_password(password, Some(&ada)), Err(NewPasswordError::TooCommon), "{password}");
        }
        for (password, of) in [("xx-ada.love-xx", &ada), ("my13800138000", &mobile), ("ADA.LOVE@example.com", &ada)] {
            assert_eq!(check_new_password(password, Some(of)), Err(NewPasswordError::HoldsIdentifier), "{password}");
        }
        assert_eq!(check_new_password("short", None), Err(NewPasswordError::Length(PasswordError::TooShort)));
        assert_eq!(check_new_password(&"ab1".repeat(100), None), Err(NewPasswordError::Length(PasswordError::TooLong)));
        for password in ["correct horse battery", "海内存知己天涯若比邻 2026", "tr0ub4dor and 3", "kX9-vunq-2Lm"] {
            assert_eq!(check_new_password(password, Some(&ada)), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_conversation_that_is_further_goes_on() {
        for (at_hand, of_account, goes) in [
            (State::Bot, State::Bot, true),
            (State::Bot, State::Queued, false),
            (State::Queued, State::Bot, true),
            (State::Active, State::Active, true),
            (State::Queued, State::OnHold, false),
        ] {
            assert_eq!(goes_on(at_hand, of_account), goes, "{at_hand:?} {of_account:?}");
        }
    }

    #[test]
    fn a_name_is_one_line_or_none() {
        assert_eq!(name("  李雷 "), Ok(Some("李雷".to_owned())));
        assert_eq!(name(" "), Ok(None));
        for bad in ["a\nb", "a\0b", &"x".repeat(61)] {
            assert_eq!(name(bad), Err(BadName::TooLong));
        }
        for bad in ["\u{202e}gnp.ada", "客服\u{200b}", "\u{410}da"] {
            assert_eq!(name(bad), Err(BadName::Deceptive), "{bad:?}");
        }
    }

    #[test]
    fn leading_zero_bits_are_counted_over_bytes() {
        assert!(solves(&[0, 0b0000_0001, 0xff], 15) && !solves(&[0, 0b0000_0010, 0xff], 15));
        assert!(solves(&[0, 0, 0], 24) && !solves(&[0, 0, 0], 25) && solves(&[0xff], 0));
    }
}
