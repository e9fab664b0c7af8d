//! A ZIP that is written while it is sent: one thread packs what comes, piece by piece, and waits for whoever downloads it.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs::File,
    io::{self, Write},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::body::{Body, Bytes};
use domain::id::TenantId;
use futures_util::stream;
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore, SemaphorePermit,
        mpsc::{Receiver, Sender, channel, error::SendTimeoutError},
    },
    task::spawn_blocking,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Copies that are packed at the same time. Each keeps a thread for as long as it is downloaded.
const AT_ONCE: usize = 16;
/// Those of one company, so that it leaves places to the others.
const OF_ONE: usize = 4;
/// How long a download may stall before it is broken off, so that it does not keep its place from others.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pieces that wait in each direction.
const WAITING: usize = 8;
/// What is sent at a time, in bytes.
const CHUNK: usize = 64 * 1024;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
static TAKEN: Mutex<BTreeMap<TenantId, usize>> = Mutex::new(BTreeMap::new());

/// Nobody takes the ZIP any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

enum Piece {
    Begin(String),
    Write(String),
    File(String, PathBuf),
    End,
}

/// Where the parts of a ZIP are put. A ZIP that is dropped before its end breaks off, and so does its download.
pub(super) struct Pieces(Sender<Piece>);

impl Pieces {
    async fn put(&self, piece: Piece) -> Result<(), Gone> {
        self.0.send(piece).await.map_err(|_| Gone)
    }
    /// Begins a part with this name.
    pub(super) async fn begin(&self, name: &str) -> Result<(), Gone> {
        self.put(Piece::Begin(name.to_owned())).await
    }
    /// Adds to the part that was begun.
    pub(super) async fn write(&self, text: String) -> Result<(), Gone> {
        self.put(Piece::Write(text)).await
    }
    /// Adds a file; one that is not there is left out.
    pub(super) async fn file(&self, name: &str, path: PathBuf) -> Result<(), Gone> {
        self.put(Piece::File(name.to_owned(), path)).await
    }
    /// Ends the ZIP.
    pub(super) async fn end(&self) -> Result<(), Gone> {
        self.put(Piece::End).await
    }
}

/// A place that one company's copy takes.
struct Turn {
    tenant: TenantId,
    _place: SemaphorePermit<'static>,
}

impl Turn {
    fn take(tenant: TenantId) -> Option<Self> {
        let place = TURNS.try_acquire().ok()?;
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.entry(tenant).or_default();
        if *own == OF_ONE {
            return None;
        }
        *own += 1;
        Some(Self { tenant, _place: place })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut own) = taken.entry(self.tenant) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

/// Begins a ZIP; returns where its parts are put, and its bytes. `None` while as many are packed as can be, for all companies or for this one.
pub(super) fn begin(tenant: TenantId) -> Option<(Pieces, Body)> {
    let turn = Turn::take(tenant)?;
    let (put, pieces) = channel(WAITING);
    let (bytes, sent) = channel(WAITING);
    let is_whole = Arc::new(AtomicBool::new(false));
    let (packed, runtime) = (is_whole.clone(), Handle::current());
    drop(spawn_blocking(move || {
        // If nobody is there any more, nobody needs to know that it failed.
        let done = pack(pieces, Out { to: bytes, chunk: Vec::with_capacity(CHUNK), runtime });
        packed.store(done.is_ok(), Ordering::Release);
        // Only now do the bytes end, for whoever reads them to know whether they are all.
        drop((done, turn));
    }));
    let body = stream::unfold(Some(sent), move |sent| {
        let is_whole = is_whole.clone();
        async move {
            let mut sent: Receiver<Bytes> = sent?;
            match sent.recv().await {
                Some(chunk) => Some((Ok(chunk), Some(sent))),
                None if is_whole.load(Ordering::Acquire) => None,
                // The download fails.
                None => Some((Err(io::Error::other("it was not finished")), None)),
            }
        }
    });
    Some((Pieces(put), Body::from_stream(body)))
}

/// Packs what comes, and returns where it was sent once it is whole.
fn pack(mut pieces: Receiver<Piece>, out: Out) -> io::Result<Out> {
    let mut packed = ZipWriter::new_stream(out);
    let text = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    // Pictures and documents are compressed already.
    let as_it_is = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Begin(name) => packed.start_file(name, text)?,
            Piece::Write(text) => packed.write_all(text.as_bytes())?,
            Piece::File(name, path) => match File::open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                file => {
                    packed.start_file(name, as_it_is)?;
                    io::copy(&mut file?, &mut packed)?;
                }
            },
            Piece::End => {
                let mut out = packed.finish()?.into_inner();
                out.flush()?;
                return Ok(out);
            }
        }
    }
    Err(io::Error::other("it was not finished"))
}

/// Sends what is written, in chunks.
struct Out {
    to: Sender<Bytes>,
    chunk: Vec<u8>,
    runtime: Handle,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
        match self.runtime.block_on(self.to.send_timeout(chunk.into(), PATIENCE)) {
            Ok(()) => Ok(()),
            Err(SendTimeoutError::Timeout(_)) => Err(io::ErrorKind::TimedOut.into()),
            Err(SendTimeoutError::Closed(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_company_leaves_places_to_the_others() {
        let (greedy, another) = (TenantId::new(Uuid::from_u128(3)), TenantId::new(Uuid::from_u128(4)));
        let mut taken: Vec<Turn> = (0..OF_ONE).map(|_| Turn::take(greedy).unwrap()).collect();
        assert!(Turn::take(greedy).is_none() && Turn::take(another).is_some());
        taken.pop();
        assert!(Turn::take(greedy).is_some());
    }

    #[tokio::test]
    async fn parts_and_files_come_out_as_they_were_put_in() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("picture"), vec![7; 200_000]).unwrap();
        let (pieces, body) = begin(TenantId::new(Uuid::from_u128(1))).unwrap();
        let from = folder.path().to_owned();
        let putting = tokio::spawn(async move {
            pieces.begin("person.json").await?;
            pieces.write("{\"a\":".to_owned()).await?;
            pieces.write("1}".to_owned()).await?;
            pieces.file("files/1/picture.png", from.join("picture")).await?;
            pieces.file("files/2/gone.png", from.join("gone")).await?;
            pieces.end().await
        });
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        putting.await.unwrap().unwrap();
        let mut packed = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        assert_eq!(packed.len(), 2);
        let mut text = String::new();
        packed.by_name("person.json").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"a\":1}");
        assert_eq!(packed.by_name("files/1/picture.png").unwrap().size(), 200_000);
    }

    #[tokio::test]
    async fn one_that_is_not_finished_breaks_off() {
        let (pieces, body) = begin(TenantId::new(Uuid::from_u128(2))).unwrap();
        pieces.begin("person.json").await.unwrap();
        drop(pieces);
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }
}
