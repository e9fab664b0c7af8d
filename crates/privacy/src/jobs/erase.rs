//! Does the erasures that were begun, part by part. Each part is a transaction of its own, and what was done is not done again: an erasure that was interrupted goes
//! on where it was.

use std::collections::BTreeSet;

use db::{Shard, writer::BoxFuture};
use domain::{
    entry::{Body, Changed},
    erasure::{Erased, ErasureKind, ErasureState},
    id::{ConversationId, CustomerId, ErasureId, FileId, TenantId, VisitorId},
    journal::{Actor, StoredEntry, Words},
};
use http_kit::{App, audit::details};
use platform::{
    erasures::{self as list, Kind},
    retry::until_empty,
};
use seal::vault::{Field, hex};
use service::erasing::{self, Part, Traces};
use store::TenantTx;
use store_privacy::{
    Places, conversations, count,
    erasures::{self, Erasure},
    learned, people,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::proof;

/// How many conversations, or files, are looked for at once.
const SOME: i64 = 20;
/// How many entries of the audit are looked for at once.
const AUDITED: i64 = 100;
/// How many revocations are looked at at once.
const REVOCATIONS: i64 = 500;

/// One erasure at a time in a process: what a command does at the terminal is not done by the job beside it.
static TURN: Mutex<()> = Mutex::const_new(());

/// Runs the job once: does the erasures that were begun, of all companies.
pub async fn step(app: &App) -> store::Result<()> {
    for (tenant, id) in store::entry_points::running_erasures(app.db()).await? {
        if let Err(error) = run(app, tenant, id).await {
            // One that cannot be done must not stop the others.
            tracing::warn!(error = %error, erasure.id = %id, "an erasure was interrupted and goes on later");
        }
    }
    Ok(())
}

/// Does an erasure to its end; one that is done stays as it is. Returns what became of it.
pub async fn run(app: &App, tenant: TenantId, id: ErasureId) -> store::Result<Erasure> {
    let _turn = TURN.lock().await;
    let erasure = read(app, tenant, id).await?;
    if erasure.state != ErasureState::Running {
        return Ok(erasure);
    }
    let work = Work { app, tenant, id };
    let Some(subject) = erasure.subject else {
        // The rest of what a rule erases comes later: people who ask to be erased do not wait for it.
        return if work.rules(erasure.asked_at).await? { work.finish(None).await } else { Ok(erasure) };
    };
    work.list(&[subject])?;
    match subject {
        Erased::Message(conversation, seq) => work.message((conversation, seq), &Traces::read(&erasure).files).await?,
        Erased::Conversation(conversation) => work.conversation(conversation, None).await?,
        Erased::Visitor(visitor) => work.visitor(visitor, &Traces::read(&erasure)).await?,
        Erased::Customer(customer) => work.customer(customer, Traces::read(&erasure)).await?,
    }
    work.finish(Some(subject)).await
}

async fn read(app: &App, tenant: TenantId, id: ErasureId) -> store::Result<Erasure> {
    erasures::get(&mut app.db().read_of(tenant).await?, tenant, id).await
}

/// An erasure that is being done.
pub(super) struct Work<'a> {
    pub(super) app: &'a App,
    pub(super) tenant: TenantId,
    pub(super) id: ErasureId,
}

impl Work<'_> {
    pub(super) async fn write<T, F>(&self, of: Uuid, work: F) -> store::Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut db::Tx) -> BoxFuture<'a, store::Result<T>> + Clone + Send + 'static,
    {
        self.app.db().writer().write_patiently(Shard::Of(of), work).await
    }

    /// Puts what is erased on the list outside the record, before it is erased.
    pub(super) fn list(&self, subjects: &[Erased]) -> store::Result<()> {
        let (now, sealer, data) = (self.app.env().now(), self.app.sealer(), &self.app.settings().data);
        let line = |subject: &Erased| match subject {
            Erased::Message(id, seq) => list::Erasure::new(now, Kind::Message, self.tenant, &format!("{id}/{seq}")),
            Erased::Conversation(id) => list::Erasure::new(now, Kind::Conversation, self.tenant, id),
            Erased::Visitor(id) => list::Erasure::new(now, Kind::Visitor, self.tenant, &proof::mark(&sealer, self.tenant, *id)),
            Erased::Customer(id) => list::Erasure::new(now, Kind::Customer, self.tenant, id),
        };
        let lines: Vec<list::Erasure> = subjects.iter().map(line).collect();
        list::note(data, &lines).map_err(|error| store::Error::Db(db::Error::Io(error)))
    }

    async fn message(&self, (conversation, seq): (ConversationId, i64), files: &[FileId]) -> store::Result<()> {
        let (tenant, id) = (self.tenant, self.id);
        self.files(files.to_vec()).await?;
        self.write(conversation.uuid(), move |tx| Box::pin(async move { erasing::erase_message(tx, tenant, id, (conversation, seq)).await })).await
    }

    /// Erases a conversation: its files, its words, and the rest.
    pub(super) async fn conversation(&self, conversation: ConversationId, successor: Option<VisitorId>) -> store::Result<()> {
        let tenant = self.tenant;
        loop {
            let some = conversations::files(&mut self.app.db().read_of(tenant).await?, tenant, conversation, SOME).await?;
            if some.is_empty() {
                break;
            }
            self.files(some).await?;
        }
        let part = Part { erasure: self.id, conversation, successor };
        let mut after = Some(0);
        while let Some(seq) = after {
            let part = part.clone();
            after = self.write(conversation.uuid(), move |tx| Box::pin(async move { erasing::erase_entries(tx, tenant, &part, seq).await })).await?;
        }
        self.write(conversation.uuid(), move |tx| Box::pin(async move { erasing::erase_beside(tx, tenant, &part).await })).await?;
        self.erase_audit_details(conversation.to_string(), None).await
    }

    async fn visitor(&self, visitor: VisitorId, traces: &Traces) -> store::Result<()> {
        let (tenant, id, successor) = (self.tenant, self.id, traces.successor(visitor));
        loop {
            let some = conversations::some_of(&mut self.app.db().read_of(tenant).await?, tenant, visitor, SOME).await?;
            if some.is_empty() {
                break;
            }
            self.list(&some.iter().map(|id| Erased::Conversation(*id)).collect::<Vec<_>>())?;
            for conversation in some {
                self.conversation(conversation, Some(successor)).await?;
            }
        }
        loop {
            let some = conversations::files_of_visitor(&mut self.app.db().read_of(tenant).await?, tenant, visitor, SOME).await?;
            if some.is_empty() {
                break;
            }
            self.files(some).await?;
        }
        self.write(visitor.uuid(), move |tx| Box::pin(async move { erasing::erase_visitor(tx, tenant, id, visitor, successor).await })).await?;
        self.revocations(&visitor.to_string()).await
    }

    /// Takes back in the company's revocations that somebody was meant.
    async fn revocations(&self, name: &str) -> store::Result<()> {
        let (tenant, mut after) = (self.tenant, 0);
        loop {
            let page = people::revocations_after(&mut self.app.db().read_of(tenant).await?, tenant, after, REVOCATIONS).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.seq;
            let is_meant = |entry: &&StoredEntry| matches!(&entry.entry.body, Words::Plain(body) if body.contains(name));
            let seqs: Vec<i64> = page.iter().filter(is_meant).map(|entry| entry.seq).collect();
            if !seqs.is_empty() {
                self.add(move |tx| Box::pin(async move { people::withdraw_revocations(tx, tenant, &seqs).await })).await?;
            }
        }
    }

    async fn customer(&self, customer: CustomerId, mut traces: Traces) -> store::Result<()> {
        let (tenant, id, vault) = (self.tenant, self.id, self.app.vault());
        let (visitors, identifiers) = {
            let mut tx = self.app.db().read_of(tenant).await?;
            (people::visitors_of(&mut tx, tenant, customer).await?, people::identifiers(&mut tx, tenant, customer).await?)
        };
        // Whose they were is not known any more once they are erased; if this is interrupted, it goes on with all of them.
        traces.visitors.extend(visitors.iter().map(|visitor| visitor.uuid()));
        let open = |sealed: &Vec<u8>| vault.open(tenant, customer, Field::Identifier, sealed);
        let recipients: Vec<String> = identifiers.iter().filter_map(|(_, sealed)| open(sealed)).collect();
        traces.lanes.extend(identifiers.iter().map(|(lookup, _)| hex(lookup)));
        let json = traces.to_json();
        self.write(customer.uuid(), move |tx| Box::pin(async move { erasures::set_traces(tx, tenant, id, &json).await })).await?;
        for visitor in &traces.visitors {
            let visitor = VisitorId::new(*visitor);
            self.list(&[Erased::Visitor(visitor)])?;
            self.visitor(visitor, &traces).await?;
        }
        let lanes: Vec<Vec<u8>> = identifiers.into_iter().map(|(lookup, _)| lookup).collect();
        self.add(move |tx| {
            Box::pin(async move {
                let mut places = Places::new();
                for lane in lanes {
                    store_privacy::add(&mut places, people::delete_letters(tx, tenant, &lane).await?);
                }
                Ok(places)
            })
        })
        .await?;
        let letters = self.app.post().forget_to(&recipients).await.map_err(|error| store::Error::Db(db::Error::Io(error)))?;
        self.count("letter_files", letters).await?;
        self.write(customer.uuid(), move |tx| Box::pin(async move { erasing::erase_customer(tx, tenant, id, customer).await })).await
    }

    /// Removes the bytes of files, and then their rows.
    pub(super) async fn files(&self, files: Vec<FileId>) -> store::Result<()> {
        let (tenant, id) = (self.tenant, self.id);
        for file in &files {
            let path = self.app.settings().files.join(tenant.uuid().as_simple().to_string()).join(file.uuid().as_simple().to_string());
            match tokio::fs::remove_file(path).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(store::Error::Db(db::Error::Io(error))),
                _ => {}
            }
        }
        self.write(tenant.uuid(), move |tx| Box::pin(async move { erasing::erase_files(tx, tenant, id, &files).await })).await
    }

    /// Erases with a statement that counts by itself.
    pub(super) async fn add<F>(&self, work: F) -> store::Result<()>
    where
        F: for<'a> FnOnce(&'a mut db::Tx) -> BoxFuture<'a, store::Result<Places>> + Clone + Send + 'static,
    {
        let (tenant, id) = (self.tenant, self.id);
        self.write(tenant.uuid(), move |tx| {
            Box::pin(async move {
                let places = work(tx).await?;
                erasures::add_places(tx, tenant, id, places).await
            })
        })
        .await
    }

    async fn count(&self, place: &'static str, rows: u64) -> store::Result<()> {
        let mut places = Places::new();
        count(&mut places, place, rows);
        self.add(move |_| Box::pin(async move { Ok(places) })).await
    }

    /// Erases the details of what the audit noted about something, or of what somebody did: who did what, and when, stays.
    async fn erase_audit_details(&self, object: String, actor: Option<Uuid>) -> store::Result<()> {
        let (tenant, mut after) = (self.tenant, 0);
        loop {
            let found = people::audit_numbers(&mut self.app.db().read_of(tenant).await?, tenant, (&object, actor), after, AUDITED).await?;
            let Some(last) = found.last().copied() else { return Ok(()) };
            after = last;
            let sealer = self.app.sealer();
            self.add(move |tx| {
                Box::pin(async move {
                    let mut places = Places::new();
                    let stream = store::audit::stream_of(tx, tenant).await?;
                    for seq in found {
                        let Some(Body::Audited(mut entry)) = people::audit_entry(tx, tenant, seq).await?.and_then(|entry| entry.body()) else { continue };
                        if details::is_erased(&sealer, tenant, &entry) {
                            continue;
                        }
                        entry.values = details::mark_of_erasure(&sealer, tenant, &entry);
                        let (words, _) = Body::Audited(entry).to_json_parts();
                        db::journal::set_body(tx, tenant, stream, seq, &words).await?;
                        count(&mut places, "audit", 1);
                    }
                    Ok(places)
                })
            })
            .await?;
        }
    }

    /// Erases what quotes conversations elsewhere and what leads to the subject, writes the proof, and empties the log.
    pub(super) async fn finish(&self, subject: Option<Erased>) -> store::Result<Erasure> {
        let Self { app, tenant, id } = *self;
        let mut about = BTreeSet::from([id.to_string()]);
        about.extend(subject.filter(|subject| subject.kind() != ErasureKind::Message).map(Erased::name));
        let actor = subject.filter(|subject| subject.kind() == ErasureKind::Customer).map(Erased::uuid);
        for object in about {
            self.erase_audit_details(object, actor).await?;
        }
        self.add(move |tx| Box::pin(async move { people::delete_answers(tx, tenant).await })).await?;
        self.add(move |tx| Box::pin(async move { learned::delete_results(tx, tenant).await })).await?;
        // An archive that waits to be downloaded has what it was made of.
        crate::archive::forget(app, tenant).await.map_err(|error| store::Error::Db(db::Error::Io(error)))?;
        // It is done only when no file has it any more.
        empty_log(app).await;
        let sealer = app.sealer();
        self.write(tenant.uuid(), move |tx| {
            Box::pin(async move {
                let (erasure, now) = (erasures::get(tx, tenant, id).await?, tx.now());
                let proof = proof::sign(&sealer, tenant, &erasure, now);
                erasures::finish(tx, tenant, id, now, &proof.signature).await?;
                TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Settings).await
            })
        })
        .await?;
        // What led to the subject until now was in its own row.
        empty_log(app).await;
        read(app, tenant, id).await
    }
}

/// Has the log emptied, which still contains what was erased.
async fn empty_log(app: &App) {
    if !until_empty(|| app.db().empty_log()).await {
        tracing::warn!("the log still contains what was erased, because somebody reads all the time; it is emptied with the next erasure, or at the end");
    }
}
