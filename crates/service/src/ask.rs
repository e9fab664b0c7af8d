//! What is asked for in a conversation, and how it begins if it is new.

use domain::{
    conversation::{Asked, Channel},
    refusal::Code,
    text::Lang,
};
use seal::Sealer;

use crate::hidden_numbers::Numbers;

/// What somebody asks for in a conversation.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The channel it came through. A conversation that this begins keeps this channel.
    pub channel: Channel,
    /// The circumstances of a new conversation; `None` if this cannot begin one.
    pub beginning: Option<Beginning>,
    /// What is to happen.
    pub asked: Asked,
    /// The numbers that are hidden in what is asked.
    pub(crate) numbers: Numbers,
    /// Seals what the journal does not hold in the clear: the contact that is left with a message, and hidden numbers. `None` if nothing of that kind comes with it.
    pub sealer: Option<Sealer>,
}

/// The circumstances in which a new conversation begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The customer's language.
    pub lang: Lang,
    /// The product the customer is looking at.
    pub product: Option<String>,
}

impl Ask {
    /// What a person asks for. Numbers that nobody has to read are shortened in it, whichever door it comes by; `sealer` is asked for if something has to be sealed.
    pub fn new(beginning: Option<Beginning>, mut asked: Asked, is_customer: bool, sealer: impl FnOnce() -> Sealer) -> Self {
        let has_contact = matches!(&asked, Asked::LeaveMessage { contact: Some(_), .. });
        let numbers = Numbers::shorten_in(&mut asked, is_customer);
        let sealer = (has_contact || !numbers.is_settled()).then(sealer);
        Self { channel: Channel::Web, beginning, asked, numbers, sealer }
    }

    /// Whether nothing is hidden in it, whatever the record says of the sender: the entry has all that was sent.
    pub const fn is_plain(&self) -> bool {
        self.numbers.is_settled()
    }

    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    pub(crate) fn check(&self) -> Result<(), Code> {
        let begun = self.beginning.iter().flat_map(|new| new.product.iter());
        if begun.into_iter().any(|text| text.contains('\0')) {
            return Err(Code::TextUnacceptable);
        }
        self.asked.check()
    }
}
