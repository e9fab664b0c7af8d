//! The two ceremonies of WebAuthn: making a passkey, and having one sign a challenge. User verification is always required: a passkey stands for two proofs.
//!
//! A challenge is stored nowhere: what is to be known of it is sealed in the token that goes to the browser and comes back, and a token is accepted once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use db::Tx;
use domain::{
    id::{AgentId, PasskeyId, TenantId},
    journal::Actor,
    refusal::Code,
    text::Lang,
    time::{MINUTE, Ts},
};
use http_kit::{App, audit::Asked, auth::origin, fault::Fault, problem::Problem, request_company};
use platform::env;
use serde::{Deserialize, Serialize};
use store::{passkeys::Passkey, staff::Member, tenants::Tenant};
use url::{Host, Url};

use super::{
    credential::{ALGORITHMS, Credential, Expected},
    view::{NewPasskey, NewPasskeyOptions, PasskeyAssertion, PasskeyOptions},
};

/// How long a challenge can be answered, in milliseconds.
const LIFE_MS: i64 = 5 * MINUTE;

/// Whose challenge it is: a member's, or of whoever signs in.
type Who = Option<(TenantId, AgentId)>;

/// A challenge as its token holds it.
#[derive(Serialize, Deserialize)]
struct Challenge {
    challenge: String,
    expires_at: Ts,
}

/// The domain for which passkeys are made, and the origin of our pages.
struct RelyingParty {
    rp_id: String,
    origin: String,
}

impl RelyingParty {
    /// That of the public address. Browsers make no passkeys for an IP address; on this machine, they do for `localhost`.
    fn at(public_url: &str) -> Option<Self> {
        let mut url = Url::parse(public_url).ok()?;
        let is_this_machine = match url.host()? {
            Host::Domain(_) => false,
            Host::Ipv4(v4) if v4.is_loopback() => true,
            Host::Ipv6(v6) if v6.is_loopback() => true,
            _ => return None,
        };
        if is_this_machine {
            url.set_host(Some("localhost")).ok()?;
        }
        Some(Self { rp_id: url.host_str()?.to_owned(), origin: url.origin().ascii_serialization() })
    }

    fn of(app: &App) -> Result<Self, Problem> {
        let unavailable = || Problem::conflict(Code::PasskeysUnavailable, "passkeys need a public address with a domain: set public_url");
        Self::at(&origin::own(app)).ok_or_else(unavailable)
    }

    fn expects<'a>(&'a self, challenge: &'a str) -> Expected<'a> {
        Expected { rp_id: &self.rp_id, origin: &self.origin, challenge }
    }
}

fn purpose(ceremony: &str, who: Who) -> Vec<u8> {
    let who = who.map_or_else(|| "anybody".to_owned(), |(tenant, agent)| format!("{tenant} {agent}"));
    format!("passkey {ceremony} {who}").into_bytes()
}

/// A new challenge, its token, and until when it can be answered.
fn new_challenge(app: &App, purpose: &[u8]) -> Result<(String, String, Ts), Problem> {
    let (challenge, expires_at) = (app.env().secret().map_err(|error| Problem::internal(&error))?, app.env().now().plus(LIFE_MS));
    let challenge = BASE64.encode(challenge);
    let json = serde_json::to_vec(&Challenge { challenge: challenge.clone(), expires_at }).map_err(|error| Problem::internal(&error))?;
    let sealed = app.sealer().seal(purpose, &json).map_err(|error| Problem::internal(&error))?;
    Ok((challenge, BASE64.encode(sealed), expires_at))
}

/// The challenge of a token, which is used up, whatever the answer is worth.
async fn spend(app: &App, purpose: &[u8], token: &str) -> Result<String, Problem> {
    let opened = BASE64.decode(token).ok().and_then(|sealed| app.sealer().open(purpose, &sealed));
    let Challenge { challenge, expires_at } = opened.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(passkey_refused)?;
    if expires_at <= app.env().now() || !store::entry_points::spend_puzzle(app.db(), env::hash(token), expires_at).await? {
        return Err(passkey_refused());
    }
    Ok(challenge)
}

fn bytes_of(text: &str) -> Result<Vec<u8>, Problem> {
    BASE64.decode(text).map_err(|_| passkey_refused())
}

/// The refusal of a passkey, which does not say why.
pub fn passkey_refused() -> Problem {
    Problem::invalid("id", Code::PasskeyRefused, "the passkey was not accepted; try again")
}

/// Begins to make a passkey for a member.
pub fn begin_making(app: &App, member: &Member, company: &Tenant, has: &[Passkey]) -> Result<NewPasskeyOptions, Problem> {
    let party = RelyingParty::of(app)?;
    let (challenge, token, expires_at) = new_challenge(app, &purpose("made", Some((member.tenant, member.id))))?;
    Ok(NewPasskeyOptions {
        token,
        challenge,
        rp_id: party.rp_id,
        rp_name: company.name.get(Lang::Zh).to_owned(),
        user_id: BASE64.encode(member.id.uuid()),
        user_name: member.email.clone(),
        user_display_name: member.name.clone(),
        algorithms: ALGORITHMS.to_vec(),
        exclude: ids(has),
        expires_at,
    })
}

/// The id and the credential of a passkey that was made.
pub async fn finish_making(app: &App, who: (TenantId, AgentId), new: &NewPasskey) -> Result<(Vec<u8>, String), Problem> {
    let (party, challenge) = (RelyingParty::of(app)?, spend(app, &purpose("made", Some(who)), &new.token).await?);
    let made = Credential::from_attestation(&party.expects(&challenge), &bytes_of(&new.client_data)?, &bytes_of(&new.attestation)?);
    let (id, credential) = made.filter(|(id, _)| BASE64.encode(id) == new.id).ok_or_else(passkey_refused)?;
    Ok((id, serde_json::to_string(&credential).map_err(|error| Problem::internal(&error))?))
}

fn ids(passkeys: &[Passkey]) -> Vec<String> {
    passkeys.iter().map(|passkey| BASE64.encode(&passkey.credential_id)).collect()
}

/// Begins to have a passkey sign a challenge: one of a member's, or any.
pub fn begin_using(app: &App, who: Who, has: &[Passkey]) -> Result<PasskeyOptions, Problem> {
    let party = RelyingParty::of(app)?;
    let (challenge, token, expires_at) = new_challenge(app, &purpose("used", who))?;
    Ok(PasskeyOptions { token, challenge, rp_id: party.rp_id, allow: ids(has), expires_at })
}

/// Whose passkey has to sign a challenge.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// This member's.
    Of(TenantId, AgentId),
    /// That of whoever signs in, by this request.
    Anybodys(&'a Asked),
}

/// A passkey that signed a challenge.
#[derive(Debug, Clone)]
pub struct Used {
    tenant: TenantId,
    agent: AgentId,
    id: PasskeyId,
    before: String,
    after: String,
}

impl Used {
    /// Checks an answer to a challenge; if it was a member's, it must be their passkey.
    pub async fn check(app: &App, whose: Whose<'_>, answer: &PasskeyAssertion) -> Result<Self, Problem> {
        let who = match whose {
            Whose::Of(tenant, agent) => Some((tenant, agent)),
            Whose::Anybodys(_) => None,
        };
        let PasskeyAssertion { token, id, client_data, authenticator_data, signature } = answer;
        let (party, challenge) = (RelyingParty::of(app)?, spend(app, &purpose("used", who), token).await?);
        let passkey = store::entry_points::passkey(app.db(), &bytes_of(id)?).await?;
        let passkey = passkey.filter(|passkey| request_company::enter(passkey.tenant)).ok_or_else(passkey_refused)?;
        if let Whose::Anybodys(asked) = whose {
            // Whoever fails is not known to be the member: the audit counts it as a try to be them.
            request_company::note_asking(passkey.tenant, Actor::system(), asked.clone().making(&passkey.agent));
        }
        if who.is_some_and(|who| who != (passkey.tenant, passkey.agent)) {
            return Err(passkey_refused());
        }
        let credential: Credential = serde_json::from_str(&passkey.credential).map_err(|error| Problem::internal(&error))?;
        let used = credential.after_use(&party.expects(&challenge), &bytes_of(client_data)?, &bytes_of(authenticator_data)?, &bytes_of(signature)?);
        let after = serde_json::to_string(&used.ok_or_else(passkey_refused)?).map_err(|error| Problem::internal(&error))?;
        Ok(Self { tenant: passkey.tenant, agent: passkey.agent, id: passkey.id, before: passkey.credential, after })
    }

    /// Whose passkey it is.
    pub const fn member(&self) -> (TenantId, AgentId) {
        (self.tenant, self.agent)
    }

    /// Notes the use, in the transaction of what it allows.
    pub async fn note(&self, tx: &mut Tx) -> Result<(), Fault> {
        store::passkeys::note_use(tx, self.tenant, self.id, &self.before, &self.after).await.map_err(Fault::if_stale(passkey_refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_of_a_domain_and_on_this_machine_of_localhost() {
        let of = |public_url: &str| RelyingParty::at(public_url).map(|party| (party.rp_id, party.origin));
        let some = |rp_id: &str, origin: &str| Some((rp_id.to_owned(), origin.to_owned()));
        assert_eq!(of("https://care.example.com/"), some("care.example.com", "https://care.example.com"));
        assert_eq!(of("https://care.example.com:8443"), some("care.example.com", "https://care.example.com:8443"));
        assert_eq!(of("http://127.0.0.1:8080"), some("localhost", "http://localhost:8080"));
        assert_eq!(of("http://[::1]:8080"), some("localhost", "http://localhost:8080"));
        assert_eq!((of("https://203.0.113.7"), of("")), (None, None));
    }
}
