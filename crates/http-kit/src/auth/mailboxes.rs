//! Letters to one mailbox or number that strangers cause, whichever company sends them: where strangers open companies, each company's own limits are as many as
//! there are companies. What somebody with an account asks for has limits of its own, so that strangers do not use them up.

use domain::{customer::Identifier, time::HOUR};
use seal::vault::hex;

use super::{attempts::Limit, tally::Tally};
use crate::{App, problem::Problem};

/// More than anybody needs who registers with several companies here.
const ANYWHERE: Limit = Limit { tries: 40, within_ms: HOUR };

/// Counts a registration, an invitation or the code to open a company that is sent to this mailbox or number, or refuses one too many.
pub async fn take_letter_to(app: &App, to: &Identifier) -> Result<(), Problem> {
    let letters = Tally::new("letters to", &app.in_memory().letters_to, app.cluster().redis());
    letters.take(&hex(&app.vault().mailbox_anywhere(to)), ANYWHERE, app.env().now()).await.map_err(Problem::too_many)
}
