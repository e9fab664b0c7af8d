//! Older pages of a stream: answers to `get`, both on a connection that follows the stream and without one.

use db::journal;
use domain::{journal::View, refusal::Code, stream::StreamName};
use wire::{
    encode,
    frames::{MAX_PAGE, ServerFrame},
    lines::{Lines, WRITE_BYTES, push},
};

use crate::{access, mailbox::Principal, node::Node};

/// How many entries are read at once for a piece of a page.
const PIECE_ENTRIES: i64 = 100;
/// About how many bytes of pages the answer to one POST holds.
const POST_BYTES: usize = 4 * WRITE_BYTES;

/// The requested range: both ends included, limited to the first page. `None` if it is not a range.
pub fn range(from: i64, to: i64) -> Option<(i64, i64)> {
    (1 <= from && from <= to).then(|| (from, to.min(from.saturating_add(MAX_PAGE - 1))))
}

/// Writes a piece that begins at `from` and ends where a write is full, at the latest at `to`; returns the number it ends at.
pub async fn piece(node: &Node, principal: &Principal, stream: StreamName, (from, to): (i64, i64), out: &mut Lines) -> db::Result<i64> {
    let view = principal.view();
    let mut tx = node.db().read_of(principal.tenant()).await?;
    let entries = journal::page(&mut tx, principal.tenant(), stream, view, from - 1, (to - from + 1).min(PIECE_ENTRIES)).await?;
    let (mut lines, mut bytes, mut last) = (Vec::new(), 0, to);
    for stored in &entries {
        if bytes > WRITE_BYTES {
            break;
        }
        if let Some(line) = encode::entry(stored, principal.reader()) {
            bytes += line.len();
            lines.push(line);
            last = if view == View::Customer { stored.pseq.unwrap_or(stored.seq) } else { stored.seq };
        }
    }
    // There is nothing more after the head.
    let last = if lines.is_empty() { to } else { last };
    encode::page(out, stream, (from, last), &lines);
    Ok(last)
}

/// Answers a `get` of a client that reads without a socket and may see the stream: one piece after another, until the answer is full. The last piece says where
/// that was; a range for which there was no room at all has to be requested again.
pub async fn beside(node: &Node, principal: &Principal, stream: StreamName, (from, to): (i64, i64), out: &mut Lines) {
    let Some((mut from, to)) = range(from, to) else { return push(out, &ServerFrame::unread(stream, Code::BadRange)) };
    // Whether the stream may be seen is stored in the record: a question costs as much whatever its answer.
    if out.len() >= POST_BYTES || node.limits().take(principal, node.env().now()).is_err() {
        return push(out, &ServerFrame::unread(stream, Code::Busy));
    }
    let read = async {
        if !access::may_follow(&mut node.db().read_of(principal.tenant()).await?, node, principal, stream).await? {
            push(out, &ServerFrame::Gone { stream, code: Code::NoAccess });
            return Ok(());
        }
        while out.len() < POST_BYTES {
            let last = piece(node, principal, stream, (from, to), out).await?;
            if last >= to {
                break;
            }
            from = last + 1;
        }
        Ok::<_, db::Error>(())
    };
    if let Err(error) = read.await {
        tracing::warn!(error = %error, "an older page could not be read");
        push(out, &ServerFrame::unread(stream, Code::Busy));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_a_beginning_an_end_and_at_most_a_page() {
        assert_eq!([range(1, 1), range(1, 500), range(7, 600)], [Some((1, 1)), Some((1, 500)), Some((7, 506))]);
        assert_eq!(range(i64::MAX, i64::MAX), Some((i64::MAX, i64::MAX)));
        for (from, to) in [(0, 5), (-3, -1), (2, 1), (i64::MIN, i64::MAX)] {
            assert_eq!(range(from, to), None);
        }
    }
}
