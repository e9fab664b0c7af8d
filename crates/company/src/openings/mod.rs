//! Opening a company: a form for anybody, if whoever runs the installation allows it, and what the command does, too.

pub mod confirm;
mod letter;
pub mod offer;
pub mod open;
pub mod request;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{text::Lang, time::Ts};
use http_kit::{App, problem::Problem};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many digits a code has.
const CODE_DIGITS: u32 = 6;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offer::get_opening_offer, request::request_opening)).routes(routes!(confirm::confirm_opening))
}

/// A request to open a company. Nothing of it is stored: whoever asks holds it, sealed.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// The address to which the code was sent.
    email: String,
    /// The code.
    code: String,
    /// The language of whoever asks.
    lang: Lang,
    /// Until when the code can be submitted.
    expires_at: Ts,
}

impl Asked {
    const PURPOSE: &'static [u8] = b"opening a company";

    fn seal(&self, app: &App) -> Result<String, Problem> {
        let json = serde_json::to_vec(self).map_err(|error| Problem::internal(&error))?;
        let sealed = app.sealer().seal(Self::PURPOSE, &json).map_err(|error| Problem::internal(&error))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }
    fn open(app: &App, handle: &str) -> Option<Self> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(handle).ok()?;
        serde_json::from_slice(&app.sealer().open(Self::PURPOSE, &sealed)?).ok()
    }
}

/// Refuses where nobody may open a company: elsewhere than at the root of an installation whose settings allow it.
fn refuse_unless_offered(app: &App) -> Result<(), Problem> {
    if offer::is_offered(app) { Ok(()) } else { Err(Problem::not_found()) }
}
