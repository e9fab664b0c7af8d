//! Ends sockets that have outlived what they were opened with: a visitor's token, or a session of the staff.

use domain::refusal::Code;

use crate::{App, realtime::mailbox::Principal};

/// Performs one pass.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for mailbox in app.hub().everybody() {
        let (ended, code) = match mailbox.principal() {
            Principal::Visitor { until, .. } => (*until <= now, Code::TokenExpired),
            Principal::Staff(staff, session) => {
                let mut tx = app.db().read().await?;
                (!store::staff_sessions::lives(&mut tx, staff.tenant, *session).await?, Code::SignedOut)
            }
        };
        if ended {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }
    Ok(())
}
