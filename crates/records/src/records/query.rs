//! What is asked for, checked.

use domain::{
    conversation::{Channel, Outcome},
    id::{AgentId, CustomerId, QueueId, VisitorId},
    refusal::Code,
    time::Ts,
};
use http_kit::{
    App,
    edge::{Edge, edge, wrong},
    problem::Problem,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use warehouse::range;

use crate::table::found::{Filter, Person};

/// The most characters of the words to look for.
pub const MAX_QUERY_CHARS: usize = 200;
/// The most words to look for.
pub const MAX_QUERY_WORDS: usize = 10;
/// The most characters of the id of a product.
const MAX_PRODUCT_CHARS: usize = 64;

/// Which conversations to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRecords {
    /// Words, each of which was said in the conversation, by whomever: at most 10, with 200 characters in all. What is written without blanks is one word.
    #[serde(default)]
    pub q: Option<String>,
    /// The first day on which an episode began, such as `2026-11-14` in the company's time zone, or the first moment in milliseconds, a whole minute.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, inclusive, or the first moment after the end in milliseconds, a whole minute.
    #[serde(default)]
    pub to: Option<String>,
    /// Whose conversations: the id of a customer's account or of a visitor.
    #[serde(default)]
    pub customer: Option<String>,
    /// Who had the episode last.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// The queue that they are in, or were in last.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// How the episode was rated.
    #[serde(default)]
    #[param(inline)]
    pub rating: Option<RatedAs>,
    /// The product that the conversation is about.
    #[serde(default)]
    pub product: Option<String>,
    /// The channel on which the customer writes.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// How the episode ended.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A part of the scale of ratings, as the numbers have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatedAs {
    /// Above the middle of the scale.
    Good,
    /// The middle of the scale.
    Mid,
    /// Below the middle of the scale.
    Poor,
}

impl RatedAs {
    const fn scores(self) -> [i64; 2] {
        match self {
            Self::Good => [4, 5],
            Self::Mid => [3, 3],
            Self::Poor => [1, 2],
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Behind a line that was found, by its rank.
    Line(bool, i64, Uuid),
    /// Behind a conversation, by when it began.
    Began(Ts, Uuid),
}

impl After {
    /// As it is given to clients.
    pub fn cursor(self) -> String {
        match self {
            Self::Line(is_whole, at, id) => format!("{}.{at}.{}", u8::from(is_whole), id.as_simple()),
            Self::Began(at, id) => format!("b.{}.{}", at.0, id.as_simple()),
        }
    }

    fn parse(cursor: &str) -> Result<Self, Problem> {
        let place = || {
            let [kind, at, id] = cursor.split('.').collect::<Vec<_>>()[..] else { return None };
            let (at, id) = (at.parse().ok()?, id.parse().ok()?);
            match kind {
                "0" | "1" => Some(Self::Line(kind == "1", at, id)),
                "b" => Some(Self::Began(Ts(at), id)),
                _ => None,
            }
        };
        place().ok_or_else(http_kit::cursor::problem)
    }
}

/// What is asked for.
pub struct Asked {
    /// What was typed; empty if nothing was.
    pub words: String,
    /// What the conversations have to be like.
    pub filter: Filter,
    /// Where the page begins; `None` for the first.
    pub after: Option<After>,
}

impl ListRecords {
    /// Checks it.
    pub async fn check(self, app: &App, tenant: domain::id::TenantId) -> Result<Asked, Problem> {
        let words = self.q.unwrap_or_default().trim().to_owned();
        check_words(&words)?;
        let zone = service::hours::zone(app.db(), tenant).await?;
        let start = |day| range::start_of(day, &zone).map_err(|error| Problem::from(store::Error::from(error)));
        let moment = |field: &str, text: Option<&str>, is_end: bool| match text.map(|text| edge(field, text)).transpose()? {
            None => Ok(None),
            Some(Edge::At(at)) => Ok(Some(at)),
            Some(Edge::Day(day)) if is_end => day.tomorrow().map_err(|_| wrong(field, "it is too far in the future")).and_then(start).map(Some),
            Some(Edge::Day(day)) => start(day).map(Some),
        };
        let (from, to) = (moment("from", self.from.as_deref(), false)?, moment("to", self.to.as_deref(), true)?);
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            return Err(wrong("to", "it ends before it begins"));
        }
        let after = self.cursor.as_deref().map(After::parse).transpose()?;
        if after.is_some_and(|after| matches!(after, After::Line(..)) == words.is_empty()) {
            return Err(http_kit::cursor::problem());
        }
        if self.product.as_ref().is_some_and(|product| product.chars().count() > MAX_PRODUCT_CHARS || !store::can_be_stored(product)) {
            return Err(wrong("product", "give the id of a product"));
        }
        let filter = Filter {
            from,
            to,
            customer: self.customer.as_deref().map(person).transpose()?,
            agent: self.agent,
            queue: self.queue,
            scores: self.rating.map(RatedAs::scores),
            product: self.product,
            channel: self.channel.map(Channel::as_str),
            outcome: self.outcome,
        };
        Ok(Asked { words, filter, after })
    }
}

fn person(text: &str) -> Result<Person, Problem> {
    let customer = text.parse::<CustomerId>().map(Person::Customer);
    let visitor = || text.parse::<VisitorId>().map(Person::Visitor);
    customer.or_else(|_| visitor()).map_err(|_| wrong("customer", "give the id of a customer or of a visitor"))
}

fn check_words(words: &str) -> Result<(), Problem> {
    if words.is_empty() {
        return Ok(());
    }
    if words.chars().count() > MAX_QUERY_CHARS {
        return Err(Problem::invalid("q", Code::TooLarge, format!("at most {MAX_QUERY_CHARS} characters")));
    }
    match search::words(words) {
        0 => Err(wrong("q", "give a letter, a digit or a character: signs are not looked for")),
        count if count > MAX_QUERY_WORDS => Err(Problem::invalid("q", Code::TooLarge, format!("at most {MAX_QUERY_WORDS} words"))),
        _ => Ok(()),
    }
}
