//! Those whose access is revoked, and the administrator who revokes it.

use anyhow::Context as _;
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    http::{Http, Identity, Member},
    server::Server,
};

/// The built-in role of members from whom another one was taken.
const PLAIN: &str = "agent";

/// What is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The session of a member: an administrator signs them out.
    Session,
    /// The token of a program.
    Token,
    /// A permission of a composed role, whose member stays signed in.
    Role,
    /// The composed role of a member, who gets a built-in one that holds less.
    Member,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Session, Self::Token, Self::Role, Self::Member];

    /// The code with which connections end.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Session | Self::Member => "signed_out",
            Self::Token => "token_revoked",
            Self::Role => "moving",
        }
    }
    /// What the API is asked for; afterwards it is refused.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Session | Self::Token | Self::Member => "/api/v1/me",
            Self::Role => "/api/v1/webhooks",
        }
    }
    /// The status with which it is refused.
    pub const fn refusal(self) -> StatusCode {
        match self {
            Self::Session | Self::Token | Self::Member => StatusCode::UNAUTHORIZED,
            Self::Role => StatusCode::FORBIDDEN,
        }
    }
}

/// Somebody who can do something, and the request that takes it away.
pub struct Victim {
    /// Who it is.
    pub who: Identity,
    method: Method,
    path: String,
    body: Option<Value>,
}

/// Everybody, as the first node knows them.
pub struct Cast {
    near: Http,
    administrator: Identity,
    /// The member whose session is ended.
    signed_in: Member,
    /// The member of a composed role that changes.
    holder: Member,
    /// The member whose role changes.
    moved: Member,
    /// The composed role that the last of them has in the meantime; it never changes.
    role: Value,
}

impl Cast {
    /// Signs the administrator in at the first node, and adds the members.
    pub async fn gather(server: &Server) -> anyhow::Result<Self> {
        let near = Http::new(server.address())?;
        let administrator = near.administrator(server).await?.identity();
        let mut members = near.agents(server, &[1; 3]).await?.into_iter();
        let mut member = || members.next().context("a member is missing");
        let (signed_in, holder, moved) = (member()?, member()?, member()?);
        let mut cast = Self { near, administrator, signed_in, holder, moved, role: Value::Null };
        cast.role = cast.compose("day").await?["id"].take();
        // Ends their sessions, so that all nodes know the stream of what was revoked before the first round.
        cast.give(&cast.moved, &cast.role).await?;
        Ok(cast)
    }

    /// Gives somebody access, with which they come to another node; the number distinguishes rounds.
    pub async fn prepare(&self, kind: Kind, round: usize, far: &Http) -> anyhow::Result<Victim> {
        match kind {
            Kind::Session => {
                far.sign_in_anew(&self.signed_in).await?;
                let who = self.signed_in.identity();
                let sessions = far.get(&who, "/api/v1/auth/sessions").await?;
                let current = sessions["items"].as_array().and_then(|all| all.iter().find(|session| session["current"] == true));
                let session = current.and_then(|session| session["id"].as_str()).context("a member without a session")?;
                Ok(Victim { who, method: Method::DELETE, path: format!("/api/v1/staff/{}/sessions/{session}", self.signed_in.agent), body: None })
            }
            Kind::Token => {
                let new = json!({"name": format!("program {round}"), "permissions": [{"permission": "desk", "reach": ["own"]}]});
                let made = self.ask(Method::POST, "/api/v1/tokens", Some(&new)).await?;
                let (Some(id), Some(secret)) = (made["id"].as_str(), made["secret"].as_str()) else { anyhow::bail!("no token: {made}") };
                Ok(Victim { who: Identity::Program(secret.to_owned()), method: Method::DELETE, path: format!("/api/v1/tokens/{id}"), body: None })
            }
            Kind::Role => {
                let name = format!("night {round}");
                let role = self.compose(&name).await?;
                let before = self.give(&self.holder, &role["id"]).await?;
                if let Some(id) = before.as_str().filter(|id| *id != PLAIN) {
                    self.ask(Method::DELETE, &format!("/api/v1/roles/{id}"), None).await?;
                }
                far.sign_in_anew(&self.holder).await?;
                let path = format!("/api/v1/roles/{}", role["id"].as_str().context("a role without an id")?);
                let less = json!({"name": name, "grants": grants(false), "seen": role["updated_at"]});
                Ok(Victim { who: self.holder.identity(), method: Method::PATCH, path, body: Some(less) })
            }
            Kind::Member => {
                self.give(&self.moved, &self.role).await?;
                far.sign_in_anew(&self.moved).await?;
                let path = path_of(&self.moved);
                let less = json!({"role": PLAIN, "seen": self.member(&path).await?["updated_at"]});
                Ok(Victim { who: self.moved.identity(), method: Method::PATCH, path, body: Some(less) })
            }
        }
    }

    /// Takes the access away at the first node.
    pub async fn revoke(&self, victim: &Victim) -> anyhow::Result<()> {
        let Victim { who: _, method, path, body } = victim;
        self.ask(method.clone(), path, body.as_ref()).await.map(drop)
    }

    /// Composes a role with a permission that can be taken from it.
    async fn compose(&self, name: &str) -> anyhow::Result<Value> {
        self.ask(Method::POST, "/api/v1/roles", Some(&json!({"name": name, "grants": grants(true)}))).await
    }

    /// Gives a member a role, which signs them out if it is another one; returns the role they had.
    async fn give(&self, member: &Member, role: &Value) -> anyhow::Result<Value> {
        let path = path_of(member);
        let mut before = self.member(&path).await?;
        self.ask(Method::PATCH, &path, Some(&json!({"role": role, "seen": before["updated_at"]}))).await?;
        Ok(before["role"].take())
    }

    async fn member(&self, path: &str) -> anyhow::Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        self.near.request(method, &self.administrator, path, body).await
    }
}

fn path_of(member: &Member) -> String {
    format!("/api/v1/staff/{}", member.agent)
}

/// What composed roles hold: with what [`Kind::path`] needs, or without it.
fn grants(more: bool) -> Value {
    let mut grants = vec![json!({"permission": "desk", "reach": ["own", "queue"]})];
    grants.extend(more.then(|| json!({"permission": "integrations", "reach": ["company"]})));
    Value::Array(grants)
}
