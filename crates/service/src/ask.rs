//! What is asked for in a conversation, and how it begins if it is new.

use domain::{
    conversation::{Asked, Channel},
    entry::body::Page,
    refusal::Code,
    text::Lang,
};

/// What somebody asks for in a conversation.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The channel it came through. A conversation that this begins keeps this channel.
    pub channel: Channel,
    /// The circumstances of a new conversation; `None` if this cannot begin one.
    pub beginning: Option<Beginning>,
    /// What is to happen.
    pub asked: Asked,
}

/// The circumstances in which a new conversation begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The customer's language.
    pub lang: Lang,
    /// The product the customer is looking at.
    pub product: Option<String>,
    /// The page the customer is looking at.
    pub page: Option<Page>,
}

impl Ask {
    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    pub(crate) fn check(&self) -> Result<(), Code> {
        let begun = self.beginning.iter().flat_map(|new| new.product.iter().chain(new.page.iter().flat_map(|page| [&page.title, &page.url])));
        if begun.into_iter().any(|text| text.contains('\0')) {
            return Err(Code::TextUnacceptable);
        }
        self.asked.check()
    }
}
