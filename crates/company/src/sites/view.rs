//! A site on the wire, for those who configure it.

use domain::{
    id::{QueueId, SiteId},
    look::{shown_colour, shown_of},
    site::{AsksAbout, RatingReason, Side, SiteState},
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::Serialize;
use store::sites::{Site, SiteSettings};
use utoipa::ToSchema;

/// A site with all its settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompanySite)]
pub struct CompanySiteView {
    /// The site's id.
    pub id: SiteId,
    /// The key that the embed snippet contains.
    pub key: String,
    /// Whether its widget is served.
    pub state: SiteState,
    /// The queue in which its customers wait for a person.
    pub queue: QueueId,
    /// The site's name.
    pub name: Bilingual,
    /// The name the bot uses.
    pub bot_name: Bilingual,
    /// The greeting that a new conversation starts with.
    pub greeting: Bilingual,
    /// The greeting while the queue is closed; a language that is empty has the usual one.
    pub closed_greeting: Bilingual,
    /// The privacy note: what happens to what customers write.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`; `null` for the company's.
    #[schema(required)]
    pub brand: Option<String>,
    /// The site's colour as shown: darkened until white text on it is readable.
    #[schema(required)]
    pub brand_shown: Option<String>,
    /// The corner in which the launcher appears.
    pub side: Side,
    /// Ids of the knowledge entries offered as first questions.
    pub questions: Vec<String>,
    /// Origins of the pages that may frame the widget; if empty, any page may.
    pub origins: Vec<String>,
    /// Whether the widget asks for a rating.
    pub asks_rating: bool,
    /// What customers can choose to say why they rate as they do.
    pub rating_reasons: Vec<RatingReason>,
    /// Whether customers are offered to leave a message instead of waiting while nobody who serves the queue is at work.
    pub message_when_unstaffed: bool,
    /// After how many misses of the bot in a row a person is offered; 0 for never.
    pub offer_after_misses: u8,
    /// Where help can be had, told to customers who seem to be in despair or in danger.
    pub help_lines: Bilingual,
    /// Whether only customers may chat whom the site's own server has named by a signed token.
    pub requires_identity: bool,
    /// Whether customers are asked what it is about before a person is asked for, and among which kinds of question they choose.
    pub asks_about: AsksAbout,
    /// The HTML to paste into a page to embed the widget.
    pub snippet: String,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

fn both(text: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual { zh: text(Lang::Zh), en: text(Lang::En) }
}

impl CompanySiteView {
    /// Builds the view of a site; `public_url` is the address at which browsers reach this installation.
    pub fn new(site: Site, company_brand: Option<&str>, public_url: &str) -> Self {
        let Site { id, tenant: _, key, settings, queue, state, updated_at } = site;
        let SiteSettings {
            name,
            bot_name,
            greeting,
            closed_greeting,
            privacy_note,
            brand,
            questions,
            origins,
            side,
            rating_off,
            rating_reasons,
            message_when_unstaffed,
            offer_after_misses,
            help_lines,
            requires_identity,
            asks_about,
        } = settings;
        let help_lines = both(|lang| service::handoff::help_lines(&help_lines, lang));
        let brand_shown = brand.as_deref().and_then(shown_colour);
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
            closed_greeting,
            privacy_note,
            brand,
            brand_shown,
            side,
            questions,
            origins,
            asks_rating: !rating_off,
            rating_reasons,
            message_when_unstaffed,
            offer_after_misses,
            help_lines,
            requires_identity,
            asks_about,
            snippet,
            updated_at,
        }
    }
}
