//! How long the disk takes to make 4 KiB durable: the lower bound for every acknowledgement.

use std::{
    fs::OpenOptions,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use crate::percentile::Histogram;

const BLOCK: usize = 4096;
/// The file is overwritten in a circle, so that its size stays the same and only data has to be flushed.
const BLOCKS: u64 = 256;

/// Writes and flushes for this long in a file of its own.
pub fn probe(folder: &Path, long: Duration) -> std::io::Result<Histogram> {
    let mut file = OpenOptions::new().create_new(true).write(true).open(folder.join("fsync-probe"))?;
    let block = [0x5A_u8; BLOCK];
    for _ in 0..BLOCKS {
        file.write_all(&block)?;
    }
    file.sync_all()?;
    let mut histogram = Histogram::default();
    let begun = Instant::now();
    let mut n = 0;
    while begun.elapsed() < long {
        file.seek(SeekFrom::Start(n % BLOCKS * BLOCK as u64))?;
        n += 1;
        let before = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        histogram.record(before.elapsed());
    }
    drop(file);
    std::fs::remove_file(folder.join("fsync-probe"))?;
    Ok(histogram)
}
