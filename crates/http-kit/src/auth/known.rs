//! The networks from which a member of the staff signed in before. Wrong passwords that strangers enter elsewhere do not lock the member out there.

use db::Tx;
use domain::id::{AgentId, TenantId};
use platform::client_address::ClientAddress;
use seal::vault::Vault;

use crate::App;

/// Where somebody signs in from: stored in the record as a digest that differs for each member.
#[derive(Clone)]
pub struct SignInPlace {
    vault: Vault,
    household: String,
}

impl std::fmt::Debug for SignInPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not shown, because it is an address.
        f.debug_struct("SignInPlace").finish_non_exhaustive()
    }
}

impl SignInPlace {
    /// The place of an address.
    pub fn new(app: &App, address: ClientAddress) -> Self {
        Self { vault: app.vault(), household: address.household() }
    }
    /// Notes that a member signed in from here.
    pub async fn note(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<()> {
        store::known_networks::note(tx, tenant, agent, &self.vault.network(tenant, &self.of(agent))).await
    }
    /// Whether a member signed in from here recently.
    pub async fn is_known(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<bool> {
        for network in self.vault.networks(tenant, &self.of(agent)) {
            if store::known_networks::is_known(tx, tenant, agent, &network).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
    /// Whether a member signed in recently, but never from here: they are told of it.
    pub async fn is_new(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<bool> {
        Ok(store::known_networks::knows_any(tx, tenant, agent).await? && !self.is_known(tx, tenant, agent).await?)
    }
    fn of(&self, agent: AgentId) -> String {
        format!("{agent} {}", self.household)
    }
}
