//! Checks what a workbook unpacks to before anybody reads it: a file of some kilobytes can contain gigabytes.

use std::io::{Cursor, Read as _};

use zip::{ZipArchive, result::ZipError};

use crate::TableError;

/// The most files in a workbook.
const MAX_MEMBERS: usize = 500;
/// The most bytes in all of them together, unpacked.
const MAX_UNPACKED: usize = 32 * 1024 * 1024;
/// The most tags in all of them together: each takes memory, however short it is.
const MAX_TAGS: usize = 600_000;
/// The most attributes of one tag: they are compared with each other.
const MAX_ATTRIBUTES: usize = 256;
/// Bytes unpacked at a time.
const PIECE: usize = 64 * 1024;

/// The state of an XML reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Text,
    Opened,
    Tag,
    /// Inside a value between these quotation marks.
    Value(u8),
    /// Inside something that begins with `<!` or `<?`. For a real reader it may last longer, but never shorter.
    Other,
}

/// Counts what an XML reader would have to keep. If it errs, it counts too much.
#[derive(Debug)]
struct Tags {
    at: At,
    tags: usize,
    attributes: usize,
}

impl Tags {
    /// Counts these bytes; returns whether it is still not too much.
    fn take(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            self.at = match (self.at, byte) {
                (At::Text, b'<') => {
                    self.tags += 1;
                    self.attributes = 0;
                    At::Opened
                }
                (At::Text, _) => At::Text,
                (At::Opened, b'!' | b'?') => At::Other,
                (At::Opened | At::Tag | At::Other, b'>') => At::Text,
                (At::Opened | At::Tag, b'"' | b'\'') => At::Value(*byte),
                (At::Opened | At::Tag, _) => At::Tag,
                (At::Value(mark), _) if mark == *byte => At::Tag,
                (At::Value(mark), _) => At::Value(mark),
                (At::Other, _) => At::Other,
            };
            // Values count too, because readers differ about where one begins.
            if *byte == b'=' && matches!(self.at, At::Tag | At::Value(_)) {
                self.attributes += 1;
            }
            if self.tags > MAX_TAGS || self.attributes > MAX_ATTRIBUTES {
                return false;
            }
        }
        true
    }
}

/// Unpacks every file of a workbook without keeping any, and stops when it is too much.
pub fn check(bytes: &[u8]) -> Result<(), TableError> {
    let broken = |error: ZipError| TableError::Broken(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_MEMBERS {
        return Err(TableError::TooLargeUnpacked);
    }
    let (mut unpacked, mut tags, mut piece) = (0, 0, vec![0; PIECE]);
    for member in 0..archive.len() {
        let mut file = archive.by_index(member).map_err(broken)?;
        let mut counted = Tags { at: At::Text, tags, attributes: 0 };
        loop {
            let read = file.read(&mut piece).map_err(|error| broken(ZipError::Io(error)))?;
            if read == 0 {
                break;
            }
            unpacked += read;
            if unpacked > MAX_UNPACKED || !counted.take(piece.get(..read).unwrap_or_default()) {
                return Err(TableError::TooLargeUnpacked);
            }
        }
        tags = counted.tags;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn packed(members: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
    fn one(xml: impl Into<Vec<u8>>) -> Vec<u8> {
        packed([("xl/sharedStrings.xml".to_owned(), xml.into())])
    }

    #[test]
    fn a_workbook_that_grows_without_end_is_refused_by_what_all_of_it_unpacks_to() {
        let bomb = one(vec![b' '; MAX_UNPACKED + 1]);
        assert!(bomb.len() < 64 * 1024, "a small file");
        assert!(matches!(check(&bomb), Err(TableError::TooLargeUnpacked)));
        // Each part alone would be accepted.
        let parts = packed((0..5).map(|n| (format!("xl/worksheets/sheet{n}.xml"), vec![b' '; MAX_UNPACKED / 4])));
        assert!(matches!(check(&parts), Err(TableError::TooLargeUnpacked)));
        assert!(check(&packed((0..3).map(|n| (format!("{n}.xml"), vec![b' '; MAX_UNPACKED / 4])))).is_ok());
        assert!(matches!(check(&packed((0..=MAX_MEMBERS).map(|n| (n.to_string(), Vec::new())))), Err(TableError::TooLargeUnpacked)));
    }

    #[test]
    fn tags_and_attributes_are_counted_whatever_they_hide_behind() {
        assert!(matches!(check(&one("<si/>".repeat(MAX_TAGS + 1))), Err(TableError::TooLargeUnpacked)));
        let many = "a='' ".repeat(MAX_ATTRIBUTES + 1);
        for xml in [
            format!("<c {many}>"),
            format!("<c x=\">\" {many}>"),
            format!("<c x='\"<' {many}>"),
            format!("<c\" {many}>"),
            format!("<!-- it's --><c {many}>"),
            format!("<?x ' ?><c\n{many}/>"),
        ] {
            assert!(matches!(check(&one(xml.clone())), Err(TableError::TooLargeUnpacked)), "{xml}");
        }
        assert!(check(&one(format!("<t>{many}</t><!-- {many} -->"))).is_ok());
    }

    #[test]
    fn what_spreadsheets_write_is_no_bomb() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        for row in 0..1001 {
            for column in 0..40 {
                page.write_string(row, column, format!("cell \"{row}\" = {column} <b>")).unwrap();
            }
        }
        assert!(check(&book.save_to_buffer().unwrap()).is_ok());
        assert!(matches!(check(b"PK\x03\x04 no book"), Err(TableError::Broken(_))));
    }
}
