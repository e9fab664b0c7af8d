//! A site on the wire, as those see it who set it up.

use domain::{
    id::{QueueId, SiteId},
    look::{shown, shown_of},
    site::{Side, SiteState},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use store::sites::{Site, SiteSettings};
use utoipa::ToSchema;

/// A site with all it is set to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompanySite)]
pub struct CompanySiteView {
    /// Its id.
    pub id: SiteId,
    /// What the embed snippet names.
    pub key: String,
    /// Whether its widget is served.
    pub state: SiteState,
    /// Where its customers wait for a person.
    pub queue: QueueId,
    /// The site's name.
    pub name: Bilingual,
    /// What the bot calls itself.
    pub bot_name: Bilingual,
    /// The first words.
    pub greeting: Bilingual,
    /// What happens to what is written.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`; `null` as the company.
    #[schema(required)]
    pub brand: Option<String>,
    /// The same, darkened as far as white words on it need: what is shown.
    #[schema(required)]
    pub brand_shown: Option<String>,
    /// In which corner the launcher stands.
    pub side: Side,
    /// Ids of the knowledge entries offered as first questions.
    pub questions: Vec<String>,
    /// Origins of the pages that may frame the widget; none is every page.
    pub origins: Vec<String>,
    /// Whether the widget asks for a rating.
    pub asks_rating: bool,
    /// Whether a message is offered instead of a wait while nobody who serves the queue is at work.
    pub message_when_unstaffed: bool,
    /// What is pasted into a page to get the widget.
    pub snippet: String,
    /// When it was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

impl CompanySiteView {
    /// A site, with the colour of its company, under the address at which browsers reach us.
    pub fn new(site: Site, company_brand: Option<&str>, public_url: &str) -> Self {
        let Site { id, tenant: _, key, settings, queue, state, updated_at } = site;
        let SiteSettings { name, bot_name, greeting, privacy_note, brand, questions, origins, side, rating_off, message_when_unstaffed } = settings;
        let brand_shown = brand.as_deref().and_then(shown);
        let colour = shown_of(brand.as_deref(), company_brand).map(|colour| format!(r#" data-color="{colour}""#)).unwrap_or_default();
        let corner = if side == Side::Start { r#" data-side="start""# } else { "" };
        let snippet = format!(r#"<script async src="{public_url}/w.js" data-site="{key}"{colour}{corner}></script>"#);
        Self {
            id,
            key,
            state,
            queue,
            name,
            bot_name,
            greeting,
            privacy_note,
            brand,
            brand_shown,
            side,
            questions,
            origins,
            asks_rating: !rating_off,
            message_when_unstaffed,
            snippet,
            updated_at,
        }
    }
}
