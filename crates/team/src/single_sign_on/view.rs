//! The connection to an identity provider on the wire.

use domain::{single_sign_on::GroupRole, staff::Role, time::Ts};
use serde::Serialize;
use store::single_sign_on::Connection;
use utoipa::ToSchema;

/// A company's connection to its identity provider. The client secret is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SingleSignOn)]
pub struct ConnectionView {
    /// What the identity provider calls itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// The mail domains that are let in, in ASCII.
    pub domains: Vec<String>,
    /// The claim that lists somebody's groups; empty if groups are not asked for.
    pub groups_claim: String,
    /// The groups that give a role; the first that somebody belongs to counts.
    pub roles: Vec<GroupRole>,
    /// The role of those to whom no group gives one.
    #[schema(required)]
    pub role_otherwise: Option<Role>,
    /// Whether people who are no members yet become members.
    pub creates: bool,
    /// Whether everybody has to sign in this way; administrators can still use a one-time link.
    pub required: bool,
    /// When somebody first signed in with the issuer, client id and secret as they are; `null` if nobody has.
    #[schema(required)]
    pub proved_at: Option<Ts>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<Connection> for ConnectionView {
    fn from(connection: Connection) -> Self {
        let Connection {
            tenant: _,
            issuer,
            client_id,
            secret: _,
            domains,
            groups_claim,
            roles,
            role_otherwise,
            creates,
            required,
            proved_at,
            created_at: _,
            updated_at,
        } = connection;
        Self { issuer, client_id, domains, groups_claim, roles, role_otherwise, creates, required, proved_at, updated_at }
    }
}

/// Single sign-on of a company's staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleSignOnSetUp {
    /// The address that has to be entered at the identity provider as that to which it may send browsers back. It is this company's alone.
    pub redirect_uri: String,
    /// The connection; `null` if none was set up.
    #[schema(required)]
    pub connection: Option<ConnectionView>,
}
