//! Live state that can be rebuilt: marks not yet written, limits, what the bots last talked about, the panel, the other nodes, egress.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    id::{ConversationId, TenantId},
    time::Clock,
};
use tokio::sync::Notify;
use warehouse::{Panel, Place};

use super::{gate::Gate, limits::Limits, marks::MarkBuffer};
use crate::{cluster::Cluster, egress::Egress, letters::Letters, settings::Settings};

/// How often a person's connections may begin, per connection allowed to them: per second, and at once. Ten streams in a hello count as one more.
const HELLOS_PER_SECOND: f64 = 2.5;
const HELLOS_BURST: f64 = 10.0;
/// For how many conversations the subject is remembered; a forgotten one is asked for again.
const SUBJECTS: usize = 50_000;

/// The live state; see the module.
pub struct Live {
    marks: MarkBuffer,
    limits: Limits,
    hellos: Limits,
    gate: Gate,
    subjects: Subjects,
    panel: Panel,
    panel_wanted: Notify,
    cluster: Cluster,
    egress: Egress,
    letters: Letters,
}

impl Live {
    /// Opens the panel's store beside the record.
    pub async fn open(settings: &Settings, cluster: Cluster, clock: Arc<dyn Clock>) -> db::Result<Self> {
        let place = match &settings.database_url {
            Some(url) => Place::Postgres(url.clone()),
            None => Place::File(settings.data.join("panel.db")),
        };
        let egress = Egress::new(settings.allow_private)?;
        let letters = Letters::new(settings, egress.clone()).map_err(|why| db::Error::Unsafe(format!("[mail] or [sms]: {why}")))?;
        let connections = settings.connections as f64;
        Ok(Self {
            marks: MarkBuffer::default(),
            limits: Limits::new(settings.sends_per_second, settings.sends_burst),
            hellos: Limits::new(HELLOS_PER_SECOND * connections, HELLOS_BURST * connections),
            gate: Gate::default(),
            subjects: Subjects::default(),
            panel: Panel::open(place, cluster.generation(), clock).await?,
            panel_wanted: Notify::new(),
            cluster,
            egress,
            letters,
        })
    }
    /// This node and what it knows of the others.
    pub const fn cluster(&self) -> &Cluster {
        &self.cluster
    }
    /// Sends outgoing requests.
    pub const fn egress(&self) -> &Egress {
        &self.egress
    }
    /// Sends mail and text messages.
    pub const fn letters(&self) -> &Letters {
        &self.letters
    }
    /// The marks waiting to be written.
    pub const fn marks(&self) -> &MarkBuffer {
        &self.marks
    }
    /// Limits how fast people without a socket may send.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
    /// Limits how much the hellos of a person may ask for, whatever the number of their connections.
    pub const fn hellos(&self) -> &Limits {
        &self.hellos
    }
    /// Lets new connections in.
    pub const fn gate(&self) -> &Gate {
        &self.gate
    }
    /// What the bots last talked about.
    pub const fn subjects(&self) -> &Subjects {
        &self.subjects
    }
    /// The panel's store.
    pub const fn panel(&self) -> &Panel {
        &self.panel
    }
    /// Wakes the panel because somebody opened it and needs the numbers now.
    pub fn wake_panel(&self) {
        self.panel_wanted.notify_one();
    }
    /// Waits for [`Self::wake_panel`].
    pub async fn panel_wanted(&self) {
        self.panel_wanted.notified().await;
    }
}

/// The product or plan that a company's bot last spoke of in a conversation, for questions such as "and the battery?"; it is valid while the customer looks at
/// the same page.
#[derive(Debug, Default)]
pub struct Subjects(Mutex<HashMap<(TenantId, ConversationId), Subject>>);

/// What the customer is looking at, and what the bot spoke of.
type Subject = (Option<String>, String);

impl Subjects {
    /// The last subject, if the customer is still looking at this product.
    pub fn get(&self, id: (TenantId, ConversationId), looking_at: Option<&str>) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).filter(|(product, _)| product.as_deref() == looking_at).map(|(_, subject)| subject.clone())
    }
    /// Stores a new subject.
    pub fn put(&self, id: (TenantId, ConversationId), looking_at: Option<&str>, subject: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > SUBJECTS {
            all.clear();
        }
        all.insert(id, (looking_at.map(str::to_owned), subject));
    }
}
