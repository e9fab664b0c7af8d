//! Letters to one mailbox or number, whichever company sends them: where strangers open companies, each company's own limits are as many as there are companies.

use domain::{customer::Identifier, time::HOUR};
use seal::vault::hex;

use super::{attempts::Limit, tally::Tally};
use crate::{App, problem::Problem};

/// More than anybody needs who uses several companies here, and each company's own limit is lower.
const ANYWHERE: Limit = Limit { tries: 40, within_ms: HOUR };

/// Counts a letter to this mailbox or number, or refuses one too many.
pub async fn take_letter_to(app: &App, to: &Identifier) -> Result<(), Problem> {
    let letters = Tally::new("letters to", &app.in_memory().letters_to, app.cluster().redis());
    letters.take(&hex(&app.vault().mailbox_anywhere(to)), ANYWHERE, app.env().now()).await.map_err(Problem::too_many)
}
