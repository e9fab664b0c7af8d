//! Accepts uploads: a file is streamed to the data folder, checked, and only then recorded. When its sender is notified, its bytes and its name are on disk.

use std::{
    io::{BufWriter, Read as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody as _},
    http::StatusCode,
};
use domain::{
    id::{FileId, TenantId},
    masking::secret_numbers::{self, Awaited},
    refusal::Code,
};
use futures_util::StreamExt as _;
use http_kit::{App, fault::Fault, permitted::Permitted, problem::Problem};
use platform::{
    arrivals::Arrival,
    durable::{self, folder_of},
    files::{
        sniff::{Sniffed, UNKNOWN, shown_size, sniff},
        strip::{is_bare, strip},
    },
};
use store_desk::files::{FileOwner, StoredFile};
use tokio::{
    fs::{self, File},
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::Instant,
};
use tracing::Instrument as _;

use super::name;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;
/// How much of a file is read to determine its type, in bytes.
const HEAD_BYTES: u64 = 8 * 1024;
/// How long an upload may take.
const PATIENCE: Patience = Patience { silence: Duration::from_secs(30), all: Duration::from_secs(10 * 60) };

/// How long an upload may take.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// A sender that has been silent for longer is considered gone.
    silence: Duration,
    /// The whole file must have arrived by then, so that a slow sender cannot hold a connection for nothing.
    all: Duration,
}

/// The path of a file's bytes.
pub fn path(app: &App, tenant: TenantId, id: FileId) -> PathBuf {
    app.settings().files.join(place(tenant, id))
}

/// The path of a file's bytes within the folder of uploads.
pub fn place(tenant: TenantId, id: FileId) -> PathBuf {
    Path::new(&tenant.uuid().as_simple().to_string()).join(id.uuid().as_simple().to_string())
}

/// Removes a file's bytes.
pub async fn remove(app: &App, tenant: TenantId, id: FileId) {
    match fs::remove_file(path(app, tenant, id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => tracing::warn!(error = %error, "a file could not be removed"),
        _ => {}
    }
}

/// By this time every upload has ended, one way or the other.
const UNFINISHED_AFTER: Duration = Duration::from_secs(60 * 60);

/// Removes the remains of uploads that were unfinished when the program was killed, or that it could not remove. Only old ones are removed, because another
/// node may be writing beside it.
pub async fn forget_unfinished(files: &Path) {
    let mut folders = vec![files.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(mut entries) = fs::read_dir(&folder).await else { continue };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let path = entry.path();
            if entry.file_type().await.is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "part") && is_old(&path).await {
                let _ = fs::remove_file(path).await;
            }
        }
    }
}

async fn is_old(path: &Path) -> bool {
    let written = fs::metadata(path).await.and_then(|file| file.modified());
    written.ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > UNFINISHED_AFTER)
}

/// Accepts a file to its end; a client that leaves in the middle leaves nothing unfinished behind.
pub async fn accept(app: &App, tenant: TenantId, owner: FileOwner, raw_name: &str, body: Body) -> Result<StoredFile, Problem> {
    // Names are read like messages.
    let short = secret_numbers::shorten(raw_name, Awaited::Nothing);
    let name = name::clean(short.as_ref().map_or(raw_name, |short| &short.text));
    let upload = Upload { app: app.clone(), tenant, owner, id: FileId::new(app.env().uuid()), name };
    // A handler is cancelled when its client hangs up; a separate task is not.
    let done = tokio::spawn(async move { upload.finish(body).await }.in_current_span());
    done.await.map_err(|error| Problem::internal(&error))?.map_err(Problem::of_this_request)
}

/// An upload in progress.
struct Upload {
    app: App,
    tenant: TenantId,
    owner: FileOwner,
    id: FileId,
    name: String,
}

impl Upload {
    async fn finish(self, body: Body) -> Result<StoredFile, Problem> {
        let Self { app, tenant, id, .. } = &self;
        let mut tx = app.db().read_of(*tenant).await?;
        let limit = store::limits::get(&mut tx, *tenant).await?.storage;
        let most = limit.unwrap_or(i64::MAX).min(app.settings().files_bytes);
        let kept = store_desk::files::bytes(&mut tx, *tenant).await?;
        drop(tx);
        let mut arrival = app.in_memory().arrivals.begin(*tenant, kept, most).ok_or_else(full)?;
        let path = path(app, *tenant, *id);
        let part = path.with_extension("part");
        let stored = match self.take_in(body, &mut arrival, &path, &part).await {
            Ok(taken) => self.note(taken, most).await,
            Err(problem) => Err(problem),
        };
        match &stored {
            Ok(file) => arrival.keep(file.size),
            Err(_) => {
                let _ = fs::remove_file(&part).await;
                let _ = fs::remove_file(&path).await;
            }
        }
        stored
    }

    /// Records the file.
    async fn note(&self, taken: Taken, most: i64) -> Result<StoredFile, Problem> {
        let Self { app, tenant, owner, id, name } = self;
        let (Taken { size, mime, dimensions }, tenant) = (taken, *tenant);
        let file = StoredFile {
            id: *id,
            owner: *owner,
            conversation: None,
            is_private: false,
            name: name.clone(),
            mime,
            size,
            dimensions,
            created_at: app.env().now(),
        };
        let row = file.clone();
        let done = Permitted::as_system(tenant).write(app, move |tx| {
            Box::pin(async move { store_desk::files::insert_within(tx, tenant, &row, most).await.map_err(Fault::if_refused(store_desk::files::FULL, full)) })
        });
        done.await.map(|()| file)
    }

    async fn take_in(&self, body: Body, arrival: &mut Arrival, path: &Path, part: &Path) -> Result<Taken, Problem> {
        let Self { app, tenant, name, .. } = self;
        durable::make_folder(folder_of(path)).await.map_err(Problem::storage)?;
        let mut size = receive(body, arrival, part, PATIENCE).await?;
        let mut head = Vec::new();
        File::open(part).await.map_err(Problem::storage)?.take(HEAD_BYTES).read_to_end(&mut head).await.map_err(Problem::storage)?;
        let (mime, dimensions) = match sniff(name, &head) {
            Sniffed::Program => return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::UploadRefused, "programs cannot be uploaded")),
            Sniffed::Image(mime) => {
                let shown;
                (size, shown) = clean(app, *tenant, mime, part).await?;
                (if shown.is_some() { mime } else { UNKNOWN }.to_owned(), shown)
            }
            Sniffed::Other { mime } => (mime, None),
        };
        durable::put(part, path, &app.settings().files).await.map_err(Problem::storage)?;
        Ok(Taken { size: i64::try_from(size).unwrap_or(i64::MAX), mime, dimensions })
    }
}

/// What the content of an upload turned out to be.
struct Taken {
    size: i64,
    mime: String,
    dimensions: Option<(i64, i64)>,
}

/// Removes everything from a picture except its pixels, durably, however many there are; returns its new size in bytes and, if it can be shown, its dimensions.
/// Only one is cleaned at a time, because that takes the memory of a picture.
async fn clean(app: &App, tenant: TenantId, mime: &'static str, part: &Path) -> Result<(u64, Option<(i64, i64)>), Problem> {
    let (strips, memory, part) = (&app.in_memory().strips, app.in_memory().strip_memory.clone(), part.to_owned());
    let done = strips.run(strips.place(tenant)?, move || clean_with(mime, &part, &memory)).await?;
    done.map_err(Problem::storage)
}

/// The buffer is kept, because memory that is allocated and freed on thread after thread would stay with each of them.
fn clean_with(mime: &str, part: &Path, memory: &Mutex<Vec<u8>>) -> std::io::Result<(u64, Option<(i64, i64)>)> {
    let mut file = memory.lock().unwrap_or_else(PoisonError::into_inner);
    read_into(&mut file, part)?;
    if !is_bare(mime, &file) {
        let mut out = BufWriter::new(std::fs::File::create(part)?);
        strip(mime, &file, &mut out)?;
        out.into_inner()?.sync_all()?;
        read_into(&mut file, part)?;
    }
    Ok((file.len() as u64, shown_size(mime, &file)))
}

fn read_into(memory: &mut Vec<u8>, part: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::open(part)?;
    memory.clear();
    memory.reserve_exact(usize::try_from(file.metadata()?.len()).unwrap_or(0));
    file.read_to_end(memory).map(drop)
}

/// Writes a body to a file, durably, and returns its size.
async fn receive(body: Body, arrival: &mut Arrival, part: &Path, patience: Patience) -> Result<u64, Problem> {
    let end = Instant::now() + patience.all;
    let said = body.size_hint().exact();
    let mut file = File::create(part).await.map_err(Problem::storage)?;
    let (mut stream, mut size) = (body.into_data_stream(), 0_u64);
    loop {
        let chunk = match tokio::time::timeout_at(end.min(Instant::now() + patience.silence), stream.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(broke_off()),
            Err(_) => return Err(too_slow(Instant::now() >= end)),
        };
        if Instant::now() >= end {
            return Err(too_slow(true));
        }
        size += chunk.len() as u64;
        if size > MAX_BYTES {
            return Err(too_large());
        }
        if !arrival.take(i64::try_from(chunk.len()).unwrap_or(i64::MAX)) {
            return Err(full());
        }
        file.write_all(&chunk).await.map_err(Problem::storage)?;
    }
    // A connection that was cut looks like the end of the body.
    if said.is_some_and(|said| said != size) {
        return Err(broke_off());
    }
    if size == 0 {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::UploadEmpty, "the file is empty"));
    }
    file.sync_all().await.map_err(Problem::storage)?;
    Ok(size)
}

/// The company already keeps as many bytes of files as it may.
fn full() -> Problem {
    Problem::conflict(store_desk::files::FULL, "the company's file storage is full; whoever runs the installation can allow more")
}

/// The file did not arrive in time, or nothing arrived for too long.
fn too_slow(all: bool) -> Problem {
    let title = if all { "the file did not arrive within 10 minutes; send it again over a faster connection" } else { "no data arrived for half a minute" };
    Problem::new(StatusCode::REQUEST_TIMEOUT, Code::BadRequest, title)
}

fn broke_off() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, Code::BadRequest, "the upload was interrupted; send the file again")
}

/// The file is larger than allowed.
pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, "a file can have at most 20 MB")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platform::arrivals::Arrivals;
    use testkit::in_time;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_memory_of_one_picture_leaves_nothing_in_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("a.part");
        let gif = |words: &[u8]| {
            let comment = if words.is_empty() { Vec::new() } else { [&[0x21, 0xfe, words.len() as u8], words, &[0]].concat() };
            [&b"GIF89a\x03\x00\x02\x00\0\0\0"[..], &comment, b"\x3b"].concat()
        };
        let memory = Mutex::default();
        for words in [&b"GPS 31.2304 N 121.4737 E"[..], b"GPS", b""] {
            std::fs::write(&part, gif(words)).unwrap();
            assert_eq!(clean_with("image/gif", &part, &memory).unwrap(), (14, Some((3, 2))));
            assert_eq!(std::fs::read(&part).unwrap(), gif(b""));
        }
        let most = memory.lock().unwrap().capacity();
        assert!(most <= 2 * gif(&[b'x'; 24]).len(), "{most}");
    }

    /// What happens to an upload that sends a byte every millisecond for ever, and to one that sends a single byte and then nothing.
    #[tokio::test]
    async fn a_file_that_drips_in_or_stands_still_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("a.part");
        let mut arrival = Arc::new(Arrivals::default()).begin(TenantId::new(Uuid::from_u128(1)), 0, i64::MAX).unwrap();
        let [short, long] = [Duration::from_millis(40), Duration::from_secs(600)];
        let drip = futures_util::stream::unfold(tokio::time::interval(Duration::from_millis(1)), |mut tick| async move {
            tick.tick().await;
            Some((Ok::<_, std::io::Error>("x"), tick))
        });
        let still = futures_util::stream::iter([Ok::<_, std::io::Error>("x")]).chain(futures_util::stream::pending());
        for (body, patience, title) in [
            (Body::from_stream(drip), Patience { silence: long, all: short }, "10 minutes"),
            (Body::from_stream(still), Patience { silence: short, all: long }, "half a minute"),
        ] {
            let refused = in_time("it is given up", receive(body, &mut arrival, &part, patience)).await.unwrap_err();
            assert_eq!((refused.status, refused.code), (408, Code::BadRequest));
            assert!(refused.title.contains(title), "{}", refused.title);
        }
    }
}
