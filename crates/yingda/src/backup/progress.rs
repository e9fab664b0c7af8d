//! Reports progress on stderr from time to time during long work.

use std::time::{Duration, Instant};

/// How often progress is reported.
const EVERY: Duration = Duration::from_secs(5);

/// The progress of some work.
pub struct Progress {
    what: &'static str,
    done: u64,
    total: u64,
    next: Instant,
}

impl Progress {
    /// Begins to track work on `total` bytes.
    pub fn begin(what: &'static str, total: u64) -> Self {
        Self { what, done: 0, total, next: Instant::now() + EVERY }
    }

    /// Adds `bytes` to the bytes done.
    pub fn add(&mut self, bytes: u64) {
        self.at(self.done + bytes);
    }

    /// Sets the total number of bytes done.
    pub fn at(&mut self, bytes: u64) {
        self.done = bytes;
        if Instant::now() >= self.next {
            self.next = Instant::now() + EVERY;
            eprintln!("{}: {} of {}", self.what, size(self.done), size(self.total.max(self.done)));
        }
    }
}

/// A number of bytes in human-readable form.
pub fn size(bytes: u64) -> String {
    let of = |unit: u64| bytes as f64 / unit as f64;
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} KB", of(1_000)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", of(1_000_000)),
        _ => format!("{:.1} GB", of(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!([999, 1_500, 2_000_000, 3_140_000_000].map(size), ["999 bytes", "1.5 KB", "2.0 MB", "3.1 GB"]);
    }
}
