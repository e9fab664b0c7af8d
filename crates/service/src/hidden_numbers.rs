//! Numbers that nobody has to read in order to help: of cards, of identities, and codes. They are shortened before an entry is written, so that nobody and nothing
//! that reads entries ever has them. The words of messages and notes are kept as they were written, sealed by the company's key, for whoever may reveal them; in
//! everything else they are gone.

use db::Tx;
use domain::{
    conversation::{Asked, Conversation},
    id::{ConversationId, TenantId},
    masking::secret_numbers::{Awaited, shorten, shorten_or_code},
    text::MAX_TEXT_BYTES,
};
use seal::{Sealer, company_key::Sealed};
use store::{Error, Result, hidden_numbers};
use store_hall::{customer_codes, customer_visitors};

use crate::{
    act::{Act, Sender},
    company_key,
};

/// What is known of the numbers in what somebody asks for.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    /// The words as they were written, if numbers in them were shortened.
    written: Option<Written>,
    /// Whether any were shortened.
    has_any: bool,
    /// Whether there are six digits that may be a code, if one is awaited of the sender.
    may_hold_code: bool,
}

/// Words as they were written.
#[derive(Debug, Clone)]
pub struct Written {
    text: String,
    numbers: i64,
}

impl Numbers {
    /// Shortens the numbers in what somebody asks for. Only customers are sent codes.
    pub fn shorten_in(asked: &mut Asked, is_customer: bool) -> Self {
        let mut numbers = Self::default();
        let written = shorten_asked(asked, Awaited::Nothing, &mut |is_short, may_hold_code| {
            numbers.has_any |= is_short;
            numbers.may_hold_code |= is_customer && may_hold_code;
        });
        Self { written, ..numbers }
    }

    /// Whether nothing is hidden, whatever the record says: the entry can be written as it is.
    pub const fn is_settled(&self) -> bool {
        !self.has_any && !self.may_hold_code
    }
}

/// Shortens the numbers in all words; returns those that are kept as they were written. `see` is told of each text
/// whether something in it was shortened, and whether it has six digits then that may be a code.
fn shorten_asked(asked: &mut Asked, awaited: Awaited, see: &mut impl FnMut(bool, bool)) -> Option<Written> {
    let mut shorten_text = |text: &mut String| {
        // What is refused anyway, because it is too long for anything, is not read for numbers.
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let (short, may_hold_code) = match awaited {
            Awaited::Nothing => shorten_or_code(text),
            Awaited::Code => (shorten(text, awaited), false),
        };
        let written = short.map(|short| Written { numbers: short.hidden.len() as i64, text: std::mem::replace(text, short.text) });
        see(written.is_some(), may_hold_code);
        written
    };
    match asked {
        Asked::Quoting { said, .. } => shorten_asked(said, awaited, see),
        Asked::LeaveMessage { text, contact } => {
            // It is kept apart, and only as it is shortened.
            contact.as_mut().and_then(&mut shorten_text);
            shorten_text(text)
        }
        Asked::Text(text) | Asked::Note { text, .. } | Asked::Correct { text, .. } => shorten_text(text),
        // No question that is offered has such a number: these are the customer's own words.
        Asked::Choice { text, .. } => {
            let written = shorten_text(text)?;
            *asked = Asked::Text(std::mem::take(text));
            Some(written)
        }
        Asked::Whisper(text) | Asked::Transfer { note: Some(text), .. } | Asked::Rate { comment: Some(text), .. } => {
            shorten_text(text);
            None
        }
        Asked::AskAbout { details, .. } => {
            for detail in details {
                shorten_text(&mut detail.text);
            }
            None
        }
        _ => None,
    }
}

/// The act without the code that is awaited of its sender, if it has one; `None` if it stays as it is.
pub(crate) async fn without_code(tx: &mut Tx, c: &Conversation, act: &Act<Conversation>) -> Result<Option<Act<Conversation>>> {
    let Sender::Visitor { visitor, .. } = &act.sender else { return Ok(None) };
    if !act.ask.numbers.may_hold_code {
        return Ok(None);
    }
    // Of whoever registers, or has forgotten the password, nobody knows whose code it is: that somebody in the company awaits one says nothing of this visitor.
    let Some(customer) = customer_visitors::customer_of(tx, c.tenant, *visitor).await? else { return Ok(None) };
    if !customer_codes::is_awaited(tx, c.tenant, customer).await? {
        return Ok(None);
    }
    let mut act = act.clone();
    let found = shorten_asked(&mut act.ask.asked, Awaited::Code, &mut |_, _| ());
    act.ask.numbers.written = match (act.ask.numbers.written.take(), found) {
        (Some(Written { text, numbers }), Some(more)) => Some(Written { text, numbers: numbers + more.numbers }),
        (before, found) => before.or(found),
    };
    Ok(Some(act))
}

/// How many numbers are hidden in the words of an act.
pub(crate) fn count(act: &Act<Conversation>) -> Option<i64> {
    act.ask.numbers.written.as_ref().map(|written| written.numbers)
}

/// Keeps the words of an act as they were written, sealed, with their entry.
pub(crate) async fn keep(tx: &mut Tx, c: &Conversation, act: &Act<Conversation>, own: i64) -> Result<()> {
    let Some(Written { text, .. }) = &act.ask.numbers.written else { return Ok(()) };
    // A correction changes what an earlier entry says.
    let seq = if let Asked::Correct { of, .. } = act.ask.asked { of } else { own };
    let sealer = act.ask.sealer.as_ref().ok_or_else(|| company_key::cannot("numbers came without what seals them"))?;
    let sealed = company_key::obtain(tx, sealer, c.tenant).await?.seal(Sealed::Numbers, c.id, text).map_err(company_key::cannot)?;
    hidden_numbers::put(tx, c.tenant, c.id, seq, &sealed).await
}

/// The words of an entry as they were written. [`Error::NotFound`] if no number is hidden in it, or if its words are gone.
pub async fn reveal(tx: &mut Tx, sealer: &Sealer, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<String> {
    let sealed = hidden_numbers::find(tx, tenant, conversation, seq).await?.ok_or(Error::NotFound)?;
    let key = company_key::find(tx, sealer, tenant).await?;
    key.and_then(|key| key.open(Sealed::Numbers, conversation, &sealed)).ok_or(Error::NotFound)
}
