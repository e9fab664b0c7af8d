//! The two ceremonies of WebAuthn: making a passkey, and having one sign a challenge. User verification is always required: a passkey stands for two proofs.
//!
//! A challenge is stored nowhere: what is to be known of it is sealed in the token that goes to the browser and comes back, and a token is accepted once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use db::Tx;
use domain::{
    id::{AgentId, PasskeyId, TenantId},
    refusal::Code,
    text::Lang,
    time::{MINUTE, Ts},
};
use http_kit::{App, fault::Fault, problem::Problem};
use platform::env;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use store::{passkeys::Passkey, staff::Member, tenants::Tenant};
use url::{Host, Url};
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{DiscoverableAuthentication, DiscoverableKey, Passkey as Credential, PasskeyRegistration},
};

use super::view::{NewPasskey, NewPasskeyOptions, PasskeyAssertion, PasskeyOptions};

/// How long a challenge can be answered, in milliseconds.
const LIFE_MS: i64 = 5 * MINUTE;

/// Whose challenge it is: a member's, or of whoever signs in.
type Who = Option<(TenantId, AgentId)>;

/// A challenge as its token holds it.
#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    state: T,
    expires_at: Ts,
}

/// The domain for which passkeys are made, and the origin of our pages: that of the public address. Browsers make none for an IP address; on this machine, they do
/// for `localhost`.
fn relying_party(public_url: &str) -> Option<(String, Url)> {
    let mut origin = Url::parse(public_url).ok()?;
    let is_this_machine = match origin.host()? {
        Host::Domain(domain) => return Some((domain.to_owned(), origin.clone())),
        Host::Ipv4(v4) => v4.is_loopback(),
        Host::Ipv6(v6) => v6.is_loopback(),
    };
    let domain = "localhost";
    if is_this_machine && origin.set_host(Some(domain)).is_ok() { Some((domain.to_owned(), origin)) } else { None }
}

fn webauthn(app: &App) -> Result<(Webauthn, String), Problem> {
    let unavailable = || Problem::conflict(Code::PasskeysUnavailable, "passkeys need a public address with a domain: set public_url");
    let (domain, origin) = relying_party(&app.settings().public_url).ok_or_else(unavailable)?;
    let built = WebauthnBuilder::new(&domain, &origin).and_then(WebauthnBuilder::build).map_err(|_| unavailable())?;
    Ok((built, domain))
}

fn purpose(ceremony: &str, who: Who) -> Vec<u8> {
    let who = who.map_or_else(|| "anybody".to_owned(), |(tenant, agent)| format!("{tenant} {agent}"));
    format!("passkey {ceremony} {who}").into_bytes()
}

/// The token of a challenge, and the challenge itself.
fn token<T: Serialize>(app: &App, purpose: &[u8], state: T) -> Result<(String, Ts), Problem> {
    let expires_at = app.env().now().plus(LIFE_MS);
    let json = serde_json::to_vec(&Sealed { state, expires_at }).map_err(|error| Problem::internal(&error))?;
    Ok((BASE64.encode(app.sealer().seal(purpose, &json).map_err(|error| Problem::internal(&error))?), expires_at))
}

/// What the token of a challenge holds; it is used up, whatever the answer is worth.
async fn spend<T: DeserializeOwned>(app: &App, purpose: &[u8], token: &str) -> Result<T, Problem> {
    let opened = BASE64.decode(token).ok().and_then(|sealed| app.sealer().open(purpose, &sealed));
    let Sealed { state, expires_at } = opened.and_then(|json| serde_json::from_slice::<Sealed<T>>(&json).ok()).ok_or_else(refused)?;
    if expires_at <= app.env().now() || !store::entry_points::spend_puzzle(app.db(), env::hash(token), expires_at).await? {
        return Err(refused());
    }
    Ok(state)
}

/// The challenge in what a browser would be asked for.
fn challenge_in(options: &impl Serialize) -> Result<String, Problem> {
    let options = serde_json::to_value(options).map_err(|error| Problem::internal(&error))?;
    Ok(options["publicKey"]["challenge"].as_str().unwrap_or_default().to_owned())
}

/// The refusal of a passkey, which does not say why.
pub fn refused() -> Problem {
    Problem::invalid("id", Code::PasskeyRefused, "the passkey was not accepted; try again")
}

/// Begins to make a passkey for a member.
pub fn begin_making(app: &App, member: &Member, company: &Tenant, has: &[Passkey]) -> Result<NewPasskeyOptions, Problem> {
    let (webauthn, rp_id) = webauthn(app)?;
    let exclude = has.iter().map(|passkey| passkey.credential_id.clone().into()).collect();
    let started = webauthn.start_passkey_registration(member.id.uuid(), &member.email, &member.name, Some(exclude));
    let (options, state) = started.map_err(|error| Problem::internal(&error))?;
    let challenge = challenge_in(&options)?;
    let (token, expires_at) = token(app, &purpose("made", Some((member.tenant, member.id))), state)?;
    let options = serde_json::to_value(&options).map_err(|error| Problem::internal(&error))?;
    let algorithms = options["publicKey"]["pubKeyCredParams"].as_array().into_iter().flatten().filter_map(|one| one["alg"].as_i64()).collect();
    Ok(NewPasskeyOptions {
        token,
        challenge,
        rp_id,
        rp_name: company.name.get(Lang::Zh).to_owned(),
        user_id: BASE64.encode(member.id.uuid()),
        user_name: member.email.clone(),
        user_display_name: member.name.clone(),
        algorithms,
        exclude: has.iter().map(|passkey| BASE64.encode(&passkey.credential_id)).collect(),
        expires_at,
    })
}

/// The id and the credential of a passkey that was made.
pub async fn finish_making(app: &App, who: (TenantId, AgentId), new: &NewPasskey) -> Result<(Vec<u8>, String), Problem> {
    let state: PasskeyRegistration = spend(app, &purpose("made", Some(who)), &new.token).await?;
    let response = json!({"attestationObject": new.attestation, "clientDataJSON": new.client_data});
    let answer = serde_json::from_value(answer(&new.id, response)).map_err(|_| refused())?;
    let made = webauthn(app)?.0.finish_passkey_registration(&answer, &state).map_err(|_| refused())?;
    let credential = serde_json::to_string(&made).map_err(|error| Problem::internal(&error))?;
    Ok((made.cred_id().to_vec(), credential))
}

/// A browser's answer as the standard writes it.
fn answer(id: &str, response: Value) -> Value {
    json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}, "extensions": {}})
}

/// Begins to have a passkey sign a challenge: one of a member's, or any.
pub fn begin_using(app: &App, who: Who, has: &[Passkey]) -> Result<PasskeyOptions, Problem> {
    let (webauthn, rp_id) = webauthn(app)?;
    let (options, state) = webauthn.start_discoverable_authentication().map_err(|error| Problem::internal(&error))?;
    let challenge = challenge_in(&options)?;
    let (token, expires_at) = token(app, &purpose("used", who), state)?;
    Ok(PasskeyOptions { token, challenge, rp_id, allow: has.iter().map(|passkey| BASE64.encode(&passkey.credential_id)).collect(), expires_at })
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
    pub async fn check(app: &App, who: Who, answer_of: &PasskeyAssertion) -> Result<Self, Problem> {
        let PasskeyAssertion { token, id, client_data, authenticator_data, signature } = answer_of;
        let state: DiscoverableAuthentication = spend(app, &purpose("used", who), token).await?;
        let credential_id = BASE64.decode(id).map_err(|_| refused())?;
        let passkey = store::entry_points::passkey(app.db(), &credential_id).await?.ok_or_else(refused)?;
        if who.is_some_and(|who| who != (passkey.tenant, passkey.agent)) {
            return Err(refused());
        }
        let mut credential: Credential = serde_json::from_str(&passkey.credential).map_err(|error| Problem::internal(&error))?;
        let response = json!({"authenticatorData": authenticator_data, "clientDataJSON": client_data, "signature": signature, "userHandle": null});
        let given = serde_json::from_value(answer(id, response)).map_err(|_| refused())?;
        let keys = [DiscoverableKey::from(&credential)];
        let result = webauthn(app)?.0.finish_discoverable_authentication(&given, state, &keys).map_err(|_| refused())?;
        if !result.user_verified() {
            return Err(refused());
        }
        credential.update_credential(&result);
        let after = serde_json::to_string(&credential).map_err(|error| Problem::internal(&error))?;
        Ok(Self { tenant: passkey.tenant, agent: passkey.agent, id: passkey.id, before: passkey.credential, after })
    }

    /// Whose passkey it is.
    pub const fn member(&self) -> (TenantId, AgentId) {
        (self.tenant, self.agent)
    }

    /// Notes the use, in the transaction of what it allows.
    pub async fn note(&self, tx: &mut Tx) -> Result<(), Fault> {
        store::passkeys::note_use(tx, self.tenant, self.id, &self.before, &self.after).await.map_err(Fault::if_stale(refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_of_a_domain_and_on_this_machine_of_localhost() {
        let of = |public_url: &str| relying_party(public_url).map(|(domain, origin)| (domain, origin.to_string()));
        let some = |domain: &str, origin: &str| Some((domain.to_owned(), origin.to_owned()));
        assert_eq!(of("https://care.example.com"), some("care.example.com", "https://care.example.com/"));
        assert_eq!(of("http://127.0.0.1:8080"), some("localhost", "http://localhost:8080/"));
        assert_eq!(of("http://[::1]:8080"), some("localhost", "http://localhost:8080/"));
        assert_eq!((of("https://203.0.113.7"), of("")), (None, None));
    }
}
