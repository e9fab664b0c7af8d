//! What customers do to their accounts is in the company's audit: that they registered, signed in and out, and what they changed, never their names, addresses or
//! messages.

use db::Tx;
use domain::{
    id::{CustomerId, TenantId},
    journal::Actor,
};
use http_kit::{App, audit::Asked};
use seal::Sealer;
use store::TenantTx;

/// What a customer does, ready to be noted.
#[derive(Clone)]
pub(crate) struct Act {
    asked: Asked,
    sealer: Sealer,
}

impl Act {
    pub(crate) fn new(app: &App, asked: Asked) -> Self {
        Self { asked, sealer: app.sealer() }
    }
    /// Notes it, in the transaction of what is done.
    pub(crate) async fn note(&self, tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> store::Result<()> {
        let asked = self.asked.clone().making(&customer);
        asked.note(&mut TenantTx::new(tx, tenant, Actor::customer(customer.uuid())), &self.sealer, b"").await
    }
}

#[cfg(test)]
mod tests {
    use domain::journal::ActorKind;
    use serde_json::json;
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};

    #[tokio::test]
    async fn what_customers_do_to_their_accounts_is_in_the_audit_without_who_they_are() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let me = ada.get("/api/v1/customer").await.expect(200);
        ada.patch("/api/v1/customer", json!({"name": "Lovelace", "seen": me["updated_at"]})).await.expect(200);
        ada.put("/api/v1/customer/password", json!({"old": CUSTOMER_PASSWORD, "password": "staple for the battery"})).await;
        assert_eq!(ada.delete("/api/v1/customer/sessions/current").await.status.as_u16(), 204);
        let sign_in = json!({"site": "alpha", "identifier": "ada@example.com", "password": "staple for the battery"});
        app.post("/api/v1/customer/sessions", sign_in.clone()).await.expect(201);
        let lines = app.audit().await;
        let operations: Vec<&str> = lines.iter().map(|line| line.entry.operation.as_str()).collect();
        assert_eq!(
            operations,
            [
                "POST /api/v1/customer/registrations/confirm",
                "PATCH /api/v1/customer",
                "PUT /api/v1/customer/password",
                "DELETE /api/v1/customer/sessions/current",
                "POST /api/v1/customer/sessions",
            ]
        );
        let by = &lines[0].by;
        assert_eq!((by.kind, &by.name), (ActorKind::Customer, &None));
        assert!(lines.iter().all(|line| line.by == *by && line.entry.object() == me["id"].as_str()), "{lines:?}");
        let text = format!("{lines:?}");
        assert!(["ada@", "Lovelace", "battery"].iter().all(|secret| !text.contains(secret)), "{text}");
    }
}
