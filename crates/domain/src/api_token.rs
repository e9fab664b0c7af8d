//! Tokens with which programs use the API: what they may do, from where, and until when.
//!
//! A program acts as a member of the staff of its own that appears in no list of people, so everything it does names it.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{AgentId, ApiTokenId, SessionId, TenantId},
    line,
    policy::{Grant, GrantError, GrantList, Grants, Permission, Reach},
    refusal::Code,
    staff::DECEPTIVE,
    text_enum::text_enum,
    time::{DAY, HOUR, Ts},
};

/// The most tokens that a company may have at once; revoked and expired ones do not count.
pub const MAX_API_TOKENS: usize = 50;
/// The longest name of a token, in characters.
pub const MAX_NAME: usize = 40;
/// The most address ranges of a token.
pub const MAX_RANGES: usize = 20;
/// The longest validity of a token, in milliseconds: ten years.
pub const MAX_LIFE_MS: i64 = 3650 * DAY;
/// How long the previous secret stays valid after a new one was made, unless chosen otherwise, in milliseconds.
pub const DEFAULT_OVERLAP_MS: i64 = 24 * HOUR;
/// The longest such time, in milliseconds.
pub const MAX_OVERLAP_MS: i64 = 30 * DAY;
/// How long a revoked token is listed, in milliseconds.
pub const LISTED_MS: i64 = 30 * DAY;
/// The beginning of every secret, by which people and scanners recognise one.
pub const PREFIX: &str = "ydt_";

/// What a connection or a request of the staff was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A person's session.
    Session(SessionId),
    /// A person's session in which they look at the console as another role would; it reads only.
    View(SessionId),
    /// A program's token, by the version of its secret.
    Token(ApiTokenId, i64),
}

impl Credential {
    /// The session, if a person is asking in their own role.
    pub const fn session(self) -> Option<SessionId> {
        match self {
            Self::Session(session) => Some(session),
            Self::View(_) | Self::Token(..) => None,
        }
    }
    /// The session, whatever it is used for.
    pub const fn any_session(self) -> Option<SessionId> {
        match self {
            Self::Session(session) | Self::View(session) => Some(session),
            Self::Token(..) => None,
        }
    }
}

/// A token, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The id of the token.
    pub id: ApiTokenId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The member of the staff as which the program acts.
    pub program: AgentId,
    /// The name, under which the program appears wherever it does something.
    pub name: String,
    /// What it may do.
    pub holds: Holding,
    /// The addresses it may be used from; empty means all.
    pub ranges: Vec<Range>,
    /// The last characters of the newest secret.
    pub hint: String,
    /// The version of the newest secret, counted from 1.
    pub version: i64,
    /// The member who made it; `None` if it was made at the terminal.
    pub maker: Option<AgentId>,
    /// The name of whoever made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: Ts,
    /// When it expires; `None` means never.
    pub expires_at: Option<Ts>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Ts>,
    /// By whom and when it was revoked.
    pub revoked: Option<(String, Ts)>,
    /// How often it was refused.
    pub refused: i64,
    /// Why and when it was last refused, to the minute.
    pub last_refused: Option<(Unusable, Ts)>,
}

impl ApiToken {
    /// Why it cannot be used from an address now, with a secret that is valid until a time.
    pub fn problem(&self, secret_until: Option<Ts>, from: IpAddr, now: Ts) -> Option<Unusable> {
        let is_over = |until: Option<Ts>| until.is_some_and(|until| until <= now);
        if self.revoked.is_some() {
            return Some(Unusable::Revoked);
        }
        if is_over(self.expires_at) || is_over(secret_until) {
            return Some(Unusable::Expired);
        }
        let is_near = self.ranges.is_empty() || self.ranges.iter().any(|range| range.contains(from));
        (!is_near).then_some(Unusable::Elsewhere)
    }
    /// Whether somebody who holds `own` could make it now.
    pub fn may_be_made_with(&self, own: Grants) -> bool {
        own.holds(Permission::ManageTokens) && self.holds.check(Some(&own)).is_ok()
    }
    /// Its state at a time.
    pub fn state(&self, now: Ts) -> ApiTokenState {
        match (&self.revoked, self.expires_at) {
            (Some(_), _) => ApiTokenState::Revoked,
            (None, Some(until)) if until <= now => ApiTokenState::Expired,
            _ => ApiTokenState::Active,
        }
    }
}

/// Whether a token can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiTokenState {
    /// It can be used.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
    Revoked,
}

/// Why a token that exists was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// It was revoked.
    Revoked,
    /// It has expired, or the secret was replaced and its overlap is over.
    Expired,
    /// It was used from an address outside its ranges.
    Elsewhere,
}

text_enum!(Unusable { Revoked = "revoked", Expired = "expired", Elsewhere = "elsewhere" });

impl Unusable {
    /// The code that the program receives.
    pub const fn code(self) -> Code {
        match self {
            Self::Revoked => Code::TokenRevoked,
            Self::Expired => Code::TokenExpired,
            Self::Elsewhere => Code::TokenElsewhere,
        }
    }
}

/// What a token may do: for each permission, by its name, how far it reaches. It is stored as JSON in this form, and read in [`Self::grants`] alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holding(pub BTreeMap<String, Vec<String>>);

impl Holding {
    /// What it allows. A permission or a reach that this version does not know allows nothing.
    pub fn grants(&self) -> Grants {
        let listed = self.0.iter().map(|(permission, reach)| Grant::of_names(permission.clone(), reach));
        Grants::known(listed)
    }

    /// Checks what a maker wants to give, who holds `own` themselves; `None` at the terminal, where everything may be given that a program may have at all.
    pub fn check(&self, own: Option<&Grants>) -> Result<(), ApiTokenError> {
        if self.0.is_empty() {
            return Err(ApiTokenError::Nothing);
        }
        for (name, reach) in &self.0 {
            if reach.is_empty() {
                return Err(ApiTokenError::NoReach(name.clone()));
            }
            for one in reach {
                let reach = Reach::parse(one).ok_or_else(|| ApiTokenError::Reach(one.clone()))?;
                // A program is in no group and no department: it would reach nothing, and nobody would be told.
                if matches!(reach, Reach::Group | Reach::Department) {
                    return Err(ApiTokenError::Impossible(name.clone(), one.clone()));
                }
                let reach = vec![reach];
                let list = GrantList { grants: vec![Grant { permission: name.clone(), reach }], hides: Vec::new() };
                let given = Grants::parse(&list).map_err(|error| match error {
                    GrantError::Unknown(_) | GrantError::Listed(_) => ApiTokenError::Permission(name.clone()),
                    GrantError::Reach(..) => ApiTokenError::Impossible(name.clone(), one.clone()),
                })?;
                if given.holds(Permission::SetUpSingleSignOn) {
                    return Err(ApiTokenError::PeopleOnly(name.clone()));
                }
                if own.is_some_and(|own| !own.cover(given)) {
                    return Err(ApiTokenError::TooMuch(name.clone(), one.clone()));
                }
            }
        }
        Ok(())
    }
}

/// A range of addresses in CIDR notation (RFC 4632, RFC 4291).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    base: IpAddr,
    bits: u8,
}

impl Range {
    /// Parses `203.0.113.0/24`, `2001:db8::/32` or a single address. Bits outside the mask are cleared. An IPv4 range written as IPv6 (`::ffff:203.0.113.0/120`)
    /// counts as IPv4, as addresses do.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let (address, bits) = raw.split_once('/').map_or((raw, None), |(address, bits)| (address, Some(bits)));
        let base: IpAddr = address.parse().ok()?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if !bits.is_empty() && bits.bytes().all(|digit| digit.is_ascii_digit()) => bits.parse().ok().filter(|bits| *bits <= most)?,
            Some(_) => return None,
            None => most,
        };
        let (base, bits) = match base.to_canonical() {
            IpAddr::V4(v4) if base.is_ipv6() && bits >= 96 => (IpAddr::V4(v4), bits - 96),
            _ => (base, bits),
        };
        Some(Self { base: masked(base, bits), bits })
    }
    /// Whether an address is in the range. An IPv4 address written as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && masked(address, self.bits) == self.base
    }
}

fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0)).into()),
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}
impl Serialize for Range {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).ok_or_else(|| serde::de::Error::custom("not a range of addresses"))
    }
}

/// Why a token was refused before it was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiTokenError {
    /// The name is empty, too long or not on one line.
    #[error("a token's name must have 1 to {MAX_NAME} characters on one line")]
    Name,
    /// The name is deceptive: a reader could take it for a different one.
    #[error("{DECEPTIVE}")]
    Deceptive,
    /// It would allow nothing.
    #[error("a token needs at least one permission")]
    Nothing,
    /// There is no such permission.
    #[error("there is no permission {0:?}")]
    Permission(String),
    /// A permission without reach.
    #[error("say how far {0:?} reaches")]
    NoReach(String),
    /// There is no such reach.
    #[error("there is no reach {0:?}: use one of own, own_customers, queue, group, department, company")]
    Reach(String),
    /// A permission cannot have this reach.
    #[error("{0:?} cannot reach {1:?}")]
    Impossible(String, String),
    /// The maker holds less.
    #[error("you cannot give {0:?} with the reach {1:?}, because you do not hold it yourself")]
    TooMuch(String, String),
    /// Only people may have this permission.
    #[error("a program cannot have {0:?}, because it decides how people sign in")]
    PeopleOnly(String),
    /// A range is not in CIDR notation, or there are too many.
    #[error("give at most {MAX_RANGES} ranges of addresses, each as 203.0.113.0/24, 2001:db8::/32 or a single address")]
    Ranges,
    /// The expiry is past or too far away.
    #[error("a token must expire in the future, within ten years, or never")]
    Expiry,
    /// The operating system gives no random numbers.
    #[error("no secret could be made; try again")]
    NoRandomness,
    /// The overlap is negative or too long.
    #[error("the old secret can stay valid for 0 seconds to 30 days")]
    Overlap,
}

impl ApiTokenError {
    /// The field of the request that the error is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Name | Self::Deceptive => "name",
            Self::Nothing | Self::Permission(_) | Self::NoReach(_) | Self::Reach(_) | Self::Impossible(..) | Self::TooMuch(..) | Self::PeopleOnly(_) => {
                "permissions"
            }
            Self::Ranges => "ranges",
            Self::NoRandomness => "secret",
            Self::Expiry => "expires_at",
            Self::Overlap => "overlap_s",
        }
    }
    /// The code that pages translate.
    pub const fn code(&self) -> Code {
        match self {
            Self::Deceptive => Code::NameDeceptive,
            Self::TooMuch(..) => Code::NotYoursToGive,
            Self::PeopleOnly(_) => Code::PeopleOnly,
            _ => Code::InvalidValue,
        }
    }
}

/// The name of a token, in the form in which it is stored.
pub fn name(raw: &str) -> Result<String, ApiTokenError> {
    let name = line::name(raw);
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        return Err(ApiTokenError::Name);
    }
    if line::deceives(&name) { Err(ApiTokenError::Deceptive) } else { Ok(name) }
}

/// The ranges of a token.
pub fn ranges(raw: &[String]) -> Result<Vec<Range>, ApiTokenError> {
    if raw.len() > MAX_RANGES {
        return Err(ApiTokenError::Ranges);
    }
    let mut ranges = Vec::with_capacity(raw.len());
    for one in raw {
        let range = Range::parse(one).ok_or(ApiTokenError::Ranges)?;
        if !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    Ok(ranges)
}

/// Checks when a token that is made now is to expire.
pub fn check_expiry(expires_at: Option<Ts>, now: Ts) -> Result<(), ApiTokenError> {
    let fits = expires_at.is_none_or(|until| until > now && until.since(now) <= MAX_LIFE_MS);
    if fits { Ok(()) } else { Err(ApiTokenError::Expiry) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        policy::{OverConversations, Reaches},
        staff::Role,
    };

    #[test]
    fn a_range_holds_the_addresses_it_says() {
        for (range, address, is_in) in [
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.7/24", "203.0.113.1", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("203.0.113.0/24", "::ffff:203.0.113.9", true),
            ("::ffff:203.0.113.0/120", "203.0.113.9", true),
            ("::ffff:203.0.113.0/120", "203.0.114.0", false),
            ("0.0.0.0/0", "198.51.100.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db9::1", true),
        ] {
            assert_eq!(Range::parse(range).unwrap().contains(address.parse().unwrap()), is_in, "{range} {address}");
        }
        assert_eq!(Range::parse("203.0.113.7/24").unwrap().to_string(), "203.0.113.0/24");
        for bad in ["", "/", "203.0.113.0/", "203.0.113.0/33", "203.0.113.0/-1", "203.0.113.0/+8", "203.0.113/24", "2001:db8::/129", "example.com"] {
            assert_eq!(Range::parse(bad), None, "{bad}");
        }
        assert_eq!(ranges(&["10.0.0.0/8".to_owned(), "10.1.0.0/8".to_owned()]).map(|ranges| ranges.len()), Ok(1));
        assert_eq!(ranges(&vec!["10.0.0.1".to_owned(); MAX_RANGES + 1]), Err(ApiTokenError::Ranges));
    }

    fn holding(all: &[(&str, &[&str])]) -> Holding {
        Holding(all.iter().map(|(name, reach)| ((*name).to_owned(), reach.iter().map(|one| (*one).to_owned()).collect())).collect())
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let [agent, administrator] = [Role::Agent, Role::Administrator].map(Grants::of);
        let wide = holding(&[("desk", &["company"])]);
        assert_eq!(wide.check(Some(&administrator)), Ok(()));
        assert_eq!(wide.check(Some(&agent)).map_err(|error| error.code()), Err(Code::NotYoursToGive));
        assert_eq!(holding(&[("desk", &["own"])]).check(Some(&agent)), Ok(()));
        assert_eq!(holding(&[("settings", &["company"])]).check(Some(&agent)).map_err(|error| error.code()), Err(Code::NotYoursToGive));
        assert_eq!(wide.check(None), Ok(()));
        let of_people = holding(&[("single_sign_on", &["company"])]);
        for own in [Some(&administrator), None] {
            assert_eq!(of_people.check(own).map_err(|error| (error.field(), error.code())), Err(("permissions", Code::PeopleOnly)));
        }
        for reach in ["group", "department"] {
            assert_eq!(holding(&[("desk", &[reach])]).check(None), Err(ApiTokenError::Impossible("desk".to_owned(), reach.to_owned())));
        }
        for bad in
            [holding(&[]), holding(&[("desk", &[])]), holding(&[("desk", &["all"])]), holding(&[("settings", &["own"])]), holding(&[("everything", &["own"])])]
        {
            assert_eq!(bad.check(None).map_err(|error| (error.field(), error.code())), Err(("permissions", Code::InvalidValue)), "{bad:?}");
        }
    }

    #[test]
    fn a_token_allows_what_it_holds_and_nothing_else() {
        let of_later =
            [("integrations", ["company"].as_slice()), ("of_a_later_version", &["company"]), ("panel", &["of_a_later_version"]), ("settings", &["own"])];
        let grants = holding(&[[("desk", ["own", "queue"].as_slice())].as_slice(), &of_later].concat()).grants();
        assert_eq!(grants.reach(OverConversations::Desk), Reaches::one(Reach::Own).with(Reach::Queue));
        assert_eq!(grants.names(), ["desk", "integrations"]);
    }

    #[test]
    fn a_token_ends() {
        let token = |revoked, expires_at| ApiToken {
            id: ApiTokenId::new(uuid::Uuid::nil()),
            tenant: TenantId::new(uuid::Uuid::nil()),
            program: AgentId::new(uuid::Uuid::nil()),
            name: "CRM".to_owned(),
            holds: Holding::default(),
            ranges: ranges(&["192.0.2.0/24".to_owned()]).unwrap(),
            hint: String::new(),
            version: 1,
            maker: None,
            made_by: String::new(),
            created_at: Ts(0),
            expires_at,
            last_used_at: None,
            revoked,
            refused: 0,
            last_refused: None,
        };
        let (near, far) = ("192.0.2.7".parse().unwrap(), "198.51.100.7".parse().unwrap());
        let whole = token(None, Some(Ts(9)));
        assert_eq!((whole.problem(None, near, Ts(8)), whole.state(Ts(8))), (None, ApiTokenState::Active));
        assert_eq!((whole.problem(None, near, Ts(9)), whole.state(Ts(9))), (Some(Unusable::Expired), ApiTokenState::Expired));
        assert_eq!(whole.problem(Some(Ts(5)), near, Ts(5)), Some(Unusable::Expired));
        assert_eq!(whole.problem(None, far, Ts(1)), Some(Unusable::Elsewhere));
        let revoked = token(Some(("tara".to_owned(), Ts(3))), None);
        assert_eq!((revoked.problem(None, far, Ts(4)), revoked.state(Ts(4))), (Some(Unusable::Revoked), ApiTokenState::Revoked));
        assert_eq!([Some(Ts(0)), Some(Ts(1 + MAX_LIFE_MS))].map(|at| check_expiry(at, Ts(0))), [Err(ApiTokenError::Expiry), Err(ApiTokenError::Expiry)]);
        assert_eq!([None, Some(Ts(1))].map(|at| check_expiry(at, Ts(0))), [Ok(()), Ok(())]);
    }
}
