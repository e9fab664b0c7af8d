//! Customers with an account, and the messages that are sent to them.

use std::ops::Deref;

use domain::{
    customer::Identifier,
    id::{CustomerId, CustomerSessionId},
    text::Lang,
};
use reqwest::Method;
use seal::vault::Field;
use serde_json::{Value, json};
use store_hall::customers::{Customer, StoredIdentifier};
use testkit::{Must, eventually};
use testkit_server::{Client, solved_puzzle};

use crate::{TestApp, VisitorClient};

/// The password of every customer of a test.
pub const CUSTOMER_PASSWORD: &str = "correct horse battery";

/// A hash that matches no password.
const NO_PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A signed-in customer.
#[derive(Debug, Clone)]
pub struct CustomerClient {
    /// The email address or phone number they sign in with.
    pub identifier: String,
    client: Client,
}

impl Deref for CustomerClient {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A message that was sent to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The recipient's address or number.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Sent {
    /// The six-digit code in the text.
    pub fn code(&self) -> String {
        let runs = self.text.split(|c: char| !c.is_ascii_digit());
        runs.into_iter().find(|run| run.len() == 6).must("a code of six digits").to_owned()
    }
}

fn secret(set_cookie: &str) -> String {
    let rest = set_cookie.split_once("__Host-yingda-customer=").must("a cookie").1;
    rest.split(';').next().must("a secret").to_owned()
}

impl TestApp {
    /// Registers a customer of the first company, and signs them in.
    pub async fn customer(&self, identifier: &str) -> CustomerClient {
        let key = &self.company.key;
        let new = json!({"site": key, "identifier": identifier, "password": CUSTOMER_PASSWORD, "lang": "en", "proof": solved_puzzle(self).await});
        let handle = self.post("/api/v1/customer/registrations", new).await.expect(202)["handle"].clone();
        let to = Identifier::parse(identifier).must("an address or number");
        let code = self.message_to(to.text()).await.code();
        let answer = self.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": code})).await;
        answer.expect(201);
        CustomerClient { identifier: identifier.to_owned(), client: self.with_customer(&secret(answer.header("set-cookie"))) }
    }

    /// Creates a signed-in customer of the first company without registration; no password matches.
    pub async fn known_customer(&self, identifier: &str) -> CustomerClient {
        let (tenant, now, id) = (self.company.tenant, self.env().now(), CustomerId::new(self.env().uuid()));
        let parsed = Identifier::parse(identifier).must("an address or number");
        let vault = self.app().vault();
        let sealed = vault.seal(tenant, id, Field::Identifier, parsed.text()).must("a sealed field");
        let stored = StoredIdentifier { lookup: vault.lookup(tenant, &parsed), kind: parsed.kind(), sealed, verified_at: now };
        let customer = Customer { id, tenant, name: None, lang: Lang::En, password_hash: NO_PASSWORD.to_owned(), created_at: now, updated_at: now };
        let (secret, session) = (self.env().secret().must("a secret"), CustomerSessionId::new(self.env().uuid()));
        let hash = platform::env::hash(&secret);
        let write = self.app().db().writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                store_hall::customers::insert(tx, tenant, &customer, &stored).await?;
                service::customers::derive(tx, &vault, tenant, id).await?;
                store_hall::customer_sessions::insert(tx, tenant, id, session, &hash, "").await
            })
        });
        write.await.must("a customer");
        CustomerClient { identifier: identifier.to_owned(), client: self.with_customer(&secret) }
    }

    /// Adds a session to a customer; returns its id.
    pub async fn session_beside(&self, who: &CustomerClient) -> String {
        let me = who.get("/api/v1/customer").await.expect(200);
        let customer: CustomerId = me["id"].as_str().and_then(|id| id.parse().ok()).must("an id");
        let (tenant, session, hash) =
            (self.company.tenant, CustomerSessionId::new(self.env().uuid()), platform::env::hash(&self.env().secret().must("a secret")));
        let write =
            self.app().db().writer().write(db::Shard::Any, move |tx| {
                Box::pin(async move { store_hall::customer_sessions::insert(tx, tenant, customer, session, &hash, "").await })
            });
        write.await.must("a session");
        session.to_string()
    }

    /// Signs the same customer in again, as in another browser.
    pub async fn sign_in_again(&self, who: &CustomerClient) -> CustomerClient {
        let sign_in = json!({"site": self.company.key, "identifier": who.identifier, "password": CUSTOMER_PASSWORD});
        let answer = self.post("/api/v1/customer/sessions", sign_in).await;
        answer.expect(201);
        CustomerClient { identifier: who.identifier.clone(), client: self.with_customer(&secret(answer.header("set-cookie"))) }
    }

    /// A ticket for a customer's chat.
    pub async fn ticket_of(&self, who: &CustomerClient) -> String {
        let answer = who.send(who.request(Method::POST, "/api/v1/customer/widget-ticket")).await.expect(201);
        answer["ticket"].as_str().must("a ticket").to_owned()
    }

    /// A customer's chat, on a device that was anonymous before, or on a new one.
    pub async fn widget_of(&self, who: &CustomerClient, before: Option<&VisitorClient>) -> VisitorClient {
        let device = before.map_or(Value::Null, |before| before.session["device"].clone());
        let body = json!({"site": self.company.key, "device": device, "lang": "en", "ticket": self.ticket_of(who).await});
        self.widget_with(self.post("/api/v1/widget/sessions", body).await.expect(201))
    }

    /// All messages sent so far, in the order of their files.
    pub async fn messages(&self) -> Vec<Sent> {
        self.outbox().into_iter().map(|(_, sent)| sent).collect()
    }

    /// The next message to a recipient that has not been taken yet; waits for it.
    pub async fn message_to(&self, to: &str) -> Sent {
        eventually("a message", || async {
            let mut taken = self.taken();
            let (name, sent) = self.outbox().into_iter().find(|(name, sent)| sent.to == to && !taken.contains(name))?;
            taken.insert(name);
            Some(sent)
        })
        .await
    }

    fn outbox(&self) -> Vec<(String, Sent)> {
        let Ok(folder) = std::fs::read_dir(self.data().join("outbox")) else { return Vec::new() };
        let mut names: Vec<_> = folder.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|ext| ext == "txt")).collect();
        names.sort();
        let read = |path: std::path::PathBuf| {
            let text = std::fs::read_to_string(&path).must("a message");
            let (head, text) = text.split_once("\n\n").must("a head and words");
            let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
            (path.display().to_string(), Sent { to: field("To: "), subject: field("Subject: "), text: text.to_owned() })
        };
        names.into_iter().map(read).collect()
    }
}
