//! The audit log of a company: a stream of its own in which each entry is chained to the previous one.

use db::journal;
use domain::{
    entry::{Body, Fact, body::Audited, fact},
    journal::{NewEntry, View},
    stream::StreamName,
    time::Ts,
};

use crate::{Error, Result, TenantTx, access};

/// The end of an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The number of the last entry; 0 if there is none.
    pub seq: i64,
    /// The time of the last entry.
    pub at: Ts,
    /// The value the next entry is chained to; empty if there is none.
    pub chain: String,
}

impl TenantTx<'_> {
    /// Appends to the company's audit log, on behalf of the acting member, the entry `chained`
    /// builds from the current end. No other transaction can append until this one is over.
    pub async fn audit(&mut self, chained: impl FnOnce(&Self, &End) -> Audited) -> Result<()> {
        let tenant = self.tenant();
        let stream = StreamName::audit(access::stream(self, tenant).await?.id);
        let end = self.end_of(stream).await?;
        let audited = chained(self, &end);
        let entry = NewEntry::new(stream, tenant, self.by(), Body::Audited(audited), Fact::Audited(fact::Nothing {}));
        Ok(journal::note(self, entry).await?)
    }

    async fn end_of(&mut self, stream: StreamName) -> Result<End> {
        let tenant = self.tenant();
        journal::lock(self, &[(tenant.uuid(), stream.id, stream.kind)]).await?;
        let head = journal::head(self, tenant, stream.id).await?;
        let last = journal::page(self, tenant, stream, View::Staff, head.seq - 1, 1).await?.pop();
        let chain = match (head.seq, last.map(|entry| entry.body())) {
            (0, None) => String::new(),
            (_, Some(Some(Body::Audited(last)))) => last.chain,
            _ => return Err(Error::Db(db::Error::Corrupt(format!("the end of {stream} cannot be read")))),
        };
        Ok(End { seq: head.seq, at: head.last_at, chain })
    }
}
