//! The bytes of a file as the body of an answer, piece by piece: however large it is, only one piece is in memory.

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::{fs::File, io::AsyncReadExt as _};

/// How much is read at a time, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// What is left to read of a file, as a body.
pub fn file_body(file: File) -> Body {
    Body::from_stream(stream::unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(n) => {
                chunk.truncate(n);
                Some((Ok(Bytes::from(chunk)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    }))
}
