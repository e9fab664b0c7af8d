//! Where a company requires single sign-on, passwords let nobody in, and one-time links only those who administer it: for emergencies.

use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
};
use http_kit::{fault::Fault, problem::Problem};

/// Refuses to let anybody in with a password or a passkey where single sign-on is required.
pub async fn refuse_others(tx: &mut Tx, tenant: TenantId) -> Result<(), Fault> {
    if store::single_sign_on::is_required(tx, tenant).await? { Err(required_problem().into()) } else { Ok(()) }
}

/// Refuses to let a member in with a one-time link where single sign-on is required, unless they administer the company.
pub async fn refuse_link(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<(), Fault> {
    if store::staff::get(tx, tenant, agent).await?.grants().administer() { Ok(()) } else { refuse_others(tx, tenant).await }
}

fn required_problem() -> Problem {
    super::refusal(Code::SingleSignOnRequired, "your company requires single sign-on: sign in by way of its identity provider")
}
