//! Single sign-on of a company's staff by OpenID Connect: what an administrator may set up, and what follows from what an identity provider says of somebody.

use normal::typed::typed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    mail_address::MailAddress,
    staff::Role,
    time::{DAY, MINUTE},
};

/// The longest issuer, client id, client secret, name of a claim and name of a group, in bytes.
pub const MAX_TEXT_BYTES: usize = 500;
/// The most mail domains.
pub const MAX_DOMAINS: usize = 50;
/// The most groups that give a role.
pub const MAX_GROUPS: usize = 100;
/// How long somebody may take at the identity provider, in milliseconds.
pub const ATTEMPT_MS: i64 = 10 * MINUTE;
/// How long a link for emergencies can be used, in milliseconds.
pub const EMERGENCY_LINK_MS: i64 = 180 * DAY;

/// A group of the identity provider, and the role that its members have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SingleSignOnRole)]
pub struct GroupRole {
    /// The group as the identity provider names it, at most 500 bytes.
    pub group: String,
    /// The role of its members.
    pub role: Role,
}

/// Who is let in by way of an identity provider, and in which role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// What the identity provider calls itself, exactly.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// The mail domains whose addresses are let in, in ASCII.
    pub domains: Vec<String>,
    /// The claim that lists somebody's groups; empty if groups are not asked for.
    pub groups_claim: String,
    /// The groups that give a role; the first that somebody belongs to counts. If empty, members keep the role they have here.
    pub roles: Vec<GroupRole>,
    /// The role of those to whom no group gives one; without it, they are refused unless they have a role here and groups give none.
    pub role_otherwise: Option<Role>,
    /// Whether people who are no members yet become members.
    pub creates: bool,
    /// Whether everybody has to sign in this way. Administrators can still use a one-time link.
    pub required: bool,
}

/// What is wrong with [`Rules`], and in which field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct RulesError {
    /// The field of the request.
    pub field: String,
    /// What to write instead.
    pub why: String,
}

fn refuse<T>(field: impl Into<String>, why: impl Into<String>) -> Result<T, RulesError> {
    Err(RulesError { field: field.into(), why: why.into() })
}

/// A text that identifies something at the identity provider: it is compared as it is, so only what surrounds it is removed.
fn identifier(field: &str, raw: &str) -> Result<String, RulesError> {
    let text = raw.trim();
    let fits = !text.is_empty() && text.len() <= MAX_TEXT_BYTES && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { refuse(field, format!("enter 1 to {MAX_TEXT_BYTES} bytes on one line")) }
}

/// Checks a client secret.
pub fn secret(raw: &str) -> Result<String, RulesError> {
    identifier("client_secret", raw)
}

impl Rules {
    /// The rules in the form in which they are stored.
    pub fn checked(self) -> Result<Self, RulesError> {
        let Self { issuer, client_id, domains, groups_claim, roles, role_otherwise, creates, required } = self;
        let issuer = identifier("issuer", &issuer)?;
        if issuer.contains(['?', '#']) {
            return refuse("issuer", "an issuer has neither a query nor a fragment");
        }
        let groups_claim = groups_claim.trim().to_owned();
        let roles = checked_roles(roles)?;
        match (groups_claim.is_empty(), roles.is_empty()) {
            (true, false) => return refuse("groups_claim", "name the claim that lists the groups"),
            (false, _) => drop(identifier("groups_claim", &groups_claim)?),
            (true, true) => {}
        }
        if creates && roles.is_empty() && role_otherwise.is_none() {
            return refuse("role_otherwise", "choose the role of people who are new, or groups that give one");
        }
        let (client_id, domains) = (identifier("client_id", &client_id)?, checked_domains(&domains)?);
        Ok(Self { issuer, client_id, domains, groups_claim, roles, role_otherwise, creates, required })
    }

    /// Whether these rules ask the same identity provider for the same client.
    pub fn asks_as(&self, other: &Self) -> bool {
        self.issuer == other.issuer && self.client_id == other.client_id
    }

    /// Whether an address is of a domain that is let in.
    pub fn lets_in(&self, address: &MailAddress) -> bool {
        let host = address.text().rsplit_once('@').and_then(|(_, host)| normal::domain::ascii(host));
        host.is_some_and(|host| self.domains.contains(&host))
    }

    /// The role of somebody in these groups who has the role `held`, if they are a member already; `None` if they are to be refused.
    pub fn role(&self, groups: &[String], held: Option<Role>) -> Option<Role> {
        if self.roles.is_empty() {
            return held.or(self.role_otherwise);
        }
        self.roles.iter().find(|one| groups.contains(&one.group)).map(|one| one.role).or(self.role_otherwise)
    }

    /// Every role that somebody may be given.
    pub fn given_roles(&self) -> impl Iterator<Item = Role> {
        self.roles.iter().map(|one| one.role).chain(self.role_otherwise)
    }
}

fn checked_domains(raw: &[String]) -> Result<Vec<String>, RulesError> {
    let mut domains = Vec::new();
    for one in raw {
        let name = typed(one);
        let ascii = normal::domain::ascii(name.strip_prefix('@').unwrap_or(&name)).filter(|ascii| ascii.contains('.'));
        let Some(ascii) = ascii else { return refuse("domains", format!("{name:?} is not a mail domain such as example.com")) };
        if !domains.contains(&ascii) {
            domains.push(ascii);
        }
    }
    if domains.is_empty() || domains.len() > MAX_DOMAINS {
        return refuse("domains", format!("enter 1 to {MAX_DOMAINS} mail domains"));
    }
    Ok(domains)
}

fn checked_roles(raw: Vec<GroupRole>) -> Result<Vec<GroupRole>, RulesError> {
    if raw.len() > MAX_GROUPS {
        return refuse("roles", format!("at most {MAX_GROUPS} groups can give a role"));
    }
    let mut roles: Vec<GroupRole> = Vec::new();
    for GroupRole { group, role } in raw {
        let group = identifier("roles", &group)?;
        if roles.iter().any(|one| one.group == group) {
            return refuse("roles", format!("the group {group:?} is listed twice"));
        }
        roles.push(GroupRole { group, role });
    }
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            issuer: " https://id.example ".to_owned(),
            client_id: "yingda".to_owned(),
            domains: vec!["@Alpha.Example".to_owned(), "bücher.example".to_owned(), "alpha.example".to_owned()],
            groups_claim: "groups".to_owned(),
            roles: vec![GroupRole { group: "leads".to_owned(), role: Role::Manager }, GroupRole { group: "desk".to_owned(), role: Role::Agent }],
            role_otherwise: None,
            creates: true,
            required: false,
        }
    }

    #[test]
    fn domains_have_one_form_and_let_their_own_addresses_in_only() {
        let rules = rules().checked().unwrap();
        assert_eq!((rules.issuer.as_str(), &rules.domains[..]), ("https://id.example", &["alpha.example".to_owned(), "xn--bcher-kva.example".to_owned()][..]));
        for (address, is_let_in) in [
            ("ada@alpha.example", true),
            ("Ada@ALPHA.example", true),
            ("ada@bücher.example", true),
            ("ada@xn--bcher-kva.example", true),
            ("ada@sub.alpha.example", false),
            ("ada@alpha.example.evil.example", false),
            ("ada@notalpha.example", false),
            ("alpha.example@evil.example", false),
        ] {
            assert_eq!(rules.lets_in(&MailAddress::parse(address).unwrap()), is_let_in, "{address}");
        }
    }

    #[test]
    fn the_first_group_gives_the_role_and_without_groups_the_role_stays() {
        let groups = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let by_group = rules().checked().unwrap();
        assert_eq!(by_group.role(&groups(&["desk", "leads"]), None), Some(Role::Manager));
        assert_eq!(by_group.role(&groups(&["desk"]), Some(Role::Administrator)), Some(Role::Agent));
        assert_eq!(by_group.role(&groups(&["Leads"]), Some(Role::Administrator)), None, "names are compared as they are");
        let otherwise = Rules { role_otherwise: Some(Role::Agent), ..by_group.clone() };
        assert_eq!(otherwise.role(&[], Some(Role::Manager)), Some(Role::Agent));
        let kept = Rules { roles: Vec::new(), ..otherwise };
        assert_eq!((kept.role(&[], Some(Role::Manager)), kept.role(&[], None)), (Some(Role::Manager), Some(Role::Agent)));
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        for (wrong, field) in [
            (Rules { issuer: " ".to_owned(), ..rules() }, "issuer"),
            (Rules { issuer: "https://id.example/?a".to_owned(), ..rules() }, "issuer"),
            (Rules { client_id: long.clone(), ..rules() }, "client_id"),
            (Rules { client_id: "a\nb".to_owned(), ..rules() }, "client_id"),
            (Rules { domains: Vec::new(), ..rules() }, "domains"),
            (Rules { domains: vec!["example".to_owned()], ..rules() }, "domains"),
            (Rules { domains: vec!["a b.example".to_owned()], ..rules() }, "domains"),
            (Rules { groups_claim: String::new(), ..rules() }, "groups_claim"),
            (Rules { roles: vec![GroupRole { group: String::new(), role: Role::Agent }], ..rules() }, "roles"),
            (Rules { roles: vec![GroupRole { group: "a".to_owned(), role: Role::Agent }; 2], ..rules() }, "roles"),
            (Rules { roles: Vec::new(), ..rules() }, "role_otherwise"),
        ] {
            assert_eq!(wrong.checked().unwrap_err().field, field);
        }
        assert_eq!(secret(&long).unwrap_err().field, "client_secret");
    }
}
