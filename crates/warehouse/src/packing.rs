//! Packs the parts of days that are over ([`packed`]), in small steps between batches of facts: when late events hardly arrive any more, and before the days are
//! final and checked for the last time.

use db::{Result, Tx};
use domain::time::{DAY, HOUR, Ts};

use crate::{store, sums::packed, window::Window};

/// How long ago a day began when it is packed: a day before it is final, and checked.
const AGE: i64 = 3 * DAY;
/// How often days to pack are looked for.
const EVERY: i64 = 6 * HOUR;

/// The days that begin before this time are to be packed.
pub(crate) const fn before(now: Ts) -> Ts {
    Ts((now.0 - AGE).div_euclid(EVERY) * EVERY)
}

/// Packs days of the company that has waited longest, at most so many; returns whether there was one.
pub(crate) async fn step(tx: &mut Tx, before: Ts, days: usize) -> Result<bool> {
    store::hold(tx).await?;
    let Some(mut company) = store::zone_to_pack(tx, before).await? else { return Ok(false) };
    let first = packed::first_unpacked(tx, company.tenant_id, Ts(company.packed_to)).await?.filter(|first| *first < before);
    company.packed_to = before.0;
    if let Some(first) = first {
        let window = Window { from: first, to: before.min(first.plus(DAY * i64::try_from(days).unwrap_or(1))) };
        packed::pack(tx, company.tenant_id, window).await?;
        company.packed_to = window.to.0;
    }
    store::set_zones(tx, &[company]).await?;
    Ok(true)
}
