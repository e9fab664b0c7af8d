//! What chains the entries of an audit log, and what signs its end. Both take the installation's key, which lies outside the record.

use domain::id::TenantId;
pub use seal::audit::{chain, purpose, retention_signature, signature};
use seal::{Sealer, audit::altered_before};
use store::{
    audit::{End, SignedHead},
    audit_retention::{Anchor, Retention},
};

/// Whether an end was signed with this key.
pub fn is_signed(sealer: &Sealer, tenant: TenantId, head: &SignedHead) -> bool {
    // Both are derived by a keyed digest that nobody outside can try: it is compared by whoever reads the record, not by whoever writes it.
    head.signature == signature(sealer, tenant, head.seq, &head.chain, head.at)
}

/// The signature of an anchor.
pub fn anchor_signature(sealer: &Sealer, tenant: TenantId, Anchor { seq, chain, at, deleted_at, signature: _ }: &Anchor) -> String {
    seal::audit::anchor_signature(sealer, tenant, (*seq, chain, *at), *deleted_at)
}

/// Whether an anchor was signed with this key.
pub fn is_anchor_signed(sealer: &Sealer, tenant: TenantId, anchor: &Anchor) -> bool {
    anchor.signature == anchor_signature(sealer, tenant, anchor)
}

/// Whether it was signed with this key how long an audit is kept.
pub fn is_retention_signed(sealer: &Sealer, tenant: TenantId, Retention { kept_days, signature }: &Retention) -> bool {
    *signature == retention_signature(sealer, tenant, *kept_days)
}

/// What the next entry is chained to. Where the log does not contain what was signed last, it is something that no entry has: an entry that is written over one
/// that was removed does not hide the gap.
pub fn link(sealer: &Sealer, tenant: TenantId, end: &End) -> String {
    let is_signed = end.signed.as_ref().map_or(end.seq == 0, |head| is_signed(sealer, tenant, head));
    let is_right = end.is_whole && is_signed;
    if is_right { end.chain.clone() } else { altered_before(end.seq + 1) }
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::body::{Audited, RefusedTries},
        journal::Actor,
        time::Ts,
    };

    use super::*;

    fn company(n: u128) -> TenantId {
        TenantId::new(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn whoever_changes_moves_or_leaves_out_an_entry_breaks_the_chain() {
        let sealer = Sealer::new(b"key");
        let (by, other) = (Actor::system(), Actor { name: Some("ada".to_owned()), ..Actor::system() });
        let entry = Audited {
            operation: "DELETE /api/v1/queues/{id}".to_owned(),
            path: "/1".to_owned(),
            made: None,
            refused: None,
            values: String::new(),
            digest: "d".to_owned(),
            chain: String::new(),
        };
        let (elsewhere, otherwise) = (Audited { path: "/2".to_owned(), ..entry.clone() }, Audited { digest: "e".to_owned(), ..entry.clone() });
        let refused = Audited { refused: Some(RefusedTries { code: "not_permitted".to_owned(), times: 2 }), ..entry.clone() };
        let whole = chain(&sealer, "a", company(1), 2, Ts(5), &by, &entry);
        for changed in [
            chain(&Sealer::new(b"another"), "a", company(1), 2, Ts(5), &by, &entry),
            chain(&sealer, "b", company(1), 2, Ts(5), &by, &entry),
            chain(&sealer, "a", company(2), 2, Ts(5), &by, &entry),
            chain(&sealer, "a", company(1), 3, Ts(5), &by, &entry),
            chain(&sealer, "a", company(1), 2, Ts(6), &by, &entry),
            chain(&sealer, "a", company(1), 2, Ts(5), &other, &entry),
            chain(&sealer, "a", company(1), 2, Ts(5), &by, &elsewhere),
            chain(&sealer, "a", company(1), 2, Ts(5), &by, &otherwise),
            chain(&sealer, "a", company(1), 2, Ts(5), &by, &refused),
        ] {
            assert_ne!(changed, whole);
        }
    }

    #[test]
    fn an_entry_is_not_chained_to_an_end_that_is_not_the_one_that_was_signed() {
        let (sealer, at) = (Sealer::new(b"key"), Ts(5));
        let head = SignedHead { seq: 2, chain: "c".to_owned(), at, signature: signature(&sealer, company(1), 2, "c", at) };
        let end = End { seq: 2, at, chain: "c".to_owned(), signed: Some(head.clone()), is_whole: true };
        assert_eq!(link(&sealer, company(1), &end), "c");
        assert_ne!(link(&sealer, company(1), &End { signed: None, ..end.clone() }), "c", "each entry is written with a signature");
        assert_eq!(link(&sealer, company(1), &End { seq: 0, at, chain: String::new(), signed: None, is_whole: true }), "");
        assert_ne!(link(&sealer, company(1), &End { is_whole: false, ..end.clone() }), "c");
        assert_ne!(link(&sealer, company(2), &end), "c");
        for other in [SignedHead { seq: 1, ..head.clone() }, SignedHead { chain: "d".to_owned(), ..head.clone() }, SignedHead { at: Ts(6), ..head }] {
            assert_ne!(link(&sealer, company(1), &End { signed: Some(other), ..end.clone() }), "c");
        }
    }
}
