//! `GET /api/v1/me/today`: the caller's own numbers.

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use service::hours;
use store_desk::lists::Today;
use utoipa::ToSchema;

/// The caller's own numbers since midnight in the company's time zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyToday {
    /// The caller's resolved conversations: those listed by `GET /conversations?list=resolved_today`.
    pub resolved: i64,
    /// Over these, the median time from asking for a person to a person's first message, in milliseconds.
    #[schema(required)]
    pub frt_median_ms: Option<i64>,
    /// How many of these were rated.
    pub rated: i64,
    /// How many of those ratings were good.
    pub rated_good: i64,
}

/// Returns the caller's own numbers since midnight in the company's time zone.
#[utoipa::path(get, path = "/me/today", tag = "me", security(("staff" = [])), responses((status = 200, body = MyToday), Problems))]
pub async fn get_my_today(State(app): State<App>, actor: StaffActor) -> Result<Json<MyToday>, Problem> {
    let zone = hours::zone(app.db(), actor.tenant()).await?;
    let day = warehouse::Day::today(app.env().now(), &zone).map_err(|error| Problem::internal(&error))?;
    let (Today { resolved, rated, rated_good }, waits) =
        store_desk::lists::today(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), actor.staff.agent, day.from).await?;
    Ok(Json(MyToday { resolved, frt_median_ms: median(&waits), rated, rated_good }))
}

/// The median of sorted numbers; of two middle numbers, their mean rounded down.
fn median(sorted: &[i64]) -> Option<i64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        for (sorted, expected) in [(&[][..], None), (&[7][..], Some(7)), (&[1, 4][..], Some(2)), (&[1, 4, 100][..], Some(4))] {
            assert_eq!(median(sorted), expected);
        }
    }
}
