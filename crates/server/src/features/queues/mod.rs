//! Queues: their names, who serves them, and when they are open.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    id::{QueueId, TenantId},
    opening_hours::{HoursError, HoursFault, OpeningHours},
    refusal::{Code, Refusal},
    site,
    text::Bilingual,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, problem::Problem};

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_queues, create::create_queue)).routes(routes!(update::update_queue, delete::delete_queue))
}

/// The longest name of a queue, in characters.
const MAX_NAME_CHARS: usize = 40;
const NAME_TAKEN: Code = Code::QueueNameTaken;
const NEEDS_MEMBER: Code = Code::QueueNeedsMember;

impl From<HoursError> for Problem {
    fn from(HoursError { field, fault }: HoursError) -> Self {
        let code = match fault {
            HoursFault::Order => Code::IntervalEndsBeforeItBegins,
            HoursFault::Overlap => Code::IntervalsOverlap,
            _ => Code::InvalidValue,
        };
        Self::invalid(format!("hours.{field}"), code, fault.to_string())
    }
}

fn check(name: &Bilingual, hours: Option<&OpeningHours>) -> Result<(), Problem> {
    site::check_name("name", name, MAX_NAME_CHARS)?;
    if let Some(hours) = hours {
        hours.check()?;
    }
    Ok(())
}

fn trimmed(name: Bilingual) -> Bilingual {
    Bilingual { zh: name.zh.trim().to_owned(), en: name.en.trim().to_owned() }
}

/// Refuses a name that another queue has in one of the languages: nobody could tell them apart.
async fn refuse_taken(tx: &mut Tx, tenant: TenantId, name: &Bilingual, own: QueueId) -> store::Result<()> {
    if store::queues::is_taken(tx, tenant, name, own).await? { Err(Refusal::new(NAME_TAKEN).into()) } else { Ok(()) }
}

fn refused(error: store::Error, queue: Bilingual) -> Problem {
    match error {
        store::Error::Refused(Refusal { code: NEEDS_MEMBER, .. }) => {
            let title = "nobody would serve this queue: name somebody who is not kept out, or send `confirm`";
            Problem { field: Some("members".to_owned()), names: Some([queue].into()), ..Problem::conflict(NEEDS_MEMBER, title) }
        }
        store::Error::Refused(Refusal { code: NAME_TAKEN, .. }) => {
            Problem { field: Some("name".to_owned()), ..Problem::conflict(NAME_TAKEN, "another queue has this name") }
        }
        // The queue itself was found before: it is a member that is nobody.
        store::Error::NotFound => Problem::invalid("members", Code::InvalidValue, "one of the members is nobody of the staff"),
        other => other.into(),
    }
}
