//! The purposes that secrets of the staff are sealed for.

use domain::id::{AgentId, TenantId};

/// The purpose of the secret of a member's app, which makes the codes of the second step.
pub fn second_step(tenant: TenantId, agent: AgentId) -> Vec<u8> {
    [&b"authenticator app"[..], tenant.uuid().as_bytes(), agent.uuid().as_bytes()].concat()
}

/// The purpose of a company's secret at its identity provider.
pub fn single_sign_on(tenant: TenantId) -> Vec<u8> {
    [&b"single sign-on"[..], tenant.uuid().as_bytes()].concat()
}
