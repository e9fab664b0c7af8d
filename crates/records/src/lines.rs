//! The index of lines that this node has for itself.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http_kit::App;
use search::Lines;
use tokio::{sync::Mutex, task::spawn_blocking};

/// The folder in that of the data.
const FOLDER: &str = "search";

/// How soon it is looked whether a search has ended.
const SEARCHED_FOR: Duration = Duration::from_millis(10);

/// The index, once it is opened, and whether it has read all that there was.
#[derive(Default)]
pub struct Own {
    lines: Mutex<Option<Arc<Lines>>>,
    is_complete: AtomicBool,
    /// Held while the record is read on: nothing is put in twice.
    pub turn: Mutex<()>,
}

impl Own {
    /// That of this node.
    pub fn of(app: &App) -> Arc<Self> {
        app.in_memory().of()
    }

    /// The index; opens it the first time.
    pub async fn lines(&self, app: &App) -> store::Result<Arc<Lines>> {
        let mut lines = self.lines.lock().await;
        if let Some(opened) = &*lines {
            return Ok(opened.clone());
        }
        let folder = app.settings().data.join(FOLDER);
        let opened = Arc::new(blocking(move || Lines::open(&folder)).await?);
        *lines = Some(opened.clone());
        Ok(opened)
    }

    /// Has it opened again: one that could not be written once, as on a full disk, cannot be written any more.
    pub async fn close(&self) {
        self.set_complete(false);
        let mut lines = self.lines.lock().await;
        let Some(closing) = lines.take() else { return };
        // Its folder is free once nobody searches in it any more.
        while Arc::strong_count(&closing) > 1 {
            tokio::time::sleep(SEARCHED_FOR).await;
        }
    }

    /// Whether everything that was said up to a moment ago is found.
    pub fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// Notes whether it has read all that there is.
    pub fn set_complete(&self, is_complete: bool) {
        self.is_complete.store(is_complete, Ordering::Release);
    }
}

/// Does work on the index, which waits for the disk.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> search::Result<T> + Send + 'static) -> store::Result<T> {
    let done = spawn_blocking(work).await.map_err(io::Error::other);
    done.and_then(|done| done.map_err(io::Error::other)).map_err(|error| store::Error::Db(db::Error::Io(error)))
}
