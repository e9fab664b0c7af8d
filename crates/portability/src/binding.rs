//! Opens what in a row is bound to the key of this installation, and binds it to the key of another one ([`Bound`]).

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use db::cells::Cell;
use domain::{
    customer::Identifier,
    entry::{Body, EntryKind, body::Audited},
    id::{AgentId, CustomerId, SiteId, TenantId},
    journal::{Actor, ActorKind},
    time::Ts,
};
use seal::{
    Sealer, audit,
    company_key::key_purpose,
    purpose,
    signed::{SaidOfCustomer, secret_purpose},
    vault::{Field, Vault},
};
use uuid::Uuid;

use crate::{
    holdings::{Bound, Purpose, Table},
    rows::Row,
};

/// In the place of a signature that was right: it is made again on arrival. Any other stays what it is, which is none.
const SIGNED: &str = "signed";

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    /// Seals secrets.
    pub sealer: Sealer,
    /// Seals what identifies people.
    pub vault: Vault,
}

/// Binds the rows of one company to an installation, or opens them. The entries of its audit have to come in their order, and after its anchor.
pub struct Binding {
    keys: Keys,
    tenant: TenantId,
    /// The chain of the audit's last entry, as it was and as it is now.
    last: (String, String),
    /// The number of the last entry, and its chain now.
    end: (i64, String),
    /// How many values did not open, and were left out.
    unreadable: u64,
}

/// A row by the names of its columns.
struct Named<'a> {
    table: &'a Table,
    row: &'a mut Row,
}

impl Named<'_> {
    fn cell(&self, column: &str) -> Option<&Cell> {
        self.row.get(self.table.columns().position(|known| known.name == column)?)
    }
    fn set(&mut self, column: &str, cell: Cell) {
        if let Some(at) = self.table.columns().position(|known| known.name == column)
            && let Some(place) = self.row.get_mut(at)
        {
            *place = cell;
        }
    }
    fn id(&self, column: &str) -> Uuid {
        if let Some(Cell::Id(id)) = self.cell(column) { *id } else { Uuid::nil() }
    }
    fn int(&self, column: &str) -> i64 {
        if let Some(Cell::Int(number)) = self.cell(column) { *number } else { 0 }
    }
    fn text(&self, column: &str) -> &str {
        if let Some(Cell::Text(text)) = self.cell(column) { text } else { "" }
    }
    fn bytes(&self, column: &str) -> Option<&[u8]> {
        if let Some(Cell::Bytes(bytes)) = self.cell(column) { Some(bytes) } else { None }
    }
}

impl Binding {
    /// For the rows of a company.
    pub fn new(keys: Keys, tenant: TenantId) -> Self {
        Self { keys, tenant, last: Default::default(), end: Default::default(), unreadable: 0 }
    }

    /// How many values did not open, and were left out.
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Opens what is sealed in a row and says of signatures whether they are right; `None` if the row is of no use without a value that does not open.
    pub fn open(&mut self, table: &Table, mut row: Row) -> Option<Row> {
        let mut named = Named { table, row: &mut row };
        for (column, bound) in table.bound {
            match bound {
                Bound::Sealed(purpose) => {
                    let Some(sealed) = named.bytes(column) else { continue };
                    match self.open_value(*purpose, &named, sealed) {
                        Some(opened) => named.set(column, Cell::Bytes(opened)),
                        None => {
                            self.unreadable += 1;
                            if *purpose != Purpose::CustomerName {
                                return None;
                            }
                            named.set(column, Cell::Null);
                        }
                    }
                }
                // It is computed again from what it is the digest of.
                Bound::DigestOf(_) => named.set(column, Cell::Bytes(Vec::new())),
                Bound::Digest => named.set(column, Cell::Null),
                Bound::Audit if table.name == "journal_entries" => self.open_entry(&mut named),
                Bound::Audit => {}
                Bound::Signature => {
                    let is_right = self.signature(&named) == named.text(column);
                    named.set(column, Cell::Text(if is_right { SIGNED.to_owned() } else { String::new() }));
                    if table.name == "audit_anchors" && is_right {
                        self.last.0 = named.text("chain").to_owned();
                    }
                }
            }
        }
        Some(row)
    }

    /// Seals what was opened in a row, under this installation's key, and signs again what was signed. `None` if something in it cannot be what was opened.
    pub fn seal(&mut self, table: &Table, mut row: Row) -> Option<Row> {
        let mut named = Named { table, row: &mut row };
        // Digests first: they are made of what is still open.
        for (column, bound) in table.bound {
            if let Bound::DigestOf(of) = bound {
                let opened = String::from_utf8(named.bytes(of)?.to_vec()).ok()?;
                let lookup = self.lookup(&named, &opened)?;
                named.set(column, Cell::Bytes(lookup));
            }
        }
        for (column, bound) in table.bound {
            match bound {
                Bound::Sealed(purpose) => {
                    let Some(opened) = named.bytes(column) else { continue };
                    let sealed = self.seal_value(*purpose, &named, opened)?;
                    named.set(column, Cell::Bytes(sealed));
                }
                Bound::Audit if table.name == "journal_entries" => self.seal_entry(&mut named)?,
                Bound::Audit if self.end.0 == named.int("seq") => named.set(column, Cell::Text(self.end.1.clone())),
                Bound::DigestOf(_) | Bound::Digest | Bound::Audit => {}
                Bound::Signature if named.text(column) == SIGNED => {
                    let signature = self.signature(&named);
                    named.set(column, Cell::Text(signature));
                    if table.name == "audit_anchors" {
                        self.last.1 = named.text("chain").to_owned();
                    }
                }
                Bound::Signature => {}
            }
        }
        Some(row)
    }

    fn open_value(&self, purpose: Purpose, row: &Named<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        let (vault, tenant) = (&self.keys.vault, self.tenant);
        let field = |column: &str, field| vault.open(tenant, CustomerId::new(row.id(column)), field, sealed).map(String::into_bytes);
        match purpose {
            Purpose::CustomerName => field("id", Field::Name),
            Purpose::CustomerIdentifier => field("customer_id", Field::Identifier),
            Purpose::SaidBySite => field("customer_id", Field::Signed),
            Purpose::FactsOfCustomer => field("customer_id", Field::Facts),
            other => self.keys.sealer.open(&self.purpose(other, row), sealed),
        }
    }

    fn seal_value(&self, purpose: Purpose, row: &Named<'_>, opened: &[u8]) -> Option<Vec<u8>> {
        let (vault, tenant) = (&self.keys.vault, self.tenant);
        let field = |column: &str, field| vault.seal(tenant, CustomerId::new(row.id(column)), field, std::str::from_utf8(opened).ok()?).ok();
        match purpose {
            Purpose::CustomerName => field("id", Field::Name),
            Purpose::CustomerIdentifier => field("customer_id", Field::Identifier),
            Purpose::SaidBySite => field("customer_id", Field::Signed),
            Purpose::FactsOfCustomer => field("customer_id", Field::Facts),
            other => self.keys.sealer.seal(&self.purpose(other, row), opened).ok(),
        }
    }

    /// The purpose of what is not sealed by the vault.
    fn purpose(&self, purpose: Purpose, row: &Named<'_>) -> Vec<u8> {
        match purpose {
            Purpose::SiteSecret => secret_purpose(SiteId::new(row.id("site_id")), row.text("kid")),
            Purpose::SecondStep => purpose::second_step(self.tenant, AgentId::new(row.id("agent_id"))),
            Purpose::SingleSignOn => purpose::single_sign_on(self.tenant),
            Purpose::CompanyKey => key_purpose(self.tenant),
            Purpose::Webhook | Purpose::CustomerName | Purpose::CustomerIdentifier | Purpose::SaidBySite | Purpose::FactsOfCustomer => {
                row.id("id").as_bytes().to_vec()
            }
        }
    }

    fn lookup(&self, row: &Named<'_>, opened: &str) -> Option<Vec<u8>> {
        let (vault, tenant) = (&self.keys.vault, self.tenant);
        if row.table.name == "signed_customers" {
            let said: SaidOfCustomer = serde_json::from_str(opened).ok()?;
            return Some(vault.subject(tenant, SiteId::new(row.id("site_id")), &said.subject));
        }
        Some(vault.lookup(tenant, &Identifier::stored(opened.to_owned())))
    }

    /// The signature that a row of the audit's ends should have.
    fn signature(&self, row: &Named<'_>) -> String {
        let (sealer, tenant) = (&self.keys.sealer, self.tenant);
        let (seq, chain, at) = (row.int("seq"), row.text("chain"), Ts(row.int("at")));
        match row.table.name {
            "audit_retention" => audit::retention_signature(sealer, tenant, row.int("kept_days")),
            "audit_anchors" => audit::anchor_signature(sealer, tenant, (seq, chain, at), Ts(row.int("deleted_at"))),
            _ => audit::signature(sealer, tenant, seq, chain, at),
        }
    }

    /// Opens the details of an entry of the audit. The chain of one that was altered becomes empty, so that it is found on arrival as well.
    fn open_entry(&mut self, row: &mut Named<'_>) {
        let Some((mut entry, by)) = audit_entry(row) else { return };
        let opened = BASE64.decode(&entry.values).ok().and_then(|sealed| self.keys.sealer.open(&audit::purpose(self.tenant), &sealed));
        if opened.is_none() {
            self.unreadable += 1;
        }
        entry.values = opened.map_or_else(String::new, |opened| BASE64.encode(opened));
        let (seq, before) = (row.int("seq"), std::mem::replace(&mut self.last.0, entry.chain.clone()));
        if self.chain(&before, row, &by, &entry) != entry.chain && self.chain(&audit::altered_before(seq), row, &by, &entry) != entry.chain {
            entry.chain = String::new();
        } else if self.chain(&before, row, &by, &entry) != entry.chain {
            entry.chain = audit::altered_before(seq);
        }
        set_body(row, &entry);
    }

    fn seal_entry(&mut self, row: &mut Named<'_>) -> Option<()> {
        let Some((mut entry, by)) = audit_entry(row) else { return Some(()) };
        let seq = row.int("seq");
        let before = if entry.chain.is_empty() || entry.chain == audit::altered_before(seq) { audit::altered_before(seq) } else { self.last.1.clone() };
        let opened = BASE64.decode(&entry.values).ok()?;
        if !opened.is_empty() {
            entry.values = BASE64.encode(self.keys.sealer.seal(&audit::purpose(self.tenant), &opened).ok()?);
        }
        entry.chain = self.chain(&before, row, &by, &entry);
        self.last.1.clone_from(&entry.chain);
        self.end = (seq, entry.chain.clone());
        set_body(row, &entry);
        Some(())
    }

    fn chain(&self, before: &str, row: &Named<'_>, by: &Actor, entry: &Audited) -> String {
        audit::chain(&self.keys.sealer, before, self.tenant, row.int("seq"), Ts(row.int("at")), by, entry)
    }
}

/// The entry of an audit, and who did it; `None` if the row is another one.
fn audit_entry(row: &Named<'_>) -> Option<(Audited, Actor)> {
    if row.text("kind") != EntryKind::Audited.as_str() {
        return None;
    }
    let entry = serde_json::from_str(row.text("body")).ok()?;
    let id = if let Some(Cell::Id(id)) = row.cell("actor_id") { Some(*id) } else { None };
    let name = if let Some(Cell::Text(name)) = row.cell("actor_name") { Some(name.clone()) } else { None };
    Some((entry, Actor { kind: ActorKind::parse(row.text("actor_kind"))?, id, name }))
}

/// In the form in which an entry is stored: a verification compares that, too.
fn set_body(row: &mut Named<'_>, entry: &Audited) {
    let (body, _) = Body::Audited(entry.clone()).to_json_parts();
    row.set("body", Cell::Text(body));
}
