//! Counting a day of a company again, step by step: first its rows from the events, some conversations at a time, then each table of cells from the rows. Every
//! step is a transaction of its own that leaves everything consistent, and the feed goes on between them. The same again changes nothing.

use domain::dimension::Dimension;
use std::{collections::HashMap, sync::Arc};

use db::{Error, Result, Tx};
use uuid::Uuid;

use super::{CONVERSATIONS, CompanyDay, cells, conversations, is_summed, rows};
use crate::{
    derive::Rows,
    event::Event,
    panel::Panel,
    store::{self, ConversationKey, SHARD},
    sums::{Level, Which, every_dimension},
    window::Window,
};

/// How many pieces of time of the cells are summed in one step.
const PIECES: usize = 240;

/// One step.
#[derive(Debug, Clone)]
enum Step {
    /// Derives the rows of some conversations.
    Rows(Arc<[ConversationKey]>),
    /// Sums the cells of a level, and of a dimension.
    Cells(Level, Option<Dimension>, Arc<[Window]>),
}

/// A day that is being counted again.
pub struct Recount<'p> {
    panel: &'p Panel,
    tenant: Uuid,
    steps: Vec<Step>,
    done: usize,
    changed: i64,
}

impl Panel {
    /// Begins to count a day of a company again; `None` while its days are being summed again after its zone was changed.
    pub async fn recount(&self, day: &CompanyDay) -> Result<Option<Recount<'_>>> {
        let mut tx = self.db.snapshot_of(day.tenant).await?;
        if !is_summed(&mut tx, day).await? {
            return Ok(None);
        }
        let conversations = conversations(&mut tx, day).await?;
        let mut steps: Vec<Step> = conversations.chunks(CONVERSATIONS).map(|some| Step::Rows(some.into())).collect();
        for level in [Level::Minute, Level::Quarter] {
            steps.extend(cells::pieces(level, day.window).chunks(PIECES).map(|some| Step::Cells(level, None, some.into())));
        }
        steps.extend(every_dimension().map(|dimension| Step::Cells(Level::Day, dimension, cells::pieces(Level::Day, day.window).into())));
        Ok(Some(Recount { panel: self, tenant: day.tenant.uuid(), steps, done: 0, changed: 0 }))
    }
}

impl Recount<'_> {
    /// Takes the next step; returns whether there was one.
    pub async fn step(&mut self) -> Result<bool> {
        let Some(step) = self.steps.get(self.done).cloned() else { return Ok(false) };
        let tenant = self.tenant;
        let _one = self.panel.applying.lock().await;
        let write = self.panel.db.writer().write_patiently::<_, Error, _>(SHARD, move |tx| {
            Box::pin(async move {
                store::hold(tx).await?;
                match step {
                    Step::Rows(conversations) => derive(tx, &conversations).await,
                    Step::Cells(level, dimension, pieces) => sum(tx, (tenant, level, dimension), &pieces).await,
                }
            })
        });
        self.changed += write.await?;
        self.done += 1;
        Ok(true)
    }

    /// How many steps have been taken, and how many there are.
    pub fn progress(&self) -> (i64, i64) {
        (i64::try_from(self.done).unwrap_or(i64::MAX), i64::try_from(self.steps.len()).unwrap_or(i64::MAX))
    }

    /// How many rows and cells have been changed.
    pub const fn changes(&self) -> i64 {
        self.changed
    }
}

/// Derives the rows of conversations again. The cells are left as they are: those of the day are summed afterwards.
async fn derive(tx: &mut Tx, conversations: &[ConversationKey]) -> Result<i64> {
    let mut events: HashMap<ConversationKey, Vec<Event>> = HashMap::new();
    for event in store::events(tx, &conversations.iter().copied().collect()).await? {
        events.entry((event.tenant_id, event.conversation_id)).or_default().push(event);
    }
    let mut derived = Rows::default();
    for mut of in events.into_values() {
        of.sort_by_key(|event| event.seq);
        let Rows { sessions, dialogues, replies, services, work } = Rows::of(&of);
        derived.sessions.extend(sessions);
        derived.dialogues.extend(dialogues);
        derived.replies.extend(replies);
        derived.services.extend(services);
        derived.work.extend(work);
    }
    let changes = rows::changes(rows::load(tx, conversations).await?, derived);
    store::save(tx, &changes).await?;
    Ok(rows::count_changes(&changes))
}

/// Sums cells again.
async fn sum(tx: &mut Tx, which: Which, pieces: &[Window]) -> Result<i64> {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Ok(0) };
    let window = Window { from: first.from, to: last.to };
    let stored = cells::cells_in(tx, which, window).await?;
    let right = cells::sum_rows(tx, which, pieces).await?;
    let (tenant, level, _) = which;
    if level == Level::Day {
        store::note_unpacked(tx, tenant, window.from).await?;
    }
    cells::replace(tx, which, window, (&stored, &right)).await
}
