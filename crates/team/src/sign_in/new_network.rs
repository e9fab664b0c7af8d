//! Tells a member by mail of a sign-in from a network from which they never signed in.

use domain::id::{AgentId, TenantId};
use http_kit::{App, auth::known::SignInPlace, problem::Problem};
use jiff::{Timestamp, tz::TimeZone};
use platform::client_address::ClientAddress;
use store::jobs::NewJob;

use super::letters::{self, Letter, Recipient};

/// The letter about a sign-in from here; `None` if the member signed in from here before, or never signed in at all.
pub async fn letter(app: &App, place: &SignInPlace, address: ClientAddress, tenant: TenantId, agent: AgentId) -> Result<Option<NewJob>, Problem> {
    let (member, zone) = {
        let mut tx = app.db().read_of(tenant).await?;
        if !place.is_new(&mut tx, tenant, agent).await? {
            return Ok(None);
        }
        (store::staff::get(&mut tx, tenant, agent).await?, store::tenants::get(&mut tx, tenant).await?.time_zone)
    };
    let zone = domain::opening_hours::zone(&zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(app.env().now().0).map_err(|error| Problem::internal(&error))?.to_zoned(zone);
    let told = Letter::NewNetwork { from: address.network(), at: at.strftime("%Y-%m-%d %H:%M %Z").to_string() };
    let to = Recipient { agent, email: member.email, is_sent: true };
    Ok(Some(letters::job(app, tenant, to, told, None).await?))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_sign_in_from_elsewhere_is_told_by_mail_and_the_first_and_the_usual_ones_are_not() {
        let app = TestApp::behind_proxy().await;
        let ada = app.staff(Role::Agent, "ada").await.member;
        app.set_password(&ada, "long enough").await;
        let from = async |address: &str| {
            let body = json!({"email": "ada@alpha.example", "password": "long enough"});
            app.from_address(address).post("/api/v1/auth/sessions", body).await.expect(201)
        };
        for address in ["203.0.113.7", "203.0.113.7", "198.51.100.7", "203.0.113.7"] {
            from(address).await;
        }
        let told = app.message_to("ada@alpha.example").await.text;
        assert!(told.contains("198.51.100.7") && told.contains("/console/sessions"), "{told}");
        from("192.0.2.7").await;
        assert!(app.message_to("ada@alpha.example").await.text.contains("192.0.2.7"), "there was no letter in between");
    }
}
