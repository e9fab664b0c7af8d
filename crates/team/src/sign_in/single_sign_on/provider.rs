//! A company's identity provider: its documents, which are kept for a while, and the requests of a sign-in.

use std::fmt;

use axum::{body::Bytes, http::StatusCode};
use chrono::DateTime;
use domain::{
    refusal::Code,
    time::{MINUTE, Ts},
};
use http_kit::{App, problem::Problem};
use openidconnect::{
    AccessToken, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdToken, IdTokenFields, IdTokenVerifier, IssuerUrl, LoginHint, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, TokenResponse as _,
    UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJsonWebKeySet,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use platform::egress::Failure;
use serde::{Deserialize, Serialize};
use store::single_sign_on::Connection;
use utoipa::ToSchema;

use super::{
    claims::{self, Others, Said},
    outgoing::Outgoing,
    redirect_uri, refusal,
};

/// How long a document of an identity provider is used before it is read again. A key that is missing in it is looked for in a new one at once.
const KEPT_MS: i64 = 10 * MINUTE;

/// How ID tokens may be signed. Neither `none` nor a secret that both sides know.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Token = IdToken<Others, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type TokenFields = IdTokenFields<Others, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type TokenAnswer = StandardTokenResponse<TokenFields, CoreTokenType>;
type Asking = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why an identity provider cannot be used. Names are only ever added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SingleSignOnFault)]
pub enum Fault {
    /// Its address does not exist, nothing listens there, or we are not allowed to connect to it.
    Unreachable,
    /// It did not answer in time.
    TimedOut,
    /// No encrypted connection could be established.
    TlsFailed,
    /// Its answer is not what OpenID Connect prescribes.
    UnusableAnswer,
    /// It calls itself differently than it was set up here.
    WrongIssuer,
    /// It does not offer the authorization code flow.
    NoCodeFlow,
    /// It publishes no key with which ID tokens are signed.
    NoKeys,
    /// It does not accept the client id and secret.
    CredentialsRefused,
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable => Self::Unreachable,
            Failure::TimedOut => Self::TimedOut,
            Failure::Tls => Self::TlsFailed,
            Failure::Broken | Failure::TooLarge => Self::UnusableAnswer,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::warn!(?fault, "an identity provider cannot be used");
        let title = format!("the identity provider cannot be used ({fault:?}): ask an administrator to test the connection");
        Self::new(StatusCode::BAD_GATEWAY, Code::SingleSignOnUnreachable, title)
    }
}

/// What a discovery document says beyond OpenID Connect.
#[derive(Deserialize)]
struct Announced {
    /// Whether it names itself in the address to which it sends browsers back (RFC 9207, 3).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    names_itself: bool,
}

/// A company's identity provider.
pub struct Provider {
    connection: Connection,
    metadata: CoreProviderMetadata,
    announced: Announced,
    client: Asking,
    outgoing: Outgoing,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.connection.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    /// Finds the identity provider of a connection by its discovery document.
    pub async fn find(app: &App, connection: Connection) -> Result<Self, Fault> {
        Self::discover(app, connection, false).await
    }

    /// The same by a document that is read for this.
    pub async fn find_anew(app: &App, connection: Connection) -> Result<Self, Fault> {
        Self::discover(app, connection, true).await
    }

    async fn discover(app: &App, connection: Connection, anew: bool) -> Result<Self, Fault> {
        let outgoing = Outgoing::new(app, connection.tenant);
        let url = format!("{}/.well-known/openid-configuration", connection.issuer.trim_end_matches('/'));
        let document = document(app, &outgoing, &connection, &url, anew).await?;
        let metadata: CoreProviderMetadata = serde_json::from_slice(&document).map_err(|_| Fault::UnusableAnswer)?;
        let announced: Announced = serde_json::from_slice(&document).map_err(|_| Fault::UnusableAnswer)?;
        if metadata.issuer().as_str() != connection.issuer {
            return Err(Fault::WrongIssuer);
        }
        let has_code_flow = metadata.response_types_supported().iter().any(|types| types.contains(&CoreResponseType::Code));
        let Some(token_endpoint) = metadata.token_endpoint().filter(|_| has_code_flow) else { return Err(Fault::NoCodeFlow) };
        let endpoints = [metadata.authorization_endpoint().as_str(), token_endpoint.as_str(), metadata.jwks_uri().as_str()];
        if !endpoints.iter().all(|url| outgoing.may_go(url)) {
            return Err(Fault::Unreachable);
        }
        let client = client(app, &connection, &metadata).ok_or(Fault::CredentialsRefused)?;
        Ok(Self { connection, metadata, announced, client, outgoing })
    }

    /// Refuses what another identity provider sent back, and what does not say who sent it although this one always does (RFC 9207, 2.4).
    pub fn check_sender(&self, iss: Option<&str>) -> Result<(), Problem> {
        match iss {
            Some(iss) if iss != self.connection.issuer => Err(token_refused("another identity provider answers")),
            None if self.announced.names_itself => Err(token_refused("the answer does not say which identity provider answers")),
            _ => Ok(()),
        }
    }

    /// The address at which somebody signs in.
    pub fn sign_in_url(&self, state: String, nonce: Nonce, verifier: &PkceCodeVerifier, hint: Option<String>) -> String {
        let (state, challenge) = (CsrfToken::new(state), PkceCodeChallenge::from_code_verifier_sha256(verifier));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = self.client.authorize_url(flow, move || state, move || nonce).set_pkce_challenge(challenge);
        let groups =
            Some(&self.connection.groups_claim).filter(|claim| self.metadata.scopes_supported().is_some_and(|all| all.iter().any(|one| **one == **claim)));
        for scope in ["email", "profile"].into_iter().chain(groups.map(String::as_str)) {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if let Some(hint) = hint {
            request = request.set_login_hint(LoginHint::new(hint));
        }
        request.url().0.into()
    }

    /// Asks for the keys with which ID tokens are signed.
    async fn keys(&self, app: &App, anew: bool) -> Result<CoreJsonWebKeySet, Fault> {
        let document = document(app, &self.outgoing, &self.connection, self.metadata.jwks_uri().as_str(), anew).await?;
        serde_json::from_slice(&document).map_err(|_| Fault::UnusableAnswer)
    }

    /// Whether the identity provider publishes keys and accepts our client id and secret: a code that it never gave has to be all that is wrong.
    pub async fn test(&self, app: &App) -> Result<(), Fault> {
        if self.keys(app, true).await?.keys().is_empty() {
            return Err(Fault::NoKeys);
        }
        let verifier = PkceCodeVerifier::new("0".repeat(64));
        match self.redeem(AuthorizationCode::new("test".to_owned()), verifier).await {
            Ok(_) => Ok(()),
            Err(RequestTokenError::ServerResponse(answer)) => match answer.error() {
                CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => Err(Fault::CredentialsRefused),
                _ => Ok(()),
            },
            Err(RequestTokenError::Request(no_answer)) => Err(no_answer.0.into()),
            Err(_) => Err(Fault::UnusableAnswer),
        }
    }

    /// Redeems a code, and returns what the identity provider says of whoever signed in there.
    pub async fn ask_who(&self, app: &App, code: String, verifier: PkceCodeVerifier, nonce: &Nonce) -> Result<Said, Problem> {
        let answer = self.redeem(AuthorizationCode::new(code), verifier).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(answer) if *answer.error() == CoreErrorResponseType::InvalidGrant => declined_problem(),
            RequestTokenError::ServerResponse(_) => Fault::CredentialsRefused.into(),
            RequestTokenError::Request(no_answer) => Fault::from(no_answer.0).into(),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => token_refused("it cannot be read"),
        })?;
        let token = answer.id_token().ok_or_else(|| token_refused("it is missing"))?;
        let (mut said, subject) = self.verify(app, token, nonce).await?;
        let wants_groups = !self.connection.groups_claim.is_empty() && said.groups.is_none();
        if said.address.is_none() || wants_groups {
            self.complete(&mut said, subject, answer.access_token().clone()).await?;
        }
        Ok(said)
    }

    /// Sends a code to the token endpoint.
    async fn redeem(&self, code: AuthorizationCode, verifier: PkceCodeVerifier) -> Result<TokenAnswer, RefusedCode> {
        let request = self.client.exchange_code(code).map_err(|error| RequestTokenError::Other(error.to_string()))?;
        request.set_pkce_verifier(verifier).request_async(&self.outgoing).await
    }

    /// Verifies an ID token: who issued it, for whom, until when, for which attempt, and the signature. Keys may have been replaced since they were read.
    async fn verify(&self, app: &App, token: &Token, nonce: &Nonce) -> Result<(Said, SubjectIdentifier), Problem> {
        let first = self.checked(token, self.keys(app, false).await?, nonce, app.env().now());
        match first {
            Ok(said) => Ok(said),
            Err(openidconnect::ClaimsVerificationError::SignatureVerification(_)) => {
                let again = self.checked(token, self.keys(app, true).await?, nonce, app.env().now());
                again.map_err(|error| token_refused(&error.to_string()))
            }
            Err(error) => Err(token_refused(&error.to_string())),
        }
    }

    fn checked(
        &self,
        token: &Token,
        keys: CoreJsonWebKeySet,
        nonce: &Nonce,
        now: Ts,
    ) -> Result<(Said, SubjectIdentifier), openidconnect::ClaimsVerificationError> {
        // As for a client without a secret: then no signature that a secret makes is ever accepted.
        let verifier = IdTokenVerifier::new_public_client(ClientId::new(self.connection.client_id.clone()), self.metadata.issuer().clone(), keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || DateTime::from_timestamp_millis(now.0).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC));
        let claims = token.claims(&verifier, nonce)?;
        let (address, is_verified) = claims::address(claims.email(), claims.email_verified());
        let said = Said {
            subject: claims::subject(&self.connection.issuer, claims.subject()),
            address,
            is_verified,
            name: claims::name(claims.name()),
            groups: claims.additional_claims().groups(&self.connection.groups_claim),
            by_two: claims::are_two(claims.auth_method_refs()),
        };
        Ok((said, claims.subject().clone()))
    }

    /// Asks for what the ID token leaves out: providers may tell it only to those who ask for it (OpenID Connect Core, 5.4).
    async fn complete(&self, said: &mut Said, subject: SubjectIdentifier, access: AccessToken) -> Result<(), Problem> {
        let Ok(request) = self.client.user_info(access, Some(subject)) else { return Ok(()) };
        let info: UserInfoClaims<Others, CoreGenderClaim> = request.request_async(&self.outgoing).await.map_err(|_| Problem::from(Fault::UnusableAnswer))?;
        if said.address.is_none() {
            (said.address, said.is_verified) = claims::address(info.email(), info.email_verified());
        }
        said.name = said.name.take().or_else(|| claims::name(info.name()));
        said.groups = said.groups.take().or_else(|| info.additional_claims().groups(&self.connection.groups_claim));
        Ok(())
    }
}

/// Why the token endpoint gave no token.
type RefusedCode = RequestTokenError<super::outgoing::NoAnswer, StandardErrorResponse<CoreErrorResponseType>>;

/// What we are at the identity provider; `None` if the secret cannot be opened.
fn client(app: &App, connection: &Connection, metadata: &CoreProviderMetadata) -> Option<Asking> {
    let secret = app.sealer().open(&seal::purpose::single_sign_on(connection.tenant), &connection.secret)?;
    let secret = ClientSecret::new(String::from_utf8(secret).ok()?);
    let client = Asking::from_provider_metadata(metadata.clone(), ClientId::new(connection.client_id.clone()), Some(secret));
    let methods = metadata.token_endpoint_auth_methods_supported();
    // Without a list, a provider takes the secret in a header (OpenID Connect Discovery, 3).
    let takes_header = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let client = client.set_auth_type(if takes_header { AuthType::BasicAuth } else { AuthType::RequestBody });
    Some(client.set_redirect_uri(RedirectUrl::new(redirect_uri(app, connection.tenant)).ok()?))
}

/// A document that the identity provider published, unless a copy is recent enough.
async fn document(app: &App, outgoing: &Outgoing, connection: &Connection, url: &str, anew: bool) -> Result<Bytes, Fault> {
    let (kept, now) = (&app.in_memory().providers, app.env().now());
    if let Some(document) = kept.read_since(connection.tenant, url, now.plus(-KEPT_MS)).filter(|_| !anew) {
        return Ok(document);
    }
    let document = outgoing.read(url).await?.ok_or(Fault::UnusableAnswer)?;
    kept.keep(connection.tenant, url, now, document.clone());
    Ok(document)
}

/// Whether an issuer can be asked at all: it is an address to which requests may go.
pub fn check_issuer(app: &App, issuer: &str) -> Result<(), Problem> {
    let wrong = |why: String| Problem::invalid("issuer", Code::InvalidValue, why);
    app.egress().target(issuer).map_err(|why| wrong(why.to_string()))?;
    IssuerUrl::new(issuer.to_owned()).map(drop).map_err(|_| wrong("enter a complete address such as https://id.example.com".to_owned()))
}

pub(super) fn declined_problem() -> Problem {
    refusal(Code::SingleSignOnDeclined, "the identity provider did not let you in")
}

pub(super) fn token_refused(why: &str) -> Problem {
    refusal(Code::SingleSignOnTokenRefused, &format!("the identity provider's ID token was refused: {why}"))
}
