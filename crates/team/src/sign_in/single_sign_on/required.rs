//! Where a company requires single sign-on, passwords let nobody in, and one-time links only those who administer it: for emergencies.

use domain::{id::TenantId, policy, refusal::Code};
use http_kit::{App, problem::Problem};
use store::staff::Member;

/// Refuses to let anybody in with a password where single sign-on is required.
pub async fn refuse_password(app: &App, tenant: TenantId) -> Result<(), Problem> {
    if store::single_sign_on::is_required(&mut app.db().read().await?, tenant).await? { Err(required()) } else { Ok(()) }
}

/// Refuses to let a member in with a one-time link where single sign-on is required, unless they administer the company.
pub async fn refuse_link(app: &App, member: &Member) -> Result<(), Problem> {
    if policy::administers(member.role) { Ok(()) } else { refuse_password(app, member.tenant).await }
}

fn required() -> Problem {
    super::refused(Code::SingleSignOnRequired, "your company requires single sign-on: sign in by way of its identity provider")
}
