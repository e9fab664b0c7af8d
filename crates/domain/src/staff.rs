//! Members of staff: their roles and states, and what a name and a password must satisfy.

use std::borrow::Cow;

use normal::typed::typed;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{id::RoleId, line, mail_address::MailAddress, refusal::Code, text_enum::text_enum, time::Ts};

/// The role of a member of staff: a built-in one, or one that the company composed. It is written as the name of the former or the id of the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Serves customers.
    Agent,
    /// Serves customers, and sees what the members of their group serve.
    SeniorAgent,
    /// Leads a group or a department.
    Supervisor,
    /// Supervises and decides; may also serve customers.
    Manager,
    /// Edits the bot's answers and the goods.
    KnowledgeEditor,
    /// Looks after customers of their own.
    AccountManager,
    /// Sets up the installation; may do everything.
    Administrator,
    /// Sees everything and changes nothing.
    Auditor,
    /// Holds what the company has given the role.
    Composed(RoleId),
}

impl Role {
    /// The built-in roles, in the order of the columns of the table of permissions.
    pub const BUILT_IN: [Self; 8] =
        [Self::Agent, Self::SeniorAgent, Self::Supervisor, Self::Manager, Self::KnowledgeEditor, Self::AccountManager, Self::Administrator, Self::Auditor];
    /// The column of a built-in role in the table of permissions.
    pub fn column(self) -> Option<usize> {
        Self::BUILT_IN.iter().position(|role| *role == self)
    }
    /// The name of a built-in role.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Agent => "agent",
            Self::SeniorAgent => "senior_agent",
            Self::Supervisor => "supervisor",
            Self::Manager => "manager",
            Self::KnowledgeEditor => "knowledge_editor",
            Self::AccountManager => "account_manager",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Composed(_) => return None,
        })
    }
    /// The name or id that is stored and sent.
    pub fn text(self) -> Cow<'static, str> {
        match (self, self.name()) {
            (Self::Composed(id), _) => Cow::Owned(id.to_string()),
            (_, name) => Cow::Borrowed(name.unwrap_or_default()),
        }
    }
    /// The built-in role that people call by this word in Chinese, as the console does.
    pub fn by_chinese_word(word: &str) -> Option<Self> {
        let words = ["客服", "资深客服", "班长", "主管", "知识编辑", "客户经理", "管理员", "审计员"];
        words.into_iter().zip(Self::BUILT_IN).find(|(known, _)| *known == word).map(|(_, role)| role)
    }
    /// Parses the stored form; `None` if it is not one.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::BUILT_IN.into_iter().find(|role| role.name() == Some(raw)).or_else(|| raw.parse().ok().map(Self::Composed))
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&raw).ok_or_else(|| de::Error::custom("not a role: the name of a built-in one, or the id of one that the company composed"))
    }
}
impl PartialSchema for Role {
    fn schema() -> RefOr<Schema> {
        let about = "A role: the name of a built-in one (agent, senior_agent, supervisor, manager, knowledge_editor, account_manager, administrator, auditor), or the id of one that the company composed.";
        let pattern = format!("^({}|rol_[0-9a-f]{{32}})$", Self::BUILT_IN.into_iter().filter_map(Self::name).collect::<Vec<_>>().join("|"));
        ObjectBuilder::new().schema_type(Type::String).description(Some(about)).pattern(Some(pattern)).examples([Some("agent")]).into()
    }
}
impl ToSchema for Role {}

/// Whether a member of staff takes conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// The member gets conversations up to their capacity.
    Available,
    /// The member is at work, keeps open conversations and gets no new ones: there is something else to finish.
    Busy,
    /// The member is on a break: keeps open conversations and gets no new ones.
    Break,
    /// The member is not at work.
    Offline,
}

/// The reason of a break that began by itself, because the agent missed one offer after the other.
pub const MISSED_OFFERS: &str = "missed_offers";

/// Whether a member of staff can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// The member was invited and has not joined yet.
    Invited,
    /// The member can sign in.
    Active,
    /// The member is disabled and cannot sign in.
    Disabled,
    /// The member was removed: only the history has their name.
    Removed,
}

text_enum!(MemberStatus { Invited = "invited", Active = "active", Disabled = "disabled", Removed = "removed" });
text_enum!(AgentState { Available = "available", Busy = "busy", Break = "break", Offline = "offline" });

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// The longest password, in bytes: hashing more would let a stranger waste processor time.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The password has fewer than [`MIN_PASSWORD_CHARS`] characters.
    #[error("a password must have at least {MIN_PASSWORD_CHARS} characters")]
    TooShort,
    /// The password has more than [`MAX_PASSWORD_BYTES`] bytes.
    #[error("a password can have at most {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
}

/// Checks a new password.
pub fn check_password(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(())
}

/// An agent counts as unreachable if their console was not seen for this long, in milliseconds.
pub const UNREACHABLE_AFTER_MS: i64 = 30_000;

/// Whether a console that was last seen at `last_seen_at` is connected; `None` means never.
pub fn is_reachable(last_seen_at: Option<Ts>, now: Ts) -> bool {
    last_seen_at.is_some_and(|seen| now.since(seen) <= UNREACHABLE_AFTER_MS)
}

/// The highest capacity: the most conversations that a member may serve at once.
pub const MAX_CAPACITY: i64 = 100;

/// Why a member of staff, or a group of them, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// The name is empty or too long.
    #[error("a name must have 1 to 40 characters")]
    Name,
    /// The name is deceptive: it looks like a different one.
    #[error("{DECEPTIVE}")]
    Deceptive,
    /// The number that customers see is empty, too long or deceptive.
    #[error("a number must have 1 to 20 characters")]
    Number,
    /// The e-mail address is invalid.
    #[error("this is not an e-mail address")]
    Email,
    /// Mail cannot be sent to the address.
    #[error("{UNSENDABLE}")]
    Unsendable,
    /// The capacity is out of range.
    #[error("a capacity must be from 1 to {MAX_CAPACITY}")]
    Capacity,
}

impl PersonError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name | Self::Deceptive => "name",
            Self::Number => "number",
            Self::Email | Self::Unsendable => "email",
            Self::Capacity => "capacity",
        }
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Email => Code::EmailInvalid,
            Self::Unsendable => Code::AddressUnsendable,
            Self::Deceptive => Code::NameDeceptive,
            _ => Code::InvalidValue,
        }
    }
}

pub(crate) fn is_line(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// The explanation for a name that was refused because a reader could take it for a different one.
pub const DECEPTIVE: &str =
    "a name must not contain invisible characters, characters that change the direction of writing, or words that mix Latin with Cyrillic or Greek letters";

/// The explanation for an address that was refused because no mail can be sent to it.
pub const UNSENDABLE: &str =
    "mail cannot be sent to this address: before the @ it may have only Latin letters, digits and signs, and after it the name of a host";

/// A name in the form in which it is stored: of a member, or of a group.
pub fn name(raw: &str) -> Result<String, PersonError> {
    let name = line::name(raw);
    if !is_line(&name, 40) {
        return Err(PersonError::Name);
    }
    if line::deceives(&name) { Err(PersonError::Deceptive) } else { Ok(name) }
}

/// An e-mail address that somebody signs in with: it may be one to which no mail can be sent, which earlier versions accepted.
pub fn email(raw: &str) -> Result<MailAddress, PersonError> {
    let address = MailAddress::parse(raw).ok_or(PersonError::Email)?;
    let text = address.text();
    let fits = text.matches('@').count() == 1 && !text.chars().any(char::is_whitespace) && !line::deceives(text);
    if fits { Ok(address) } else { Err(PersonError::Email) }
}

/// An e-mail address that a member is given, to which mail can be sent.
pub fn new_email(raw: &str) -> Result<MailAddress, PersonError> {
    let address = email(raw)?;
    if address.wire().is_some() { Ok(address) } else { Err(PersonError::Unsendable) }
}

/// The number of a member that customers see, in the form in which it is stored.
pub fn number(raw: &str) -> Result<String, PersonError> {
    let number = typed(raw);
    if is_line(&number, 20) && !line::deceives(&number) { Ok(number) } else { Err(PersonError::Number) }
}

/// Checks a capacity: how many conversations a member may serve at once.
pub fn check_capacity(capacity: i64) -> Result<(), PersonError> {
    if (1..=MAX_CAPACITY).contains(&capacity) { Ok(()) } else { Err(PersonError::Capacity) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_halves() {
        for (typed, kept) in [
            ("a@b", Some("a@b")),
            (" Ada@Alpha.example ", Some("ada@alpha.example")),
            ("ａｄａ＠alpha.example", Some("ada@alpha.example")),
            ("", None),
            ("a", None),
            ("@b", None),
            ("a@", None),
            ("a@b@c", None),
            ("a b@c", None),
            ("ada\u{200b}@alpha.example", Some("ada@alpha.example")),
            ("\u{202d}ada@alpha.example\u{202c}", Some("ada@alpha.example")),
            ("ada@xn--bcher-kva.example", Some("ada@bücher.example")),
            ("\u{430}da@alpha.example", None),
        ] {
            assert_eq!(email(typed).ok().as_ref().map(MailAddress::text), kept, "{typed:?}");
        }
        assert!(email(&format!("{}@b", "a".repeat(300))).is_err());
        for (typed, code) in [("李雷@alpha.example", Some(Code::AddressUnsendable)), ("ada@a_b", Some(Code::AddressUnsendable)), ("a@b", None)] {
            assert_eq!(new_email(typed).err().map(PersonError::code), code, "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_person_names_its_field() {
        assert_eq!((name(" 周敏 "), number("０３１７")), (Ok("周敏".to_owned()), Ok("0317".to_owned())));
        assert_eq!((name(" ").map_err(PersonError::field), name("\u{202e}ada").map_err(PersonError::code)), (Err("name"), Err(Code::NameDeceptive)));
        assert_eq!((number("").map_err(PersonError::field), number("1\u{200b}")), (Err("number"), Ok("1".to_owned())));
        assert_eq!([0, 5, 101].map(|capacity| check_capacity(capacity).map_err(PersonError::field)), [Err("capacity"), Ok(()), Err("capacity")]);
    }
}
